//! The only SQL for the roll-ups `day_total`, `day_tax`, `hour_total` and `item_day`.

use rusqlite::{Connection, Result, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::money::{Minor, RateTax};
use crate::till::model::{Totals, Voids};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct HourSales {
    /// On the restaurant's wall, 0 to 23.
    pub hour: i64,
    pub orders: i64,
    pub gross_minor: Minor,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TopItem {
    pub name: String,
    pub quantity_milli: i64,
    /// As priced on the checks.
    pub gross_minor: Minor,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct DaySales {
    pub business_date: String,
    pub orders: i64,
    pub gross_minor: Minor,
}

macro_rules! totals_sql {
    ($where:literal) => {
        concat!(
            "SELECT COALESCE(SUM(orders), 0), COALESCE(SUM(covers), 0), COALESCE(SUM(gross_minor), 0),
                    COALESCE(SUM(tax_minor), 0), COALESCE(SUM(voids), 0), COALESCE(SUM(voids_minor), 0),
                    COALESCE(SUM(tips_minor), 0), COALESCE(SUM(cash_minor), 0), COALESCE(SUM(card_minor), 0),
                    COALESCE(SUM(rounding_minor), 0)
             FROM day_total WHERE ",
            $where
        )
    };
}

macro_rules! taxes_sql {
    ($where:literal) => {
        concat!(
            "SELECT rate_bp, SUM(base_minor), SUM(tax_minor) FROM day_tax WHERE ",
            $where,
            " GROUP BY rate_bp ORDER BY rate_bp"
        )
    };
}

fn totals(conn: &Connection, sums: &str, taxes: &str, bind: impl rusqlite::Params + Copy) -> Result<Totals> {
    let mut totals = conn.prepare_cached(sums)?.query_row(bind, |row| {
        Ok(Totals {
            orders: row.get(0)?,
            covers: row.get(1)?,
            gross_minor: row.get(2)?,
            tax_minor: row.get(3)?,
            voids: Voids { count: row.get(4)?, minor: row.get(5)? },
            tips_minor: row.get(6)?,
            cash_minor: row.get(7)?,
            card_minor: row.get(8)?,
            rounding_minor: row.get(9)?,
            ..Totals::default()
        })
    })?;
    let mut statement = conn.prepare_cached(taxes)?;
    let rate =
        |row: &rusqlite::Row<'_>| Ok(RateTax { rate_bp: row.get(0)?, base_minor: row.get(1)?, tax_minor: row.get(2)? });
    totals.taxes = statement.query_map(bind, rate)?.collect::<Result<_>>()?;
    Ok(totals.worked_out())
}

/// Everything of one business day, imported sales too.
pub fn of_day(conn: &Connection, date: &str) -> Result<Totals> {
    totals(conn, totals_sql!("business_date = ?1"), taxes_sql!("business_date = ?1"), [date])
}

/// Everything ever rung up here: what Z reports count.
pub fn rung_up(conn: &Connection) -> Result<Totals> {
    totals(conn, totals_sql!("source = 0"), taxes_sql!("source = 0"), [])
}

/// The last day, up to `date`, with anything rung up on it.
pub fn last_day_rung_up(conn: &Connection, date: &str) -> Result<Option<String>> {
    conn.prepare_cached("SELECT MAX(business_date) FROM day_total WHERE source = 0 AND business_date <= ?1")?
        .query_row([date], |row| row.get(0))
}

pub fn by_hour(conn: &Connection, date: &str) -> Result<Vec<HourSales>> {
    let mut statement = conn.prepare_cached(
        "SELECT hour, orders, gross_minor FROM hour_total WHERE business_date = ?1 AND orders <> 0 ORDER BY hour",
    )?;
    let hour =
        |row: &rusqlite::Row<'_>| Ok(HourSales { hour: row.get(0)?, orders: row.get(1)?, gross_minor: row.get(2)? });
    statement.query_map([date], hour)?.collect()
}

pub fn top_items(conn: &Connection, date: &str, limit: i64) -> Result<Vec<TopItem>> {
    let mut statement = conn.prepare_cached(
        "SELECT name, quantity_milli, gross_minor FROM item_day WHERE business_date = ?1 AND quantity_milli <> 0
         ORDER BY gross_minor DESC, name LIMIT ?2",
    )?;
    let item = |row: &rusqlite::Row<'_>| {
        Ok(TopItem { name: row.get(0)?, quantity_milli: row.get(1)?, gross_minor: row.get(2)? })
    };
    statement.query_map(params![date, limit], item)?.collect()
}

/// Days with sales, newest first, up to and with `date`.
pub fn last_days(conn: &Connection, date: &str, limit: i64) -> Result<Vec<DaySales>> {
    let mut statement = conn.prepare_cached(
        "SELECT business_date, SUM(orders), SUM(gross_minor) FROM day_total WHERE business_date <= ?1
         GROUP BY business_date HAVING SUM(orders) > 0 ORDER BY business_date DESC LIMIT ?2",
    )?;
    let day = |row: &rusqlite::Row<'_>| {
        Ok(DaySales { business_date: row.get(0)?, orders: row.get(1)?, gross_minor: row.get(2)? })
    };
    statement.query_map(params![date, limit], day)?.collect()
}
