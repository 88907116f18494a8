//! Cancelling what nobody paid.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::LineState;
use super::super::store;
use super::{Noted, existing};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, OrderId};

/// The party left, or it was a mistake. An intent: refused as soon as something is paid.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    pub order: OrderId,
    pub reason: String,
}

impl Write for CancelOrder {
    const NAME: &'static str = "cancel_order";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        if order.waits_for_a_card() {
            return Err(order.waiting_card().into());
        }
        if order.holds_money() {
            let refusal: Refusal = order.illegal(format!("Order {} has a payment", order.number)).into();
            return Err(refusal.into());
        }
        for line in order.sold().filter(|line| line.state() != LineState::Served) {
            store::void_line(tx, order.id, line.id, cx.at_ms, AccountId(cx.actor), &self.reason)?;
        }
        store::cancel(tx, order.id, cx.at_ms, &self.reason)?;
        Ok(Noted { id: order.id })
    }
}
