//! The endpoints of orders.

mod checks;
mod drafts;

use axum::Json;
use axum::response::Response;
use garde::Validate;
use rusqlite::Connection;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::approval::SECRETS;
use super::commands::{ChangeOrder, SetCourse};
use super::history::{self, History};
use super::model::OrderState;
use super::prepare::{self, Coursed, MoreLines, NewOrder, OrderChange, Reason, WhichLines};
use super::store::{self, List};
use super::view::{OrderView, SummaryView};
use crate::app::App;
use crate::cache::{View, policy};
use crate::error::{ApiError, Refusal};
use crate::front::asked::Asked;
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::front::reply;
use crate::kernel::ids::{LineId, OrderId};
use crate::kernel::page::{Page, Wanted};
use crate::kernel::text;
use crate::kernel::time::parse_date;
use crate::payments;
use crate::payments::view::RefundView;
use crate::staff::model::{Permission, needs};

/// Longest text to search for, in characters.
const SEARCH_MAX: usize = 100;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_orders, open_order))
        .routes(routes!(get_order, change_order))
        .routes(routes!(add_lines))
        .routes(routes!(fire_lines))
        .routes(routes!(set_course))
        .routes(routes!(void_line))
        .routes(routes!(serve_lines))
        .routes(routes!(cancel_order))
        .routes(routes!(get_order_history))
        .merge(checks::routes())
        .merge(drafts::routes())
        .routes(routes!(undo_step))
}

#[derive(Deserialize)]
pub struct OrderPath {
    pub order_id: OrderId,
}

#[derive(Deserialize)]
pub struct LinePath {
    order_id: OrderId,
    line_id: LineId,
}

/// The order as it is now.
pub fn fresh(place: &Place, id: OrderId) -> Result<OrderView, ApiError> {
    place.read(|conn| order_view(conn, id))
}

fn order_view(conn: &Connection, id: OrderId) -> Result<OrderView, ApiError> {
    let order = store::order(conn, id)?.ok_or_else(|| Refusal::not_found("The order"))?;
    let refunds = match order.may_have_refunds() {
        true => payments::store::refunds(conn, id)?,
        false => Vec::new(),
    };
    Ok(OrderView { refunds: refunds.iter().map(RefundView::from).collect(), ..OrderView::from(&order) })
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrdersQuery {
    #[garde(skip)]
    pub state: Option<OrderState>,
    /// The business day it was opened on: `2026-11-21`.
    #[garde(skip)]
    pub business_date: Option<String>,
    /// Looked for in number, table and note, among the newest 10,000 of the list; with a day in it (`2026-11-21 A-0042`),
    /// among the orders of that business day.
    #[garde(length(chars, max = SEARCH_MAX))]
    pub q: Option<String>,
    #[garde(skip)]
    pub cursor: Option<String>,
    /// 1 to 200; left out: 50.
    #[garde(skip)]
    pub limit: Option<u16>,
}

/// A day among the words, and the rest of them: an old order is found by both.
fn day_and_text(q: &str) -> (Option<String>, Option<String>) {
    let is_day = |word: &str| parse_date("q", word).is_ok();
    let day = q.split_whitespace().find(|word| is_day(word)).map(str::to_owned);
    let rest = match day {
        Some(_) => q.split_whitespace().filter(|word| !is_day(word)).collect::<Vec<_>>().join(" "),
        None => q.to_owned(),
    };
    (day, Some(rest).filter(|rest| !rest.is_empty()))
}

/// Orders, newest first.
#[utoipa::path(get, path = "/restaurants/{rid}/orders", tag = "orders", operation_id = "list_orders",
    params(("rid" = uuid::Uuid, Path), OrdersQuery),
    responses((status = 200, body = Page<SummaryView>)),
    extensions(("x-permission" = json!("orders.read"))))]
pub async fn list_orders(asked: Asked<needs::OrdersRead, Query<OrdersQuery>>) -> Result<Response, ApiError> {
    let listed = |view: &View<'_>, Query(query): Query<OrdersQuery>| {
        let wanted = Wanted::<OrderId>::of(query.limit, query.cursor.as_deref())?;
        let date = query.business_date.map(|date| parse_date("business_date", &date)).transpose()?;
        let (named, search) = day_and_text(&query.q.map(|q| text::cleaned(&q)).unwrap_or_default());
        let list = List {
            state: query.state,
            business_date: date.map(|date| date.to_string()).or(named),
            search,
            after: wanted.after,
            limit: wanted.fetch(),
        };
        let page = Page::cut(store::list(view.conn, &list)?, wanted.limit, |order| order.id);
        let items = page.items.iter().map(SummaryView::from).collect::<Vec<_>>();
        Ok(Page { items, next_cursor: page.next_cursor })
    };
    asked.answer(&policy::ORDERS, listed).await
}

/// Opens an order, with or without lines. Its number comes from this device's counter of the day.
#[utoipa::path(post, path = "/restaurants/{rid}/orders", tag = "orders", operation_id = "open_order",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewOrder, responses((status = 201, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn open_order(here: Here<needs::OrdersWrite>, input: Input<NewOrder>) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let at_ms = input.meta.at_ms;
    let prepared = prepare::open(&here.restaurant, &settings, at_ms, input.value);
    let opened = prepared.as_ref().ok().cloned();
    let name = here.restaurant.name_of(here.caller.account_id)?.unwrap_or_default();
    // What a run writes follows from its arguments: the fresh order need not be read back.
    let answered = here.write_shaped(&input.meta, prepared, |done| match opened {
        Some(opened) if !done.replayed && opened.id == done.answer.id => {
            let order = opened.into_order(&settings.terms(), done.answer.number.clone(), name, at_ms);
            Ok(reply::created(&done, OrderView::from(&order)))
        }
        _ => Err(done),
    });
    answered.await?.or_else(|done| Ok(reply::created(&done, fresh(&here, done.answer.id)?)))
}

/// An order with its lines, checks, payments and totals.
#[utoipa::path(get, path = "/restaurants/{rid}/orders/{order_id}", tag = "orders", operation_id = "get_order",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.read"))))]
pub async fn get_order(asked: Asked<needs::OrdersRead, Path<OrderPath>>) -> Result<Response, ApiError> {
    asked.answer(&policy::ORDER, |view, Path(path)| order_view(view.conn, path.order_id)).await
}

/// Changes how many guests there are, or the note, while the order is open.
#[utoipa::path(patch, path = "/restaurants/{rid}/orders/{order_id}", tag = "orders", operation_id = "change_order",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = OrderChange, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn change_order(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<OrderChange>,
) -> Result<Response, ApiError> {
    let OrderChange { covers, note } = input.value;
    let done = here.write(&input.meta, Ok(ChangeOrder { order: path.order_id, covers, note })).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Adds lines. Lines others add at the same time stay.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/lines", tag = "orders", operation_id = "add_lines",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = MoreLines, responses((status = 201, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn add_lines(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<MoreLines>,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let at_ms = input.meta.at_ms;
    let prepared = prepare::add(&here.restaurant, &settings, at_ms, path.order_id, &input.value);
    let done = here.write(&input.meta, prepared).await?;
    Ok(reply::created(&done, fresh(&here, path.order_id)?))
}

/// Sends held lines to their stations, each once.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/fire", tag = "orders", operation_id = "fire_lines",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = WhichLines, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn fire_lines(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<WhichLines>,
) -> Result<Response, ApiError> {
    let prepared = here.read(|conn| prepare::fire(conn, path.order_id, input.value));
    let done = here.write(&input.meta, prepared).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Gives held lines another course, or none.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/course", tag = "orders", operation_id = "set_course",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = Coursed, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn set_course(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<Coursed>,
) -> Result<Response, ApiError> {
    let Coursed { line_ids, course } = input.value;
    let done = here.write(&input.meta, Ok(SetCourse { order: path.order_id, lines: line_ids, course })).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Takes a line off the check, with a reason. Served or paid lines stay. After fire it is waste, and needs
/// the permission `orders.void_fired` or an approval.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/lines/{line_id}/void", tag = "orders",
    operation_id = "void_line",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path), ("line_id" = uuid::Uuid, Path)),
    request_body = Reason, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.void"))))]
pub async fn void_line(
    here: Here<needs::OrdersVoid>,
    Path(path): Path<LinePath>,
    input: Input<Reason>,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let Input { value, meta } = input;
    let approved = checks::approval(&here, value.approval).await?;
    let may = (here.is_allowed(Permission::OrdersVoidFired), approved);
    let ids = (path.order_id, path.line_id);
    let write = prepare::void(&settings, meta.at_ms, ids, value.reason, may);
    let done = here.write(&meta.hiding(SECRETS), Ok(write)).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Marks lines as brought to the guest: those named, or all that are fired or ready.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/serve", tag = "orders", operation_id = "serve_lines",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = WhichLines, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn serve_lines(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    input: Input<WhichLines>,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let at_ms = input.meta.at_ms;
    let prepared = here.read(|conn| prepare::serve(conn, &settings, at_ms, path.order_id, input.value));
    let done = here.write(&input.meta, prepared).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Cancels an order nobody has paid anything of.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/cancel", tag = "orders",
    operation_id = "cancel_order",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    request_body = Reason, responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.cancel"))))]
pub async fn cancel_order(
    here: Here<needs::OrdersCancel>,
    Path(path): Path<OrderPath>,
    input: Input<Reason>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(prepare::cancel(path.order_id, input.value.reason))).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Undoes the last step of the order, if it was one's own and just now: a void, a fire before the kitchen has
/// begun, a comp, a discount, a transfer. It is a step of its own in the history.
#[utoipa::path(post, path = "/restaurants/{rid}/orders/{order_id}/undo", tag = "orders", operation_id = "undo_step",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    responses((status = 200, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn undo_step(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<OrderPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let caller = here.caller.account_id;
    let prepared = here.read(|conn| prepare::undo(conn, &settings, meta.at_ms, path.order_id, caller));
    let done = here.write(&meta, prepared).await?;
    Ok(reply::changed(&done, fresh(&here, path.order_id)?))
}

/// Who did what to the order, with before and after, newest first.
#[utoipa::path(get, path = "/restaurants/{rid}/orders/{order_id}/history", tag = "orders",
    operation_id = "get_order_history",
    params(("rid" = uuid::Uuid, Path), ("order_id" = uuid::Uuid, Path)),
    responses((status = 200, body = History)),
    extensions(("x-permission" = json!("orders.read"))))]
pub async fn get_order_history(
    here: Here<needs::OrdersRead>,
    Path(path): Path<OrderPath>,
) -> Result<Json<History>, ApiError> {
    here.read(|conn| {
        store::order(conn, path.order_id)?.ok_or_else(|| Refusal::not_found("The order"))?;
        history::of(conn, path.order_id)
    })
    .map(Json)
}
