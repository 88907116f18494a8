//! The history of one thing: who did what to it, with before and after.

use std::collections::BTreeMap;

use rusqlite::Connection;

use crate::changes::{self, Change};
use crate::pack;
use crate::records::{Cause, JournalRow, LedgerRow, Records};

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
    let mut found: BTreeMap<u64, Option<(JournalRow, Option<LedgerRow>)>> = statement
        .query_map((entity, before, limit), |row| Ok((row.get(0)?, None)))?
        .collect::<rusqlite::Result<_>>()?;
    for block in pack::knowing(conn, entity)? {
        for unit in block.units.into_iter().filter(|(row, _)| row.entry < before) {
            let touched = pack::entities(&unit.0).map_err(|error| unreadable(unit.0.entry, &error))?;
            if touched.iter().any(|other| other == entity) {
                found.insert(unit.0.entry, Some(unit));
            }
        }
    }
    let mut records = Records::new(conn);
    let newest = found.into_iter().rev().take(limit);
    newest.filter_map(|(entry, unit)| one(&mut records, entry, unit).transpose()).collect()
}

fn one(
    records: &mut Records<'_>,
    entry: u64,
    unit: Option<(JournalRow, Option<LedgerRow>)>,
) -> rusqlite::Result<Option<Entry>> {
    let (row, own) = match unit {
        Some((row, own)) => (Some(row), own),
        None => (records.journal(entry)?, None),
    };
    let Some(row) = row else { return Ok(None) };
    let changes = changes::decode(&row.changes).map_err(|error| unreadable(entry, &error))?;
    let ledger = match own {
        Some(own) => Some(own),
        None => records.ledger(row.seq)?,
    };
    Ok(Some(Entry { entry, cause: row.cause, ledger, changes }))
}

fn unreadable(entry: u64, error: &changes::Unreadable) -> rusqlite::Error {
    rusqlite::Error::InvalidParameterName(format!("entry {entry}: {error}"))
}
