//! Dividing an order: by line, in equal shares, and back; to another table; two orders into one.
//!
//! All of them are intents: they arrange what is there, add nothing and take nothing, and where
//! they no longer fit what happened meanwhile they are refused.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{CHECKS_MAX, Check, LINES_MAX, Order, nth_id};
use super::super::store;
use super::{Noted, existing};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::floor;
use crate::kernel::ids::{CheckId, LineId, OrderId};

/// A line that goes to another check, or so many thousandths of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Move(pub LineId, #[serde(default, skip_serializing_if = "Option::is_none")] pub Option<i64>);

/// Puts lines on a check: one that is there, or a new one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitOrder {
    pub order: OrderId,
    pub to: CheckId,
    /// Made by this.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new: bool,
    pub moves: Vec<Move>,
    /// The ids of what is cut off follow from this one.
    pub first: LineId,
}

/// A further check's id as it stands in a row: the first one has none.
fn named(order: &Order, check: CheckId) -> Option<CheckId> {
    (check != order.first_check()).then_some(check)
}

fn number_of(order: &Order) -> i64 {
    order.checks.iter().map(|check| check.number).max().unwrap_or(1) + 1
}

/// Lines stand on checks of their own, never on one that shares another.
fn takes_lines(order: &Order, check: CheckId) -> Result<(), Stop> {
    if order.checks.iter().any(|other| other.id == check && other.shares.is_some()) {
        return Err(Refusal::rule("This check is an equal share and has no lines of its own.").at("check_id").into());
    }
    Ok(())
}

impl Write for SplitOrder {
    const NAME: &'static str = "split_order";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted, Stop> {
        let mut order = existing(tx, self.order)?;
        order.must_be_open()?;
        takes_lines(&order, self.to)?;
        for (at, Move(id, quantity)) in self.moves.iter().enumerate() {
            let Some(line) = order.sold().find(|line| line.id == *id) else {
                return Err(Refusal::not_found("The line").at(format!("lines[{at}].line_id")).into());
            };
            if quantity.is_some_and(|milli| milli > line.quantity_milli) {
                let field = format!("lines[{at}].quantity_milli");
                return Err(Refusal::rule(format!("There is less of {}.", line.name)).at(field).into());
            }
        }
        if !self.new && !order.has_check(self.to) {
            return Err(Refusal::not_found("The check").at("check_id").into());
        }
        if self.new {
            if order.checks.len() + 1 >= CHECKS_MAX {
                return Err(Refusal::rule(format!("An order has at most {CHECKS_MAX} checks.")).into());
            }
            let check = Check { id: self.to, number: number_of(&order), shares: None };
            store::insert_check(tx, order.id, &check)?;
            order.checks.push(check);
        }
        let whole = |id: &LineId| order.line(*id).map_or(0, |line| line.quantity_milli);
        let moves: Vec<(LineId, i64, LineId)> = (self.moves.iter().enumerate())
            .map(|(at, Move(id, milli))| (*id, milli.unwrap_or_else(|| whole(id)), LineId(nth_id(self.first.0, at))))
            .collect();
        let after = order.moved(&moves, self.to)?;
        if after.lines.len() > LINES_MAX {
            return Err(Refusal::rule(format!("An order has at most {LINES_MAX} lines.")).into());
        }
        order.may_become(&after, "One of these lines")?;
        for (id, _, cut) in &moves {
            match after.line(*cut) {
                Some(goes) => {
                    let goes = super::super::model::Line { check: named(&order, self.to), ..goes.clone() };
                    let Some(stays) = after.line(*id) else { continue };
                    store::cut_line(tx, order.id, stays, &goes)?;
                }
                None => drop(store::move_line(tx, order.id, *id, named(&order, self.to))?),
            }
        }
        drop_empty(tx, &after)?;
        Ok(Noted { id: order.id })
    }
}

/// Further checks with nothing on them are gone.
fn drop_empty(tx: &Tx<'_>, order: &Order) -> Result<(), Stop> {
    for check in &order.checks {
        let used = check.shares.is_some()
            || order.lines_of(check.id).next().is_some()
            || order.sharing(check.id).next().is_some()
            || order.is_paid_on(check.id)
            || order.discounts.iter().any(|discount| discount.check == Some(check.id));
        if !used {
            store::delete_check(tx, order.id, check.id)?;
        }
    }
    Ok(store::mark_divided(tx, order.id)?)
}

/// A check for each seat. What stands for no seat stays on the first check, with the first seat.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitBySeat {
    pub order: OrderId,
    /// The seats that leave the first check, each with the check made for it.
    pub seats: Vec<(i64, CheckId)>,
}

impl Write for SplitBySeat {
    const NAME: &'static str = "split_by_seat";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        if !order.checks.is_empty() {
            return Err(order.illegal(format!("Order {} is split already", order.number)).into());
        }
        if self.seats.len() >= CHECKS_MAX {
            return Err(Refusal::rule(format!("An order has at most {CHECKS_MAX} checks.")).into());
        }
        let mut after = order.clone();
        for (number, (seat, id)) in (number_of(&order)..).zip(&self.seats) {
            after.checks.push(Check { id: *id, number, shares: None });
            for line in after.lines.iter_mut().filter(|line| line.seat == Some(*seat)) {
                line.check = Some(*id);
            }
        }
        order.may_become(&after, "One of these lines")?;
        for check in after.checks.iter().filter(|check| after.lines_of(check.id).next().is_some()) {
            store::insert_check(tx, order.id, check)?;
            for line in after.lines_of(check.id) {
                store::move_line(tx, order.id, line.id, Some(check.id))?;
            }
        }
        store::mark_divided(tx, order.id)?;
        Ok(Noted { id: order.id })
    }
}

/// Divides a check into equal shares: itself and as many new ones as there are ids.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareCheck {
    pub order: OrderId,
    pub check: CheckId,
    pub ids: Vec<CheckId>,
}

impl Write for ShareCheck {
    const NAME: &'static str = "share_check";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        takes_lines(&order, self.check)?;
        if !order.has_check(self.check) {
            return Err(Refusal::not_found("The check").at("check_id").into());
        }
        let refused = if order.sharing(self.check).next().is_some() {
            Some("This check is shared already")
        } else if order.is_paid_on(self.check) {
            Some("Something of this check is paid")
        } else if order.lines_of(self.check).next().is_none() {
            Some("There is nothing on this check")
        } else {
            None
        };
        if let Some(why) = refused {
            return Err(order.illegal(why).into());
        }
        if order.checks.len() + 1 + self.ids.len() > CHECKS_MAX {
            return Err(Refusal::rule(format!("An order has at most {CHECKS_MAX} checks.")).at("shares").into());
        }
        for (number, id) in (number_of(&order)..).zip(&self.ids) {
            store::insert_check(tx, order.id, &Check { id: *id, number, shares: Some(self.check) })?;
        }
        store::mark_divided(tx, order.id)?;
        Ok(Noted { id: order.id })
    }
}

/// All on one check again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnsplitOrder {
    pub order: OrderId,
}

impl Write for UnsplitOrder {
    const NAME: &'static str = "unsplit_order";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        if order.checks.is_empty() {
            return Err(order.illegal(format!("Order {} is not split", order.number)).into());
        }
        for check in &order.checks {
            if order.is_paid_on(check.id) {
                return Err(order
                    .illegal(format!("Something of check {}/{} is paid", order.number, check.number))
                    .into());
            }
            if order.discounts.iter().any(|discount| discount.check == Some(check.id)) {
                let why = format!("Check {}/{} has a discount: take it off first", order.number, check.number);
                return Err(order.illegal(why).into());
            }
        }
        for line in order.lines.iter().filter(|line| line.check.is_some()) {
            store::move_line(tx, order.id, line.id, None)?;
        }
        for check in &order.checks {
            store::delete_check(tx, order.id, check.id)?;
        }
        store::mark_divided(tx, order.id)?;
        Ok(Noted { id: order.id })
    }
}

/// The party moves.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferOrder {
    pub order: OrderId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
}

impl Write for TransferOrder {
    const NAME: &'static str = "transfer_order";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        existing(tx, self.order)?.must_be_open()?;
        self.table.as_deref().map_or(Ok(()), |table| floor::commands::may_sit(tx, table, self.order))
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        store::transfer(tx, order.id, self.table.as_deref())?;
        Ok(Noted { id: order.id })
    }
}

/// Two orders become one. Lines keep their ids and where they stand in the kitchen: nothing is
/// fired twice. An order something was paid of, or taken off, is not merged away: its receipt
/// names it, and its discount was given for what was on it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergeOrders {
    pub from: OrderId,
    pub into: OrderId,
}

impl Write for MergeOrders {
    const NAME: &'static str = "merge_orders";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        let from = existing(tx, self.from)?;
        let into = store::order(tx.conn(), self.into)?;
        let into = into.ok_or_else(|| Refusal::not_found("The order to merge into").at("into"))?;
        if from.id == into.id {
            return Err(Refusal::rule("An order is not merged with itself.").at("into").into());
        }
        from.must_be_open()?;
        into.must_be_open()?;
        if from.waits_for_a_card() {
            return Err(from.waiting_card().into());
        }
        if !from.payments.is_empty() {
            return Err(from.illegal(format!("Order {} has a payment", from.number)).into());
        }
        if !from.discounts.is_empty() {
            return Err(from.illegal(format!("Order {} has a discount: take it off first", from.number)).into());
        }
        if from.terms != into.terms {
            return Err(Refusal::rule("These orders were opened under different money rules.").at("into").into());
        }
        if from.lines.len() + into.lines.len() > LINES_MAX {
            return Err(Refusal::rule(format!("An order has at most {LINES_MAX} lines.")).into());
        }
        for line in from.sold() {
            store::bring_line(tx, from.id, line.id, into.id, None)?;
        }
        for check in &from.checks {
            store::delete_check(tx, from.id, check.id)?;
        }
        store::mark_divided(tx, from.id)?;
        if let Some(covers) = from.covers {
            store::set_covers(tx, into.id, Some(into.covers.unwrap_or(0) + covers))?;
        }
        store::merge_away(tx, from.id, &into, cx.at_ms)?;
        Ok(Noted { id: into.id })
    }
}
