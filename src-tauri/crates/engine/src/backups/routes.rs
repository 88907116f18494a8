//! `/restaurants/{rid}/backups`: how safe the restaurant is, backing up, testing, cleaning up. Targets, schedule,
//! retention and keys are in `routes::places`, putting back in `routes::restores`, what is carried by hand in
//! `routes::files`, what is kept beside in `routes::copies`, one collection in `routes::collections`, bringing
//! everything back on a new computer in `routes::arrivals`, a restaurant whose file cannot be opened in
//! `routes::rescue`.

mod arrivals;
mod collections;
mod copies;
mod files;
mod places;
mod rescue;
mod restores;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::manifest::Kind;
use super::runs::{Run, What};
use super::unit::Unit;
use super::view::{self, BackupsGoing, BackupsOverview};
use super::{Failure, prune, restore, settings, ship, verify};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Path};
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_backups, start_backup))
        .routes(routes!(get_backup_run, stop_backup_run))
        .routes(routes!(verify_backup))
        .routes(routes!(preview_backup_cleanup))
        .routes(routes!(clean_up_backups))
        .merge(arrivals::routes())
        .merge(places::routes())
        .merge(files::routes())
        .merge(copies::routes())
        .merge(collections::routes())
        .merge(restores::routes())
        .merge(rescue::routes())
}

fn unit(place: &Place) -> Unit {
    Unit::Restaurant(place.restaurant.id)
}

/// A target of the settings; the first one if none is named.
fn target(place: &Place, id: Option<Uuid>) -> Result<settings::Target, ApiError> {
    let mut targets = place.app.backups.settings().targets.into_iter();
    let found = match id {
        Some(id) => targets.find(|target| target.id == id),
        None => targets.next(),
    };
    found.ok_or_else(|| match id {
        Some(_) => Refusal::not_found("This place for backups").at("target_id").into(),
        None => Refusal::conflict("There is no place for backups yet. Add one first.").into(),
    })
}

/// How safe the restaurant is, what lies where, and what was done.
#[utoipa::path(get, path = "/restaurants/{rid}/backups", tag = "backups", operation_id = "get_backups",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = BackupsOverview)),
    extensions(("x-permission" = json!("backups.read"))))]
pub async fn get_backups(here: Here<needs::BackupsRead>) -> Result<Json<BackupsOverview>, ApiError> {
    let place = here.0.clone();
    let overview = tokio::task::spawn_blocking(move || view::overview(&place.app, &place.restaurant));
    Ok(Json(overview.await.map_err(ApiError::internal)??))
}

/// Backs up now, into every target, and tests what was made. Ask for the run until it has ended.
#[utoipa::path(post, path = "/restaurants/{rid}/backups", tag = "backups", operation_id = "start_backup",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 202, body = Run)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn start_backup(here: Here<needs::BackupsWrite>) -> Result<Response, ApiError> {
    target(&here, None)?;
    let (app, unit) = (here.app.clone(), unit(&here));
    let run = app.backups.runs.begin(What::Backup, &unit.name(), app.clock.now_ms());
    let id = run.id;
    drop(tokio::spawn(async move {
        let targets = app.backups.settings().targets;
        // What goes wrong is kept with the run.
        drop(restore::back_up(&app, unit, &targets, Kind::Manual, Some(run)).await);
    }));
    accepted(&here, id)
}

fn accepted(place: &Place, id: Uuid) -> Result<Response, ApiError> {
    Ok((StatusCode::ACCEPTED, Json(found(place, id)?)).into_response())
}

fn found(place: &Place, id: Uuid) -> Result<Run, ApiError> {
    let run = place.app.backups.runs.find(id).filter(|run| run.unit == unit(place).name());
    run.ok_or_else(|| Refusal::not_found("This run").into())
}

#[derive(Deserialize)]
pub struct RunPath {
    run_id: Uuid,
}

/// How far a run is.
#[utoipa::path(get, path = "/restaurants/{rid}/backups/runs/{run_id}", tag = "backups",
    operation_id = "get_backup_run",
    params(("rid" = uuid::Uuid, Path), ("run_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Run)),
    extensions(("x-permission" = json!("backups.read"))))]
pub async fn get_backup_run(here: Here<needs::BackupsRead>, Path(path): Path<RunPath>) -> Result<Json<Run>, ApiError> {
    Ok(Json(found(&here, path.run_id)?))
}

/// Asks a run to stop. What it had begun to put somewhere does not count.
#[utoipa::path(delete, path = "/restaurants/{rid}/backups/runs/{run_id}", tag = "backups",
    operation_id = "stop_backup_run",
    params(("rid" = uuid::Uuid, Path), ("run_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn stop_backup_run(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<RunPath>,
) -> Result<StatusCode, ApiError> {
    if here.app.backups.runs.stop(&unit(&here).name(), path.run_id) {
        return Ok(StatusCode::NO_CONTENT);
    }
    found(&here, path.run_id)?;
    Err(Refusal::conflict("This run has ended.").into())
}

/// Which base is tested.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBackupTest {
    #[garde(skip)]
    pub base_id: Uuid,
    /// The first one if none is named.
    #[garde(skip)]
    pub target_id: Option<Uuid>,
}

/// Restores a base into a file of its own, checks it and keeps what that says.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/tests", tag = "backups", operation_id = "verify_backup",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewBackupTest, responses((status = 202, body = BackupsOverview)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn verify_backup(here: Here<needs::BackupsWrite>, input: Input<NewBackupTest>) -> Result<Response, ApiError> {
    let (app, unit, target) = (here.app.clone(), unit(&here), target(&here, input.value.target_id)?);
    let (_, shelf) = ship::reached(&app, unit, &target).await?;
    let id = input.value.base_id;
    if shelf.base(id).is_none() {
        return Err(Refusal::not_found("This backup").at("base_id").into());
    }
    drop(tokio::spawn(async move { verify::verify(&app, unit, &target, id).await.map(drop) }));
    Ok((StatusCode::ACCEPTED, get_backups_now(&here)?).into_response())
}

fn get_backups_now(place: &Place) -> Result<Json<BackupsOverview>, ApiError> {
    Ok(Json(view::overview(&place.app, &place.restaurant)?))
}

/// What a clean-up with this rule would let go of.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/cleanup/preview", tag = "backups",
    operation_id = "preview_backup_cleanup",
    params(("rid" = uuid::Uuid, Path)),
    request_body = places::BackupRule, responses((status = 200, body = BackupsGoing)),
    extensions(("x-permission" = json!("backups.read"))))]
pub async fn preview_backup_cleanup(
    here: Here<needs::BackupsRead>,
    input: Input<places::BackupRule>,
) -> Result<Json<BackupsGoing>, ApiError> {
    let mut all = BackupsGoing::default();
    for target in here.app.backups.settings().targets {
        if let Some(shelf) = here.app.backups.shelves.place(unit(&here), target.id).shelf {
            all.add(prune::preview(&here.app, unit(&here), &shelf, input.value.retention));
        }
    }
    Ok(Json(all))
}

/// What was shown to go.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupCleanUp {
    /// Others are not let go of; null: what goes by the rule as it is now.
    #[serde(default)]
    #[garde(length(max = 10_000))]
    pub bases: Option<Vec<Uuid>>,
}

/// Lets go of what the retention no longer keeps.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/cleanup", tag = "backups", operation_id = "clean_up_backups",
    params(("rid" = uuid::Uuid, Path)),
    request_body = BackupCleanUp, responses((status = 200, body = BackupsGoing)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn clean_up_backups(
    here: Here<needs::BackupsWrite>,
    input: Input<BackupCleanUp>,
) -> Result<Json<BackupsGoing>, ApiError> {
    target(&here, None)?;
    let (app, unit) = (here.app.clone(), unit(&here));
    // It goes on when nobody waits any more.
    // It may have to wait: what goes is what goes now.
    let shown = input.value.bases.unwrap_or_else(|| prune::shown(&app, unit));
    let cleaning = tokio::spawn(async move { prune::prune(&app, unit, Some(&shown)).await });
    let gone = cleaning.await.map_err(Failure::from)??;
    let mut all = BackupsGoing::default();
    all.add(gone);
    Ok(Json(all))
}
