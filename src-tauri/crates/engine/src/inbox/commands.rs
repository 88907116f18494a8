//! The one write of the inbox.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::store;
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, FlagId};

/// Somebody has seen it, and may say what they did.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveFlag {
    pub id: FlagId,
    pub note: Option<String>,
}

impl Write for ResolveFlag {
    const NAME: &'static str = "resolve_flag";
    const KIND: Kind = Kind::Intent;
    type Answer = ();

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        if store::flag_exists(tx.conn(), self.id)? {
            return Ok(());
        }
        Err(Refusal::not_found("This").into())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        Ok(store::resolve_flag(tx, self.id, AccountId(cx.actor), cx.at_ms, self.note.as_deref())?)
    }
}
