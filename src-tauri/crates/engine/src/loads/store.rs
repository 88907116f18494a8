//! The only SQL for `load_plan` and `load_run`.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::ids::RestaurantId;

/// Plans of one restaurant at most.
pub const PLANS_MAX: i64 = 100;
/// Runs kept of one restaurant; the oldest go.
pub const RUNS_MAX: i64 = 200;

/// A plan that is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: Uuid,
    pub name: String,
    pub body: String,
    pub changed_ms: i64,
}

fn kept(row: &Row<'_>) -> Result<Kept> {
    Ok(Kept { id: row.get(0)?, name: row.get(1)?, body: row.get(2)?, changed_ms: row.get(3)? })
}

pub fn plans(conn: &Connection, restaurant: RestaurantId) -> Result<Vec<Kept>> {
    conn.prepare_cached(
        "SELECT id, name, body, changed_ms FROM load_plan WHERE restaurant_id = ?1 ORDER BY changed_ms DESC, id",
    )?
    .query_map([restaurant], kept)?
    .collect()
}

pub fn plan(conn: &Connection, restaurant: RestaurantId, id: Uuid) -> Result<Option<Kept>> {
    conn.prepare_cached("SELECT id, name, body, changed_ms FROM load_plan WHERE restaurant_id = ?1 AND id = ?2")?
        .query_row((restaurant, id), kept)
        .optional()
}

/// False: there are too many already.
pub fn insert_plan(tx: &Tx<'_>, restaurant: RestaurantId, plan: &Kept) -> Result<bool> {
    let count: i64 = tx
        .conn()
        .prepare_cached("SELECT count(*) FROM load_plan WHERE restaurant_id = ?1")?
        .query_row([restaurant], |row| row.get(0))?;
    if count >= PLANS_MAX {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO load_plan (restaurant_id, id, name, body, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        (restaurant, plan.id, &plan.name, &plan.body, plan.changed_ms),
    )?;
    Ok(true)
}

/// How many that were: none or one.
pub fn update_plan(tx: &Tx<'_>, restaurant: RestaurantId, plan: &Kept) -> Result<usize> {
    tx.execute(
        "UPDATE load_plan SET name = ?3, body = ?4, changed_ms = ?5 WHERE restaurant_id = ?1 AND id = ?2",
        (restaurant, plan.id, &plan.name, &plan.body, plan.changed_ms),
    )
}

pub fn delete_plan(tx: &Tx<'_>, restaurant: RestaurantId, id: Uuid) -> Result<usize> {
    tx.execute("DELETE FROM load_plan WHERE restaurant_id = ?1 AND id = ?2", (restaurant, id))
}

/// A run that is over, without its seconds.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = LoadRun)]
pub struct Run {
    pub id: Uuid,
    pub plan: String,
    pub target: String,
    pub began_ms: i64,
    pub ended_ms: i64,
    pub by_name: String,
    /// `finished`, `stopped`, `stopped_itself` or `failed`.
    pub outcome: String,
    /// Why it could not begin.
    pub failure: Option<String>,
    /// It ran to its end and kept every threshold.
    pub good: bool,
    pub requests: i64,
    pub per_s: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    pub errors_percent: f64,
}

macro_rules! run_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, plan, target, began_ms, ended_ms, by_name, outcome, failure, good, requests, per_s, p95_ms, p99_ms,
                    errors_percent FROM load_run WHERE restaurant_id = ?1 ",
            $rest
        )
    };
}

fn run_row(row: &Row<'_>) -> Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        plan: row.get(1)?,
        target: row.get(2)?,
        began_ms: row.get(3)?,
        ended_ms: row.get(4)?,
        by_name: row.get(5)?,
        outcome: row.get(6)?,
        failure: row.get(7)?,
        good: row.get(8)?,
        requests: row.get(9)?,
        per_s: row.get(10)?,
        p95_ms: row.get(11)?,
        p99_ms: row.get(12)?,
        errors_percent: row.get(13)?,
    })
}

pub fn runs(conn: &Connection, restaurant: RestaurantId) -> Result<Vec<Run>> {
    conn.prepare_cached(run_sql!("ORDER BY began_ms DESC, id DESC LIMIT 200"))?
        .query_map([restaurant], run_row)?
        .collect()
}

pub fn run(conn: &Connection, restaurant: RestaurantId, id: Uuid) -> Result<Option<Run>> {
    conn.prepare_cached(run_sql!("AND id = ?2"))?.query_row((restaurant, id), run_row).optional()
}

/// What a run said, as JSON. None: there is no such run, or it never began.
pub fn summary(conn: &Connection, restaurant: RestaurantId, id: Uuid) -> Result<Option<String>> {
    let found: Option<Option<String>> = conn
        .prepare_cached("SELECT summary FROM load_run WHERE restaurant_id = ?1 AND id = ?2")?
        .query_row((restaurant, id), |row| row.get(0))
        .optional()?;
    Ok(found.flatten())
}

pub fn insert_run(tx: &Tx<'_>, restaurant: RestaurantId, run: &Run, summary: Option<&str>) -> Result<()> {
    tx.execute(
        "INSERT INTO load_run (restaurant_id, id, plan, target, began_ms, ended_ms, by_name, outcome, failure, good,
                requests, per_s, p95_ms, p99_ms, errors_percent, summary)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
        rusqlite::params![
            restaurant,
            run.id,
            run.plan,
            run.target,
            run.began_ms,
            run.ended_ms,
            run.by_name,
            run.outcome,
            run.failure,
            run.good,
            run.requests,
            run.per_s,
            run.p95_ms,
            run.p99_ms,
            run.errors_percent,
            summary
        ],
    )?;
    tx.execute(
        "DELETE FROM load_run WHERE restaurant_id = ?1 AND id NOT IN
            (SELECT id FROM load_run WHERE restaurant_id = ?1 ORDER BY began_ms DESC, id DESC LIMIT ?2)",
        (restaurant, RUNS_MAX),
    )?;
    Ok(())
}

pub fn delete_run(tx: &Tx<'_>, restaurant: RestaurantId, id: Uuid) -> Result<usize> {
    tx.execute("DELETE FROM load_run WHERE restaurant_id = ?1 AND id = ?2", (restaurant, id))
}
