//! One sled folder, open: nothing here is trusted, and any error means that the folder is thrown away.

use std::path::Path;

use sled::{Batch, Db};

use super::entry::{self, CHUNK_BYTES, Head, Id, chunk_key, head_key};
use super::line::{Record, record_key};
use crate::kernel::ids::RestaurantId;

/// What sled keeps in memory: next to nothing, since what is asked for often is in memory already.
const MEMORY_BYTES: u64 = 256 * 1024;

pub struct Shelf {
    db: Db,
}

/// What was found in a folder when it was opened.
#[derive(Default)]
pub struct Found {
    pub heads: Vec<(Id, Head)>,
    pub records: Vec<Record>,
}

impl Shelf {
    pub fn open(folder: &Path) -> sled::Result<Self> {
        // Nothing is flushed while the engine runs: after a kill nothing of it would be believed anyway.
        let config = sled::Config::new().path(folder).cache_capacity(MEMORY_BYTES).flush_every_ms(None);
        Ok(Self { db: config.open()? })
    }

    /// Everything that could be given, at most `most`; what no record speaks for is taken away.
    pub fn look_through(&self, most: usize) -> sled::Result<Found> {
        let mut found = Found::default();
        for row in self.db.scan_prefix(b"r") {
            let (key, value) = row?;
            let id = key.get(1..).and_then(|id| uuid::Uuid::from_slice(id).ok()).map(RestaurantId);
            found.records.extend(id.and_then(|id| Record::decode(id, &value)));
        }
        let mut lapsed = Vec::new();
        for row in self.db.scan_prefix(b"h") {
            let (key, value) = row?;
            let Some(id) = key.get(1..).and_then(|id| Id::try_from(id).ok()) else { continue };
            let head = Head::decode(&value);
            let spoken_for =
                head.is_some_and(|head| found.records.iter().any(|record| record.line == head.stamp.opening));
            match head.filter(|_| spoken_for && found.heads.len() < most) {
                Some(head) => found.heads.push((id, head)),
                None => lapsed.push((id, head.map_or(0, |head| head.chunks()))),
            }
        }
        for (id, chunks) in lapsed {
            self.take_away(&id, chunks)?;
        }
        Ok(found)
    }

    /// Puts an answer there, in place of one that took `before` chunks.
    pub fn put(&self, id: &Id, head: &Head, answer: &[u8], before: u16) -> sled::Result<()> {
        let mut batch = Batch::default();
        batch.insert(&head_key(id), head.encode(id, answer));
        for (at, chunk) in (0..).zip(answer.chunks(CHUNK_BYTES)) {
            batch.insert(&chunk_key(id, at), chunk);
        }
        for at in head.chunks()..before {
            batch.remove(&chunk_key(id, at));
        }
        self.db.apply_batch(batch)
    }

    /// The answer under that key, whole and as it was written. None: it is not there, or is no longer what it was.
    pub fn get(&self, id: &Id, wanted: &Head) -> sled::Result<Option<Vec<u8>>> {
        let Some(value) = self.db.get(head_key(id))? else { return Ok(None) };
        if Head::decode(&value).as_ref() != Some(wanted) {
            return Ok(None);
        }
        let mut answer = Vec::with_capacity(wanted.length as usize);
        for at in 0..wanted.chunks() {
            let Some(chunk) = self.db.get(chunk_key(id, at))? else { return Ok(None) };
            answer.extend_from_slice(&chunk);
        }
        Ok(entry::is_whole(id, &value, &answer).then_some(answer))
    }

    pub fn take_away(&self, id: &Id, chunks: u16) -> sled::Result<()> {
        let mut batch = Batch::default();
        batch.remove(&head_key(id));
        for at in 0..chunks {
            batch.remove(&chunk_key(id, at));
        }
        self.db.apply_batch(batch)
    }

    /// Writes what the lines leave and brings everything to the disk.
    pub fn end(&self, records: &[Record]) -> sled::Result<()> {
        for record in records {
            self.db.insert(record_key(record.restaurant), record.encode())?;
        }
        self.db.flush().map(drop)
    }

    pub fn bytes(&self) -> sled::Result<u64> {
        self.db.size_on_disk()
    }
}
