//! The only SQL for `order_draft`.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use crate::kernel::ids::{AccountId, DraftId, OrderId};

/// An order, or more lines for one, that somebody is putting together.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub id: DraftId,
    pub owner: AccountId,
    pub order: Option<OrderId>,
    pub body: String,
    pub saved_ms: i64,
    pub abandoned_ms: Option<i64>,
}

const COLUMNS: &str = "SELECT id, owner, order_id, body, saved_ms, abandoned_ms FROM order_draft";

fn draft(row: &Row<'_>) -> Result<Draft> {
    Ok(Draft {
        id: row.get(0)?,
        owner: row.get(1)?,
        order: row.get(2)?,
        body: row.get(3)?,
        saved_ms: row.get(4)?,
        abandoned_ms: row.get(5)?,
    })
}

pub fn by_id(conn: &Connection, id: DraftId) -> Result<Option<Draft>> {
    conn.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?.query_row([id], draft).optional()
}

/// Somebody's drafts, oldest first; abandoned ones are not among them.
pub fn of(conn: &Connection, owner: AccountId, limit: i64) -> Result<Vec<Draft>> {
    conn.prepare_cached(&format!("{COLUMNS} WHERE owner = ?1 AND abandoned_ms IS NULL ORDER BY id LIMIT ?2"))?
        .query_map(params![owner, limit], draft)?
        .collect()
}

pub fn count(conn: &Connection, owner: AccountId) -> Result<i64> {
    conn.prepare_cached("SELECT COUNT(*) FROM order_draft WHERE owner = ?1 AND abandoned_ms IS NULL")?
        .query_row([owner], |row| row.get(0))
}

/// The number of the order this draft became, or of `order` if it has the draft's lines: both carry its id.
pub fn submitted_to(conn: &Connection, id: DraftId, order: Option<OrderId>) -> Result<Option<String>> {
    conn.prepare_cached(
        "SELECT number FROM orders WHERE id = ?1
         UNION ALL
         SELECT o.number FROM order_line l JOIN orders o ON o.id = l.order_id WHERE l.order_id = ?2 AND l.id = ?1
         LIMIT 1",
    )?
    .query_row(params![id, order], |row| row.get(0))
    .optional()
}

pub fn insert(tx: &Tx<'_>, draft: &Draft) -> Result<()> {
    tx.execute(
        "INSERT INTO order_draft (id, owner, order_id, body, saved_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![draft.id, draft.owner, draft.order, draft.body, draft.saved_ms],
    )
    .map(drop)
}

pub fn update(tx: &Tx<'_>, id: DraftId, body: &str, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE order_draft SET body = ?2, saved_ms = ?3 WHERE id = ?1", params![id, body, at_ms]).map(drop)
}

pub fn abandon(tx: &Tx<'_>, id: DraftId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE order_draft SET abandoned_ms = ?2 WHERE id = ?1", params![id, at_ms]).map(drop)
}

pub fn delete(tx: &Tx<'_>, id: DraftId) -> Result<()> {
    tx.execute("DELETE FROM order_draft WHERE id = ?1", [id]).map(drop)
}
