//! The only SQL for `orders`, its lines, checks and discounts, and `number_counter`; raises flags.
//!
//! Writing functions take the command's transaction, reading ones any connection. Nothing here
//! decides: the rules are in `model.rs`.

mod changing;
pub mod drafts;
mod reading;

use comanda_db::Tx;
use rusqlite::{Result, params};

use super::model::{Order, Service, ServiceCharge, Station, freeze_taxes};
use crate::kernel::ids::{AccountId, CheckId, FlagId, ImportId, ItemId, LineId, OrderId, VariantId};
use crate::kernel::money::{Minor, Rounding, Terms, Totals};
use crate::menu::model::Chosen;
pub use changing::*;
pub use reading::{List, actor_name, list, open_counts, order, summed};

/// A line as it is written, with what it sold frozen in it.
pub struct NewLine<'a> {
    pub id: LineId,
    pub item_id: Option<ItemId>,
    pub variant_id: Option<VariantId>,
    pub name: &'a str,
    pub modifiers: &'a [Chosen],
    pub quantity_milli: i64,
    pub unit_price: Minor,
    pub tax_rate_bp: i64,
    pub station: Station,
    pub seat: Option<i64>,
    pub course: Option<i64>,
    pub check: Option<CheckId>,
    pub note: Option<&'a str>,
    /// Unless it came with the order.
    pub added: Option<(i64, AccountId)>,
    /// Sales brought in were served when they were made.
    pub served_ms: Option<i64>,
}

pub struct NewOrder<'a> {
    pub id: OrderId,
    pub number: &'a str,
    pub business_date: &'a str,
    pub hour: i64,
    pub service: Service,
    pub table: Option<&'a str>,
    pub covers: Option<i64>,
    pub note: Option<&'a str>,
    pub terms: &'a Terms,
    pub opened_ms: i64,
    pub opened_by: AccountId,
    pub service_charge: Option<ServiceCharge>,
    /// Brought in by this import.
    pub batch: Option<ImportId>,
}

/// What an order completes with.
pub struct Completion<'a> {
    pub at_ms: i64,
    /// Where it is another one than it was opened on.
    pub sold_date: Option<&'a str>,
    pub totals: &'a Totals,
    pub discount: Minor,
    pub comp: Minor,
    pub service_charge: Minor,
}

/// The next counter of a device and business day.
pub fn next_number(tx: &Tx<'_>, letters: &str, business_date: &str) -> Result<i64> {
    tx.execute(
        "INSERT INTO number_counter (letters, business_date, last) VALUES (?1, ?2, 1)
         ON CONFLICT DO UPDATE SET last = last + 1",
        params![letters, business_date],
    )?;
    tx.conn()
        .prepare_cached("SELECT last FROM number_counter WHERE letters = ?1 AND business_date = ?2")?
        .query_row(params![letters, business_date], |row| row.get(0))
}

pub fn insert_order(tx: &Tx<'_>, order: &NewOrder<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO orders (id, number, business_date, hour, service, table_name, covers, note, terms, opened_ms, opened_by,
                             service_bp, service_tax_bp, batch_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            order.id,
            order.number,
            order.business_date,
            order.hour,
            order.service,
            order.table,
            order.covers,
            order.note,
            order.terms,
            order.opened_ms,
            order.opened_by,
            order.service_charge.map(|charge| charge.rate_bp),
            order.service_charge.map(|charge| charge.tax_rate_bp),
            order.batch
        ],
    )
    .map(drop)
}

pub fn insert_line(tx: &Tx<'_>, order: OrderId, rounding: Rounding, line: &NewLine<'_>) -> Result<()> {
    let whole = line.quantity_milli % 1000 == 0;
    tx.execute(
        "INSERT INTO order_line (order_id, id, item_id, name, quantity_milli, unit_price_minor, total_minor, tax_rate_bp,
                                 station, seat, note, added_ms, added_by, served_ms, variant_id, modifiers, course,
                                 check_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
        params![
            order,
            line.id,
            line.item_id,
            line.name,
            (line.quantity_milli != 1000).then_some(line.quantity_milli),
            line.unit_price,
            (!whole).then(|| line.unit_price.times(line.quantity_milli, rounding)),
            line.tax_rate_bp,
            (line.station != Station::Kitchen).then_some(line.station),
            line.seat,
            line.note,
            line.added.map(|added| added.0),
            line.added.map(|added| added.1),
            line.served_ms,
            line.variant_id,
            modifiers_text(line.modifiers),
            line.course,
            line.check
        ],
    )
    .map(drop)
}

/// Completes an order as it stands.
pub fn complete(tx: &Tx<'_>, order: &Order, at_ms: i64, business_date: &str) -> Result<()> {
    let bill = order.bill();
    let completion = Completion {
        at_ms,
        sold_date: (order.business_date != business_date).then_some(business_date),
        totals: &bill.totals,
        discount: bill.discount + order.sold().map(|line| line.discount).sum(),
        comp: order.sold().map(|line| line.comp).sum(),
        service_charge: bill.service_charge,
    };
    complete_with(tx, order.id, &completion)
}

/// Completes an order and freezes its sums; the roll-ups follow by trigger, from it and its lines.
pub fn complete_with(tx: &Tx<'_>, order: OrderId, completion: &Completion<'_>) -> Result<()> {
    let Completion { at_ms, sold_date, totals, discount, comp, service_charge } = completion;
    let (rate, taxes) = frozen_taxes(totals);
    tx.execute(
        "UPDATE orders SET closed_ms = ?2, sold_date = ?3, total_minor = ?4, tax_minor = ?5, tax_rate_bp = ?6, taxes = ?7,
                           discount_minor = ?8, comp_minor = ?9, service_minor = ?10
         WHERE id = ?1",
        params![
            order,
            at_ms,
            sold_date,
            totals.gross,
            totals.tax,
            rate,
            taxes,
            discount.some(),
            comp.some(),
            service_charge.some()
        ],
    )
    .map(drop)
}

/// Takes a completed order back out of the sums, before something it sold changes after all.
pub fn reopen(tx: &Tx<'_>, order: OrderId) -> Result<()> {
    tx.execute(
        "UPDATE orders SET closed_ms = NULL, sold_date = NULL, total_minor = NULL, tax_minor = NULL, tax_rate_bp = NULL,
                           taxes = NULL, discount_minor = NULL, comp_minor = NULL, service_minor = NULL
         WHERE id = ?1 AND closed_ms IS NOT NULL AND cancel_reason IS NULL",
        [order],
    )
    .map(drop)
}

pub fn cancel(tx: &Tx<'_>, order: OrderId, at_ms: i64, reason: &str) -> Result<()> {
    tx.execute("UPDATE orders SET closed_ms = ?2, cancel_reason = ?3 WHERE id = ?1", params![order, at_ms, reason])
        .map(drop)
}

/// Its lines are on another order now.
pub fn merge_away(tx: &Tx<'_>, from: OrderId, into: &Order, at_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE orders SET closed_ms = ?2, cancel_reason = ?3, merged_into = ?4 WHERE id = ?1",
        params![from, at_ms, format!("merged into {}", into.number), into.id],
    )
    .map(drop)
}

/// NULL for a line without modifiers.
fn modifiers_text(modifiers: &[Chosen]) -> Option<String> {
    (!modifiers.is_empty()).then(|| serde_json::json!(modifiers).to_string())
}

/// One rate as a number, several as a list.
fn frozen_taxes(totals: &Totals) -> (Option<i64>, Option<String>) {
    match totals.taxes.as_slice() {
        [one] => (Some(one.rate_bp), None),
        many => (None, Some(freeze_taxes(many))),
    }
}

/// Something a manager should see. Its id comes from what it is about, so a re-run raises it once.
pub fn raise_flag(tx: &Tx<'_>, id: FlagId, kind: &str, at_ms: i64, order: &Order, params: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO flag (id, kind, at_ms, order_id, number, params) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT DO NOTHING",
        params![id, kind, at_ms, order.id, order.number, params],
    )
    .map(drop)
}
