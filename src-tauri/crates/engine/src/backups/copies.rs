//! Copies with a name: a moment that stays beside the present, to be looked at whenever somebody wants to.
//!
//! A copy is a file of its own and what is said of it, the latter written last. It changes nothing and nothing changes
//! it; a later version of the program brings what is looked at forward, not the copy. Deliberately absent: a copy that
//! can be worked in, which would be a second restaurant with the same numbers.

use std::path::{Path, PathBuf};

use comanda_db::shipping;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::keys::write_own;
use super::restore::{Prepared, State};
use super::unit::Unit;
use super::{Failure, check};
use crate::app::App;
use crate::kernel::ids::RestaurantId;

/// Copies of one restaurant.
pub const COPIES_MAX: usize = 8;
const FOLDER: &str = "copies";

/// What is said of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BackupCopy)]
pub struct NamedCopy {
    pub id: Uuid,
    pub name: String,
    /// The moment it is.
    pub at_ms: i64,
    /// The last entry in it.
    pub entry: u64,
    pub made_ms: i64,
    pub bytes: u64,
}

fn folder(app: &App, restaurant: RestaurantId) -> PathBuf {
    app.backups.folder().join(FOLDER).join(restaurant.to_string())
}

fn paths(app: &App, restaurant: RestaurantId, id: Uuid) -> (PathBuf, PathBuf) {
    let folder = folder(app, restaurant);
    (folder.join(format!("{id}.db")), folder.join(format!("{id}.json")))
}

/// Newest first.
pub fn all(app: &App, restaurant: RestaurantId) -> std::io::Result<Vec<NamedCopy>> {
    let entries = match std::fs::read_dir(folder(app, restaurant)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found: Vec<NamedCopy> = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            found.extend(std::fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()));
        }
    }
    found.sort_by_key(|copy| std::cmp::Reverse((copy.made_ms, copy.id)));
    Ok(found)
}

/// Keeps a moment that stands ready, under a name. Blocking.
pub fn keep(app: &App, prepared: &Prepared, name: String) -> Result<NamedCopy, Failure> {
    let State::Ready(ready) = prepared.state() else {
        return Err(Failure::Said("this moment does not stand ready".into()));
    };
    let known = all(app, prepared.restaurant)?;
    if known.len() >= COPIES_MAX {
        return Err(Failure::Said(format!("there are {COPIES_MAX} copies already; let one go first")));
    }
    if known.iter().any(|copy| copy.name == name) {
        return Err(Failure::Said("there is a copy of this name already".into()));
    }
    let id = Uuid::now_v7();
    let (file, about) = paths(app, prepared.restaurant, id);
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // The moment that stands ready goes on to be something else: it is not shared.
    std::fs::copy(prepared.file(), &file)?;
    std::fs::File::open(&file)?.sync_all()?;
    let bytes = std::fs::metadata(&file)?.len();
    let copy = NamedCopy { id, name, at_ms: ready.at_ms, entry: ready.then.entry, made_ms: app.clock.now_ms(), bytes };
    let text = serde_json::to_vec_pretty(&copy).map_err(std::io::Error::other)?;
    write_own(&about, &text)?;
    Ok(copy)
}

/// A file to look at, in a folder of its own: brought forward where the program went on since. Blocking.
pub fn to_look_at(app: &App, restaurant: RestaurantId, id: Uuid, to: &Path) -> Result<(), Failure> {
    let (file, unit) = (paths(app, restaurant, id).0, Unit::Restaurant(restaurant));
    std::fs::copy(file, to)?;
    if shipping::mark(to)?.schema < unit.schema().migrations.len() {
        check::check(to, unit)?;
    }
    Ok(())
}

/// Lets a copy go: what is said of it first. False: there is none of this id.
pub fn let_go(app: &App, restaurant: RestaurantId, id: Uuid) -> std::io::Result<bool> {
    let (file, about) = paths(app, restaurant, id);
    if !about.exists() {
        return Ok(false);
    }
    std::fs::remove_file(about)?;
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(true),
    }
}
