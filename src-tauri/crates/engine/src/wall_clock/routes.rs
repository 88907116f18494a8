//! `/restaurants/{rid}/wall-clock`: what time it is here, and whether that may be doubted.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::ConfirmClock;
use super::{store, watch};
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Here;
use crate::front::input::Input;
use crate::front::reply;
use crate::kernel::ids::FlagId;
use crate::staff::model::needs;

/// Jumps told of at once; more than that is one broken clock.
const JUMPS_MAX: usize = 20;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_wall_clock)).routes(routes!(confirm_wall_clock))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WallClock {
    /// What the computer's clock shows.
    pub now_ms: i64,
    /// How it was moved, newest first, until somebody says that it is right.
    pub jumps: Vec<ClockJump>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ClockJump {
    pub id: FlagId,
    /// When it was noticed, by the clock as it was set then.
    pub at_ms: i64,
    /// Forwards or, below zero, back. At the start: how far behind the newest record.
    pub by_ms: i64,
    /// It was found when the engine started.
    pub at_start: bool,
}

/// The computer's clock, and how it was moved. It is looked at now.
#[utoipa::path(get, path = "/restaurants/{rid}/wall-clock", tag = "wall-clock", operation_id = "get_wall_clock",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = WallClock)),
    extensions(("x-permission" = json!("orders.read"))))]
pub async fn get_wall_clock(here: Here<needs::OrdersRead>) -> Result<Json<WallClock>, ApiError> {
    watch::look(&here.app).await;
    let jumps = here.read(|conn| store::open_jumps(conn, JUMPS_MAX))?;
    let jumps =
        jumps.into_iter().map(|store::Jump { id, at_ms, by_ms, at_start }| ClockJump { id, at_ms, by_ms, at_start });
    Ok(Json(WallClock { now_ms: here.now_ms(), jumps: jumps.collect() }))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"jumps": ["01975f3e-5b66-7a3c-9c1e-3f0d1b2a4c5d"]}))]
pub struct ClockConfirmed {
    /// Those that were seen; one that comes meanwhile stays.
    #[garde(length(min = 1, max = JUMPS_MAX))]
    #[schema(min_items = 1, max_items = 20)]
    pub jumps: Vec<FlagId>,
}

/// Somebody looked at the clock: it shows the right time now. Saying so twice changes nothing.
#[utoipa::path(post, path = "/restaurants/{rid}/wall-clock/confirm", tag = "wall-clock",
    operation_id = "confirm_wall_clock",
    params(("rid" = uuid::Uuid, Path)),
    request_body = ClockConfirmed, responses((status = 204)),
    extensions(("x-permission" = json!("till.write"))))]
pub async fn confirm_wall_clock(
    here: Here<needs::TillWrite>,
    input: Input<ClockConfirmed>,
) -> Result<Response, ApiError> {
    let write = ConfirmClock { flags: input.value.jumps };
    Ok(reply::gone(&here.write(&input.meta, Ok(write)).await?))
}
