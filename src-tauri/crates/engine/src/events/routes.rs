//! The reference of events, for those who write a program that follows.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::kinds::{EventKind, Kind};
use crate::app::App;
use crate::front::here::LoggedIn;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_event_kinds))
}

#[derive(Serialize, ToSchema)]
pub struct EventKinds {
    /// What to give Socket.IO as `auth` when connecting to `/socket.io`.
    #[schema(example = json!({"token": "…", "restaurant_id": "…", "events": true, "since": "1.1042.0"}))]
    pub auth: serde_json::Value,
    pub items: Vec<EventKind>,
}

/// Every event by name, with who may hear it and what it says.
///
/// Connect with socket.io-client and `events: true`. Each event has `position` and `at_ms`, but those that only say that
/// something is another now. Give the last position as `since` when you come back, and you get what you missed and
/// nothing twice; `events:missed` says that it is too much, and that you should read anew.
#[utoipa::path(get, path = "/events", tag = "events", operation_id = "list_event_kinds",
    responses((status = 200, body = EventKinds)))]
pub async fn list_event_kinds(_: LoggedIn) -> Json<EventKinds> {
    let auth = serde_json::json!({ "token": "…", "restaurant_id": "…", "events": true, "since": "1.1042.0" });
    Json(EventKinds { auth, items: Kind::ALL.iter().copied().map(EventKind::from).collect() })
}
