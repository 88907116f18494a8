//! The only SQL for `import_batch`.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::commands::RecordImport;
use crate::kernel::ids::{AccountId, ImportId};
use crate::kernel::money::Minor;

/// An import that took place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Import)]
pub struct Batch {
    pub id: ImportId,
    /// `csv` or `demo`.
    pub kind: String,
    pub name: String,
    pub at_ms: i64,
    pub by_name: String,
    pub orders: i64,
    pub lines: i64,
    /// Dirty rows left out.
    pub skipped: i64,
    pub total_minor: Minor,
    pub first_date: String,
    pub last_date: String,
}

macro_rules! batch_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, kind, name, at_ms, COALESCE((SELECT s.name FROM staff s WHERE s.account_id = actor), ''), orders,
                    lines, skipped, total_minor, first_date, last_date
             FROM import_batch WHERE ",
            $rest
        )
    };
}

fn batch_row(row: &Row<'_>) -> Result<Batch> {
    Ok(Batch {
        id: row.get(0)?,
        kind: row.get(1)?,
        name: row.get(2)?,
        at_ms: row.get(3)?,
        by_name: row.get(4)?,
        orders: row.get(5)?,
        lines: row.get(6)?,
        skipped: row.get(7)?,
        total_minor: row.get(8)?,
        first_date: row.get(9)?,
        last_date: row.get(10)?,
    })
}

pub fn batch(conn: &Connection, id: ImportId) -> Result<Option<Batch>> {
    conn.prepare_cached(batch_sql!("id = ?1"))?.query_row([id], batch_row).optional()
}

/// Newest first; `after` is the last one seen.
pub fn batches(conn: &Connection, after: Option<(i64, ImportId)>, limit: i64) -> Result<Vec<Batch>> {
    let mut statement =
        conn.prepare_cached(batch_sql!("?1 IS NULL OR (at_ms, id) < (?1, ?2) ORDER BY at_ms DESC, id DESC LIMIT ?3"))?;
    let (at_ms, id) = after.unzip();
    statement.query_map(params![at_ms, id, limit], batch_row)?.collect()
}

/// False when it is there already.
pub fn insert(tx: &Tx<'_>, batch: &RecordImport, at_ms: i64, actor: AccountId) -> Result<bool> {
    let RecordImport { id, kind, name, fingerprint, orders, lines, skipped, total, first, last } = batch;
    let sql =
        "INSERT INTO import_batch (id, kind, name, fingerprint, at_ms, actor, orders, lines, skipped, total_minor,
                                         first_date, last_date)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING";
    let (orders, lines, skipped) = (orders.cast_signed(), lines.cast_signed(), skipped.cast_signed());
    let row = params![id, kind, name, fingerprint, at_ms, actor, orders, lines, skipped, total, first, last];
    Ok(tx.execute(sql, row)? > 0)
}
