//! The only SQL for `invoice` and `signature`; the day's sums from the roll-ups.

use comanda_db::Tx;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::entries::Day;
use super::model::Invoice;
use crate::kernel::ids::{CheckId, OrderId, RefundId};
use crate::kernel::money::{Minor, RateTax};
use crate::orders::model::freeze_taxes;

macro_rules! invoice_sql {
    ($rest:literal) => {
        concat!(
            "SELECT series, number, order_id, check_id, refund_id, corrects, issued_ms, issued_by, business_date,
                    total_minor, taxes, hash FROM invoice WHERE ",
            $rest
        )
    };
}

fn invoice_row(row: &Row<'_>) -> Result<Invoice> {
    let taxes: Vec<(i64, Minor, Minor)> = serde_json::from_str(row.get_ref(10)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(10, Type::Text, Box::new(error)))?;
    let tax = |(rate_bp, base_minor, tax_minor)| RateTax { rate_bp, base_minor, tax_minor };
    Ok(Invoice {
        series: row.get(0)?,
        number: row.get(1)?,
        order: row.get(2)?,
        check: row.get(3)?,
        refund: row.get(4)?,
        corrects: row.get(5)?,
        issued_ms: row.get(6)?,
        issued_by: row.get(7)?,
        business_date: row.get(8)?,
        total: row.get(9)?,
        taxes: taxes.into_iter().map(tax).collect(),
        hash: row.get(11)?,
    })
}

pub fn insert(tx: &Tx<'_>, invoice: &Invoice) -> Result<()> {
    tx.execute(
        "INSERT INTO invoice (series, number, order_id, check_id, refund_id, corrects, issued_ms, issued_by,
                              business_date, total_minor, taxes, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            invoice.series,
            invoice.number,
            invoice.order,
            invoice.check,
            invoice.refund,
            invoice.corrects,
            invoice.issued_ms,
            invoice.issued_by,
            invoice.business_date,
            invoice.total,
            freeze_taxes(&invoice.taxes),
            invoice.hash
        ],
    )
    .map(drop)
}

/// The last of a series.
pub fn last(conn: &Connection, series: &str) -> Result<Option<Invoice>> {
    conn.prepare_cached(invoice_sql!("series = ?1 ORDER BY number DESC LIMIT 1"))?
        .query_row([series], invoice_row)
        .optional()
}

/// Those of an order, in the order they were issued.
pub fn of_order(conn: &Connection, order: OrderId) -> Result<Vec<Invoice>> {
    conn.prepare_cached(invoice_sql!("order_id = ?1 ORDER BY issued_ms, number"))?
        .query_map([order], invoice_row)?
        .collect()
}

/// The one that was issued for this, if any.
pub fn issued(
    conn: &Connection,
    order: OrderId,
    check: Option<CheckId>,
    refund: Option<RefundId>,
) -> Result<Option<Invoice>> {
    conn.prepare_cached(invoice_sql!("order_id = ?1 AND check_id IS ?2 AND refund_id IS ?3"))?
        .query_row(params![order, check, refund], invoice_row)
        .optional()
}

/// Before (series, number), newest first.
pub fn list(conn: &Connection, before: Option<(String, i64)>, fetch: i64) -> Result<Vec<Invoice>> {
    let (series, number) = before.map_or((None, i64::MAX), |(series, number)| (Some(series), number));
    conn.prepare_cached(invoice_sql!(
        "?1 IS NULL OR (series, number) < (?1, ?2) ORDER BY series DESC, number DESC LIMIT ?3"
    ))?
    .query_map(params![series, number, fetch], invoice_row)?
    .collect()
}

/// Invoices the hook has not signed, oldest first.
pub fn unsigned_invoices(conn: &Connection, limit: i64) -> Result<Vec<Invoice>> {
    conn.prepare_cached(invoice_sql!(
        "NOT EXISTS (SELECT 1 FROM signature s WHERE s.series = invoice.series AND s.number = invoice.number)
         ORDER BY issued_ms, series, number LIMIT ?1"
    ))?
    .query_map([limit], invoice_row)?
    .collect()
}

/// Z reports the hook has not signed, oldest first.
pub fn unsigned_reports(conn: &Connection, limit: i64) -> Result<Vec<i64>> {
    conn.prepare_cached(
        "SELECT number FROM z_report z
         WHERE NOT EXISTS (SELECT 1 FROM signature s WHERE s.series = 'Z' AND s.number = z.number)
         ORDER BY number LIMIT ?1",
    )?
    .query_map([limit], |row| row.get(0))?
    .collect()
}

/// Keeps what the hook answered; signed already, nothing.
pub fn insert_signature(tx: &Tx<'_>, series: &str, number: i64, value: &str, at_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO signature (series, number, value, signed_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![series, number, value, at_ms],
    )
    .map(drop)
}

pub fn signature(conn: &Connection, series: &str, number: i64) -> Result<Option<String>> {
    conn.prepare_cached("SELECT value FROM signature WHERE series = ?1 AND number = ?2")?
        .query_row((series, number), |row| row.get(0))
        .optional()
}

/// The sums of the days from one to another, both in, of what was rung up here.
pub fn days(conn: &Connection, from: &str, to: &str) -> Result<Vec<Day>> {
    let day = |row: &Row<'_>| -> Result<Day> {
        Ok(Day {
            date: row.get(0)?,
            cash: row.get(1)?,
            card: row.get(2)?,
            voucher: row.get(3)?,
            service: row.get(4)?,
            tips: row.get(5)?,
            rounding: row.get(6)?,
            pay_ins: row.get(7)?,
            pay_outs: row.get(8)?,
            drops: row.get(9)?,
            ..Day::default()
        })
    };
    let mut days = conn
        .prepare_cached(
            "SELECT business_date, cash_minor, card_minor, voucher_minor, service_minor, tips_minor, rounding_minor,
                    pay_ins_minor, pay_outs_minor, drops_minor
             FROM day_total WHERE source = 0 AND business_date BETWEEN ?1 AND ?2 ORDER BY business_date",
        )?
        .query_map([from, to], day)?
        .collect::<Result<Vec<_>>>()?;
    let mut rates = conn.prepare_cached(
        "SELECT rate_bp, base_minor, tax_minor, back_base_minor, back_tax_minor FROM day_tax
         WHERE business_date = ?1 AND source = 0 ORDER BY rate_bp",
    )?;
    for day in &mut days {
        let rate = |row: &Row<'_>| -> Result<(RateTax, RateTax)> {
            let rate_bp = row.get(0)?;
            let sold = RateTax { rate_bp, base_minor: row.get(1)?, tax_minor: row.get(2)? };
            Ok((sold, RateTax { rate_bp, base_minor: row.get(3)?, tax_minor: row.get(4)? }))
        };
        let rows = rates.query_map([&day.date], rate)?.collect::<Result<Vec<_>>>()?;
        (day.taxes, day.back) = rows.into_iter().unzip();
    }
    Ok(days)
}

/// Drawers closed at an instant or after and before another, with what each was over or short.
pub fn over_short(conn: &Connection, from_ms: i64, to_ms: i64) -> Result<Vec<(i64, Minor)>> {
    conn.prepare_cached(
        "SELECT closed_ms, counted_minor - expected_minor FROM till_session
         WHERE closed_ms >= ?1 AND closed_ms < ?2 AND counted_minor <> expected_minor ORDER BY closed_ms",
    )?
    .query_map([from_ms, to_ms], |row| Ok((row.get(0)?, row.get(1)?)))?
    .collect()
}
