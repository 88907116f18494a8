//! How many portions are left of what is counted down. SQL.

use std::collections::HashMap;

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, params};

use crate::kernel::ids::ItemId;

/// All of them; there are few.
pub fn countdowns(conn: &Connection) -> Result<HashMap<ItemId, i64>> {
    let mut statement = conn.prepare_cached("SELECT item_id, left FROM menu_countdown")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// None: it is not counted.
pub fn left(conn: &Connection, item: ItemId) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT left FROM menu_countdown WHERE item_id = ?1")?
        .query_row([item], |row| row.get(0))
        .optional()
}

pub fn set(tx: &Tx<'_>, item: ItemId, left: i64, at_ms: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO menu_countdown (item_id, left, set_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET left = excluded.left, set_ms = excluded.set_ms",
        params![item, left, at_ms],
    )
    .map(drop)
}

pub fn stop(tx: &Tx<'_>, item: ItemId) -> Result<()> {
    tx.execute("DELETE FROM menu_countdown WHERE item_id = ?1", [item]).map(drop)
}

/// Takes portions away, down to none.
pub fn lower(tx: &Tx<'_>, item: ItemId, portions: i64) -> Result<()> {
    tx.execute("UPDATE menu_countdown SET left = MAX(0, left - ?2) WHERE item_id = ?1", params![item, portions])
        .map(drop)
}

/// Gives portions back that were counted: sold at or after the count was set.
pub fn raise(tx: &Tx<'_>, item: ItemId, portions: i64, sold_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE menu_countdown SET left = left + ?2 WHERE item_id = ?1 AND set_ms <= ?3",
        params![item, portions, sold_ms],
    )
    .map(drop)
}
