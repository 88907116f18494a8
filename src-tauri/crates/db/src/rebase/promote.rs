//! A device's file becomes the sequencer's: what waits in it is placed, and its epoch is raised.

use rusqlite::params;

use super::{Pushed, SyncError, Unplaced, again, pushed, undo_pending, waiting, write};
use crate::command::{Answer, Command, Outcome, WriteError};
use crate::core::{Core, Guard, Halt, meta, set_meta};
use crate::database::Database;
use crate::pack;
use crate::rebase::CURSOR;
use crate::records::{Cause, LEDGER_COLUMNS, LedgerRow, ledger_from};

impl Database {
    /// Device: places what waits, in its order, then `record`, which says so, and goes on as the sequencer of a later
    /// epoch; all or nothing. Open the file again afterwards. Refused where the file is of that epoch already.
    pub fn promote(&self, epoch: u64, record: Command) -> Result<Answer, SyncError> {
        self.exclusive(move |core| promote(core, epoch, &record))
    }

    /// What was done and placed above a position, whoever did it, in its order. What was refused stays refused.
    pub fn above(&self, position: u64) -> rusqlite::Result<Vec<Unplaced>> {
        self.read(|conn| {
            let mut rows = conn
                .prepare(&format!("SELECT {LEDGER_COLUMNS} FROM ledger WHERE position > ?1"))?
                .query_map([position], ledger_from)?
                .collect::<rusqlite::Result<Vec<LedgerRow>>>()?;
            pack::each(conn, |block| {
                let units = block.map_err(|(_, error)| error)?.units;
                rows.extend(units.into_iter().filter_map(|(_, row)| row).filter(|row| row.position > Some(position)));
                Ok(())
            })?;
            let mut refused =
                conn.prepare("SELECT EXISTS (SELECT 1 FROM inbox WHERE seq = ?1 AND kind = 'refused')")?;
            let mut above = Vec::new();
            rows.sort_unstable_by_key(|row| row.position);
            for row in rows {
                if row.outcome == Outcome::Done && !refused.query_row([row.seq], |found| found.get::<_, bool>(0))? {
                    above.push(Unplaced { answer: row.answer.clone(), command: pushed(row) });
                }
            }
            Ok(above)
        })
    }

    /// The last position known here.
    pub fn position(&self) -> rusqlite::Result<u64> {
        self.read(|conn| crate::records::Head::read(conn).map(|head| head.position))
    }
}

fn promote(core: &mut Core, epoch: u64, record: &Command) -> Result<Answer, SyncError> {
    let here: u64 = meta(&core.conn, "epoch").map_err(|error| core.trouble(&error))?.unwrap_or(1);
    if here >= epoch {
        return Err(SyncError::Misfit(format!("the file is of epoch {here} already")));
    }
    core.statement("PRAGMA defer_foreign_keys = ON")?;
    let pending = waiting(core).map_err(|error| core.trouble(&error))?;
    undo_pending(core)?;
    for (row, _) in pending {
        place_own(core, row)?;
    }
    set_meta(&core.conn, "epoch", epoch)
        .and_then(|()| core.conn.execute("DELETE FROM meta WHERE key = ?1", [CURSOR]))
        .map_err(|error| core.trouble(&error))?;
    core.sequencer = true;
    let recorded = core.accept(record, Guard::Savepoint);
    core.sequencer = recorded.is_ok();
    recorded.map_err(|halt| SyncError::Write(Halt::into_error(halt)))
}

/// One that waited gets the next position, as the sequencer would have given it.
fn place_own(core: &mut Core, row: LedgerRow) -> Result<(), SyncError> {
    let command: Pushed = pushed(row.clone());
    let (outcome, answer) = match again(core, &command) {
        Ok(done) => done,
        Err(WriteError::Broken(why)) => {
            tracing::error!(command = %command.name, id = %command.id, why, "a command that waited broke and was set aside");
            (Outcome::Refused, br#"{"code":"broken_command"}"#.to_vec())
        }
        Err(error) => return Err(error.into()),
    };
    let position = core.head.position + 1;
    settle_own(core, &row, position, outcome, &answer)?;
    write(core, Cause::Apply, &row, Some(position))
}

/// A command of this disk was placed: it waits no more, and an outcome that became another one lands in the inbox.
pub(super) fn settle_own(
    core: &Core,
    own: &LedgerRow,
    position: u64,
    outcome: Outcome,
    answer: &[u8],
) -> Result<(), SyncError> {
    let settled = (|| {
        core.conn.execute("UPDATE ledger SET position = ?2 WHERE seq = ?1", (own.seq, position))?;
        core.conn.execute("DELETE FROM outbox WHERE seq = ?1", [own.seq])?;
        if own.outcome != outcome || own.answer != answer {
            tell(core, own.seq, outcome, answer)?;
        }
        Ok(())
    })();
    settled.map_err(|error: rusqlite::Error| core.trouble(&error).into())
}

/// Somebody was told something else.
pub(super) fn tell(core: &Core, seq: u64, outcome: Outcome, answer: &[u8]) -> rusqlite::Result<()> {
    let kind = if outcome == Outcome::Refused { "refused" } else { "changed" };
    let sql = "INSERT INTO inbox (seq, kind, answer) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    core.conn.execute(sql, params![seq, kind, answer]).map(drop)
}
