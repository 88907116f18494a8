//! A restaurant whose file cannot be opened is brought back out of its backups.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::restores::Restore;
use crate::app::App;
use crate::backups::restore::{self, Prepared, State as Stands};
use crate::backups::{Failure, rescue};
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::{Caller, LoggedIn};
use crate::front::input::Path;
use crate::installation::files::Trouble;
use crate::kernel::ids::RestaurantId;
use crate::staff::model::Permission;
use crate::sync;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(rescue_restaurant, get_rescue)).routes(routes!(confirm_rescue))
}

#[derive(Deserialize)]
pub struct UnreadablePath {
    pub rid: RestaurantId,
}

/// A restaurant whose file another one may take the place of, and somebody with a password of this installation.
fn closed(app: &App, caller: &Caller, id: RestaurantId) -> Result<(), ApiError> {
    let unreadable = app.unreadable.all().into_iter().find(|(known, _)| *known == id);
    let (_, trouble) = unreadable.ok_or_else(|| Refusal::not_found("A restaurant that cannot be opened"))?;
    if caller.device {
        return Err(forbidden());
    }
    // Such a file is whole.
    if matches!(trouble, Trouble::Newer | Trouble::Uncopied) {
        return Err(Refusal::rule(trouble.sentence()).into());
    }
    if app.installation.read(|conn| sync::store::link(conn, id))?.is_some() {
        let message = "This desk is linked to another, which has everything. Start Comanda here with an empty folder and link it again.";
        return Err(Refusal::rule(message).into());
    }
    Ok(())
}

fn forbidden() -> ApiError {
    let message = "Only who may restore backups of this restaurant can put it back. Ask its owner to sign in here.";
    Refusal::new(Code::Forbidden, message).into()
}

/// What was fetched knows who may see it and put it back.
async fn may_restore(fetched: &std::sync::Arc<Prepared>, caller: &Caller) -> Result<(), ApiError> {
    if !matches!(fetched.state(), Stands::Ready(_) | Stands::Placing(_)) {
        return Ok(());
    }
    let (fetched, account) = (fetched.clone(), caller.account_id);
    let role = tokio::task::spawn_blocking(move || rescue::role_in(&fetched, account));
    match role.await.map_err(Failure::from)?? {
        Some(role) if role.may(Permission::BackupsWrite) => Ok(()),
        _ => Err(forbidden()),
    }
}

/// Fetches the newest there is in the places for backups, and checks it. Nothing is changed.
#[utoipa::path(post, path = "/unreadable/{rid}/restore", tag = "backups", operation_id = "rescue_restaurant",
    params(("rid" = uuid::Uuid, Path)), responses((status = 202, body = Restore)))]
pub async fn rescue_restaurant(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    Path(path): Path<UnreadablePath>,
) -> Result<Response, ApiError> {
    closed(&app, &caller, path.rid)?;
    let fetched = rescue::begin(&app, path.rid).await?;
    may_restore(&fetched, &caller).await?;
    Ok((StatusCode::ACCEPTED, Json(Restore::of(&app, &fetched))).into_response())
}

/// How far it is, and what was there then.
#[utoipa::path(get, path = "/unreadable/{rid}/restore", tag = "backups", operation_id = "get_rescue",
    params(("rid" = uuid::Uuid, Path)), responses((status = 200, body = Restore)))]
pub async fn get_rescue(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    Path(path): Path<UnreadablePath>,
) -> Result<Json<Restore>, ApiError> {
    closed(&app, &caller, path.rid)?;
    let fetched = rescue::current(&app, path.rid).ok_or_else(|| Refusal::not_found("This restore"))?;
    may_restore(&fetched, &caller).await?;
    Ok(Json(Restore::of(&app, &fetched)))
}

/// What was fetched takes the place of the file that cannot be opened, which is set aside as it is.
#[utoipa::path(post, path = "/unreadable/{rid}/restore/confirm", tag = "backups", operation_id = "confirm_rescue",
    params(("rid" = uuid::Uuid, Path)), responses((status = 202, body = Restore)))]
pub async fn confirm_rescue(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    Path(path): Path<UnreadablePath>,
) -> Result<Response, ApiError> {
    closed(&app, &caller, path.rid)?;
    let fetched = rescue::current(&app, path.rid).ok_or_else(|| Refusal::not_found("This restore"))?;
    may_restore(&fetched, &caller).await?;
    restore::place(&app, &fetched, caller.account_id)?;
    Ok((StatusCode::ACCEPTED, Json(Restore::of(&app, &fetched))).into_response())
}
