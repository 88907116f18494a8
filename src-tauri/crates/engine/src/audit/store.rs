//! SQL for the last check of the chain, and what things are called.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, params};
use uuid::Uuid;

/// How the last check of the chain ended.
pub struct Checked {
    pub at_ms: i64,
    pub took_ms: i64,
    pub entry: u64,
    pub commands: u64,
    pub rows: u64,
    pub findings_total: u64,
    /// JSON: sentences.
    pub findings: String,
}

pub fn checked(conn: &Connection) -> Result<Option<Checked>> {
    conn.prepare_cached("SELECT at_ms, took_ms, entry, commands, rows, findings_total, findings FROM chain_check")?
        .query_row([], |row| {
            Ok(Checked {
                at_ms: row.get(0)?,
                took_ms: row.get(1)?,
                entry: row.get(2)?,
                commands: row.get(3)?,
                rows: row.get(4)?,
                findings_total: row.get(5)?,
                findings: row.get(6)?,
            })
        })
        .optional()
}

pub fn keep_checked(tx: &Tx<'_>, checked: &Checked) -> Result<()> {
    let Checked { at_ms, took_ms, entry, commands, rows, findings_total, findings } = checked;
    tx.execute("DELETE FROM chain_check", [])?;
    tx.execute(
        "INSERT INTO chain_check (one, at_ms, took_ms, entry, commands, rows, findings_total, findings)
         VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![at_ms, took_ms, entry, commands, rows, findings_total, findings],
    )
    .map(drop)
}

/// What a row is called, by the table it stands in; None: it has no name, or is gone.
pub fn name_of(conn: &Connection, table: &str, id: Uuid) -> Result<Option<String>> {
    let sql = match table {
        "orders" => "SELECT number FROM orders WHERE id = ?1",
        "menu_item" => "SELECT name FROM menu_item WHERE id = ?1",
        "menu_category" => "SELECT name FROM menu_category WHERE id = ?1",
        "staff" => "SELECT name FROM staff WHERE id = ?1",
        "time_entry" => "SELECT s.name FROM time_entry t JOIN staff s ON s.id = t.staff_id WHERE t.id = ?1",
        "floor_table" => "SELECT name FROM floor_table WHERE id = ?1",
        "floor_area" => "SELECT name FROM floor_area WHERE id = ?1",
        "station" => "SELECT name FROM station WHERE id = ?1",
        "task" => "SELECT title FROM task WHERE id = ?1",
        _ => return Ok(None),
    };
    conn.prepare_cached(sql)?.query_row([id], |row| row.get(0)).optional()
}
