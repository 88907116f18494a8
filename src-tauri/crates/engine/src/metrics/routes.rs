//! `/metrics`: what a collector reads. In the contract as `/api/v1/metrics`, and at the root besides, where collectors
//! look when nobody tells them otherwise (as with `/health`): one handler, one permission.

use axum::extract::{FromRequestParts, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::collect;
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::{Somewhere, bearer};
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_metrics))
}

/// Extractor: a collector with the engine's own token for it, or somebody who may see how the engine is.
pub struct Collector;

impl FromRequestParts<App> for Collector {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        // Hashes are compared, in the same time wherever they differ.
        let known = app.metrics_token.get();
        if known.zip(bearer(parts)).is_some_and(|(known, given)| *known == blake3::hash(given.as_bytes())) {
            return Ok(Self);
        }
        Somewhere::<needs::HealthRead>::from_request_parts(parts, app).await.map(|_| Self)
    }
}

/// Figures of the engine, of the machine and of the business, as Prometheus text.
#[utoipa::path(get, path = "/metrics", tag = "health", operation_id = "get_metrics",
    responses((status = 200, body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn get_metrics(_: Collector, State(app): State<App>) -> Result<Response, ApiError> {
    let text = tokio::task::spawn_blocking(move || collect::text(&app)).await.map_err(ApiError::internal)?;
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
