//! The trail: who asked for what, newest first, found without reading the whole ledger.
//!
//! The ledger has no index but its numbers: one more would cost every command. Instead each full run
//! of `RUN` rows gets one row in `span` saying who and what is in it and when that was, written when
//! somebody searches. A search passes over the runs that hold no match and reads the others; it
//! stops after `rows_max` rows and says where to go on.
//!
//! A `span` says nothing the ledger does not: it can be thrown away and is made again.

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::changes::{self, Change};
use crate::command::{Outcome, WriteError};
use crate::database::Database;
use crate::pack;
use crate::records::{Head, LEDGER_COLUMNS, LedgerRow, Records, ledger_from};

/// Ledger rows one span stands for.
const RUN: u64 = 1024;
/// Spans written in one transaction.
const SPANS_A_STEP: usize = 64;

/// What is looked for; nothing: everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub actor: Option<Uuid>,
    /// Empty: any.
    pub names: Vec<String>,
    pub outcome: Option<Outcome>,
    /// From here on, Unix milliseconds.
    pub from_ms: Option<i64>,
    /// Before this.
    pub to_ms: Option<i64>,
}

impl Filter {
    pub fn takes(&self, row: &LedgerRow) -> bool {
        self.actor.is_none_or(|actor| row.actor == actor)
            && (self.names.is_empty() || self.names.contains(&row.name))
            && self.outcome.is_none_or(|outcome| row.outcome == outcome)
            && self.from_ms.is_none_or(|from| row.at_ms >= from)
            && self.to_ms.is_none_or(|to| row.at_ms < to)
    }

    fn may_be_in(&self, span: &Span) -> bool {
        self.actor.is_none_or(|actor| span.actors.chunks_exact(16).any(|known| known == actor.as_bytes()))
            && (self.names.is_empty() || self.names.iter().any(|name| span.names.split(' ').any(|known| known == name)))
            && self.from_ms.is_none_or(|from| span.last_ms >= from)
            && self.to_ms.is_none_or(|to| span.first_ms < to)
    }
}

/// What a search brought.
#[derive(Debug, Default)]
pub struct Found {
    /// Newest first.
    pub rows: Vec<LedgerRow>,
    /// Go on below this number; none: everything was looked at.
    pub below: Option<u64>,
}

/// Ledger rows below a number, newest first: `limit` at most, after looking at about `rows_max` at most.
pub fn find(
    conn: &Connection,
    filter: &Filter,
    below: Option<u64>,
    limit: usize,
    rows_max: u64,
) -> rusqlite::Result<Found> {
    let mut next = below.unwrap_or(u64::MAX).min(Head::read(conn)?.seq + 1);
    let mut found = Found::default();
    let mut looked_at = 0;
    while next > 1 && found.rows.len() < limit && looked_at < rows_max {
        let run = (next - 2) / RUN;
        let first = run * RUN + 1;
        if span(conn, run)?.is_none_or(|span| filter.may_be_in(&span)) {
            looked_at += next - first;
            let mut stopped_at = first;
            backwards(conn, first, next - 1, |row| {
                if filter.takes(&row) {
                    stopped_at = row.seq;
                    found.rows.push(row);
                }
                found.rows.len() < limit
            })?;
            next = if found.rows.len() < limit { first } else { stopped_at };
        } else {
            next = first;
        }
    }
    found.below = (next > 1).then_some(next);
    Ok(found)
}

/// Rows from `last` down to `first`, wherever they lie, until `take` says no.
fn backwards(
    conn: &Connection,
    first: u64,
    last: u64,
    mut take: impl FnMut(LedgerRow) -> bool,
) -> rusqlite::Result<()> {
    let mut packed_to = last;
    let mut live = conn.prepare_cached(&format!(
        "SELECT {LEDGER_COLUMNS} FROM ledger WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq DESC"
    ))?;
    for row in live.query_map((first, last), ledger_from)? {
        let row = row?;
        packed_to = row.seq - 1;
        if !take(row) {
            return Ok(());
        }
    }
    while packed_to >= first
        && let Some(block) = pack::holding_seq(conn, packed_to)?
    {
        let rows = block.units.into_iter().rev().filter_map(|(_, ledger)| ledger);
        let mut least = packed_to;
        for row in rows.filter(|row| row.seq <= packed_to) {
            least = row.seq;
            if row.seq < first || !take(row) {
                return Ok(());
            }
        }
        packed_to = least - 1;
    }
    Ok(())
}

/// What each of these commands changed.
pub fn with_changes(conn: &Connection, rows: Vec<LedgerRow>) -> rusqlite::Result<Vec<(LedgerRow, Vec<Change>)>> {
    let mut records = Records::new(conn);
    let changes = |row: LedgerRow| {
        let Some(journal) = records.journal(row.entry)? else { return Ok((row, Vec::new())) };
        let changes = changes::decode(&journal.changes)
            .map_err(|error| rusqlite::Error::InvalidParameterName(format!("entry {}: {error}", row.entry)))?;
        Ok((row, changes))
    };
    rows.into_iter().map(changes).collect()
}

/// What a run of ledger rows holds.
#[derive(Debug, Default)]
struct Span {
    first_ms: i64,
    last_ms: i64,
    /// 16 bytes each.
    actors: Vec<u8>,
    /// Between spaces.
    names: String,
}

impl Span {
    fn add(&mut self, row: &LedgerRow) {
        self.first_ms = self.first_ms.min(row.at_ms);
        self.last_ms = self.last_ms.max(row.at_ms);
        if !self.actors.chunks_exact(16).any(|known| known == row.actor.as_bytes()) {
            self.actors.extend_from_slice(row.actor.as_bytes());
        }
        if !self.names.split(' ').any(|known| known == row.name) {
            self.names.push(' ');
            self.names.push_str(&row.name);
        }
    }
}

fn span(conn: &Connection, run: u64) -> rusqlite::Result<Option<Span>> {
    let row = |row: &Row<'_>| {
        Ok(Span { first_ms: row.get(0)?, last_ms: row.get(1)?, actors: row.get(2)?, names: row.get(3)? })
    };
    conn.prepare_cached("SELECT first_ms, last_ms, actors, names FROM span WHERE run = ?1")?
        .query_row([run], row)
        .optional()
}

fn made(conn: &Connection, run: u64) -> rusqlite::Result<Span> {
    let mut span = Span { first_ms: i64::MAX, last_ms: i64::MIN, ..Span::default() };
    backwards(conn, run * RUN + 1, (run + 1) * RUN, |row| {
        span.add(&row);
        true
    })?;
    Ok(span)
}

impl Database {
    /// Full runs of the ledger that have no span yet.
    pub fn spans_missing(&self) -> rusqlite::Result<u64> {
        self.read(|conn| {
            let there: u64 = conn.prepare_cached("SELECT COUNT(*) FROM span")?.query_row([], |row| row.get(0))?;
            Ok((Head::read(conn)?.seq / RUN).saturating_sub(there))
        })
    }

    /// Writes the next spans; says whether there are more to write. Blocking.
    pub fn extend_spans(&self) -> Result<bool, WriteError> {
        let trouble = |error: rusqlite::Error| WriteError::Unavailable(error.to_string());
        let next = self.read(|conn| {
            let next: u64 =
                conn.prepare_cached("SELECT COALESCE(MAX(run) + 1, 0) FROM span")?.query_row([], |row| row.get(0))?;
            let runs = next..Head::read(conn)?.seq / RUN;
            runs.take(SPANS_A_STEP).map(|run| Ok((run, made(conn, run)?))).collect::<rusqlite::Result<Vec<_>>>()
        });
        let next = next.map_err(trouble)?;
        let full = next.len() == SPANS_A_STEP;
        self.local_blocking(move |tx| {
            for (run, span) in &next {
                tx.execute(
                    "INSERT INTO span (run, first_ms, last_ms, actors, names) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT DO NOTHING",
                    params![run, span.first_ms, span.last_ms, span.actors, span.names],
                )?;
            }
            Ok(())
        })?;
        Ok(full)
    }
}
