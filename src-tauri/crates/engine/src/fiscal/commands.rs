//! The writes of invoices and their signatures.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{Invoice, printed};
use super::store;
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, CheckId, FlagId, OrderId, RefundId, derived};
use crate::kernel::money::Minor;
use crate::orders::model::{Order, OrderState};
use crate::{inbox, orders, payments};

/// An invoice of a paid check, or the credit note of a refund. Asked for twice, there is one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueInvoice {
    pub order: OrderId,
    /// Left out: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckId>,
    /// A credit note of this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<RefundId>,
    pub series: String,
    pub date: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Issued {
    pub series: String,
    pub number: i64,
}

impl Write for IssueInvoice {
    const NAME: &'static str = "issue_invoice";
    const KIND: Kind = Kind::Intent;
    type Answer = Issued;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Issued, Stop> {
        let conn = tx.conn();
        let order = orders::commands::existing(tx, self.order)?;
        let check = self.check.filter(|check| *check != order.first_check());
        if let Some(invoice) = store::issued(conn, order.id, check, self.refund)? {
            return Ok(Issued { series: invoice.series, number: invoice.number });
        }
        let before = store::last(conn, &self.series)?;
        let number = before.as_ref().map_or(1, |last| last.number + 1);
        let mut invoice = Invoice {
            series: self.series.clone(),
            number,
            order: order.id,
            check,
            refund: self.refund,
            corrects: None,
            issued_ms: cx.at_ms,
            issued_by: AccountId(cx.actor),
            business_date: self.date.clone(),
            total: Minor::ZERO,
            taxes: Vec::new(),
            hash: [0; 32],
        };
        match self.refund {
            None => fill_invoice(&mut invoice, &order)?,
            Some(refund) => fill_credit_note(tx, &mut invoice, refund)?,
        }
        invoice.hash = invoice.chained(before.map(|last| last.hash));
        store::insert(tx, &invoice)?;
        Ok(Issued { series: invoice.series, number })
    }
}

/// Of a check of a completed order: what it comes to cannot change any more.
fn fill_invoice(invoice: &mut Invoice, order: &Order) -> Result<(), Stop> {
    if order.state() != OrderState::Completed {
        let message = format!("Order {} is not completed; an invoice is of what was sold and paid", order.number);
        return Err(order.illegal(message).into());
    }
    if order.imported {
        return Err(Refusal::rule("This sale was brought in; its invoice was written elsewhere.").into());
    }
    let check = order.check_of(invoice.check);
    if invoice.check.is_some_and(|named| named != check) {
        return Err(Refusal::invalid("check_id", "This check is not of this order.").into());
    }
    let owing = order.owing().into_iter().find(|owing| owing.id == check);
    let bill = owing.map(|owing| owing.bill).ok_or_else(|| Refusal::not_found("The check"))?;
    if bill.totals.gross.is_zero() {
        return Err(Refusal::rule("Nothing was charged on this check.").into());
    }
    (invoice.total, invoice.taxes) = (bill.totals.gross, bill.totals.taxes);
    Ok(())
}

/// Of a refund of an order that has an invoice, which it corrects: the refunded payment's check's, or the first.
fn fill_credit_note(tx: &Tx<'_>, invoice: &mut Invoice, refund: RefundId) -> Result<(), Stop> {
    let refunds = payments::store::refunds(tx.conn(), invoice.order)?;
    let refund = refunds.into_iter().find(|one| one.id == refund);
    let refund = refund.ok_or_else(|| Refusal::not_found("The refund"))?;
    let payments = payments::store::of_order(tx.conn(), invoice.order)?;
    let paid_on = payments.iter().find(|payment| Some(payment.id) == refund.payment).and_then(|payment| payment.check);
    let issued = store::of_order(tx.conn(), invoice.order)?;
    let invoices = || issued.iter().filter(|one| one.refund.is_none());
    let corrected = invoices().find(|one| one.check == paid_on).or(invoices().next());
    let corrected = corrected.ok_or_else(|| {
        Refusal::illegal_step("This order has no invoice, so there is nothing to correct.", &["invoices"])
    })?;
    invoice.corrects = Some(printed(&corrected.series, corrected.number));
    invoice.total = -refund.amount;
    invoice.taxes = refund.taxes;
    for tax in &mut invoice.taxes {
        (tax.base_minor, tax.tax_minor) = (-tax.base_minor, -tax.tax_minor);
    }
    Ok(())
}

/// What the signing hook answered for an invoice or (series `Z`) a Z report.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSignature {
    pub series: String,
    pub number: i64,
    pub value: String,
}

/// One flag a document, however often it fails.
fn flag_of(series: &str, number: i64) -> FlagId {
    FlagId(derived(&[b"unsigned", series.as_bytes(), &number.to_be_bytes()]))
}

impl Write for RecordSignature {
    const NAME: &'static str = "record_signature";
    const KIND: Kind = Kind::Fact;
    type Answer = ();

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        store::insert_signature(tx, &self.series, self.number, &self.value, cx.at_ms)?;
        let flag = flag_of(&self.series, self.number);
        Ok(inbox::store::resolve_flag(tx, flag, AccountId(cx.actor), cx.at_ms, None)?)
    }
}

/// The signing hook failed; it is asked again.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlagUnsigned {
    pub series: String,
    pub number: i64,
    pub why: String,
}

impl Write for FlagUnsigned {
    const NAME: &'static str = "flag_unsigned";
    const KIND: Kind = Kind::Fact;
    type Answer = ();

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        let document =
            if self.series == "Z" { format!("Z {}", self.number) } else { printed(&self.series, self.number) };
        let params = serde_json::json!({ "document": document, "message": self.why }).to_string();
        Ok(inbox::store::raise(tx, flag_of(&self.series, self.number), "unsigned", cx.at_ms, &params)?)
    }
}

/// For the check of what would change an order: it has an invoice.
pub fn is_invoiced(tx: &Tx<'_>, order: OrderId) -> Result<bool, Stop> {
    Ok(!store::of_order(tx.conn(), order)?.is_empty())
}
