//! A payment as callers see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::refund::{Bought, Plan};
use super::model::{Attempt, Payment, PaymentState, Tender};
use super::refunding::Refundable;
use super::store::Refund;
use crate::kernel::ids::{CheckId, LineId, PaymentId, RefundId};
use crate::kernel::money::{Minor, RateTax};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentView {
    pub id: PaymentId,
    /// The check it is for; null: the first.
    pub check_id: Option<CheckId>,
    pub tender: Tender,
    /// What it settles of the check.
    pub amount_minor: Minor,
    pub tip_minor: Minor,
    pub rounding_minor: Minor,
    pub tendered_minor: Minor,
    pub change_minor: Minor,
    pub state: PaymentState,
    /// Given back of `amount_minor`.
    pub refunded_minor: Minor,
    pub taken_by_name: String,
    pub taken_at_ms: i64,
    /// `overpaid`: more than was due.
    pub flag: Option<String>,
    pub reference: Option<String>,
    /// The payment this one takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voids: Option<PaymentId>,
}

/// A card payment from asking for it to its outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PaymentAttempt)]
pub struct AttemptView {
    /// The payment's, once captured.
    pub id: PaymentId,
    /// The check it is for; null: the first.
    pub check_id: Option<CheckId>,
    pub amount_minor: Minor,
    pub tip_minor: Minor,
    pub state: PaymentState,
    pub begun_by_name: String,
    pub begun_at_ms: i64,
    pub ended_at_ms: Option<i64>,
    /// Why it failed or was given up.
    pub reason: Option<String>,
}

impl From<&Attempt> for AttemptView {
    fn from(attempt: &Attempt) -> Self {
        AttemptView {
            id: attempt.id,
            check_id: attempt.check,
            amount_minor: attempt.amount,
            tip_minor: attempt.tip,
            state: attempt.state(),
            begun_by_name: attempt.begun_by_name.clone(),
            begun_at_ms: attempt.begun_ms,
            ended_at_ms: attempt.ended_ms,
            reason: attempt.reason.clone(),
        }
    }
}

impl From<&Payment> for PaymentView {
    fn from(payment: &Payment) -> Self {
        PaymentView {
            id: payment.id,
            check_id: payment.check,
            tender: payment.tender,
            amount_minor: payment.amount,
            tip_minor: payment.tip,
            rounding_minor: payment.rounding,
            tendered_minor: payment.tendered.unwrap_or(payment.taken()),
            change_minor: payment.change(),
            state: payment.state(),
            refunded_minor: payment.refunded,
            taken_by_name: payment.taken_by_name.clone(),
            taken_at_ms: payment.taken_ms,
            flag: payment.flag.clone(),
            reference: payment.reference.clone(),
            voids: payment.voids,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Refund)]
pub struct RefundView {
    pub id: RefundId,
    /// The payment it was given back of; null: paid elsewhere.
    pub payment_id: Option<PaymentId>,
    pub tender: Tender,
    pub amount_minor: Minor,
    /// Cash rounding, on top.
    pub rounding_minor: Minor,
    /// Tax in it, by rate.
    pub taxes: Vec<RateTax>,
    pub lines: Vec<RefundedLine>,
    pub reason: String,
    pub reference: Option<String>,
    pub restock: bool,
    pub given_by_name: String,
    pub given_at_ms: i64,
    /// The day its sums are in.
    pub business_date: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RefundedLine {
    pub line_id: LineId,
    /// Null: money only.
    pub quantity_milli: Option<i64>,
    pub amount_minor: Minor,
}

/// What of an order can be given back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Refundable)]
pub struct RefundableView {
    pub left_minor: Minor,
    /// Of that, paid for nothing sold.
    pub unsold_minor: Minor,
    pub lines: Vec<RefundableLine>,
    pub payments: Vec<RefundablePayment>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RefundableLine {
    pub line_id: LineId,
    pub name: String,
    /// What was paid for it, with its tax and its part of what the whole check had off or on top.
    pub paid_minor: Minor,
    pub quantity_milli: i64,
    pub left_milli: i64,
    pub left_minor: Minor,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RefundablePayment {
    pub payment_id: PaymentId,
    pub tender: Tender,
    pub left_minor: Minor,
}

/// What a refund would come to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RefundPreview {
    pub amount_minor: Minor,
    /// What is handed over in cash.
    pub cash_minor: Minor,
    pub taxes: Vec<RateTax>,
    pub lines: Vec<RefundedLine>,
}

impl From<&Refund> for RefundView {
    fn from(refund: &Refund) -> Self {
        RefundView {
            id: refund.id,
            payment_id: refund.payment,
            tender: refund.tender,
            amount_minor: refund.amount,
            rounding_minor: refund.rounding,
            taxes: refund.taxes.clone(),
            lines: refund.lines.iter().map(RefundedLine::from).collect(),
            reason: refund.reason.clone(),
            reference: refund.reference.clone(),
            restock: refund.restock,
            given_by_name: refund.given_by_name.clone(),
            given_at_ms: refund.given_ms,
            business_date: refund.business_date.clone(),
        }
    }
}

impl From<&super::model::refund::BackLine> for RefundedLine {
    fn from(line: &super::model::refund::BackLine) -> Self {
        RefundedLine { line_id: line.line, quantity_milli: line.quantity_milli, amount_minor: line.amount }
    }
}

impl From<&Refundable> for RefundableView {
    fn from(now: &Refundable) -> Self {
        let line = |bought: &Bought| RefundableLine {
            line_id: bought.line,
            name: now.order.line(bought.line).map(|line| line.name.clone()).unwrap_or_default(),
            paid_minor: bought.paid,
            quantity_milli: bought.quantity_milli,
            left_milli: bought.left_milli(),
            left_minor: bought.left(),
        };
        let payment = |payment: &Payment| RefundablePayment {
            payment_id: payment.id,
            tender: payment.tender,
            left_minor: payment.left(),
        };
        RefundableView {
            left_minor: now.sale.left(),
            unsold_minor: now.sale.unsold,
            lines: now.sale.bought.iter().map(line).collect(),
            payments: now.order.payments.iter().filter(|payment| !payment.is_off()).map(payment).collect(),
        }
    }
}

impl RefundPreview {
    pub fn of(now: &Refundable, plan: &Plan) -> Self {
        RefundPreview {
            amount_minor: plan.amount,
            cash_minor: plan.amount + now.rounding(Tender::Cash, plan.amount),
            taxes: plan.taxes.clone(),
            lines: plan.lines.iter().map(RefundedLine::from).collect(),
        }
    }
}
