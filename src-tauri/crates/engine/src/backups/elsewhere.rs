//! The computer died: everything a target holds, on a machine that has nothing yet. `comanda backup restore` does it
//! beside no engine, `arrival` while one runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use comanda_db::shipping;
use rusqlite::Connection;
use uuid::Uuid;

use super::plan::{self, Wanted, Window};
use super::runs::{Handle, Step, What};
use super::seal::DataKey;
use super::store::BackupFigures;
use super::target::{Target, TargetError};
use super::unit::Unit;
use super::{Backups, Failure, Work, bring, carried, check, keys, segment, settings, shelf, store};

/// A file that was brought back.
#[derive(Debug)]
pub struct Back {
    pub unit: String,
    pub path: PathBuf,
    pub entry: u64,
}

/// Where a unit's file is in a data directory.
fn place(data_dir: &Path, unit: Unit) -> PathBuf {
    match unit {
        Unit::Installation => data_dir.join("installation.db"),
        Unit::Restaurant(id) => data_dir.join("restaurants").join(format!("{id}.db")),
    }
}

/// Brings back every unit of a target into a data directory that has none of them. The key and the target stay with
/// it, so that backing up goes on. Nothing takes its place before everything was checked.
pub async fn bring_back(
    data_dir: &Path,
    from: &settings::Target,
    key: DataKey,
    wanted: Wanted,
    now_ms: i64,
) -> Result<Vec<Back>, Failure> {
    let kept = vec![from.clone()];
    bring_all(data_dir, from, kept, (key, wanted, now_ms)).await
}

/// The same out of a file that was carried here: only the key stays with it.
pub async fn bring_back_file(
    data_dir: &Path,
    from: &carried::Unpacked,
    key: DataKey,
    wanted: Wanted,
    now_ms: i64,
) -> Result<Vec<Back>, Failure> {
    bring_all(data_dir, &from.target, Vec::new(), (key, wanted, now_ms)).await
}

async fn bring_all(
    data_dir: &Path,
    from: &settings::Target,
    targets: Vec<settings::Target>,
    (key, wanted, now_ms): (DataKey, Wanted, i64),
) -> Result<Vec<Back>, Failure> {
    let (target, units) = reached(from).await?;
    no_file_of(data_dir, &units)?;
    std::fs::create_dir_all(data_dir.join("restaurants"))?;
    let backups = Backups::open(data_dir, Arc::default())?;
    let ready = prepare(&backups, &target, &units, &key, (wanted, now_ms), |_| ()).await?;
    backups.take_key(key)?;
    let kept = settings::Settings { targets, ..backups.settings() };
    settings::save(&backups.folder().join("settings.json"), &kept)?;
    put_in_place(data_dir, &ready)
}

/// A target, and what it holds something of.
pub async fn reached(from: &settings::Target) -> Result<(Target, Vec<Unit>), Failure> {
    let failed = |source| Failure::Target { target: from.name.clone(), source };
    let target = Target::reach(from).await.map_err(failed)?;
    let units = shelf::units(&target).await.map_err(failed)?;
    if units.is_empty() {
        return Err(Failure::Said(format!("{} holds no backup", from.name)));
    }
    Ok((target, units))
}

/// Nothing is written over.
pub fn no_file_of(data_dir: &Path, units: &[Unit]) -> Result<(), Failure> {
    match units.iter().map(|unit| place(data_dir, *unit)).find(|place| place.exists()) {
        Some(there) => {
            let why = format!("{} is there already; this is for an empty data directory", there.display());
            Err(Failure::Said(why))
        }
        None => Ok(()),
    }
}

/// The key that somebody has in hand: written down, or in a passphrase that lies with the backups.
pub async fn key_in_hand(
    from: &settings::Target,
    recovery_key: Option<&str>,
    passphrase: Option<&str>,
) -> Result<DataKey, Failure> {
    match (recovery_key, passphrase) {
        (Some(text), _) => Ok(keys::from_recovery(text)?),
        (None, Some(passphrase)) => {
            let failed = |source| Failure::Target { target: from.name.clone(), source };
            let wrapped = match Target::reach(from).await.map_err(failed)?.get(segment::WRAPPED_KEY).await {
                Ok(wrapped) => wrapped,
                Err(TargetError::Missing(_)) => {
                    return Err(Failure::Said("no passphrase was chosen for these backups".into()));
                }
                Err(source) => return Err(failed(source)),
            };
            let wrapped = serde_json::from_slice(&wrapped).map_err(|_| keys::KeyError::Passphrase)?;
            Ok(keys::unwrap_with(&wrapped, passphrase)?)
        }
        (None, None) => Err(Failure::Said("give the recovery key or the passphrase".into())),
    }
}

/// A unit as it was brought back and checked, in a file of its own.
#[derive(Debug)]
pub struct One {
    pub unit: Unit,
    pub file: PathBuf,
    pub entry: u64,
    /// The moment it is: when the last command in it was asked for.
    pub at_ms: i64,
    /// Of a restaurant.
    pub figures: Option<BackupFigures>,
    /// Which moments its backups lead to.
    pub windows: Vec<Window>,
}

/// Everything a target holds, made ready.
#[derive(Debug)]
pub struct Ready {
    /// The installation last: without it the restaurants belong to nobody, and this can be done again.
    pub all: Vec<One>,
    /// The files go with it.
    _work: Work,
}

/// Brings every unit back into a file of its own and checks it; nothing takes its place. `begun` hears which run it is.
pub async fn prepare(
    backups: &Backups,
    target: &Target,
    units: &[Unit],
    key: &DataKey,
    (wanted, now_ms): (Wanted, i64),
    mut begun: impl FnMut(Uuid),
) -> Result<Ready, Failure> {
    let work = backups.work()?;
    let mut all = Vec::new();
    for unit in units {
        let run = backups.runs.begin(What::Restore, &unit.name(), now_ms);
        begun(run.id);
        let file = work.file(&format!("{}.db", unit.name()));
        let outcome = one(target, *unit, key, file, (wanted, now_ms), &run).await;
        all.push(run.end(outcome, now_ms)?);
    }
    all.sort_by_key(|one| one.unit == Unit::Installation);
    Ok(Ready { all, _work: work })
}

async fn one(
    target: &Target,
    unit: Unit,
    key: &DataKey,
    file: PathBuf,
    (wanted, now_ms): (Wanted, i64),
    run: &Handle,
) -> Result<One, Failure> {
    let shelf = shelf::look(target, unit, key).await?;
    if let (true, Some(finding)) = (shelf.bases.is_empty(), shelf.findings.first()) {
        return Err(Failure::Said(finding.clone()));
    }
    let way = plan::way(&shelf, wanted, chrono_tz::UTC).map_err(|no| Failure::Said(no.to_string()))?;
    let mark = bring::bring(target, unit, key, &shelf, &way, &file, run).await?;
    run.at(Step::Check, 0.75)?;
    let path = file.clone();
    let checked = tokio::task::spawn_blocking(move || check::check(&path, unit)).await??;
    if let Some(finding) = checked.findings.first() {
        return Err(Failure::Said(finding.clone()));
    }
    shipping::adopt(&file, Uuid::now_v7(), shelf.epoch_max() + 1)?;
    if unit == Unit::Installation {
        // Some of it may have been ended since; nobody knows what.
        store::shut(&Connection::open(&file)?, now_ms)?;
    }
    check::settle(&file)?;
    let at_ms = checked.figures.as_ref().and_then(|figures| figures.at_ms).unwrap_or(way.base.at_ms);
    Ok(One { unit, file, entry: mark.entry, at_ms, figures: checked.figures, windows: plan::windows(&shelf) })
}

/// What stands ready is in its place. Blocking.
pub fn put_in_place(data_dir: &Path, ready: &Ready) -> Result<Vec<Back>, Failure> {
    let mut back = Vec::new();
    for One { unit, file, entry, .. } in &ready.all {
        let path = place(data_dir, *unit);
        std::fs::rename(file, &path)?;
        back.push(Back { unit: unit.name(), path, entry: *entry });
    }
    for folder in [data_dir.join("restaurants"), data_dir.to_owned()] {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(back)
}
