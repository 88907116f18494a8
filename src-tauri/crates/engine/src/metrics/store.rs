//! Figures of the business: one business day of the roll-ups, and what is open. No scan of orders.

use rusqlite::{Connection, Result, params};

/// Sales of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Day {
    pub completed: i64,
    pub cancelled: i64,
    pub covers: i64,
    pub gross_minor: i64,
    pub refunds_minor: i64,
}

pub fn day(conn: &Connection, date: &str) -> Result<Day> {
    conn.prepare_cached(
        "SELECT COALESCE(SUM(orders), 0), COALESCE(SUM(cancelled), 0), COALESCE(SUM(covers), 0),
                COALESCE(SUM(gross_minor), 0), COALESCE(SUM(refunds_minor), 0)
           FROM day_total WHERE business_date = ?1",
    )?
    .query_row([date], |row| {
        Ok(Day {
            completed: row.get(0)?,
            cancelled: row.get(1)?,
            covers: row.get(2)?,
            gross_minor: row.get(3)?,
            refunds_minor: row.get(4)?,
        })
    })
}

/// Payments of a day by tender: how many, and how much of checks they settled.
pub fn tenders(conn: &Connection, date: &str) -> Result<Vec<(String, i64, i64)>> {
    conn.prepare_cached("SELECT tender, payments, settled_minor FROM tender_day WHERE business_date = ?1")?
        .query_map([date], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
}

/// Orders that are open, by their index; and those opened on a day, by the counters of their numbers.
pub fn orders(conn: &Connection, date: &str) -> Result<(i64, i64)> {
    let open = "SELECT COUNT(*) FROM orders INDEXED BY orders_open WHERE closed_ms IS NULL";
    let opened = "SELECT COALESCE(SUM(last), 0) FROM number_counter WHERE business_date = ?1";
    Ok((
        conn.prepare_cached(open)?.query_row([], |row| row.get(0))?,
        conn.prepare_cached(opened)?.query_row(params![date], |row| row.get(0))?,
    ))
}

/// Counted portions of which none is left.
pub fn sold_out(conn: &Connection) -> Result<i64> {
    conn.prepare_cached("SELECT COUNT(*) FROM menu_countdown WHERE left <= 0")?.query_row([], |row| row.get(0))
}
