//! The only SQL for `task` and `task_done`.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::model::{DoneBy, TASKS_MAX, Task};
use crate::kernel::ids::{AccountId, TaskId};

const COLUMNS: &str =
    "SELECT id, title, note, staff_id, role, due_ms, repeats, archived_ms IS NOT NULL, days FROM task";

fn task_row(row: &Row<'_>) -> Result<Task> {
    Ok(Task {
        id: row.get(0)?,
        title: row.get(1)?,
        note: row.get(2)?,
        staff_id: row.get(3)?,
        role: row.get(4)?,
        due_ms: row.get(5)?,
        repeats: row.get(6)?,
        archived: row.get(7)?,
        days: row.get(8)?,
    })
}

pub fn task(conn: &Connection, id: TaskId) -> Result<Option<Task>> {
    conn.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?.query_row([id], task_row).optional()
}

/// Tasks that stand: repeating ones, and others until the day after they were done on.
pub fn standing(conn: &Connection, day_begins_ms: i64) -> Result<Vec<Task>> {
    conn.prepare_cached(&format!(
        "{COLUMNS} WHERE archived_ms IS NULL AND NOT EXISTS
           (SELECT 1 FROM task_done d WHERE d.task_id = task.id AND d.day = '' AND d.at_ms < ?1)
         ORDER BY id LIMIT ?2"
    ))?
    .query_map((day_begins_ms, TASKS_MAX), task_row)?
    .collect()
}

pub fn open_count(conn: &Connection) -> Result<u32> {
    conn.prepare_cached(
        "SELECT COUNT(*) FROM task WHERE archived_ms IS NULL AND NOT EXISTS
           (SELECT 1 FROM task_done d WHERE d.task_id = task.id AND d.day = '')",
    )?
    .query_row([], |row| row.get(0))
}

pub fn done(conn: &Connection, id: TaskId, day: &str) -> Result<Option<DoneBy>> {
    conn.prepare_cached(
        "SELECT d.at_ms, d.by, s.name FROM task_done d LEFT JOIN staff s ON s.account_id = d.by
          WHERE d.task_id = ?1 AND d.day = ?2",
    )?
    .query_row((id, day), |row| Ok(DoneBy { at_ms: row.get(0)?, by: row.get(1)?, name: row.get(2)? }))
    .optional()
}

pub fn insert(tx: &Tx<'_>, task: &Task) -> Result<()> {
    let Task { id, title, note, staff_id, role, due_ms, repeats, days, .. } = task;
    tx.execute(
        "INSERT INTO task (id, title, note, staff_id, role, due_ms, repeats, days)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![id, title, note, staff_id, role, due_ms, repeats, days],
    )
    .map(drop)
}

pub fn update(tx: &Tx<'_>, task: &Task) -> Result<()> {
    let Task { id, title, note, staff_id, role, due_ms, repeats, days, .. } = task;
    tx.execute(
        "UPDATE task SET title = ?2, note = ?3, staff_id = ?4, role = ?5, due_ms = ?6, repeats = ?7, days = ?8
         WHERE id = ?1",
        params![id, title, note, staff_id, role, due_ms, repeats, days],
    )
    .map(drop)
}

pub fn archive(tx: &Tx<'_>, id: TaskId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE task SET archived_ms = ?2 WHERE id = ?1 AND archived_ms IS NULL", (id, at_ms)).map(drop)
}

/// Who was first stays.
pub fn mark_done(tx: &Tx<'_>, id: TaskId, day: &str, at_ms: i64, by: AccountId) -> Result<()> {
    tx.execute(
        "INSERT INTO task_done (task_id, day, at_ms, by) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![id, day, at_ms, by],
    )
    .map(drop)
}

pub fn mark_open(tx: &Tx<'_>, id: TaskId, day: &str) -> Result<()> {
    tx.execute("DELETE FROM task_done WHERE task_id = ?1 AND day = ?2", (id, day)).map(drop)
}
