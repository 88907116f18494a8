//! A file that was brought back and checked takes the place of the present, which is set aside whole.
//!
//! The last step is one rename. An engine that is killed anywhere on the way starts with the one or the other.

use std::path::{Path, PathBuf};

use comanda_db::shipping;
use uuid::Uuid;

use super::Failure;
use super::check::{beside, settle};
use crate::app::App;
use crate::kernel::ids::RestaurantId;

/// Where the present is set aside.
const SAFETY: &str = "safety";
/// Copies kept of one restaurant; older ones go.
pub const SAFETY_MAX: usize = 3;

/// A present that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safety {
    pub name: String,
    pub made_ms: i64,
    pub bytes: u64,
    pub path: PathBuf,
}

/// Where presents are set aside in a data directory.
pub fn safety_folder(data_dir: &Path) -> PathBuf {
    data_dir.join(super::FOLDER).join(SAFETY)
}

/// Puts `ready` in the place of the restaurant's file, in a later epoch and as another device. Blocking.
pub fn swap(app: &App, id: RestaurantId, ready: &Path, epoch: u64) -> Result<Option<Safety>, Failure> {
    if app.hub.is_some() {
        let why = "this restaurant's files are copies of a hub's ledger; bringing one back here changes nothing there";
        return Err(Failure::Said(why.into()));
    }
    shipping::adopt(ready, Uuid::now_v7(), epoch)?;
    settle(ready)?;
    let live = app.restaurant_path(id);
    let busy = Failure::Said("somebody reads for too long; nothing was changed. Try again.".into());
    let safety = app.exchange(id, busy, || place(app, id, &live, ready))?;
    app.unreadable.clear(id);
    Ok(safety)
}

fn place(app: &App, id: RestaurantId, live: &Path, ready: &Path) -> Result<Option<Safety>, Failure> {
    let folder = app.backups.folder().join(SAFETY);
    std::fs::create_dir_all(&folder)?;
    // The newest is the one that stays longest, whatever the clock says, and none takes another's name.
    let newest_ms = safeties(app, id)?.first().map_or(0, |newest| newest.made_ms + 1);
    let made_ms = app.clock.now_ms().max(newest_ms);
    let name = format!("{id}-{made_ms}.db");
    let path = folder.join(&name);
    let is_there = live.exists();
    if !is_there || settle(live).is_err() {
        // What lies beside a file that is gone, or that is damaged and does not close, would be read into the next one.
        let beside_it = beside(live, "-wal");
        if beside_it.exists() {
            std::fs::copy(&beside_it, beside(&path, "-wal"))?;
            std::fs::remove_file(&beside_it)?;
        }
        remove(&beside(live, "-shm"))?;
    }
    let mut safety = None;
    if is_there {
        if std::fs::hard_link(live, &path).is_err() {
            std::fs::copy(live, &path)?;
            std::fs::File::open(&path)?.sync_all()?;
        }
        safety = Some(Safety { name, made_ms, bytes: std::fs::metadata(&path)?.len(), path });
    }
    std::fs::rename(ready, live)?;
    if let Some(folder) = live.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    for old in safeties(app, id)?.into_iter().skip(SAFETY_MAX) {
        std::fs::remove_file(&old.path)?;
        remove(&beside(&old.path, "-wal"))?;
    }
    Ok(safety)
}

/// What is not there is gone.
fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What was set aside of a restaurant, newest first.
pub fn safeties(app: &App, id: RestaurantId) -> std::io::Result<Vec<Safety>> {
    let folder = app.backups.folder().join(SAFETY);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let made = name.strip_prefix(&format!("{id}-")).and_then(|rest| rest.strip_suffix(".db")?.parse().ok());
        if let Some(made_ms) = made {
            found.push(Safety { made_ms, bytes: entry.metadata()?.len(), path: entry.path(), name });
        }
    }
    found.sort_by_key(|safety| std::cmp::Reverse(safety.made_ms));
    Ok(found)
}
