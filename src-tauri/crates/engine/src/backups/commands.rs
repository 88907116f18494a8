//! What backups leave in the ledger of a restaurant: that it was put back, and what somebody must be told.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::alarm::Alarm;
use super::store;
use crate::command::{Context, Kind, Write};
use crate::inbox;
use crate::kernel::ids::{self, AccountId, FlagId};

/// The restaurant was put back to a moment. Changes no row: it says what happened to all of them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRestore {
    /// The base it was brought back from; none: what had been set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Uuid>,
    /// The last entry that was brought back.
    pub entry: u64,
    /// What was asked for until then; none: all there was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_ms: Option<i64>,
    pub epoch: u64,
    /// Where the present was set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety: Option<String>,
}

impl Write for RecordRestore {
    const NAME: &'static str = "record_restore";
    const KIND: Kind = Kind::Fact;
    type Answer = u64;

    fn run(&self, _: &Tx<'_>, _: &Context<'_>) -> Result<u64, Stop> {
        Ok(self.epoch)
    }
}

/// Something that is wrong with the backups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    pub alarm: Alarm,
    pub since_ms: i64,
    pub why: String,
    /// Which place, if it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// What is wrong with the backups, and what is well again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TellOfBackups {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub raise: Vec<Told>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settle: Vec<Alarm>,
}

impl Write for TellOfBackups {
    const NAME: &'static str = "tell_of_backups";
    const KIND: Kind = Kind::Fact;
    type Answer = ();

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        for told in &self.raise {
            let kind = told.alarm.flag();
            let id = FlagId(ids::derived(&[b"backups", kind.as_bytes(), &told.since_ms.to_le_bytes()]));
            let params = serde_json::json!({ "message": told.why, "name": told.place, "since_ms": told.since_ms });
            inbox::store::raise(tx, id, kind, cx.at_ms, &params.to_string())?;
        }
        for alarm in &self.settle {
            for flag in store::open_of(tx.conn(), alarm.flag())? {
                inbox::store::resolve_flag(tx, flag, AccountId(cx.actor), cx.at_ms, None)?;
            }
        }
        Ok(())
    }
}
