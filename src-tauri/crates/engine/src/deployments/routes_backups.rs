//! The backups of another Comanda: run, watched, tested, brought back into a copy, fetched. The engine there does it and
//! says how far it is; what it answers goes on as it is.

use axum::Json;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::remote::{Remote, backups};
use super::routes::found;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::kernel::text;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_remote_backups, start_remote_backup))
        .routes(routes!(get_remote_backup_run, stop_remote_backup_run))
        .routes(routes!(test_remote_backup))
        .routes(routes!(write_remote_backup_file))
        .routes(routes!(fetch_remote_backup_file))
        .routes(routes!(prepare_remote_restore))
        .routes(routes!(get_remote_restore, forget_remote_restore))
}

#[derive(Deserialize)]
pub struct RemotePath {
    deployment_id: Uuid,
    restaurant_id: Uuid,
}

#[derive(Deserialize)]
pub struct RemoteOnePath {
    deployment_id: Uuid,
    restaurant_id: Uuid,
    one_id: Uuid,
}

fn remote(place: &Place, id: Uuid) -> Result<Remote, ApiError> {
    Remote::logged_in(&place.app, &found(place, id)?)
}

/// How safe a restaurant there is, what lies where and what was done: its own backups page, as it says it.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups",
    tag = "deployments", operation_id = "get_remote_backups",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path)),
    responses((status = 200, body = Object)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn get_remote_backups(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemotePath>,
) -> Result<Json<Value>, ApiError> {
    let remote = remote(&here, path.deployment_id)?;
    Ok(Json(remote.asked(Method::GET, &backups(path.restaurant_id, ""), None).await?))
}

/// Backs a restaurant up there, now.
#[utoipa::path(post, path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups",
    tag = "deployments", operation_id = "start_remote_backup",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path)),
    responses((status = 202, body = Object)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn start_remote_backup(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemotePath>,
    _: Meta,
) -> Result<Response, ApiError> {
    let remote = remote(&here, path.deployment_id)?;
    let run = remote.asked(Method::POST, &backups(path.restaurant_id, ""), None).await?;
    tracing::info!(deployment = %path.deployment_id, by = %here.caller.account_id.0, "a backup was asked for elsewhere");
    Ok((StatusCode::ACCEPTED, Json(run)).into_response())
}

/// How far a run there is.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/runs/{one_id}",
    tag = "deployments", operation_id = "get_remote_backup_run",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path),
        ("one_id" = Uuid, Path)),
    responses((status = 200, body = Object)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn get_remote_backup_run(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemoteOnePath>,
) -> Result<Json<Value>, ApiError> {
    let asked = backups(path.restaurant_id, &format!("/runs/{}", path.one_id));
    Ok(Json(remote(&here, path.deployment_id)?.asked(Method::GET, &asked, None).await?))
}

/// Asks a run there to stop.
#[utoipa::path(delete,
    path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/runs/{one_id}",
    tag = "deployments", operation_id = "stop_remote_backup_run",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path),
        ("one_id" = Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn stop_remote_backup_run(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemoteOnePath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let asked = backups(path.restaurant_id, &format!("/runs/{}", path.one_id));
    remote(&here, path.deployment_id)?.asked(Method::DELETE, &asked, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which backup there is meant.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteBackup {
    #[garde(skip)]
    pub base_id: Uuid,
}

/// Tests a backup there: it is brought back into a file of its own and checked.
#[utoipa::path(post, path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/tests",
    tag = "deployments", operation_id = "test_remote_backup",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path)),
    request_body = RemoteBackup, responses((status = 202, body = Object)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn test_remote_backup(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemotePath>,
    input: Input<RemoteBackup>,
) -> Result<Response, ApiError> {
    let remote = remote(&here, path.deployment_id)?;
    let body = json!({ "base_id": input.value.base_id });
    let overview = remote.asked(Method::POST, &backups(path.restaurant_id, "/tests"), Some(&body)).await?;
    Ok((StatusCode::ACCEPTED, Json(overview)).into_response())
}

/// Writes a restaurant there into one sealed file. Fetch it under the run's id when the run is done.
#[utoipa::path(post, path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/files",
    tag = "deployments", operation_id = "write_remote_backup_file",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path)),
    responses((status = 202, body = Object)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn write_remote_backup_file(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemotePath>,
    _: Meta,
) -> Result<Response, ApiError> {
    let remote = remote(&here, path.deployment_id)?;
    let run = remote.asked(Method::POST, &backups(path.restaurant_id, "/files"), None).await?;
    Ok((StatusCode::ACCEPTED, Json(run)).into_response())
}

/// The file that was written there, as it comes. One that breaks off on the way goes on where it was.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/files/{one_id}",
    tag = "deployments", operation_id = "fetch_remote_backup_file",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path),
        ("one_id" = Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn fetch_remote_backup_file(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemoteOnePath>,
) -> Result<Response, ApiError> {
    let asked = backups(path.restaurant_id, &format!("/files/{}", path.one_id));
    let (length, pieces) = remote(&here, path.deployment_id)?.fetch(asked).await?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CONTENT_DISPOSITION, "attachment; filename=\"restaurant.comanda\""),
    ];
    let mut response = (headers, Body::from_stream(pieces)).into_response();
    if let Some(length) = length {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    Ok(response)
}

/// Which backup is brought back into a copy there.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteRestore {
    #[garde(skip)]
    pub base_id: Uuid,
    /// The deployment's name, typed by the person who wants it.
    #[garde(length(chars, max = text::NAME_MAX))]
    #[schema(max_length = 120)]
    pub typed: String,
}

/// Brings a backup back there, into a copy beside the present, and checks it. The present stays as it is.
#[utoipa::path(post, path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/restores",
    tag = "deployments", operation_id = "prepare_remote_restore",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path)),
    request_body = RemoteRestore, responses((status = 202, body = Object)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn prepare_remote_restore(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemotePath>,
    input: Input<RemoteRestore>,
) -> Result<Response, ApiError> {
    let of = found(&here, path.deployment_id)?;
    if text::cleaned(&input.value.typed) != of.name {
        return Err(Refusal::invalid("typed", format!("Type {} to bring it back there.", of.name)).into());
    }
    let body = json!({ "base_id": input.value.base_id });
    let remote = Remote::logged_in(&here.app, &of)?;
    let restore = remote.asked(Method::POST, &backups(path.restaurant_id, "/restores"), Some(&body)).await?;
    tracing::info!(deployment = %of.id, by = %here.caller.account_id.0, "a backup is brought back into a copy elsewhere");
    Ok((StatusCode::ACCEPTED, Json(restore)).into_response())
}

/// How far the copy there is, and what is in it.
#[utoipa::path(get,
    path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/restores/{one_id}",
    tag = "deployments", operation_id = "get_remote_restore",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path),
        ("one_id" = Uuid, Path)),
    responses((status = 200, body = Object)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn get_remote_restore(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemoteOnePath>,
) -> Result<Json<Value>, ApiError> {
    let asked = backups(path.restaurant_id, &format!("/restores/{}", path.one_id));
    Ok(Json(remote(&here, path.deployment_id)?.asked(Method::GET, &asked, None).await?))
}

/// Lets the copy there go.
#[utoipa::path(delete,
    path = "/restaurants/{rid}/deployments/{deployment_id}/at/{restaurant_id}/backups/restores/{one_id}",
    tag = "deployments", operation_id = "forget_remote_restore",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("restaurant_id" = Uuid, Path),
        ("one_id" = Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn forget_remote_restore(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemoteOnePath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let asked = backups(path.restaurant_id, &format!("/restores/{}", path.one_id));
    remote(&here, path.deployment_id)?.asked(Method::DELETE, &asked, None).await?;
    Ok(StatusCode::NO_CONTENT)
}
