//! When an answer of an earlier run is still right.
//!
//! Each opening of a restaurant's file is a *line* of its own: a number nobody had before, which every answer
//! made in it bears beside the versions of its tables. When the file is closed in good order, the line leaves a
//! *record*: how far each table was, and the *place* the file stood at. The next opening believes an answer of
//! that line if the file stands at exactly that place, the answer is of the versions the line ended with, and
//! nothing has touched its tables since.
//!
//! A place is a digest of the last journal entry with its chained hash (so of everything that ever happened in
//! this file), the file's own and its log's size and time (so of a hand that went past the records), whose file it
//! is and what it prints as. A file that was put back, copied in or worked on by another program stands elsewhere.
//! After a kill there is no record of the line, so nothing of it is believed.

use std::path::Path;
use std::time::UNIX_EPOCH;

use comanda_db::Database;
use comanda_db::records::Head;

use super::super::versions::{Tables, Versions};
use crate::kernel::ids::RestaurantId;

pub type Place = [u8; 32];

/// Size and time of a file and of its log, before it is opened or after it is closed.
pub type FileStamp = [(u64, u128); 2];

pub fn file_stamp(path: &Path) -> FileStamp {
    [path.to_owned(), path.with_extension("db-wal")].map(|path| {
        let about = std::fs::metadata(path).ok().filter(|about| about.len() > 0);
        let changed = about.as_ref().and_then(|about| about.modified().ok());
        let since = changed.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        (about.map_or(0, |about| about.len()), since.map_or(0, |since| since.as_nanos()))
    })
}

/// Where an open file stands. `own` is what answers say that is not in the file.
pub fn place(db: &Database, files: FileStamp, own: &str) -> rusqlite::Result<Place> {
    let head = db.read(Head::read)?;
    let mut hasher = blake3::Hasher::new_derive_key("comanda place of a file 2026-11");
    hasher.update(&head.entry.to_le_bytes()).update(&head.hash);
    hasher.update(db.device().as_bytes()).update(&db.epoch().to_le_bytes());
    for (size, changed) in files {
        hasher.update(&size.to_le_bytes()).update(&changed.to_le_bytes());
    }
    Ok(*hasher.update(own.as_bytes()).finalize().as_bytes())
}

/// What a line leaves when it ends in good order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub restaurant: RestaurantId,
    pub line: u64,
    pub place: Place,
    versions: Vec<u64>,
}

impl Record {
    pub fn of(restaurant: RestaurantId, place: Place, versions: &Versions) -> Self {
        Self { restaurant, line: versions.opening, place, versions: versions.all() }
    }

    /// How far these tables were when the line ended.
    pub fn last_of(&self, tables: Tables) -> u64 {
        tables.last_of(|at| self.versions.get(at).copied().unwrap_or(u64::MAX))
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut value = self.line.to_le_bytes().to_vec();
        value.extend_from_slice(&self.place);
        self.versions.iter().for_each(|version| value.extend_from_slice(&version.to_le_bytes()));
        let sum = blake3::hash(&[self.restaurant.0.as_bytes(), value.as_slice()].concat());
        value.extend_from_slice(sum.as_bytes());
        value
    }

    /// None: these bytes are no record of that restaurant.
    pub fn decode(restaurant: RestaurantId, value: &[u8]) -> Option<Self> {
        let (value, sum) = value.split_at_checked(value.len().checked_sub(32)?)?;
        if blake3::hash(&[restaurant.0.as_bytes(), value].concat()).as_bytes() != sum {
            return None;
        }
        let (line, rest) = value.split_first_chunk::<8>()?;
        let (place, versions) = rest.split_first_chunk::<32>()?;
        let versions = versions.as_chunks::<8>().0.iter().map(|version| u64::from_le_bytes(*version)).collect();
        Some(Self { restaurant, line: u64::from_le_bytes(*line), place: *place, versions })
    }
}

pub fn record_key(restaurant: RestaurantId) -> [u8; 17] {
    let mut key = [b'r'; 17];
    key[1..].copy_from_slice(restaurant.0.as_bytes());
    key
}

#[cfg(test)]
mod tests {
    use comanda_db::Commit;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written_and_altered_not_at_all() {
        let versions = Versions::default();
        versions.raise(&Commit { entry: 9, tables: vec!["orders".to_owned()] });
        let restaurant = RestaurantId(Uuid::now_v7());
        let record = Record::of(restaurant, [3; 32], &versions);
        let value = record.encode();
        assert_eq!(Record::decode(restaurant, &value).as_ref(), Some(&record));
        assert_eq!((record.last_of(Tables::of(&["orders"])), record.last_of(Tables::of(&["menu_item"]))), (9, 0));
        for at in 0..value.len() {
            let mut wrong = value.clone();
            wrong[at] ^= 1;
            assert_eq!(Record::decode(restaurant, &wrong), None, "byte {at}");
        }
        assert_eq!(Record::decode(RestaurantId(Uuid::now_v7()), &value), None);
        assert_eq!(Record::decode(restaurant, b"short"), None);
    }
}
