//! The way back from a newer version that is not well: the files it changed are put back as they were before.
//!
//! Every version keeps a whole copy of a file before it migrates it (`backups::before_update`). This program knows how
//! many migrations it has; a file with more behind it was changed by a newer one, and the copy with exactly ours is
//! what is put in its place. It needs no word from the newer program.
//!
//! Invariants: what the newer version wrote is set aside whole, and the orders in it that the copy does not have are
//! named before anything changes and in the report after; a restaurant that was put back is in a later epoch, as after
//! any restore (0015); killed anywhere on the way, the next call finishes. Blocking, and the caller holds the lock.
//!
//! Deliberately absent: bringing what came since into the older file, which does not know the newer one's columns;
//! putting back a restaurant that another desk orders, because that desk has what it needs: it is linked again.

mod store;

use std::fs;
use std::path::{Path, PathBuf};

use comanda_db::{Database, shipping};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::backups::commands::RecordRestore;
use crate::backups::unit::Unit;
use crate::backups::{self, Failure, check, swap};
use crate::error::ApiError;
use crate::hub;
use crate::kernel::ids::{RestaurantId, mint};
use crate::{sync, tables};

/// Orders named one by one; the others are counted, and all are in what is set aside.
pub const ORDERS_MAX: usize = 500;

/// Where everything about a change of version lies, in the data directory.
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("update")
}

/// How many migrations of each kind of file a version has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub installation: usize,
    pub restaurant: usize,
}

impl Known {
    /// This version's.
    pub const OURS: Self =
        Self { installation: tables::INSTALLATION.migrations.len(), restaurant: tables::RESTAURANT.migrations.len() };

    const fn of(self, unit: Unit) -> usize {
        match unit {
            Unit::Installation => self.installation,
            Unit::Restaurant(_) => self.restaurant,
        }
    }
}

/// A file that a newer version changed.
#[derive(Debug)]
pub struct Newer {
    pub unit: Unit,
    pub path: PathBuf,
    /// What is put in its place. None: there is no copy of before.
    pub copy: Option<PathBuf>,
    /// Another desk orders it.
    pub is_linked: bool,
    pub since: Option<Since>,
    /// What the restaurant is called.
    pub name: Option<String>,
}

/// What the newer file has and the copy has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// Rung up or changed since, oldest first.
    pub orders: Vec<Order>,
    /// Of them, more than are named.
    pub orders_more: u64,
    /// Entries of the journal.
    pub entries: u64,
}

/// As it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub number: String,
    pub business_date: String,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub at_ms: i64,
    pub put_back: Vec<PutBack>,
    /// Restaurants that stay as the newer version left them: this desk is linked again.
    pub linked: Vec<String>,
}

impl Report {
    /// Who is logged in is in the installation's file.
    pub fn logs_everybody_out(&self) -> bool {
        self.put_back.iter().any(|put| put.unit == Unit::Installation.name())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutBack {
    /// A restaurant's id, or `installation`.
    pub unit: String,
    pub name: Option<String>,
    /// The journal's last entry in it.
    pub entry: u64,
    pub epoch: u64,
    /// Where what the newer version wrote is set aside.
    pub safety: PathBuf,
    /// None: this version could not read what came since; it is in `safety` all the same.
    pub since: Option<Since>,
}

/// The files of a data directory that a version newer than this one changed; the installation's first.
///
/// # Errors
/// The folder cannot be read. A file that cannot is none of these.
pub fn look(data_dir: &Path) -> std::io::Result<Vec<Newer>> {
    look_as(data_dir, Known::OURS)
}

/// The same, as another version would see it. Files may be open meanwhile.
///
/// # Errors
/// See [`look`].
pub fn look_as(data_dir: &Path, known: Known) -> std::io::Result<Vec<Newer>> {
    let mut units = vec![(Unit::Installation, data_dir.join("installation.db"))];
    if let Ok(entries) = fs::read_dir(data_dir.join("restaurants")) {
        let mut restaurants = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
        restaurants.sort();
        units.extend(restaurants.into_iter().filter_map(|path| {
            let id = path.file_name()?.to_str()?.strip_suffix(".db")?.parse().ok()?;
            Some((Unit::Restaurant(RestaurantId(id)), path))
        }));
    }
    let installation = |found: &[Newer]| match found.first() {
        Some(Newer { unit: Unit::Installation, copy: Some(copy), .. }) => copy.clone(),
        _ => data_dir.join("installation.db"),
    };
    let mut found = Vec::new();
    for (unit, path) in units {
        let known = known.of(unit);
        if !store::version(&path).is_ok_and(|there| there > known) {
            continue;
        }
        let copy = backups::before_update(data_dir).join(format!("{}-v{known}.db", unit.name()));
        let copy = copy.is_file().then_some(copy);
        let is_linked = match unit {
            Unit::Installation => false,
            Unit::Restaurant(id) => is_linked(&installation(&found), id),
        };
        let since = copy.as_deref().and_then(|copy| since(unit, &path, copy));
        let name = copy.as_deref().and_then(|copy| store::name(copy).ok());
        found.push(Newer { unit, path, copy, is_linked, since, name });
    }
    Ok(found)
}

fn is_linked(installation: &Path, id: RestaurantId) -> bool {
    let link = store::reading(installation).and_then(|conn| sync::store::link(&conn, id));
    link.inspect_err(|error| tracing::warn!(%error, "whether another desk orders a restaurant is not known"))
        .is_ok_and(|link| link.is_some())
}

fn since(unit: Unit, newer: &Path, copy: &Path) -> Option<Since> {
    let entries = || Ok::<_, rusqlite::Error>(store::entry(newer)?.saturating_sub(store::entry(copy)?));
    let orders = || match unit {
        Unit::Installation => Ok((Vec::new(), 0)),
        Unit::Restaurant(_) => store::orders_since(newer, copy, ORDERS_MAX),
    };
    let read = entries().and_then(|entries| {
        let (orders, all) = orders()?;
        Ok(Since { orders_more: all.saturating_sub(orders.len() as u64), orders, entries })
    });
    read.inspect_err(|error| tracing::warn!(%error, "what came since the update cannot be read")).ok()
}

/// Puts back every file that a newer version changed. Nothing found, nothing done.
///
/// # Errors
/// Why nothing was put in place; or, after some files were, why not the next: to be called again.
pub fn go_back(data_dir: &Path, now_ms: i64) -> Result<Report, Failure> {
    if hub::is_marked(data_dir) {
        return Err(Failure::Said("this folder holds a hub's copies: go back with its ledger".into()));
    }
    let work = folder(data_dir).join("work");
    drop(fs::remove_dir_all(&work));
    fs::create_dir_all(&work)?;
    let (linked, found): (Vec<_>, Vec<_>) = look(data_dir)?.into_iter().partition(|newer| newer.is_linked);
    // What was begun before and not finished is part of it.
    let mut report = self::report(data_dir).unwrap_or_default();
    report.at_ms = now_ms;
    report.linked = linked.into_iter().map(|newer| newer.name.unwrap_or_else(|| newer.unit.name())).collect();
    let mut ready = Vec::new();
    for newer in found {
        let file = work.join(format!("{}.db", newer.unit.name()));
        let put = make_ready(data_dir, &newer, &file, now_ms)?;
        report.put_back.retain(|known| known.unit != put.unit);
        report.put_back.push(put.clone());
        ready.push((file, newer.path, put.safety));
    }
    write(
        &folder(data_dir).join("went-back.json"),
        &serde_json::to_vec_pretty(&report).map_err(std::io::Error::from)?,
    )?;
    for (file, live, safety) in ready {
        place(&file, &live, &safety)?;
    }
    fs::remove_dir_all(&work)?;
    Ok(report)
}

fn make_ready(data_dir: &Path, newer: &Newer, file: &Path, now_ms: i64) -> Result<PutBack, Failure> {
    let Newer { unit, path, copy, since, name, .. } = newer;
    let Some(copy) = copy else {
        let path = path.display();
        let why = format!("{path} was changed by a newer version, and no copy of before is there. Restore a backup.");
        return Err(Failure::Said(why));
    };
    // What a process that was killed left beside it becomes part of it.
    store::close(path)?;
    check::settle(path)?;
    fs::copy(copy, file)?;
    let checked = check::check(file, *unit)?;
    if let Some(finding) = checked.findings.first() {
        return Err(Failure::Said(format!("the copy of before the update is not whole: {finding}")));
    }
    let entry = store::entry(file)?;
    let present = Database::open_to_read(path, unit.schema(), 1)?;
    let epoch = present.epoch() + 1;
    present.close();
    drop(present);
    check::settle(path)?;
    shipping::adopt(file, Uuid::now_v7(), epoch)?;
    if *unit == Unit::Installation {
        // Some of it may have been ended since; nobody knows what.
        backups::store::shut(&Connection::open(file)?, now_ms)?;
    }
    check::settle(file)?;
    let safety = swap::safety_folder(data_dir).join(format!("{}-{now_ms}.db", unit.name()));
    Ok(PutBack { unit: unit.name(), name: name.clone(), entry, epoch, safety, since: since.clone() })
}

fn place(file: &Path, live: &Path, safety: &Path) -> Result<(), Failure> {
    if let Some(folder) = safety.parent() {
        fs::create_dir_all(folder)?;
    }
    if fs::hard_link(live, safety).is_err() {
        fs::copy(live, safety)?;
        fs::File::open(safety)?.sync_all()?;
    }
    fs::rename(file, live)?;
    for folder in [live.parent(), safety.parent()].into_iter().flatten() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// What was put back and nobody has looked at yet.
pub fn report(data_dir: &Path) -> Option<Report> {
    let bytes = fs::read(folder(data_dir).join("went-back.json")).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Somebody looked at it: it stays beside what was set aside.
///
/// # Errors
/// The disk does not let it be moved.
pub fn seen(data_dir: &Path) -> std::io::Result<()> {
    let Some(report) = report(data_dir) else { return Ok(()) };
    let to = swap::safety_folder(data_dir);
    fs::create_dir_all(&to)?;
    fs::rename(folder(data_dir).join("went-back.json"), to.join(format!("went-back-{}.json", report.at_ms)))
}

/// Writes into every restaurant that it was put back. By nobody: the restaurant itself is the author. Blocking.
///
/// # Errors
/// It could not be written.
pub fn record(app: &App, report: &Report) -> Result<(), ApiError> {
    for put in &report.put_back {
        let Some(Unit::Restaurant(id)) = Unit::parse(&put.unit) else { continue };
        let Some(restaurant) = app.restaurant(id).filter(|restaurant| restaurant.db.epoch() == put.epoch) else {
            continue;
        };
        let safety = put.safety.file_name().map(|name| name.to_string_lossy().into_owned());
        let write = RecordRestore { base: None, entry: put.entry, until_ms: None, epoch: put.epoch, safety };
        app.write_blocking(&restaurant.db, id.0, mint(), &write)?;
    }
    Ok(())
}

/// Whole, or as it was.
///
/// # Errors
/// The disk's own.
pub fn write(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let part = path.with_extension("part");
    let mut file = fs::File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&part, path)?;
    path.parent().map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}
