//! What keeps the files small and quick: packing old records, and looking after what queries are planned with.
//!
//! Packing reads beside the writer and only places a finished block through the write door, so
//! nobody waits long for it; what is not done when the engine stops is done the next time.

use comanda_db::{Database, WriteError};

use crate::app::App;
use crate::jobs::Stop;

/// Records stay as they are this long: what is looked at most, and what devices still ask for.
pub const PACK_AFTER_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// Packs what is old enough in every file. Returns how many rows that were. Blocking.
pub fn pack_old(app: &App, stop: &Stop) -> Result<u64, WriteError> {
    let before_ms = app.clock.now_ms() - PACK_AFTER_MS;
    each(app, stop, |db| db.pack(before_ms)).map(|rows| rows.iter().sum())
}

/// Brings the statistics of every file up to date. Returns how many files there are. Blocking.
pub fn tend_indexes(app: &App, stop: &Stop) -> Result<u64, WriteError> {
    each(app, stop, Database::tend_indexes).map(|files| files.len() as u64)
}

/// Goes through every file; one that fails keeps no other from its turn.
fn each<T>(app: &App, stop: &Stop, work: impl Fn(&Database) -> Result<T, WriteError>) -> Result<Vec<T>, WriteError> {
    let restaurants = app.restaurants();
    let files = std::iter::once(&*app.installation).chain(restaurants.iter().map(|restaurant| &restaurant.db));
    let (mut done, mut failed) = (Vec::new(), None);
    for db in files {
        if stop.is_asked() {
            break;
        }
        match work(db) {
            Ok(value) => done.push(value),
            Err(error) => {
                tracing::error!(%error, path = %db.path().display(), "a file could not be looked after");
                failed = Some(error);
            }
        }
    }
    failed.map_or(Ok(done), Err)
}
