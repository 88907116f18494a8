//! Kept answers on disk, so that a restart starts warm: what is in memory when the engine stops is written to a sled
//! folder, and read from there when it starts.
//!
//! Invariants. What is given is as right as what is in memory (`line`): whoever cannot prove it makes the answer
//! anew. No request ever waits for the disk, and sled is open only while it is read or written, on a thread that
//! nobody waits for longer than `END_MAX`. Whatever happens to the folder (gone, full, altered, slow, locked by
//! somebody) costs warmth and nothing else.
//!
//! Deliberately absent: practice, moments of the past, answers that last a minute, and more than there was room for
//! in memory.

pub mod entry;
pub mod line;
mod shelf;

use std::collections::HashMap;
use std::fs;
use std::hash::Hasher;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use self::entry::{Head, Id};
use self::line::{Place, Record};
use self::shelf::Shelf;
use super::policy::{Policy, Tag};
use super::{Key, Stamp};
use crate::kernel::ids::RestaurantId;
use crate::tables::RESTAURANT;

/// Changed with what stands in the folder.
const FORMAT: u32 = 1;
/// The engine stops without it after this.
const END_MAX: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CacheDiskState)]
pub enum State {
    /// What an earlier run left is being read.
    Opening,
    On,
    /// It could not be read, and was thrown away.
    Off,
}

/// What an earlier run left, by what was asked.
#[derive(Default)]
struct Left {
    answers: HashMap<Id, (Head, Bytes)>,
    records: HashMap<RestaurantId, Record>,
}

#[derive(Default)]
struct Shared {
    state: AtomicU8,
    left: Mutex<Left>,
    /// Cleared before it was read: nothing of it is taken up.
    is_cleared: AtomicBool,
    found: AtomicU64,
    bytes: AtomicU64,
    given: AtomicU64,
}

/// How answers on disk do, since the engine started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CacheDisk)]
pub struct Figures {
    pub state: State,
    /// Answers an earlier run left.
    pub entries: u64,
    /// What their folder takes.
    pub bytes: u64,
    /// Answers that came from there instead of being made.
    pub given: u64,
}

/// The folder and what was found in it.
pub struct Disk {
    root: PathBuf,
    shared: Arc<Shared>,
}

/// What somebody asks for.
pub struct Wanted<'a> {
    pub key: &'a Key,
    pub policy: &'a Policy,
    /// The state of the world now.
    pub stamp: Stamp,
    pub restaurant: RestaurantId,
    /// Where the restaurant's file stood when it was opened.
    pub place: Option<Place>,
    pub now_ms: i64,
}

impl Disk {
    /// Begins to read what is there; nobody waits for it.
    pub fn start(data_dir: &Path) -> std::io::Result<Self> {
        let disk = Self { root: data_dir.join("cache"), shared: Arc::default() };
        let (root, shared) = (disk.root.clone(), disk.shared.clone());
        std::thread::Builder::new().name("cache".to_owned()).spawn(move || {
            let state = match read(&root, &shared) {
                Ok(()) => State::On,
                Err(why) => {
                    tracing::warn!(why, "answers on disk are unwell and thrown away");
                    wipe(&root);
                    State::Off
                }
            };
            shared.state.store(state as u8, Relaxed);
        })?;
        Ok(disk)
    }

    /// The answer, if an earlier run left it and it is right now. It is given once: it is in memory then.
    pub fn take(&self, wanted: &Wanted<'_>) -> Option<(Head, Bytes)> {
        let mut left = self.shared.left.lock().unwrap_or_else(PoisonError::into_inner);
        let found = left.answers.remove(&id(wanted.key))?;
        let record = left.records.get(&wanted.restaurant)?;
        is_right(&found.0, record, wanted).then(|| {
            self.shared.given.fetch_add(1, Relaxed);
            found
        })
    }

    /// Nothing of it is given from now on.
    pub fn clear(&self, tag: Option<Tag>) {
        let mut left = self.shared.left.lock().unwrap_or_else(PoisonError::into_inner);
        if tag.is_none() || self.state() == State::Opening {
            self.shared.is_cleared.store(true, Relaxed);
        }
        left.answers.retain(|_, (head, _)| tag.is_some_and(|tag| tag != head.tag));
    }

    /// Writes what was kept in memory and what the restaurants' lines leave. Waits a little. Blocking.
    pub fn end(&self, answers: Vec<(Id, Head, Bytes)>, records: Vec<Record>) {
        let root = self.root.clone();
        let (told, ended) = mpsc::sync_channel(1);
        let work = move || drop(told.send(guarded(|| write(&root, &answers, &records))));
        let begun = std::thread::Builder::new().name("cache".to_owned()).spawn(work);
        let outcome = begun
            .map_err(|error| error.to_string())
            .and_then(|_| ended.recv_timeout(END_MAX).unwrap_or_else(|_| Err("it takes too long".to_owned())));
        if let Err(why) = outcome {
            tracing::warn!(why, "answers could not be written to disk; the next start begins cold");
        }
    }

    fn state(&self) -> State {
        let state = self.shared.state.load(Relaxed);
        [State::Opening, State::On, State::Off].into_iter().find(|one| *one as u8 == state).unwrap_or(State::Off)
    }

    pub fn figures(&self) -> Figures {
        let Shared { found, bytes, given, .. } = &*self.shared;
        let [entries, bytes, given] = [found, bytes, given].map(|figure| figure.load(Relaxed));
        Figures { state: self.state(), entries, bytes, given }
    }
}

/// It is of this run's line only after a restart that changed nothing: the line it is of ended with it, here, and
/// nothing has touched its tables since.
fn is_right(head: &Head, record: &Record, wanted: &Wanted<'_>) -> bool {
    let Wanted { policy, stamp, place, now_ms, .. } = wanted;
    stamp.entry == 0
        && record.line == head.stamp.opening
        && Some(record.place) == *place
        && record.last_of(policy.tables) == head.stamp.entry
        && head.stamp.turn == stamp.turn
        && (head.made_ms..head.until_ms).contains(now_ms)
}

/// sled may panic on what it did not write.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("it panicked".to_owned()))
}

/// What an earlier run of this very program left. One that ended the program, or did not end, is not read again.
fn read(root: &Path, shared: &Shared) -> Result<(), String> {
    let folder = root.join(folder_name());
    if !folder.is_dir() {
        wipe(root);
        return Ok(());
    }
    let marker = root.join("reading");
    if marker.exists() {
        return Err("reading it did not end the last time".to_owned());
    }
    fs::write(&marker, "").map_err(|error| error.to_string())?;
    let (found, bytes) = guarded(|| {
        let shelf = Shelf::open(&folder).map_err(|error| error.to_string())?;
        let found = shelf.look_through().map_err(|error| error.to_string())?;
        Ok((found, shelf.bytes().unwrap_or(0)))
    })?;
    fs::remove_file(&marker).map_err(|error| error.to_string())?;
    let mut left = shared.left.lock().unwrap_or_else(PoisonError::into_inner);
    if shared.is_cleared.load(Relaxed) {
        return Ok(());
    }
    shared.found.store(found.answers.len() as u64, Relaxed);
    shared.bytes.store(bytes, Relaxed);
    left.answers = found.answers.into_iter().map(|(id, head, answer)| (id, (head, answer))).collect();
    left.records = found.records.into_iter().map(|record| (record.restaurant, record)).collect();
    Ok(())
}

/// A new folder in place of whatever is there.
fn write(root: &Path, answers: &[(Id, Head, Bytes)], records: &[Record]) -> Result<(), String> {
    wipe(root);
    let folder = root.join(folder_name());
    let written = fs::create_dir_all(root).map_err(|error| error.to_string()).and_then(|()| {
        let shelf = Shelf::open(&folder).map_err(|error| error.to_string())?;
        shelf.fill(answers, records).map_err(|error| error.to_string())
    });
    written.inspect_err(|_| wipe(root))
}

/// Everything of it, or the file that stands in its place.
fn wipe(root: &Path) {
    if fs::remove_dir_all(root).is_err() {
        drop(fs::remove_file(root));
    }
}

pub fn id(key: &Key) -> Id {
    let mut hasher = blake3::Hasher::new_derive_key("comanda key of an answer 2026-11");
    hasher.update(key.role.as_str().as_bytes()).update(b" ").update(key.address.as_str().as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    id
}

/// This format, schema and program: what another one wrote is not looked at.
fn folder_name() -> String {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write_u32(FORMAT);
    hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
    RESTAURANT.tables.iter().for_each(|table| hasher.write(table.name.as_bytes()));
    hasher.write_usize(RESTAURANT.migrations.len());
    let program = std::env::current_exe().and_then(std::fs::metadata).ok();
    let built = program.as_ref().and_then(|program| program.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    hasher.write_u64(program.map_or(0, |program| program.len()));
    hasher.write_u128(built.map_or(0, |built| built.as_nanos()));
    format!("answers-{:016x}", hasher.finish())
}
