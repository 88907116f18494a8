//! The only SQL for `till_session`, `till_total`, `z_report` and `business_day`.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::model::{Session, Totals, Voids};
use crate::kernel::ids::{AccountId, TillSessionId};
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

macro_rules! session_sql {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, opened_ms, COALESCE((SELECT name FROM staff WHERE account_id = opened_by), ''), float_minor,
                    COALESCE(t.cash_minor, 0), closed_ms, counted_minor, expected_minor
             FROM till_session s LEFT JOIN till_total t ON t.session_id = s.id WHERE ",
            $rest
        )
    };
}

fn session_row(row: &Row<'_>) -> Result<Session> {
    Ok(Session {
        id: row.get(0)?,
        opened_ms: row.get(1)?,
        opened_by_name: row.get(2)?,
        float: row.get(3)?,
        cash: row.get(4)?,
        closed_ms: row.get(5)?,
        counted: row.get(6)?,
        expected: row.get(7)?,
    })
}

pub fn session(conn: &Connection, id: TillSessionId) -> Result<Option<Session>> {
    conn.prepare_cached(session_sql!("s.id = ?1"))?.query_row([id], session_row).optional()
}

/// The drawer in use: the one opened last.
pub fn open_session(conn: &Connection) -> Result<Option<Session>> {
    conn.prepare_cached(session_sql!("s.closed_ms IS NULL ORDER BY s.id DESC LIMIT 1"))?
        .query_row([], session_row)
        .optional()
}

pub fn insert_session(tx: &Tx<'_>, id: TillSessionId, at_ms: i64, by: AccountId, float: Minor) -> Result<()> {
    tx.execute(
        "INSERT INTO till_session (id, opened_ms, opened_by, float_minor) VALUES (?1, ?2, ?3, ?4)",
        params![id, at_ms, by, float],
    )
    .map(drop)
}

pub fn close_session(tx: &Tx<'_>, session: &Session, at_ms: i64, by: AccountId, counted: Minor) -> Result<()> {
    tx.execute(
        "UPDATE till_session SET closed_ms = ?2, closed_by = ?3, counted_minor = ?4, expected_minor = ?5
         WHERE id = ?1 AND closed_ms IS NULL",
        params![session.id, at_ms, by, counted, session.expected()],
    )
    .map(drop)
}

/// Over and short of closed sessions no report has yet.
pub fn over_short_unreported(conn: &Connection) -> Result<Minor> {
    conn.prepare_cached(
        "SELECT COALESCE(SUM(counted_minor - expected_minor), 0) FROM till_session
         WHERE closed_ms IS NOT NULL AND z_number IS NULL",
    )?
    .query_row([], |row| row.get(0))
}

pub fn mark_reported(tx: &Tx<'_>, number: i64) -> Result<()> {
    tx.execute("UPDATE till_session SET z_number = ?1 WHERE closed_ms IS NOT NULL AND z_number IS NULL", [number])
        .map(drop)
}

/// Everything the reports so far have counted.
pub fn reported(conn: &Connection) -> Result<Totals> {
    let mut totals = conn
        .prepare_cached(
            "SELECT COALESCE(SUM(orders), 0), COALESCE(SUM(covers), 0), COALESCE(SUM(gross_minor), 0),
                    COALESCE(SUM(tax_minor), 0), COALESCE(SUM(voids), 0), COALESCE(SUM(voids_minor), 0),
                    COALESCE(SUM(tips_minor), 0), COALESCE(SUM(cash_minor), 0), COALESCE(SUM(card_minor), 0),
                    COALESCE(SUM(rounding_minor), 0)
             FROM z_report",
        )?
        .query_row([], |row| totals_at(row, 0))?;
    let mut statement = conn.prepare_cached(
        "SELECT value ->> 0, SUM(value ->> 1), SUM(value ->> 2) FROM z_report, json_each(z_report.taxes)
         GROUP BY 1 ORDER BY 1",
    )?;
    let rate = |row: &Row<'_>| Ok(RateTax { rate_bp: row.get(0)?, base_minor: row.get(1)?, tax_minor: row.get(2)? });
    totals.taxes = statement.query_map([], rate)?.collect::<Result<_>>()?;
    Ok(totals)
}

/// Ten columns from `at`, in the order of the table.
fn totals_at(row: &Row<'_>, at: usize) -> Result<Totals> {
    Ok(Totals {
        orders: row.get(at)?,
        covers: row.get(at + 1)?,
        gross_minor: row.get(at + 2)?,
        tax_minor: row.get(at + 3)?,
        voids: Voids { count: row.get(at + 4)?, minor: row.get(at + 5)? },
        tips_minor: row.get(at + 6)?,
        cash_minor: row.get(at + 7)?,
        card_minor: row.get(at + 8)?,
        rounding_minor: row.get(at + 9)?,
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
    tx.execute(
        "INSERT INTO z_report (number, business_date, closed_ms, closed_by, orders, covers, gross_minor, tax_minor,
                               voids, voids_minor, tips_minor, cash_minor, card_minor, rounding_minor, taxes,
                               handed_over_orders, over_short_minor)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        params![
            number,
            business_date,
            closed_ms,
            by,
            totals.orders,
            totals.covers,
            totals.gross_minor,
            totals.tax_minor,
            totals.voids.count,
            totals.voids.minor,
            totals.tips_minor,
            totals.cash_minor,
            totals.card_minor,
            totals.rounding_minor,
            freeze_taxes(&totals.taxes),
            handed_over,
            over_short
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
                    taxes, handed_over_orders, over_short_minor, orders, covers, gross_minor, tax_minor, voids,
                    voids_minor, tips_minor, cash_minor, card_minor, rounding_minor
             FROM z_report WHERE ",
            $rest
        )
    };
}

fn report_row(row: &Row<'_>) -> Result<Report> {
    let taxes: String = row.get(4)?;
    let taxes: Vec<(i64, Minor, Minor)> = serde_json::from_str(&taxes)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(4, rusqlite::types::Type::Text, Box::new(error)))?;
    let taxes = taxes.into_iter().map(|(rate_bp, base_minor, tax_minor)| RateTax { rate_bp, base_minor, tax_minor });
    let totals = Totals { taxes: taxes.collect(), ..totals_at(row, 7)? };
    Ok(Report {
        number: row.get(0)?,
        business_date: row.get(1)?,
        closed_ms: row.get(2)?,
        closed_by_name: row.get(3)?,
        totals: totals.worked_out(),
        handed_over: row.get(5)?,
        over_short: row.get(6)?,
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
