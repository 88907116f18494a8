//! The only SQL for `payment`, `payment_attempt`, `refund` and `refund_line`.

pub mod attempts;
mod refunds;

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::model::{Payment, Tender};
use crate::kernel::ids::{AccountId, CheckId, OrderId, PaymentId, TillSessionId};
use crate::kernel::money::Minor;
pub use refunds::{NewRefund, Refund, insert_refund, refunds};

#[derive(Clone, Copy)]
pub struct NewPayment<'a> {
    pub id: PaymentId,
    /// None: the order's first.
    pub check: Option<CheckId>,
    pub tender: Tender,
    pub amount: Minor,
    pub rounding: Minor,
    pub tip: Minor,
    pub tendered: Option<Minor>,
    pub reference: Option<&'a str>,
    pub taken_ms: i64,
    pub taken_by: AccountId,
    pub business_date: &'a str,
    pub session_id: Option<TillSessionId>,
    pub flag: Option<&'a str>,
    /// The payment it takes back.
    pub voids: Option<PaymentId>,
}

pub fn insert(tx: &Tx<'_>, order: OrderId, payment: &NewPayment<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO payment (order_id, id, tender, amount_minor, rounding_minor, tip_minor, tendered_minor, reference,
                              taken_ms, taken_by, business_date, session_id, flag, check_id, voids)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            order,
            payment.id,
            payment.tender,
            payment.amount,
            payment.rounding.some(),
            payment.tip.some(),
            payment.tendered,
            payment.reference,
            payment.taken_ms,
            payment.taken_by,
            payment.business_date,
            payment.session_id,
            payment.flag,
            payment.check,
            payment.voids
        ],
    )
    .map(drop)
}

/// The payments of an order, in the order they were taken.
pub fn of_order(conn: &Connection, order: OrderId) -> Result<Vec<Payment>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, tender, amount_minor, rounding_minor, tip_minor, tendered_minor, reference, taken_ms,
                COALESCE((SELECT name FROM staff WHERE account_id = taken_by), ''), flag, check_id,
                refunded_minor, unsettled_minor, session_id, business_date, voids
         FROM payment WHERE order_id = ?1",
    )?;
    let payment = |row: &Row<'_>| -> Result<Payment> {
        Ok(Payment {
            id: row.get(0)?,
            tender: row.get(1)?,
            amount: row.get(2)?,
            rounding: row.get::<_, Option<Minor>>(3)?.unwrap_or_default(),
            tip: row.get::<_, Option<Minor>>(4)?.unwrap_or_default(),
            tendered: row.get(5)?,
            reference: row.get(6)?,
            taken_ms: row.get(7)?,
            taken_by_name: row.get(8)?,
            flag: row.get(9)?,
            check: row.get(10)?,
            refunded: row.get::<_, Option<Minor>>(11)?.unwrap_or_default(),
            unsettled: row.get::<_, Option<Minor>>(12)?.unwrap_or_default(),
            session: row.get(13)?,
            business_date: row.get(14)?,
            voids: row.get(15)?,
            voided: false,
        })
    };
    let mut payments = statement.query_map([order], payment)?.collect::<Result<Vec<_>>>()?;
    // A captured one has the id it was asked for with.
    payments.sort_by_key(|payment| payment.taken_ms);
    for at in 0..payments.len() {
        if let Some(voided) = payments[at].voids {
            payments.iter_mut().filter(|payment| payment.id == voided).for_each(|payment| payment.voided = true);
        }
    }
    Ok(payments)
}

/// Who took a payment.
pub fn taker(conn: &Connection, order: OrderId, id: PaymentId) -> Result<Option<AccountId>> {
    conn.prepare_cached("SELECT taken_by FROM payment WHERE order_id = ?1 AND id = ?2")?
        .query_row((order, id), |row| row.get(0))
        .optional()
}
