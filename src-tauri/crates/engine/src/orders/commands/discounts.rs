//! What is not charged: a discount on a line or a check, and lines given free.
//!
//! Intents. How much a person may take off by themselves is frozen in the arguments with who
//! approved more; that person's secret is not.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{DISCOUNTS_MAX, Discount, Off, Order};
use super::super::store;
use super::{Noted, existing, finish};
use crate::command::{Context, Kind, Write};
use crate::error::{Code, Refusal};
use crate::kernel::ids::{AccountId, CheckId, DiscountId, LineId, OrderId};
use crate::kernel::money::Minor;

/// Something off a line, a check, or all checks there are.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveDiscount {
    pub order: OrderId,
    pub id: DiscountId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckId>,
    /// Either basis points, or an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Minor>,
    pub reason: String,
    /// The most this person may take off, in basis points.
    pub cap: i64,
    /// Who allowed more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<AccountId>,
    pub date: String,
}

impl GiveDiscount {
    fn off(&self) -> Off {
        match self.rate {
            Some(rate_bp) => Off::Rate(rate_bp),
            None => Off::Amount(self.amount.unwrap_or_default()),
        }
    }

    /// What it is taken off.
    fn price(&self, order: &Order) -> Result<Minor, Stop> {
        if let Some(id) = self.line {
            let line = order.line(id).ok_or_else(|| Refusal::not_found("The line").at("line_id"))?;
            return Ok(line.price() - line.comp);
        }
        if let Some(id) = self.check.filter(|id| !order.has_check(*id)) {
            return Err(Refusal::not_found(&format!("The check {}", id.0)).at("check_id").into());
        }
        let lines = order.sold().filter(|line| self.check.is_none_or(|id| order.check_of(line.check) == id));
        Ok(lines.map(|line| line.total).sum())
    }

    /// Beyond the cap, somebody with the permission must have approved.
    fn within_cap(&self, price: Minor) -> Result<(), Stop> {
        let over = match self.off() {
            Off::Rate(rate_bp) => rate_bp > self.cap,
            Off::Amount(Minor(amount)) => i128::from(amount) * 10_000 > i128::from(price.0) * i128::from(self.cap),
        };
        if over && self.approved_by.is_none() {
            let needs = serde_json::json!({ "approval": true, "cap_bp": self.cap });
            let refusal =
                Refusal::new(Code::Forbidden, "This is more than you may take off; somebody else must approve.");
            return Err(refusal.at("approval").with_details(needs).into());
        }
        Ok(())
    }
}

impl Write for GiveDiscount {
    const NAME: &'static str = "give_discount";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let order = existing(tx, self.order)?;
        let price = self.price(&order)?;
        order.must_be_open()?;
        if self.amount.is_some_and(|amount| amount > price) {
            return Err(Refusal::rule("This is more than the price.").at("amount_minor").into());
        }
        self.within_cap(price)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        let (by, off) = (AccountId(cx.actor), self.off());
        match self.line.and_then(|id| order.line(id)) {
            Some(line) => {
                order.may_discount_line(line, off)?;
                let amount = off.of(line.total, order.terms.rounding);
                store::discount_line(tx, order.id, line.id, amount, &self.reason, by)?;
            }
            None => {
                order.must_be_open()?;
                if order.discounts.len() >= DISCOUNTS_MAX || order.sold().next().is_none() {
                    return Err(order.illegal("No discount can be given on this order now").into());
                }
                let mut after = order.clone();
                after.discounts.push(Discount {
                    id: self.id,
                    check: self.check,
                    off,
                    reason: String::new(),
                    given_ms: cx.at_ms,
                    given_by_name: String::new(),
                });
                order.may_become(&after, "This check")?;
                store::insert_discount(tx, order.id, (self.id, self.check, off), &self.reason, (cx.at_ms, by))?;
                store::mark_divided(tx, order.id)?;
            }
        }
        finish(tx, order.id, cx.at_ms, &self.date)?;
        Ok(Noted { id: order.id })
    }
}

/// A discount is taken back: of a line, or of checks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeBackDiscount {
    pub order: OrderId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<DiscountId>,
}

impl Write for TakeBackDiscount {
    const NAME: &'static str = "take_back_discount";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        let found = match (self.line, self.discount) {
            (Some(line), _) => store::undiscount_line(tx, order.id, line)? > 0,
            (None, Some(id)) if order.discounts.iter().any(|discount| discount.id == id) => {
                store::delete_discount(tx, order.id, id)?;
                store::mark_divided(tx, order.id)?;
                true
            }
            _ => false,
        };
        if !found {
            return Err(Refusal::not_found("The discount").into());
        }
        Ok(Noted { id: order.id })
    }
}

/// Lines are given free, with a reason: they are made and served, and counted as cost.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompLines {
    pub order: OrderId,
    pub lines: Vec<LineId>,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<AccountId>,
    pub date: String,
}

impl Write for CompLines {
    const NAME: &'static str = "comp_lines";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        let mut order = existing(tx, self.order)?;
        order.must_be_open()?;
        for (at, id) in self.lines.iter().enumerate() {
            let place = order.lines.iter().position(|line| line.id == *id);
            let place = place.ok_or_else(|| Refusal::not_found("The line").at(format!("line_ids[{at}]")))?;
            order.may_comp(&order.lines[place])?;
            order.lines[place] = order.lines[place].comped(Some(cx.at_ms));
            store::comp_line(tx, order.id, *id, cx.at_ms, AccountId(cx.actor), &self.reason)?;
        }
        finish(tx, order.id, cx.at_ms, &self.date)?;
        Ok(Noted { id: order.id })
    }
}

/// The service charge of an order: taken off, put back or agreed on, with a reason like a discount.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetServiceCharge {
    pub order: OrderId,
    /// Basis points; 0: none.
    pub rate: i64,
    pub tax_rate: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<AccountId>,
    pub date: String,
}

impl Write for SetServiceCharge {
    const NAME: &'static str = "set_service_charge";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        let order = existing(tx, self.order)?;
        let charge = super::super::model::ServiceCharge { rate_bp: self.rate, tax_rate_bp: self.tax_rate };
        let after = Order { service_charge: (self.rate > 0).then_some(charge), ..order.clone() };
        order.may_become(&after, "The service charge")?;
        store::set_service_charge(tx, order.id, after.service_charge, self.reason.as_deref())?;
        finish(tx, order.id, cx.at_ms, &self.date)?;
        Ok(Noted { id: order.id })
    }
}
