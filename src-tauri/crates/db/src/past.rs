//! A moment of the past as a file of its own, made beside the live one.
//!
//! Two ways lead there. Back: a copy of the live file, with what came after taken back from the journal. Forward:
//! a new file with the same records, brought on from the first entry. The nearer one is taken; over a migration
//! only the second leads. Either way the rows are believed only if their state is the recorded one.
//!
//! Rows of local tables have no past and are there as they are now; rows of secret tables are not there at all.
//! The live file is only read: its writer waits for nothing here.

mod back;

use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use crate::changes::{self, Op};
use crate::core::meta;
use crate::database::{Database, begin};
use crate::migrate;
use crate::records::{Head, Records};
use crate::replay::ReplayError;
use crate::schema::{Class, Schema};
use crate::scratch::open_scratch;
use crate::shape::quote;

/// Pages of the live file copied between two looks at whether to go on: 16 MB.
const PAGES_A_STEP: i32 = 4096;
/// Forward, the copy is counted anew after so many parts.
const PARTS: u64 = 8;
/// What a byte of a packed entry costs, in bytes of one that is not.
const UNPACKED: u64 = 10;

/// How a moment was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Back,
    Forward,
}

impl Database {
    /// Makes `to`, a file that is not there yet, this file as it was after `entry`. `go_on` hears how much is
    /// done (0 to 1) and stops it by saying no; what is there of `to` then is the caller's to remove.
    pub fn past_into(&self, to: &Path, entry: u64, mut go_on: impl FnMut(f32) -> bool) -> Result<Way, ReplayError> {
        let way = self.read(|conn| nearer(conn, entry))?;
        match way {
            Way::Back => {
                copy(self.path(), to, &mut |done| go_on(done / 2.0))?;
                let mut target = open_scratch(to)?;
                back::take_back(&mut target, self.schema(), entry, &mut |done| go_on(0.5 + done / 2.0))?;
                forget_secrets(&target, self.schema())?;
            }
            Way::Forward => {
                let (file, device) =
                    self.read(|conn| Ok::<_, rusqlite::Error>((meta(conn, "file")?, self.device())))?;
                let mut target = open_scratch(to)?;
                begin(&target, file.ok_or(rusqlite::Error::QueryReturnedNoRows)?, device)?;
                for part in 1..=PARTS {
                    if !go_on((part - 1) as f32 / PARTS as f32) {
                        return Err(ReplayError::Stopped);
                    }
                    self.replay_to(&mut target, entry * part / PARTS)?;
                }
                migrate::run(&mut target, self.schema())?;
                bring_local(&target, self.schema(), self.path())?;
            }
        }
        Ok(way)
    }
}

/// Which way is the shorter, by the bytes of the entries on it.
fn nearer(conn: &Connection, entry: u64) -> Result<Way, ReplayError> {
    let head = Head::read(conn)?;
    if entry == 0 || entry > head.entry {
        return Err(ReplayError::Missing { entry });
    }
    let bytes = |after: bool| -> rusqlite::Result<u64> {
        let side = if after { ">" } else { "<=" };
        let plain = format!("SELECT COALESCE(SUM(length(changes) + 200), 0) FROM journal WHERE entry {side} ?1");
        let packed = format!("SELECT COALESCE(SUM(length(body)), 0) FROM block WHERE last {side} ?1");
        let plain: u64 = conn.query_row(&plain, [entry], |row| row.get(0))?;
        let packed: u64 = conn.query_row(&packed, [entry], |row| row.get(0))?;
        Ok(plain + packed * UNPACKED)
    };
    let migrated = || -> Result<bool, ReplayError> {
        let mut records = Records::new(conn);
        for entry in entry + 1..=head.entry {
            let row = records.journal(entry)?.ok_or(ReplayError::Missing { entry })?;
            if row.seq == 0 && is_migration(&row.changes) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    if bytes(true)? > bytes(false)? || migrated()? { Ok(Way::Forward) } else { Ok(Way::Back) }
}

fn is_migration(changes: &[u8]) -> bool {
    changes::decode(changes).is_ok_and(|changes| changes.iter().any(|change| change.op == Op::Migration))
}

/// A copy of one snapshot, page by page. The snapshot is held for the whole copy, so that a write does not make it
/// begin again.
fn copy(from: &Path, to: &Path, go_on: &mut dyn FnMut(f32) -> bool) -> Result<(), ReplayError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(from, flags)?;
    source.busy_timeout(std::time::Duration::from_secs(5))?;
    source.execute_batch("BEGIN; SELECT 1 FROM head")?;
    let mut target = open_scratch(to)?;
    let backup = Backup::new(&source, &mut target)?;
    loop {
        match backup.step(PAGES_A_STEP)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            // Nobody else has the copy, and the snapshot is ours already.
            _ => return Err(rusqlite::Error::InvalidQuery.into()),
        }
        let progress = backup.progress();
        let share = 1.0 - progress.remaining as f32 / progress.pagecount.max(1) as f32;
        if !go_on(share) {
            return Err(ReplayError::Stopped);
        }
    }
}

fn forget_secrets(target: &Connection, schema: &Schema) -> rusqlite::Result<()> {
    for table in schema.tables.iter().filter(|table| table.class == Class::Secret) {
        target.execute(&format!("DELETE FROM main.{}", quote(table.name)), [])?;
    }
    Ok(())
}

fn bring_local(target: &Connection, schema: &Schema, live: &Path) -> rusqlite::Result<()> {
    target.execute("ATTACH ?1 AS live", [live.to_string_lossy()])?;
    for table in schema.tables.iter().filter(|table| table.class == Class::Local) {
        let table = quote(table.name);
        target.execute(&format!("INSERT INTO main.{table} SELECT * FROM live.{table}"), [])?;
    }
    target.execute_batch("DETACH live")
}
