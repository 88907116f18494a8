//! Shipping: every second there is something new, the journal since then goes to every target; and the bases it
//! stands on, the first one and each night's.
//!
//! How far a target is follows from what it holds. After any interruption its list is read again and shipping goes
//! on from the end of what is there without a gap; what lies in a gap is shipped again.

use std::collections::HashMap;
use std::time::Duration;

use comanda_db::Database;
use tokio::task::{AbortHandle, JoinSet};
use uuid::Uuid;

use super::alarm::Alarms;
use super::manifest::Kind;
use super::seal::{self, DataKey};
use super::segment::{self, Segment};
use super::settings;
use super::shelf::{self, Shelf, Shipped, Trouble};
use super::target::{Target, TargetError};
use super::unit::{self, Unit};
use super::{Failure, bring, compact, mend, prune, restore, store};
use crate::app::App;
use crate::kernel::time;

/// Between two looks at whether there is something new.
pub const PERIOD: Duration = Duration::from_secs(1);
/// Of one segment, before it is made small.
pub const SEGMENT_BYTES: usize = 1024 * 1024;
/// Segments in one go, before the next target has its turn.
const SEGMENTS_A_TURN: usize = 64;
/// After a failure: one second, two, four, and so on up to this.
const WAIT_MAX_MS: i64 = 60_000;
/// A night's base that failed is tried again after this.
const NIGHT_AGAIN_MS: i64 = 30 * 60_000;

/// Runs for as long as the engine does.
pub async fn keep_shipping(app: App) {
    let (mut nights, mut alarms) = (Nights::default(), Alarms::default());
    // Each place has turns of its own: one that is slow keeps nobody else's.
    let (mut turns, mut under_way) = (JoinSet::new(), HashMap::<(Unit, Uuid), AbortHandle>::new());
    loop {
        drop(tokio::time::timeout(PERIOD, app.backups.wake.notified()).await);
        while turns.try_join_next().is_some() {}
        let settings = app.backups.settings();
        under_way.retain(|(_, of), turn| {
            if settings.targets.iter().all(|target| target.id != *of) {
                // Nobody waits for what goes to a place that was removed, which may never answer.
                turn.abort();
                app.backups.shelves.forget_target(*of);
            }
            !turn.is_finished()
        });
        for unit in unit::all(&app) {
            for target in &settings.targets {
                under_way.entry((unit, target.id)).or_insert_with(|| {
                    let (app, target) = (app.clone(), target.clone());
                    turns.spawn(async move { turn(&app, unit, &target).await })
                });
            }
        }
        nights.watch(&app, &settings);
        let asked = app.clone();
        let watched = tokio::task::spawn_blocking(move || {
            alarms.watch(&asked);
            alarms
        });
        alarms = watched.await.unwrap_or_default();
    }
}

/// One target's turn: the journal, and a base where it needs one. What goes wrong is kept, and tried again later.
pub async fn turn(app: &App, unit: Unit, target: &settings::Target) {
    take_turn(app, unit, target, true).await;
}

/// The journal only, for who is at long work and must not wait for a base.
pub async fn journal(app: &App, unit: Unit, target: &settings::Target) {
    take_turn(app, unit, target, false).await;
}

async fn take_turn(app: &App, unit: Unit, target: &settings::Target, may_base: bool) {
    let now_ms = app.clock.now_ms();
    let place = app.backups.shelves.place(unit, target.id);
    if place.trouble.as_ref().is_some_and(|trouble| trouble.next_ms > now_ms && trouble.next_ms - now_ms <= WAIT_MAX_MS)
    {
        return;
    }
    let outcome = ship(app, unit, target, may_base).await;
    app.backups.shelves.with(unit, target.id, |place| match outcome {
        Ok(()) => place.trouble = None,
        Err(failure) => {
            let tries = place.trouble.as_ref().map_or(0, |trouble| trouble.tries);
            let since_ms = place.trouble.as_ref().map_or(now_ms, |trouble| trouble.since_ms);
            if tries == 0 {
                tracing::error!(%failure, unit = unit.name(), target = target.name, "a target is behind");
            }
            let next_ms = now_ms + (1000_i64 << tries.min(10)).min(WAIT_MAX_MS);
            place.trouble = Some(Trouble { why: failure.to_string(), since_ms, tries: tries + 1, next_ms });
            // What is there is looked at anew.
            (place.target, place.shelf, place.shipped) = (None, None, None);
        }
    });
}

async fn ship(app: &App, unit: Unit, settings: &settings::Target, may_base: bool) -> Result<(), Failure> {
    let Some(database) = unit.database(app) else { return Ok(()) };
    let (target, shelf) = reached(app, unit, settings).await?;
    let epoch = database.epoch();
    let fenced = shelf.epoch_max() > epoch;
    app.backups.shelves.with(unit, settings.id, |place| place.fenced = fenced);
    if fenced {
        let why = "another computer goes on with this restaurant; this one must not serve any more";
        return Err(Failure::Said(format!("{}: {why}", settings.name)));
    }
    let Some(base) = shelf.newest_sound(epoch).map(|base| base.manifest.clone()) else {
        let is_first = shelf.newest(epoch).is_none();
        return match may_base && (is_first || mend::takes_base(app, unit, settings.id)) {
            true => give_base(app, unit, settings).await,
            false if is_first => Ok(()),
            false => Err(Failure::Said(format!("{}: what is put there does not come back", settings.name))),
        };
    };
    let key = app.backups.key()?;
    let place = app.backups.shelves.place(unit, settings.id);
    let mut cursor = match place.shipped {
        Some(shipped) => shipped.entry,
        None => resume(&target, unit, &key, &database, &shelf, (epoch, base.entry, &base.link)).await?,
    };
    if database.entry()? > cursor {
        still_there(&target, settings).await?;
        if let Unit::Restaurant(_) = unit {
            ship_images(app, &target, unit, &key, &database).await?;
        }
    }
    let history = place.history;
    for _ in 0..SEGMENTS_A_TURN {
        let from = database.clone();
        let piece = tokio::task::spawn_blocking(move || from.piece(cursor, SEGMENT_BYTES)).await??;
        let Some(piece) = piece else { break };
        let segment = Segment::of(epoch, &piece);
        let path = segment.path(&unit.name());
        let sealed = segment::shut(&key, &path, &piece)?;
        let bytes = sealed.len() as u64;
        target.put(&path, sealed).await.map_err(|source| Failure::Target { target: target.name.clone(), source })?;
        cursor = piece.last;
        app.backups.shelves.with(unit, settings.id, |place| {
            if let Some(shelf) = &mut place.shelf {
                shelf.segments.push(segment);
                shelf.bytes += bytes;
            }
        });
    }
    let shipped = Shipped { entry: cursor, at_ms: app.clock.now_ms() };
    app.backups.shelves.with(unit, settings.id, |place| {
        // Somebody may have put another history in its place meanwhile, or found that something leads nowhere.
        if place.shelf.is_some() && place.history == history {
            (place.shipped, place.confirmed) = (Some(shipped), Some(shipped));
        }
    });
    if may_base && mend::takes_base(app, unit, settings.id) {
        give_base(app, unit, settings).await?;
    }
    Ok(())
}

/// What segments stand on, where there is none yet or none that comes back.
async fn give_base(app: &App, unit: Unit, settings: &settings::Target) -> Result<(), Failure> {
    let given = restore::back_up(app, unit, std::slice::from_ref(settings), Kind::First, None).await;
    if given.is_err() {
        mend::base_failed(app, unit, settings.id);
    }
    given.map(drop)
}

/// The target, and what lies there: read once, kept up after that.
pub async fn reached(app: &App, unit: Unit, settings: &settings::Target) -> Result<(Target, Shelf), Failure> {
    let place = app.backups.shelves.place(unit, settings.id);
    if let (Some(target), Some(shelf)) = (place.target, place.shelf) {
        return Ok((target, shelf));
    }
    let failed = |source| Failure::Target { target: settings.name.clone(), source };
    let target = Target::reach(settings).await.map_err(failed)?;
    let shelf = shelf::look(&target, unit, &app.backups.key()?).await?;
    app.backups.shelves.with(unit, settings.id, |place| {
        place.target = Some(target.clone());
        place.shelf = Some(shelf.clone());
    });
    Ok((target, shelf))
}

/// A disk that was pulled out leaves an empty folder, which takes everything.
async fn still_there(target: &Target, settings: &settings::Target) -> Result<(), Failure> {
    if let settings::Place::Folder { .. } = settings.place {
        let failed = |source| Failure::Target { target: settings.name.clone(), source };
        if !target.is_marked().await.map_err(failed)? {
            return Err(failed(TargetError::Unplugged));
        }
    }
    Ok(())
}

/// Where shipping goes on; what is there must be this file's own history.
async fn resume(
    target: &Target,
    unit: Unit,
    key: &DataKey,
    database: &Database,
    shelf: &Shelf,
    (epoch, entry, link): (u64, u64, &str),
) -> Result<u64, Failure> {
    let other = || Failure::Said(format!("{}: it holds the history of another copy of this restaurant", target.name));
    let way = segment::way_from(entry, &shelf.of_epoch(epoch));
    let Some(last) = way.last() else {
        let here = if entry > database.entry()? { None } else { Some(database.link(entry)?) };
        return if here.is_some_and(|here| seal::hex(&here) == link) { Ok(entry) } else { Err(other()) };
    };
    // One that does not open is shipped again.
    let Ok(piece) = bring::fetch(target, &unit.name(), key, last).await else { return Ok(last.first - 1) };
    if last.last > database.entry()? || database.link(last.last)? != piece.after {
        return Err(other());
    }
    Ok(last.last)
}

async fn ship_images(
    app: &App,
    target: &Target,
    unit: Unit,
    key: &DataKey,
    database: &Database,
) -> Result<(), Failure> {
    let place = app.backups.shelves.place(unit, target.id);
    let there = place.shelf.map(|shelf| shelf.images).unwrap_or_default();
    for hash in database.read(store::image_hashes)?.into_iter().filter(|hash| !there.contains(hash)) {
        let image = database.read(|conn| crate::menu::store::image(conn, &hash))?;
        let Some(image) = image else { continue };
        let path = segment::image_path(&unit.name(), &hash);
        let plain = [image.media_type.as_bytes(), &[0], &image.bytes].concat();
        let mut sealed = Vec::new();
        seal::shut(key, &path, &*plain, &mut sealed)?;
        target.put(&path, sealed).await.map_err(|source| Failure::Target { target: target.name.clone(), source })?;
        app.backups.shelves.with(unit, target.id, |place| place.shelf.as_mut().map(|shelf| shelf.images.insert(hash)));
    }
    Ok(())
}

/// The base of each night, and every hour fewer and larger segments.
#[derive(Default)]
struct Nights {
    tried_ms: i64,
    merged_ms: Option<i64>,
}

impl Nights {
    fn watch(&mut self, app: &App, settings: &settings::Settings) {
        let now_ms = app.clock.now_ms();
        let merged_ms = *self.merged_ms.get_or_insert(now_ms);
        if now_ms >= merged_ms + compact::AGE_MIN_MS {
            self.merged_ms = Some(now_ms);
            let (app, settings) = (app.clone(), settings.clone());
            drop(tokio::spawn(async move {
                for unit in unit::all(&app) {
                    merge_segments(&app, unit, &settings).await;
                }
            }));
        }
        if !settings.nightly.on || settings.targets.is_empty() || now_ms < self.tried_ms + NIGHT_AGAIN_MS {
            return;
        }
        let due: Vec<_> = unit::all(app).into_iter().filter(|unit| is_due(app, *unit, settings, now_ms)).collect();
        if due.is_empty() {
            return;
        }
        self.tried_ms = now_ms;
        let (app, settings) = (app.clone(), settings.clone());
        drop(tokio::spawn(async move {
            for unit in due {
                // Failures are kept with their run.
                drop(restore::back_up(&app, unit, &settings.targets, Kind::Nightly, None).await);
                drop(prune::prune(&app, unit, None).await);
            }
        }));
    }
}

/// What goes wrong is tried again the next time: the segments are there either way.
async fn merge_segments(app: &App, unit: Unit, settings: &settings::Settings) {
    for target in &settings.targets {
        match compact::compact(app, unit, target).await {
            Ok(0) => {}
            Ok(gone) => tracing::info!(gone, unit = unit.name(), target = target.name, "segments were merged"),
            Err(error) => tracing::warn!(%error, unit = unit.name(), target = target.name, "segments stay small"),
        }
    }
}

/// Whether the last night's hour has struck since the newest base was made. Which zone, the restaurant says.
fn is_due(app: &App, unit: Unit, settings: &settings::Settings, now_ms: i64) -> bool {
    let zone = zone(app, unit);
    let today = time::local(now_ms, zone).date();
    let struck = |date| time::begins_ms(date, zone, settings.nightly.minute);
    let last = if struck(today) <= now_ms { Some(struck(today)) } else { today.pred_opt().map(struck) };
    let newest = |target: &settings::Target| {
        let shelf = app.backups.shelves.place(unit, target.id).shelf?;
        Some(shelf.bases.last().map_or(0, |base| base.manifest.made_ms))
    };
    let newest: Vec<_> = settings.targets.iter().filter_map(newest).collect();
    // A place that has no base yet gets its first one by itself.
    newest.iter().any(|made_ms| *made_ms > 0 && last.is_some_and(|last| *made_ms < last))
}

/// The time zone a unit lives by; the installation by its first restaurant's.
pub fn zone(app: &App, unit: Unit) -> chrono_tz::Tz {
    let restaurant = match unit {
        Unit::Restaurant(id) => app.restaurant(id),
        Unit::Installation => app.restaurants().into_iter().next(),
    };
    restaurant.and_then(|restaurant| restaurant.settings().ok()).map_or(chrono_tz::UTC, |settings| settings.time_zone)
}
