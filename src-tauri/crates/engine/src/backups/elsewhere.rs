//! The computer died: everything a target holds, on a machine that has nothing yet.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use comanda_db::shipping;
use rusqlite::Connection;
use uuid::Uuid;

use super::plan::{self, Wanted};
use super::runs::{Step, What};
use super::seal::DataKey;
use super::target::Target;
use super::unit::Unit;
use super::{Backups, Failure, bring, carried, check, settings, shelf, store};

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
    let failed = |source| Failure::Target { target: from.name.clone(), source };
    let target = Target::reach(from).await.map_err(failed)?;
    let units = shelf::units(&target).await.map_err(failed)?;
    if units.is_empty() {
        return Err(Failure::Said(format!("{} holds no backup", from.name)));
    }
    if let Some(there) = units.iter().map(|unit| place(data_dir, *unit)).find(|place| place.exists()) {
        return Err(Failure::Said(format!(
            "{} is there already; this is for an empty data directory",
            there.display()
        )));
    }
    std::fs::create_dir_all(data_dir.join("restaurants"))?;
    let backups = Backups::open(data_dir, Arc::default())?;
    let work = backups.work()?;
    let mut ready = Vec::new();
    for unit in units {
        let run = backups.runs.begin(What::Restore, &unit.name(), now_ms);
        let outcome = async {
            let shelf = shelf::look(&target, unit, &key).await?;
            if let (true, Some(finding)) = (shelf.bases.is_empty(), shelf.findings.first()) {
                return Err(Failure::Said(finding.clone()));
            }
            let way = plan::way(&shelf, wanted, chrono_tz::UTC).map_err(|no| Failure::Said(no.to_string()))?;
            let file = work.file(&format!("{}.db", unit.name()));
            let mark = bring::bring(&target, unit, &key, &shelf, &way, &file, &run).await?;
            run.at(Step::Check, 0.75)?;
            let checked = file.clone();
            let checked = tokio::task::spawn_blocking(move || check::check(&checked, unit)).await??;
            if let Some(finding) = checked.findings.first() {
                return Err(Failure::Said(finding.clone()));
            }
            shipping::adopt(&file, Uuid::now_v7(), shelf.epoch_max() + 1)?;
            if unit == Unit::Installation {
                // Some of it may have been ended since; nobody knows what.
                store::shut(&Connection::open(&file)?, now_ms)?;
            }
            check::settle(&file)?;
            Ok((unit, file, mark.entry))
        };
        let outcome = outcome.await;
        ready.push(run.end(outcome, now_ms)?);
    }
    backups.take_key(key)?;
    let kept = settings::Settings { targets, ..backups.settings() };
    settings::save(&backups.folder().join("settings.json"), &kept)?;
    let mut back = Vec::new();
    // The installation last: without it the restaurants belong to nobody, and this can be done again.
    ready.sort_by_key(|(unit, ..)| *unit == Unit::Installation);
    for (unit, file, entry) in ready {
        let path = place(data_dir, unit);
        std::fs::rename(&file, &path)?;
        back.push(Back { unit: unit.name(), path, entry });
    }
    Ok(back)
}
