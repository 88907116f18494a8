//! The task that prints: finds what was fired and is on no ticket, sends what is due.
//!
//! One ticket at a time for each printer, so that they come out in the order they were fired; a
//! printer that is slow keeps no other waiting.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use comanda_db::Commit;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::model::{self, Sent, Ticket, TicketState, Trouble};
use super::store::{self, Printer};
use super::{port, slip};
use crate::app::{App, Restaurant};
use crate::error::ApiError;
use crate::events::kinds::Kind;
use crate::kernel::ids::{RestaurantId, StationId};
use crate::kernel::time;
use crate::stations;

/// While something waits for its time, the clock is looked at this often: it may jump.
const LOOK: Duration = Duration::from_secs(1);
/// Lines fired one after the other by one hand become one ticket.
const GATHER: Duration = Duration::from_millis(30);

/// Wakes the task. Every restaurant has one; all ring for the same task.
#[derive(Debug)]
pub struct Bell {
    some: Arc<Notify>,
    /// Whether a station has a printer here: where none has, a commit costs nothing more.
    listens: AtomicBool,
}

impl Bell {
    pub fn new(some: Arc<Notify>) -> Self {
        Self { some, listens: AtomicBool::new(false) }
    }

    /// Called on the writer's thread.
    pub fn hear(&self, commit: &Commit) {
        if self.listens.load(Ordering::Relaxed) && commit.tables.iter().any(|table| table == "order_line") {
            self.some.notify_one();
        }
    }

    /// Something is to be done, or printers have changed.
    pub fn ring(&self) {
        self.listens.store(true, Ordering::Relaxed);
        self.some.notify_one();
    }
}

type Place = (RestaurantId, StationId);

/// Runs for as long as the engine does.
pub async fn print(app: App) {
    let mut known = HashSet::new();
    let mut busy: HashSet<Place> = HashSet::new();
    let mut sending: JoinSet<Place> = JoinSet::new();
    loop {
        let mut waits = false;
        for restaurant in app.restaurants() {
            let looked = look(&app, &restaurant, known.insert(restaurant.id), &mut busy, &mut sending).await;
            match looked {
                Ok(some) => waits |= some,
                Err(error) => tracing::error!(restaurant = %restaurant.id, %error, "tickets could not be printed"),
            }
        }
        tokio::select! {
            () = app.tickets.notified() => tokio::time::sleep(GATHER).await,
            Some(done) = sending.join_next() => match done {
                Ok(place) => { busy.remove(&place); }
                // A panic says not which it was: whoever is still on its way is found by its state.
                Err(error) => { tracing::error!(%error, "sending a ticket broke"); busy.clear(); }
            },
            () = tokio::time::sleep(LOOK), if waits => {}
        }
    }
}

/// Makes and sends what there is; says whether something waits for its time.
async fn look(
    app: &App,
    restaurant: &Arc<Restaurant>,
    first: bool,
    busy: &mut HashSet<Place>,
    sending: &mut JoinSet<Place>,
) -> Result<bool, ApiError> {
    let now_ms = app.clock.now_ms();
    if first {
        restaurant.db.local(move |tx| store::recover(tx, now_ms)).await?;
    }
    let printers = restaurant.read(store::printers)?;
    restaurant.bell.listens.store(!printers.is_empty(), Ordering::Relaxed);
    if printers.is_empty() {
        return Ok(false);
    }
    if restaurant.read(|conn| store::has_unticketed(conn, now_ms))? {
        restaurant.db.local(move |tx| store::make(tx, now_ms)).await?;
        announce(app, restaurant);
    }
    let mut waits = false;
    let mut taken = HashSet::new();
    for ticket in restaurant.read(store::open)? {
        let place = (restaurant.id, ticket.printer_id);
        let Some(printer) = printers.iter().find(|printer| printer.station_id == ticket.printer_id) else { continue };
        if ticket.state != TicketState::Waiting {
            continue;
        }
        waits = true;
        // The first that waits for a printer is the next one there, also while it has to wait.
        if taken.insert(ticket.printer_id) && ticket.next_ms <= now_ms && busy.insert(place) {
            let (app, restaurant, printer) = (app.clone(), restaurant.clone(), printer.clone());
            sending.spawn(async move {
                if let Err(error) = send(&app, &restaurant, &printer, ticket).await {
                    tracing::error!(%error, "a ticket could not be printed");
                }
                place
            });
        }
    }
    Ok(waits)
}

async fn send(app: &App, restaurant: &Restaurant, printer: &Printer, ticket: Ticket) -> Result<(), ApiError> {
    let id = ticket.id;
    // Somebody may have seen to it meanwhile.
    let begun = restaurant.db.local(move |tx| {
        let Some(ticket) = store::ticket(tx.conn(), id)?.filter(|ticket| ticket.state == TicketState::Waiting) else {
            return Ok(None);
        };
        let ticket = Ticket { state: TicketState::Sending, attempts: ticket.attempts + 1, ..ticket };
        store::put(tx, &ticket)?;
        Ok(Some(ticket))
    });
    let Some(ticket) = begun.await?.filter(|ticket| ticket.printer_id == printer.station_id) else { return Ok(()) };
    announce(app, restaurant);
    let text = text(restaurant, &ticket)?;
    let sent = match model::address(&printer.address) {
        Some((host, port)) => port::send(&host, port, text.as_bytes()).await,
        None => Sent::NotSent(Trouble::NoSuchHost),
    };
    let now_ms = app.clock.now_ms();
    if sent != Sent::Printed {
        tracing::warn!(ticket = %ticket.id, station = %printer.station_id, ?sent, "a ticket printer failed");
    }
    let fails_first = ticket.failing_ms.is_none();
    let ticket = ticket.after(sent, now_ms);
    if fails_first && let Some(trouble) = ticket.trouble {
        let says = json!({ "ticket_id": ticket.id, "station_id": printer.station_id, "trouble": trouble });
        app.changes.tell(restaurant, Kind::KitchenAlert.name(), says);
    }
    restaurant.db.local(move |tx| store::put(tx, &ticket)).await?;
    announce(app, restaurant);
    Ok(())
}

fn text(restaurant: &Restaurant, ticket: &Ticket) -> Result<String, ApiError> {
    let settings = restaurant.settings()?;
    let station = restaurant.read(|conn| stations::store::station(conn, ticket.station_id))?;
    let name = station.map(|station| station.name).unwrap_or_default();
    let elsewhere = ticket.station_id != ticket.printer_id;
    let fired = time::local(ticket.fired_ms, settings.time_zone);
    Ok(slip::text(ticket, &name, elsewhere, fired, settings.locale))
}

/// Tells the screens. Tickets are in no record, so the position stays.
pub fn announce(app: &App, restaurant: &Restaurant) {
    let entry = restaurant.db.entry().unwrap_or_default();
    app.changes.announce(restaurant.id, &Commit { entry, tables: vec!["ticket".to_owned()] });
}
