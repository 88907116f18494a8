//! The write a restore leaves in the ledger of the restaurant that was put back.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::command::{Context, Kind, Write};

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
