//! Sync's work on one disk: placing pushed commands (sequencer), and making room for placed ones (device).
//!
//! A device runs its commands at once and keeps them in the outbox. When effects come down it undoes what
//! is pending (newest first, from its own journal), applies the effects, compares the state with the
//! sequencer's, and runs what is still pending again; all in one transaction a page. First answers are
//! kept; an outcome that became another one lands in the inbox.

mod promote;
mod resubmit;

use std::borrow::Cow;

use rusqlite::OptionalExtension;
use uuid::Uuid;

use crate::apply;
use crate::changes;
use crate::command::{Command, Outcome, WriteError};
use crate::core::{Core, Guard, Halt, Phase, meta, set_meta};
use crate::database::Database;
use crate::records::{self, Cause, LEDGER_COLUMNS, LedgerRow, ledger_from};

use promote::{settle_own, tell};

pub use resubmit::Unplaced;

/// A command on its way up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pushed {
    pub device: Uuid,
    pub device_seq: u64,
    pub id: Uuid,
    pub actor: Uuid,
    pub name: String,
    pub version: u16,
    pub at_ms: i64,
    pub request: [u8; 8],
    pub args: Vec<u8>,
}

/// What the sequencer did with a pushed command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    pub device_seq: u64,
    pub position: u64,
    pub outcome: Outcome,
    pub answer: Vec<u8>,
}

/// A placed command on its way down, with its effects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub position: u64,
    pub command: Pushed,
    pub outcome: Outcome,
    pub answer: Vec<u8>,
    pub changes: Vec<u8>,
    /// The sequencer's state after it, unless it has packed it away.
    pub state: Option<[u8; 16]>,
}

/// A page of placed commands, from `after` to `next`, where the following page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Both are the sequencer's own ledger numbers, opaque to the device.
    pub after: u64,
    pub next: u64,
    pub placed: Vec<Placed>,
    pub more: bool,
}

/// What a page weighs before no more is added to it.
const PAGE_BYTES: usize = 1024 * 1024;
/// Where a device keeps how far it has pulled.
pub(crate) const CURSOR: &str = "cursor";

#[derive(Debug, Clone, thiserror::Error)]
pub enum SyncError {
    #[error("the device's next number is {expected}, not {got}")]
    Gap { expected: u64, got: u64 },
    #[error("after position {position} this disk's rows are not the sequencer's")]
    Diverged { position: u64 },
    #[error("the page begins after {got}, and this disk has pulled up to {cursor}")]
    Missed { cursor: u64, got: u64 },
    #[error("an effect does not fit: {0}")]
    Misfit(String),
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Database {
    /// Sequencer: runs pushed commands in order and gives each its position. A known one is answered
    /// again; a gap refuses the rest; a command that breaks is consumed as refused, so none blocks the queue.
    pub fn place(&self, batch: Vec<Pushed>) -> Result<Vec<Placement>, SyncError> {
        let place_all = |batch: Vec<Pushed>| {
            self.exclusive_again(move |core| batch.iter().map(|pushed| place(core, pushed)).collect())
        };
        match place_all(batch.clone()) {
            // Another copy may have heard the device since.
            Err(SyncError::Gap { .. }) => {
                self.catch_up()?;
                place_all(batch)
            }
            placed => placed,
        }
    }

    /// Device: the oldest `limit` commands the sequencer has not placed.
    pub fn pending(&self, limit: usize) -> rusqlite::Result<Vec<Pushed>> {
        Ok(self.unplaced(limit)?.into_iter().map(|unplaced| unplaced.command).collect())
    }

    /// Device: the same, with what was answered.
    pub fn unplaced(&self, limit: usize) -> rusqlite::Result<Vec<Unplaced>> {
        self.read(|conn| {
            conn.prepare_cached("SELECT seq FROM outbox ORDER BY device_seq LIMIT ?1")?
                .query_map([limit], |row| row.get(0))?
                .filter_map(|seq| seq.and_then(|seq: u64| records::ledger(conn, seq)).transpose())
                .map(|row| row.map(|row| Unplaced { answer: row.answer.clone(), command: pushed(row) }))
                .collect()
        })
    }

    /// Sequencer: what was placed after `cursor` (0: from the beginning), at most `limit` commands and about a megabyte.
    pub fn placed_after(&self, cursor: u64, limit: usize) -> rusqlite::Result<Page> {
        self.read(|conn| {
            let head = records::Head::read(conn)?;
            let mut rows = records::Records::new(conn);
            let mut page = Page { after: cursor, next: cursor, placed: Vec::new(), more: false };
            let mut bytes = 0;
            while page.next < head.seq && page.placed.len() < limit && bytes < PAGE_BYTES {
                page.next += 1;
                let Some(row) = rows.ledger(page.next)? else { continue };
                let Some(position) = row.position else { continue };
                let entry = rows.journal(row.entry)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
                bytes += row.args.len() + row.answer.len() + entry.changes.len();
                page.placed.push(Placed {
                    position,
                    outcome: row.outcome,
                    answer: row.answer.clone(),
                    changes: entry.changes,
                    state: entry.state,
                    command: pushed(row),
                });
            }
            page.more = page.next < head.seq;
            Ok(page)
        })
    }

    /// Device: undo what is pending, apply the page, compare, run the still pending again, and remember how far it
    /// has pulled; all or nothing. A page that came before is left alone; one that leaves something out is refused.
    pub fn rebase(&self, page: Page) -> Result<(), SyncError> {
        self.exclusive(move |core| rebase(core, &page))
    }

    /// Device: how far it has pulled.
    pub fn cursor(&self) -> rusqlite::Result<u64> {
        self.read(|conn| Ok(meta(conn, CURSOR)?.unwrap_or(0)))
    }
}

pub(crate) fn pushed(row: LedgerRow) -> Pushed {
    Pushed {
        device: row.device,
        device_seq: row.device_seq.unwrap_or(0),
        id: row.id,
        actor: row.actor,
        name: row.name,
        version: row.version,
        at_ms: row.at_ms,
        request: row.request,
        args: row.args,
    }
}

fn command(pushed: &Pushed) -> Command {
    Command {
        id: pushed.id,
        actor: pushed.actor,
        name: Cow::Owned(pushed.name.clone()),
        version: pushed.version,
        at_ms: pushed.at_ms,
        request: pushed.request,
        args: pushed.args.clone(),
        secret: None,
    }
}

fn place(core: &mut Core, pushed: &Pushed) -> Result<Placement, SyncError> {
    let sql = |core: &Core, error: rusqlite::Error| SyncError::Write(core.trouble(&error));
    let heard: Option<u64> = core
        .conn
        .prepare_cached("SELECT device_seq FROM device WHERE id = ?1")
        .and_then(|mut s| s.query_row([pushed.device], |row| row.get(0)).optional())
        .map_err(|error| sql(core, error))?;
    let known = records::ledger_by_id(&core.conn, pushed.id).map_err(|error| sql(core, error))?;
    let expected = heard.unwrap_or(0) + 1;
    if let Some(LedgerRow { position: Some(position), outcome, answer, .. }) = known {
        // Resubmitted under another device: its number counts as heard all the same.
        if pushed.device_seq == expected {
            hear(core, pushed.device, expected).map_err(|error| sql(core, error))?;
            core.note_heard(pushed.device, expected);
        }
        return Ok(Placement { device_seq: pushed.device_seq, position, outcome, answer });
    }
    if pushed.device_seq != expected {
        return Err(SyncError::Gap { expected, got: pushed.device_seq });
    }
    let (outcome, answer) = match again(core, pushed) {
        Ok(done) => done,
        Err(WriteError::Broken(why)) => {
            tracing::error!(command = %pushed.name, id = %pushed.id, why, "a pushed command broke and was set aside");
            (Outcome::Refused, br#"{"code":"broken_command"}"#.to_vec())
        }
        Err(error) => return Err(error.into()),
    };
    let position = core.head.position + 1;
    let row = LedgerRow {
        seq: core.head.seq + 1,
        entry: core.head.entry + 1,
        position: Some(position),
        device_seq: Some(pushed.device_seq),
        outcome,
        answer,
        ..ledger_row(pushed)
    };
    core.record(&row, Cause::Run)
        .and_then(|()| hear(core, row.device, pushed.device_seq))
        .map_err(|error| SyncError::Write(core.abandon(&error)))?;
    Ok(Placement { device_seq: pushed.device_seq, position, outcome: row.outcome, answer: row.answer })
}

pub(crate) fn hear(core: &Core, device: Uuid, device_seq: u64) -> rusqlite::Result<()> {
    core.conn
        .prepare_cached(
            "INSERT INTO device (id, device_seq) VALUES (?1, ?2)
             ON CONFLICT (id) DO UPDATE SET device_seq = max(device_seq, excluded.device_seq)",
        )?
        .execute((device, device_seq))
        .map(drop)
}

fn ledger_row(pushed: &Pushed) -> LedgerRow {
    LedgerRow {
        seq: 0,
        id: pushed.id,
        device: pushed.device,
        device_seq: Some(pushed.device_seq),
        actor: pushed.actor,
        name: pushed.name.clone(),
        version: pushed.version,
        at_ms: pushed.at_ms,
        request: pushed.request,
        args: pushed.args.clone(),
        outcome: Outcome::Done,
        answer: Vec::new(),
        entry: 0,
        position: None,
    }
}

fn rebase(core: &mut Core, page: &Page) -> Result<(), SyncError> {
    let cursor: u64 = meta(&core.conn, CURSOR).map_err(|error| core.trouble(&error))?.unwrap_or(0);
    if page.after > cursor {
        return Err(SyncError::Missed { cursor, got: page.after });
    }
    if page.next <= cursor {
        return Ok(());
    }
    set_meta(&core.conn, CURSOR, page.next).map_err(|error| core.trouble(&error))?;
    if page.placed.is_empty() {
        return Ok(());
    }
    core.statement("PRAGMA defer_foreign_keys = ON")?;
    undo_pending(core)?;
    for placed in &page.placed {
        take_in(core, placed)?;
    }
    if let Some(last) = page.placed.last()
        && last.state.is_some_and(|state| core.capture.buffer().total().to_bytes() != state)
    {
        return Err(SyncError::Diverged { position: last.position });
    }
    run_pending_again(core)
}

/// A command that waits, and the entry of its latest run.
type Pending = (LedgerRow, u64);

fn waiting(core: &Core) -> rusqlite::Result<Vec<Pending>> {
    let columns = LEDGER_COLUMNS.split(", ").map(|c| format!("ledger.{c}")).collect::<Vec<_>>().join(", ");
    core.conn
        .prepare_cached(&format!(
            "SELECT {columns}, outbox.entry FROM outbox JOIN ledger USING (seq) ORDER BY outbox.device_seq"
        ))?
        .query_map([], |row| Ok((ledger_from(row)?, row.get(14)?)))?
        .collect()
}

fn undo_pending(core: &mut Core) -> Result<(), SyncError> {
    let pending = waiting(core).map_err(|error| core.trouble(&error))?;
    for (row, entry) in pending.iter().rev() {
        let run = records::journal(&core.conn, *entry).map_err(|error| core.trouble(&error))?;
        let run = run.ok_or_else(|| SyncError::Misfit(format!("entry {entry} of a pending command is missing")))?;
        let changes = changes::decode(&run.changes).map_err(|error| SyncError::Misfit(error.to_string()))?;
        for change in changes.into_iter().rev() {
            let table = change.table.clone();
            let inverse = change.inverse().ok_or_else(|| SyncError::Misfit(format!("{table} cannot be undone")))?;
            apply::apply(&core.conn, &inverse).map_err(|error| SyncError::Misfit(error.to_string()))?;
        }
        write(core, Cause::Undo, row, None)?;
    }
    Ok(())
}

pub(crate) fn take_in(core: &mut Core, placed: &Placed) -> Result<(), SyncError> {
    let known = records::ledger_by_id(&core.conn, placed.command.id).map_err(|error| core.trouble(&error))?;
    if known.as_ref().is_some_and(|row| row.position.is_some()) {
        return Ok(());
    }
    for change in changes::decode(&placed.changes).map_err(|error| SyncError::Misfit(error.to_string()))? {
        apply::apply(&core.conn, &change).map_err(|error| SyncError::Misfit(error.to_string()))?;
    }
    let Some(own) = known else {
        let row = LedgerRow {
            seq: core.head.seq + 1,
            entry: core.head.entry + 1,
            position: Some(placed.position),
            outcome: placed.outcome,
            answer: placed.answer.clone(),
            ..ledger_row(&placed.command)
        };
        return core.record(&row, Cause::Apply).map_err(|error| SyncError::Write(core.abandon(&error)));
    };
    settle_own(core, &own, placed.position, placed.outcome, &placed.answer)?;
    write(core, Cause::Apply, &own, Some(placed.position))
}

fn run_pending_again(core: &mut Core) -> Result<(), SyncError> {
    for (row, _) in waiting(core).map_err(|error| core.trouble(&error))? {
        match again(core, &pushed(row.clone())) {
            // Refused now is only a forecast; the sequencer's word decides.
            Ok(_) | Err(WriteError::Broken(_)) => {}
            Err(error) => return Err(error.into()),
        }
        write(core, Cause::Rerun, &row, None)?;
        core.conn
            .execute("UPDATE outbox SET entry = ?2 WHERE seq = ?1", (row.seq, core.head.entry))
            .map_err(|error| core.trouble(&error))?;
    }
    Ok(())
}

/// Runs what was accepted elsewhere or before.
fn again(core: &mut Core, pushed: &Pushed) -> Result<(Outcome, Vec<u8>), WriteError> {
    core.attempt(&command(pushed), Phase::Again, Guard::Savepoint).map_err(Halt::into_error)
}

fn write(core: &mut Core, cause: Cause, row: &LedgerRow, position: Option<u64>) -> Result<(), SyncError> {
    let digest = records::digest(row);
    core.journal(cause, row.seq, position, Some(&digest))
        .map(drop)
        .map_err(|error| SyncError::Write(core.abandon(&error)))
}
