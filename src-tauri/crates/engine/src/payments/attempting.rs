//! A card payment in steps: asked for, then captured, failed or voided.
//!
//! Invariants: what is asked of a card is due to nobody else meanwhile, and the order neither ends
//! nor comes to less; what was captured is one payment with the attempt's id, however often and
//! wherever it is said; money that came outdoes that somebody gave the attempt up.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::commands::{TakePayment, Taken};
use super::model::{Attempt, Outcome, Tender};
use super::store::{self, attempts};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, CheckId, FlagId, OrderId, PaymentId};
use crate::kernel::money::Minor;
use crate::orders::model::Order;
use crate::{fiscal, orders};

/// A card was asked for money; whether it came is not known yet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginPayment {
    pub order: OrderId,
    pub id: PaymentId,
    /// Left out: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckId>,
    pub amount: Minor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<Minor>,
}

impl Write for BeginPayment {
    const NAME: &'static str = "begin_payment";
    const KIND: Kind = Kind::Fact;
    type Answer = Taken;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let order = orders::commands::existing(tx, self.order)?;
        if self.check.is_some_and(|check| !order.has_check(check)) {
            return Err(Refusal::invalid("check_id", "This check is not of this order.").into());
        }
        order.may_be_paid(self.check)?;
        let tip = self.tip.unwrap_or_default();
        Ok(order.open_to(self.check).may_take(Tender::Card, self.amount, tip, None, None, None)?)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Taken, Stop> {
        let attempt = Attempt {
            id: self.id,
            check: self.check,
            amount: self.amount,
            tip: self.tip.unwrap_or_default(),
            begun_ms: cx.at_ms,
            begun_by_name: String::new(),
            outcome: None,
            ended_ms: None,
            reason: None,
        };
        attempts::insert(tx, self.order, &attempt, AccountId(cx.actor))?;
        Ok(Taken { id: self.id })
    }
}

/// The attempt, if it waits for its outcome still.
pub fn pending(order: &Order, id: PaymentId) -> Result<&Attempt, Refusal> {
    let attempt = order.attempts.iter().find(|attempt| attempt.id == id);
    let attempt = attempt.ok_or_else(|| Refusal::not_found("The card payment"))?;
    match attempt.outcome {
        None => Ok(attempt),
        Some(Outcome::Captured) => {
            Err(Refusal::illegal_step("This card payment is captured.", &["payments/void", "refunds"]))
        }
        Some(ended) => Err(Refusal::illegal_step(format!("This card payment is {}.", ended.as_str()), &["payments"])),
    }
}

/// The money came. The payment has the attempt's id: there is one, however often this is said.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CapturePayment {
    pub take: TakePayment,
}

impl Write for CapturePayment {
    const NAME: &'static str = "capture_payment";
    const KIND: Kind = Kind::Fact;
    type Answer = Taken;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let order = orders::commands::existing(tx, self.take.order)?;
        Ok(pending(&order, self.take.id).map(drop)?)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Taken, Stop> {
        let TakePayment { order, id, .. } = self.take;
        let before = orders::store::order(tx.conn(), order)?;
        if before.as_ref().is_some_and(|order| order.payments.iter().any(|payment| payment.id == id)) {
            return Ok(Taken { id });
        }
        let given_up = |attempt: &Attempt| attempt.id == id && !attempt.is_pending();
        if let Some(before) = before.filter(|order| order.attempts.iter().any(given_up)) {
            let params = format!("{{\"amount_minor\":{}}}", self.take.amount);
            orders::store::raise_flag(tx, FlagId(cx.id), "captured_late", cx.at_ms, &before, &params)?;
        }
        attempts::end(tx, order, id, Outcome::Captured, (cx.at_ms, AccountId(cx.actor)), None)?;
        self.take.run(tx, cx)
    }
}

/// It was declined, or given up before it was captured.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndAttempt {
    pub order: OrderId,
    pub id: PaymentId,
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Write for EndAttempt {
    const NAME: &'static str = "end_attempt";
    const KIND: Kind = Kind::Fact;
    type Answer = Taken;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let order = orders::commands::existing(tx, self.order)?;
        Ok(pending(&order, self.id).map(drop)?)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Taken, Stop> {
        let by = (cx.at_ms, AccountId(cx.actor));
        attempts::end(tx, self.order, self.id, self.outcome, by, self.reason.as_deref())?;
        Ok(Taken { id: self.id })
    }
}

/// A captured payment is taken back while the drawer it went into is open: a payment of its own with the
/// same sums the other way. The order is due again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidPayment {
    pub order: OrderId,
    pub payment: PaymentId,
    /// Each payment with the id of what takes it back: this one, and the cash given back on it.
    pub ids: Vec<(PaymentId, PaymentId)>,
    /// Who took it: their tips go down by its tip.
    pub taken_by: AccountId,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<AccountId>,
    pub date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<crate::kernel::ids::TillSessionId>,
}

impl VoidPayment {
    fn may(&self, order: &Order) -> Result<(), Refusal> {
        let payment = order.payments.iter().find(|payment| payment.id == self.payment);
        let payment = payment.ok_or_else(|| Refusal::not_found("The payment"))?;
        if payment.is_off() {
            return Err(Refusal::illegal_step("This payment is void already.", &[]));
        }
        if payment.amount < Minor::ZERO {
            return Err(Refusal::illegal_step("Cash back goes with its card payment; void that one.", &[]));
        }
        if order.payments.iter().any(|payment| !payment.refunded.is_zero()) {
            return Err(Refusal::illegal_step("Some of this order was given back already.", &["refunds"]));
        }
        let same_day = self.session.is_some() || payment.business_date == self.date;
        if payment.session != self.session || !same_day {
            let message = "The drawer this payment went into is closed; give the money back instead.";
            return Err(Refusal::illegal_step(message, &["refunds"]));
        }
        Ok(())
    }
}

impl Write for VoidPayment {
    const NAME: &'static str = "void_payment";
    const KIND: Kind = Kind::Fact;
    type Answer = Taken;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        self.may(&orders::commands::existing(tx, self.order)?)?;
        if fiscal::commands::is_invoiced(tx, self.order)? {
            let message = "This order has an invoice; give the money back and write a credit note instead.";
            return Err(Refusal::illegal_step(message, &["refunds"]).into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Taken, Stop> {
        orders::store::reopen(tx, self.order)?;
        let order = orders::store::order(tx.conn(), self.order)?;
        for (voided, id) in &self.ids {
            let payments = order.iter().flat_map(|order| &order.payments);
            let Some(payment) = payments.into_iter().find(|one| one.id == *voided && !one.is_off()) else { continue };
            let back = store::NewPayment {
                id: *id,
                check: payment.check,
                tender: payment.tender,
                amount: -payment.amount,
                rounding: -payment.rounding,
                tip: -payment.tip,
                tendered: None,
                reference: Some(&self.reason),
                taken_ms: cx.at_ms,
                taken_by: self.taken_by,
                business_date: &self.date,
                session_id: self.session,
                flag: None,
                voids: Some(*voided),
            };
            store::insert(tx, self.order, &back)?;
        }
        orders::commands::finish(tx, self.order, cx.at_ms, &self.date)?;
        Ok(Taken { id: self.payment })
    }
}
