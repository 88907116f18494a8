//! One sled folder, open: nothing in it is trusted, and any error means that all of it is thrown away.

use std::path::Path;

use axum::body::Bytes;
use sled::Db;

use super::entry::{self, CHUNK_BYTES, Head, Id, chunk_key, head_key};
use super::line::{Record, record_key};
use crate::kernel::ids::RestaurantId;

/// What sled keeps in memory: everything is read or written once.
const MEMORY_BYTES: u64 = 256 * 1024;

pub struct Shelf {
    db: Db,
}

/// What was found in a folder.
#[derive(Default)]
pub struct Found {
    pub answers: Vec<(Id, Head, Bytes)>,
    pub records: Vec<Record>,
}

impl Shelf {
    pub fn open(folder: &Path) -> sled::Result<Self> {
        let config = sled::Config::new().path(folder).cache_capacity(MEMORY_BYTES).flush_every_ms(None);
        Ok(Self { db: config.open()? })
    }

    /// Every answer that is whole and as it was written, and every record.
    pub fn look_through(&self) -> sled::Result<Found> {
        let mut found = Found::default();
        for row in self.db.scan_prefix(b"r") {
            let (key, value) = row?;
            let id = key.get(1..).and_then(|id| uuid::Uuid::from_slice(id).ok()).map(RestaurantId);
            found.records.extend(id.and_then(|id| Record::decode(id, &value)));
        }
        for row in self.db.scan_prefix(b"h") {
            let (key, value) = row?;
            let Some(id) = key.get(1..).and_then(|id| Id::try_from(id).ok()) else { continue };
            let Some(head) = Head::decode(&value) else { continue };
            if let Some(answer) = self.answer(&id, &value, &head)? {
                found.answers.push((id, head, answer));
            }
        }
        Ok(found)
    }

    fn answer(&self, id: &Id, value: &[u8], head: &Head) -> sled::Result<Option<Bytes>> {
        let mut answer = Vec::with_capacity(head.length as usize);
        for at in 0..head.chunks() {
            let Some(chunk) = self.db.get(chunk_key(id, at))? else { return Ok(None) };
            answer.extend_from_slice(&chunk);
        }
        Ok(entry::is_whole(id, value, &answer).then(|| answer.into()))
    }

    /// Writes answers and what the lines leave, and brings everything to the disk.
    pub fn fill(&self, answers: &[(Id, Head, Bytes)], records: &[Record]) -> sled::Result<()> {
        for (id, head, answer) in answers {
            self.db.insert(head_key(id), head.encode(id, answer))?;
            for (at, chunk) in (0..).zip(answer.chunks(CHUNK_BYTES)) {
                self.db.insert(chunk_key(id, at), chunk)?;
            }
        }
        for record in records {
            self.db.insert(record_key(record.restaurant), record.encode())?;
        }
        self.db.flush().map(drop)
    }

    pub fn bytes(&self) -> sled::Result<u64> {
        self.db.size_on_disk()
    }
}
