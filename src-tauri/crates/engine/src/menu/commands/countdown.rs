//! How many portions there are: set and forgotten by people. Selling lowers it (`menu::counting`).

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::store;
use super::{ItemDone, item};
use crate::command::{Context, Kind, Write};
use crate::kernel::ids::ItemId;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetCountdown {
    pub item: ItemId,
    /// Left out: it is not counted any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
}

impl Write for SetCountdown {
    const NAME: &'static str = "set_countdown";
    const KIND: Kind = Kind::Intent;
    type Answer = ItemDone;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<ItemDone, Stop> {
        item(tx, self.item)?;
        match self.left {
            Some(left) => store::countdown::set(tx, self.item, left, cx.at_ms)?,
            None => store::countdown::stop(tx, self.item)?,
        }
        Ok(ItemDone { id: self.item })
    }
}
