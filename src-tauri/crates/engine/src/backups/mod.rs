//! Backups: bases and segments of the journal in targets, any second of the past from them, and tested restores.
//!
//! A **base** is a whole snapshot; a **segment** is a run of the journal after it. Both are made small, shut with the
//! installation's key and put into every **target** (a folder, a store that speaks S3). `base` makes the one, `ship`
//! carries the other every second there is something new, `bring` makes a file of any moment from both, `check` and
//! `verify` believe it, `swap` puts it in the place of the present and keeps that. `retention` says what goes.
//!
//! Invariants: what is not vouched for with the key is not believed; a base counts as verified only after it was
//! brought back and checked; the present is never written over, only set aside; a restaurant that was put back is in
//! a later epoch, under a new device id and new letters. How far a target is follows from what the target holds.
//!
//! Deliberately absent: anything that rewrites a base. Formats: `docs/decisions/0015`.

pub mod alarm;
pub mod arrival;
pub mod aside;
pub mod base;
pub mod bring;
pub mod carried;
pub mod check;
pub mod collection;
pub mod commands;
pub mod compact;
pub mod copies;
pub mod custody;
pub mod elsewhere;
pub mod hand;
pub mod keys;
pub mod manifest;
pub mod mend;
pub mod plan;
pub mod prune;
pub mod refused;
pub mod rescue;
pub mod restore;
pub mod retention;
pub mod routes;
pub mod runs;
pub mod seal;
pub mod segment;
pub mod settings;
pub mod shelf;
pub mod ship;
pub mod standing;
pub mod store;
pub mod swap;
pub mod target;
pub mod unit;
pub mod verify;
pub mod view;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use tokio::sync::Notify;
use uuid::Uuid;

use self::custody::{Custody, KeyStore};
use self::runs::Runs;
use self::settings::Settings;
use self::shelf::Shelves;
use crate::error::{ApiError, Code, Refusal};

/// Where everything of the backups is, in the data directory.
const FOLDER: &str = "backups";

/// Where files are copied before an update changes them.
pub fn before_update(data_dir: &Path) -> PathBuf {
    data_dir.join(FOLDER).join("before-update")
}

/// What the engine holds of its backups.
pub struct Backups {
    folder: PathBuf,
    settings: RwLock<Settings>,
    custody: Mutex<Custody>,
    /// Said when the engine starts.
    pub key_store: OnceLock<KeyStore>,
    /// There is a key to bring to safety.
    pub key_changed: Notify,
    pub shelves: Shelves,
    pub runs: Arc<Runs>,
    pub restores: restore::Restores,
    pub files: hand::Files,
    pub arrivals: arrival::Arrivals,
    pub arriving: base::Arriving,
    /// Long work is done one after the other.
    pub alone: tokio::sync::Mutex<()>,
    /// Files take the place of the present one after the other: two at once would share what SQLite keeps beside it.
    pub swapping: tokio::sync::Mutex<()>,
    /// Wakes the shipping before its second is over.
    pub wake: Arc<Notify>,
}

/// Why something with backups did not work: a sentence for people.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{target}: {source}")]
    Target { target: String, source: target::TargetError },
    #[error("{what}: {source}")]
    Sealed { what: String, source: seal::SealError },
    #[error("{what}: {source}")]
    Manifest { what: String, source: manifest::Unbelievable },
    /// A segment that leads nowhere.
    #[error("{}: {why}", segment.called(chrono_tz::UTC))]
    Broken { segment: Box<segment::Segment>, why: String },
    #[error(transparent)]
    Key(#[from] keys::KeyError),
    #[error("{0}")]
    Records(#[from] comanda_db::replay::ReplayError),
    #[error("{}", refused::own_disk(.0))]
    Disk(#[from] std::io::Error),
    #[error("{0}")]
    Open(#[from] comanda_db::OpenError),
    /// A sentence already.
    #[error("{0}")]
    Said(String),
    #[error("it was stopped")]
    Stopped,
}

impl Failure {
    /// It is of this computer, whose disk or memory does not do, and says nothing of a backup.
    pub fn is_of_here(&self) -> bool {
        match self {
            Self::Disk(_) | Self::Key(_) => true,
            Self::Records(comanda_db::replay::ReplayError::Sql(error))
            | Self::Open(comanda_db::OpenError::Sqlite { source: error, .. }) => refused::of_sqlite(error).is_some(),
            Self::Open(comanda_db::OpenError::Thread(_)) => true,
            _ => false,
        }
    }

    /// With a capital at its beginning and a stop at its end.
    pub fn sentence(&self) -> String {
        let text = self.to_string();
        if let Self::Target { .. } = self {
            // It begins with a name, which is as somebody wrote it.
            return if text.ends_with('.') { text } else { format!("{text}.") };
        }
        let mut letters = text.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
        let stop = if text.ends_with('.') { "" } else { "." };
        format!("{first}{}{stop}", letters.as_str())
    }

    /// As a sentence on a restaurant's own clock.
    pub fn on_the_clock(self, zone: chrono_tz::Tz) -> Self {
        match self {
            Self::Broken { segment, why } => Self::Said(format!("{}: {why}", segment.called(zone))),
            other => other,
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        match refused::of_sqlite(&error) {
            Some(kind) => Self::Disk(std::io::Error::new(kind, error)),
            None => Self::Said(format!("the file cannot be read: {error}")),
        }
    }
}

impl From<tokio::task::JoinError> for Failure {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Said(format!("it broke: {error}"))
    }
}

impl From<Failure> for ApiError {
    fn from(failure: Failure) -> Self {
        Refusal::new(Code::Conflict, failure.sentence()).into()
    }
}

impl Backups {
    /// `busy_us`: how long writers have been at work.
    pub fn open(data_dir: &Path, busy_us: Arc<AtomicU64>) -> std::io::Result<Self> {
        let folder = data_dir.join(FOLDER);
        match std::fs::remove_dir_all(folder.join("work")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let settings = settings::load(&folder.join("settings.json"))?;
        let key = keys::on_disk(&folder.join(keys::FILE)).map_err(std::io::Error::other)?;
        Ok(Self {
            runs: Runs::open(folder.join("runs.json"), busy_us),
            folder,
            settings: RwLock::new(settings),
            custody: Mutex::new(Custody::of(key)),
            key_store: OnceLock::new(),
            key_changed: Notify::new(),
            shelves: Shelves::default(),
            restores: restore::Restores::default(),
            files: hand::Files::default(),
            arrivals: arrival::Arrivals::default(),
            arriving: base::Arriving::default(),
            alone: tokio::sync::Mutex::new(()),
            swapping: tokio::sync::Mutex::default(),
            wake: Arc::new(Notify::new()),
        })
    }

    pub fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the settings, on the disk first.
    pub fn change<T>(&self, change: impl FnOnce(&mut Settings) -> Result<T, ApiError>) -> Result<T, ApiError> {
        let mut held = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        let mut changed = held.clone();
        let value = change(&mut changed)?;
        settings::save(&self.folder.join("settings.json"), &changed).map_err(ApiError::internal)?;
        *held = changed;
        drop(held);
        self.wake.notify_one();
        Ok(value)
    }

    /// A folder for one piece of work; it is empty after a restart.
    pub fn work(&self) -> std::io::Result<Work> {
        let folder = self.folder.join("work").join(Uuid::now_v7().to_string());
        std::fs::create_dir_all(&folder)?;
        Ok(Work(folder))
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// A folder that goes with its last user.
#[derive(Debug)]
pub struct Work(PathBuf);

impl Work {
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, path = %self.0.display(), "a folder of backups stays until the next start");
        }
    }
}
