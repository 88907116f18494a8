//! `/restaurants/{rid}/practice`: putting this device into practice, and taking it out again.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::{BeginPractice, EndPractice};
use super::open;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta};
use crate::front::reply;
use crate::staff::model::needs;
use crate::today;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_practice, begin_practice, end_practice))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Practice {
    /// This device is in practice: its requests may say `x-practice: 1`, and are then answered from there.
    pub practising: bool,
    /// Devices in practice, this one too.
    pub devices: usize,
    /// Since when there is something to practise in; null: there is nothing.
    pub since_ms: Option<i64>,
}

fn state(place: &Place) -> Practice {
    let state = place.app.practices.state(place.restaurant.id, place.caller.session_id);
    state.map_or(Practice { practising: false, devices: 0, since_ms: None }, |state| Practice {
        practising: state.is_in,
        devices: state.sessions,
        since_ms: Some(state.since_ms),
    })
}

/// Whether this device is in practice.
#[utoipa::path(get, path = "/restaurants/{rid}/practice", tag = "practice", operation_id = "get_practice",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Practice)),
    extensions(("x-permission" = json!("orders.read"))))]
pub async fn get_practice(here: Here<needs::OrdersRead>) -> Json<Practice> {
    Json(state(&here))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"afresh": true}))]
pub struct NewPractice {
    /// Begin with an empty house, for everybody who practises; else with what others have there.
    #[garde(skip)]
    #[serde(default)]
    pub afresh: bool,
}

/// Puts this device into practice: a house with the same people, menu and floor, and nothing that counts.
#[utoipa::path(post, path = "/restaurants/{rid}/practice", tag = "practice", operation_id = "begin_practice",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewPractice, responses((status = 201, body = Practice)),
    extensions(("x-permission" = json!("practice.write"))))]
pub async fn begin_practice(here: Here<needs::PracticeWrite>, input: Input<NewPractice>) -> Result<Response, ApiError> {
    let afresh = input.value.afresh;
    let done = here.write(&input.meta, Ok(BeginPractice { afresh })).await?;
    // A request that comes again finds the house of the first time.
    let afresh = afresh && !done.replayed;
    let place = here.0.clone();
    let entered = move || open::enter(&place.app, &place.restaurant, place.caller.session_id, afresh);
    tokio::task::spawn_blocking(entered).await.map_err(ApiError::internal)??;
    Ok(reply::created(&done, state(&here)))
}

/// Takes this device out of practice. What was rung up there goes with the last device.
#[utoipa::path(delete, path = "/restaurants/{rid}/practice", tag = "practice", operation_id = "end_practice",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("orders.read"))))]
pub async fn end_practice(here: Here<needs::OrdersRead>, meta: Meta) -> Result<Response, ApiError> {
    let (rid, session) = (here.restaurant.id, here.caller.session_id);
    let counted = || -> Result<EndPractice, ApiError> {
        let house = here.app.practices.of(rid, session).map_err(|_| Refusal::not_found("Practice on this device"))?;
        let totals = house.read::<_, rusqlite::Error>(today::store::rung_up)?;
        Ok(EndPractice { orders: totals.orders, gross: totals.gross_minor })
    };
    let done = here.write(&meta, counted()).await?;
    let app = here.app.clone();
    tokio::task::spawn_blocking(move || app.practices.leave(rid, session)).await.map_err(ApiError::internal)?;
    Ok(reply::gone(&done))
}
