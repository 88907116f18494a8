//! The only reading of records for a support bundle.

use rusqlite::{Connection, Result};
use serde::Serialize;

/// A command without who asked, from where and with what.
#[derive(Debug, Serialize)]
pub struct Ran {
    pub name: String,
    pub version: i64,
    pub at_ms: i64,
    pub refused: bool,
    /// The journal entry written with it.
    pub entry: i64,
}

/// The newest first.
pub fn commands(conn: &Connection, limit: u32) -> Result<Vec<Ran>> {
    conn.prepare_cached("SELECT name, version, at_ms, outcome, entry FROM ledger ORDER BY seq DESC LIMIT ?1")?
        .query_map([limit], |row| {
            let refused = row.get::<_, i64>(3)? != 0;
            Ok(Ran { name: row.get(0)?, version: row.get(1)?, at_ms: row.get(2)?, refused, entry: row.get(4)? })
        })?
        .collect()
}
