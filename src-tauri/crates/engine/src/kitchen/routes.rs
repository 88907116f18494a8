//! The endpoints of the kitchen screens.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store::{self, in_kitchen};
use super::view::{self, BroughtTickets, Kitchen, TicketLine};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::front::reply;
use crate::kernel::ids::{LineId, OrderId, StationId};
use crate::orders::commands::{BumpLine, BumpLines, RecallLine, RecallLines};
use crate::orders::model::{LINES_MAX, LineState, Order};
use crate::staff::model::needs;
use crate::{orders, stations};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_kitchen))
        .routes(routes!(list_brought))
        .routes(routes!(bump_lines))
        .routes(routes!(recall_lines))
        .routes(routes!(bump_line))
        .routes(routes!(recall_line))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct KitchenQuery {
    /// Left out: every station.
    #[garde(skip)]
    pub station: Option<StationId>,
}

impl KitchenQuery {
    /// The station asked for, which must be one.
    fn station(&self, place: &Place) -> Result<Option<StationId>, ApiError> {
        let Some(id) = self.station else { return Ok(None) };
        let found = place.read::<_, ApiError>(|conn| Ok(stations::store::station(conn, id)?))?;
        found.map(|station| Some(station.id)).ok_or_else(|| Refusal::not_found("This station").at("station").into())
    }
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
    let station = query.station(&here)?;
    let read = |conn: &Connection| Ok((stations::store::stations(conn)?, in_kitchen(conn)?));
    let (stations, lines) = here.read::<_, ApiError>(read)?;
    Ok(Json(Kitchen::of(here.now_ms(), stations, station, lines)))
}

/// What was brought and can be called back, as it was brought, the last first.
#[utoipa::path(get, path = "/restaurants/{rid}/kitchen/brought", tag = "kitchen", operation_id = "list_brought",
    params(("rid" = uuid::Uuid, Path), KitchenQuery),
    responses((status = 200, body = BroughtTickets)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn list_brought(
    here: Here<needs::KitchenRead>,
    Query(query): Query<KitchenQuery>,
) -> Result<Json<BroughtTickets>, ApiError> {
    let station = query.station(&here)?;
    let lines = here.read::<_, ApiError>(|conn| Ok(store::brought(conn)?))?;
    Ok(Json(BroughtTickets { items: view::brought(station, lines) }))
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

impl BumpTo {
    const fn state(self) -> LineState {
        match self {
            BumpTo::Preparing => LineState::Preparing,
            BumpTo::Ready => LineState::Ready,
            BumpTo::Served => LineState::Served,
        }
    }
}

fn order_of(place: &Place, id: OrderId) -> Result<Order, ApiError> {
    let order = place.read::<_, ApiError>(|conn| Ok(orders::store::order(conn, id)?))?;
    order.ok_or_else(|| Refusal::not_found("The order").into())
}

fn fresh(place: &Place, path: &LinePath) -> Result<TicketLine, ApiError> {
    let order = order_of(place, path.order_id)?;
    let line = order.line(path.line_id).ok_or_else(|| Refusal::not_found("The line"))?;
    Ok(TicketLine::from(line))
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
        to: input.value.to.state(),
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

#[derive(Deserialize)]
pub struct OrderPath {
    order_id: OrderId,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BumpSome {
    #[garde(skip)]
    pub to: BumpTo,
    /// Those that were on the screen: what was fired since is not bumped with them.
    #[garde(length(min = 1, max = LINES_MAX))]
    #[schema(min_items = 1, max_items = 500)]
    pub line_ids: Vec<LineId>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallSome {
    #[garde(length(min = 1, max = LINES_MAX))]
    #[schema(min_items = 1, max_items = 500)]
    pub line_ids: Vec<LineId>,
}

/// Lines of one order after a step, those that were named.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketLines {
    pub order_id: OrderId,
    pub lines: Vec<TicketLine>,
}

fn fresh_lines(place: &Place, id: OrderId, lines: &[LineId]) -> Result<TicketLines, ApiError> {
    let order = order_of(place, id)?;
    let lines = order.lines.iter().filter(|line| lines.contains(&line.id)).map(TicketLine::from).collect();
    Ok(TicketLines { order_id: id, lines })
}

/// Several lines of an order take the same step at once; those that took it already stay.
#[utoipa::path(post, path = "/restaurants/{rid}/kitchen/{order_id}/bump", tag = "kitchen", operation_id = "bump_lines",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = BumpSome, responses((status = 200, body = TicketLines)),
    extensions(("x-permission" = json!("kitchen.write"))))]
pub async fn bump_lines(
    here: Here<needs::KitchenWrite>,
    Path(path): Path<OrderPath>,
    input: Input<BumpSome>,
) -> Result<Response, ApiError> {
    let date = here.settings()?.business_date(input.meta.at_ms).to_string();
    let BumpSome { to, line_ids } = input.value;
    let write = BumpLines { order: path.order_id, lines: line_ids.clone(), to: to.state(), date };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, fresh_lines(&here, path.order_id, &line_ids)?))
}

/// Several lines of an order come back to the kitchen: fired again, under their first time.
#[utoipa::path(post, path = "/restaurants/{rid}/kitchen/{order_id}/recall", tag = "kitchen",
    operation_id = "recall_lines",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = RecallSome, responses((status = 200, body = TicketLines)),
    extensions(("x-permission" = json!("kitchen.write"))))]
pub async fn recall_lines(
    here: Here<needs::KitchenWrite>,
    Path(path): Path<OrderPath>,
    input: Input<RecallSome>,
) -> Result<Response, ApiError> {
    let date = here.settings()?.business_date(input.meta.at_ms).to_string();
    let line_ids = input.value.line_ids;
    let write = RecallLines { order: path.order_id, lines: line_ids.clone(), date };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, fresh_lines(&here, path.order_id, &line_ids)?))
}
