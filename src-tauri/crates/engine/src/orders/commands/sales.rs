//! Sales that were finished before they came here: past sales from a file, and the demo's.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{Service, Station, nth_id};
use super::super::store::{self, Completion, NewLine, NewOrder};
use crate::command::{Context, Kind, Write};
use crate::kernel::ids::{AccountId, ImportId, LineId, OrderId, PaymentId};
use crate::kernel::money::{Minor, Taxed, Terms, totals};
use crate::payments;
use crate::payments::model::Tender;
use crate::payments::store::NewPayment;

/// Most sales in one command.
pub const SALES_MAX: usize = 1_000;

/// A thing sold, written once a command: name, price, tax rate.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Dish(pub String, pub Minor, pub i64);

/// How it was paid, where that is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paid {
    pub tender: Tender,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tip: Option<Minor>,
}

/// One finished order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sale {
    pub id: OrderId,
    /// As it was printed where it came from.
    pub no: String,
    pub date: String,
    pub at: i64,
    pub hour: i64,
    /// Left out: dine-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<i64>,
    /// Which dish (place in `dishes`) and how many thousandths of it.
    pub lines: Vec<(usize, i64)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid: Option<Paid>,
}

/// Up to `SALES_MAX` finished orders at once. Their sums go into the roll-ups, not into a Z report.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSales {
    pub batch: ImportId,
    pub terms: String,
    pub dishes: Vec<Dish>,
    pub sales: Vec<Sale>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Recorded {
    pub orders: usize,
}

impl Write for RecordSales {
    const NAME: &'static str = "record_sales";
    const KIND: Kind = Kind::Fact;
    type Answer = Recorded;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Recorded, Stop> {
        let terms: Terms = self.terms.parse().map_err(|error| Stop::Broken(format!("terms: {error}")))?;
        for sale in &self.sales {
            self.record(tx, cx, &terms, sale)?;
        }
        Ok(Recorded { orders: self.sales.len() })
    }
}

impl RecordSales {
    /// As if it were rung up: opened, its lines, completed, paid.
    fn record(&self, tx: &Tx<'_>, cx: &Context<'_>, terms: &Terms, sale: &Sale) -> Result<(), Stop> {
        let order = NewOrder {
            id: sale.id,
            number: &sale.no,
            business_date: &sale.date,
            hour: sale.hour,
            service: sale.service.unwrap_or(Service::DineIn),
            table: sale.table.as_deref(),
            covers: sale.covers,
            note: None,
            terms,
            opened_ms: sale.at,
            opened_by: AccountId(cx.actor),
            service_charge: None,
            batch: Some(self.batch),
        };
        store::insert_order(tx, &order)?;
        let mut taxed = Vec::with_capacity(sale.lines.len());
        for (at, &(dish, quantity_milli)) in sale.lines.iter().enumerate() {
            let Dish(name, price, rate_bp) =
                self.dishes.get(dish).ok_or_else(|| Stop::Broken(format!("sale {}: no dish {dish}", sale.no)))?;
            taxed.push(Taxed { amount: price.times(quantity_milli, terms.rounding), rate_bp: *rate_bp });
            let line = NewLine {
                id: LineId(nth_id(sale.id.0, at)),
                item_id: None,
                variant_id: None,
                name,
                modifiers: &[],
                quantity_milli,
                unit_price: *price,
                tax_rate_bp: *rate_bp,
                station: Station::Kitchen,
                seat: None,
                course: None,
                check: None,
                note: None,
                added: None,
                served_ms: Some(sale.at),
            };
            store::insert_line(tx, sale.id, terms.rounding, &line)?;
        }
        let totals = totals(terms, taxed);
        let completion = Completion {
            at_ms: sale.at,
            sold_date: None,
            totals: &totals,
            discount: Minor::ZERO,
            comp: Minor::ZERO,
            service_charge: Minor::ZERO,
        };
        store::complete_with(tx, sale.id, &completion)?;
        let Some(paid) = &sale.paid else { return Ok(()) };
        let payment = NewPayment {
            id: PaymentId(sale.id.0),
            check: None,
            tender: paid.tender,
            amount: totals.gross,
            rounding: Minor::ZERO,
            tip: paid.tip.unwrap_or_default(),
            tendered: None,
            reference: None,
            taken_ms: sale.at,
            taken_by: AccountId(cx.actor),
            business_date: &sale.date,
            session_id: None,
            voids: None,
            flag: None,
        };
        Ok(payments::store::insert(tx, sale.id, &payment)?)
    }
}
