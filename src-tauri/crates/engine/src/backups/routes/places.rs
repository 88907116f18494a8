//! Where backups go, when, how long they stay, and the key they are shut with. Of the whole installation.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::get_backups_now;
use crate::app::App;
use crate::backups::keys::{self, PASSPHRASE_MAX, PASSPHRASE_MIN};
use crate::backups::retention::Retention;
use crate::backups::settings::{self, Nightly, Place, S3, TARGETS_MAX};
use crate::backups::target::Target;
use crate::backups::view::BackupsOverview;
use crate::backups::{Failure, segment};
use crate::error::{ApiError, Refusal};
use crate::front::here::Here;
use crate::front::input::{Input, Path};
use crate::kernel::text;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(add_backup_target))
        .routes(routes!(remove_backup_target))
        .routes(routes!(set_backup_rule))
        .routes(routes!(show_backup_key))
        .routes(routes!(confirm_backup_key))
        .routes(routes!(set_backup_passphrase))
}

/// How long backups stay, and when they are made.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"retention": {"rule": "tiers", "daily": 7, "weekly": 4, "monthly": 12}}))]
pub struct BackupRule {
    #[garde(custom(sane))]
    pub retention: Retention,
    /// Null: as it is.
    #[garde(dive)]
    pub nightly: Option<Nightly>,
}

fn sane(retention: &Retention, (): &()) -> garde::Result {
    let fine = match *retention {
        Retention::Tiers { daily, weekly, monthly } => (1..=366).contains(&daily) && weekly <= 520 && monthly <= 240,
        Retention::Days { days } => (1..=3660).contains(&days),
    };
    if fine { Ok(()) } else { Err(garde::Error::new("keeps at least one day, at most ten years")) }
}

/// Changes how long backups stay and when they are made.
#[utoipa::path(put, path = "/restaurants/{rid}/backups/rule", tag = "backups", operation_id = "set_backup_rule",
    params(("rid" = uuid::Uuid, Path)),
    request_body = BackupRule, responses((status = 200, body = BackupsOverview)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn set_backup_rule(
    here: Here<needs::BackupsWrite>,
    input: Input<BackupRule>,
) -> Result<Json<BackupsOverview>, ApiError> {
    here.app.backups.change(|settings| {
        settings.retention = input.value.retention;
        settings.nightly = input.value.nightly.unwrap_or(settings.nightly);
        Ok(())
    })?;
    get_backups_now(&here)
}

/// A place for backups: a folder, or a store that speaks S3.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Pantry NAS", "folder": "/mnt/pantry/comanda"}))]
pub struct NewBackupTarget {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(max_length = 120)]
    pub name: String,
    /// An absolute path. One of the two is given.
    #[garde(length(min = 1, max = 1024))]
    pub folder: Option<String>,
    #[garde(dive)]
    pub s3: Option<NewBackupStore>,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBackupStore {
    /// Like `https://s3.example.com`; null: Amazon's.
    #[garde(length(min = 1, max = 1024), custom(web))]
    pub endpoint: Option<String>,
    #[garde(length(min = 1, max = 64))]
    #[schema(example = "eu-south-1")]
    pub region: String,
    #[garde(length(min = 1, max = 255))]
    pub bucket: String,
    #[garde(length(max = 512))]
    pub prefix: Option<String>,
    #[garde(length(min = 1, max = 256))]
    pub access_key: String,
    #[garde(length(min = 1, max = 256))]
    pub secret_key: String,
}

fn web(endpoint: &Option<String>, (): &()) -> garde::Result {
    let Some(endpoint) = endpoint else { return Ok(()) };
    let host = endpoint.strip_prefix("https://").or_else(|| endpoint.strip_prefix("http://"));
    let good = host.is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace));
    if good { Ok(()) } else { Err(garde::Error::new("begins with https:// or http://")) }
}

pub fn place(new: NewBackupTarget) -> Result<(String, Place), Refusal> {
    let place = match (new.folder, new.s3) {
        (Some(path), None) if std::path::Path::new(&path).is_absolute() => Place::Folder { path },
        (Some(_), None) => return Err(Refusal::invalid("folder", "A folder is an absolute path, like /mnt/backups.")),
        (None, Some(s3)) => Place::S3(S3 {
            endpoint: s3.endpoint,
            region: s3.region,
            bucket: s3.bucket,
            prefix: s3.prefix.unwrap_or_default().trim_matches('/').to_owned(),
            access_key: s3.access_key,
            secret_key: s3.secret_key,
        }),
        _ => return Err(Refusal::invalid("folder", "Give a folder or a store, one of the two.")),
    };
    Ok((new.name, place))
}

/// Adds a place, after it was reached. Its first backup is made at once.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/targets", tag = "backups", operation_id = "add_backup_target",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewBackupTarget, responses((status = 201, body = BackupsOverview)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn add_backup_target(
    here: Here<needs::BackupsWrite>,
    input: Input<NewBackupTarget>,
) -> Result<Response, ApiError> {
    let (name, place) = place(input.value)?;
    let field = if matches!(place, Place::Folder { .. }) { "folder" } else { "s3" };
    let new = settings::Target { id: Uuid::now_v7(), name, place };
    let known = here.app.backups.settings();
    if known.targets.len() >= TARGETS_MAX {
        return Err(Refusal::conflict(format!("There are {TARGETS_MAX} places already. Remove one first.")).into());
    }
    if known.targets.iter().any(|target| target.place == new.place) {
        return Err(Refusal::conflict("Backups go to this place already.").at(field).into());
    }
    if Target::is_inside(&new, &here.app.data_dir) {
        let message = "This folder is inside the data itself: what befalls the one befalls the other.";
        return Err(Refusal::invalid(field, message).into());
    }
    let made = Target::make(&new).await;
    let target = made.map_err(|error| Refusal::invalid(field, format!("It cannot be used: {error}.")))?;
    if let Some(wrapped) = &known.wrapped {
        put_wrapped(&target, wrapped).await?;
    }
    here.app.backups.key().map_err(Failure::from)?;
    here.app.backups.change(|settings| {
        settings.targets.push(new);
        Ok(())
    })?;
    Ok((StatusCode::CREATED, get_backups_now(&here)?).into_response())
}

#[derive(Deserialize)]
pub struct TargetPath {
    target_id: Uuid,
}

/// Backs up to this place no more. What lies there stays there.
#[utoipa::path(delete, path = "/restaurants/{rid}/backups/targets/{target_id}", tag = "backups",
    operation_id = "remove_backup_target",
    params(("rid" = uuid::Uuid, Path), ("target_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn remove_backup_target(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<TargetPath>,
) -> Result<StatusCode, ApiError> {
    let id = path.target_id;
    here.app.backups.change(|settings| {
        let before = settings.targets.len();
        settings.targets.retain(|target| target.id != id);
        if settings.targets.len() == before { Err(Refusal::not_found("This place").into()) } else { Ok(()) }
    })?;
    here.app.backups.shelves.forget_target(id);
    Ok(StatusCode::NO_CONTENT)
}

/// The recovery key.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupRecoveryKey {
    /// Null: somebody has it written down, and typed its end back.
    pub recovery_key: Option<String>,
}

/// Shows the recovery key, which opens every backup on any computer, until somebody has it written down
/// (`confirm_backup_key`).
#[utoipa::path(post, path = "/restaurants/{rid}/backups/key", tag = "backups", operation_id = "show_backup_key",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = BackupRecoveryKey)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn show_backup_key(here: Here<needs::BackupsWrite>) -> Result<Json<BackupRecoveryKey>, ApiError> {
    Ok(Json(BackupRecoveryKey { recovery_key: here.app.backups.recovery_key()? }))
}

/// What somebody reads from where they wrote it down.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"last_groups": "7K2M-Q9XA"}))]
pub struct BackupKeyProof {
    /// Its last two groups, or all of it.
    #[garde(length(max = 200))]
    pub last_groups: String,
}

/// The recovery key is written down: it is shown no more.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/key/confirm", tag = "backups",
    operation_id = "confirm_backup_key",
    params(("rid" = uuid::Uuid, Path)),
    request_body = BackupKeyProof, responses((status = 200, body = BackupsOverview)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn confirm_backup_key(
    here: Here<needs::BackupsWrite>,
    input: Input<BackupKeyProof>,
) -> Result<Json<BackupsOverview>, ApiError> {
    if !here.app.backups.confirm_recovery_key(&input.value.last_groups)? {
        let message = "These are not its last two groups. Read them once more from the paper.";
        return Err(Refusal::invalid("last_groups", message).into());
    }
    get_backups_now(&here)
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBackupPassphrase {
    #[garde(length(chars, min = PASSPHRASE_MIN, max = PASSPHRASE_MAX))]
    #[schema(min_length = 12, max_length = 256)]
    pub passphrase: String,
}

/// Sets a passphrase that opens the backups too, on any computer.
#[utoipa::path(put, path = "/restaurants/{rid}/backups/key/passphrase", tag = "backups",
    operation_id = "set_backup_passphrase",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewBackupPassphrase, responses((status = 200, body = BackupsOverview)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn set_backup_passphrase(
    here: Here<needs::BackupsWrite>,
    input: Input<NewBackupPassphrase>,
) -> Result<Json<BackupsOverview>, ApiError> {
    let key = here.app.backups.key().map_err(Failure::from)?;
    let passphrase = input.value.passphrase;
    let wrapped = tokio::task::spawn_blocking(move || keys::wrap(&key, &passphrase));
    let wrapped = wrapped.await.map_err(ApiError::internal)?.map_err(Failure::from)?;
    for target in &here.app.backups.settings().targets {
        let reached = Target::reach(target).await;
        let reached = reached.map_err(|source| Failure::Target { target: target.name.clone(), source })?;
        put_wrapped(&reached, &wrapped).await?;
    }
    here.app.backups.change(|settings| {
        settings.wrapped = Some(wrapped);
        Ok(())
    })?;
    here.app.backups.key_changed.notify_one();
    get_backups_now(&here)
}

async fn put_wrapped(target: &Target, wrapped: &keys::Wrapped) -> Result<(), ApiError> {
    let bytes = serde_json::to_vec_pretty(wrapped).map_err(ApiError::internal)?;
    let put = target.put(segment::WRAPPED_KEY, bytes).await;
    Ok(put.map_err(|source| Failure::Target { target: target.name.clone(), source })?)
}
