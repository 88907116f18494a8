//! SQL on files that nobody has open, one of which a newer version wrote: only what has stayed the same can be asked.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Result};

use super::Order;

pub fn reading(path: &Path) -> Result<Connection> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

/// How many migrations a file has behind it.
pub fn version(path: &Path) -> Result<usize> {
    reading(path)?.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The journal's last entry.
pub fn entry(path: &Path) -> Result<u64> {
    reading(path)?.query_row("SELECT entry FROM head", [], |row| row.get(0))
}

/// What the restaurant is called.
pub fn name(path: &Path) -> Result<String> {
    reading(path)?.query_row("SELECT name FROM restaurant", [], |row| row.get(0))
}

/// Brings what lies beside a file into it.
pub fn close(path: &Path) -> Result<()> {
    let conn = Connection::open(path)?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    conn.close().map_err(|(_, error)| error)
}

/// Orders that `copy` does not have, or has with fewer lines or payments or still open: the first of them, and how
/// many there are.
pub fn orders_since(newer: &Path, copy: &Path, limit: usize) -> Result<(Vec<Order>, u64)> {
    let conn = reading(newer)?;
    conn.execute("ATTACH ?1 AS was", [copy.to_string_lossy()])?;
    let touched = "FROM main.orders o LEFT JOIN was.orders w ON w.id = o.id
        WHERE w.id IS NULL OR w.closed_ms IS NOT o.closed_ms
           OR EXISTS (SELECT 1 FROM main.payment p WHERE p.order_id = o.id
                AND NOT EXISTS (SELECT 1 FROM was.payment q WHERE q.order_id = p.order_id AND q.id = p.id))
           OR EXISTS (SELECT 1 FROM main.order_line l WHERE l.order_id = o.id
                AND NOT EXISTS (SELECT 1 FROM was.order_line m WHERE m.order_id = l.order_id AND m.id = l.id))";
    let all = conn.query_row(&format!("SELECT count(*) {touched}"), [], |row| row.get(0))?;
    let sql = format!("SELECT o.number, o.business_date {touched} ORDER BY o.opened_ms, o.id LIMIT ?1");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let named = conn
        .prepare(&sql)?
        .query_map([limit], |row| Ok(Order { number: row.get(0)?, business_date: row.get(1)? }))?
        .collect::<Result<_>>()?;
    Ok((named, all))
}
