//! What was said when the order was opened and turns out otherwise: how many guests, and the note.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::store;
use super::{Noted, existing};
use crate::command::{Context, Kind, Write};
use crate::kernel::ids::OrderId;

/// What is left out stays as it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeOrder {
    pub order: OrderId,
    /// 0: nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<i64>,
    /// Empty: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Write for ChangeOrder {
    const NAME: &'static str = "change_order";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        let covers = self.covers.map_or(order.covers, |covers| Some(covers).filter(|covers| *covers > 0));
        let note = self.note.as_ref().or(order.note.as_ref()).filter(|note| !note.is_empty());
        store::set_details(tx, order.id, covers, note.map(String::as_str))?;
        Ok(Noted { id: order.id })
    }
}
