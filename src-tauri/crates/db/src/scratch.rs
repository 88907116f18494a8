//! Files that are thrown away when their making fails: nothing of them needs to survive anything.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use crate::pace;

pub(crate) fn open_scratch(path: &Path) -> rusqlite::Result<Connection> {
    let mut conn = Connection::open(path)?;
    conn.busy_timeout(Duration::from_secs(5))?;
    conn.execute_batch(
        "PRAGMA journal_mode = MEMORY;
         PRAGMA synchronous = OFF;
         PRAGMA foreign_keys = OFF;
         PRAGMA recursive_triggers = ON;
         PRAGMA trusted_schema = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -64000",
    )?;
    conn.set_prepared_statement_cache_capacity(256);
    pace::listen(&mut conn)?;
    Ok(conn)
}
