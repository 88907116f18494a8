//! One of several copies of a file: what it places is kept upstream, and a commit waits for that.
//!
//! Every group that places something, or changes a row of the tables that go along apart, is one turn. Before it commits
//! it hands the turn up, which takes it only if this copy has all turns before. If it has not, the group is rolled back,
//! what is missing is taken in, and the group runs again while upstream takes nobody else's: who was late once is not
//! late for ever. So all copies stand in one line, and a copy that is lost is made again from what lies upstream.
//!
//! Rows that go apart are in no record: secrets, who is logged in, which devices there are. Like the records, each is
//! taken in exactly as it was changed.

use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use crate::changes;
use crate::command::WriteError;
use crate::core::{Core, Halt, meta, set_meta};
use crate::database::Database;
use crate::rebase::{Placed, SyncError, hear, pushed, take_in};
use crate::records::{JournalRow, LedgerRow};
use crate::schema::Schema;
use crate::scratch::open_scratch;
use crate::writer::{Job, Settings};
use crate::{apply, joining, writer};

/// Where a copy keeps how many turns it holds.
const TURN: &str = "turn";
/// How often a group runs again because another copy was faster, though the line was held for it.
pub(crate) const TRIES: usize = 8;

/// What a group places.
#[derive(Debug, Default)]
pub struct Turn {
    /// Turns this copy holds; upstream must hold as many.
    pub before: u64,
    /// The position this copy is at when it commits.
    pub position: u64,
    /// The epoch of this copy.
    pub epoch: u64,
    /// Dense positions, in their order.
    pub placed: Vec<Placed>,
    /// Devices that were heard without placing anything, and how far.
    pub heard: Vec<(Uuid, u64)>,
    /// Changed rows of the tables that go along apart, see `changes`.
    pub apart: Vec<u8>,
}

impl Turn {
    fn is_empty(&self) -> bool {
        self.placed.is_empty() && self.heard.is_empty() && self.apart.is_empty()
    }
}

/// What a copy does not hold yet.
#[derive(Debug, Default)]
pub struct Missing {
    /// Upstream's turns.
    pub turn: u64,
    /// In the order of their positions, without a gap.
    pub placed: Vec<Placed>,
    /// More placed commands follow these; then `heard` and `apart` come with the last of them.
    pub more: bool,
    pub heard: Vec<(Uuid, u64)>,
    /// In the order of their turns.
    pub apart: Vec<Vec<u8>>,
}

/// Why a turn was not taken.
#[derive(Debug, Clone)]
pub enum NotTaken {
    /// This copy does not hold all turns before.
    Moved,
    /// Nobody knows whether it was taken. A copy finds out with its next turn.
    Unavailable(String),
}

/// Keeps the turns of a file. Called on the writer's thread.
pub trait Upstream: Send + Sync + 'static {
    /// Takes a turn whole or not at all.
    fn append(&self, turn: &Turn) -> Result<(), NotTaken>;
    /// What a copy that holds so many turns, and everything up to `position`, does not hold. None: nothing.
    fn after(&self, turn: u64, position: u64) -> Result<Option<Missing>, String>;
    /// Takes no turn of another copy until this one's next turn, or `let_go`, or the copy does not answer any more.
    fn hold(&self) -> Result<(), String>;
    fn let_go(&self);
    /// What lies upstream does not fit on this copy: it has to be made again.
    fn misfit(&self, why: &str);
}

/// A line that is held for one copy, until this is dropped.
pub(crate) struct Held(Arc<dyn Upstream>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.let_go();
    }
}

pub(crate) fn hold(core: &Core) -> Result<Option<Held>, WriteError> {
    let Some(upstream) = core.upstream.clone() else { return Ok(None) };
    upstream.hold().map_err(WriteError::Upstream)?;
    Ok(Some(Held(upstream)))
}

impl Database {
    /// Takes in what other copies placed. True: there was something. Blocking.
    pub fn catch_up(&self) -> Result<bool, WriteError> {
        self.send(Job::CatchUp)?.blocking_recv().map_err(|_| WriteError::Closed)?
    }

    /// How many turns this copy holds.
    pub fn turn(&self) -> rusqlite::Result<u64> {
        self.read(turn)
    }
}

/// How many turns a file holds that nobody has open.
pub fn turn_of(path: &Path) -> rusqlite::Result<u64> {
    turn(&rusqlite::Connection::open(path)?)
}

pub(crate) fn turn(conn: &rusqlite::Connection) -> rusqlite::Result<u64> {
    Ok(meta(conn, TURN)?.unwrap_or(0))
}

/// Takes out of a snapshot what is its disk's own: secret and local tables but those that go along apart. Says how many
/// turns it holds.
pub fn bare(copy: &Path, schema: &Schema, apart: &[&str]) -> rusqlite::Result<u64> {
    joining::bare(copy, schema, apart, "DELETE FROM outbox; DELETE FROM inbox")?;
    turn(&open_scratch(copy)?)
}

impl Core {
    /// Notes what was placed, for the turn this group becomes.
    pub fn note_placed(&mut self, row: &LedgerRow, journal: JournalRow) {
        if let (true, Some(position)) = (self.upstream.is_some(), row.position) {
            self.turn.placed.push(Placed {
                position,
                outcome: row.outcome,
                answer: row.answer.clone(),
                changes: journal.changes,
                state: journal.state,
                command: pushed(row.clone()),
            });
        }
    }

    /// Notes that a device was heard, though nothing of it was placed.
    pub fn note_heard(&mut self, device: Uuid, device_seq: u64) {
        if self.upstream.is_some() {
            self.turn.heard.push((device, device_seq));
        }
    }

    /// Hands the open group up; the last thing before its commit.
    pub fn hand_up(&mut self) -> Result<(), Halt> {
        let Some(upstream) = self.upstream.clone() else { return Ok(()) };
        self.turn.apart = std::mem::take(&mut self.capture.buffer().apart);
        if self.turn.is_empty() {
            return Ok(());
        }
        let mut turn = std::mem::take(&mut self.turn);
        turn.position = self.head.position;
        turn.epoch = crate::database::epoch(&self.conn).map_err(|error| self.abandon(&error))?;
        self.turn.before = turn.before + 1;
        set_meta(&self.conn, TURN, self.turn.before).map_err(|error| self.abandon(&error))?;
        upstream.append(&turn).map_err(|why| match why {
            NotTaken::Moved => Halt::Moved,
            NotTaken::Unavailable(why) => Halt::Failed(WriteError::Upstream(why)),
        })
    }
}

/// Takes in everything that is missing, a page a commit. True: there was something.
pub(crate) fn catch_up(core: &mut Core, settings: &Settings) -> Result<bool, WriteError> {
    let Some(upstream) = core.upstream.clone() else { return Ok(false) };
    let mut any = false;
    loop {
        let missing = upstream.after(core.turn.before, core.head.position).map_err(WriteError::Upstream)?;
        let Some(missing) = missing else { return Ok(any) };
        let (before, more) = (core.before(), missing.more);
        if let Err(error) =
            page(core, &missing).map_err(Halt::from).and_then(|apart| writer::commit_told(core, settings, apart))
        {
            writer::give_up(core, &before);
            return Err(error.into_error());
        }
        any = true;
        if !more {
            return Ok(true);
        }
    }
}

/// Says which tables that go apart were changed.
fn page(core: &mut Core, missing: &Missing) -> Result<Vec<String>, WriteError> {
    core.statement("BEGIN IMMEDIATE")?;
    core.statement("PRAGMA defer_foreign_keys = ON")?;
    let taken = take_page(core, missing);
    taken.map_err(|error| match error {
        SyncError::Write(error @ (WriteError::Unavailable(_) | WriteError::Closed)) => error,
        misfit => {
            let why = misfit.to_string();
            if let Some(upstream) = &core.upstream {
                upstream.misfit(&why);
            }
            WriteError::Upstream(why)
        }
    })
}

fn take_page(core: &mut Core, missing: &Missing) -> Result<Vec<String>, SyncError> {
    for placed in &missing.placed {
        if placed.position != core.head.position + 1 {
            let (got, here) = (placed.position, core.head.position);
            return Err(SyncError::Misfit(format!("position {got} follows {here}")));
        }
        take_in(core, placed)?;
        hear(core, placed.command.device, placed.command.device_seq).map_err(|error| core.trouble(&error))?;
    }
    if let Some(last) = missing.placed.last()
        && last.state.is_some_and(|state| core.capture.buffer().total().to_bytes() != state)
    {
        return Err(SyncError::Diverged { position: last.position });
    }
    for (device, device_seq) in &missing.heard {
        hear(core, *device, *device_seq).map_err(|error| core.trouble(&error))?;
    }
    let mut touched = Vec::new();
    for body in &missing.apart {
        for change in changes::decode(body).map_err(|error| SyncError::Misfit(error.to_string()))? {
            apply::apply(&core.conn, &change).map_err(|error| SyncError::Misfit(error.to_string()))?;
            if !touched.contains(&change.table) {
                touched.push(change.table);
            }
        }
    }
    // What was taken in is upstream already.
    core.capture.buffer().apart.clear();
    if !missing.more {
        core.turn.before = missing.turn;
        set_meta(&core.conn, TURN, missing.turn).map_err(|error| core.trouble(&error))?;
    }
    Ok(touched)
}
