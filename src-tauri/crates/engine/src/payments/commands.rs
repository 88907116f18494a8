//! Taking money. A fact: strict where it is accepted, total when it runs again elsewhere.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{NoPayment, Payment, Tender};
use super::store::{self, NewPayment};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, FlagId, OrderId, PaymentId, TillSessionId};
use crate::kernel::money::Minor;
use crate::orders;

/// Money was taken. Refused beforehand if it is not due; after the event it is kept and flagged.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakePayment {
    pub order: OrderId,
    pub id: PaymentId,
    pub tender: Tender,
    pub amount: Minor,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tendered: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
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
        order.may_be_paid()?;
        Ok(order.owed().may_take(self.tender, self.amount, self.tip.unwrap_or_default(), self.tendered)?)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Taken, Stop> {
        let mut order = orders::store::order(tx.conn(), self.order)?;
        let settled = order.as_ref().map(|order| order.owed().settle(self.tender, self.amount));
        let overpaid = settled.map_or(Minor::ZERO, |settled| settled.overpaid);
        let payment = NewPayment {
            id: self.id,
            tender: self.tender,
            amount: settled.map_or(self.amount, |settled| settled.amount),
            rounding: settled.map_or(Minor::ZERO, |settled| settled.rounding),
            tip: self.tip.unwrap_or_default(),
            tendered: self.tendered,
            reference: self.reference.as_deref(),
            taken_ms: cx.at_ms,
            taken_by: AccountId(cx.actor),
            business_date: &self.date,
            session_id: self.session,
            flag: (!overpaid.is_zero()).then_some("overpaid"),
        };
        store::insert(tx, self.order, &payment)?;
        let Some(order) = &mut order else { return Ok(Taken { id: self.id }) };
        if !overpaid.is_zero() {
            let params = format!("{{\"amount_minor\":{overpaid}}}");
            orders::store::raise_flag(tx, FlagId(self.id.0), "overpaid", cx.at_ms, order, &params)?;
        }
        order.payments.push(taken(&payment));
        if order.is_finished() {
            orders::store::complete(tx, order, cx.at_ms, &self.date)?;
        }
        Ok(Taken { id: self.id })
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
        check: None,
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
            NoPayment::CardTendered => {
                Refusal::invalid("tendered_minor", "Only cash is handed over; leave this out for a card.")
            }
        }
        .into()
    }
}
