//! Any moment of the past: a copy of a file, brought forward by the effects in the journal.
//!
//! No command runs here: the recorded changes are applied, migrations by their statements. The copy ends
//! with the same two records up to that entry and is believed only if its counted state is the recorded one.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::apply::{self, Misfit};
use crate::capture;
use crate::changes::{self, Op};
use crate::database::{Database, open_writable};
use crate::migrate;
use crate::records::{self, Cause, Head, JournalRow, LedgerRow, Records};
use crate::schema::Schema;

#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("entry {entry} is missing from the journal")]
    Missing { entry: u64 },
    #[error("entry {entry} does not fit: {why}")]
    Misfit { entry: u64, why: String },
    #[error("after entry {entry} the state is not the recorded one")]
    State { entry: u64 },
    #[error("entry {entry} breaks the chain")]
    Chain { entry: u64 },
    #[error("it was stopped")]
    Stopped,
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

/// What a replay did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replayed {
    pub from: u64,
    pub to: u64,
}

impl Database {
    /// Brings `copy`, an earlier snapshot of this file that nobody has open, forward to `entry`.
    pub fn replay_into(&self, copy: &Path, entry: u64) -> Result<Replayed, ReplayError> {
        self.replay_to(&mut open_writable(copy)?, entry)
    }

    pub(crate) fn replay_to(&self, target: &mut Connection, entry: u64) -> Result<Replayed, ReplayError> {
        // Effects were checked when they first ran, and a migration among them may rebuild tables.
        target.execute_batch("PRAGMA foreign_keys = OFF")?;
        let tx = target.transaction()?;
        let from = Head::read(&tx)?;
        self.read(|source| {
            let reached = forward(source, &tx, self.schema(), Reached { head: from, state: None }, entry)?;
            if reached.head == from {
                return Ok(());
            }
            match reached.state {
                Some(state) => believe(&tx, self.schema(), reached.head.entry, state),
                None => ahead(source, &tx, self.schema(), reached),
            }
        })?;
        tx.commit()?;
        Ok(Replayed { from: from.entry, to: entry.max(from.entry) })
    }
}

/// Where a replay has come to, and the state recorded there, if one is.
pub(crate) struct Reached {
    pub head: Head,
    pub state: Option<[u8; 16]>,
}

/// A packed entry has no state of its own: the copy is brought on to the next that has one, believed if it
/// agrees, and taken back; what is counted then is the state it ends with.
fn ahead(source: &Connection, target: &Connection, schema: &Schema, reached: Reached) -> Result<(), ReplayError> {
    let Head { entry, hash: link, .. } = reached.head;
    let end = Head::read(source)?.entry;
    target.execute_batch("SAVEPOINT ahead")?;
    let mut on = reached;
    while on.state.is_none() && on.head.entry < end {
        let next = on.head.entry + 1;
        on = forward(source, target, schema, on, next)?;
    }
    let Some(state) = on.state else { return Err(ReplayError::State { entry: on.head.entry }) };
    believe(target, schema, on.head.entry, state)?;
    target.execute_batch("ROLLBACK TO ahead; RELEASE ahead")?;
    let state = migrate::recount(target, schema)?.to_bytes();
    let sql = "UPDATE journal SET state = ?2, hash = ?3 WHERE entry = ?1";
    target.execute(sql, params![entry, state, records::hash(&link, Some(&state))])?;
    Ok(())
}

pub(crate) fn believe(target: &Connection, schema: &Schema, entry: u64, state: [u8; 16]) -> Result<(), ReplayError> {
    if migrate::recount(target, schema)?.to_bytes() != state {
        return Err(ReplayError::State { entry });
    }
    Ok(())
}

fn forward(
    source: &Connection,
    target: &Connection,
    schema: &Schema,
    from: Reached,
    to: u64,
) -> Result<Reached, ReplayError> {
    let mut reached = from;
    let mut records = Records::new(source);
    for entry in reached.head.entry + 1..=to {
        let row = records.journal(entry)?.ok_or(ReplayError::Missing { entry })?;
        let ledger = records.ledger(row.seq)?;
        step(target, schema, &mut reached, row, ledger)?;
    }
    reached.head.write(target)?;
    Ok(reached)
}

/// One entry with the ledger row it belongs to. The head is the caller's to write.
pub(crate) fn step(
    target: &Connection,
    schema: &Schema,
    reached: &mut Reached,
    row: JournalRow,
    ledger: Option<LedgerRow>,
) -> Result<(), ReplayError> {
    let Reached { head, state } = reached;
    let entry = row.entry;
    let digest = ledger.as_ref().map(records::digest);
    let link = records::chain(&head.hash, &row, digest.as_ref());
    let hash = records::hash(&link, row.state.as_ref());
    if row.hash.is_some_and(|recorded| recorded != hash) {
        return Err(ReplayError::Chain { entry });
    }
    effects(target, schema, &row)?;
    if let Some(mut ledger) = ledger {
        if ledger.entry == entry {
            // What the sequencer said later is not yet known at this moment.
            ledger.position = row.position;
            records::insert_ledger(target, &ledger)?;
            head.seq = ledger.seq;
            head.device_seq = ledger.device_seq.unwrap_or(0).max(head.device_seq);
        } else if row.cause == Cause::Apply {
            target.execute("UPDATE ledger SET position = ?2 WHERE seq = ?1", params![row.seq, row.position])?;
        }
    }
    head.entry = entry;
    head.hash = link;
    head.position = row.position.unwrap_or(0).max(head.position);
    *state = row.state;
    records::insert_journal(target, &JournalRow { hash: Some(hash), ..row })?;
    Ok(())
}

fn effects(target: &Connection, schema: &Schema, row: &JournalRow) -> Result<(), ReplayError> {
    let entry = row.entry;
    let misfit = |why: String| ReplayError::Misfit { entry, why };
    for change in changes::decode(&row.changes).map_err(|error| misfit(error.to_string()))? {
        if change.op == Op::Migration {
            let number = schema.migrations.iter().position(|m| m.name == change.table);
            let number = number.ok_or_else(|| misfit(format!("no migration {} is known", change.table)))?;
            migrate::apply(target, schema, number)?;
            continue;
        }
        apply::apply(target, &change).map_err(|error| match error {
            Misfit::Sql(error) => ReplayError::Sql(error),
            rows @ Misfit::Rows { .. } => misfit(rows.to_string()),
        })?;
        if let Some(entity) = change.key.first().and_then(|(_, value)| capture::entity(value.into())) {
            target
                .prepare_cached("INSERT OR IGNORE INTO touched (entity, entry) VALUES (?1, ?2)")?
                .execute((entity, entry))?;
        }
    }
    Ok(())
}
