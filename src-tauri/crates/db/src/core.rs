//! What the writer thread owns: the only writable connection, and where the records end.
//!
//! Everything here runs inside a transaction that somebody else opens and commits (`writer.rs`).
//! A caller that rolls back must put `Head` and the kept states back with `Core::rewind_to`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rusqlite::{Connection, ErrorCode, OptionalExtension};
use uuid::Uuid;

use crate::capture::Capture;
use crate::command::{Answer, Command, Outcome, Rules, Stop, WriteError};
use crate::records::{self, Cause, Head, JournalRow, LedgerRow};
use crate::state::{self, TableState};
use crate::tx::Tx;
use crate::upstream::{self, Turn, Upstream};

pub(crate) struct Core {
    pub conn: Connection,
    pub capture: Capture,
    pub rules: Arc<dyn Rules>,
    pub head: Head,
    pub device: Uuid,
    /// This disk places commands itself; otherwise they wait in the outbox.
    pub sequencer: bool,
    /// Where what this copy places is kept; then even a refused command has its position.
    pub upstream: Option<Arc<dyn Upstream>>,
    /// What the open group hands up.
    pub turn: Turn,
}

/// Where to return to when a transaction is rolled back.
pub(crate) struct Before {
    head: Head,
    states: Vec<TableState>,
    turn: u64,
}

/// Which part of a command is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Phase {
    /// Check, then run: this engine accepts it.
    Accept,
    /// Run alone: it was accepted elsewhere or before.
    Again,
}

/// What a command that stops half-way is rolled back with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guard {
    /// A savepoint of its own.
    Savepoint,
    /// None of its own, because a savepoint costs every page it touches a copy and few commands stop after they
    /// have written. One that does spoils the group, which then runs again with savepoints.
    Group,
}

/// Why a command has no answer.
pub(crate) enum Halt {
    /// It stopped after it had written, and there is no savepoint to return to.
    Spoilt,
    /// Another copy placed something first: take it in, and begin again.
    Moved,
    Failed(WriteError),
}

impl Halt {
    /// For those who run with savepoints, where nothing is spoilt.
    pub fn into_error(self) -> WriteError {
        match self {
            Self::Failed(error) => error,
            Self::Moved => WriteError::Upstream("other copies were faster every time".into()),
            Self::Spoilt => WriteError::Broken("a command stopped half-way in spite of its savepoint".into()),
        }
    }
}

impl From<WriteError> for Halt {
    fn from(error: WriteError) -> Self {
        Self::Failed(error)
    }
}

impl Core {
    pub fn before(&self) -> Before {
        Before { head: self.head, states: self.capture.buffer().states.clone(), turn: self.turn.before }
    }

    pub fn rewind_to(&mut self, before: &Before) {
        self.head = before.head;
        let mut buffer = self.capture.buffer();
        buffer.states.clone_from(&before.states);
        buffer.forget();
        buffer.apart.clear();
        self.turn = Turn { before: before.turn, ..Turn::default() };
    }

    /// Where nobody knows how much of the open group was done: back to what the file holds.
    pub fn begin_anew(&mut self) -> rusqlite::Result<()> {
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        self.capture.begin_anew(&self.conn)?;
        self.head = Head::read(&self.conn)?;
        self.turn = Turn { before: upstream::turn(&self.conn)?, ..Turn::default() };
        Ok(())
    }

    /// Answers a command: the first answer again if its id is known, else check, run and record.
    pub fn accept(&mut self, command: &Command, guard: Guard) -> Result<Answer, Halt> {
        if let Some(known) = self.known(command)? {
            return Ok(known);
        }
        let (outcome, body) = self.attempt(command, Phase::Accept, guard)?;
        let shipped = outcome == Outcome::Done || self.upstream.is_some();
        let row = LedgerRow {
            seq: self.head.seq + 1,
            id: command.id,
            device: self.device,
            device_seq: shipped.then_some(self.head.device_seq + 1),
            actor: command.actor,
            name: command.name.to_string(),
            version: command.version,
            at_ms: command.at_ms,
            request: command.request,
            args: command.args.clone(),
            outcome,
            answer: body,
            entry: self.head.entry + 1,
            position: (shipped && self.sequencer).then_some(self.head.position + 1),
        };
        let recorded = self.record(&row, Cause::Run).and_then(|()| {
            if shipped && !self.sequencer {
                self.conn
                    .prepare_cached("INSERT INTO outbox (device_seq, seq, entry) VALUES (?1, ?2, ?3)")?
                    .execute((row.device_seq, row.seq, row.entry))?;
            }
            Ok(())
        });
        recorded.map_err(|error| self.abandon(&error))?;
        Ok(Answer { outcome, body: row.answer, replayed: false, entry: row.entry, seq: row.seq })
    }

    fn known(&self, command: &Command) -> Result<Option<Answer>, WriteError> {
        let row = records::ledger_by_id(&self.conn, command.id).map_err(|error| self.trouble(&error))?;
        let Some(row) = row else { return Ok(None) };
        // Somebody else's id is answered like a reused one: its existence is all that is said.
        if row.actor != command.actor || row.request != command.request || row.name != command.name {
            return Err(WriteError::Reused);
        }
        Ok(Some(replay(row)))
    }

    /// Runs a command. What it changed is in the capture when it is done, nothing otherwise.
    pub fn attempt(&mut self, command: &Command, phase: Phase, guard: Guard) -> Result<(Outcome, Vec<u8>), Halt> {
        let mark = self.capture.buffer().mark();
        let written = self.conn.total_changes();
        if guard == Guard::Savepoint {
            self.statement("SAVEPOINT command")?;
        }
        let result = catch_unwind(AssertUnwindSafe(|| {
            let tx = Tx::new(&self.conn, &self.capture);
            match phase {
                Phase::Accept => self.rules.accept(&tx, command),
                Phase::Again => self.rules.run(&tx, command),
            }
        }));
        let spoilt = self.capture.buffer().spoilt.clone();
        let stopped = match result {
            Ok(Ok(_)) if spoilt.is_some() => Stop::Broken(spoilt.unwrap_or_default()),
            Ok(Ok(body)) => {
                if guard == Guard::Savepoint {
                    self.statement("RELEASE command")?;
                }
                return Ok((Outcome::Done, body));
            }
            Ok(Err(stop)) => stop,
            Err(panic) => Stop::Broken(format!("{} panicked: {}", command.name, panic_text(&*panic))),
        };
        self.capture.buffer().cut(&mark);
        match guard {
            Guard::Savepoint => {
                // When SQLite has rolled the whole group back there is no savepoint left: this fails, and so do all.
                self.statement("ROLLBACK TO command")?;
                self.statement("RELEASE command")?;
            }
            Guard::Group if self.conn.total_changes() != written => return Err(Halt::Spoilt),
            Guard::Group => {}
        }
        match stopped {
            Stop::Refused(body) => Ok((Outcome::Refused, body)),
            Stop::Sql(error) => Err(self.trouble(&error).into()),
            Stop::Broken(why) => Err(WriteError::Broken(why).into()),
        }
    }

    /// Writes both rows of a command that has just been attempted, and moves the head.
    pub fn record(&mut self, row: &LedgerRow, cause: Cause) -> rusqlite::Result<()> {
        records::insert_ledger(&self.conn, row)?;
        self.head.seq = row.seq;
        if row.device == self.device {
            self.head.device_seq = row.device_seq.unwrap_or(0).max(self.head.device_seq);
        }
        let digest = records::digest(row);
        let journal = self.journal(cause, row.seq, row.position, Some(&digest))?;
        if cause == Cause::Run {
            self.note_placed(row, journal);
        }
        Ok(())
    }

    /// Turns what was captured into the next journal entry.
    pub fn journal(
        &mut self,
        cause: Cause,
        seq: u64,
        position: Option<u64>,
        ledger: Option<&[u8; 32]>,
    ) -> rusqlite::Result<JournalRow> {
        let (changes, touched, state) = {
            let mut buffer = self.capture.buffer();
            if let Some(why) = buffer.spoilt.take() {
                return Err(rusqlite::Error::UserFunctionError(why.into()));
            }
            let taken = (std::mem::take(&mut buffer.bytes), std::mem::take(&mut buffer.touched), buffer.total());
            buffer.forget();
            taken
        };
        let mut row = JournalRow {
            entry: self.head.entry + 1,
            cause,
            seq,
            position,
            changes,
            state: Some(state.to_bytes()),
            hash: None,
        };
        let link = records::chain(&self.head.hash, &row, ledger);
        row.hash = Some(records::hash(&link, row.state.as_ref()));
        records::insert_journal(&self.conn, &row)?;
        for entity in touched {
            self.conn
                .prepare_cached("INSERT OR IGNORE INTO touched (entity, entry) VALUES (?1, ?2)")?
                .execute((entity, row.entry))?;
        }
        self.head.entry = row.entry;
        self.head.hash = link;
        self.head.position = position.unwrap_or(0).max(self.head.position);
        Ok(row)
    }

    /// Writes what is kept beside the records; the last thing before a commit.
    pub fn keep(&mut self) -> rusqlite::Result<()> {
        let states: Vec<(usize, TableState)> = {
            let mut buffer = self.capture.buffer();
            let dirty = std::mem::take(&mut buffer.dirty);
            buffer.dirty = vec![false; dirty.len()];
            dirty.iter().enumerate().filter(|(_, d)| **d).map(|(n, _)| (n, buffer.states[n])).collect()
        };
        for (number, kept) in states {
            state::keep(&self.conn, &self.capture.shapes[number].table, kept)?;
        }
        self.head.write(&self.conn)
    }

    /// The synced tables changed since the last `keep`.
    pub fn touched_tables(&self) -> Vec<String> {
        let buffer = self.capture.buffer();
        let shapes = self.capture.shapes.iter().zip(&buffer.dirty);
        shapes.filter(|(_, dirty)| **dirty).map(|(shape, _)| shape.table.clone()).collect()
    }

    /// A change without its record must not stand: the whole group goes.
    pub fn abandon(&self, error: &rusqlite::Error) -> WriteError {
        if !self.conn.is_autocommit()
            && let Err(error) = self.conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "rollback failed");
        }
        WriteError::Unavailable(error.to_string())
    }

    pub fn statement(&self, sql: &str) -> Result<(), WriteError> {
        self.conn.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(|error| self.trouble(&error))?;
        Ok(())
    }

    /// The disk's fault is "try again later", anything else a bug of ours.
    pub fn trouble(&self, error: &rusqlite::Error) -> WriteError {
        let disk = matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::DiskFull
                    | ErrorCode::SystemIoFailure
                    | ErrorCode::OutOfMemory
                    | ErrorCode::CannotOpen
                    | ErrorCode::ReadOnly
                    | ErrorCode::DatabaseBusy
                    | ErrorCode::DatabaseLocked
                    | ErrorCode::DatabaseCorrupt
                    | ErrorCode::FileLockingProtocolFailed
            )
        );
        if disk || self.conn.is_autocommit() {
            WriteError::Unavailable(error.to_string())
        } else {
            WriteError::Broken(error.to_string())
        }
    }
}

/// A known command's first answer.
pub(crate) fn replay(row: LedgerRow) -> Answer {
    Answer { outcome: row.outcome, body: row.answer, replayed: true, entry: row.entry, seq: row.seq }
}

/// A value of `meta`.
pub(crate) fn meta<T: rusqlite::types::FromSql>(conn: &Connection, key: &str) -> rusqlite::Result<Option<T>> {
    conn.query_row("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0)).optional()
}

pub(crate) fn set_meta(conn: &Connection, key: &str, value: impl rusqlite::ToSql) -> rusqlite::Result<()> {
    conn.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        rusqlite::params![key, value],
    )?;
    Ok(())
}

pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}
