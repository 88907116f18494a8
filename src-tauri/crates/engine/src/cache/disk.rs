//! Kept answers on disk, so that a restart starts warm: sled, on a thread of its own.
//!
//! Invariants. What is given is as right as what is in memory (`line`): whoever cannot prove it makes the answer
//! anew. Offering never waits: the queue is bounded, and what does not fit is dropped. Asking waits a few
//! milliseconds at most. Whatever happens to the folder (gone, full, altered, slow, locked by somebody) costs
//! warmth and nothing else. It holds what can be rebuilt, at most `Limits::bytes_max` of it.
//!
//! Deliberately absent: practice, moments of the past, and answers that last a minute.

pub mod entry;
mod keeper;
pub mod line;
mod shelf;

use std::collections::HashMap;
use std::hash::Hasher;
use std::path::Path;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicU8, AtomicU64};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Bytes;
use serde::Serialize;
use utoipa::ToSchema;

use self::entry::{ANSWER_BYTES_MAX, Head, Id};
use self::keeper::{Ask, Keeper};
use self::line::{Place, Record};
use super::policy::{Policy, Tag};
use super::{Key, Stamp};
use crate::kernel::ids::RestaurantId;
use crate::kernel::time::Clock;
use crate::tables::RESTAURANT;

/// Changed with what stands in the folder.
const FORMAT: u32 = 1;
/// Answers on disk at most.
const MARKS_MAX: usize = 20_000;
/// What is offered and not yet taken up, at most.
const QUEUE: usize = 256;
/// Making an answer takes no longer than this, so there is no sense in waiting longer.
const FIND_MAX: Duration = Duration::from_millis(20);
/// So many in a row that did not come in time, and nobody asks again until the engine starts anew.
const LATE_MAX: u64 = 5;
/// The engine stops without it after this.
const END_MAX: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub bytes_max: u64,
    /// A folder that takes longer to open is thrown away.
    pub open_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes_max: 256 * 1024 * 1024, open_max: Duration::from_secs(5) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CacheDiskState)]
pub enum State {
    Opening,
    On,
    /// Unwell, and begun anew by itself; answers are kept in memory alone.
    Off,
}

/// What the thread and those who ask both look at.
#[derive(Default)]
struct Shared {
    state: AtomicU8,
    marks: Mutex<HashMap<Id, Head>>,
    records: Mutex<HashMap<RestaurantId, Record>>,
    bytes: AtomicU64,
    given: AtomicU64,
    written: AtomicU64,
    dropped: AtomicU64,
    late: AtomicU64,
    wiped: AtomicU64,
}

impl Shared {
    fn marks(&self) -> MutexGuard<'_, HashMap<Id, Head>> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn records(&self) -> MutexGuard<'_, HashMap<RestaurantId, Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes these from what is known to be there.
    fn forget(&self, is_meant: impl Fn(&Head) -> bool) -> Vec<(Id, Head)> {
        self.marks().extract_if(|_, head| is_meant(head)).collect()
    }

    fn set(&self, state: State) {
        self.state.store(state as u8, Relaxed);
    }
}

/// How answers on disk do, since the engine started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CacheDisk)]
pub struct Figures {
    pub state: State,
    pub entries: u64,
    /// What the folder takes.
    pub bytes: u64,
    pub bytes_max: u64,
    /// Answers that came from the disk instead of being made.
    pub given: u64,
    pub written: u64,
    /// Not written, because too many waited.
    pub dropped: u64,
    /// How often the folder was thrown away.
    pub wiped: u64,
}

/// A handle on the thread.
pub struct Disk {
    asks: SyncSender<Ask>,
    shared: Arc<Shared>,
    limits: Limits,
}

/// What somebody asks the disk for.
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
    /// Begins to open what is there; nobody waits for it.
    pub fn start(data_dir: &Path, clock: Clock, limits: Limits) -> std::io::Result<Self> {
        let (asks, asked) = mpsc::sync_channel(QUEUE);
        let shared = Arc::new(Shared::default());
        let keeper = Keeper {
            root: data_dir.join("cache"),
            prefix: format!("answers-{:016x}-", made_by()),
            shared: shared.clone(),
            limits,
            clock,
            shelf: None,
            waiting: HashMap::new(),
            opened_last: None,
            floor: 0,
        };
        std::thread::Builder::new().name("cache".to_owned()).spawn(move || keeper.run(&asked))?;
        Ok(Self { asks, shared, limits })
    }

    /// Offers an answer that was just made.
    pub fn offer(&self, key: &Key, head: Head, answer: &Bytes) {
        if self.state() != State::On || answer.len() > ANSWER_BYTES_MAX {
            return;
        }
        if self.asks.try_send(Ask::Keep(id(key), head, answer.clone())).is_err() {
            self.shared.dropped.fetch_add(1, Relaxed);
        }
    }

    /// The answer, if it is there and right now.
    pub fn find(&self, wanted: &Wanted<'_>) -> Option<(Head, Vec<u8>)> {
        if self.state() != State::On || self.shared.late.load(Relaxed) >= LATE_MAX {
            return None;
        }
        let id = id(wanted.key);
        let head = self.shared.marks().get(&id).copied()?;
        if !self.is_right(&head, wanted) {
            return None;
        }
        let (reply, answer) = mpsc::sync_channel(1);
        self.asks.try_send(Ask::Find(id, head, reply)).ok()?;
        let Ok(found) = answer.recv_timeout(FIND_MAX) else {
            self.shared.late.fetch_add(1, Relaxed);
            return None;
        };
        self.shared.late.store(0, Relaxed);
        let answer = found?;
        self.shared.given.fetch_add(1, Relaxed);
        Some((head, answer))
    }

    fn is_right(&self, head: &Head, wanted: &Wanted<'_>) -> bool {
        let Wanted { policy, stamp, restaurant, place, now_ms, .. } = wanted;
        let of_this_line = head.stamp.opening == stamp.opening;
        let same = if of_this_line {
            head.stamp.entry == stamp.entry
        } else {
            let records = self.shared.records();
            // Nothing touched its tables in this line, and the one it is of ended with it, here.
            stamp.entry == 0
                && records.get(restaurant).is_some_and(|record| {
                    record.line == head.stamp.opening
                        && Some(record.place) == *place
                        && record.last_of(policy.tables) == head.stamp.entry
                })
        };
        same && head.stamp.turn == stamp.turn && (head.made_ms..head.until_ms).contains(now_ms)
    }

    /// Nothing of it is given from now on; the room it takes is freed a little later.
    pub fn clear(&self, tag: Option<Tag>) {
        let there = self.shared.forget(|head| tag.is_none_or(|tag| tag == head.tag));
        drop(self.asks.try_send(Ask::Clear(tag, there)));
    }

    /// Writes what the restaurants' lines leave, and ends. Waits a little. Blocking.
    pub fn end(&self, records: Vec<Record>) {
        let (done, ended) = mpsc::sync_channel(1);
        // What is still queued was made before and goes first; a queue that stands still is left alone.
        if self.asks.try_send(Ask::End(records, done)).is_err() || ended.recv_timeout(END_MAX).is_err() {
            tracing::warn!("answers on disk did not end in time; the next start begins cold");
        }
    }

    fn state(&self) -> State {
        let state = self.shared.state.load(Relaxed);
        [State::Opening, State::On, State::Off].into_iter().find(|one| *one as u8 == state).unwrap_or(State::Off)
    }

    pub fn figures(&self) -> Figures {
        let Shared { bytes, given, written, dropped, wiped, .. } = &*self.shared;
        Figures {
            state: self.state(),
            entries: self.shared.marks().len() as u64,
            bytes: bytes.load(Relaxed),
            bytes_max: self.limits.bytes_max,
            given: given.load(Relaxed),
            written: written.load(Relaxed),
            dropped: dropped.load(Relaxed),
            wiped: wiped.load(Relaxed),
        }
    }
}

fn id(key: &Key) -> Id {
    let mut hasher = blake3::Hasher::new_derive_key("comanda key of an answer 2026-11");
    hasher.update(key.role.as_str().as_bytes()).update(b" ").update(key.address.as_str().as_bytes());
    let mut id = [0; 16];
    id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    id
}

/// This format, schema and program: what another one wrote is not looked at.
fn made_by() -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write_u32(FORMAT);
    hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
    RESTAURANT.tables.iter().for_each(|table| hasher.write(table.name.as_bytes()));
    hasher.write_usize(RESTAURANT.migrations.len());
    let program = std::env::current_exe().and_then(std::fs::metadata).ok();
    let built = program.as_ref().and_then(|program| program.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    hasher.write_u64(program.map_or(0, |program| program.len()));
    hasher.write_u128(built.map_or(0, |built| built.as_nanos()));
    hasher.finish()
}
