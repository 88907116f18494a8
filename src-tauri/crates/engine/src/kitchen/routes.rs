//! The endpoints of the kitchen screens.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::view::{Kitchen, TicketLine};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::front::reply;
use crate::kernel::ids::{LineId, OrderId};
use crate::orders::commands::{BumpLine, RecallLine};
use crate::orders::model::{LineState, Station};
use crate::orders::store;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_kitchen)).routes(routes!(bump_line)).routes(routes!(recall_line))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KitchenQuery {
    /// Left out: every station.
    #[garde(skip)]
    pub station: Option<Station>,
}

/// What is to be made and brought: tickets and all-day counts.
#[utoipa::path(get, path = "/restaurants/{rid}/kitchen", tag = "kitchen", operation_id = "get_kitchen",
    params(("rid" = uuid::Uuid, Path), KitchenQuery),
    responses((status = 200, body = Kitchen)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn get_kitchen(
    here: Here<needs::KitchenRead>,
    Query(query): Query<KitchenQuery>,
) -> Result<Json<Kitchen>, ApiError> {
    let lines = here.read::<_, ApiError>(|conn| Ok(store::in_kitchen(conn, query.station)?))?;
    Ok(Json(Kitchen::of(here.now_ms(), lines)))
}

#[derive(Deserialize)]
pub struct LinePath {
    order_id: OrderId,
    line_id: LineId,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BumpTo {
    Preparing,
    Ready,
    Served,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "ready"}))]
pub struct Bump {
    #[garde(skip)]
    pub to: BumpTo,
}

fn fresh(place: &Place, path: &LinePath) -> Result<TicketLine, ApiError> {
    let order = place.read::<_, ApiError>(|conn| Ok(store::order(conn, path.order_id)?))?;
    let order = order.ok_or_else(|| Refusal::not_found("The order"))?;
    let line = order.line(path.line_id).ok_or_else(|| Refusal::not_found("The line"))?;
    Ok(TicketLine {
        line_id: line.id,
        name: line.name.clone(),
        quantity_milli: line.quantity_milli,
        note: line.note.clone(),
        seat: line.seat,
        state: line.state(),
        fired_at_ms: line.fired_ms.unwrap_or_default(),
    })
}

/// A station has started a line, is done with it, or it was brought to the guest.
#[utoipa::path(post, path = "/restaurants/{rid}/kitchen/{order_id}/lines/{line_id}/bump", tag = "kitchen",
    operation_id = "bump_line",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("line_id" = uuid::Uuid, Path)),
    request_body = Bump, responses((status = 200, body = TicketLine)),
    extensions(("x-permission" = json!("kitchen.write"))))]
pub async fn bump_line(
    here: Here<needs::KitchenWrite>,
    Path(path): Path<LinePath>,
    input: Input<Bump>,
) -> Result<Response, ApiError> {
    let write = BumpLine {
        order: path.order_id,
        line: path.line_id,
        to: match input.value.to {
            BumpTo::Preparing => LineState::Preparing,
            BumpTo::Ready => LineState::Ready,
            BumpTo::Served => LineState::Served,
        },
        date: here.settings()?.business_date(input.meta.at_ms).to_string(),
    };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, fresh(&here, &path)?))
}

/// A bump was a mistake, or the dish came back: the line is fired again, under its first time.
#[utoipa::path(post, path = "/restaurants/{rid}/kitchen/{order_id}/lines/{line_id}/recall", tag = "kitchen",
    operation_id = "recall_line",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("line_id" = uuid::Uuid, Path)),
    responses((status = 200, body = TicketLine)),
    extensions(("x-permission" = json!("kitchen.write"))))]
pub async fn recall_line(
    here: Here<needs::KitchenWrite>,
    Path(path): Path<LinePath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let date = here.settings()?.business_date(meta.at_ms).to_string();
    let write = RecallLine { order: path.order_id, line: path.line_id, date };
    let done = here.write(&meta, Ok(write)).await?;
    Ok(reply::changed(&done, fresh(&here, &path)?))
}
