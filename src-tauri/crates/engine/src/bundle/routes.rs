//! `/bundle`: the support bundle, as a file.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Somewhere;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_support_bundle))
}

/// Versions, health, settings, logs and the newest commands in one zip, without secrets and without people.
#[utoipa::path(get, path = "/bundle", tag = "health", operation_id = "get_support_bundle",
    responses((status = 200, content_type = "application/zip")),
    extensions(("x-permission" = json!("logs.read"))))]
pub async fn get_support_bundle(who: Somewhere<needs::LogsRead>) -> Result<Response, ApiError> {
    let app = who.app;
    let made = tokio::task::spawn_blocking(move || super::make(&app)).await;
    let zip = made.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"comanda-support.zip\""),
    ];
    Ok((headers, zip).into_response())
}
