//! The only SQL for `alert` and `alert_rule`.

use std::collections::HashMap;

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::model::{Change, HISTORY_MAX, RuleName, Severity};
use crate::kernel::ids::AccountId;

/// What an alert is of, when it is not of this computer: a deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AlertSubject)]
pub struct Subject {
    pub id: Uuid,
    /// As it was called then.
    pub name: String,
}

/// Something that was told.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    pub id: Uuid,
    pub rule: RuleName,
    /// None: this computer.
    pub subject: Option<Subject>,
    pub severity: Severity,
    /// The limit it fired at, and the figure that was over it.
    pub threshold: i64,
    pub value: i64,
    pub fired_ms: i64,
    pub ended_ms: Option<i64>,
    pub acknowledged: Option<(i64, String)>,
}

macro_rules! alert_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, rule, severity, threshold, value, fired_ms, ended_ms, acked_ms, acked_name, subject_id, subject_name
               FROM alert ",
            $rest
        )
    };
}

fn alert_row(row: &Row<'_>) -> Result<Alert> {
    let acked: (Option<i64>, Option<String>) = (row.get(7)?, row.get(8)?);
    let subject: (Option<Uuid>, Option<String>) = (row.get(9)?, row.get(10)?);
    Ok(Alert {
        id: row.get(0)?,
        rule: row.get(1)?,
        subject: subject.0.zip(subject.1).map(|(id, name)| Subject { id, name }),
        severity: row.get(2)?,
        threshold: row.get(3)?,
        value: row.get(4)?,
        fired_ms: row.get(5)?,
        ended_ms: row.get(6)?,
        acknowledged: acked.0.zip(acked.1),
    })
}

/// What is on, the newest first.
pub fn active(conn: &Connection) -> Result<Vec<Alert>> {
    conn.prepare_cached(alert_sql!("WHERE ended_ms IS NULL ORDER BY id DESC"))?.query_map([], alert_row)?.collect()
}

/// What is over, the newest first.
pub fn history(conn: &Connection, limit: u32) -> Result<Vec<Alert>> {
    conn.prepare_cached(alert_sql!("WHERE ended_ms IS NOT NULL ORDER BY id DESC LIMIT ?1"))?
        .query_map([limit], alert_row)?
        .collect()
}

pub fn alert(conn: &Connection, id: Uuid) -> Result<Option<Alert>> {
    conn.prepare_cached(alert_sql!("WHERE id = ?1"))?.query_row([id], alert_row).optional()
}

pub fn fire(tx: &Tx<'_>, alert: &Alert) -> Result<()> {
    let Alert { id, rule, subject, severity, threshold, value, fired_ms, .. } = alert;
    let (subject_id, subject_name) = subject.as_ref().map(|of| (of.id, &of.name)).unzip();
    tx.execute(
        "INSERT OR IGNORE INTO alert (id, rule, severity, threshold, value, fired_ms, subject_id, subject_name)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![id, rule, severity, threshold, value, fired_ms, subject_id, subject_name],
    )?;
    let old = "DELETE FROM alert WHERE ended_ms IS NOT NULL
                AND id <= (SELECT id FROM alert WHERE ended_ms IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET ?1)";
    tx.execute(old, [HISTORY_MAX]).map(drop)
}

pub fn end(tx: &Tx<'_>, rule: RuleName, subject: Option<Uuid>, at_ms: i64) -> Result<()> {
    let over = "UPDATE alert SET ended_ms = ?3 WHERE rule = ?1 AND subject_id IS ?2 AND ended_ms IS NULL";
    tx.execute(over, params![rule, subject, at_ms]).map(drop)
}

/// Who saw it first stays who saw it.
pub fn acknowledge(tx: &Tx<'_>, id: Uuid, at_ms: i64, by: AccountId, name: &str) -> Result<()> {
    tx.execute(
        "UPDATE alert SET acked_ms = ?2, acked_by = ?3, acked_name = ?4 WHERE id = ?1 AND acked_ms IS NULL",
        params![id, at_ms, by, name],
    )
    .map(drop)
}

pub fn changes(conn: &Connection) -> Result<HashMap<RuleName, Change>> {
    conn.prepare_cached("SELECT name, is_off, threshold, for_s FROM alert_rule")?
        .query_map([], |row| {
            Ok((row.get(0)?, Change { off: row.get(1)?, threshold: row.get(2)?, for_s: row.get(3)? }))
        })?
        .collect()
}

pub fn change(tx: &Tx<'_>, name: RuleName, change: Change) -> Result<()> {
    tx.execute(
        "INSERT INTO alert_rule (name, is_off, threshold, for_s) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name) DO UPDATE SET is_off = excluded.is_off, threshold = excluded.threshold, for_s = excluded.for_s",
        params![name, change.off, change.threshold, change.for_s],
    )
    .map(drop)
}
