//! `/outward`: the places outside that were asked since the engine started, and how each stands.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Reason;
use super::line::{Line, State};
use super::service::Service;
use crate::app::App;
use crate::front::here::Somewhere;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_outward))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OutwardPlace {
    pub service: Service,
    /// Without path, query or anything secret.
    #[schema(example = "https://hooks.example.com")]
    pub place: String,
    pub state: State,
    /// Nobody asks it before, but who finds out whether it is well.
    pub rests_until_ms: Option<i64>,
    pub calls: u64,
    pub failed: u64,
    /// Not made: it rested, or too much went there at once.
    pub held_back: u64,
    pub under_way: usize,
    pub at_once_max: usize,
    pub a_minute_max: u32,
    pub last_good_ms: Option<i64>,
    pub last_bad_ms: Option<i64>,
    pub last_reason: Option<Reason>,
}

fn shown(service: Service, place: String, line: &Line, now_ms: i64) -> OutwardPlace {
    let (figures, policy) = (line.figures(), line.policy());
    OutwardPlace {
        service,
        place,
        state: line.state(now_ms),
        rests_until_ms: figures.rests_until_ms,
        calls: figures.calls,
        failed: figures.failed,
        held_back: figures.held_back,
        under_way: line.under_way(),
        at_once_max: policy.at_once,
        a_minute_max: policy.a_minute,
        last_good_ms: figures.last_good_ms,
        last_bad_ms: figures.last_bad.map(|(at_ms, _)| at_ms),
        last_reason: figures.last_bad.map(|(_, reason)| reason),
    }
}

/// Places outside that this computer asked, by service and name. Each has a breaker of its own.
#[utoipa::path(get, path = "/outward", tag = "health", operation_id = "list_outward",
    responses((status = 200, body = Vec<OutwardPlace>)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn list_outward(here: Somewhere<needs::HealthRead>) -> Json<Vec<OutwardPlace>> {
    let (places, now_ms) = (here.app.outward.places().into_iter(), here.app.clock.now_ms());
    Json(places.map(|((service, place), line)| shown(service, place, &line, now_ms)).collect())
}
