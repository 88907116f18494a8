//! The only SQL for the roll-ups `day_total`, `day_tax`, `staff_day`, `hour_total` and `item_day`, with `reports::store`.

use rusqlite::{Connection, Result, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::money::{Minor, RateTax};
use crate::till::model::{PersonTips, Totals};
use crate::till::store::totals_at;

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
                    COALESCE(SUM(voucher_minor), 0), COALESCE(SUM(rounding_minor), 0), COALESCE(SUM(refunds), 0),
                    COALESCE(SUM(refunds_minor), 0), COALESCE(SUM(discounts_minor), 0), COALESCE(SUM(comps_minor), 0),
                    COALESCE(SUM(service_minor), 0), COALESCE(SUM(pay_ins_minor), 0), COALESCE(SUM(pay_outs_minor), 0),
                    COALESCE(SUM(drops_minor), 0)
             FROM day_total WHERE ",
            $where
        )
    };
}

macro_rules! taxes_sql {
    ($where:literal) => {
        concat!(
            "SELECT rate_bp, SUM(base_minor), SUM(tax_minor), SUM(back_base_minor), SUM(back_tax_minor) FROM day_tax WHERE ",
            $where,
            " GROUP BY rate_bp ORDER BY rate_bp"
        )
    };
}

macro_rules! tips_sql {
    ($where:literal) => {
        concat!(
            "SELECT account_id, COALESCE((SELECT name FROM staff s WHERE s.account_id = staff_day.account_id), ''),
                    SUM(tips_minor) FROM staff_day WHERE ",
            $where,
            " GROUP BY account_id ORDER BY 3 DESC, 2"
        )
    };
}

fn totals(conn: &Connection, [sums, taxes, tips]: [&str; 3], bind: impl rusqlite::Params + Copy) -> Result<Totals> {
    let mut totals = conn.prepare_cached(sums)?.query_row(bind, |row| totals_at(row, 0))?;
    let rate = |row: &Row<'_>, at: usize| -> Result<RateTax> {
        Ok(RateTax { rate_bp: row.get(0)?, base_minor: row.get(at)?, tax_minor: row.get(at + 1)? })
    };
    let mut statement = conn.prepare_cached(taxes)?;
    let rates = statement.query_map(bind, |row| Ok((rate(row, 1)?, rate(row, 3)?)))?;
    (totals.taxes, totals.refunds.taxes) = rates.collect::<Result<Vec<_>>>()?.into_iter().unzip();
    let mut statement = conn.prepare_cached(tips)?;
    let person = |row: &Row<'_>| -> Result<PersonTips> {
        Ok(PersonTips { account_id: row.get(0)?, name: row.get(1)?, tips_minor: row.get(2)? })
    };
    totals.tips_by = statement.query_map(bind, person)?.collect::<Result<_>>()?;
    Ok(totals.worked_out())
}

/// Everything of one business day, imported sales too.
pub fn of_day(conn: &Connection, date: &str) -> Result<Totals> {
    of_days(conn, date, date)
}

/// Everything of the business days from one to another, both in.
pub fn of_days(conn: &Connection, from: &str, to: &str) -> Result<Totals> {
    let sql = [
        totals_sql!("business_date BETWEEN ?1 AND ?2"),
        taxes_sql!("business_date BETWEEN ?1 AND ?2"),
        tips_sql!("business_date BETWEEN ?1 AND ?2"),
    ];
    totals(conn, sql, [from, to])
}

/// Everything ever rung up here: what Z reports count.
pub fn rung_up(conn: &Connection) -> Result<Totals> {
    totals(conn, [totals_sql!("source = 0"), taxes_sql!("source = 0"), tips_sql!("source = 0")], [])
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
        "SELECT name, SUM(quantity_milli), SUM(gross_minor) AS gross FROM item_day WHERE business_date = ?1
         GROUP BY name HAVING SUM(quantity_milli) <> 0 ORDER BY gross DESC, name LIMIT ?2",
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
