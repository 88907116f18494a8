//! `/settings`: what this engine runs with. They are changed where it is started, and hold from its next start.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::shown::Shown;
use crate::app::App;
use crate::front::here::Somewhere;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_settings))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SettingList {
    pub version: &'static str,
    pub items: Vec<Shown>,
}

/// The settings this engine was started with, and where each is from. A secret says whether it is set, never its value.
#[utoipa::path(get, path = "/settings", tag = "health", operation_id = "list_settings",
    responses((status = 200, body = SettingList)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn list_settings(who: Somewhere<needs::HealthRead>) -> Json<SettingList> {
    let items = who.app.settings.get().cloned().unwrap_or_default();
    Json(SettingList { version: env!("CARGO_PKG_VERSION"), items })
}
