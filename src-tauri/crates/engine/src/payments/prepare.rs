//! From a checked request to frozen arguments: the business date and the open till are taken here.

use garde::Validate;
use rusqlite::Connection;
use serde::Deserialize;
use utoipa::ToSchema;

use super::attempting::{BeginPayment, CapturePayment, VoidPayment, pending};
use super::commands::TakePayment;
use super::model::Tender;
use super::model::refund::{Plan, Wish, WishLine};
use super::refunding::{GiveRefund, Refundable, refundable};
use super::store;
use crate::error::{ApiError, Refusal};
use crate::kernel::ids::{AccountId, CheckId, LineId, OrderId, PaymentId, RefundId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX, QUANTITY_MILLI_MAX};
use crate::kernel::text::{self, NOTE_MAX};
use crate::orders;
use crate::orders::model::{LINES_MAX, nth_id};
use crate::restaurant::model::Settings;
use crate::till;

/// Longest reference of a card payment and longest code of a voucher, in characters.
const REFERENCE_MAX: usize = 120;

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"tender": "cash", "amount_minor": 1850, "tip_minor": 150, "tendered_minor": 2000}))]
pub struct NewPayment {
    #[garde(skip)]
    pub tender: Tender,
    /// Which check of a split order; left out: the first.
    #[garde(skip)]
    pub check_id: Option<CheckId>,
    /// What it settles of the check, without tip; at most what is due.
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub amount_minor: i64,
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub tip_minor: Option<i64>,
    /// Cash handed over; left out: exactly what the payment comes to.
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub tendered_minor: Option<i64>,
    /// Handed back in cash of what a card brings beyond what is due.
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub cash_back_minor: Option<i64>,
    /// What the card terminal printed; of a voucher, its code.
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = REFERENCE_MAX))]
    #[schema(max_length = 120)]
    pub reference: Option<String>,
}

pub fn pay(
    conn: &Connection,
    settings: &Settings,
    at_ms: i64,
    order: OrderId,
    new: NewPayment,
) -> Result<TakePayment, ApiError> {
    Ok(TakePayment {
        order,
        id: PaymentId::mint(),
        check: new.check_id.filter(|check| check.0 != order.0),
        tender: new.tender,
        amount: Minor(new.amount_minor),
        tip: new.tip_minor.and_then(|tip| Minor(tip).some()),
        tendered: new.tendered_minor.map(Minor),
        reference: new.reference,
        cash_back: new.cash_back_minor.map(Minor),
        date: settings.business_date(at_ms).to_string(),
        session: till::store::open_session_id(conn)?,
    })
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"amount_minor": 1850, "tip_minor": 150}))]
pub struct NewAttempt {
    /// Which check of a split order; left out: the first.
    #[garde(skip)]
    pub check_id: Option<CheckId>,
    /// What it is to settle of the check, without tip; at most what is due.
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub amount_minor: i64,
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub tip_minor: Option<i64>,
}

pub fn begin(order: OrderId, new: &NewAttempt) -> BeginPayment {
    BeginPayment {
        order,
        id: PaymentId::mint(),
        check: new.check_id.filter(|check| check.0 != order.0),
        amount: Minor(new.amount_minor),
        tip: new.tip_minor.and_then(|tip| Minor(tip).some()),
    }
}

/// What the terminal said when it went through.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reference": "4711"}))]
pub struct Captured {
    /// Where the guest gave another one on the terminal; left out: as it was asked for.
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub tip_minor: Option<i64>,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = REFERENCE_MAX))]
    #[schema(max_length = 120)]
    pub reference: Option<String>,
}

pub fn capture(
    conn: &Connection,
    settings: &Settings,
    at_ms: i64,
    (order, id): (OrderId, PaymentId),
    captured: Captured,
) -> Result<CapturePayment, ApiError> {
    let known = orders::store::order(conn, order)?.ok_or_else(|| Refusal::not_found("The order"))?;
    let attempt = pending(&known, id)?;
    let tip = captured.tip_minor.map_or(attempt.tip, Minor);
    Ok(CapturePayment {
        take: TakePayment {
            order,
            id,
            check: attempt.check,
            tender: Tender::Card,
            amount: attempt.amount,
            tip: tip.some(),
            tendered: None,
            reference: captured.reference,
            cash_back: None,
            date: settings.business_date(at_ms).to_string(),
            session: till::store::open_session_id(conn)?,
        },
    })
}

pub fn void(
    conn: &Connection,
    settings: &Settings,
    at_ms: i64,
    (order, payment): (OrderId, PaymentId),
    (reason, approved_by): (String, Option<AccountId>),
) -> Result<VoidPayment, ApiError> {
    let taken_by = store::taker(conn, order, payment)?.ok_or_else(|| Refusal::not_found("The payment"))?;
    let first = PaymentId::mint();
    let cash_back = PaymentId(nth_id(payment.0, 1));
    let mut ids = vec![(payment, first)];
    if store::taker(conn, order, cash_back)?.is_some() {
        ids.push((cash_back, PaymentId(nth_id(first.0, 1))));
    }
    Ok(VoidPayment {
        order,
        payment,
        ids,
        taken_by,
        reason,
        approved_by,
        date: settings.business_date(at_ms).to_string(),
        session: till::store::open_session_id(conn)?,
    })
}

/// A line that comes back. Neither a quantity nor an amount: all that is left of it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundLine {
    #[garde(skip)]
    pub line_id: LineId,
    /// How many thousandths come back; left out beside an amount: money only.
    #[garde(range(min = 1, max = QUANTITY_MILLI_MAX))]
    #[schema(minimum = 1, maximum = 9_999_000)]
    pub quantity_milli: Option<i64>,
    /// What is given for it; left out: what was paid.
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
}

/// Lines, or an amount of the whole.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"line_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11", "quantity_milli": 1000}],
    "tender": "cash", "reason": "Cold", "restock": false}))]
pub struct NewRefund {
    #[garde(length(min = 1, max = LINES_MAX), dive)]
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Option<Vec<RefundLine>>,
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
    /// How it is given back, whatever it was paid with.
    #[garde(skip)]
    pub tender: Tender,
    /// The payment it is given back of; left out: the newest with that much left.
    #[garde(skip)]
    pub payment_id: Option<PaymentId>,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = REFERENCE_MAX))]
    #[schema(max_length = 120)]
    pub reference: Option<String>,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// What came back can be sold again.
    #[serde(default)]
    #[garde(skip)]
    pub restock: bool,
}

fn wish(lines: Option<Vec<RefundLine>>, amount_minor: Option<i64>) -> Result<Wish, Refusal> {
    let line = |line: RefundLine| WishLine {
        line: line.line_id,
        quantity_milli: line.quantity_milli,
        amount: line.amount_minor.map(Minor),
    };
    match (lines, amount_minor) {
        (Some(lines), None) => Ok(Wish::Lines(lines.into_iter().map(line).collect())),
        (None, Some(amount)) => Ok(Wish::Amount(Minor(amount))),
        _ => Err(Refusal::invalid("lines", "Name either lines or an amount.")),
    }
}

/// What a refund would come to now.
pub fn planned(
    conn: &Connection,
    order: OrderId,
    lines: Option<Vec<RefundLine>>,
    amount_minor: Option<i64>,
) -> Result<(Refundable, Plan), ApiError> {
    let now = refundable(conn, order)?.ok_or_else(|| Refusal::not_found("The order"))?;
    let plan = now.plan(&wish(lines, amount_minor)?)?;
    Ok((now, plan))
}

pub fn refund(
    conn: &Connection,
    settings: &Settings,
    at_ms: i64,
    order: OrderId,
    new: NewRefund,
) -> Result<GiveRefund, ApiError> {
    let (now, plan) = planned(conn, order, new.lines, new.amount_minor)?;
    if new.tender == Tender::Voucher && new.reference.is_none() {
        return Err(Refusal::invalid("reference", "A voucher has a code.").into());
    }
    now.must_be_coins(new.tender, plan.amount)?;
    let lines: Vec<LineId> = plan.lines.iter().map(|line| line.line).collect();
    Ok(GiveRefund {
        order,
        id: RefundId::mint(),
        payment: now.payment(new.payment_id, new.tender, plan.amount, &lines)?,
        tender: new.tender,
        amount: plan.amount,
        rounding: now.rounding(new.tender, plan.amount).some(),
        unsettled: plan.unsettled.some(),
        lines: plan.lines.iter().map(|line| (line.line, line.quantity_milli, line.amount)).collect(),
        taxes: plan.taxes.iter().map(|tax| (tax.rate_bp, tax.base_minor, tax.tax_minor)).collect(),
        reference: new.reference,
        reason: new.reason,
        restock: new.restock,
        date: settings.business_date(at_ms).to_string(),
        session: till::store::open_session_id(conn)?,
    })
}
