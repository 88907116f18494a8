//! That the clock jumped, and that somebody says it is right.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::store;
use crate::command::{Context, Kind, Write};
use crate::inbox;
use crate::kernel::ids::{self, AccountId, FlagId};

/// The kind of flag.
pub const KIND: &str = "clock_jumped";

/// The clock was moved. What came before in the records was dated by the other one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteClockJump {
    /// Forwards or, below zero, back; milliseconds.
    pub by: i64,
    /// It was found when the engine started.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_start: bool,
}

impl Write for NoteClockJump {
    const NAME: &'static str = "note_clock_jump";
    const KIND: Kind = Kind::Fact;
    type Answer = ();

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        let id = FlagId(ids::derived(&[b"clock jumped", cx.id.as_bytes()]));
        let params = serde_json::json!({ "by_ms": self.by, "at_start": self.at_start }).to_string();
        Ok(inbox::store::raise(tx, id, KIND, cx.at_ms, &params)?)
    }
}

/// Somebody looked at the clock: it shows the right time now.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmClock {
    /// The jumps they saw.
    pub flags: Vec<FlagId>,
}

impl Write for ConfirmClock {
    const NAME: &'static str = "confirm_clock";
    const KIND: Kind = Kind::Intent;
    type Answer = ();

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        for flag in &self.flags {
            if store::is_jump(tx.conn(), *flag)? {
                inbox::store::resolve_flag(tx, *flag, AccountId(cx.actor), cx.at_ms, None)?;
            }
        }
        Ok(())
    }
}
