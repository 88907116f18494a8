//! Asks a part how it is, and times the asking. Blocking.

use std::fs;
use std::path::Path;
use std::time::Instant;

use comanda_db::Database;

use super::model::{
    Finding, Part, PartName, Status, Trouble, judge_backups, judge_disk, judge_memory, judge_reading, judge_requests,
    share_bp,
};
use super::vitals;
use crate::app::App;
use crate::backups::{standing, store};
use crate::cache::disk::Disk;
use crate::outward::door::Standing;
use crate::printing;

pub fn all(app: &App) -> Vec<Part> {
    PartName::ALL.iter().map(|name| ask(app, *name)).collect()
}

pub fn ask(app: &App, name: PartName) -> Part {
    let began = Instant::now();
    let Finding { status, error, figures } = match name {
        PartName::Database => database(app),
        PartName::Cache => cache(app),
        PartName::Disk => disk(app),
        PartName::Memory => memory(app),
        PartName::Requests => requests(app),
        PartName::Printers => printers(app),
        PartName::Backups => backups(app),
        PartName::Outward => outward(app),
    };
    Part { name, status, took_us: micros(began), at_ms: app.clock.now_ms(), error, figures }
}

/// Whether every file answers: what being ready means.
pub fn is_ready(app: &App) -> bool {
    files(app, |_| ()).is_some()
}

/// Something of every open file; None when one of them does not answer.
fn files<T>(app: &App, mut look: impl FnMut(&Database) -> T) -> Option<Vec<T>> {
    let restaurants = app.restaurants();
    let all = restaurants.iter().map(|restaurant| &restaurant.db).chain([&*app.installation]);
    all.map(|db| {
        let pages = db.read(|conn| conn.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0)));
        pages
            .inspect_err(|error| tracing::error!(%error, path = %db.path().display(), "a file does not answer"))
            .ok()?;
        Some(look(db))
    })
    .collect()
}

fn database(app: &App) -> Finding {
    let began = Instant::now();
    let sizes = files(app, |db| (size(db.path()), size(&db.path().with_extension("db-wal"))));
    let took_us = micros(began);
    let closed = app.unreadable.all().len();
    let Some(sizes) = sizes else { return Finding::of(Some((Status::Down, Trouble::DatabaseUnreadable)), &[]) };
    let verdict = if closed > 0 { Some((Status::Down, Trouble::RestaurantUnreadable)) } else { judge_reading(took_us) };
    let (files, logs) = sizes.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    Finding::of(
        verdict,
        &[
            ("restaurants", app.restaurants().len() as u64),
            ("closed_restaurants", closed as u64),
            ("files_bytes", files),
            ("write_ahead_bytes", logs),
            ("reading_us", took_us),
        ],
    )
}

fn cache(app: &App) -> Finding {
    let cache = app.answers.figures();
    let mut figures = vec![
        ("entries", cache.entries),
        ("kept_bytes", cache.bytes),
        ("hits", cache.hits),
        ("made", cache.made),
        ("hit_rate_bp", share_bp(cache.hits, cache.hits + cache.made)),
    ];
    if let Some(disk) = app.answers.disk().map(Disk::figures) {
        figures.extend([("disk_entries", disk.entries), ("disk_bytes", disk.bytes), ("disk_given", disk.given)]);
    }
    // The disk being off costs warmth after a restart; nothing anybody has to look at.
    Finding::of(None, &figures)
}

fn disk(app: &App) -> Finding {
    let Some(disk) = vitals::disk(&app.data_dir) else { return Finding::of(None, &[]) };
    let figures =
        [("free_bytes", disk.free), ("total_bytes", disk.total), ("free_bp", share_bp(disk.free, disk.total))];
    Finding::of(judge_disk(disk.free, disk.total), &figures)
}

fn memory(app: &App) -> Finding {
    let memory = app.vitals.memory();
    let used = share_bp(memory.total.saturating_sub(memory.available), memory.total);
    Finding::of(
        judge_memory(memory.available, memory.total),
        &[
            ("own_bytes", memory.own),
            ("machine_bytes", memory.total),
            ("machine_used_bp", used),
            ("processor_bp", memory.processor_bp),
        ],
    )
}

fn requests(app: &App) -> Finding {
    let recent = app.traffic.recent(app.clock.now_ms());
    Finding::of(
        judge_requests(recent.failed, recent.requests),
        &[
            ("requests", recent.requests),
            ("refused", recent.refused),
            ("failed", recent.failed),
            ("p50_us", recent.p50_us),
            ("p95_us", recent.p95_us),
            ("p99_us", recent.p99_us),
        ],
    )
}

fn printers(app: &App) -> Finding {
    let (mut waiting, mut failing) = (0, 0);
    for restaurant in app.restaurants() {
        let Ok(open) = restaurant.read(printing::store::open) else {
            return Finding::of(Some((Status::Down, Trouble::DatabaseUnreadable)), &[]);
        };
        waiting += open.len() as u64;
        failing += open.iter().filter(|job| job.is_alarm()).count() as u64;
    }
    let verdict = (failing > 0).then_some((Status::Warn, Trouble::TicketsStuck));
    Finding::of(verdict, &[("waiting", waiting), ("stuck", failing)])
}

/// The least safe restaurant speaks for all.
fn backups(app: &App) -> Finding {
    let now_ms = app.clock.now_ms();
    let (mut places, mut behind, mut failing, mut exposed_ms) = (0, 0, false, 0);
    let mut proven_ms: Option<i64> = None;
    for restaurant in app.restaurants() {
        let Ok(standing) = standing::standing(app, &restaurant) else {
            return Finding::of(Some((Status::Down, Trouble::DatabaseUnreadable)), &[]);
        };
        // Of a place that was not reached since the start, nothing but its silence is known.
        let silent_ms = standing.behind.iter().map(|behind| now_ms - behind.since_ms).min();
        exposed_ms = exposed_ms.max(standing.exposure_ms.or(silent_ms).unwrap_or(0));
        proven_ms = proven_ms.max(standing.proven_ms.map(|made_ms| now_ms - made_ms));
        (places, behind) = (places.max(standing.places), behind.max(standing.behind.len()));
        failing |= standing.failing.is_some();
    }
    if places == 0 {
        let paid = app.restaurants().iter().any(|restaurant| restaurant.read(store::has_payments).unwrap_or(false));
        return Finding::of(paid.then_some((Status::Warn, Trouble::BackupsNone)), &[("places", 0)]);
    }
    let ms = |value: i64| u64::try_from(value).unwrap_or(0);
    let mut figures = vec![("places", places as u64), ("places_behind", behind as u64), ("lag_ms", ms(exposed_ms))];
    figures.extend(proven_ms.map(|age| ("proven_age_ms", ms(age))));
    let nightly = app.backups.settings().nightly.on;
    Finding::of(judge_backups(failing, exposed_ms, proven_ms.filter(|_| nightly)), &figures)
}

/// Places outside that this computer asks.
fn outward(app: &App) -> Finding {
    let standings = app.outward.standings();
    let sum = |figure: fn(&Standing) -> u64| standings.iter().map(figure).sum::<u64>();
    let verdict = (app.outward.failing() > 0).then_some((Status::Warn, Trouble::OutwardFails));
    let figures = [
        ("places", sum(|of| of.places)),
        ("places_failing", sum(|of| of.failing)),
        ("calls", sum(|of| of.calls)),
        ("calls_failed", sum(|of| of.failed)),
    ];
    Finding::of(verdict, &figures)
}

/// A file that is not there has no size.
fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |about| about.len())
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}
