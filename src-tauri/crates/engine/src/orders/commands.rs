//! The writes of an order. What happened in the room is a fact: strict where it is accepted, total
//! when it runs again elsewhere. What arranges or gives away is an intent.
//!
//! A run that changes what a completed order sold takes it out of the sums first (`store::reopen`)
//! and lets `finish` put it back, so that roll-ups always match the rows.

mod cancel;
mod change;
mod checks;
mod discounts;
mod drafts;
mod lines;
mod open;
mod sales;
mod tickets;
mod undo;

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{IllegalStep, Order};
use super::store;
use crate::error::Refusal;
use crate::kernel::ids::OrderId;

pub use cancel::CancelOrder;
pub use change::ChangeOrder;
pub use checks::{MergeOrders, Move, ShareCheck, SplitBySeat, SplitOrder, TransferOrder, UnsplitOrder};
pub use discounts::{CompLines, GiveDiscount, SetServiceCharge, TakeBackDiscount};
pub use drafts::{AbandonDraft, SaveDraft, SubmitDraft, submitted};
pub use lines::{BumpLine, FireLines, RecallLine, ServeLines, SetCourse, VoidLine};
pub use open::{AddLines, OpenOrder, SoldLine};
pub use sales::{Dish, Paid, RecordSales, SALES_MAX, Sale};
pub use tickets::{BumpLines, RecallLines};
pub use undo::{UndoStep, Undone};

/// The answer of a write that made nothing with an id of its own.
#[derive(Debug, Serialize, Deserialize)]
pub struct Noted {
    pub id: OrderId,
}

impl From<IllegalStep> for Refusal {
    fn from(illegal: IllegalStep) -> Self {
        Refusal::illegal_step(format!("{}.", illegal.message), &illegal.allowed)
    }
}

impl From<IllegalStep> for Stop {
    fn from(illegal: IllegalStep) -> Self {
        Refusal::from(illegal).into()
    }
}

/// For checks: the order, or a refusal.
pub fn existing(tx: &Tx<'_>, id: OrderId) -> Result<Order, Stop> {
    store::order(tx.conn(), id)?.ok_or_else(|| Refusal::not_found("The order").into())
}

/// Completes the order if this was the last thing missing.
pub fn finish(tx: &Tx<'_>, id: OrderId, at_ms: i64, business_date: &str) -> Result<(), Stop> {
    match store::order(tx.conn(), id)? {
        Some(order) if order.is_finished() => Ok(store::complete(tx, &order, at_ms, business_date)?),
        _ => Ok(()),
    }
}
