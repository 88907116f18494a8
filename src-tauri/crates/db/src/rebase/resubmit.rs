//! A device that begins again on a fresh copy goes on with what was not placed.

use uuid::Uuid;

use super::{Pushed, SyncError, again, ledger_row, tell};
use crate::command::{Outcome, WriteError};
use crate::core::Core;
use crate::database::Database;
use crate::records::{self, Cause, LedgerRow};

/// A command of a device that the sequencer has not placed, with what its person was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    pub command: Pushed,
    pub answer: Vec<u8>,
}

impl Database {
    /// Device: takes what a former file of it had not placed into this one, under the same ids and with the answers
    /// that were given. What is known here was placed meanwhile; an outcome that became another one lands in the inbox if
    /// the device `own` asked for it. Says how many were taken.
    pub fn resubmit(&self, own: Uuid, unplaced: Vec<Unplaced>) -> Result<usize, SyncError> {
        self.exclusive(move |core| resubmit(core, own, unplaced))
    }
}

fn resubmit(core: &mut Core, own: Uuid, all: Vec<Unplaced>) -> Result<usize, SyncError> {
    let mut taken = 0;
    for Unplaced { command, answer } in all {
        if let Some(known) = records::ledger_by_id(&core.conn, command.id).map_err(|error| core.trouble(&error))? {
            // It came out otherwise there, and its person was told something else here.
            if own == command.device && (known.outcome != Outcome::Done || known.answer != answer) {
                tell(core, known.seq, known.outcome, &known.answer).map_err(|error| core.trouble(&error))?;
            }
            continue;
        }
        match again(core, &command) {
            // As after a rebase: what stops here is a forecast, and the sequencer's word decides.
            Ok(_) | Err(WriteError::Broken(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let row = LedgerRow {
            seq: core.head.seq + 1,
            entry: core.head.entry + 1,
            device: core.device,
            device_seq: Some(core.head.device_seq + 1),
            answer,
            ..ledger_row(&command)
        };
        core.record(&row, Cause::Run)
            .and_then(|()| {
                core.conn.execute(
                    "INSERT INTO outbox (device_seq, seq, entry) VALUES (?1, ?2, ?3)",
                    (row.device_seq, row.seq, row.entry),
                )
            })
            .map_err(|error| SyncError::Write(core.abandon(&error)))?;
        taken += 1;
    }
    Ok(taken)
}
