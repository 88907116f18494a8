//! Copies with a name, beside the present: made from a moment that stands ready, looked at, let go.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::restores::{RestoreView, prepared};
use crate::app::App;
use crate::backups::Failure;
use crate::backups::copies::{self, NamedCopy};
use crate::error::{ApiError, Refusal};
use crate::front::here::Here;
use crate::front::input::{Input, Path};
use crate::kernel::text;
use crate::rewind::views;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(keep_backup_copy))
        .routes(routes!(let_go_backup_copy))
        .routes(routes!(look_at_backup_copy))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"restore_id": "01975f3e-5b66-7a3c-9c1e-3f0d1b2a4c5d", "name": "Before the new menu"}))]
pub struct NewBackupCopy {
    /// A moment that stands ready.
    #[garde(skip)]
    pub restore_id: Uuid,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(max_length = 120)]
    pub name: String,
}

/// Keeps a moment that stands ready as a copy beside the present.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/copies", tag = "backups", operation_id = "keep_backup_copy",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewBackupCopy, responses((status = 201, body = NamedCopy)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn keep_backup_copy(
    here: Here<needs::BackupsWrite>,
    input: Input<NewBackupCopy>,
) -> Result<Response, ApiError> {
    let known = prepared(&here, input.value.restore_id)?;
    let (app, name) = (here.app.clone(), input.value.name);
    let kept = tokio::task::spawn_blocking(move || copies::keep(&app, &known, name));
    let copy = kept.await.map_err(ApiError::internal)??;
    Ok((StatusCode::CREATED, Json(copy)).into_response())
}

#[derive(Deserialize)]
pub struct CopyPath {
    copy_id: Uuid,
}

/// Lets a copy go. The moment it is of can be made ready again as long as the backups reach it.
#[utoipa::path(delete, path = "/restaurants/{rid}/backups/copies/{copy_id}", tag = "backups",
    operation_id = "let_go_backup_copy",
    params(("rid" = uuid::Uuid, Path), ("copy_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn let_go_backup_copy(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<CopyPath>,
) -> Result<StatusCode, ApiError> {
    if copies::let_go(&here.app, here.restaurant.id, path.copy_id).map_err(Failure::from)? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Refusal::not_found("This copy").at("copy_id").into())
}

/// Opens it for reading, as Rewind does with a moment: every page then shows how things stood.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/copies/{copy_id}/look", tag = "backups",
    operation_id = "look_at_backup_copy",
    params(("rid" = uuid::Uuid, Path), ("copy_id" = uuid::Uuid, Path)),
    responses((status = 201, body = RestoreView)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn look_at_backup_copy(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<CopyPath>,
) -> Result<Response, ApiError> {
    let (app, by, id) = (here.app.clone(), here.caller.account_id, here.restaurant.id);
    let known = copies::all(&app, id).map_err(Failure::from)?.into_iter().find(|copy| copy.id == path.copy_id);
    let copy = known.ok_or_else(|| Refusal::not_found("This copy").at("copy_id"))?;
    let shown = tokio::task::spawn_blocking(move || {
        let work = app.backups.work().map_err(Failure::from)?;
        let file = work.file("copy.db");
        copies::to_look_at(&app, id, copy.id, &file)?;
        views::show(&app, id, &file, (copy.entry, copy.at_ms), by)
    });
    let view = shown.await.map_err(ApiError::internal)??;
    Ok((StatusCode::CREATED, Json(RestoreView { view_id: view.id, at_ms: view.at_ms })).into_response())
}
