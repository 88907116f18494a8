//! Opening an order and adding lines to it.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{LINES_MAX, Line, Order, Service, ServiceCharge, Station, nth_id, printed_number};
use super::super::store::{self, NewLine, NewOrder};
use super::{Noted, existing, finish};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{self, AccountId, CheckId, FlagId, ItemId, LineId, OrderId, VariantId};
use crate::kernel::money::{Minor, Rounding, Terms};
use crate::menu::counting::{self, Taken};
use crate::menu::model::Chosen;

/// What a line sold, as it was when it was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoldLine {
    pub item: ItemId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<VariantId>,
    pub name: String,
    /// With its modifiers.
    pub price: Minor,
    pub rate: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modifiers: Vec<Chosen>,
    /// Its portions are counted down.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub counted: bool,
    /// In thousandths; left out: one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qty: Option<i64>,
    /// Left out: kitchen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<Station>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub course: Option<i64>,
}

/// The lines that take portions of something counted down.
fn taken(lines: &[SoldLine]) -> impl Iterator<Item = Taken<'_>> {
    let counted = lines.iter().enumerate().filter(|(_, line)| line.counted);
    counted.map(|(place, line)| Taken {
        place,
        item: line.item,
        name: &line.name,
        quantity_milli: line.qty.unwrap_or(1000),
    })
}

/// Takes their portions; fewer than were sold is something a manager should see.
fn take(tx: &Tx<'_>, cx: &Context<'_>, order: OrderId, lines: &[SoldLine]) -> Result<(), Stop> {
    if counting::lower(tx, taken(lines))? {
        return Ok(());
    }
    let Some(order) = store::order(tx.conn(), order)? else { return Ok(()) };
    let id = ids::derived(&[b"oversold", cx.id.as_bytes()]);
    Ok(store::raise_flag(tx, FlagId(id), "oversold", cx.at_ms, &order, "{}")?)
}

fn insert_lines(
    tx: &Tx<'_>,
    order: OrderId,
    rounding: Rounding,
    first: LineId,
    lines: &[SoldLine],
    check: Option<CheckId>,
    added: Option<(i64, AccountId)>,
) -> rusqlite::Result<()> {
    for (at, line) in lines.iter().enumerate() {
        let new = NewLine {
            id: LineId(nth_id(first.0, at)),
            item_id: Some(line.item),
            variant_id: line.variant,
            name: &line.name,
            modifiers: &line.modifiers,
            quantity_milli: line.qty.unwrap_or(1000),
            unit_price: line.price,
            tax_rate_bp: line.rate,
            station: line.station.unwrap_or_default(),
            seat: line.seat,
            course: line.course,
            check,
            note: line.note.as_deref(),
            added,
            served_ms: None,
        };
        store::insert_line(tx, order, rounding, &new)?;
    }
    Ok(())
}

/// A party sits down, or somebody orders: the order exists from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenOrder {
    pub id: OrderId,
    /// Of the device that prints the number.
    pub letters: String,
    pub date: String,
    pub hour: i64,
    pub service: Service,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covers: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub terms: String,
    /// Service charge and its tax rate, in basis points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<(i64, i64)>,
    /// Ids follow from the order's own, which is the first line's too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<SoldLine>,
}

impl OpenOrder {
    fn service_charge(&self) -> Option<ServiceCharge> {
        self.charge.map(|(rate_bp, tax_rate_bp)| ServiceCharge { rate_bp, tax_rate_bp })
    }

    /// The order as this opens it.
    pub fn into_order(self, terms: &Terms, number: String, opened_by_name: String, opened_ms: i64) -> Order {
        let line = |(at, line): (usize, SoldLine)| {
            let quantity_milli = line.qty.unwrap_or(1000);
            Line {
                id: LineId(nth_id(self.id.0, at)),
                item_id: Some(line.item),
                variant_id: line.variant,
                name: line.name,
                modifiers: line.modifiers,
                quantity_milli,
                unit_price: line.price,
                total: line.price.times(quantity_milli, terms.rounding),
                tax_rate_bp: line.rate,
                station: line.station.unwrap_or_default(),
                seat: line.seat,
                course: line.course,
                check: None,
                note: line.note,
                added_ms: opened_ms,
                added_by_name: opened_by_name.clone(),
                fired_ms: None,
                started_ms: None,
                ready_ms: None,
                served_ms: None,
                voided_ms: None,
                void_reason: None,
                discount: Minor::ZERO,
                discount_reason: None,
                comped_ms: None,
                comp: Minor::ZERO,
                comp_reason: None,
                station_id: None,
            }
        };
        let service_charge = self.service_charge();
        let lines = self.lines.into_iter().enumerate().map(line).collect();
        Order {
            id: self.id,
            number,
            business_date: self.date,
            service: self.service,
            table: self.table,
            covers: self.covers,
            note: self.note,
            terms: *terms,
            opened_ms,
            opened_by_name,
            imported: false,
            closed_ms: None,
            cancel_reason: None,
            merged_into: None,
            service_charge,
            service_reason: None,
            divided: false,
            attempted: false,
            lines,
            checks: Vec::new(),
            discounts: Vec::new(),
            payments: Vec::new(),
            attempts: Vec::new(),
        }
    }
}

/// The rules a check was opened under; arguments that do not name them are a bug.
fn terms(text: &str) -> Result<Terms, Stop> {
    text.parse().map_err(|error| Stop::Broken(format!("terms: {error}")))
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Opened {
    pub id: OrderId,
    pub number: String,
}

impl Write for OpenOrder {
    const NAME: &'static str = "open_order";
    const KIND: Kind = Kind::Fact;
    type Answer = Opened;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        counting::check(tx, taken(&self.lines))
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Opened, Stop> {
        let terms = terms(&self.terms)?;
        let counter = store::next_number(tx, &self.letters, &self.date)?;
        let number = printed_number(&self.letters, counter);
        let new = NewOrder {
            id: self.id,
            number: &number,
            business_date: &self.date,
            hour: self.hour,
            service: self.service,
            table: self.table.as_deref(),
            covers: self.covers,
            note: self.note.as_deref(),
            terms: &terms,
            opened_ms: cx.at_ms,
            opened_by: AccountId(cx.actor),
            batch: None,
            service_charge: self.service_charge(),
        };
        store::insert_order(tx, &new)?;
        insert_lines(tx, self.id, terms.rounding, LineId(self.id.0), &self.lines, None, None)?;
        take(tx, cx, self.id, &self.lines)?;
        Ok(Opened { id: self.id, number })
    }
}

/// More lines on an order. Lines are only ever added: two people adding at once both get theirs.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddLines {
    pub order: OrderId,
    pub first: LineId,
    pub date: String,
    /// Left out: the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckId>,
    pub lines: Vec<SoldLine>,
}

impl Write for AddLines {
    const NAME: &'static str = "add_lines";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        if self.check.is_some_and(|id| !order.has_check(id)) {
            return Err(Refusal::not_found("The check").at("check_id").into());
        }
        if order.lines.len() + self.lines.len() > LINES_MAX {
            return Err(Refusal::rule(format!("An order has at most {LINES_MAX} lines.")).at("lines").into());
        }
        counting::check(tx, taken(&self.lines))
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        store::reopen(tx, self.order)?;
        let order = store::order(tx.conn(), self.order)?;
        let rounding = order.as_ref().map(|order| order.terms.rounding).unwrap_or_default();
        let added = Some((cx.at_ms, AccountId(cx.actor)));
        insert_lines(tx, self.order, rounding, self.first, &self.lines, self.check, added)?;
        take(tx, cx, self.order, &self.lines)?;
        if let Some(order) = order.filter(|order| order.cancel_reason.is_some()) {
            store::raise_flag(tx, FlagId(self.first.0), "added_after_cancel", cx.at_ms, &order, "{}")?;
        }
        finish(tx, self.order, cx.at_ms, &self.date)?;
        Ok(Noted { id: self.order })
    }
}
