//! What a test, or making a moment ready, finds damaged in a place: it counts for nothing from then on, the journal that
//! is still here is put there again, and a new base is made, so that the place protects again within a minute.
//!
//! A damaged segment is moved aside in its place, where it leads nowhere and somebody may still look at it. So every
//! list read later, on any computer, shows the gap.

use super::bring;
use super::manifest::Verdict;
use super::restore::Source;
use super::segment::{self, Segment};
use super::shelf::{Broken, Place, Shipped};
use super::ship::{self, SEGMENT_BYTES};
use super::target::Target;
use super::unit::Unit;
use super::{Failure, plan, settings, verify};
use crate::app::App;

/// A place whose new base is not proven after this long is given another one.
const AGAIN_MS: i64 = 30 * 60_000;

/// Notes that a segment of a place leads nowhere, and puts the journal there again where it is still here. The
/// sentence for people comes back.
pub async fn damaged(app: &App, unit: Unit, target: &Target, segment: &Segment, why: &str) -> Failure {
    let said = Failure::Said(format!("{}: {why}", segment.called(ship::zone(app, unit))));
    let (name, path) = (unit.name(), segment.path(&unit.name()));
    if let Err(error) = target.set_aside(&path, &segment::damaged_path(&name, segment)).await {
        tracing::warn!(%error, path, "a damaged segment stays where it is");
    }
    mark(app, unit, target.id, &said, |place| {
        if let Some(shelf) = &mut place.shelf {
            shelf.segments.retain(|known| known != segment);
        }
    });
    if let Err(error) = put_again(app, unit, target, segment).await {
        tracing::warn!(%error, path, "the journal could not be put there again");
    }
    app.backups.wake.notify_one();
    said
}

/// Notes what a test said of a base. `newest`: the journal after it was followed too.
pub fn tested(app: &App, unit: Unit, target: &settings::Target, verdict: &Verdict, newest: bool) {
    let keep = |place: &mut Place| {
        let bases = place.shelf.iter_mut().flat_map(|shelf| &mut shelf.bases);
        bases.filter(|base| base.manifest.id == verdict.base).for_each(|base| base.verdict = Some(verdict.clone()));
    };
    match verdict.findings.first() {
        None => app.backups.shelves.with(unit, target.id, |place| {
            keep(place);
            if newest {
                place.broken = None;
            }
        }),
        Some(finding) => {
            let known = app.backups.shelves.place(unit, target.id).broken;
            if known.is_some_and(|broken| broken.why == *finding) {
                // Noted when it was met on the way; shipping went on from there since.
                app.backups.shelves.with(unit, target.id, keep);
                return;
            }
            mark(app, unit, target.id, &Failure::Said(finding.clone()), keep);
            app.backups.wake.notify_one();
        }
    }
}

/// A moment could not be made: what is damaged on its way is noted. The sentence for people comes back.
pub async fn on_the_way(app: &App, unit: Unit, source: &Source, way: &plan::Way, failure: Failure) -> Failure {
    let Source::Target(settings) = source else { return failure.on_the_clock(ship::zone(app, unit)) };
    match failure {
        Failure::Broken { segment, why } => match ship::reached(app, unit, settings).await {
            Ok((target, _)) => damaged(app, unit, &target, &segment, &why).await,
            Err(failure) => failure,
        },
        Failure::Sealed { .. } | Failure::Said(_) | Failure::Records(_) => {
            // Its test says what is the matter with the base, and keeps it.
            let (app, settings, id) = (app.clone(), settings.clone(), way.base.id);
            drop(tokio::spawn(async move { verify::verify(&app, unit, &settings, id).await.map(drop) }));
            failure
        }
        other => other,
    }
}

/// From now on a place holds only what can be reached from a base that comes back.
fn mark(app: &App, unit: Unit, target: uuid::Uuid, why: &Failure, change: impl FnOnce(&mut Place)) {
    let (now_ms, epoch) = (app.clock.now_ms(), unit.database(app).map_or(1, |database| database.epoch()));
    app.backups.shelves.with(unit, target, |place| {
        change(place);
        let reached = place.shelf.as_ref().and_then(|shelf| shelf.reach(epoch));
        place.confirmed = reached.map(|entry| Shipped { entry, at_ms: now_ms });
        (place.shipped, place.history) = (None, place.history + 1);
        let known = place.broken.take();
        let (since_ms, tried_ms) = known.map_or((now_ms, None), |known| (known.since_ms, known.tried_ms));
        place.broken = Some(Broken { why: why.to_string(), since_ms, tried_ms });
    });
}

/// Whether a place is to be given a new base now; it is noted that it is.
pub fn takes_base(app: &App, unit: Unit, target: uuid::Uuid) -> bool {
    let now_ms = app.clock.now_ms();
    app.backups.shelves.with(unit, target, |place| {
        let Some(broken) = &mut place.broken else { return false };
        let due = broken.tried_ms.is_none_or(|tried_ms| !(tried_ms..tried_ms + AGAIN_MS).contains(&now_ms));
        if due {
            broken.tried_ms = Some(now_ms);
        }
        due
    })
}

/// The new base did not get there: it is tried again with the next turn.
pub fn base_failed(app: &App, unit: Unit, target: uuid::Uuid) {
    app.backups.shelves.with(unit, target, |place| {
        if let Some(broken) = &mut place.broken {
            broken.tried_ms = None;
        }
    });
}

async fn put_again(app: &App, unit: Unit, target: &Target, segment: &Segment) -> Result<(), Failure> {
    let Some(database) = unit.database(app).filter(|database| database.epoch() == segment.epoch) else {
        return Ok(());
    };
    let (key, mut cursor) = (app.backups.key()?, segment.first - 1);
    while cursor < segment.last {
        let from = database.clone();
        let piece = tokio::task::spawn_blocking(move || from.piece(cursor, SEGMENT_BYTES)).await??;
        let Some(piece) = piece else { break };
        let again = Segment::of(segment.epoch, &piece);
        let path = again.path(&unit.name());
        let failed = |source| Failure::Target { target: target.name.clone(), source };
        target.put(&path, segment::shut(&key, &path, &piece)?).await.map_err(failed)?;
        bring::fetch(target, &unit.name(), &key, &again).await?;
        cursor = piece.last;
        app.backups.shelves.with(unit, target.id, |place| {
            if let Some(shelf) = &mut place.shelf {
                shelf.segments.retain(|known| *known != again);
                shelf.segments.push(again);
                shelf.segments.sort();
            }
        });
    }
    Ok(())
}
