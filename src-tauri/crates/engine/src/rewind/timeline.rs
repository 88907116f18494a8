//! What happened on one business day, by the quarter hour: where a moment is picked from.

use std::collections::BTreeMap;

use comanda_db::trail::{self, Filter};
use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::ApiError;

/// Ledger rows looked at for one day: some tens of milliseconds, more than a house does in a day.
const LOOKED_AT_MAX: u64 = 64 * 1024;
/// Commands of one day that are counted.
const COMMANDS_MAX: usize = 20_000;
pub const BIN_MS: i64 = 15 * 60 * 1000;

/// A quarter of an hour in which something happened.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RewindBin {
    pub from_ms: i64,
    /// Commands that were done, by their name.
    pub actions: BTreeMap<String, u32>,
}

/// The day from `from_ms` to `to_ms`, oldest first.
pub fn bins(conn: &Connection, from_ms: i64, to_ms: i64) -> Result<Vec<RewindBin>, ApiError> {
    let filter = Filter {
        outcome: Some(comanda_db::Outcome::Done),
        from_ms: Some(from_ms),
        to_ms: Some(to_ms),
        ..Filter::default()
    };
    let found = trail::find(conn, &filter, None, COMMANDS_MAX, LOOKED_AT_MAX)?;
    let mut bins: BTreeMap<i64, BTreeMap<String, u32>> = BTreeMap::new();
    for row in found.rows {
        let from_ms = from_ms + (row.at_ms - from_ms) / BIN_MS * BIN_MS;
        *bins.entry(from_ms).or_default().entry(row.name).or_default() += 1;
    }
    Ok(bins.into_iter().map(|(from_ms, actions)| RewindBin { from_ms, actions }).collect())
}

/// The newest command that was not asked for after `at_ms`: its entry and its time.
pub fn last_before(conn: &Connection, at_ms: i64) -> rusqlite::Result<Option<(u64, i64)>> {
    let filter = Filter { to_ms: Some(at_ms.saturating_add(1)), ..Filter::default() };
    let mut below = None;
    loop {
        let found = trail::find(conn, &filter, below, 1, LOOKED_AT_MAX)?;
        if let Some(row) = found.rows.first() {
            return Ok(Some((row.entry, row.at_ms)));
        }
        below = Some(match found.below {
            Some(below) => below,
            None => return Ok(None),
        });
    }
}

/// When the first command of this file was asked for.
pub fn begins_ms(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    Ok(comanda_db::records::ledger(conn, 1)?.map(|row| row.at_ms))
}
