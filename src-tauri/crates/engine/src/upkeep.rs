//! What the engine does by itself while it runs: packing old records.
//!
//! Packing reads beside the writer and only places a finished block through the write door, so
//! nobody waits long for it; what is not done when the engine stops is done the next time.

use std::time::Duration;

use comanda_db::{Database, WriteError};

use crate::app::App;

/// Records stay as they are this long: what is looked at most, and what devices still ask for.
pub const PACK_AFTER_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// After the engine has started, and between two times.
const FIRST: Duration = Duration::from_secs(5 * 60);
const BETWEEN: Duration = Duration::from_secs(6 * 60 * 60);

/// Runs for as long as the engine does.
pub async fn keep_up(app: App) {
    tokio::time::sleep(FIRST).await;
    loop {
        let packing = app.clone();
        match tokio::task::spawn_blocking(move || pack_old(&packing)).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "old records were packed"),
            Err(error) => tracing::error!(%error, "packing old records broke"),
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

/// Packs what is old enough in every file. Returns how many rows that were. Blocking.
pub fn pack_old(app: &App) -> u64 {
    let before_ms = app.clock.now_ms() - PACK_AFTER_MS;
    let packed = |db: &Database| match db.pack(before_ms) {
        Ok(rows) => rows,
        // Closed: the engine stops.
        Err(WriteError::Closed) => 0,
        Err(error) => {
            tracing::error!(%error, path = %db.path().display(), "old records could not be packed");
            0
        }
    };
    packed(&app.installation) + app.restaurants().iter().map(|restaurant| packed(&restaurant.db)).sum::<u64>()
}
