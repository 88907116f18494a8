//! Z reports as rows, and what they have counted so far.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::super::model::{PersonTips, Refunds, Totals, Voids};
use crate::kernel::ids::AccountId;
use crate::kernel::money::{Minor, RateTax};
use crate::orders::model::freeze_taxes;

/// A Z report as it was written.
pub struct Report {
    pub number: i64,
    pub business_date: String,
    pub closed_ms: i64,
    pub closed_by_name: String,
    pub totals: Totals,
    pub handed_over: i64,
    pub over_short: Minor,
}

impl Report {
    /// The bytes that are signed: the same from the same row, for ever.
    pub fn canonical(&self) -> String {
        let fields = (
            "comanda z 1",
            self.number,
            (&self.business_date, self.closed_ms),
            &self.totals,
            self.handed_over,
            self.over_short.0,
        );
        serde_json::to_string(&fields).unwrap_or_default()
    }
}

/// The sums of a report, one name a column, in the order `totals_at` reads them.
macro_rules! sums {
    ($($wrap:literal),*) => {
        concat!(
            "orders", $($wrap,)* "covers", $($wrap,)* "gross_minor", $($wrap,)* "tax_minor", $($wrap,)*
            "voids", $($wrap,)* "voids_minor", $($wrap,)* "tips_minor", $($wrap,)* "cash_minor", $($wrap,)*
            "card_minor", $($wrap,)* "voucher_minor", $($wrap,)* "rounding_minor", $($wrap,)*
            "refunds", $($wrap,)* "refunds_minor", $($wrap,)* "discounts_minor", $($wrap,)*
            "comps_minor", $($wrap,)* "service_minor", $($wrap,)* "pay_ins_minor", $($wrap,)*
            "pay_outs_minor", $($wrap,)* "drops_minor"
        )
    };
}

/// Everything the reports so far have counted.
pub fn reported(conn: &Connection) -> Result<Totals> {
    let mut totals = conn
        .prepare_cached(concat!("SELECT COALESCE(SUM(", sums!("), 0), COALESCE(SUM("), "), 0) FROM z_report"))?
        .query_row([], |row| totals_at(row, 0))?;
    let rate = |row: &Row<'_>| Ok(RateTax { rate_bp: row.get(0)?, base_minor: row.get(1)?, tax_minor: row.get(2)? });
    let mut statement = conn.prepare_cached(
        "SELECT value ->> 0, SUM(value ->> 1), SUM(value ->> 2) FROM z_report, json_each(z_report.taxes)
         GROUP BY 1 ORDER BY 1",
    )?;
    totals.taxes = statement.query_map([], rate)?.collect::<Result<_>>()?;
    let mut statement = conn.prepare_cached(
        "SELECT value ->> 0, SUM(value ->> 1), SUM(value ->> 2) FROM z_report, json_each(z_report.refund_taxes)
         GROUP BY 1 ORDER BY 1",
    )?;
    totals.refunds.taxes = statement.query_map([], rate)?.collect::<Result<_>>()?;
    let mut statement = conn.prepare_cached(
        "SELECT value ->> 0, MAX(value ->> 1), SUM(value ->> 2) FROM z_report, json_each(z_report.tips_by) GROUP BY 1",
    )?;
    let person = |row: &Row<'_>| -> Result<PersonTips> {
        let account: String = row.get(0)?;
        let account = account.parse().map_err(|error| unreadable(0, error))?;
        Ok(PersonTips { account_id: AccountId(account), name: row.get(1)?, tips_minor: row.get(2)? })
    };
    totals.tips_by = statement.query_map([], person)?.collect::<Result<_>>()?;
    Ok(totals)
}

/// The columns of `sums` from `at`; roll-ups of days have the same.
pub fn totals_at(row: &Row<'_>, at: usize) -> Result<Totals> {
    Ok(Totals {
        orders: row.get(at)?,
        covers: row.get(at + 1)?,
        gross_minor: row.get(at + 2)?,
        tax_minor: row.get(at + 3)?,
        voids: Voids { count: row.get(at + 4)?, minor: row.get(at + 5)? },
        tips_minor: row.get(at + 6)?,
        cash_minor: Some(row.get(at + 7)?),
        card_minor: Some(row.get(at + 8)?),
        voucher_minor: Some(row.get(at + 9)?),
        rounding_minor: row.get(at + 10)?,
        refunds: Refunds { count: row.get(at + 11)?, minor: row.get(at + 12)?, taxes: Vec::new() },
        discounts_minor: row.get(at + 13)?,
        comps_minor: row.get(at + 14)?,
        service_charge_minor: row.get(at + 15)?,
        pay_ins_minor: row.get(at + 16)?,
        pay_outs_minor: row.get(at + 17)?,
        drops_minor: row.get(at + 18)?,
        ..Totals::default()
    })
}

pub fn last_number(conn: &Connection) -> Result<i64> {
    conn.prepare_cached("SELECT COALESCE(MAX(number), 0) FROM z_report")?.query_row([], |row| row.get(0))
}

pub fn last_closed_day(conn: &Connection) -> Result<Option<String>> {
    conn.prepare_cached("SELECT MAX(date) FROM business_day")?.query_row([], |row| row.get(0))
}

pub fn insert_report(tx: &Tx<'_>, report: &Report, by: AccountId) -> Result<()> {
    let Report { number, business_date, closed_ms, totals, handed_over, over_short, .. } = report;
    let tips: Vec<(AccountId, &str, Minor)> =
        totals.tips_by.iter().map(|person| (person.account_id, person.name.as_str(), person.tips_minor)).collect();
    let tips =
        serde_json::to_string(&tips).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
    tx.execute(
        concat!(
            "INSERT INTO z_report (number, business_date, closed_ms, closed_by, taxes, refund_taxes, tips_by,
                                   handed_over_orders, over_short_minor, ",
            sums!(", "),
            ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                       ?22, ?23, ?24, ?25, ?26, ?27, ?28)"
        ),
        params![
            number,
            business_date,
            closed_ms,
            by,
            freeze_taxes(&totals.taxes),
            freeze_taxes(&totals.refunds.taxes),
            tips,
            handed_over,
            over_short,
            totals.orders,
            totals.covers,
            totals.gross_minor,
            totals.tax_minor,
            totals.voids.count,
            totals.voids.minor,
            totals.tips_minor,
            totals.cash_minor,
            totals.card_minor,
            totals.voucher_minor,
            totals.rounding_minor,
            totals.refunds.count,
            totals.refunds.minor,
            totals.discounts_minor,
            totals.comps_minor,
            totals.service_charge_minor,
            totals.pay_ins_minor,
            totals.pay_outs_minor,
            totals.drops_minor
        ],
    )?;
    tx.execute(
        "INSERT INTO business_day (date, closed_ms, z_number) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET closed_ms = excluded.closed_ms, z_number = excluded.z_number",
        params![business_date, closed_ms, number],
    )
    .map(drop)
}

macro_rules! report_sql {
    ($rest:literal) => {
        concat!(
            "SELECT number, business_date, closed_ms, COALESCE((SELECT name FROM staff WHERE account_id = closed_by), ''),
                    taxes, refund_taxes, tips_by, handed_over_orders, over_short_minor, ",
            sums!(", "),
            " FROM z_report WHERE ",
            $rest
        )
    };
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

fn taxes_at(row: &Row<'_>, column: usize) -> Result<Vec<RateTax>> {
    let taxes: String = row.get(column)?;
    let taxes: Vec<(i64, Minor, Minor)> = serde_json::from_str(&taxes).map_err(|error| unreadable(column, error))?;
    let tax = |(rate_bp, base_minor, tax_minor)| RateTax { rate_bp, base_minor, tax_minor };
    Ok(taxes.into_iter().map(tax).collect())
}

fn report_row(row: &Row<'_>) -> Result<Report> {
    let mut totals = Totals { taxes: taxes_at(row, 4)?, ..totals_at(row, 9)? };
    totals.refunds.taxes = taxes_at(row, 5)?;
    let tips: String = row.get(6)?;
    let tips: Vec<(AccountId, String, Minor)> = serde_json::from_str(&tips).map_err(|error| unreadable(6, error))?;
    let person = |(account_id, name, tips_minor)| PersonTips { account_id, name, tips_minor };
    totals.tips_by = tips.into_iter().map(person).collect();
    Ok(Report {
        number: row.get(0)?,
        business_date: row.get(1)?,
        closed_ms: row.get(2)?,
        closed_by_name: row.get(3)?,
        totals: totals.worked_out(),
        handed_over: row.get(7)?,
        over_short: row.get(8)?,
    })
}

pub fn report(conn: &Connection, number: i64) -> Result<Option<Report>> {
    conn.prepare_cached(report_sql!("number = ?1"))?.query_row([number], report_row).optional()
}

/// Newest first, below the number `after`.
pub fn reports(conn: &Connection, after: Option<i64>, limit: i64) -> Result<Vec<Report>> {
    let mut statement = conn.prepare_cached(report_sql!("number < ?1 ORDER BY number DESC LIMIT ?2"))?;
    statement.query_map(params![after.unwrap_or(i64::MAX), limit], report_row)?.collect()
}
