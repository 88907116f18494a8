//! Letting go of what the retention no longer keeps.
//!
//! A base goes with its manifest first: what is cut off in between is no base any more and is swept away the next
//! time. Segments go when no base that is kept needs them: those before the oldest base of their epoch.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::manifest::Kind;
use super::retention::{self, Kept, Retention};
use super::runs::{Step, What};
use super::segment::{self, Segment};
use super::shelf::Shelf;
use super::target::Target;
use super::unit::Unit;
use super::{Failure, compact, settings, ship};
use crate::app::App;
use crate::kernel::time;

/// What would go, or went.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Going {
    pub bases: Vec<Uuid>,
    pub segments: Vec<Segment>,
    /// Of the bases; segments are small.
    pub bytes: u64,
}

/// What a rule lets go of in one target. Pure.
pub fn going(shelf: &Shelf, retention: Retention, today: NaiveDate, date_of: impl Fn(i64) -> NaiveDate) -> Going {
    let bases: Vec<Kept> = shelf
        .bases
        .iter()
        .map(|base| Kept {
            id: base.manifest.id,
            made_ms: base.manifest.made_ms,
            date: date_of(base.manifest.made_ms),
            verified: base.is_verified(),
            epoch: base.manifest.epoch,
            before_restore: base.manifest.kind == Kind::BeforeRestore,
        })
        .collect();
    let gone = retention::going(&bases, retention, today);
    let mut oldest: BTreeMap<u64, u64> = BTreeMap::new();
    for base in shelf.bases.iter().filter(|base| !gone.contains(&base.manifest.id)) {
        let entry = oldest.entry(base.manifest.epoch).or_insert(u64::MAX);
        *entry = base.manifest.entry.min(*entry);
    }
    let unneeded = |segment: &&Segment| oldest.get(&segment.epoch).is_none_or(|entry| segment.last <= *entry);
    // Without a base that is kept nothing can be said about segments.
    let segments =
        if oldest.is_empty() { Vec::new() } else { shelf.segments.iter().filter(unneeded).cloned().collect() };
    let of = |id: &Uuid| shelf.base(*id).map_or(0, |base| base.manifest.sealed.bytes);
    Going { bytes: gone.iter().map(of).sum(), bases: gone, segments }
}

/// What would go now.
pub fn preview(app: &App, unit: Unit, shelf: &Shelf, retention: Retention) -> Going {
    let zone = ship::zone(app, unit);
    let date_of = |at_ms| time::local(at_ms, zone).date();
    going(shelf, retention, date_of(app.clock.now_ms()), date_of)
}

/// What is known to go in all places, as it is shown.
pub fn shown(app: &App, unit: Unit) -> Vec<Uuid> {
    let settings = app.backups.settings();
    let known = settings.targets.iter().filter_map(|target| app.backups.shelves.place(unit, target.id).shelf);
    known.flat_map(|shelf| preview(app, unit, &shelf, settings.retention).bases).collect()
}

/// Cleans every target up, as one run. `shown`: the backups somebody agreed to let go of; no others go.
pub async fn prune(app: &App, unit: Unit, shown: Option<&[Uuid]>) -> Result<Going, Failure> {
    let run = app.backups.runs.begin(What::Prune, &unit.name(), app.clock.now_ms());
    let _alone = app.backups.alone.lock().await;
    let settings = app.backups.settings();
    let outcome = async {
        let mut reckoned = Vec::new();
        for target in &settings.targets {
            run.at(Step::Prune, 0.1)?;
            reckoned.push((target, reckon(app, unit, target, settings.retention).await?));
        }
        let mut goes = reckoned.iter().flat_map(|(_, (.., going))| &going.bases);
        if shown.is_some_and(|shown| goes.any(|id| !shown.contains(id))) {
            let why = "other backups would go now than were shown; nothing was let go of. Look at it again.";
            return Err(Failure::Said(why.into()));
        }
        let mut all = Going::default();
        for (settings, reckoned) in reckoned {
            run.at(Step::Prune, 0.2)?;
            let gone = one(app, unit, settings, reckoned).await?;
            all.bases.extend(gone.bases);
            all.segments.extend(gone.segments);
            all.bytes += gone.bytes;
        }
        Ok(all)
    };
    let outcome = outcome.await;
    run.end(outcome, app.clock.now_ms())
}

type Reckoned = (Target, Shelf, Going);

/// Read anew: what goes is decided on what is there, not on what is remembered.
async fn reckon(app: &App, unit: Unit, settings: &settings::Target, retention: Retention) -> Result<Reckoned, Failure> {
    let (target, _) = ship::reached(app, unit, settings).await?;
    let shelf = super::shelf::look(&target, unit, &app.backups.key()?).await?;
    let going = preview(app, unit, &shelf, retention);
    Ok((target, shelf, going))
}

async fn one(
    app: &App,
    unit: Unit,
    settings: &settings::Target,
    (target, shelf, going): Reckoned,
) -> Result<Going, Failure> {
    let failed = |source| Failure::Target { target: target.name.clone(), source };
    let name = unit.name();
    for id in &going.bases {
        for path in
            [segment::manifest_path(&name, *id), segment::verdict_path(&name, *id), segment::base_path(&name, *id)]
        {
            target.delete(&path).await.map_err(failed)?;
        }
    }
    for one in &going.segments {
        target.delete(&one.path(&name)).await.map_err(failed)?;
    }
    sweep(app, &target, &name, &shelf).await?;
    app.backups.shelves.with(unit, settings.id, |place| {
        if let Some(shelf) = &mut place.shelf {
            shelf.bases.retain(|base| !going.bases.contains(&base.manifest.id));
            shelf.segments.retain(|segment| !going.segments.contains(segment));
            shelf.bytes = shelf.bytes.saturating_sub(going.bytes);
        }
    });
    // A place that is tidied has few and large segments.
    compact::compact_alone(app, unit, settings).await?;
    Ok(going)
}

/// Removes what is left of bases whose manifest is gone or never came. One that stands and is not believed stays:
/// somebody may want to know why.
async fn sweep(app: &App, target: &Target, unit: &str, shelf: &Shelf) -> Result<(), Failure> {
    let failed = |source| Failure::Target { target: target.name.clone(), source };
    let listed = target.list(&format!("{unit}/bases")).await.map_err(failed)?;
    let has_manifest = |id| listed.iter().any(|object| object.path == segment::manifest_path(unit, id));
    for object in &listed {
        let Some(id) = segment::base_of(&object.path) else { continue };
        if shelf.base(id).is_none() && !has_manifest(id) && !app.backups.arriving.has(id) {
            target.delete(&object.path).await.map_err(failed)?;
        }
    }
    Ok(())
}
