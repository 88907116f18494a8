//! Attempts as rows.

use comanda_db::Tx;
use rusqlite::{Connection, Result, Row, params};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::model::{Attempt, Outcome};
use crate::kernel::ids::{AccountId, OrderId, PaymentId};
use crate::kernel::money::Minor;

/// Begins one; begun already, nothing.
pub fn insert(tx: &Tx<'_>, order: OrderId, attempt: &Attempt, by: AccountId) -> Result<()> {
    tx.execute(
        "INSERT INTO payment_attempt (order_id, id, check_id, amount_minor, tip_minor, begun_ms, begun_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        params![order, attempt.id, attempt.check, attempt.amount, attempt.tip.some(), attempt.begun_ms, by],
    )?;
    tx.execute("UPDATE orders SET attempted = 1 WHERE id = ?1 AND attempted IS NULL", [order]).map(drop)
}

/// How one ended. What was captured stays so; money that came outdoes everything else.
pub fn end(
    tx: &Tx<'_>,
    order: OrderId,
    id: PaymentId,
    outcome: Outcome,
    (at_ms, by): (i64, AccountId),
    reason: Option<&str>,
) -> Result<()> {
    tx.execute(
        "UPDATE payment_attempt SET outcome = ?3, ended_ms = ?4, ended_by = ?5, reason = ?6
         WHERE order_id = ?1 AND id = ?2 AND (outcome IS NULL OR (?3 = 'captured' AND outcome <> 'captured'))",
        params![order, id, outcome, at_ms, by, reason],
    )
    .map(drop)
}

/// The attempts of an order, in the order they were begun.
pub fn of_order(conn: &Connection, order: OrderId) -> Result<Vec<Attempt>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, check_id, amount_minor, tip_minor, begun_ms,
                COALESCE((SELECT name FROM staff WHERE account_id = begun_by), ''), outcome, ended_ms, reason
         FROM payment_attempt WHERE order_id = ?1",
    )?;
    let attempt = |row: &Row<'_>| -> Result<Attempt> {
        Ok(Attempt {
            id: row.get(0)?,
            check: row.get(1)?,
            amount: row.get(2)?,
            tip: row.get::<_, Option<Minor>>(3)?.unwrap_or_default(),
            begun_ms: row.get(4)?,
            begun_by_name: row.get(5)?,
            outcome: row.get(6)?,
            ended_ms: row.get(7)?,
            reason: row.get(8)?,
        })
    };
    statement.query_map([order], attempt)?.collect()
}

/// A card payment nobody knows the outcome of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PendingPayment {
    pub order_id: OrderId,
    /// The order's printed number.
    pub number: String,
    /// With its tip.
    pub amount_minor: Minor,
    pub begun_at_ms: i64,
}

/// Those that wait for an answer, the oldest first.
pub fn pending(conn: &Connection, limit: i64) -> Result<Vec<PendingPayment>> {
    let mut statement = conn.prepare_cached(
        "SELECT a.order_id, COALESCE((SELECT number FROM orders WHERE id = a.order_id), ''),
                a.amount_minor + COALESCE(a.tip_minor, 0), a.begun_ms
         FROM payment_attempt a INDEXED BY payment_attempt_pending WHERE a.outcome IS NULL
         ORDER BY a.begun_ms LIMIT ?1",
    )?;
    let pending = |row: &Row<'_>| -> Result<PendingPayment> {
        Ok(PendingPayment {
            order_id: row.get(0)?,
            number: row.get(1)?,
            amount_minor: row.get(2)?,
            begun_at_ms: row.get(3)?,
        })
    };
    statement.query_map([limit], pending)?.collect()
}
