//! Is everything still what it was? Integrity, references, the chain over both records, the state.
//!
//! Reads only, and remembers next to nothing on its way, however long the records are. Every finding is a sentence for a person; the list is bounded, the count is not.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use crate::core::meta;
use crate::database::Database;
use crate::pack::{self, Block, Window};
use crate::records::{
    self, Cause, Head, JOURNAL_COLUMNS, JournalRow, LEDGER_COLUMNS, LedgerRow, Records, journal_from, ledger_from,
};
use crate::shape::Shape;
use crate::state::{self, Sum};

/// Findings that are spelled out; the rest are only counted.
const FINDINGS_MAX: usize = 200;
/// Of one kind: the rest say the same of another row.
const ALIKE_MAX: u64 = 3;
/// Kinds that are told apart.
const KINDS_MAX: usize = 200;

/// What a check saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub commands: u64,
    pub entries: u64,
    pub rows: u64,
    pub findings: Vec<String>,
    pub findings_total: u64,
    /// How many there are of each kind, which is a finding without its numbers.
    kinds: BTreeMap<String, u64>,
}

impl Report {
    pub const fn is_clean(&self) -> bool {
        self.findings_total == 0
    }

    fn found(&mut self, what: String) {
        self.findings_total += 1;
        let kind = without_numbers(&what);
        if !self.kinds.contains_key(&kind) && self.kinds.len() >= KINDS_MAX {
            return;
        }
        let alike = self.kinds.entry(kind).or_default();
        *alike += 1;
        if *alike <= ALIKE_MAX && self.findings.len() < FINDINGS_MAX {
            self.findings.push(what);
        }
    }

    /// Says how many more there are of what was spelled out.
    fn sum_up(&mut self) {
        let many = self.kinds.iter().filter(|(_, count)| **count > ALIKE_MAX);
        self.findings.extend(many.map(|(kind, count)| format!("{kind}: {} more like these", count - ALIKE_MAX)));
    }
}

/// "entry 4711 is missing" -> "entry … is missing"
fn without_numbers(what: &str) -> String {
    let mut kind = String::with_capacity(what.len());
    for letter in what.chars() {
        match letter.is_ascii_digit() {
            true if kind.ends_with('…') => {}
            true => kind.push('…'),
            false => kind.push(letter),
        }
    }
    kind
}

impl Database {
    /// Checks the whole file on one snapshot.
    pub fn check(&self) -> rusqlite::Result<Report> {
        self.read_afresh(|conn| {
            let mut report = Report::default();
            // A damaged page makes a later read fail; what was found so far is still the answer.
            if let Err(error) = examine(conn, self, &mut report) {
                report.found(format!("the file cannot be read to the end: {error}"));
            }
            report.sum_up();
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
    let mut walk = Walk {
        conn,
        report,
        records: Records::new(conn),
        links: vec![records::genesis(file)],
        entry: 0,
        seq: 0,
        rows: 0,
        state: None,
        owed: HashMap::new(),
        ids: 0,
        touched: 0,
    };
    pack::each(conn, |block| {
        match block {
            Ok(Block { window, units }) => {
                for (journal, ledger) in units {
                    walk.step(&journal, ledger, Some(window))?;
                }
            }
            Err((entry, error)) => walk.report.found(format!("block from entry {entry}: {error}")),
        }
        Ok(())
    })?;
    let mut statement = conn.prepare(&format!("SELECT {LEDGER_COLUMNS} FROM ledger ORDER BY seq"))?;
    let mut own = statement.query_map([], ledger_from)?;
    let mut next = own.next().transpose()?;
    let mut statement = conn.prepare(&format!("SELECT {JOURNAL_COLUMNS} FROM journal ORDER BY entry"))?;
    for row in statement.query_map([], journal_from)? {
        let row = row?;
        while let Some(lost) = next.take_if(|ledger| ledger.seq < row.seq) {
            walk.alone(lost)?;
            next = own.next().transpose()?;
        }
        let ledger = next.take_if(|ledger| ledger.seq == row.seq);
        if ledger.is_some() {
            next = own.next().transpose()?;
        }
        walk.step(&row, ledger, None)?;
    }
    while let Some(lost) = next.take() {
        walk.alone(lost)?;
        next = own.next().transpose()?;
    }
    walk.finish()
}

/// The way through both records at once. What it remembers does not grow with them.
struct Walk<'c, 'r> {
    conn: &'c Connection,
    report: &'r mut Report,
    records: Records<'c>,
    /// Where the chain may stand: after a break, what the row leads to and what it says.
    links: Vec<[u8; 32]>,
    entry: u64,
    seq: u64,
    /// Ledger rows met.
    rows: u64,
    state: Option<[u8; 16]>,
    /// Positions that ledger rows claim and no entry has given them yet: those of commands that waited.
    owed: HashMap<u64, u64>,
    /// What the indexes must hold.
    ids: u64,
    touched: u64,
}

impl Walk<'_, '_> {
    /// One entry, and the ledger row that arrived with it. `window`: of the block it lies in.
    fn step(&mut self, row: &JournalRow, ledger: Option<LedgerRow>, window: Option<Window>) -> rusqlite::Result<()> {
        if row.entry != self.entry + 1 {
            self.report.found(format!("journal: after entry {} comes entry {}", self.entry, row.entry));
        }
        self.entry = row.entry;
        let digest = match ledger {
            Some(ledger) => Some(self.arrived(row, &ledger, window)?),
            None if row.seq == 0 => None,
            None => self.again(row)?,
        };
        self.link(row, digest.as_ref());
        self.history(row, window)
    }

    /// A ledger row with the entry it must have come with.
    fn arrived(&mut self, row: &JournalRow, ledger: &LedgerRow, window: Option<Window>) -> rusqlite::Result<[u8; 32]> {
        self.ledger(ledger, window)?;
        if ledger.entry != row.entry || !matches!(row.cause, Cause::Run | Cause::Apply) {
            self.report.found(format!("ledger: row {} has no entry {} in the journal", ledger.seq, ledger.entry));
        }
        match (row.position, ledger.position) {
            (None, Some(claimed)) => drop(self.owed.insert(ledger.seq, claimed)),
            (given, claimed) if given != claimed => {
                self.report.found(format!("ledger: row {} has another position than entry {}", ledger.seq, row.entry));
            }
            _ => {}
        }
        Ok(records::digest(ledger))
    }

    /// A later entry of a ledger row: undone, placed, run again.
    fn again(&mut self, row: &JournalRow) -> rusqlite::Result<Option<[u8; 32]>> {
        let ledger = self.records.ledger(row.seq)?.filter(|ledger| ledger.entry < row.entry);
        let Some(ledger) = ledger else {
            self.report
                .found(format!("journal: entry {} belongs to ledger row {}, which is missing", row.entry, row.seq));
            return Ok(None);
        };
        if row.position.is_some() {
            self.owed.remove(&row.seq);
            if row.position != ledger.position {
                self.report.found(format!("ledger: row {} has another position than entry {}", row.seq, row.entry));
            }
        }
        Ok(Some(records::digest(&ledger)))
    }

    /// A ledger row that no entry brought.
    fn alone(&mut self, row: LedgerRow) -> rusqlite::Result<()> {
        self.report.found(format!("ledger: row {} has no entry {} in the journal", row.seq, row.entry));
        self.ledger(&row, None)
    }

    fn ledger(&mut self, row: &LedgerRow, window: Option<Window>) -> rusqlite::Result<()> {
        if row.seq != self.seq + 1 {
            self.report.found(format!("ledger: after row {} comes row {}", self.seq, row.seq));
        }
        self.seq = row.seq;
        self.rows += 1;
        if window.is_some_and(|window| window.covers(row.id.as_bytes())) {
            return Ok(());
        }
        self.ids += 1;
        let mut statement = self.conn.prepare_cached("SELECT seq FROM ledger_id WHERE id = ?1")?;
        let indexed: Option<u64> = statement.query_map([row.id], |r| r.get(0))?.next().transpose()?;
        if indexed != Some(row.seq) {
            self.report.found(format!("ledger: the id of row {} is not in the index of ids", row.seq));
        }
        Ok(())
    }

    fn link(&mut self, row: &JournalRow, digest: Option<&[u8; 32]>) {
        let led_to: Vec<_> = self.links.iter().map(|previous| records::chain(previous, row, digest)).collect();
        let Some(hash) = row.hash else {
            self.links = led_to;
            return;
        };
        let recorded = records::link(&hash, row.state.as_ref());
        if led_to.contains(&recorded) {
            self.links = vec![recorded];
        } else {
            self.report.found(format!("journal: the chain breaks at entry {}", row.entry));
            // Either the row or its hash is not what it was; the next one knows which, so that one break is
            // reported once.
            self.links = led_to;
            self.links.truncate(1);
            self.links.push(recorded);
        }
        self.state = row.state.or(self.state);
    }

    fn history(&mut self, row: &JournalRow, window: Option<Window>) -> rusqlite::Result<()> {
        let entities = match pack::entities(row) {
            Ok(entities) => entities,
            Err(error) => {
                self.report.found(format!("journal: entry {}: {error}", row.entry));
                return Ok(());
            }
        };
        let mut statement =
            self.conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM touched WHERE entity = ?1 AND entry = ?2)")?;
        for entity in entities.iter().filter(|entity| !window.is_some_and(|window| window.covers(entity))) {
            self.touched += 1;
            if !statement.query_row((entity, row.entry), |r| r.get::<_, bool>(0))? {
                self.report.found(format!("history: entry {} is missing from its index", row.entry));
            }
        }
        Ok(())
    }

    fn finish(self) -> rusqlite::Result<Option<[u8; 16]>> {
        let head = Head::read(self.conn)?;
        let report = self.report;
        if self.seq != head.seq {
            report.found(format!("ledger: ends at row {}, its head says {}", self.seq, head.seq));
        }
        if self.entry != head.entry {
            report.found(format!("journal: ends at entry {}, its head says {}", self.entry, head.entry));
        } else if !self.links.contains(&head.hash) {
            report.found("journal: the last entry's link is not the head's".into());
        }
        for (seq, position) in &self.owed {
            report.found(format!("ledger: row {seq} claims position {position}, which no entry gave it"));
        }
        let count =
            |table: &str| self.conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, u64>(0));
        let (ids, touched) = (count("ledger_id")?, count("touched")?);
        if ids != self.ids {
            report.found(format!("ledger: {ids} ids in their index where it needs {}", self.ids));
        }
        if touched != self.touched {
            report.found(format!("history: {touched} marks where the records need {}", self.touched));
        }
        report.commands = self.rows;
        report.entries = self.entry;
        Ok(self.state)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_of_one_kind_are_three_and_a_number() {
        let mut report = Report::default();
        for entry in 1..=21_898 {
            report.found(format!("history: entry {entry} is missing from its index"));
        }
        report.found("integrity: wrong # of entries in index menu_9".into());
        report.sum_up();
        assert_eq!(report.findings_total, 21_899);
        assert_eq!(
            report.findings,
            [
                "history: entry 1 is missing from its index",
                "history: entry 2 is missing from its index",
                "history: entry 3 is missing from its index",
                "integrity: wrong # of entries in index menu_9",
                "history: entry … is missing from its index: 21895 more like these",
            ]
        );
    }
}
