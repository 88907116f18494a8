//! The records as pieces that are carried away, and a copy brought forward by them.
//!
//! A piece is a run of journal entries, each with the ledger row it brought, between two links of the chain: the
//! link before its first entry and the one after its last. So pieces fit together in one way only, and a piece that
//! is missing, altered, doubled or out of its place is found before anything is believed. A piece ends at an entry
//! whose state is recorded, so that the copy it leads to can be held against it.

mod rows;

use std::path::Path;

use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::core::{meta, set_meta};
use crate::database::Database;
use crate::migrate;
use crate::records::{self, Head, JournalRow, LedgerRow, Records};
use crate::replay::{self, Reached, ReplayError};
use crate::schema::Schema;
use crate::scratch::open_scratch;
use crate::state::Sum;

/// An entry with the ledger row it brought.
type Unit = (JournalRow, Option<LedgerRow>);

/// A run of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub first: u64,
    pub last: u64,
    /// The chain's link before the first entry, and after the last.
    pub before: [u8; 32],
    pub after: [u8; 32],
    /// Least and greatest time of the commands in it; none: it holds none (a migration).
    pub times: Option<(i64, i64)>,
    pub rows: Vec<u8>,
}

/// How far a copy is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// To the last entry there is.
    End,
    Entry(u64),
}

/// Where a file's records end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub entry: u64,
    /// The chain's link after it.
    pub link: [u8; 32],
    /// The rows' state after it.
    pub state: [u8; 16],
    /// The sequencer's position.
    pub position: u64,
    /// Commands in the ledger.
    pub seq: u64,
    pub epoch: u64,
    /// Migrations the file has behind it.
    pub schema: usize,
}

impl Piece {
    /// The newest command in it that was not asked for after an instant: its entry.
    pub fn last_until(&self, at_ms: i64) -> Result<Option<u64>, ReplayError> {
        let units = self.units()?;
        let before = |ledger: &LedgerRow| ledger.at_ms <= at_ms;
        Ok(units.iter().filter(|(_, ledger)| ledger.as_ref().is_some_and(before)).map(|(row, _)| row.entry).max())
    }

    /// The entries it says it holds, one after the other.
    fn units(&self) -> Result<Vec<Unit>, ReplayError> {
        let units = rows::units(&self.rows);
        let units = units.map_err(|why| ReplayError::Misfit { entry: self.first, why: why.to_string() })?;
        let dense = units.iter().zip(self.first..).all(|((row, _), entry)| row.entry == entry);
        let whole = units.len() as u64 == self.last.saturating_add(1).saturating_sub(self.first);
        if dense && whole { Ok(units) } else { Err(ReplayError::Missing { entry: self.first }) }
    }
}

impl Database {
    /// The entries after `after`, about `bytes_max` of them. None: there are none.
    pub fn piece(&self, after: u64, bytes_max: usize) -> Result<Option<Piece>, ReplayError> {
        self.read(|conn| {
            let head = Head::read(conn)?;
            if after >= head.entry {
                return Ok(None);
            }
            let before = link_at(conn, after)?;
            let mut records = Records::new(conn);
            let (mut last, mut link, mut times, mut rows) = (after, before, None, Vec::new());
            for entry in after + 1..=head.entry {
                let row = records.journal(entry)?.ok_or(ReplayError::Missing { entry })?;
                let ledger = records.ledger(row.seq)?;
                link = records::chain(&link, &row, ledger.as_ref().map(records::digest).as_ref());
                let brought = ledger.filter(|ledger| ledger.entry == entry);
                if let Some(ledger) = &brought {
                    let (least, greatest) = times.unwrap_or((ledger.at_ms, ledger.at_ms));
                    times = Some((ledger.at_ms.min(least), ledger.at_ms.max(greatest)));
                }
                rows::put(&mut rows, &row, brought.as_ref());
                last = entry;
                if row.state.is_some() && rows.len() >= bytes_max {
                    break;
                }
            }
            Ok(Some(Piece { first: after + 1, last, before, after: link, times, rows }))
        })
    }

    /// The chain's link after an entry.
    pub fn link(&self, entry: u64) -> Result<[u8; 32], ReplayError> {
        self.read(|conn| link_at(conn, entry))
    }

    /// When the first command after an entry was asked for.
    pub fn first_after(&self, entry: u64) -> rusqlite::Result<Option<i64>> {
        self.read(|conn| {
            let mut statement = conn
                .prepare_cached("SELECT at_ms FROM ledger WHERE entry > ?1 AND seq > (SELECT max(seq) FROM ledger) - 4096 ORDER BY seq LIMIT 1")?;
            statement.query_map([entry], |row| row.get(0))?.next().transpose()
        })
    }
}

fn link_at(conn: &Connection, entry: u64) -> Result<[u8; 32], ReplayError> {
    let mut records = Records::new(conn);
    let (mut from, mut link) = (entry, None);
    // A packed entry has no hash of its own: the chain is walked from the nearest before it that has.
    while link.is_none() {
        if from == 0 {
            link = Some(records::genesis(meta(conn, "file")?.ok_or(rusqlite::Error::QueryReturnedNoRows)?));
            break;
        }
        let row = records.journal(from)?.ok_or(ReplayError::Missing { entry: from })?;
        link = row.hash.map(|hash| records::link(&hash, row.state.as_ref()));
        from -= u64::from(link.is_none());
    }
    let mut link = link.ok_or(ReplayError::Chain { entry })?;
    for entry in from + 1..=entry {
        let row = records.journal(entry)?.ok_or(ReplayError::Missing { entry })?;
        let ledger = records.ledger(row.seq)?;
        link = records::chain(&link, &row, ledger.as_ref().map(records::digest).as_ref());
    }
    Ok(link)
}

/// Where the records of a file nobody has open end, as it says itself.
pub fn mark(path: &Path) -> Result<Mark, ReplayError> {
    let conn = open_scratch(path)?;
    let Head { entry, hash, position, seq, .. } = Head::read(&conn)?;
    let state = recorded(&conn, entry)?.ok_or(ReplayError::State { entry })?;
    let (epoch, schema) = (crate::database::epoch(&conn)?, migrate::version(&conn)?);
    Ok(Mark { entry, link: hash, state, position, seq, epoch, schema })
}

/// A finished copy on its way forward. Nobody else has it open; a failure leaves it worth nothing.
pub struct Advancing {
    conn: Connection,
    schema: Schema,
    reached: Reached,
    until: Until,
    done: bool,
}

impl Advancing {
    pub fn begin(copy: &Path, schema: Schema, until: Until) -> Result<Self, ReplayError> {
        let conn = open_scratch(copy)?;
        let head = Head::read(&conn)?;
        if let Until::Entry(entry) = until
            && entry < head.entry
        {
            return Err(ReplayError::Missing { entry });
        }
        let done = until == Until::Entry(head.entry);
        Ok(Self { conn, schema, reached: Reached { head, state: None }, until, done })
    }

    /// The last entry of the copy.
    pub fn entry(&self) -> u64 {
        self.reached.head.entry
    }

    /// Goes no further than an entry.
    pub fn stop_at(&mut self, entry: u64) {
        self.until = Until::Entry(entry);
        self.done = entry <= self.reached.head.entry;
    }

    /// Takes the next piece. False: the copy is where it was to be brought, and no more is taken.
    pub fn take(&mut self, piece: &Piece) -> Result<bool, ReplayError> {
        let head = self.reached.head;
        if self.done || piece.last <= head.entry {
            return Ok(!self.done);
        }
        if piece.first > head.entry + 1 {
            return Err(ReplayError::Missing { entry: head.entry + 1 });
        }
        let units = piece.units()?;
        if piece.first == head.entry + 1 && piece.before != head.hash {
            return Err(ReplayError::Chain { entry: piece.first });
        }
        let until = match self.until {
            Until::End => piece.last,
            Until::Entry(entry) => entry.min(piece.last),
        };
        self.done = until < piece.last || self.until == Until::Entry(piece.last);
        self.conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        let tx = self.conn.transaction()?;
        let mut ahead = Vec::new();
        for (row, brought) in units.into_iter().filter(|(row, _)| row.entry > head.entry) {
            if row.entry > until {
                ahead.push((row, brought));
                continue;
            }
            step(&tx, &self.schema, &mut self.reached, row, brought)?;
        }
        self.reached.head.write(&tx)?;
        if ahead.is_empty() && self.reached.head.hash != piece.after {
            return Err(ReplayError::Chain { entry: piece.last });
        }
        if self.reached.state.is_none() && until > head.entry {
            on_and_back(&tx, &self.schema, &mut self.reached, ahead)?;
        }
        tx.commit()?;
        Ok(!self.done)
    }

    /// Believes the copy only if its rows are those the records say. Returns where it ends.
    pub fn finish(self) -> Result<Mark, ReplayError> {
        let Reached { head, state } = self.reached;
        if let (Until::Entry(entry), false) = (self.until, self.done) {
            return Err(ReplayError::Missing { entry: entry.min(head.entry + 1) });
        }
        let tx = self.conn.unchecked_transaction()?;
        let counted = migrate::recount(&tx, &self.schema)?;
        let recorded = match state {
            Some(state) => Some(state),
            None => recorded(&tx, head.entry)?,
        };
        if recorded.is_some_and(|state| state != counted.to_bytes()) {
            return Err(ReplayError::State { entry: head.entry });
        }
        let (epoch, schema) = (crate::database::epoch(&tx)?, migrate::version(&tx)?);
        tx.commit()?;
        let Head { entry, hash, position, seq, .. } = head;
        Ok(Mark { entry, link: hash, state: Sum::to_bytes(counted), position, seq, epoch, schema })
    }
}

fn recorded(conn: &Connection, entry: u64) -> Result<Option<[u8; 16]>, ReplayError> {
    Ok(Records::new(conn).journal(entry)?.and_then(|row| row.state))
}

fn step(
    conn: &Connection,
    schema: &Schema,
    reached: &mut Reached,
    row: JournalRow,
    brought: Option<LedgerRow>,
) -> Result<(), ReplayError> {
    let ledger = match brought {
        Some(ledger) => Some(ledger),
        // An undo or a re-run: its command came with an earlier entry.
        None => Records::new(conn).ledger(row.seq)?,
    };
    replay::step(conn, schema, reached, row, ledger)
}

/// What was packed has no state at every entry: the copy is brought on to the next that has one, believed if it
/// agrees, and taken back; what is counted then is the state it ends with.
fn on_and_back(conn: &Connection, schema: &Schema, reached: &mut Reached, ahead: Vec<Unit>) -> Result<(), ReplayError> {
    let Head { entry, hash: link, .. } = reached.head;
    conn.execute_batch("SAVEPOINT ahead")?;
    let mut on = Reached { head: reached.head, state: None };
    for (row, brought) in ahead {
        step(conn, schema, &mut on, row, brought)?;
        if on.state.is_some() {
            break;
        }
    }
    let state = on.state.ok_or(ReplayError::State { entry: on.head.entry })?;
    replay::believe(conn, schema, on.head.entry, state)?;
    conn.execute_batch("ROLLBACK TO ahead; RELEASE ahead")?;
    let state = migrate::recount(conn, schema)?.to_bytes();
    conn.execute(
        "UPDATE journal SET state = ?2, hash = ?3 WHERE entry = ?1",
        params![entry, state, records::hash(&link, Some(&state))],
    )?;
    reached.state = Some(state);
    Ok(())
}

/// Makes a finished copy the file of a new device in a later epoch: what it prints and signs from now on is told
/// apart from what another disk may still print and sign.
pub fn adopt(path: &Path, device: Uuid, epoch: u64) -> rusqlite::Result<()> {
    let mut conn = open_scratch(path)?;
    conn.execute_batch("PRAGMA synchronous = FULL")?;
    let tx = conn.transaction()?;
    set_meta(&tx, "device", device)?;
    set_meta(&tx, "epoch", epoch)?;
    tx.execute("UPDATE head SET device_seq = 0", [])?;
    tx.commit()
}
