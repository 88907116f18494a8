//! Giving money back: what of an order can be, and the command that does it.

use comanda_db::{Stop, Tx};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::refund::{BackLine, Bought, NoRefund, Plan, Sale, Wish};
use super::model::{Payment, Tender};
use super::store::{self, NewRefund, Refund};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, FlagId, LineId, OrderId, PaymentId, RefundId, TillSessionId};
use crate::kernel::money::{Minor, RateTax, cash_due, split};
use crate::orders;
use crate::orders::model::{Order, OrderState, freeze_taxes};

/// Where the service charge is given back, when no line has its tax rate.
const NO_LINE: LineId = LineId(Uuid::nil());

/// An order with what came back of it.
pub struct Refundable {
    pub order: Order,
    pub sale: Sale,
}

pub fn refundable(conn: &Connection, id: OrderId) -> rusqlite::Result<Option<Refundable>> {
    let Some(order) = orders::store::order(conn, id)? else { return Ok(None) };
    let refunds = store::refunds(conn, id)?;
    let sale = sale(&order, &refunds);
    Ok(Some(Refundable { order, sale }))
}

/// Until it completes, an order has sold nothing: what was paid can be given back, and is due again.
fn sale(order: &Order, refunds: &[Refund]) -> Sale {
    let totals = order.totals();
    let completed = order.state() == OrderState::Completed;
    let paid = order.paid();
    let sold = if completed { totals.gross } else { Minor::ZERO };
    let mut sale = Sale {
        rounding: order.terms.rounding,
        bought: if completed { bought(order, &totals.taxes) } else { Vec::new() },
        taxes: if completed { totals.taxes } else { Vec::new() },
        back_taxes: Vec::new(),
        unsold: (paid - sold).max(Minor::ZERO),
    };
    for refund in refunds {
        for line in &refund.lines {
            if let Some(bought) = sale.bought.iter_mut().find(|bought| bought.line == line.line) {
                bought.back += line.amount;
                bought.back_milli += line.quantity_milli.unwrap_or(0);
            }
        }
        for tax in &refund.taxes {
            add(&mut sale.back_taxes, tax);
        }
    }
    sale
}

fn add(taxes: &mut Vec<RateTax>, more: &RateTax) {
    match taxes.iter_mut().find(|tax| tax.rate_bp == more.rate_bp) {
        Some(tax) => {
            tax.base_minor += more.base_minor;
            tax.tax_minor += more.tax_minor;
        }
        None => taxes.push(*more),
    }
}

/// What was paid for each line: its part of what its tax rate comes to on the whole check.
fn bought(order: &Order, taxes: &[RateTax]) -> Vec<Bought> {
    let mut bought = Vec::new();
    for tax in taxes {
        let lines: Vec<_> = order.sold().filter(|line| line.tax_rate_bp == tax.rate_bp).collect();
        let weights: Vec<u64> = lines.iter().map(|line| u64::try_from(line.total.0).unwrap_or(0)).collect();
        let new = |line, quantity_milli, paid| Bought {
            line,
            quantity_milli,
            rate_bp: tax.rate_bp,
            paid,
            back_milli: 0,
            back: Minor::ZERO,
        };
        let gross = tax.base_minor + tax.tax_minor;
        match lines.is_empty() {
            true => bought.push(new(NO_LINE, 1000, gross)),
            false => bought.extend(
                lines.iter().zip(split(gross, &weights)).map(|(line, paid)| new(line.id, line.quantity_milli, paid)),
            ),
        }
    }
    bought
}

impl Refundable {
    pub fn plan(&self, wish: &Wish) -> Result<Plan, Refusal> {
        self.sale.plan(wish).map_err(Refusal::from)
    }

    /// The payment an amount is given back of: the one named, or of those with that much left one of the check the
    /// lines are on, then one of the same tender, then the newest.
    pub fn payment(
        &self,
        named: Option<PaymentId>,
        tender: Tender,
        amount: Minor,
        lines: &[LineId],
    ) -> Result<Option<PaymentId>, Refusal> {
        let payments = &self.order.payments;
        if payments.is_empty() && self.order.imported {
            return Ok(None);
        }
        let payment = match named {
            Some(id) => payments
                .iter()
                .find(|payment| payment.id == id)
                .ok_or_else(|| Refusal::invalid("payment_id", "This payment is not of this order."))?,
            None => {
                let checks: Vec<_> = self.order.sold().filter(|line| lines.contains(&line.id)).collect();
                let checks: Vec<_> = checks.iter().map(|line| self.order.check_of(line.check)).collect();
                let is_theirs = |payment: &Payment| checks.contains(&self.order.check_of(payment.check));
                let enough = payments.iter().enumerate().filter(|(_, payment)| payment.left() >= amount);
                let best = enough.max_by_key(|(at, payment)| (is_theirs(payment), payment.tender == tender, *at));
                best.map(|(_, payment)| payment).or(payments.last()).ok_or_else(|| Refusal::from(NoRefund::Nothing))?
            }
        };
        if amount > payment.left() {
            let refusal = Refusal::rule("No payment has that much left to give back. Give each back by itself.");
            return Err(refusal.at("payment_id").with_details(serde_json::json!({ "left_minor": payment.left() })));
        }
        Ok(Some(payment.id))
    }

    /// What there is no coin for is not given back in cash: nothing would change hands, and the books would say it did.
    pub fn must_be_coins(&self, tender: Tender, amount: Minor) -> Result<(), Refusal> {
        if (amount + self.rounding(tender, amount)).is_zero() {
            let no =
                Refusal::rule("There is no coin as small as this. Give it back another way, or together with more.");
            let details = serde_json::json!({ "cash_rounding_minor": self.order.terms.cash_unit });
            return Err(no.at("amount_minor").with_details(details));
        }
        Ok(())
    }

    /// Cash comes in coins.
    pub fn rounding(&self, tender: Tender, amount: Minor) -> Minor {
        match tender {
            Tender::Cash => {
                cash_due(amount, Minor::ZERO, self.order.terms.cash_unit, self.order.terms.rounding).rounding
            }
            Tender::Card | Tender::Voucher => Minor::ZERO,
        }
    }
}

impl From<NoRefund> for Refusal {
    fn from(no: NoRefund) -> Self {
        match no {
            NoRefund::Nothing => Refusal::rule("There is nothing to give back."),
            NoRefund::TooMuch { left } => Refusal::rule("This is more than can be given back.")
                .at("amount_minor")
                .with_details(serde_json::json!({ "left_minor": left })),
            NoRefund::NoLine { at } => {
                Refusal::invalid(format!("lines[{at}].line_id"), "This line was not sold, or is named twice.")
            }
            NoRefund::LineTooMany { at, left_milli } => Refusal::rule("So many were not sold, or are back already.")
                .at(format!("lines[{at}].quantity_milli"))
                .with_details(serde_json::json!({ "left_milli": left_milli })),
            NoRefund::LineTooMuch { at, left } => Refusal::rule("This is more than was paid for the line.")
                .at(format!("lines[{at}].amount_minor"))
                .with_details(serde_json::json!({ "left_minor": left })),
        }
    }
}

/// A line that comes back: id, thousandths (none: money only), amount.
type Line = (LineId, Option<i64>, Minor);

/// Money was given back. What it comes to was worked out when it was asked for, and is held against
/// the rules once more where it is accepted; after the event it is kept, and flagged if it was too much.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveRefund {
    pub order: OrderId,
    pub id: RefundId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<PaymentId>,
    pub tender: Tender,
    pub amount: Minor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounding: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsettled: Option<Minor>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Line>,
    /// Rate, base, tax.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taxes: Vec<(i64, Minor, Minor)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    pub reason: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restock: bool,
    pub date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<TillSessionId>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Given {
    pub id: RefundId,
}

impl GiveRefund {
    fn taxes(&self) -> Vec<RateTax> {
        let tax = |&(rate_bp, base_minor, tax_minor): &(i64, Minor, Minor)| RateTax { rate_bp, base_minor, tax_minor };
        self.taxes.iter().map(tax).collect()
    }
}

impl Write for GiveRefund {
    const NAME: &'static str = "give_refund";
    const KIND: Kind = Kind::Fact;
    type Answer = Given;

    /// Somebody may have given something back since this was worked out.
    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let now = refundable(tx.conn(), self.order)?.ok_or_else(|| Refusal::not_found("The order"))?;
        let too_late = |left| Refusal::from(NoRefund::TooMuch { left });
        if self.unsettled.unwrap_or_default() > now.sale.unsold || self.amount > now.sale.left() {
            return Err(too_late(now.sale.left()).into());
        }
        for (line, quantity_milli, amount) in &self.lines {
            let left = now.sale.bought.iter().find(|bought| bought.line == *line);
            let enough =
                left.is_some_and(|left| *amount <= left.left() && quantity_milli.unwrap_or(0) <= left.left_milli());
            if !enough {
                return Err(too_late(now.sale.left()).into());
            }
        }
        let lines: Vec<LineId> = self.lines.iter().map(|(line, ..)| *line).collect();
        now.payment(self.payment, self.tender, self.amount, &lines)?;
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Given, Stop> {
        let now = refundable(tx.conn(), self.order)?;
        let over = now.as_ref().map_or(Minor::ZERO, |now| (self.amount - now.sale.left()).max(Minor::ZERO));
        let taxes = freeze_taxes(&self.taxes());
        let refund = NewRefund {
            id: self.id,
            payment: self.payment,
            tender: self.tender,
            amount: self.amount,
            rounding: self.rounding.unwrap_or_default(),
            unsettled: self.unsettled.unwrap_or_default(),
            taxes: (!self.taxes.is_empty()).then_some(taxes.as_str()),
            reference: self.reference.as_deref(),
            reason: &self.reason,
            restock: self.restock,
            given_ms: cx.at_ms,
            given_by: AccountId(cx.actor),
            business_date: &self.date,
            session_id: self.session,
            flag: (!over.is_zero()).then_some("over_refunded"),
        };
        let line = |&(line, quantity_milli, amount): &Line| BackLine { line, quantity_milli, amount };
        let lines: Vec<BackLine> = self.lines.iter().map(line).collect();
        store::insert_refund(tx, self.order, &refund, &lines)?;
        if let Some(now) = now.filter(|_| !over.is_zero()) {
            let params = format!("{{\"amount_minor\":{over}}}");
            orders::store::raise_flag(tx, FlagId(self.id.0), "over_refunded", cx.at_ms, &now.order, &params)?;
        }
        Ok(Given { id: self.id })
    }
}
