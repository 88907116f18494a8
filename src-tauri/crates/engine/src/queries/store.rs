//! The only SQL about the file itself: its size, its tables and indexes, and plans.

use std::collections::HashMap;

use rusqlite::{Connection, Result};

use super::plan::Step;

/// Rows that are counted to say how large a table is.
const COUNTED_MAX: u32 = 10_000;

/// Bytes and pages of a file.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub page_bytes: u64,
    pub pages: u64,
    /// Pages that are free for what comes.
    pub free: u64,
}

pub fn size(conn: &Connection) -> Result<Size> {
    let number = |pragma: &str| conn.query_row(pragma, [], |row| row.get(0));
    Ok(Size {
        page_bytes: number("PRAGMA page_size")?,
        pages: number("PRAGMA page_count")?,
        free: number("PRAGMA freelist_count")?,
    })
}

#[derive(Debug, Clone)]
pub struct Index {
    pub table: String,
    pub name: String,
    pub columns: Vec<String>,
    pub is_unique: bool,
    pub is_partial: bool,
}

/// Every index somebody made; what a key has by itself is not among them.
pub fn indexes(conn: &Connection) -> Result<Vec<Index>> {
    let mut tables = conn.prepare_cached("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let tables = tables.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>>>()?;
    let mut all = Vec::new();
    for table in tables {
        let mut list = conn.prepare_cached(
            "SELECT name, \"unique\", partial FROM pragma_index_list(?1) WHERE origin = 'c' ORDER BY name",
        )?;
        let found = list.query_map([&table], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
        for index in found.collect::<Result<Vec<_>>>()? {
            let (name, is_unique, is_partial) = index;
            let mut columns = conn.prepare_cached("SELECT coalesce(name, '(…)') FROM pragma_index_info(?1)")?;
            let columns = columns.query_map([&name], |row| row.get(0))?.collect::<Result<Vec<_>>>()?;
            all.push(Index { table: table.clone(), name, columns, is_unique, is_partial });
        }
    }
    Ok(all)
}

/// Rows of a table: as they were counted for the planner (`ANALYZE`), else those there are, as far as `COUNTED_MAX`.
/// None: there is no such table.
pub fn rows(conn: &Connection, table: &str) -> Result<Option<u64>> {
    let there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)";
    if !conn.prepare_cached(there)?.query_row([table], |row| row.get::<_, bool>(0))? {
        return Ok(None);
    }
    let is_counted = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat1')";
    if conn.prepare_cached(is_counted)?.query_row([], |row| row.get(0))? {
        let counted = "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = ?1";
        let counted: Option<u64> = conn.prepare_cached(counted)?.query_row([table], |row| row.get(0))?;
        if counted.is_some() {
            return Ok(counted);
        }
    }
    let quoted = table.replace('"', "\"\"");
    let count = format!("SELECT COUNT(*) FROM (SELECT 1 FROM \"{quoted}\" LIMIT {COUNTED_MAX})");
    conn.query_row(&count, [], |row| row.get(0)).map(Some)
}

/// How it would be run now. None: it is no statement of this file alone.
pub fn plan(conn: &Connection, sql: &str) -> Option<Vec<Step>> {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).ok()?;
    // Raw: what it would be asked with is not known, and the plan does not need it.
    let mut rows = statement.raw_query();
    let (mut steps, mut depths) = (Vec::new(), HashMap::new());
    while let Some(row) = rows.next().ok()? {
        let (id, parent): (i64, i64) = (row.get(0).ok()?, row.get(1).ok()?);
        let depth = depths.get(&parent).map_or(0, |depth: &u8| depth.saturating_add(1));
        depths.insert(id, depth);
        steps.push(Step { depth, text: row.get(3).ok()? });
    }
    Some(steps)
}
