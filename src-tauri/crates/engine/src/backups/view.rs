//! What screens are shown of the backups: how safe the restaurant is now, what lies where, what was done.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::copies::{self, NamedCopy};
use super::custody::KeyPlace;
use super::manifest::Kind;
use super::plan;
use super::retention::Retention;
use super::runs::Run;
use super::settings::{Nightly, Place, Settings};
use super::shelf::{self, Shelf};
use super::unit::Unit;
use super::{prune, ship, standing, swap};
use crate::app::{App, Restaurant};
use crate::error::ApiError;
use crate::kernel::time;

/// Runs shown.
const RUNS_SHOWN: usize = 30;

/// How safe a restaurant is, where its backups are, and what was done with them.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupsOverview {
    pub now_ms: i64,
    /// What would be lost if this computer died now, in milliseconds; 0: nothing; null: everything.
    pub exposure_ms: Option<i64>,
    /// Another computer goes on with this restaurant: what is written here goes nowhere.
    pub fenced: bool,
    /// Why nothing is known to be there yet, and that this is as it should be.
    pub beginning: Option<BackupBeginning>,
    /// Everything up to then is safe.
    pub safe_ms: Option<i64>,
    /// The last entry of the journal here.
    pub entry: u64,
    /// How long the newest test restore took: back in service after that.
    pub restore_ms: Option<u64>,
    pub targets: Vec<BackupTarget>,
    /// Newest first.
    pub bases: Vec<BackupBase>,
    /// What can be gone back to, oldest first, of all places between them.
    pub windows: Vec<BackupWindow>,
    pub bytes: u64,
    pub retention: Retention,
    /// What the next clean-up lets go of.
    pub going: BackupsGoing,
    pub nightly: Nightly,
    /// When the next base of the night is due.
    pub next_ms: Option<i64>,
    pub key: BackupKey,
    /// Newest first.
    pub runs: Vec<Run>,
    /// Presents that were set aside by a restore, newest first.
    pub set_aside: Vec<BackupSetAside>,
    /// Moments that were kept beside, newest first.
    pub copies: Vec<NamedCopy>,
    /// Files as they were before an update of the program changed them.
    pub before_update: Vec<BackupSetAside>,
}

/// What a house with places for backups waits for, until something is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackupBeginning {
    /// The places are looked at.
    Looking,
    /// The first whole backup is made.
    First,
    /// The restaurant was put back, and the first whole backup of what it is now is made. What it was before is there.
    AfterRestore,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BackupTarget {
    pub id: Uuid,
    pub name: String,
    #[schema(example = "folder")]
    pub kind: &'static str,
    /// The folder, or the store and its bucket.
    pub place: String,
    /// Looked at since the engine started.
    pub known: bool,
    pub entry: u64,
    pub entries_behind: u64,
    /// Age of the oldest change that is not there yet.
    pub lag_ms: i64,
    pub bases: u32,
    pub bytes: u64,
    /// Why it is behind: a sentence.
    pub trouble: Option<String>,
    pub trouble_since_ms: Option<i64>,
    /// What lies there and cannot be believed.
    pub findings: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BackupBase {
    pub id: Uuid,
    pub kind: Kind,
    pub made_ms: i64,
    pub at_ms: i64,
    pub entry: u64,
    pub epoch: u64,
    /// As it lies in the store, and the file.
    pub bytes: u64,
    pub plain_bytes: u64,
    pub build: String,
    pub targets: Vec<BackupBaseAt>,
}

/// A base in one target.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupBaseAt {
    pub target_id: Uuid,
    pub state: BackupBaseState,
    /// When it was tested, and how long that took.
    pub tested_ms: Option<i64>,
    pub took_ms: Option<u64>,
    pub findings: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BackupBaseState {
    Untested,
    Verified,
    Failed,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BackupWindow {
    pub epoch: u64,
    pub from_ms: i64,
    pub to_ms: i64,
    /// The entry that is missing where it ends before its time.
    pub missing: Option<u64>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct BackupsGoing {
    pub bases: Vec<Uuid>,
    pub segments: u64,
    pub bytes: u64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BackupKey {
    /// Says which key it is; null: it is made with the first backup.
    pub id: Option<String>,
    /// The recovery key was shown.
    pub seen: bool,
    pub passphrase: bool,
    /// Where it is; null: nowhere yet.
    pub place: Option<KeyPlace>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BackupSetAside {
    pub name: String,
    pub made_ms: i64,
    pub bytes: u64,
}

/// Everything the page shows. Nothing is asked of a target: what is known of it is kept up.
pub fn overview(app: &App, restaurant: &Restaurant) -> Result<BackupsOverview, ApiError> {
    let unit = Unit::Restaurant(restaurant.id);
    let (settings, now_ms, entry) = (app.backups.settings(), app.clock.now_ms(), restaurant.db.entry()?);
    let places: Vec<_> = settings.targets.iter().map(|t| (t, app.backups.shelves.place(unit, t.id))).collect();
    let mut targets = Vec::new();
    for (target, place) in &places {
        targets.push(of_target(restaurant, target, place, (now_ms, entry))?);
    }
    let shelves: Vec<(Uuid, &Shelf)> =
        places.iter().filter_map(|(target, place)| Some((target.id, place.shelf.as_ref()?))).collect();
    let known = || targets.iter().filter(|target| target.known);
    let fenced = places.iter().any(|(_, place)| place.fenced);
    // Whatever another place holds, it is not what the restaurant goes on with.
    let exposure_ms = known().map(|target| target.lag_ms).min().filter(|_| !fenced);
    let windows = plan::union(shelves.iter().flat_map(|(_, shelf)| plan::windows(shelf)).collect());
    let beginning = beginning(restaurant, exposure_ms, &places);
    let runs = app.backups.runs.of(&unit.name());
    let key = app.backups.key_place();
    let set_aside = swap::safeties(app, restaurant.id).map_err(ApiError::internal)?;
    let mut bases = merged(&shelves);
    bases.sort_by_key(|base| std::cmp::Reverse((base.made_ms, base.id)));
    let tested = bases.iter().flat_map(|base| &base.targets).max_by_key(|at| at.tested_ms);
    Ok(BackupsOverview {
        now_ms,
        exposure_ms,
        fenced,
        beginning,
        safe_ms: exposure_ms.map(|lag_ms| now_ms - lag_ms),
        entry,
        // What did not come back was not measured.
        restore_ms: tested.filter(|at| at.state == BackupBaseState::Verified).and_then(|at| at.took_ms),
        windows: windows.into_iter().map(of_window).collect(),
        bytes: shelves.iter().map(|(_, shelf)| shelf.bytes).sum(),
        going: going(app, unit, &shelves, &settings),
        retention: settings.retention,
        next_ms: next_ms(app, unit, settings.nightly, now_ms).filter(|_| !settings.targets.is_empty()),
        nightly: settings.nightly,
        key: BackupKey {
            seen: key.as_ref().is_some_and(|(_, seen, _)| *seen),
            place: key.as_ref().map(|(_, _, place)| *place),
            id: key.map(|(id, _, _)| id),
            passphrase: settings.wrapped.is_some(),
        },
        runs: runs.into_iter().take(RUNS_SHOWN).collect(),
        set_aside: set_aside
            .into_iter()
            .map(|safety| BackupSetAside { name: safety.name, made_ms: safety.made_ms, bytes: safety.bytes })
            .collect(),
        copies: copies::all(app, restaurant.id).map_err(ApiError::internal)?,
        before_update: before_update(app, restaurant).map_err(ApiError::internal)?,
        targets,
        bases,
    })
}

fn beginning(
    restaurant: &Restaurant,
    exposure_ms: Option<i64>,
    places: &[(&super::settings::Target, shelf::Place)],
) -> Option<BackupBeginning> {
    if exposure_ms.is_some()
        || places.is_empty()
        || places.iter().any(|(_, place)| place.trouble.is_some() || place.broken.is_some())
    {
        return None;
    }
    let epoch = restaurant.db.epoch();
    let looked_at = || places.iter().filter_map(|(_, place)| place.shelf.as_ref());
    let is_based = looked_at().any(|shelf| shelf.newest(epoch).is_some());
    Some(if is_based || looked_at().next().is_none() {
        BackupBeginning::Looking
    } else if epoch > 1 {
        BackupBeginning::AfterRestore
    } else {
        BackupBeginning::First
    })
}

/// Copies the file itself made before a migration.
fn before_update(app: &App, restaurant: &Restaurant) -> std::io::Result<Vec<BackupSetAside>> {
    let folder = super::before_update(&app.data_dir);
    let mut found = Vec::new();
    for schema in 0..restaurant.db.schema().migrations.len() {
        let name = format!("{}-v{schema}.db", restaurant.id);
        let Ok(file) = std::fs::metadata(folder.join(&name)) else { continue };
        let made = file.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        found.push(BackupSetAside { name, made_ms: i64::try_from(made.as_millis()).unwrap_or(0), bytes: file.len() });
    }
    Ok(found)
}

fn of_target(
    restaurant: &Restaurant,
    target: &super::settings::Target,
    place: &shelf::Place,
    (now_ms, here): (i64, u64),
) -> Result<BackupTarget, ApiError> {
    let (kind, shown) = match &target.place {
        Place::Folder { path } => ("folder", path.clone()),
        Place::S3(s3) => {
            let host = s3.endpoint.clone().unwrap_or_else(|| format!("s3.{}", s3.region));
            ("s3", format!("{host}/{}/{}", s3.bucket, s3.prefix))
        }
    };
    let entry = standing::entry(place);
    let broken = || place.broken.clone().map(|broken| (broken.why, broken.since_ms));
    let trouble = place.trouble.clone().map(|trouble| (trouble.why, trouble.since_ms)).or_else(broken);
    Ok(BackupTarget {
        id: target.id,
        name: target.name.clone(),
        kind,
        place: shown,
        known: place.confirmed.is_some(),
        entry,
        entries_behind: here.saturating_sub(entry),
        lag_ms: standing::lag_ms(restaurant, entry, (now_ms, here))?,
        bases: place.shelf.as_ref().map_or(0, |shelf| u32::try_from(shelf.bases.len()).unwrap_or(u32::MAX)),
        bytes: place.shelf.as_ref().map_or(0, |shelf| shelf.bytes),
        trouble_since_ms: trouble.as_ref().map(|(_, since_ms)| *since_ms),
        trouble: trouble.map(|(why, _)| why),
        findings: place.shelf.as_ref().map(|shelf| shelf.findings.clone()).unwrap_or_default(),
    })
}

fn merged(shelves: &[(Uuid, &Shelf)]) -> Vec<BackupBase> {
    let mut bases: Vec<BackupBase> = Vec::new();
    for (target_id, shelf) in shelves {
        for base in &shelf.bases {
            let (manifest, verdict) = (&base.manifest, base.verdict.as_ref());
            let at = BackupBaseAt {
                target_id: *target_id,
                state: match verdict {
                    None => BackupBaseState::Untested,
                    Some(verdict) if verdict.is_good() => BackupBaseState::Verified,
                    Some(_) => BackupBaseState::Failed,
                },
                tested_ms: verdict.map(|verdict| verdict.at_ms),
                took_ms: verdict.map(|verdict| verdict.took_ms),
                findings: verdict.map(|verdict| verdict.findings.clone()).unwrap_or_default(),
            };
            match bases.iter_mut().find(|known| known.id == manifest.id) {
                Some(known) => known.targets.push(at),
                None => bases.push(BackupBase {
                    id: manifest.id,
                    kind: manifest.kind,
                    made_ms: manifest.made_ms,
                    at_ms: manifest.at_ms,
                    entry: manifest.entry,
                    epoch: manifest.epoch,
                    bytes: manifest.sealed.bytes,
                    plain_bytes: manifest.plain.bytes,
                    build: manifest.build.clone(),
                    targets: vec![at],
                }),
            }
        }
    }
    bases
}

const fn of_window(window: plan::Window) -> BackupWindow {
    let plan::Window { epoch, from_ms, to_ms, missing } = window;
    BackupWindow { epoch, from_ms, to_ms, missing }
}

fn going(app: &App, unit: Unit, shelves: &[(Uuid, &Shelf)], settings: &Settings) -> BackupsGoing {
    let mut all = BackupsGoing::default();
    for (_, shelf) in shelves {
        all.add(prune::preview(app, unit, shelf, settings.retention));
    }
    all
}

impl BackupsGoing {
    pub fn add(&mut self, going: prune::Going) {
        self.segments += going.segments.len() as u64;
        self.bytes += going.bytes;
        for id in going.bases {
            if !self.bases.contains(&id) {
                self.bases.push(id);
            }
        }
    }
}

fn next_ms(app: &App, unit: Unit, nightly: Nightly, now_ms: i64) -> Option<i64> {
    let zone = ship::zone(app, unit);
    let today = time::local(now_ms, zone).date();
    let mut days = [Some(today), today.succ_opt()].into_iter().flatten();
    days.find_map(|date| Some(time::begins_ms(date, zone, nightly.minute)).filter(|at_ms| *at_ms > now_ms))
        .filter(|_| nightly.on)
}
