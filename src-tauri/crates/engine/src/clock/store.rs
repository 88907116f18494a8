//! The only SQL for `time_entry`, `time_break` and `time_correction`.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::model::{Break, Entry, Span};
use crate::kernel::ids::{AccountId, BreakId, CorrectionId, StaffId, TimeEntryId};

/// Shifts of one person read at once, at most: half a year of two a day.
const ENTRIES_MAX: i64 = 400;

const COLUMNS: &str = "SELECT id, staff_id, started_ms, ended_ms, forgotten IS NOT NULL, voided_ms IS NOT NULL
                         FROM time_entry";

fn entry_row(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        staff_id: row.get(1)?,
        started_ms: row.get(2)?,
        ended_ms: row.get(3)?,
        forgotten: row.get(4)?,
        voided: row.get(5)?,
        breaks: Vec::new(),
    })
}

fn with_breaks(conn: &Connection, mut entry: Entry) -> Result<Entry> {
    let mut statement =
        conn.prepare_cached("SELECT id, started_ms, ended_ms FROM time_break WHERE entry_id = ?1 ORDER BY started_ms")?;
    let row = |row: &Row<'_>| Ok(Break { id: row.get(0)?, started_ms: row.get(1)?, ended_ms: row.get(2)? });
    entry.breaks = statement.query_map([entry.id], row)?.collect::<Result<_>>()?;
    Ok(entry)
}

pub fn entry(conn: &Connection, id: TimeEntryId) -> Result<Option<Entry>> {
    let found = conn.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?.query_row([id], entry_row).optional()?;
    found.map(|entry| with_breaks(conn, entry)).transpose()
}

/// The shift somebody is in: the last one that has no end.
pub fn open_entry(conn: &Connection, staff: StaffId) -> Result<Option<Entry>> {
    let found = conn
        .prepare_cached(&format!(
            "{COLUMNS} WHERE staff_id = ?1 AND ended_ms IS NULL AND voided_ms IS NULL ORDER BY started_ms DESC LIMIT 1"
        ))?
        .query_row([staff], entry_row)
        .optional()?;
    found.map(|entry| with_breaks(conn, entry)).transpose()
}

/// Shifts of one person that began in a stretch of time, in their order; also what was struck out.
pub fn began_in(conn: &Connection, staff: StaffId, from_ms: i64, to_ms: i64) -> Result<Vec<Entry>> {
    let entries: Vec<Entry> = conn
        .prepare_cached(&format!(
            "{COLUMNS} WHERE staff_id = ?1 AND started_ms >= ?2 AND started_ms < ?3 ORDER BY started_ms LIMIT ?4"
        ))?
        .query_map(params![staff, from_ms, to_ms, ENTRIES_MAX], entry_row)?
        .collect::<Result<_>>()?;
    entries.into_iter().map(|entry| with_breaks(conn, entry)).collect()
}

/// Another shift of the person that lies in the same time.
pub fn overlapping(
    conn: &Connection,
    staff: StaffId,
    but: TimeEntryId,
    started_ms: i64,
    ended_ms: Option<i64>,
) -> Result<Option<Entry>> {
    let mut statement =
        conn.prepare_cached(&format!("{COLUMNS} WHERE staff_id = ?1 AND started_ms < ?2 ORDER BY started_ms DESC"))?;
    let entries = statement.query_map(params![staff, ended_ms.unwrap_or(i64::MAX)], entry_row)?;
    for entry in entries {
        let entry = entry?;
        if entry.id != but && entry.overlaps(started_ms, ended_ms) {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}

/// A fact: also where the same shift is there already.
pub fn insert(tx: &Tx<'_>, id: TimeEntryId, staff: StaffId, started_ms: i64, ended_ms: Option<i64>) -> Result<()> {
    tx.execute(
        "INSERT INTO time_entry (id, staff_id, started_ms, ended_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![id, staff, started_ms, ended_ms],
    )
    .map(drop)
}

/// Ends a shift and the break somebody is in. False: it has ended already.
pub fn end(tx: &Tx<'_>, id: TimeEntryId, at_ms: i64) -> Result<bool> {
    tx.execute(
        "UPDATE time_break SET ended_ms = MAX(?2, started_ms) WHERE entry_id = ?1 AND ended_ms IS NULL",
        (id, at_ms),
    )?;
    let ended = tx.execute(
        "UPDATE time_entry SET ended_ms = MAX(?2, started_ms) WHERE id = ?1 AND ended_ms IS NULL",
        (id, at_ms),
    )?;
    Ok(ended > 0)
}

/// Nobody clocked out: the shift ends where it began, until somebody writes down when it did.
pub fn mark_forgotten(tx: &Tx<'_>, id: TimeEntryId) -> Result<()> {
    tx.execute("UPDATE time_entry SET ended_ms = started_ms, forgotten = 1 WHERE id = ?1 AND ended_ms IS NULL", [id])
        .map(drop)
}

pub fn insert_break(tx: &Tx<'_>, entry: TimeEntryId, id: BreakId, span: (i64, Option<i64>)) -> Result<()> {
    tx.execute(
        "INSERT INTO time_break (entry_id, id, started_ms, ended_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![entry, id, span.0, span.1],
    )
    .map(drop)
}

pub fn end_break(tx: &Tx<'_>, entry: TimeEntryId, id: BreakId, at_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE time_break SET ended_ms = MAX(?3, started_ms) WHERE entry_id = ?1 AND id = ?2 AND ended_ms IS NULL",
        (entry, id, at_ms),
    )
    .map(drop)
}

/// Writes what a manager says; breaks are left alone unless they are said too.
pub fn correct(tx: &Tx<'_>, id: TimeEntryId, span: Span, breaks: Option<&[(BreakId, Span)]>) -> Result<()> {
    tx.execute(
        "UPDATE time_entry SET started_ms = ?2, ended_ms = ?3, forgotten = NULL WHERE id = ?1",
        (id, span.started_ms, span.ended_ms),
    )?;
    let Some(breaks) = breaks else {
        return tx
            .execute(
                "UPDATE time_break SET ended_ms = ?2 WHERE entry_id = ?1 AND ended_ms IS NULL",
                (id, span.ended_ms),
            )
            .map(drop);
    };
    tx.execute("DELETE FROM time_break WHERE entry_id = ?1", [id])?;
    for (pause, span) in breaks {
        insert_break(tx, id, *pause, (span.started_ms, Some(span.ended_ms)))?;
    }
    Ok(())
}

pub fn void(tx: &Tx<'_>, id: TimeEntryId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE time_entry SET voided_ms = ?2 WHERE id = ?1 AND voided_ms IS NULL", (id, at_ms)).map(drop)
}

/// Why a shift is not what the clock said.
pub struct Correction {
    pub id: CorrectionId,
    /// `add`, `correct` or `void`.
    pub kind: String,
    pub at_ms: i64,
    pub by: AccountId,
    pub by_name: Option<String>,
    pub reason: String,
    pub was_started_ms: Option<i64>,
    pub was_ended_ms: Option<i64>,
}

pub fn insert_correction(tx: &Tx<'_>, entry: TimeEntryId, correction: &Correction) -> Result<()> {
    let Correction { id, kind, at_ms, by, reason, was_started_ms, was_ended_ms, .. } = correction;
    tx.execute(
        "INSERT INTO time_correction (entry_id, id, kind, at_ms, by, reason, was_started_ms, was_ended_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
        params![entry, id, kind, at_ms, by, reason, was_started_ms, was_ended_ms],
    )
    .map(drop)
}

/// In the order they were made.
pub fn corrections(conn: &Connection, entry: TimeEntryId) -> Result<Vec<Correction>> {
    let row = |row: &Row<'_>| {
        Ok(Correction {
            id: row.get(0)?,
            kind: row.get(1)?,
            at_ms: row.get(2)?,
            by: row.get(3)?,
            by_name: row.get(4)?,
            reason: row.get(5)?,
            was_started_ms: row.get(6)?,
            was_ended_ms: row.get(7)?,
        })
    };
    conn.prepare_cached(
        "SELECT c.id, c.kind, c.at_ms, c.by, s.name, c.reason, c.was_started_ms, c.was_ended_ms
           FROM time_correction c LEFT JOIN staff s ON s.account_id = c.by WHERE c.entry_id = ?1 ORDER BY c.id",
    )?
    .query_map([entry], row)?
    .collect()
}
