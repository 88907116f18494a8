//! The history of one thing: who did what to it, with before and after.

use rusqlite::Connection;

use crate::changes::{self, Change};
use crate::records::{self, Cause, LedgerRow};

/// One journal entry that touched the thing, newest first.
#[derive(Debug, Clone)]
pub struct Entry {
    pub entry: u64,
    pub cause: Cause,
    /// Who and why; none for a migration.
    pub ledger: Option<LedgerRow>,
    pub changes: Vec<Change>,
}

/// What happened to the rows whose first key column is `entity`, newest first, before entry `before`.
pub fn of(conn: &Connection, entity: &[u8], before: Option<u64>, limit: usize) -> rusqlite::Result<Vec<Entry>> {
    let before = before.unwrap_or(i64::MAX as u64);
    let mut statement =
        conn.prepare_cached("SELECT entry FROM touched WHERE entity = ?1 AND entry < ?2 ORDER BY entry DESC LIMIT ?3")?;
    let entries =
        statement.query_map((entity, before, limit), |row| row.get(0))?.collect::<rusqlite::Result<Vec<u64>>>()?;
    entries.into_iter().filter_map(|entry| one(conn, entry).transpose()).collect()
}

fn one(conn: &Connection, entry: u64) -> rusqlite::Result<Option<Entry>> {
    let Some(row) = records::journal(conn, entry)? else { return Ok(None) };
    let changes = changes::decode(&row.changes)
        .map_err(|error| rusqlite::Error::InvalidParameterName(format!("entry {entry}: {error}")))?;
    let ledger = records::ledger(conn, row.seq)?;
    Ok(Some(Entry { entry, cause: row.cause, ledger, changes }))
}
