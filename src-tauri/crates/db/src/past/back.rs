//! Taking a copy back to an entry: every later change undone, newest first, and both records cut after it.
//!
//! The state is kept up row by row and held against every state recorded on the way, so that nothing is counted
//! whole and one change too many or too few is seen at the entry it happens at.

use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use crate::apply::{self, Misfit};
use crate::capture;
use crate::changes::{self, Change, Op};
use crate::pack;
use crate::records::{self, Head, JournalRow, Records};
use crate::replay::ReplayError;
use crate::schema::Schema;
use crate::shape::{Shape, quote};
use crate::state::{self, Sum, TableState};

/// Entries between two looks at whether to go on.
const ENTRIES_A_STEP: u64 = 512;
/// Ledger rows one span stands for; see `trail`.
const RUN: u64 = 1024;

pub(super) fn take_back(
    target: &mut Connection,
    schema: &Schema,
    entry: u64,
    go_on: &mut dyn FnMut(f32) -> bool,
) -> Result<(), ReplayError> {
    let tx = target.transaction()?;
    let head = Head::read(&tx)?;
    let mut undoing = Undoing::begin(&tx, schema, head)?;
    let ahead = head.entry.saturating_sub(entry);
    for at in (entry + 1..=head.entry).rev() {
        undoing.undo(at)?;
        if at % ENTRIES_A_STEP == 0 && !go_on((head.entry - at) as f32 / ahead as f32) {
            return Err(ReplayError::Stopped);
        }
    }
    undoing.agree(entry)?;
    let Undoing { states, head, total, .. } = undoing;
    for (table, state) in &states {
        state::keep(&tx, table, *state)?;
    }
    cut(&tx, entry, head.seq, total)?;
    let kept: Option<(Option<[u8; 16]>, [u8; 32])> = tx
        .query_row("SELECT state, hash FROM journal WHERE entry = ?1", [entry], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (state, hash) = kept.ok_or(ReplayError::Missing { entry })?;
    Head { entry, hash: records::link(&hash, state.as_ref()), ..head }.write(&tx)?;
    tx.execute("DELETE FROM span WHERE (run + 1) * ?1 > ?2", (RUN, head.seq))?;
    Ok(tx.commit()?)
}

struct Undoing<'c> {
    conn: &'c Connection,
    records: Records<'c>,
    shapes: HashMap<String, Shape>,
    states: HashMap<String, TableState>,
    total: Sum,
    head: Head,
}

impl<'c> Undoing<'c> {
    fn begin(conn: &'c Connection, schema: &Schema, head: Head) -> rusqlite::Result<Self> {
        let mut shapes = HashMap::new();
        for table in schema.synced() {
            if let Some(shape) = Shape::read(conn, table)? {
                shapes.insert(table.to_owned(), shape);
            }
        }
        let states: HashMap<_, _> = state::kept(conn)?.into_iter().collect();
        let mut total = Sum::default();
        for state in states.values() {
            total.add(state.sum);
        }
        Ok(Self { conn, records: Records::new(conn), shapes, states, total, head })
    }

    /// The state now is the one recorded after `entry`, where one is recorded.
    fn agree(&mut self, entry: u64) -> Result<JournalRow, ReplayError> {
        let row = self.records.journal(entry)?.ok_or(ReplayError::Missing { entry })?;
        if row.state.is_some_and(|state| state != self.total.to_bytes()) {
            return Err(ReplayError::State { entry });
        }
        Ok(row)
    }

    fn undo(&mut self, entry: u64) -> Result<(), ReplayError> {
        let row = self.agree(entry)?;
        let misfit = |why: String| ReplayError::Misfit { entry, why };
        let changes = changes::decode(&row.changes).map_err(|error| misfit(error.to_string()))?;
        for change in changes.into_iter().rev() {
            if let Some(entity) = change.key.first().and_then(|(_, value)| capture::entity(value.into())) {
                self.conn
                    .prepare_cached("DELETE FROM touched WHERE entity = ?1 AND entry = ?2")?
                    .execute((entity, entry))?;
            }
            let table = change.table.clone();
            let inverse = change.inverse().ok_or_else(|| misfit(format!("{table} cannot be undone")))?;
            self.apply(&inverse).map_err(|error| match error {
                Misfit::Sql(error) => ReplayError::Sql(error),
                rows @ Misfit::Rows { .. } => misfit(rows.to_string()),
            })?;
        }
        self.head.position = row.position.map_or(self.head.position, |position| position.saturating_sub(1));
        let Some(ledger) = self.records.ledger(row.seq)? else { return Ok(()) };
        if ledger.entry == entry {
            self.conn.prepare_cached("DELETE FROM ledger_id WHERE id = ?1")?.execute([ledger.id])?;
            self.head.seq = ledger.seq - 1;
            self.head.device_seq = ledger.device_seq.map_or(self.head.device_seq, |seq| seq.saturating_sub(1));
        } else if row.position.is_some() {
            self.conn.execute("UPDATE ledger SET position = NULL WHERE seq = ?1", [row.seq])?;
        }
        Ok(())
    }

    fn apply(&mut self, change: &Change) -> Result<(), Misfit> {
        let Some(shape) = self.shapes.get(&change.table) else { return apply::apply(self.conn, change) };
        let key: Vec<&Value> = change.key.iter().map(|(_, value)| value).collect();
        let wheres: Vec<_> = change.key.iter().map(|(name, _)| format!("{} = ?", quote(name))).collect();
        let sql = format!("SELECT {} FROM main.{} WHERE {}", shape.column_list(), shape.quoted(), wheres.join(" AND "));
        let hash = || -> rusqlite::Result<Option<Sum>> {
            let mut statement = self.conn.prepare_cached(&sql)?;
            let mut rows = statement.query(params_from_iter(&key))?;
            let Some(row) = rows.next()? else { return Ok(None) };
            let values = (0..shape.columns.len()).map(|at| row.get_ref(at)).collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(Some(state::row_hash(shape, &mut Vec::new(), |column| values[column])))
        };
        let before = hash()?;
        apply::apply(self.conn, change)?;
        let after = hash()?;
        let state = self.states.entry(change.table.clone()).or_default();
        if let Some(before) = before {
            state.sum.take(before);
            self.total.take(before);
        }
        if let Some(after) = after {
            state.sum.add(after);
            self.total.add(after);
        }
        state.rows += match change.op {
            Op::Insert => 1,
            Op::Delete => -1,
            Op::Update | Op::Migration => 0,
        };
        Ok(())
    }
}

/// Cuts both records after `entry`. A block that holds it is opened, and what is to stay stands as plain rows.
fn cut(conn: &Connection, entry: u64, last_seq: u64, total: Sum) -> Result<(), ReplayError> {
    let held = pack::holding_entry(conn, entry)?;
    conn.execute("DELETE FROM journal WHERE entry > ?1", [entry])?;
    conn.execute("DELETE FROM ledger WHERE seq > ?1", [last_seq])?;
    conn.execute("DELETE FROM block WHERE last >= ?1", [entry])?;
    held.map_or(Ok(()), |block| stand_plain(conn, block, entry, total))
}

fn stand_plain(conn: &Connection, block: pack::Block, entry: u64, total: Sum) -> Result<(), ReplayError> {
    let first = block.units.first().map_or(entry, |(row, _)| row.entry);
    let mut link = match first {
        1 => records::genesis(crate::core::meta(conn, "file")?.ok_or(rusqlite::Error::QueryReturnedNoRows)?),
        _ => {
            let before = records::journal(conn, first - 1)?.ok_or(ReplayError::Missing { entry: first - 1 })?;
            let hash = before.hash.ok_or(ReplayError::Chain { entry: first - 1 })?;
            records::link(&hash, before.state.as_ref())
        }
    };
    for (row, ledger) in block.units.into_iter().filter(|(row, _)| row.entry <= entry) {
        let known = match &ledger {
            Some(own) => Some(own.clone()),
            // An undo or a re-run: its command stands further up.
            None => records::ledger(conn, row.seq)?,
        };
        link = records::chain(&link, &row, known.as_ref().map(records::digest).as_ref());
        let state = if row.entry == entry { Some(total.to_bytes()) } else { row.state };
        for entity in pack::entities(&row).map_err(|error| ReplayError::Misfit { entry, why: error.to_string() })? {
            let sql = "INSERT OR IGNORE INTO touched (entity, entry) VALUES (?1, ?2)";
            conn.prepare_cached(sql)?.execute((entity, row.entry))?;
        }
        records::insert_journal(conn, &JournalRow { state, hash: Some(records::hash(&link, state.as_ref())), ..row })?;
        if let Some(own) = ledger {
            conn.prepare_cached("DELETE FROM ledger_id WHERE id = ?1")?.execute([own.id])?;
            records::insert_ledger(conn, &own)?;
        }
    }
    Ok(())
}
