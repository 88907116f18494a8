//! Files carried by hand, as long as somebody is at them: those written here, until they are fetched, and those
//! brought here, until they are looked at. Few at once; a restart lets all of them go.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::manifest::{self, Manifest};
use super::runs::What;
use super::seal::DataKey;
use super::segment::WRAPPED_KEY;
use super::unit::Unit;
use super::{Failure, Work, carried, keys, settings};
use crate::app::App;
use crate::kernel::ids::RestaurantId;

/// Files at once; one more lets the oldest go.
const FILES_MAX: usize = 3;

const OTHER: &str = "this file is of another restaurant. On a computer that has none yet, the first screen brings it back: choose “Bring back from a backup” there";

/// A file of a restaurant, here for a while.
pub struct Kept {
    pub id: Uuid,
    /// Whom it is for: a restaurant, or an installation that has none yet.
    pub unit: Unit,
    /// What it holds, if it was brought here.
    pub brought: Option<Brought>,
    work: Work,
}

/// A file that was unpacked.
#[derive(Clone)]
pub struct Brought {
    pub target: settings::Target,
    /// As it says itself: it is believed when the key opens it.
    pub newest: Manifest,
    /// Something in it opens with a passphrase.
    pub wrapped: bool,
}

impl Kept {
    pub fn file(&self) -> PathBuf {
        self.work.file("carried")
    }

    /// The key it opens with: this installation's own, or what somebody has in hand. None: neither fits.
    pub fn key(&self, app: &App, recovery: Option<&str>, passphrase: Option<&str>) -> Result<Option<DataKey>, Failure> {
        let Some(brought) = &self.brought else { return Ok(None) };
        let fits = |key: &DataKey| key.id() == brought.newest.key_id;
        if let Some(held) = app.backups.held_key().filter(|held| fits(&held.key)) {
            return Ok(Some(held.key));
        }
        if let Some(text) = recovery {
            return Ok(keys::from_recovery(text).ok().filter(fits));
        }
        let settings::Place::Folder { path } = &brought.target.place else { return Ok(None) };
        let Some(passphrase) = passphrase.filter(|_| brought.wrapped) else { return Ok(None) };
        let wrapped = std::fs::read(std::path::Path::new(path).join(WRAPPED_KEY))?;
        let wrapped = serde_json::from_slice(&wrapped).map_err(|_| keys::KeyError::Passphrase)?;
        Ok(keys::unwrap_with(&wrapped, passphrase).ok().filter(fits))
    }
}

#[derive(Default)]
pub struct Files(Mutex<Vec<Arc<Kept>>>);

impl Files {
    pub fn find(&self, unit: Unit, id: Uuid) -> Option<Arc<Kept>> {
        self.all().iter().find(|kept| kept.id == id && kept.unit == unit).cloned()
    }

    /// False: there is none of this id.
    pub fn forget(&self, unit: Unit, id: Uuid) -> bool {
        let gone: Vec<_> = self.all().extract_if(.., |kept| kept.id == id && kept.unit == unit).collect();
        !gone.is_empty()
    }

    fn add(&self, kept: Kept) -> Arc<Kept> {
        let kept = Arc::new(kept);
        let mut all = self.all();
        all.push(kept.clone());
        let over = all.len().saturating_sub(FILES_MAX);
        let gone: Vec<_> = all.drain(..over).collect();
        drop(all);
        // Its folder goes outside the lock.
        drop(gone);
        kept
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Kept>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins to write a restaurant, and who works in it, into a file. It is there when the run is done, under its id.
pub fn begin(app: &App, restaurant: RestaurantId) -> Result<Uuid, Failure> {
    let unit = Unit::Restaurant(restaurant);
    let work = app.backups.work()?;
    let run = app.backups.runs.begin(What::Export, &unit.name(), app.clock.now_ms());
    let (app, id) = (app.clone(), run.id);
    drop(tokio::spawn(async move {
        let outcome = carried::write(&app, &[Unit::Installation, unit], &work.file("carried"), &run).await;
        if outcome.is_ok() {
            app.backups.files.add(Kept { id, unit, brought: None, work });
        }
        // What goes wrong is kept with the run.
        drop(run.end(outcome, app.clock.now_ms()));
    }));
    Ok(id)
}

/// Takes a file that somebody brings: as it comes in, and then unpacked.
pub struct Bringing {
    file: tokio::fs::File,
    work: Work,
}

impl Bringing {
    pub async fn begin(app: &App) -> Result<Self, Failure> {
        let work = app.backups.work()?;
        Ok(Self { file: tokio::fs::File::create(work.file("carried")).await?, work })
    }

    pub async fn take(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.write_all(bytes).await
    }

    pub async fn end(mut self, app: &App, unit: Unit) -> Result<Arc<Kept>, Failure> {
        self.file.flush().await?;
        let (from, folder) = (self.work.file("carried"), self.work.file("target"));
        let brought = tokio::task::spawn_blocking(move || {
            let target = carried::unpack(&from, &folder)?;
            // Unpacked it lies there whole; what it came in is in the way.
            std::fs::remove_file(from)?;
            let newest = newest(&folder, unit)?;
            let wrapped = folder.join(WRAPPED_KEY).exists();
            Ok::<_, Failure>(Brought { target, newest, wrapped })
        });
        let brought = Some(brought.await??);
        Ok(app.backups.files.add(Kept { id: Uuid::now_v7(), unit, brought, work: self.work }))
    }
}

fn newest(folder: &std::path::Path, unit: Unit) -> Result<Manifest, Failure> {
    let other = || {
        Failure::Said(match unit {
            Unit::Restaurant(_) => OTHER.into(),
            Unit::Installation => "this file does not hold a whole restaurant".into(),
        })
    };
    let unit = &*unit.name();
    let mut found = Vec::new();
    for base in std::fs::read_dir(folder.join(unit).join("bases")).map_err(|_| other())? {
        let told = std::fs::read(base?.path().join("manifest.json")).ok().and_then(|bytes| manifest::told(&bytes));
        found.extend(told.filter(|manifest| manifest.unit == *unit));
    }
    found.into_iter().max_by_key(|manifest| manifest.made_ms).ok_or_else(other)
}
