//! Changes to lines and checks of an order. Each does nothing where it was done already.

use comanda_db::Tx;
use rusqlite::{Result, params};

use super::super::model::{Check, Line, Off, ServiceCharge};
use crate::kernel::ids::{AccountId, CheckId, DiscountId, LineId, OrderId, StationId};
use crate::kernel::money::Minor;

/// What a line is charged, where its row does not say.
macro_rules! charged {
    () => {
        "COALESCE(total_minor, unit_price_minor * COALESCE(quantity_milli, 1000) / 1000)"
    };
}

/// Fires a held line, once; to the station its word on the menu says, if no other is given. What needs no preparation is ready at once.
pub fn fire_line(tx: &Tx<'_>, order: OrderId, line: LineId, station: Option<StationId>, at_ms: i64) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET fired_ms = ?3, ready_ms = iif(station = 'none', ?3, ready_ms), station_id = ?4
         WHERE order_id = ?1 AND id = ?2 AND fired_ms IS NULL AND voided_ms IS NULL",
        params![order, line, at_ms, station],
    )
}

pub fn set_course(tx: &Tx<'_>, order: OrderId, line: LineId, course: Option<i64>) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET course = ?3
         WHERE order_id = ?1 AND id = ?2 AND fired_ms IS NULL AND voided_ms IS NULL",
        params![order, line, course],
    )
}

pub fn start_line(tx: &Tx<'_>, order: OrderId, line: LineId, at_ms: i64) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET started_ms = ?3 WHERE order_id = ?1 AND id = ?2 AND started_ms IS NULL",
        params![order, line, at_ms],
    )
}

pub fn ready_line(tx: &Tx<'_>, order: OrderId, line: LineId, at_ms: i64) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET ready_ms = ?3 WHERE order_id = ?1 AND id = ?2 AND ready_ms IS NULL",
        params![order, line, at_ms],
    )
}

pub fn serve_line(tx: &Tx<'_>, order: OrderId, line: LineId, at_ms: i64) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET served_ms = ?3
         WHERE order_id = ?1 AND id = ?2 AND served_ms IS NULL AND voided_ms IS NULL",
        params![order, line, at_ms],
    )
}

/// Back to the kitchen: fired still, nothing done to it yet.
pub fn recall_line(tx: &Tx<'_>, order: OrderId, line: LineId) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET started_ms = NULL, ready_ms = NULL, served_ms = NULL
         WHERE order_id = ?1 AND id = ?2 AND fired_ms IS NOT NULL
           AND (started_ms IS NOT NULL OR ready_ms IS NOT NULL OR served_ms IS NOT NULL)",
        params![order, line],
    )
}

pub fn void_line(tx: &Tx<'_>, order: OrderId, line: LineId, at_ms: i64, by: AccountId, reason: &str) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET voided_ms = ?3, voided_by = ?4, void_reason = ?5
         WHERE order_id = ?1 AND id = ?2 AND voided_ms IS NULL",
        params![order, line, at_ms, by, reason],
    )
}

/// A void was a mistake.
pub fn unvoid_line(tx: &Tx<'_>, order: OrderId, line: LineId) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET voided_ms = NULL, voided_by = NULL, void_reason = NULL
         WHERE order_id = ?1 AND id = ?2 AND voided_ms IS NOT NULL",
        params![order, line],
    )
}

/// Firing was a mistake, and nobody has begun.
pub fn hold_line(tx: &Tx<'_>, order: OrderId, line: LineId) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET fired_ms = NULL, ready_ms = NULL, station_id = NULL, cut_from = NULL
         WHERE order_id = ?1 AND id = ?2 AND fired_ms IS NOT NULL AND started_ms IS NULL AND served_ms IS NULL",
        params![order, line],
    )
}

/// Given free; what it would have cost is kept.
pub fn comp_line(tx: &Tx<'_>, order: OrderId, line: LineId, at_ms: i64, by: AccountId, reason: &str) -> Result<usize> {
    tx.execute(
        concat!(
            "UPDATE order_line SET comped_ms = ?3, comped_by = ?4, comp_reason = ?5, total_minor = 0, comp_minor = ",
            charged!(),
            " WHERE order_id = ?1 AND id = ?2 AND comped_ms IS NULL AND voided_ms IS NULL"
        ),
        params![order, line, at_ms, by, reason],
    )
}

pub fn uncomp_line(tx: &Tx<'_>, order: OrderId, line: LineId) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET comped_ms = NULL, comped_by = NULL, comp_reason = NULL, total_minor = comp_minor,
                               comp_minor = NULL
         WHERE order_id = ?1 AND id = ?2 AND comped_ms IS NOT NULL",
        params![order, line],
    )
}

pub fn discount_line(
    tx: &Tx<'_>,
    order: OrderId,
    line: LineId,
    amount: Minor,
    reason: &str,
    by: AccountId,
) -> Result<usize> {
    tx.execute(
        concat!(
            "UPDATE order_line SET discount_minor = ?3, discount_reason = ?4, discounted_by = ?5, total_minor = ",
            charged!(),
            " - ?3 WHERE order_id = ?1 AND id = ?2 AND discount_minor IS NULL"
        ),
        params![order, line, amount, reason, by],
    )
}

pub fn undiscount_line(tx: &Tx<'_>, order: OrderId, line: LineId) -> Result<usize> {
    tx.execute(
        "UPDATE order_line SET total_minor = total_minor + discount_minor, discount_minor = NULL,
                               discount_reason = NULL, discounted_by = NULL
         WHERE order_id = ?1 AND id = ?2 AND discount_minor IS NOT NULL",
        params![order, line],
    )
}

/// Puts a line on a check; none: the first.
pub fn move_line(tx: &Tx<'_>, order: OrderId, line: LineId, check: Option<CheckId>) -> Result<usize> {
    tx.execute("UPDATE order_line SET check_id = ?3 WHERE order_id = ?1 AND id = ?2", params![order, line, check])
}

/// Cuts a line in two. What goes has all that stays has: it was fired with it, and is not fired again.
pub fn cut_line(tx: &Tx<'_>, order: OrderId, stays: &Line, goes: &Line) -> Result<()> {
    tx.execute(
        "INSERT INTO order_line (order_id, id, item_id, variant_id, name, modifiers, quantity_milli, unit_price_minor,
           total_minor, tax_rate_bp, station, seat, note, added_ms, added_by, fired_ms, started_ms, ready_ms, served_ms,
           course, check_id, discount_minor, discount_reason, discounted_by, comped_ms, comped_by, comp_reason, comp_minor,
           station_id, cut_from)
         SELECT order_id, ?3, item_id, variant_id, name, modifiers, ?4, unit_price_minor,
           ?5, tax_rate_bp, station, seat, note, added_ms, added_by, fired_ms, started_ms, ready_ms, served_ms,
           course, ?6, ?7, discount_reason, discounted_by, comped_ms, comped_by, comp_reason, ?8,
           station_id, iif(fired_ms IS NOT NULL, COALESCE(cut_from, id), NULL)
         FROM order_line WHERE order_id = ?1 AND id = ?2",
        params![
            order,
            stays.id,
            goes.id,
            goes.quantity_milli,
            goes.total,
            goes.check,
            goes.discount.some(),
            goes.comped_ms.map(|_| goes.comp)
        ],
    )?;
    tx.execute(
        "UPDATE order_line SET quantity_milli = ?3, total_minor = ?4, discount_minor = ?5, comp_minor = ?6
         WHERE order_id = ?1 AND id = ?2",
        params![
            order,
            stays.id,
            stays.quantity_milli,
            stays.total,
            stays.discount.some(),
            stays.comped_ms.map(|_| stays.comp)
        ],
    )
    .map(drop)
}

/// Brings a line to another order as it is: with its id, and fired if it was. Its key is of the
/// order, so the row is written there and removed here.
pub fn bring_line(tx: &Tx<'_>, from: OrderId, line: LineId, into: OrderId, check: Option<CheckId>) -> Result<()> {
    tx.execute(
        "INSERT INTO order_line (order_id, id, item_id, variant_id, name, modifiers, quantity_milli, unit_price_minor,
           total_minor, tax_rate_bp, station, seat, note, added_ms, added_by, fired_ms, started_ms, ready_ms, served_ms,
           course, check_id, discount_minor, discount_reason, discounted_by, comped_ms, comped_by, comp_reason, comp_minor,
           station_id, cut_from)
         SELECT ?3, l.id, item_id, variant_id, name, modifiers, quantity_milli, unit_price_minor,
           l.total_minor, l.tax_rate_bp, station, seat, l.note, COALESCE(added_ms, o.opened_ms),
           COALESCE(added_by, o.opened_by), fired_ms, started_ms, ready_ms, served_ms,
           course, ?4, l.discount_minor, discount_reason, discounted_by, comped_ms, comped_by, comp_reason, l.comp_minor,
           station_id, cut_from
         FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.order_id = ?1 AND l.id = ?2",
        params![from, line, into, check],
    )?;
    tx.execute("DELETE FROM order_line WHERE order_id = ?1 AND id = ?2", params![from, line]).map(drop)
}

pub fn insert_check(tx: &Tx<'_>, order: OrderId, check: &Check) -> Result<()> {
    tx.execute(
        "INSERT INTO order_check (order_id, id, number, shares) VALUES (?1, ?2, ?3, ?4)",
        params![order, check.id, check.number, check.shares],
    )
    .map(drop)
}

pub fn delete_check(tx: &Tx<'_>, order: OrderId, check: CheckId) -> Result<()> {
    tx.execute("DELETE FROM order_check WHERE order_id = ?1 AND id = ?2", params![order, check]).map(drop)
}

pub fn insert_discount(
    tx: &Tx<'_>,
    order: OrderId,
    (id, check, off): (DiscountId, Option<CheckId>, Off),
    reason: &str,
    (at_ms, by): (i64, AccountId),
) -> Result<()> {
    let (rate_bp, amount) = match off {
        Off::Rate(rate_bp) => (Some(rate_bp), None),
        Off::Amount(amount) => (None, Some(amount)),
    };
    tx.execute(
        "INSERT INTO order_discount (order_id, id, check_id, rate_bp, amount_minor, reason, given_ms, given_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![order, id, check, rate_bp, amount, reason, at_ms, by],
    )
    .map(drop)
}

pub fn delete_discount(tx: &Tx<'_>, order: OrderId, id: DiscountId) -> Result<()> {
    tx.execute("DELETE FROM order_discount WHERE order_id = ?1 AND id = ?2", params![order, id]).map(drop)
}

/// Says on the order whether it has checks or discounts of its own, so that most are read without looking.
pub fn mark_divided(tx: &Tx<'_>, order: OrderId) -> Result<()> {
    tx.execute(
        "UPDATE orders SET divided = iif(EXISTS (SELECT 1 FROM order_check WHERE order_id = ?1)
                                      OR EXISTS (SELECT 1 FROM order_discount WHERE order_id = ?1), 1, NULL)
         WHERE id = ?1",
        [order],
    )
    .map(drop)
}

pub fn transfer(tx: &Tx<'_>, order: OrderId, table: Option<&str>) -> Result<()> {
    tx.execute("UPDATE orders SET table_name = ?2 WHERE id = ?1", params![order, table]).map(drop)
}

pub fn set_covers(tx: &Tx<'_>, order: OrderId, covers: Option<i64>) -> Result<()> {
    tx.execute("UPDATE orders SET covers = ?2 WHERE id = ?1", params![order, covers]).map(drop)
}

pub fn set_details(tx: &Tx<'_>, order: OrderId, covers: Option<i64>, note: Option<&str>) -> Result<()> {
    tx.execute("UPDATE orders SET covers = ?2, note = ?3 WHERE id = ?1", params![order, covers, note]).map(drop)
}

pub fn set_service_charge(
    tx: &Tx<'_>,
    order: OrderId,
    charge: Option<ServiceCharge>,
    reason: Option<&str>,
) -> Result<()> {
    let (rate_bp, tax_rate_bp) = (charge.map(|charge| charge.rate_bp), charge.map(|charge| charge.tax_rate_bp));
    tx.execute(
        "UPDATE orders SET service_bp = ?2, service_tax_bp = ?3, service_reason = ?4 WHERE id = ?1",
        params![order, rate_bp, tax_rate_bp, reason],
    )
    .map(drop)
}
