//! Refunds as rows.

use comanda_db::Tx;
use rusqlite::{Connection, Result, Row, params};

use super::super::model::Tender;
use super::super::model::refund::BackLine;
use crate::kernel::ids::{AccountId, LineId, OrderId, PaymentId, RefundId, TillSessionId};
use crate::kernel::money::{Minor, RateTax};

pub struct NewRefund<'a> {
    pub id: RefundId,
    pub payment: Option<PaymentId>,
    pub tender: Tender,
    pub amount: Minor,
    pub rounding: Minor,
    pub unsettled: Minor,
    pub taxes: Option<&'a str>,
    pub reference: Option<&'a str>,
    pub reason: &'a str,
    pub restock: bool,
    pub given_ms: i64,
    pub given_by: AccountId,
    pub business_date: &'a str,
    pub session_id: Option<TillSessionId>,
    pub flag: Option<&'a str>,
}

/// A refund as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    pub id: RefundId,
    pub payment: Option<PaymentId>,
    pub tender: Tender,
    pub amount: Minor,
    pub rounding: Minor,
    pub unsettled: Minor,
    pub taxes: Vec<RateTax>,
    pub reference: Option<String>,
    pub reason: String,
    pub restock: bool,
    pub given_ms: i64,
    pub given_by_name: String,
    pub business_date: String,
    pub lines: Vec<BackLine>,
}

pub fn insert_refund(tx: &Tx<'_>, order: OrderId, refund: &NewRefund<'_>, lines: &[BackLine]) -> Result<()> {
    tx.execute(
        "INSERT INTO refund (order_id, id, payment_id, tender, amount_minor, rounding_minor, unsettled_minor, taxes,
                             reference, reason, restock, given_ms, given_by, business_date, session_id, flag)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        params![
            order,
            refund.id,
            refund.payment,
            refund.tender,
            refund.amount,
            refund.rounding.some(),
            refund.unsettled.some(),
            refund.taxes,
            refund.reference,
            refund.reason,
            refund.restock.then_some(1),
            refund.given_ms,
            refund.given_by,
            refund.business_date,
            refund.session_id,
            refund.flag
        ],
    )?;
    for line in lines {
        tx.execute(
            "INSERT INTO refund_line (order_id, refund_id, line_id, quantity_milli, amount_minor)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![order, refund.id, line.line, line.quantity_milli, line.amount],
        )?;
    }
    tx.execute(
        "UPDATE payment SET refunded_minor = COALESCE(refunded_minor, 0) + ?3,
                            unsettled_minor = NULLIF(COALESCE(unsettled_minor, 0) + ?4, 0)
         WHERE order_id = ?1 AND id = ?2",
        params![order, refund.payment, refund.amount, refund.unsettled],
    )
    .map(drop)
}

/// The refunds of an order, in the order they were given.
pub fn refunds(conn: &Connection, order: OrderId) -> Result<Vec<Refund>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, payment_id, tender, amount_minor, rounding_minor, unsettled_minor, taxes, reference, reason, restock,
                given_ms, COALESCE((SELECT name FROM staff WHERE account_id = given_by), ''), business_date
         FROM refund WHERE order_id = ?1",
    )?;
    let refund = |row: &Row<'_>| -> Result<Refund> {
        Ok(Refund {
            id: row.get(0)?,
            payment: row.get(1)?,
            tender: row.get(2)?,
            amount: row.get(3)?,
            rounding: row.get::<_, Option<Minor>>(4)?.unwrap_or_default(),
            unsettled: row.get::<_, Option<Minor>>(5)?.unwrap_or_default(),
            taxes: row.get::<_, Option<String>>(6)?.map(|text| thaw(&text)).transpose()?.unwrap_or_default(),
            reference: row.get(7)?,
            reason: row.get(8)?,
            restock: row.get::<_, Option<bool>>(9)?.unwrap_or_default(),
            given_ms: row.get(10)?,
            given_by_name: row.get(11)?,
            business_date: row.get(12)?,
            lines: Vec::new(),
        })
    };
    let mut refunds = statement.query_map([order], refund)?.collect::<Result<Vec<_>>>()?;
    for refund in &mut refunds {
        refund.lines = lines(conn, order, refund.id)?;
    }
    Ok(refunds)
}

fn lines(conn: &Connection, order: OrderId, refund: RefundId) -> Result<Vec<BackLine>> {
    let mut statement = conn.prepare_cached(
        "SELECT line_id, quantity_milli, amount_minor FROM refund_line WHERE order_id = ?1 AND refund_id = ?2",
    )?;
    let line = |row: &Row<'_>| -> Result<BackLine> {
        Ok(BackLine { line: LineId(row.get(0)?), quantity_milli: row.get(1)?, amount: row.get(2)? })
    };
    statement.query_map(params![order, refund], line)?.collect()
}

/// `[[rate_bp,base,tax],...]`, as it was frozen.
fn thaw(text: &str) -> Result<Vec<RateTax>> {
    let rates: Vec<(i64, Minor, Minor)> = serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(6, rusqlite::types::Type::Text, Box::new(error)))?;
    Ok(rates.into_iter().map(|(rate_bp, base_minor, tax_minor)| RateTax { rate_bp, base_minor, tax_minor }).collect())
}
