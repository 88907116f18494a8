//! The only SQL for jobs: schedules and runs. On this computer alone, in no record.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, named_params};

use super::model::{Run, State, Why};
use crate::kernel::ids::AccountId;

/// Runs that ended are kept this long.
const RUNS_LIVE_MS: i64 = 60 * 24 * 60 * 60 * 1000;

/// What somebody said about a job, and when it is due.
#[derive(Debug, Clone, Default)]
pub struct Schedule {
    /// None: the usual one.
    pub pattern: Option<String>,
    pub paused: bool,
    pub next_ms: Option<i64>,
}

pub fn schedule(conn: &Connection, job: &str) -> Result<Schedule> {
    let row = |row: &Row<'_>| {
        Ok(Schedule {
            pattern: row.get(0)?,
            paused: row.get::<_, Option<bool>>(1)?.unwrap_or(false),
            next_ms: row.get(2)?,
        })
    };
    let found = conn
        .prepare_cached("SELECT pattern, paused, next_ms FROM job WHERE name = ?1")?
        .query_row([job], row)
        .optional()?;
    Ok(found.unwrap_or_default())
}

pub fn put_schedule(tx: &Tx<'_>, job: &str, schedule: &Schedule) -> Result<()> {
    tx.execute(
        "INSERT INTO job (name, pattern, paused, next_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name) DO UPDATE SET pattern = excluded.pattern, paused = excluded.paused,
           next_ms = excluded.next_ms",
        (job, &schedule.pattern, schedule.paused.then_some(true), schedule.next_ms),
    )?;
    Ok(())
}

macro_rules! run_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, job, state, why, asked_by, due_ms, attempts, begun_ms, ended_ms, amount, trouble FROM job_run ",
            $rest
        )
    };
}

fn run_row(row: &Row<'_>) -> Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        job: row.get(1)?,
        state: row.get(2)?,
        why: row.get(3)?,
        asked_by: row.get(4)?,
        due_ms: row.get(5)?,
        attempts: row.get(6)?,
        begun_ms: row.get(7)?,
        ended_ms: row.get(8)?,
        amount: row.get(9)?,
        trouble: row.get(10)?,
    })
}

pub fn run(conn: &Connection, id: i64) -> Result<Option<Run>> {
    conn.prepare_cached(run_sql!("WHERE id = ?1"))?.query_row([id], run_row).optional()
}

/// The run of a job that waits or runs.
pub fn open(conn: &Connection, job: &str) -> Result<Option<Run>> {
    conn.prepare_cached(run_sql!("WHERE job = ?1 AND ended_ms IS NULL"))?.query_row([job], run_row).optional()
}

/// Every run that waits or runs, the one that is due first in front.
pub fn all_open(conn: &Connection) -> Result<Vec<Run>> {
    conn.prepare_cached(run_sql!("WHERE ended_ms IS NULL ORDER BY due_ms, id"))?.query_map([], run_row)?.collect()
}

/// The last one that ended.
pub fn last(conn: &Connection, job: &str) -> Result<Option<Run>> {
    conn.prepare_cached(run_sql!("WHERE job = ?1 AND ended_ms IS NOT NULL ORDER BY id DESC LIMIT 1"))?
        .query_row([job], run_row)
        .optional()
}

/// Newest first, below an id.
pub fn runs(conn: &Connection, job: Option<&str>, below: i64, limit: i64) -> Result<Vec<Run>> {
    conn.prepare_cached(run_sql!("WHERE id < ?1 AND (?2 IS NULL OR job = ?2) ORDER BY id DESC LIMIT ?3"))?
        .query_map((below, job, limit), run_row)?
        .collect()
}

/// A run that waits; the one there is, if there is one, which is then due at once when a person asks.
pub fn ask(tx: &Tx<'_>, job: &str, why: Why, asked_by: Option<AccountId>, now_ms: i64) -> Result<Run> {
    if let Some(there) = open(tx.conn(), job)? {
        let sooner = Run { due_ms: there.due_ms.min(now_ms), ..there };
        put(tx, &sooner)?;
        return Ok(sooner);
    }
    tx.execute(
        "INSERT INTO job_run (job, state, why, asked_by, due_ms, attempts) VALUES (?1, ?2, ?3, ?4, ?5, 0)",
        (job, State::Waiting, why, asked_by, now_ms),
    )?;
    open(tx.conn(), job)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

pub fn put(tx: &Tx<'_>, run: &Run) -> Result<()> {
    tx.execute(
        "UPDATE job_run SET state = :state, due_ms = :due, attempts = :attempts, begun_ms = :begun, ended_ms = :ended,
           amount = :amount, trouble = :trouble WHERE id = :id",
        named_params! {
            ":id": run.id, ":state": run.state, ":due": run.due_ms, ":attempts": run.attempts, ":begun": run.begun_ms,
            ":ended": run.ended_ms, ":amount": run.amount, ":trouble": run.trouble,
        },
    )?;
    Ok(())
}

/// Old runs, and sessions that have ended. Returns how many rows that were.
pub fn clean_up(tx: &Tx<'_>, now_ms: i64) -> Result<u64> {
    let runs = tx.execute("DELETE FROM job_run WHERE ended_ms < ?1", [now_ms - RUNS_LIVE_MS])?;
    let sessions = crate::installation::store::forget_ended_sessions(tx, now_ms)?;
    Ok((runs + sessions) as u64)
}
