//! Answers kept ready: their bytes and what they were made from.
//!
//! Invariants. An answer is given only when no commit has touched its tables since before it was
//! read, at the same turn of the clock, to the same role: a hit is never stale, and the time in its
//! policy is only a ceiling. What is kept is bounded by bytes. Of many who ask for the same answer
//! at once, one makes it. Errors are not kept.
//!
//! What lasts is written to disk when the engine stops (`disk`), so that a restart starts warm; `routes` shows and
//! clears.
//!
//! Deliberately absent: who asks. The key has the role, and a handler whose answer is kept is given
//! nothing else of the caller (`front::asked`).

pub mod disk;
pub mod fresh;
pub mod policy;
pub mod routes;
pub mod versions;
mod watch;

use std::io::Write;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::uri::PathAndQuery;
use chrono::Datelike;
use comanda_db::Database;
use flate2::Compression;
use flate2::write::GzEncoder;
use moka::ops::compute::Op;
use moka::sync::Cache;
use rusqlite::Connection;
use uuid::Uuid;

use self::disk::entry::{ANSWER_BYTES_MAX, Head};
use self::disk::line::Record;
use self::disk::{Disk, Wanted};
use self::policy::{Policy, Tag, Turns};
use self::versions::Tables;
use crate::app::Restaurant;
use crate::error::ApiError;
use crate::staff::model::Role;

/// What all kept answers may take together.
const BYTES_MAX: u64 = 16 * 1024 * 1024;
/// What an answer takes besides its bytes, roughly.
const OVERHEAD_BYTES: usize = 512;
/// An answer that lasts shorter is not worth writing to disk.
const ON_DISK_MS_MIN: i64 = 10 * 60_000;
/// What nobody asks for is let go after this.
const IDLE_MAX: Duration = Duration::from_secs(15 * 60);
/// Answers smaller than this are not worth compressing.
pub const COMPRESS_ABOVE_BYTES: u64 = 1024;

/// What is asked for: the restaurant is in the address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub address: PathAndQuery,
    pub role: Role,
    /// A moment of the past, or practice. None: the restaurant as it is.
    pub beside: Option<Uuid>,
}

/// The state of the world an answer is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub opening: u64,
    pub entry: u64,
    /// Hours or days, by the policy; 0 when the clock does not matter.
    pub turn: i64,
}

/// An answer, ready to be sent.
pub struct Kept {
    tag: Tag,
    stamp: Stamp,
    made_ms: i64,
    until_ms: i64,
    pub bytes: Bytes,
    pub etag: HeaderValue,
    zipped: OnceLock<Bytes>,
}

impl Kept {
    fn is_of(&self, stamp: Stamp, now_ms: i64) -> bool {
        self.stamp == stamp && (self.made_ms..self.until_ms).contains(&now_ms)
    }

    /// Compressed once, by whoever asks for it first. None: not worth it.
    pub fn zipped(&self) -> Option<Bytes> {
        if (self.bytes.len() as u64) < COMPRESS_ABOVE_BYTES {
            return None;
        }
        let zip = || {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
            let done = encoder.write_all(&self.bytes).and_then(|()| encoder.finish());
            // Writing into memory does not fail; if it did, the plain bytes are as good.
            done.map(Bytes::from).unwrap_or_default()
        };
        Some(self.zipped.get_or_init(zip).clone()).filter(|bytes| !bytes.is_empty())
    }

    /// Whether it is worth writing to disk.
    fn lasts(&self) -> bool {
        self.until_ms - self.made_ms >= ON_DISK_MS_MIN
    }

    fn weight(&self, key: &Key) -> u32 {
        // JSON of ours compresses to less than a third.
        let bytes = self.bytes.len() * 4 / 3 + key.address.as_str().len() + OVERHEAD_BYTES;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}

/// What a reading may know besides the request.
pub struct View<'a> {
    pub conn: &'a Connection,
    pub restaurant: &'a Restaurant,
    pub role: Role,
    /// When it is made.
    pub at_ms: i64,
}

pub struct Answers {
    kept: Cache<Key, Arc<Kept>>,
    counts: [Counts; Tag::ALL.len()],
    /// None: the engine was not started to serve.
    disk: OnceLock<Disk>,
}

#[derive(Default)]
struct Counts {
    hits: AtomicU64,
    made: AtomicU64,
}

/// How well keeping answers works, since the engine started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    pub entries: u64,
    pub bytes: u64,
    /// Given without being made: from memory, or from the disk after a start.
    pub hits: u64,
    pub made: u64,
}

impl Default for Answers {
    fn default() -> Self {
        Self::of_bytes(BYTES_MAX)
    }
}

impl Answers {
    fn of_bytes(most: u64) -> Self {
        let weigher = |key: &Key, kept: &Arc<Kept>| kept.weight(key);
        let kept = Cache::builder().max_capacity(most).weigher(weigher).time_to_idle(IDLE_MAX).build();
        Self { kept, counts: Default::default(), disk: OnceLock::new() }
    }

    /// Takes up what an earlier run left, and leaves what lasts in its place at the end.
    pub fn keep_on_disk(&self, disk: Disk) {
        self.disk.get_or_init(|| disk);
    }

    /// Leaves what lasts on disk, with what the restaurants' lines leave.
    pub fn end(&self, records: Vec<Record>) {
        let Some(disk) = self.disk() else { return };
        let lasting = self.kept.iter().filter(|(key, kept)| kept.lasts() && key.beside.is_none());
        let answers = lasting.filter_map(|(key, kept)| {
            let Kept { tag, stamp, made_ms, until_ms, .. } = *kept;
            let length = u32::try_from(kept.bytes.len()).ok().filter(|length| *length <= ANSWER_BYTES_MAX)?;
            Some((disk::id(&key), Head { stamp, made_ms, until_ms, length, tag }, kept.bytes.clone()))
        });
        disk.end(answers.collect(), records);
    }

    pub fn disk(&self) -> Option<&Disk> {
        self.disk.get()
    }

    pub fn figures(&self) -> Figures {
        self.kept.run_pending_tasks();
        let sum = |count: fn(&Counts) -> &AtomicU64| self.counts.iter().map(|one| count(one).load(Relaxed)).sum();
        Figures {
            entries: self.kept.entry_count(),
            bytes: self.kept.weighted_size(),
            hits: sum(|one| &one.hits),
            made: sum(|one| &one.made),
        }
    }

    /// The same by what answers are about.
    pub fn figures_by_tag(&self) -> Vec<(Tag, Figures)> {
        let mut all: Vec<_> = Tag::ALL.iter().map(|tag| (*tag, Figures::default())).collect();
        for (key, kept) in &self.kept {
            let figures = &mut all[kept.tag as usize].1;
            figures.entries += 1;
            figures.bytes += u64::from(kept.weight(&key));
        }
        for ((_, figures), counts) in all.iter_mut().zip(&self.counts) {
            (figures.hits, figures.made) = (counts.hits.load(Relaxed), counts.made.load(Relaxed));
        }
        all
    }

    /// Lets go of what is about that, or of everything. What is right is made again when somebody asks.
    pub fn clear(&self, tag: Option<Tag>) {
        for (key, kept) in &self.kept {
            if tag.is_none_or(|tag| tag == kept.tag) {
                self.kept.invalidate(&*key);
            }
        }
        if let Some(disk) = self.disk() {
            disk.clear(tag);
        }
    }

    /// The answer, if it is kept and still right.
    pub fn find(
        &self,
        key: &Key,
        policy: &Policy,
        restaurant: &Restaurant,
        now_ms: i64,
    ) -> Result<Option<Arc<Kept>>, ApiError> {
        let Some(kept) = self.kept.get(key) else { return Ok(None) };
        let stamp = stamp(policy, restaurant, now_ms)?;
        let right = Some(kept).filter(|kept| kept.is_of(stamp, now_ms));
        self.counts[policy.tag as usize].hits.fetch_add(u64::from(right.is_some()), Relaxed);
        Ok(right)
    }

    /// The answer as of now: made by `make`, or by somebody who asked for it at the same time.
    pub fn make(
        &self,
        key: &Key,
        policy: &Policy,
        restaurant: &Restaurant,
        now_ms: i64,
        make: impl FnOnce(&View<'_>) -> Result<Vec<u8>, ApiError>,
    ) -> Result<Arc<Kept>, ApiError> {
        let counts = &self.counts[policy.tag as usize];
        let made = self.kept.entry(own(key)).and_try_compute_with(|found| {
            // Taken before the snapshot: what is committed meanwhile makes the next one read again.
            let stamp = stamp(policy, restaurant, now_ms)?;
            if found.is_some_and(|found| found.value().is_of(stamp, now_ms)) {
                return Ok(Op::Nop);
            }
            if let Some(kept) = self.left_on_disk(key, policy, restaurant, stamp, now_ms)? {
                counts.hits.fetch_add(1, Relaxed);
                return Ok(Op::Put(kept));
            }
            counts.made.fetch_add(1, Relaxed);
            let look = |conn: &Connection| make(&View { conn, restaurant, role: key.role, at_ms: now_ms });
            let bytes = read(&restaurant.db, policy.tables, look)?;
            Ok(Op::Put(Arc::new(Kept {
                tag: policy.tag,
                stamp,
                made_ms: now_ms,
                until_ms: now_ms + policy.minutes_max * 60_000,
                bytes: bytes.into(),
                etag: etag(stamp, key.role)?,
                zipped: OnceLock::new(),
            })))
        });
        let made = made.map_err(|error: ApiError| error)?;
        made.into_entry()
            .map(moka::Entry::into_value)
            .ok_or_else(|| ApiError::internal("an answer was made and is not there"))
    }

    /// What an earlier run left, if it is right now.
    fn left_on_disk(
        &self,
        key: &Key,
        policy: &Policy,
        restaurant: &Restaurant,
        stamp: Stamp,
        now_ms: i64,
    ) -> Result<Option<Arc<Kept>>, ApiError> {
        let disk = self.disk().filter(|_| key.beside.is_none());
        let wanted = Wanted { key, policy, stamp, restaurant: restaurant.id, place: restaurant.place, now_ms };
        let Some((head, bytes)) = disk.and_then(|disk| disk.take(&wanted)) else { return Ok(None) };
        let Head { made_ms, until_ms, tag, .. } = head;
        let etag = etag(stamp, key.role)?;
        // From now on it is of this line, and speaks for itself after the next restart.
        Ok(Some(Arc::new(Kept { tag, stamp, made_ms, until_ms, bytes, etag, zipped: OnceLock::new() })))
    }
}

/// Reads what will be kept. Debug builds see that it is made from these tables alone.
fn read<T, E: From<rusqlite::Error>>(
    db: &Database,
    tables: Tables,
    f: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    if cfg!(debug_assertions) { watch::read(db.path(), tables, f) } else { db.read(f) }
}

/// The key without the buffer the request came in.
fn own(key: &Key) -> Key {
    let address = PathAndQuery::from_maybe_shared(Bytes::copy_from_slice(key.address.as_str().as_bytes()));
    Key { address: address.unwrap_or_else(|_| key.address.clone()), ..*key }
}

fn stamp(policy: &Policy, restaurant: &Restaurant, now_ms: i64) -> Result<Stamp, ApiError> {
    let entry = restaurant.versions.of(policy.tables);
    let turn = match policy.turns {
        Turns::Never => 0,
        Turns::Daily => i64::from(restaurant.settings()?.business_date(now_ms).num_days_from_ce()),
        Turns::Hourly => {
            let settings = restaurant.settings()?;
            i64::from(settings.business_date(now_ms).num_days_from_ce()) * 24 + i64::from(settings.hour(now_ms))
        }
    };
    Ok(Stamp { opening: restaurant.versions.opening, entry, turn })
}

/// Weak: the same answer may go out compressed.
fn etag(stamp: Stamp, role: Role) -> Result<HeaderValue, ApiError> {
    let Stamp { opening, entry, turn } = stamp;
    let text = format!("W/\"{opening:x}-{entry:x}-{turn:x}-{}\"", role.as_str());
    HeaderValue::from_maybe_shared(Bytes::from(text)).map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded_by_its_bytes() {
        const MOST: u64 = 100_000;
        let answers = Answers::of_bytes(MOST);
        for n in 0..1_000 {
            let address = PathAndQuery::try_from(format!("/restaurants/x/orders?q={n}")).unwrap();
            let kept = Kept {
                tag: Tag::Orders,
                stamp: Stamp { opening: 1, entry: 1, turn: 0 },
                made_ms: 0,
                until_ms: 60_000,
                bytes: Bytes::from(vec![b' '; 1_000]),
                etag: HeaderValue::from_static("W/\"1\""),
                zipped: OnceLock::new(),
            };
            answers.kept.insert(Key { address, role: Role::Owner, beside: None }, Arc::new(kept));
        }
        answers.kept.run_pending_tasks();
        assert!(
            answers.kept.weighted_size() <= MOST && answers.kept.entry_count() > 20,
            "{}",
            answers.kept.weighted_size()
        );
    }
}
