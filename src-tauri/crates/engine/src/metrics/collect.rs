//! What is asked when somebody collects. Blocking, for some milliseconds.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use comanda_db::Database;
use metrics::{Key, Label, Level, Metadata, Recorder};
use metrics_exporter_prometheus::PrometheusBuilder;

use super::store;
use crate::app::{App, Restaurant};
use crate::backups::standing;
use crate::health::model::share_bp;
use crate::health::vitals;
use crate::{printing, sync, tasks};

/// Figures of the business are read again after this long.
const BUSINESS_KEPT: Duration = Duration::from_secs(10);
const META: Metadata<'static> = Metadata::new("comanda", Level::INFO, None);

/// The figures of one restaurant, today.
pub struct Business {
    restaurant: String,
    currency: &'static str,
    day: store::Day,
    tenders: Vec<(String, i64, i64)>,
    open: i64,
    opened: i64,
    tasks: u32,
    sold_out: i64,
    stuck_tickets: usize,
    /// Own commands that wait for the sequencer, and the age of the oldest. None: this desk is its own sequencer.
    outbox: Option<(u64, i64)>,
    backups: standing::Standing,
    now_ms: i64,
}

/// Everything there is, as Prometheus reads it.
pub fn text(app: &App) -> String {
    // Made anew each time: what is no longer there is no longer said.
    let recorder = PrometheusBuilder::new().build_recorder();
    collect(app, &recorder);
    let (counted, asked) = (app.instruments.text(), recorder.handle().render());
    format!("{counted}\n{asked}")
}

/// Where figures go.
struct Figures<'a>(&'a dyn Recorder);

impl Figures<'_> {
    fn gauge(&self, name: &'static str, help: &'static str, labels: &[(&'static str, &str)], value: impl IntoFigure) {
        self.0.describe_gauge(name.into(), None, help.into());
        self.0.register_gauge(&key(name, labels), &META).set(value.figure());
    }

    fn counter(&self, name: &'static str, help: &'static str, labels: &[(&'static str, &str)], value: u64) {
        self.0.describe_counter(name.into(), None, help.into());
        self.0.register_counter(&key(name, labels), &META).absolute(value);
    }
}

fn key(name: &'static str, labels: &[(&'static str, &str)]) -> Key {
    Key::from_parts(name, labels.iter().map(|(name, value)| Label::new(*name, (*value).to_owned())).collect::<Vec<_>>())
}

/// Whole numbers, and the few that are not.
trait IntoFigure {
    fn figure(self) -> f64;
}

macro_rules! figures_of {
    ($($kind:ty),+) => { $(impl IntoFigure for $kind { fn figure(self) -> f64 { self as f64 } })+ };
}
figures_of!(u32, u64, usize, i64, f64);

/// Says everything that can be asked now.
pub fn collect(app: &App, recorder: &dyn Recorder) {
    let to = Figures(recorder);
    engine(app, &to);
    requests(app, &to);
    machine(app, &to);
    cache(app, &to);
    files(app, &to);
    outward(app, &to);
    hub(app, &to);
    for of in business(app).iter() {
        sales(of, &to);
        upkeep(of, &to);
    }
}

fn engine(app: &App, to: &Figures<'_>) {
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    to.gauge("comanda_build_info", "1; its label says which version runs.", &version, 1_u64);
    let uptime_ms = (app.clock.now_ms() - app.started_ms).max(0);
    to.gauge("process_uptime_seconds", "Since the engine was started.", &[], uptime_ms / 1000);
    to.gauge("restaurants_open", "Restaurants that are open.", &[], app.restaurants().len());
    to.gauge("restaurants_unreadable", "Restaurants whose file cannot be opened.", &[], app.unreadable.all().len());
}

fn requests(app: &App, to: &Figures<'_>) {
    for (class, count) in app.instruments.ended.all() {
        to.counter("http_responses_total", "Requests by the class of their status.", &[("class", &class)], count);
    }
    let recent = app.traffic.recent(app.clock.now_ms());
    for (percent, us) in [("50", recent.p50_us), ("95", recent.p95_us), ("99", recent.p99_us)] {
        let help = "That percent of the requests of the last five minutes took no longer.";
        to.gauge("http_recent_request_duration_seconds", help, &[("percent", percent)], us as f64 / 1e6);
    }
    let shares = [("failed", recent.failed), ("refused", recent.refused)];
    for (end, count) in shares {
        let help = "Of the requests of the last five minutes, those that failed here or were refused.";
        let share = share_bp(count, recent.requests) as f64 / 10_000.0;
        to.gauge("http_recent_requests_ratio", help, &[("end", end)], share);
    }
}

fn hub(app: &App, to: &Figures<'_>) {
    let Some(hub) = &app.hub else { return };
    let now = |of: &AtomicU64| of.load(Ordering::Relaxed);
    let counted = &hub.counted;
    let help = "Groups of commands a hub's ledger was asked to take, by what came of it.";
    for (end, count) in [("taken", &counted.taken), ("moved", &counted.moved), ("failed", &counted.failed)] {
        to.counter("hub_turns_total", help, &[("end", end)], now(count));
    }
    to.counter("hub_turns_sent_again_total", "Groups that were sent to the ledger again.", &[], now(&counted.again));
    let help = "How long groups waited for the ledger: the way, the lock of the restaurant and the flush.";
    to.counter("hub_ledger_wait_seconds_total", help, &[], now(&counted.waited_us) / 1_000_000);
    to.gauge("hub_turns_behind", "Groups the furthest copy was behind at the last look.", &[], now(&counted.behind));
}

fn machine(app: &App, to: &Figures<'_>) {
    if let Some(disk) = vitals::disk(&app.data_dir) {
        to.gauge("disk_free_bytes", "Free on the disk the data is on.", &[], disk.free);
        to.gauge("disk_total_bytes", "Size of the disk the data is on.", &[], disk.total);
    }
    let memory = app.vitals.memory();
    to.gauge("process_resident_memory_bytes", "Memory of this process.", &[], memory.own);
    to.gauge("memory_available_bytes", "Memory of the machine that is free for programs.", &[], memory.available);
    to.gauge("memory_total_bytes", "Memory of the machine.", &[], memory.total);
    let cpu = "Processor time of this process.";
    to.counter("process_cpu_seconds_total", cpu, &[], memory.processor_ms / 1000);
    to.counter("process_io_read_bytes_total", "What this process read from disks.", &[], memory.read);
    to.counter("process_io_written_bytes_total", "What this process wrote to disks.", &[], memory.written);
}

fn cache(app: &App, to: &Figures<'_>) {
    let mut all = (0, 0);
    for (tag, of) in app.answers.figures_by_tag() {
        let tag = [("tag", tag.as_str())];
        to.counter("cache_hits_total", "Answers given without being made.", &tag, of.hits);
        to.counter("cache_misses_total", "Answers that had to be made.", &tag, of.made);
        to.gauge("cache_entries", "Answers kept in memory.", &tag, of.entries);
        to.gauge("cache_bytes", "What they take.", &tag, of.bytes);
        all = (all.0 + of.hits, all.1 + of.made);
    }
    let rate = share_bp(all.0, all.0 + all.1) as f64 / 10_000.0;
    to.gauge("cache_hit_rate", "Of all answers since the start, the share given without being made.", &[], rate);
}

fn outward(app: &App, to: &Figures<'_>) {
    for of in app.outward.standings() {
        let service = [("service", of.service.as_str())];
        to.counter("outward_calls_total", "Calls to servers elsewhere.", &service, of.calls);
        to.counter("outward_failures_total", "Those that failed.", &service, of.failed);
        let help = "Calls that were not made: the place rested, or too much went there at once.";
        to.counter("outward_held_back_total", help, &service, of.held_back);
        to.gauge("outward_places_failing", "Places that fail again and again.", &service, of.failing);
    }
}

fn files(app: &App, to: &Figures<'_>) {
    file(&app.installation, "installation", to);
    for restaurant in app.restaurants() {
        file(&restaurant.db, &restaurant.id.to_string(), to);
    }
}

fn file(db: &Database, name: &str, to: &Figures<'_>) {
    let (name, load) = ([("database", name)], db.load());
    to.gauge("database_active_connections", "Reading connections that are lent out.", &name, load.lent);
    to.gauge("database_open_connections", "Reading connections that are open.", &name, load.open);
    to.gauge("database_connections_max", "Reading connections that may be open.", &name, load.open_max);
    to.gauge("database_write_queue", "Writes that wait.", &name, load.queued);
    to.gauge("database_write_queue_max", "Writes that may wait; more are told to come back.", &name, load.queue_max);
    if let Ok(entry) = db.entry() {
        to.counter(
            "database_journal_entries_total",
            "Entries of the journal: commits that changed something.",
            &name,
            entry,
        );
    }
    let size = std::fs::metadata(db.path()).map_or(0, |about| about.len());
    to.gauge("database_file_bytes", "Size of the file.", &name, size);
}

fn sales(of: &Business, to: &Figures<'_>) {
    let at = [("restaurant", of.restaurant.as_str())];
    let money = [at[0], ("currency", of.currency)];
    to.gauge("orders_open", "Orders that are open.", &at, of.open);
    to.gauge("orders_opened_today", "Orders opened on this business day.", &at, of.opened);
    to.gauge("orders_paid_today", "Orders completed on this business day.", &at, of.day.completed);
    to.gauge("orders_cancelled_today", "Orders cancelled on this business day.", &at, of.day.cancelled);
    to.gauge("guests_today", "Guests of the completed orders of this business day.", &at, of.day.covers);
    to.gauge(
        "sales_today_minor_units",
        "Sales of this business day, in the smallest unit.",
        &money,
        of.day.gross_minor,
    );
    let back = "Money given back on this business day, in the smallest unit.";
    to.gauge("refunds_today_minor_units", back, &money, of.day.refunds_minor);
    for (tender, payments, minor) in &of.tenders {
        let tendered = [at[0], ("tender", tender.as_str())];
        to.gauge("payments_today", "Payments of this business day.", &tendered, *payments);
        let help = "What payments of this business day settled, in the smallest unit.";
        to.gauge("payments_today_minor_units", help, &[at[0], money[1], tendered[1]], *minor);
    }
    to.gauge("tasks_open", "Tasks that are not done.", &at, of.tasks);
    to.gauge("menu_sold_out_items", "Counted items of which none is left.", &at, of.sold_out);
    to.gauge("kitchen_tickets_stuck", "Tickets that do not come out of their printer.", &at, of.stuck_tickets);
}

fn upkeep(of: &Business, to: &Figures<'_>) {
    let at = [("restaurant", of.restaurant.as_str())];
    if let Some((waiting, age_ms)) = of.outbox {
        to.gauge("sync_outbox_commands", "Own commands that wait for the sequencer.", &at, waiting);
        to.gauge("sync_outbox_age_seconds", "Age of the oldest that waits.", &at, age_ms as f64 / 1e3);
    }
    let backups = &of.backups;
    to.gauge("backup_places", "Places backups go to.", &at, backups.places);
    to.gauge("backup_places_behind", "Places that are not up to date.", &at, backups.behind.len());
    to.gauge("backup_failing", "1 while backing up fails.", &at, u64::from(backups.failing.is_some()));
    if let Some(ms) = backups.exposure_ms {
        to.gauge("backup_lag_seconds", "Age of the oldest change that is in no backup.", &at, ms as f64 / 1e3);
    }
    if let Some(made_ms) = backups.proven_ms {
        let age = (of.now_ms - made_ms) as f64 / 1e3;
        to.gauge("backup_age_seconds", "Age of the newest backup that was proven to come back.", &at, age);
    }
}

/// The figures of every restaurant, not older than ten seconds.
pub fn business(app: &App) -> Arc<Vec<Business>> {
    let mut kept = app.instruments.business.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, all)) = kept.as_ref().filter(|(at, _)| at.elapsed() < BUSINESS_KEPT) {
        return all.clone();
    }
    let read = |restaurant: &Arc<Restaurant>| {
        let read = of_restaurant(app, restaurant);
        read.inspect_err(|error| tracing::warn!(%error, restaurant = %restaurant.id, "its figures cannot be read")).ok()
    };
    let all: Arc<Vec<_>> = Arc::new(app.restaurants().iter().filter_map(read).collect());
    *kept = Some((Instant::now(), all.clone()));
    all
}

fn of_restaurant(app: &App, restaurant: &Restaurant) -> rusqlite::Result<Business> {
    let (settings, now_ms) = (restaurant.settings()?, app.clock.now_ms());
    let date = settings.business_date(now_ms).to_string();
    let backups = standing::standing(app, restaurant)?;
    restaurant.read(|conn| {
        let (open, opened) = store::orders(conn, &date)?;
        let outbox = if restaurant.is_linked {
            let (waiting, oldest_ms) = sync::store::queue(conn)?;
            Some((waiting, oldest_ms.map_or(0, |at_ms| (now_ms - at_ms).max(0))))
        } else {
            None
        };
        Ok(Business {
            restaurant: restaurant.id.to_string(),
            currency: settings.currency.code,
            day: store::day(conn, &date)?,
            tenders: store::tenders(conn, &date)?,
            open,
            opened,
            tasks: tasks::store::open_count(conn)?,
            sold_out: store::sold_out(conn)?,
            stuck_tickets: printing::store::open(conn)?.iter().filter(|job| job.is_alarm()).count(),
            outbox,
            backups,
            now_ms,
        })
    })
}
