//! Reading what an export writes. SQL over the tables of orders.

use rusqlite::{Connection, Result, Row, params};

use crate::kernel::money::Minor;

/// A line sold, with what is needed of its order.
pub struct SoldRow {
    pub number: String,
    pub opened_ms: i64,
    pub service: String,
    pub table: Option<String>,
    pub covers: Option<i64>,
    pub name: String,
    pub quantity_milli: i64,
    pub unit_price: Minor,
    pub total: Option<Minor>,
    pub tax_rate_bp: i64,
}

/// The first day with orders after `after`, not beyond `to`.
pub fn next_day(conn: &Connection, after: &str, to: &str) -> Result<Option<String>> {
    conn.prepare_cached("SELECT MIN(business_date) FROM orders WHERE business_date > ?1 AND business_date <= ?2")?
        .query_row(params![after, to], |row| row.get(0))
}

/// What was sold on one business day, in the order it was opened.
pub fn sold_on(conn: &Connection, date: &str) -> Result<Vec<SoldRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT o.number, o.opened_ms, o.service, o.table_name, o.covers, l.name, COALESCE(l.quantity_milli, 1000),
                l.unit_price_minor, l.total_minor, l.tax_rate_bp
         FROM orders o JOIN order_line l ON l.order_id = o.id
         WHERE o.business_date = ?1 AND o.closed_ms IS NOT NULL AND o.cancel_reason IS NULL AND l.voided_ms IS NULL
         ORDER BY o.id, l.id",
    )?;
    let sold = |row: &Row<'_>| {
        Ok(SoldRow {
            number: row.get(0)?,
            opened_ms: row.get(1)?,
            service: row.get(2)?,
            table: row.get(3)?,
            covers: row.get(4)?,
            name: row.get(5)?,
            quantity_milli: row.get(6)?,
            unit_price: row.get(7)?,
            total: row.get(8)?,
            tax_rate_bp: row.get(9)?,
        })
    };
    statement.query_map([date], sold)?.collect()
}
