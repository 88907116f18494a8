//! `/restaurants/{rid}/tickets` and the printers of stations: what is on its way to paper, what is
//! stuck and why, and what a person does about it. Whoever sees the alarm may end it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::desk;
use super::model::{self, ADDRESS_MAX, TicketState, Trouble};
use super::store;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::kernel::ids::{AccountId, OrderId, StationId, TicketId};
use crate::kernel::text;
use crate::orders::model::Service;
use crate::staff::model::needs;
use crate::stations;
use crate::stations::routes::StationPath;

/// Tickets that are done and shown.
const DONE_MAX: i64 = 20;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tickets))
        .routes(routes!(send_ticket))
        .routes(routes!(see_to_ticket))
        .routes(routes!(put_printer, remove_printer))
}

/// A kitchen slip on its way to paper.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PrintTicket)]
pub struct Ticket {
    pub id: TicketId,
    pub order_id: OrderId,
    pub number: String,
    pub table: Option<String>,
    pub service: Service,
    /// Whose food it is.
    pub station_id: StationId,
    /// The station on whose printer it comes out.
    pub printer_id: StationId,
    pub lines: Vec<TicketText>,
    pub fired_at_ms: i64,
    pub state: TicketState,
    /// It says COPY the next time, because it may be on paper.
    pub copy: bool,
    pub attempts: i64,
    /// Trouble since then; null: none.
    pub failing_since_ms: Option<i64>,
    pub trouble: Option<Trouble>,
    pub done_ms: Option<i64>,
    pub done_by_name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TicketText {
    pub name: String,
    pub quantity_milli: i64,
}

/// A printer of this device.
#[derive(Debug, Serialize, ToSchema)]
pub struct Printer {
    pub station_id: StationId,
    pub station_name: String,
    pub address: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tickets {
    pub now_ms: i64,
    pub printers: Vec<Printer>,
    /// Bounded: 200 at most.
    pub items: Vec<Ticket>,
}

fn show(place: &Place, ticket: model::Ticket) -> Result<Ticket, ApiError> {
    let name = |account: AccountId| place.read::<_, ApiError>(|conn| Ok(store::name_of(conn, account)?));
    Ok(Ticket {
        id: ticket.id,
        order_id: ticket.order_id,
        number: ticket.number,
        table: ticket.table,
        service: ticket.service,
        station_id: ticket.station_id,
        printer_id: ticket.printer_id,
        lines: ticket
            .lines
            .into_iter()
            .map(|line| TicketText { name: line.name, quantity_milli: line.milli })
            .collect(),
        fired_at_ms: ticket.fired_ms,
        state: ticket.state,
        copy: ticket.copy,
        attempts: ticket.attempts,
        failing_since_ms: ticket.failing_ms,
        trouble: ticket.trouble,
        done_ms: ticket.done_ms,
        done_by_name: ticket.done_by.map(name).transpose()?.flatten(),
    })
}

fn show_by_id(place: &Place, id: TicketId) -> Result<Ticket, ApiError> {
    let ticket = place.read(|conn| store::ticket(conn, id))?;
    show(place, ticket.ok_or_else(|| Refusal::not_found("This ticket"))?)
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhichTickets {
    /// Not on paper yet, the oldest first.
    #[default]
    Open,
    /// The last 20 that are on paper, or that somebody saw to.
    Done,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TicketsQuery {
    #[garde(skip)]
    #[serde(default)]
    #[param(inline)]
    pub which: WhichTickets,
}

/// Tickets of this device's printers, and the printers. One with `failing_since_ms` is an alarm.
#[utoipa::path(get, path = "/restaurants/{rid}/tickets", tag = "tickets", operation_id = "list_tickets",
    params(("rid" = uuid::Uuid, Path), TicketsQuery),
    responses((status = 200, body = Tickets)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn list_tickets(
    here: Here<needs::KitchenRead>,
    Query(query): Query<TicketsQuery>,
) -> Result<Json<Tickets>, ApiError> {
    let (tickets, printers, stations) = here.read::<_, ApiError>(|conn| {
        let tickets = match query.which {
            WhichTickets::Open => store::open(conn)?,
            WhichTickets::Done => store::done(conn, DONE_MAX)?,
        };
        Ok((tickets, store::printers(conn)?, stations::store::stations(conn)?))
    })?;
    let items = tickets.into_iter().map(|ticket| show(&here, ticket)).collect::<Result<_, _>>()?;
    let named = |printer: store::Printer| {
        let station = stations.iter().find(|station| station.id == printer.station_id);
        let station_name = station.map(|station| station.name.clone()).unwrap_or_default();
        Printer { station_id: printer.station_id, station_name, address: printer.address }
    };
    let printers = printers.into_iter().map(named).collect();
    Ok(Json(Tickets { now_ms: here.now_ms(), printers, items }))
}

#[derive(Deserialize)]
pub struct TicketPath {
    ticket_id: TicketId,
}

#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendTicket {
    /// To this station's printer; left out: the same as before.
    #[garde(skip)]
    pub station_id: Option<StationId>,
}

/// One step of a person on a ticket. The same request again changes nothing: it could print twice.
async fn step(
    place: &Place,
    id: TicketId,
    meta: &Meta,
    mut change: impl FnMut(model::Ticket) -> model::Ticket + Send + 'static,
) -> Result<(), ApiError> {
    let request = meta.id(place.caller.account_id.0);
    let stepped = place.restaurant.db.local(move |tx| {
        let Some(ticket) = store::ticket(tx.conn(), id)? else { return Ok(Some(Refusal::not_found("This ticket"))) };
        if store::is_asked(tx.conn(), id, request)? {
            return Ok(None);
        }
        if ticket.allowed().is_empty() {
            return Ok(Some(Refusal::illegal_step("This ticket is on its way.", ticket.allowed())));
        }
        store::note_asked(tx, id, request)?;
        store::put(tx, &change(ticket))?;
        Ok(None)
    });
    if let Some(refusal) = stepped.await? {
        return Err(refusal.into());
    }
    desk::announce(&place.app, &place.restaurant);
    place.restaurant.bell.ring();
    Ok(())
}

/// Sends a ticket once more, or to another station's printer. What may be on paper says COPY.
#[utoipa::path(post, path = "/restaurants/{rid}/tickets/{ticket_id}/send", tag = "tickets",
    operation_id = "send_ticket",
    params(("rid" = uuid::Uuid, Path), ("ticket_id" = uuid::Uuid, Path)),
    request_body = SendTicket, responses((status = 200, body = Ticket)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn send_ticket(
    here: Here<needs::KitchenRead>,
    Path(path): Path<TicketPath>,
    input: Input<SendTicket>,
) -> Result<Json<Ticket>, ApiError> {
    let ticket = here.read(|conn| store::ticket(conn, path.ticket_id))?;
    let ticket = ticket.ok_or_else(|| Refusal::not_found("This ticket"))?;
    let to = input.value.station_id.unwrap_or(ticket.printer_id);
    let printers = here.read(store::printers)?;
    if !printers.iter().any(|printer| printer.station_id == to) {
        return Err(Refusal::rule("That station has no printer here.").at("station_id").into());
    }
    let now_ms = input.meta.at_ms;
    step(&here, path.ticket_id, &input.meta, move |ticket| ticket.again(to, now_ms)).await?;
    Ok(Json(show_by_id(&here, path.ticket_id)?))
}

/// Somebody saw to it: the kitchen knows, it was written by hand, or it is not wanted any more.
#[utoipa::path(post, path = "/restaurants/{rid}/tickets/{ticket_id}/by-hand", tag = "tickets",
    operation_id = "see_to_ticket",
    params(("rid" = uuid::Uuid, Path), ("ticket_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Ticket)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn see_to_ticket(
    here: Here<needs::KitchenRead>,
    Path(path): Path<TicketPath>,
    meta: Meta,
) -> Result<Json<Ticket>, ApiError> {
    let (now_ms, by) = (meta.at_ms, here.caller.account_id);
    step(&here, path.ticket_id, &meta, move |ticket| ticket.seen_to(by, now_ms)).await?;
    Ok(Json(show_by_id(&here, path.ticket_id)?))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"address": "192.168.1.40:9100"}))]
pub struct PrinterInput {
    /// Name or number on the network, with its port if that is not 9100.
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = ADDRESS_MAX), custom(an_address))]
    #[schema(min_length = 1, max_length = 255)]
    pub address: String,
}

fn an_address(text: &str, (): &()) -> garde::Result {
    match model::address(text) {
        Some(_) => Ok(()),
        None => Err(garde::Error::new("an address is like 192.168.1.40, or grill.local:9100")),
    }
}

fn station_name(place: &Place, id: StationId) -> Result<String, ApiError> {
    let station = place.read(|conn| stations::store::station(conn, id))?;
    Ok(station.ok_or_else(|| Refusal::not_found("This station"))?.name)
}

/// Gives a station a ticket printer on this device. What is fired from now on comes out there.
#[utoipa::path(put, path = "/restaurants/{rid}/stations/{station_id}/printer", tag = "tickets",
    operation_id = "put_printer",
    params(("rid" = uuid::Uuid, Path), ("station_id" = uuid::Uuid, Path)),
    request_body = PrinterInput, responses((status = 200, body = Printer)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn put_printer(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<StationPath>,
    input: Input<PrinterInput>,
) -> Result<Json<Printer>, ApiError> {
    let station_name = station_name(&here, path.station_id)?;
    let (printer, now_ms) =
        (store::Printer { station_id: path.station_id, address: input.value.address.clone() }, input.meta.at_ms);
    here.restaurant.db.local(move |tx| store::put_printer(tx, &printer, now_ms)).await?;
    desk::announce(&here.app, &here.restaurant);
    here.restaurant.bell.ring();
    Ok(Json(Printer { station_id: path.station_id, station_name, address: input.value.address }))
}

/// Takes a station's printer away. What waited for it can be sent to another.
#[utoipa::path(delete, path = "/restaurants/{rid}/stations/{station_id}/printer", tag = "tickets",
    operation_id = "remove_printer",
    params(("rid" = uuid::Uuid, Path), ("station_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn remove_printer(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<StationPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    station_name(&here, path.station_id)?;
    here.restaurant.db.local(move |tx| store::remove_printer(tx, path.station_id, meta.at_ms)).await?;
    desk::announce(&here.app, &here.restaurant);
    here.restaurant.bell.ring();
    Ok(axum::http::StatusCode::NO_CONTENT.into_response())
}
