//! Is everything still what it was? Integrity, references, the chain over both records, the state.
//!
//! Reads only. Every finding is a sentence for a person; the list is bounded, the count is not.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::capture;
use crate::changes;
use crate::core::meta;
use crate::database::Database;
use crate::pack;
use crate::records::{
    self, Cause, Head, JOURNAL_COLUMNS, JournalRow, LEDGER_COLUMNS, LedgerRow, journal_from, ledger_from,
};
use crate::shape::Shape;
use crate::state::{self, Sum};

/// Findings that are spelled out; the rest are only counted.
const FINDINGS_MAX: usize = 200;

/// What a check saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub commands: u64,
    pub entries: u64,
    pub rows: u64,
    pub findings: Vec<String>,
    pub findings_total: u64,
}

impl Report {
    pub const fn is_clean(&self) -> bool {
        self.findings_total == 0
    }

    fn found(&mut self, what: String) {
        self.findings_total += 1;
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(what);
        }
    }
}

impl Database {
    /// Checks the whole file on one snapshot.
    pub fn check(&self) -> rusqlite::Result<Report> {
        self.read(|conn| {
            let mut report = Report::default();
            // A damaged page makes a later read fail; what was found so far is still the answer.
            if let Err(error) = examine(conn, self, &mut report) {
                report.found(format!("the file cannot be read to the end: {error}"));
            }
            Ok(report)
        })
    }
}

fn examine(conn: &Connection, database: &Database, report: &mut Report) -> rusqlite::Result<()> {
    let mut statement = conn.prepare("PRAGMA integrity_check(50)")?;
    for line in statement.query_map([], |row| row.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            report.found(format!("integrity: {line}"));
        }
    }
    let mut statement = conn.prepare("SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 50")?;
    for pair in statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))? {
        let (table, parent) = pair?;
        report.found(format!("a row of {table} refers to nothing in {parent}"));
    }
    let last = chain(conn, report)?;
    states(conn, database, last, report)
}

/// Walks both records from the first row to the head. Returns the last recorded state.
fn chain(conn: &Connection, report: &mut Report) -> rusqlite::Result<Option<[u8; 16]>> {
    let file = meta(conn, "file")?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let head = Head::read(conn)?;
    let mut walk = Walk { previous: records::genesis(file), ..Walk::default() };
    let mut ledger = Ledger::default();
    each_block(conn, "ledger", report, |first, body, report| {
        for row in pack::ledger_rows(first, body)? {
            ledger.take(conn, row, report)?;
        }
        Ok(())
    })?;
    let mut statement = conn.prepare(&format!("SELECT {LEDGER_COLUMNS} FROM ledger ORDER BY seq"))?;
    for row in statement.query_map([], ledger_from)? {
        ledger.take(conn, row?, report)?;
    }
    ledger.finish(conn, &head, report)?;
    each_block(conn, "journal", report, |first, body, report| {
        for row in pack::journal_rows(first, body)? {
            walk.step(conn, &row, &mut ledger, report)?;
        }
        Ok(())
    })?;
    let mut statement = conn.prepare(&format!("SELECT {JOURNAL_COLUMNS} FROM journal ORDER BY entry"))?;
    for row in statement.query_map([], journal_from)? {
        walk.step(conn, &row?, &mut ledger, report)?;
    }
    walk.finish(conn, &head, &ledger, report)?;
    report.commands = ledger.seq;
    report.entries = walk.entry;
    Ok(walk.state)
}

fn each_block(
    conn: &Connection,
    record: &str,
    report: &mut Report,
    mut f: impl FnMut(u64, &[u8], &mut Report) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare("SELECT first, body, hash FROM block WHERE record = ?1 ORDER BY first")?;
    let mut rows = statement.query([record])?;
    while let Some(row) = rows.next()? {
        let first: u64 = row.get(0)?;
        let packed: Vec<u8> = row.get(1)?;
        let read = pack::unpack(&packed, row.get(2)?).and_then(|body| f(first, &body, report));
        if let Err(error) = read {
            report.found(format!("{record} block from {first}: {error}"));
        }
    }
    Ok(())
}

/// What of each ledger row the journal must answer for.
struct Owed {
    digest: [u8; 32],
    entry: u64,
    position: Option<u64>,
    met: Option<u64>,
}

#[derive(Default)]
struct Ledger {
    seq: u64,
    owed: HashMap<u64, Owed>,
}

impl Ledger {
    fn take(&mut self, conn: &Connection, row: LedgerRow, report: &mut Report) -> rusqlite::Result<()> {
        if row.seq != self.seq + 1 {
            report.found(format!("ledger: after row {} comes row {}", self.seq, row.seq));
        }
        self.seq = row.seq;
        let mut statement = conn.prepare_cached("SELECT seq FROM ledger_id WHERE id = ?1")?;
        let indexed: Option<u64> = statement.query_map([row.id], |r| r.get(0))?.next().transpose()?;
        if indexed != Some(row.seq) {
            report.found(format!("ledger: the id of row {} is not in the index of ids", row.seq));
        }
        let owed = Owed { digest: records::digest(&row), entry: row.entry, position: row.position, met: None };
        self.owed.insert(row.seq, owed);
        Ok(())
    }

    fn finish(&self, conn: &Connection, head: &Head, report: &mut Report) -> rusqlite::Result<()> {
        if self.seq != head.seq {
            report.found(format!("ledger: ends at row {}, its head says {}", self.seq, head.seq));
        }
        let ids: u64 = conn.query_row("SELECT count(*) FROM ledger_id", [], |row| row.get(0))?;
        if ids != self.owed.len() as u64 {
            report.found(format!("ledger: {} rows but {ids} ids", self.owed.len()));
        }
        Ok(())
    }
}

#[derive(Default)]
struct Walk {
    previous: [u8; 32],
    entry: u64,
    state: Option<[u8; 16]>,
    touched: u64,
}

impl Walk {
    fn step(
        &mut self,
        conn: &Connection,
        row: &JournalRow,
        ledger: &mut Ledger,
        report: &mut Report,
    ) -> rusqlite::Result<()> {
        if row.entry != self.entry + 1 {
            report.found(format!("journal: after entry {} comes entry {}", self.entry, row.entry));
        }
        self.entry = row.entry;
        let owed = ledger.owed.get_mut(&row.seq);
        if row.seq != 0 && owed.is_none() {
            report.found(format!("journal: entry {} belongs to ledger row {}, which is missing", row.entry, row.seq));
        }
        let expected = records::chain(&self.previous, row, owed.as_ref().map(|o| &o.digest));
        if row.hash.is_some_and(|hash| hash != expected) {
            report.found(format!("journal: the chain breaks at entry {}", row.entry));
        }
        // Go on from what is recorded, so that one break is reported once.
        self.previous = row.hash.unwrap_or(expected);
        self.state = Some(row.state);
        if let Some(owed) = owed {
            if matches!(row.cause, Cause::Run | Cause::Apply) && row.entry == owed.entry {
                owed.met = Some(row.entry);
            }
            if row.position.is_some() && row.position != owed.position {
                report.found(format!("ledger: row {} has another position than entry {}", row.seq, row.entry));
            }
            if row.position.is_some() {
                owed.position = None;
            }
        }
        self.history(conn, row, report)
    }

    fn history(&mut self, conn: &Connection, row: &JournalRow, report: &mut Report) -> rusqlite::Result<()> {
        let changes = match changes::decode(&row.changes) {
            Ok(changes) => changes,
            Err(error) => {
                report.found(format!("journal: entry {}: {error}", row.entry));
                return Ok(());
            }
        };
        let mut entities: Vec<_> =
            changes.iter().filter_map(|c| c.key.first()).filter_map(|(_, v)| capture::entity(v.into())).collect();
        entities.sort_unstable();
        entities.dedup();
        let mut statement =
            conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM touched WHERE entity = ?1 AND entry = ?2)")?;
        for entity in &entities {
            if !statement.query_row((entity, row.entry), |r| r.get::<_, bool>(0))? {
                report.found(format!("history: entry {} is missing from its index", row.entry));
            }
        }
        self.touched += entities.len() as u64;
        Ok(())
    }

    fn finish(&self, conn: &Connection, head: &Head, ledger: &Ledger, report: &mut Report) -> rusqlite::Result<()> {
        if self.entry != head.entry {
            report.found(format!("journal: ends at entry {}, its head says {}", self.entry, head.entry));
        } else if self.previous != head.hash {
            report.found("journal: the last entry's hash is not the head's".into());
        }
        for (seq, owed) in &ledger.owed {
            if owed.met.is_none() {
                report.found(format!("ledger: row {seq} has no entry {} in the journal", owed.entry));
            }
            if let Some(position) = owed.position {
                report.found(format!("ledger: row {seq} claims position {position}, which no entry gave it"));
            }
        }
        let touched: u64 = conn.query_row("SELECT count(*) FROM touched", [], |row| row.get(0))?;
        if touched != self.touched {
            report.found(format!("history: {touched} marks where the journal has {}", self.touched));
        }
        Ok(())
    }
}

/// Counts every synced row and compares with what was kept and what the journal says last.
fn states(conn: &Connection, database: &Database, last: Option<[u8; 16]>, report: &mut Report) -> rusqlite::Result<()> {
    let kept = state::kept(conn)?;
    let mut total = Sum::default();
    for table in database.schema().synced() {
        let Some(shape) = Shape::read(conn, table)? else {
            report.found(format!("table {table} is not there"));
            continue;
        };
        let counted = state::count(conn, &shape)?;
        report.rows += counted.rows.unsigned_abs();
        total.add(counted.sum);
        if kept.get(table).copied().unwrap_or_default() != counted {
            report.found(format!("state: the rows of {table} are not those the records lead to"));
        }
    }
    if last.is_some_and(|state| state != total.to_bytes()) {
        report.found("state: the rows are not those of the journal's last entry".into());
    }
    Ok(())
}
