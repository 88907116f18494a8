//! The task that prints: has tickets made of what was fired, sends what is due.
//!
//! One document at a time for each printer, so that they come out in the order they were asked for;
//! a printer that is slow keeps no other waiting.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use comanda_db::Commit;
use serde_json::json;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::logo::Logo;
use super::model::{self, Job, JobState, Kind, Language, Printer, Sent};
use super::paper::{self, Block};
use super::{escpos, port, store};
use crate::app::{App, Restaurant};
use crate::error::ApiError;
use crate::events::kinds;
use crate::kernel::ids::{PrinterId, RestaurantId};
use crate::restaurant::model::Locale;
use crate::{menu, tickets};

/// While something waits for its time, the clock is looked at this often: it may jump.
const LOOK: Duration = Duration::from_secs(1);
/// Lines fired one after the other by one hand become one ticket.
const GATHER: Duration = Duration::from_millis(30);

/// Wakes the task. Every restaurant has one; all ring for the same task.
#[derive(Debug)]
pub struct Bell {
    some: Arc<Notify>,
    /// Whether there is a printer here: where there is none, a commit costs nothing more.
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

type Place = (RestaurantId, PrinterId);

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
                Err(error) => tracing::error!(restaurant = %restaurant.id, %error, "documents could not be printed"),
            }
        }
        tokio::select! {
            () = app.printing.notified() => tokio::time::sleep(GATHER).await,
            Some(done) = sending.join_next() => match done {
                Ok(place) => { busy.remove(&place); }
                // A panic says not which it was: whoever is still on its way is found by its state.
                Err(error) => { tracing::error!(%error, "sending a document broke"); busy.clear(); }
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
        let recovered = restaurant.db.local(move |tx| {
            store::recover(tx, now_ms)?;
            tickets::store::recover(tx, now_ms)
        });
        recovered.await?;
    }
    let printers = restaurant.read(store::printers)?;
    restaurant.bell.listens.store(!printers.is_empty(), Ordering::Relaxed);
    if printers.is_empty() {
        return Ok(false);
    }
    if restaurant.read(|conn| tickets::store::has_unticketed(conn, now_ms))? {
        let settings = restaurant.settings()?;
        restaurant.db.local(move |tx| tickets::store::make(tx, &settings, now_ms)).await?;
        announce(app, restaurant);
    }
    let mut waits = false;
    let mut taken = HashSet::new();
    for job in restaurant.read(store::open)? {
        let place = (restaurant.id, job.printer);
        let Some(printer) = printers.iter().find(|printer| printer.id == job.printer) else { continue };
        if job.state != JobState::Waiting {
            continue;
        }
        waits = true;
        // The first that waits for a printer is the next one there, also while it has to wait.
        if taken.insert(job.printer) && job.next_ms <= now_ms && busy.insert(place) {
            let (app, restaurant, printer) = (app.clone(), restaurant.clone(), printer.clone());
            sending.spawn(async move {
                if let Err(error) = send(&app, &restaurant, &printer, job).await {
                    tracing::error!(%error, "a document could not be printed");
                }
                place
            });
        }
    }
    Ok(waits)
}

async fn send(app: &App, restaurant: &Restaurant, printer: &Printer, job: Job) -> Result<(), ApiError> {
    let id = job.id;
    // Somebody may have seen to it meanwhile.
    let begun = restaurant.db.local(move |tx| {
        let Some(job) = store::job(tx.conn(), id)?.filter(|job| job.state == JobState::Waiting) else {
            return Ok(None);
        };
        let job = Job { state: JobState::Sending, attempts: job.attempts + 1, ..job };
        store::put(tx, &job)?;
        Ok(Some(job))
    });
    let Some(job) = begun.await?.filter(|job| job.printer == printer.id) else { return Ok(()) };
    announce(app, restaurant);
    let bytes = bytes(restaurant, printer, &job)?;
    let is_late = job.kind == Kind::Drawer && app.clock.now_ms() > job.until_ms;
    let sent = match model::address(&printer.address) {
        _ if is_late => Sent::NotSent(model::Trouble::Late),
        Some(address) => port::send(&address, bytes).await,
        None => Sent::NotSent(model::Trouble::NoSuchHost),
    };
    let now_ms = app.clock.now_ms();
    if sent != Sent::Printed {
        tracing::warn!(document = %job.id, kind = job.kind.as_str(), printer = %printer.id, ?sent, "a printer failed");
    }
    let fails_first = job.failing_ms.is_none();
    let mut job = job.after(sent, now_ms);
    if job.kind == Kind::Drawer && job.state != JobState::Waiting {
        // Whether it is open is seen; nobody has to say so.
        job.done_ms = Some(now_ms);
    }
    if let (true, Kind::Ticket, Some(trouble)) = (fails_first, job.kind, job.trouble) {
        let says = json!({ "ticket_id": job.id, "station_id": job.station, "trouble": trouble });
        app.changes.tell(restaurant, kinds::Kind::KitchenAlert.name(), says);
    }
    restaurant.db.local(move |tx| store::put(tx, &job)).await?;
    announce(app, restaurant);
    Ok(())
}

/// What goes to the printer: which copy it is, whose food it is where it comes out elsewhere, and the document.
fn bytes(restaurant: &Restaurant, printer: &Printer, job: &Job) -> Result<Vec<u8>, ApiError> {
    if job.kind == Kind::Drawer {
        return Ok(escpos::DRAWER.to_vec());
    }
    let locale = restaurant.settings()?.locale;
    let copy = (job.copies > 0).then(|| Block::Title(copy_words(job.copies, locale)));
    let blocks: Vec<Block> = copy.into_iter().chain(job.blocks.iter().cloned()).collect();
    let rows = paper::rows(&blocks, printer.columns);
    match printer.language {
        Language::Plain => Ok(escpos::plain(&rows)),
        Language::Escpos => {
            let logo = logo_of(restaurant, &job.blocks, printer.columns)?;
            escpos::bytes(&rows, logo.as_ref()).map_err(ApiError::internal)
        }
    }
}

/// The logo that a document has, if its picture is on this device.
///
/// # Errors
/// The file cannot be read.
pub fn logo_of(restaurant: &Restaurant, blocks: &[Block], columns: u8) -> Result<Option<Logo>, ApiError> {
    let hash = blocks.iter().find_map(|block| if let Block::Logo(hash) = block { Some(hash) } else { None });
    let Some(hash) = hash else { return Ok(None) };
    let image = restaurant.read::<_, ApiError>(|conn| Ok(menu::store::image(conn, hash)?))?;
    Ok(image.and_then(|image| Logo::of(image.bytes, columns)))
}

/// Which copy it is.
pub fn copy_words(copies: i64, locale: Locale) -> String {
    match locale {
        Locale::En => format!("COPY {copies}"),
        Locale::Es => format!("COPIA {copies}"),
    }
}

/// Tells the screens. What is printed is in no record, so the position stays.
pub fn announce(app: &App, restaurant: &Restaurant) {
    let entry = restaurant.db.entry().unwrap_or_default();
    app.changes.announce(restaurant.id, &Commit { entry, tables: vec!["print_job".to_owned()] });
}
