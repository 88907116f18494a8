//! `/health`: whether the engine lives and can serve, for anybody; how its parts are, for who may see.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::checkup;
use super::model::{Part, PartName, Status, overall};
use super::traffic::Minute;
use crate::app::App;
use crate::error::{ApiError, Code};
use crate::front::here::Somewhere;
use crate::front::input::Path;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_health))
        .routes(routes!(get_live))
        .routes(routes!(get_ready))
        .routes(routes!(get_detailed))
        .routes(routes!(get_part))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    #[schema(example = "ok")]
    pub status: &'static str,
    pub version: &'static str,
    pub uptime_s: i64,
}

fn health(app: &App) -> Health {
    let uptime_s = (app.clock.now_ms() - app.started_ms) / 1000;
    Health { status: "ok", version: env!("CARGO_PKG_VERSION"), uptime_s }
}

/// Whether the engine runs, and which version.
#[utoipa::path(get, path = "/health", tag = "health", operation_id = "get_health", security(()),
    responses((status = 200, body = Health)))]
pub async fn get_health(State(app): State<App>) -> Json<Health> {
    Json(health(&app))
}

/// Whether the process lives. It asks nothing of the disk.
#[utoipa::path(get, path = "/health/live", tag = "health", operation_id = "get_health_live", security(()),
    responses((status = 200, body = Health)))]
pub async fn get_live(State(app): State<App>) -> Json<Health> {
    Json(health(&app))
}

/// Whether it can serve: every file answers. 503 with Retry-After when one does not.
#[utoipa::path(get, path = "/health/ready", tag = "health", operation_id = "get_health_ready", security(()),
    responses((status = 200, body = Health)))]
pub async fn get_ready(State(app): State<App>) -> Result<Json<Health>, ApiError> {
    let asked = app.clone();
    let ready = tokio::task::spawn_blocking(move || checkup::is_ready(&asked)).await.map_err(ApiError::internal)?;
    if ready { Ok(Json(health(&app))) } else { Err(ApiError::new(Code::Overloaded)) }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Checkup {
    /// As well as its worst part.
    pub status: Status,
    pub version: &'static str,
    pub started_at_ms: i64,
    pub now_ms: i64,
    pub parts: Vec<Part>,
    /// The last hour, the oldest first; minutes without a request are left out.
    pub minutes: Vec<Minute>,
}

/// Every part, in figures and a word each, and the requests of the last hour.
#[utoipa::path(get, path = "/health/detailed", tag = "health", operation_id = "get_health_detailed",
    responses((status = 200, body = Checkup)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn get_detailed(who: Somewhere<needs::HealthRead>) -> Result<Json<Checkup>, ApiError> {
    let app = who.app;
    let asked = app.clone();
    let parts = tokio::task::spawn_blocking(move || checkup::all(&asked)).await.map_err(ApiError::internal)?;
    let now_ms = app.clock.now_ms();
    Ok(Json(Checkup {
        status: overall(&parts),
        version: env!("CARGO_PKG_VERSION"),
        started_at_ms: app.started_ms,
        now_ms,
        parts,
        minutes: app.traffic.minutes(now_ms),
    }))
}

#[derive(Deserialize)]
pub struct PartPath {
    part: PartName,
}

/// One part.
#[utoipa::path(get, path = "/health/{part}", tag = "health", operation_id = "get_health_part",
    params(("part" = PartName, Path)),
    responses((status = 200, body = Part)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn get_part(who: Somewhere<needs::HealthRead>, Path(path): Path<PartPath>) -> Result<Json<Part>, ApiError> {
    let app = who.app;
    let part = tokio::task::spawn_blocking(move || checkup::ask(&app, path.part)).await;
    Ok(Json(part.map_err(ApiError::internal)?))
}
