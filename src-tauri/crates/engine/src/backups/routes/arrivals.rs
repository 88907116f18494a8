//! First run: a backup is brought back where there is no restaurant yet.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::files::{self, BackupFile};
use super::places::{self, NewBackupStore, NewBackupTarget};
use crate::app::App;
use crate::backups::arrival::{self, Arrival, Found, State as Stands};
use crate::backups::keys::PASSPHRASE_MAX;
use crate::backups::plan::Wanted;
use crate::backups::settings::{Place, Target};
use crate::backups::store::BackupFigures;
use crate::backups::unit::Unit;
use crate::backups::{Failure, elsewhere};
use crate::error::{ApiError, Refusal};
use crate::front::input::Input;
use crate::installation::routes::SetupToken;
use crate::kernel::ids::RestaurantId;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(bring_setup_file))
        .routes(routes!(prepare_setup_restore, get_setup_restore))
        .routes(routes!(confirm_setup_restore))
}

/// First run: brings a file that was written on another computer. Nothing is believed of it until it is opened.
#[utoipa::path(put, path = "/setup/restore/file", tag = "backups", operation_id = "bring_setup_file",
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses((status = 201, body = BackupFile)))]
pub async fn bring_setup_file(State(app): State<App>, _may: SetupToken, body: Body) -> Result<Response, ApiError> {
    arrival::may_arrive(&app)?;
    let kept = files::taken(&app, body, Unit::Installation).await?;
    Ok((StatusCode::CREATED, Json(BackupFile::of(&kept, false)?)).into_response())
}

/// Where a backup is brought back from, and what opens it. One of the three is given, and one of the two keys.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"folder": "/mnt/pantry/comanda", "recovery_key": "7K2M-…"}))]
pub struct NewSetupRestore {
    /// A file that was brought.
    #[garde(skip)]
    pub file_id: Option<Uuid>,
    /// An absolute path.
    #[garde(length(min = 1, max = 1024))]
    pub folder: Option<String>,
    #[garde(dive)]
    pub s3: Option<NewBackupStore>,
    #[garde(length(max = 200))]
    pub recovery_key: Option<String>,
    #[garde(length(chars, max = PASSPHRASE_MAX))]
    pub passphrase: Option<String>,
    /// Only what was asked for until this instant; null: as far as the backups go.
    #[garde(skip)]
    pub at_ms: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SetupRestoreState {
    Making,
    Ready,
    Placing,
    /// Everybody logs in with the password they had.
    Placed,
    Failed,
}

/// A restaurant that a backup holds, as it was then.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupRestoreFound {
    pub id: RestaurantId,
    pub name: String,
    pub currency: &'static str,
    pub exponent: u8,
    pub time_zone: String,
    /// The moment it is.
    pub at_ms: i64,
    /// From when to when its backups lead.
    pub from_ms: Option<i64>,
    pub to_ms: Option<i64>,
    pub figures: BackupFigures,
}

impl SetupRestoreFound {
    fn of(found: Found) -> Self {
        let Found { id, settings, figures, at_ms, reach_ms } = found;
        Self {
            id,
            name: settings.name.clone(),
            currency: settings.currency.code,
            exponent: settings.currency.exponent,
            time_zone: settings.time_zone.name().to_owned(),
            at_ms,
            from_ms: reach_ms.map(|(from, _)| from),
            to_ms: reach_ms.map(|(_, to)| to),
            figures,
        }
    }
}

/// How far bringing a backup back is.
#[derive(Debug, Serialize, ToSchema)]
pub struct SetupRestore {
    pub state: SetupRestoreState,
    /// 0 to 1000, of making it ready.
    pub done_permille: u32,
    /// Once they are known.
    pub restaurants: Vec<SetupRestoreFound>,
    /// Backups go on into the place it comes from. Not so out of a file: a place has to be chosen.
    pub keeps_place: bool,
    /// Why it failed: a sentence.
    pub failure: Option<String>,
}

impl SetupRestore {
    fn of(app: &App, arrival: &Arrival) -> Self {
        let keeps_place = arrival.source.file.is_none();
        let (mut done_permille, mut failure) = (1000, None);
        let (state, found) = match arrival.state() {
            Stands::Making { run, nth } => {
                let of_run = run.and_then(|run| app.backups.runs.find(run)).map_or(0, |run| run.done_permille);
                let units = arrival.source.units.len().max(1);
                done_permille = (u32::try_from(nth).unwrap_or(0) * 1000 + of_run) / u32::try_from(units).unwrap_or(1);
                (SetupRestoreState::Making, Vec::new())
            }
            Stands::Ready(_, found) => (SetupRestoreState::Ready, found),
            Stands::Placing(found) => (SetupRestoreState::Placing, found),
            Stands::Placed(found) => (SetupRestoreState::Placed, found),
            Stands::Failed(why) => {
                failure = Some(why);
                (SetupRestoreState::Failed, Vec::new())
            }
        };
        let restaurants = found.into_iter().map(SetupRestoreFound::of).collect();
        Self { state, done_permille, restaurants, keeps_place, failure }
    }
}

/// Where it is, which field says so, and the file it came in.
fn source(app: &App, wish: &mut NewSetupRestore) -> Result<(Target, &'static str, Option<files::Carried>), ApiError> {
    match (wish.file_id, wish.folder.take(), wish.s3.take()) {
        (Some(id), None, None) => {
            let kept = app.backups.files.find(Unit::Installation, id);
            let brought = kept.and_then(|kept| kept.brought.clone().map(|brought| (brought.target, kept)));
            let (target, kept) = brought.ok_or_else(|| Refusal::not_found("This file").at("file_id"))?;
            Ok((target, "file_id", Some(kept)))
        }
        (None, folder, s3) => {
            let field = if s3.is_some() { "s3" } else { "folder" };
            let (_, place) = places::place(NewBackupTarget { name: String::new(), folder, s3 })?;
            let name = match &place {
                Place::Folder { path } => std::path::Path::new(path).file_name().map(|name| name.to_string_lossy()),
                Place::S3(s3) => Some(s3.bucket.as_str().into()),
            };
            let name = name.map_or_else(|| "Backups".to_owned(), std::borrow::Cow::into_owned);
            Ok((Target { id: Uuid::now_v7(), name, place }, field, None))
        }
        _ => Err(Refusal::invalid("file_id", "Give a file, a folder or a store, one of the three.").into()),
    }
}

/// First run: opens a backup with its key and begins to make it ready, beside everything. Ask how far it is until it
/// stands ready. Another moment, or another place, is asked for in the same way and takes its place.
#[utoipa::path(post, path = "/setup/restore", tag = "backups", operation_id = "prepare_setup_restore",
    request_body = NewSetupRestore, responses((status = 202, body = SetupRestore)))]
pub async fn prepare_setup_restore(
    State(app): State<App>,
    _may: SetupToken,
    input: Input<NewSetupRestore>,
) -> Result<Response, ApiError> {
    arrival::may_arrive(&app)?;
    let mut wish = input.value;
    let wanted = match wish.at_ms {
        Some(at_ms) if at_ms > app.clock.now_ms() => {
            return Err(Refusal::invalid("at_ms", "This has not happened yet.").into());
        }
        Some(at_ms) => Wanted::At(at_ms),
        None => Wanted::Latest,
    };
    let (from, place, file) = source(&app, &mut wish)?;
    let blank = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let (recovery_key, passphrase) = (blank(&wish.recovery_key), blank(&wish.passphrase));
    let is_passphrase = recovery_key.is_none() && passphrase.is_some();
    let field = if is_passphrase { "passphrase" } else { "recovery_key" };
    let key = elsewhere::key_in_hand(&from, recovery_key.as_deref(), passphrase.as_deref()).await;
    let key = key.map_err(|failure| match failure {
        Failure::Target { .. } => refused(place, failure),
        other => refused(field, other),
    })?;
    let opened = arrival::open(from, key, file).await.map_err(|failure| refused(place, failure))?;
    let message = "This opens other backups, not these. Look for the one that was written down for this restaurant.";
    let source = opened.ok_or_else(|| Refusal::invalid(field, message))?;
    let begun = arrival::begin(&app, source, wanted)?;
    Ok((StatusCode::ACCEPTED, Json(SetupRestore::of(&app, &begun))).into_response())
}

/// A failure as the fault of what was written into a field.
fn refused(field: &str, failure: Failure) -> Refusal {
    // The field says already which place it is.
    let plain = if let Failure::Target { source, .. } = failure { Failure::Said(source.to_string()) } else { failure };
    Refusal::invalid(field, plain.sentence())
}

fn now(app: &App) -> Result<std::sync::Arc<Arrival>, ApiError> {
    app.backups.arrivals.now().ok_or_else(|| Refusal::not_found("This backup").into())
}

/// First run: how far bringing a backup back is, and what it holds.
#[utoipa::path(get, path = "/setup/restore", tag = "backups", operation_id = "get_setup_restore",
    responses((status = 200, body = SetupRestore)))]
pub async fn get_setup_restore(State(app): State<App>, _may: SetupToken) -> Result<Json<SetupRestore>, ApiError> {
    Ok(Json(SetupRestore::of(&app, &*now(&app)?)))
}

/// First run: what stands ready becomes this installation, with who works there. They log in as they did.
#[utoipa::path(post, path = "/setup/restore/confirm", tag = "backups", operation_id = "confirm_setup_restore",
    responses((status = 202, body = SetupRestore)))]
pub async fn confirm_setup_restore(State(app): State<App>, _may: SetupToken) -> Result<Response, ApiError> {
    arrival::may_arrive(&app)?;
    let arrival = now(&app)?;
    arrival::place(&app, &arrival)?;
    Ok((StatusCode::ACCEPTED, Json(SetupRestore::of(&app, &arrival))).into_response())
}
