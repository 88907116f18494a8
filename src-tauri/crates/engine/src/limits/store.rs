//! SQL for the quotas that were chosen instead of the usual ones.

use comanda_db::Tx;
use rusqlite::{Connection, Result};

use super::model::{Name, Quota};

pub fn chosen(conn: &Connection) -> Result<Vec<(Name, Quota)>> {
    let mut find = conn.prepare_cached("SELECT name, requests, window_s FROM limit_quota")?;
    find.query_map([], |row| Ok((row.get(0)?, Quota { requests: row.get(1)?, window_s: row.get(2)? })))?.collect()
}

pub fn choose(tx: &Tx<'_>, name: Name, quota: Quota) -> Result<()> {
    tx.execute(
        "INSERT INTO limit_quota (name, requests, window_s) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET requests = ?2, window_s = ?3",
        (name, quota.requests, quota.window_s),
    )
    .map(drop)
}

pub fn forget(tx: &Tx<'_>, name: Name) -> Result<()> {
    tx.execute("DELETE FROM limit_quota WHERE name = ?1", [name]).map(drop)
}
