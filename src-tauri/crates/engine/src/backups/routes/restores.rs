//! Putting back: a moment is made ready, looked at, and takes the place of the present.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{accepted, files, target, unit};
use crate::app::App;
use crate::backups::keys::PASSPHRASE_MAX;
use crate::backups::plan::{self, Wanted};
use crate::backups::restore::{self, Prepared, Source, State};
use crate::backups::runs::{Run, What};
use crate::backups::store::BackupFigures;
use crate::backups::{Failure, swap};
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Path};
use crate::kernel::ids::RewindId;
use crate::rewind::views;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(prepare_restore))
        .routes(routes!(get_restore, forget_restore))
        .routes(routes!(look_at_restore))
        .routes(routes!(confirm_restore))
        .routes(routes!(roll_back_restore))
}

/// Which moment. One of the two is given; neither: as far as the backups go.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"at_ms": 1_781_283_600_000_i64}))]
pub struct NewRestore {
    /// What was asked for until this instant.
    #[garde(skip)]
    pub at_ms: Option<i64>,
    /// A base as it is.
    #[garde(skip)]
    pub base_id: Option<Uuid>,
    /// The one that reaches it if none is named.
    #[garde(skip)]
    pub target_id: Option<Uuid>,
    /// Out of a file that was brought, instead of a place.
    #[garde(skip)]
    pub file_id: Option<Uuid>,
    /// What opens that file, where this computer has not its key. One of the two is enough.
    #[garde(length(max = 200))]
    pub recovery_key: Option<String>,
    #[garde(length(chars, max = PASSPHRASE_MAX))]
    pub passphrase: Option<String>,
}

/// The place that reaches furthest of those that can meet a wish; of several, the first.
fn furthest(here: &Place, wanted: Wanted) -> Option<Uuid> {
    let targets = here.app.backups.settings().targets.into_iter().rev();
    let reaching = targets.filter_map(|target| {
        let shelf = here.app.backups.shelves.place(unit(here), target.id).shelf?;
        Some((plan::reaches(&shelf, wanted)?, target.id))
    });
    reaching.max_by_key(|(reached, _)| *reached).map(|(_, id)| id)
}

/// Where a moment is brought back from.
async fn source(here: &Place, wish: NewRestore, wanted: Wanted) -> Result<Source, ApiError> {
    let Some(id) = wish.file_id else {
        let known = wish.target_id.or_else(|| furthest(here, wanted));
        return Ok(Source::Target(target(here, known)?));
    };
    let (kept, app) = (files::kept(here, id)?, here.app.clone());
    let field = if wish.passphrase.is_some() { "passphrase" } else { "recovery_key" };
    let opening = tokio::task::spawn_blocking(move || {
        let key = kept.key(&app, wish.recovery_key.as_deref(), wish.passphrase.as_deref())?;
        Ok::<_, Failure>((kept, key))
    });
    let (kept, key) = opening.await.map_err(Failure::from)??;
    let Some(key) = key else { return Err(Refusal::invalid(field, "This does not open the file.").into()) };
    let Some(brought) = &kept.brought else { return Err(Refusal::not_found("This file").at("file_id").into()) };
    let file = Box::new((brought.target.clone(), key));
    Ok(Source::File(kept, file))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RestoreState {
    Making,
    Ready,
    Placing,
    Placed,
    Failed,
}

/// A moment that is made ready, or stands ready, or is the present now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Restore {
    pub id: Uuid,
    pub state: RestoreState,
    pub run: Option<Run>,
    pub target_id: Uuid,
    pub base_id: Option<Uuid>,
    pub at_ms: Option<i64>,
    pub then: Option<BackupFigures>,
    /// Null: the present cannot be read.
    pub now: Option<BackupFigures>,
    /// How long bringing it back and checking it took.
    pub took_ms: Option<u64>,
    /// Why it could not be made or placed: a sentence.
    pub failure: Option<String>,
    /// Where the present before it was set aside.
    pub set_aside: Option<String>,
}

impl Restore {
    pub fn of(app: &App, prepared: &Prepared) -> Self {
        let mut shown = Self {
            id: prepared.id,
            state: RestoreState::Making,
            run: app.backups.runs.find(prepared.run),
            target_id: prepared.target,
            base_id: None,
            at_ms: None,
            then: None,
            now: None,
            took_ms: None,
            failure: None,
            set_aside: None,
        };
        match prepared.state() {
            State::Making => {}
            State::Failed(why) => (shown.state, shown.failure) = (RestoreState::Failed, Some(why)),
            State::Placed { safety, .. } => {
                shown.state = RestoreState::Placed;
                shown.set_aside = safety.map(|safety| safety.name);
            }
            ref state @ (State::Ready(ref ready) | State::Placing(ref ready)) => {
                let is_ready = matches!(state, State::Ready(_));
                shown.state = if is_ready { RestoreState::Ready } else { RestoreState::Placing };
                (shown.base_id, shown.at_ms) = (Some(ready.base), Some(ready.at_ms));
                (shown.then, shown.now) = (Some(ready.then.clone()), ready.now.clone());
                shown.took_ms = Some(ready.took_ms);
            }
        }
        shown
    }
}

/// A restaurant is put back where its sequencer is; a desk that is linked to it follows.
fn is_its_own(place: &Place) -> Result<(), ApiError> {
    if place.itself().is_linked {
        let message = "This desk is linked to another. Put the restaurant back there; this desk follows by itself.";
        return Err(Refusal::rule(message).into());
    }
    Ok(())
}

/// Makes a moment ready: brings it back into a file of its own and checks it. Nothing else is touched.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/restores", tag = "backups", operation_id = "prepare_restore",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewRestore, responses((status = 202, body = Restore)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn prepare_restore(here: Here<needs::BackupsWrite>, input: Input<NewRestore>) -> Result<Response, ApiError> {
    is_its_own(&here)?;
    let wanted = match (input.value.at_ms, input.value.base_id) {
        (Some(at_ms), _) if at_ms > here.app.clock.now_ms() => {
            return Err(Refusal::invalid("at_ms", "This has not happened yet.").into());
        }
        (Some(at_ms), None) => Wanted::At(at_ms),
        (None, Some(id)) => Wanted::Base(id),
        (None, None) => Wanted::Latest,
        _ => return Err(Refusal::invalid("at_ms", "Give a moment or a backup, one of the two.").into()),
    };
    let source = source(&here, input.value, wanted).await?;
    let prepared = restore::prepare(&here.app, here.restaurant.id, &source, wanted)?;
    Ok((StatusCode::ACCEPTED, Json(Restore::of(&here.app, &prepared))).into_response())
}

#[derive(Deserialize)]
pub struct RestorePath {
    pub restore_id: Uuid,
}

pub fn prepared(place: &Place, id: Uuid) -> Result<std::sync::Arc<Prepared>, ApiError> {
    let found = place.app.backups.restores.find(place.restaurant.id, id);
    found.ok_or_else(|| Refusal::not_found("This restore").into())
}

/// How far it is, and what was there then.
#[utoipa::path(get, path = "/restaurants/{rid}/backups/restores/{restore_id}", tag = "backups",
    operation_id = "get_restore",
    params(("rid" = uuid::Uuid, Path), ("restore_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Restore)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn get_restore(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<RestorePath>,
) -> Result<Json<Restore>, ApiError> {
    Ok(Json(Restore::of(&here.app, &*prepared(&here, path.restore_id)?)))
}

/// Lets it go: stops making it, or removes what was made.
#[utoipa::path(delete, path = "/restaurants/{rid}/backups/restores/{restore_id}", tag = "backups",
    operation_id = "forget_restore",
    params(("rid" = uuid::Uuid, Path), ("restore_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn forget_restore(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<RestorePath>,
) -> Result<StatusCode, ApiError> {
    let known = prepared(&here, path.restore_id)?;
    if matches!(known.state(), State::Placing(_)) {
        return Err(Refusal::conflict("It is taking the place of the present.").into());
    }
    here.app.backups.runs.stop(&unit(&here).name(), known.run);
    here.app.backups.restores.forget(known.id);
    Ok(StatusCode::NO_CONTENT)
}

/// Where to look around.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestoreView {
    /// Goes into the header `X-Rewind` of a reading to have it answered from this moment.
    pub view_id: RewindId,
    pub at_ms: i64,
}

/// Opens it for reading, as Rewind does with a moment: every page then shows how things stood.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/restores/{restore_id}/look", tag = "backups",
    operation_id = "look_at_restore",
    params(("rid" = uuid::Uuid, Path), ("restore_id" = uuid::Uuid, Path)),
    responses((status = 201, body = RestoreView)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn look_at_restore(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<RestorePath>,
) -> Result<Response, ApiError> {
    let known = prepared(&here, path.restore_id)?;
    let State::Ready(ready) = known.state() else {
        return Err(Refusal::conflict("This moment does not stand ready.").into());
    };
    let (app, by, id) = (here.app.clone(), here.caller.account_id, here.restaurant.id);
    let shown =
        tokio::task::spawn_blocking(move || views::show(&app, id, &known.file(), (ready.then.entry, ready.at_ms), by));
    let view = shown.await.map_err(ApiError::internal)??;
    Ok((StatusCode::CREATED, Json(RestoreView { view_id: view.id, at_ms: view.at_ms })).into_response())
}

/// The restaurant's name, typed: nobody puts a restaurant back by mistake.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Trattoria da Lucia"}))]
pub struct RestoreConfirmation {
    #[garde(length(chars, max = 200))]
    pub name: String,
}

/// What stands ready takes the place of the present, which is backed up and set aside first.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/restores/{restore_id}/confirm", tag = "backups",
    operation_id = "confirm_restore",
    params(("rid" = uuid::Uuid, Path), ("restore_id" = uuid::Uuid, Path)),
    request_body = RestoreConfirmation, responses((status = 202, body = Restore)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn confirm_restore(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<RestorePath>,
    input: Input<RestoreConfirmation>,
) -> Result<Response, ApiError> {
    is_its_own(&here)?;
    let known = prepared(&here, path.restore_id)?;
    if input.value.name.trim() != here.settings()?.name {
        return Err(Refusal::invalid("name", "This is not the restaurant's name.").into());
    }
    restore::place(&here.app, &known, here.caller.account_id)?;
    Ok((StatusCode::ACCEPTED, Json(Restore::of(&here.app, &known))).into_response())
}

/// What was set aside, by its name.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RollBack {
    #[garde(length(max = 200))]
    pub set_aside: String,
}

/// Takes a restore back: what was set aside is the present again.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/roll-back", tag = "backups",
    operation_id = "roll_back_restore",
    params(("rid" = uuid::Uuid, Path)),
    request_body = RollBack, responses((status = 202, body = Run)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn roll_back_restore(here: Here<needs::BackupsWrite>, input: Input<RollBack>) -> Result<Response, ApiError> {
    is_its_own(&here)?;
    let (app, id, by) = (here.app.clone(), here.restaurant.id, here.caller.account_id);
    let name = input.value.set_aside;
    if !swap::safeties(&app, id).map_err(Failure::from)?.iter().any(|safety| safety.name == name) {
        return Err(Refusal::not_found("What was set aside").at("set_aside").into());
    }
    let run = app.backups.runs.begin(What::Restore, &unit(&here).name(), app.clock.now_ms());
    let run_id = run.id;
    drop(tokio::spawn(async move { restore::roll_back(&app, id, &name, by, run).await }));
    accepted(&here, run_id)
}
