//! The last step was a mistake: a command that puts it back. Both stay in the history.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{LineState, Order};
use super::super::store;
use super::{Noted, existing, finish};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{DiscountId, LineId, OrderId};
use crate::menu::counting::{self, Taken};

/// What is put back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Undone {
    Void(Vec<LineId>),
    Fire(Vec<LineId>),
    Comp(Vec<LineId>),
    LineDiscount(Vec<LineId>),
    Discount(DiscountId),
    /// The table before.
    Transfer(Option<String>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoStep {
    pub order: OrderId,
    pub step: Undone,
    pub date: String,
}

/// A line sold again takes its portion again.
fn take_again(tx: &Tx<'_>, order: &Order, lines: &[LineId]) -> Result<(), Stop> {
    let held = lines.iter().filter_map(|id| order.line(*id)).filter(|line| line.fired_ms.is_none());
    let taken: Vec<Taken<'_>> = held
        .enumerate()
        .filter_map(|(place, line)| {
            let (name, quantity_milli) = (line.name.as_str(), line.quantity_milli);
            line.item_id.map(|item| Taken { place, item, name, quantity_milli })
        })
        .collect();
    counting::check(tx, taken.iter().copied())?;
    counting::lower(tx, taken.into_iter()).map(drop)
}

impl Write for UndoStep {
    const NAME: &'static str = "undo_step";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        let mut done = 0;
        match &self.step {
            Undone::Void(lines) => {
                take_again(tx, &order, lines)?;
                for line in lines {
                    done += store::unvoid_line(tx, order.id, *line)?;
                }
            }
            Undone::Fire(lines) => {
                for line in lines {
                    let fired = order.line(*line).is_some_and(|line| line.step(LineState::Served).is_ok());
                    done += if fired { store::hold_line(tx, order.id, *line)? } else { 0 };
                }
            }
            Undone::Comp(lines) => {
                for line in lines {
                    done += store::uncomp_line(tx, order.id, *line)?;
                }
            }
            Undone::LineDiscount(lines) => {
                for line in lines {
                    done += store::undiscount_line(tx, order.id, *line)?;
                }
            }
            Undone::Discount(id) => {
                done = usize::from(order.discounts.iter().any(|discount| discount.id == *id));
                store::delete_discount(tx, order.id, *id)?;
                store::mark_divided(tx, order.id)?;
            }
            Undone::Transfer(table) => {
                done = 1;
                store::transfer(tx, order.id, table.as_deref())?;
            }
        }
        if done == 0 {
            return Err(Refusal::from(order.illegal("There is nothing to undo any more")).into());
        }
        finish(tx, order.id, cx.at_ms, &self.date)?;
        Ok(Noted { id: order.id })
    }
}
