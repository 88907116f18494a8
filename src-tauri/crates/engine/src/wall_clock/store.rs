//! SQL for the flags of this kind; they stand with the others in `flag`.

use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;

use super::commands::KIND;
use crate::kernel::ids::FlagId;

/// A jump nobody has answered for.
pub struct Jump {
    pub id: FlagId,
    pub at_ms: i64,
    pub by_ms: i64,
    pub at_start: bool,
}

/// Newest first.
pub fn open_jumps(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<Jump>> {
    let sql = "SELECT id, at_ms, params FROM flag WHERE kind = ?1 AND resolved_ms IS NULL
                ORDER BY at_ms DESC, id DESC LIMIT ?2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    conn.prepare_cached(sql)?
        .query_map((KIND, limit), |row| {
            let params: String = row.get(2)?;
            let params: Value = serde_json::from_str(&params).unwrap_or_default();
            Ok(Jump {
                id: row.get(0)?,
                at_ms: row.get(1)?,
                by_ms: params["by_ms"].as_i64().unwrap_or_default(),
                at_start: params["at_start"].as_bool().unwrap_or_default(),
            })
        })?
        .collect()
}

pub fn is_jump(conn: &Connection, id: FlagId) -> rusqlite::Result<bool> {
    let sql = "SELECT 1 FROM flag WHERE id = ?1 AND kind = ?2";
    Ok(conn.prepare_cached(sql)?.query_row((id, KIND), |_| Ok(())).optional()?.is_some())
}
