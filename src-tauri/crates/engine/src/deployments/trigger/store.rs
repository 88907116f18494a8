//! The only SQL for `deployment_trigger` and `deployment_run`.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Fault, State, Trigger};
use crate::outward::Reason;

/// Runs of a deployment that are kept.
pub const KEPT_MAX: u32 = 50;

/// A backup that was asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TriggerRun)]
pub struct Run {
    pub id: Uuid,
    pub state: State,
    pub began_ms: i64,
    /// Null: it is under way, or nobody knows when it ended.
    pub ended_ms: Option<i64>,
    /// How often it was asked how far it is.
    pub polls: u32,
    /// Of the last answer.
    pub status: Option<u16>,
    /// What it said last where it was looked at, in its own words.
    pub said: Option<String>,
    /// Why it failed.
    pub fault: Option<Fault>,
    /// Why there was no answer.
    pub reason: Option<Reason>,
    /// Who asked for it.
    pub by: String,
}

pub fn trigger(conn: &Connection, deployment: Uuid) -> Result<Option<Trigger>> {
    let found: Option<String> = conn
        .prepare_cached("SELECT body FROM deployment_trigger WHERE deployment_id = ?1")?
        .query_row([deployment], |row| row.get(0))
        .optional()?;
    Ok(found.and_then(|body| serde_json::from_str(&body).ok()))
}

/// False: there is no such deployment any more.
pub fn set(tx: &Tx<'_>, deployment: Uuid, trigger: &Trigger) -> Result<bool> {
    let body = serde_json::to_string(trigger).unwrap_or_default();
    let set = tx.execute(
        "INSERT INTO deployment_trigger (deployment_id, body) SELECT id, ?2 FROM deployment WHERE id = ?1
         ON CONFLICT (deployment_id) DO UPDATE SET body = excluded.body",
        (deployment, body),
    )?;
    Ok(set > 0)
}

/// The trigger alone; what was done stays.
pub fn unset(tx: &Tx<'_>, deployment: Uuid) -> Result<usize> {
    tx.execute("DELETE FROM deployment_trigger WHERE deployment_id = ?1", [deployment])
}

/// All of it.
pub fn delete(tx: &Tx<'_>, deployment: Uuid) -> Result<()> {
    unset(tx, deployment)?;
    tx.execute("DELETE FROM deployment_run WHERE deployment_id = ?1", [deployment]).map(drop)
}

macro_rules! run_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, state, began_ms, ended_ms, polls, status, said, fault, reason, by_name FROM deployment_run ",
            $rest
        )
    };
}

fn run_row(row: &Row<'_>) -> Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        state: row.get(1)?,
        began_ms: row.get(2)?,
        ended_ms: row.get(3)?,
        polls: row.get(4)?,
        status: row.get(5)?,
        said: row.get(6)?,
        fault: row.get(7)?,
        reason: row.get(8)?,
        by: row.get(9)?,
    })
}

/// Newest first.
pub fn runs(conn: &Connection, deployment: Uuid) -> Result<Vec<Run>> {
    conn.prepare_cached(run_sql!("WHERE deployment_id = ?1 ORDER BY began_ms DESC, id DESC LIMIT ?2"))?
        .query_map((deployment, KEPT_MAX), run_row)?
        .collect()
}

pub fn run(conn: &Connection, deployment: Uuid, id: Uuid) -> Result<Option<Run>> {
    conn.prepare_cached(run_sql!("WHERE deployment_id = ?1 AND id = ?2"))?
        .query_row((deployment, id), run_row)
        .optional()
}

/// Writes down that one begins; whatever was under way before is not any more.
pub fn begin(tx: &Tx<'_>, deployment: Uuid, run: &Run) -> Result<()> {
    tx.execute(
        "UPDATE deployment_run SET state = ?2, fault = ?3 WHERE deployment_id = ?1 AND state = ?4",
        (deployment, State::Failed, Fault::Interrupted, State::Running),
    )?;
    tx.execute(
        "INSERT INTO deployment_run (id, deployment_id, state, began_ms, polls, by_name) VALUES (?1, ?2, ?3, ?4, 0, ?5)",
        (run.id, deployment, State::Running, run.began_ms, &run.by),
    )?;
    tx.execute(
        "DELETE FROM deployment_run WHERE deployment_id = ?1 AND id NOT IN
                (SELECT id FROM deployment_run WHERE deployment_id = ?1 ORDER BY began_ms DESC, id DESC LIMIT ?2)",
        (deployment, KEPT_MAX),
    )
    .map(drop)
}

/// How far it is. What is over stays as it was.
pub fn note(tx: &Tx<'_>, run: &Run) -> Result<usize> {
    let Run { id, state, ended_ms, polls, status, said, fault, reason, .. } = run;
    tx.execute(
        "UPDATE deployment_run SET state = ?2, ended_ms = ?3, polls = ?4, status = ?5, said = ?6, fault = ?7, reason = ?8
          WHERE id = ?1 AND state = ?9",
        params![id, state, ended_ms, polls, status, said, fault, reason, State::Running],
    )
}

pub fn stop(tx: &Tx<'_>, id: Uuid, at_ms: i64) -> Result<usize> {
    tx.execute(
        "UPDATE deployment_run SET state = ?2, ended_ms = ?3 WHERE id = ?1 AND state = ?4",
        (id, State::Stopped, at_ms, State::Running),
    )
}
