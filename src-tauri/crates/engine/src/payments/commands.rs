//! Taking money. A fact: strict where it is accepted, total when it runs again elsewhere.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{NoPayment, Payment, Settled, Tender};
use super::store::{self, NewPayment};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, CheckId, FlagId, OrderId, PaymentId, TillSessionId};
use crate::kernel::money::Minor;
use crate::orders;
use crate::orders::model::{Order, nth_id};
use crate::till;

/// Money was taken. Refused beforehand if it is not due; after the event it is kept and flagged.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakePayment {
    pub order: OrderId,
    pub id: PaymentId,
    /// Left out: the first, which is the order itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckId>,
    pub tender: Tender,
    pub amount: Minor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tendered: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Handed back in cash of what a card brought beyond what was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_back: Option<Minor>,
    pub date: String,
    /// The till it goes into, if one is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<TillSessionId>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Taken {
    pub id: PaymentId,
}

impl Write for TakePayment {
    const NAME: &'static str = "take_payment";
    const KIND: Kind = Kind::Fact;
    type Answer = Taken;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let order = orders::commands::existing(tx, self.order)?;
        if self.check.is_some_and(|check| !order.has_check(check)) {
            return Err(Refusal::invalid("check_id", "This check is not of this order.").into());
        }
        order.may_be_paid(self.check)?;
        let (tip, code) = (self.tip.unwrap_or_default(), self.reference.as_deref());
        Ok(order.open_to(self.check).may_take(self.tender, self.amount, tip, self.tendered, code, self.cash_back)?)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Taken, Stop> {
        let mut order = orders::store::order(tx.conn(), self.order)?;
        let settled = order.as_ref().map(|order| self.settled(order));
        let settled = settled.unwrap_or(Settled { amount: self.amount, rounding: Minor::ZERO, overpaid: Minor::ZERO });
        let back = self.cash_back.map(|back| match &order {
            Some(order) => order.open_to(self.check).cash_back(settled.overpaid, back),
            None => (back, Minor::ZERO),
        });
        let overpaid = (settled.overpaid - back.map_or(Minor::ZERO, |back| back.0)).max(Minor::ZERO);
        let payment = NewPayment {
            id: self.id,
            check: self.check,
            tender: self.tender,
            amount: settled.amount,
            rounding: settled.rounding,
            tip: self.tip.unwrap_or_default(),
            tendered: self.tendered,
            reference: self.reference.as_deref(),
            taken_ms: cx.at_ms,
            taken_by: AccountId(cx.actor),
            business_date: &self.date,
            session_id: self.session,
            flag: (!overpaid.is_zero()).then_some("overpaid"),
            voids: None,
        };
        store::insert(tx, self.order, &payment)?;
        let back = back.map(|(exact, rounding)| NewPayment {
            id: PaymentId(nth_id(self.id.0, 1)),
            tender: Tender::Cash,
            amount: -exact,
            rounding: -rounding,
            tip: Minor::ZERO,
            tendered: None,
            reference: None,
            flag: None,
            ..payment
        });
        if let Some(back) = &back {
            store::insert(tx, self.order, back)?;
        }
        let Some(order) = &mut order else { return Ok(Taken { id: self.id }) };
        if !overpaid.is_zero() {
            let params = format!("{{\"amount_minor\":{overpaid}}}");
            orders::store::raise_flag(tx, FlagId(self.id.0), "overpaid", cx.at_ms, order, &params)?;
        }
        if self.tender == Tender::Cash
            && self.session.is_none()
            && let Some(closed) = till::store::last_session_id(tx.conn())?
        {
            // One for each time the till was closed: the first sum that no count will ever expect.
            orders::store::raise_flag(tx, FlagId(closed.0), "cash_without_till", cx.at_ms, order, "{}")?;
        }
        order.payments.extend(std::iter::once(&payment).chain(&back).map(taken));
        if order.is_finished() {
            orders::store::complete(tx, order, cx.at_ms, &self.date)?;
        }
        Ok(Taken { id: self.id })
    }
}

impl TakePayment {
    /// Beside what a card that is waiting may bring; more than that can only be beside what is due.
    fn settled(&self, order: &Order) -> Settled {
        let beside = order.open_to(self.check).settle(self.tender, self.amount);
        if beside.overpaid.is_zero() || self.cash_back.is_some() {
            return beside;
        }
        order.owed(self.check).settle(self.tender, self.amount)
    }
}

/// The payment as the order now has it; names are for readers.
fn taken(new: &NewPayment<'_>) -> Payment {
    Payment {
        id: new.id,
        tender: new.tender,
        amount: new.amount,
        rounding: new.rounding,
        tip: new.tip,
        tendered: new.tendered,
        reference: None,
        taken_ms: new.taken_ms,
        taken_by_name: String::new(),
        flag: None,
        check: new.check,
        refunded: Minor::ZERO,
        unsettled: Minor::ZERO,
        session: new.session_id,
        business_date: String::new(),
        voids: None,
        voided: false,
    }
}

impl From<NoPayment> for Stop {
    fn from(no: NoPayment) -> Self {
        match no {
            NoPayment::TooMuch { due } => Refusal::rule("This is more than is due.")
                .at("amount_minor")
                .with_details(serde_json::json!({ "due_minor": due })),
            NoPayment::TooLittle { needed } => Refusal::rule("This is less than the payment comes to.")
                .at("tendered_minor")
                .with_details(serde_json::json!({ "needed_minor": needed })),
            NoPayment::NotHandedOver => {
                Refusal::invalid("tendered_minor", "Only cash is handed over and changed; leave this out.")
            }
            NoPayment::CashBack { needed } => {
                Refusal::rule("Cash back is what a card brings beyond what is due, in coins.")
                    .at("cash_back_minor")
                    .with_details(serde_json::json!({ "needed_minor": needed }))
            }
            NoPayment::NoCode => Refusal::invalid("reference", "A voucher has a code."),
        }
        .into()
    }
}
