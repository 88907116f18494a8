//! The only SQL for deployments: the register, answers of a day, hours of ninety, outages.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::latency::Latency;
use super::model::{DEPLOYMENTS_MAX, Environment, Kind, Standing, State};
use super::{drift, trigger};
use crate::outward::Reason;

const HOUR_MS: i64 = 60 * 60 * 1000;
pub const DAY_MS: i64 = 24 * HOUR_MS;
/// Every answer is kept this long,
const PROBES_LIVE_MS: i64 = DAY_MS + HOUR_MS;
/// hours and outages this long.
const HOURS_LIVE_MS: i64 = 90 * DAY_MS;

/// A line of the register.
#[derive(Debug, Clone)]
pub struct Deployment {
    pub id: Uuid,
    pub name: String,
    pub kind: Kind,
    pub address: String,
    pub environment: Environment,
    pub tags: Vec<String>,
    pub every_s: u32,
    pub made_ms: i64,
    pub standing: Standing,
    pub version: Option<String>,
    pub expires_ms: Option<i64>,
}

macro_rules! deployment_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, kind, address, environment, tags, every_s, made_ms, state, since_ms, against, against_ms,
                    version, expires_ms FROM deployment ",
            $rest
        )
    };
}

fn deployment_row(row: &Row<'_>) -> Result<Deployment> {
    let tags: String = row.get(5)?;
    Ok(Deployment {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: row.get(2)?,
        address: row.get(3)?,
        environment: row.get(4)?,
        tags: serde_json::from_str(&tags).unwrap_or_default(),
        every_s: row.get(6)?,
        made_ms: row.get(7)?,
        standing: Standing {
            state: row.get(8)?,
            since_ms: row.get(9)?,
            against: row.get(10)?,
            against_ms: row.get(11)?,
        },
        version: row.get(12)?,
        expires_ms: row.get(13)?,
    })
}

pub fn deployments(conn: &Connection) -> Result<Vec<Deployment>> {
    conn.prepare_cached(deployment_sql!("ORDER BY name_key"))?.query_map([], deployment_row)?.collect()
}

pub fn deployment(conn: &Connection, id: Uuid) -> Result<Option<Deployment>> {
    conn.prepare_cached(deployment_sql!("WHERE id = ?1"))?.query_row([id], deployment_row).optional()
}

/// What keeps a line out of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Fine,
    NameTaken,
    TooMany,
    Unknown,
}

fn is_taken(conn: &Connection, id: Uuid, name: &str) -> Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM deployment WHERE name_key = ?1 AND id <> ?2)")?
        .query_row((name.to_lowercase(), id), |row| row.get(0))
}

pub fn insert(tx: &Tx<'_>, new: &Deployment) -> Result<Kept> {
    let count: i64 = tx.conn().prepare_cached("SELECT count(*) FROM deployment")?.query_row([], |row| row.get(0))?;
    if count >= DEPLOYMENTS_MAX {
        return Ok(Kept::TooMany);
    }
    if is_taken(tx.conn(), new.id, &new.name)? {
        return Ok(Kept::NameTaken);
    }
    tx.execute(
        "INSERT INTO deployment (id, name, name_key, kind, address, environment, tags, every_s, made_ms, state, against)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 0)",
        rusqlite::params![
            new.id,
            new.name,
            new.name.to_lowercase(),
            new.kind,
            new.address,
            new.environment,
            tags(new),
            new.every_s,
            new.made_ms,
            State::Unknown
        ],
    )?;
    Ok(Kept::Fine)
}

fn tags(of: &Deployment) -> String {
    serde_json::to_string(&of.tags).unwrap_or_default()
}

/// What a person may change. At another address nothing is known of it any more.
pub fn update(tx: &Tx<'_>, changed: &Deployment) -> Result<Kept> {
    let Some(before) = deployment(tx.conn(), changed.id)? else { return Ok(Kept::Unknown) };
    if is_taken(tx.conn(), changed.id, &changed.name)? {
        return Ok(Kept::NameTaken);
    }
    tx.execute(
        "UPDATE deployment SET name = ?2, name_key = ?3, address = ?4, environment = ?5, tags = ?6, every_s = ?7
          WHERE id = ?1",
        rusqlite::params![
            changed.id,
            changed.name,
            changed.name.to_lowercase(),
            changed.address,
            changed.environment,
            tags(changed),
            changed.every_s
        ],
    )?;
    if before.address != changed.address {
        forget(tx, changed.id)?;
        tx.execute(
            "UPDATE deployment SET state = ?2, since_ms = NULL, against = 0, against_ms = NULL, version = NULL,
                    expires_ms = NULL WHERE id = ?1",
            (changed.id, State::Unknown),
        )?;
    }
    Ok(Kept::Fine)
}

fn forget(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    tx.execute("DELETE FROM deployment_probe WHERE deployment_id = ?1", [id])?;
    tx.execute("DELETE FROM deployment_hour WHERE deployment_id = ?1", [id])?;
    tx.execute("DELETE FROM deployment_outage WHERE deployment_id = ?1", [id])?;
    drift::store::forget(tx, id)?;
    Ok(())
}

/// How many there were: none or one.
pub fn delete(tx: &Tx<'_>, id: Uuid) -> Result<usize> {
    forget(tx, id)?;
    trigger::delete(tx, id)?;
    tx.execute("DELETE FROM deployment WHERE id = ?1", [id])
}

/// One answer, or that there was none.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DeploymentProbe)]
pub struct Probe {
    pub at_ms: i64,
    pub good: bool,
    /// Until the answer was whole, or nobody waited any more. In microseconds.
    pub took_us: u64,
    /// Null: there was no answer.
    pub status: Option<u16>,
    /// Null: it is good.
    pub reason: Option<Reason>,
}

/// What a probe found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub probe: Probe,
    /// The address it asked.
    pub address: String,
    pub version: Option<String>,
    pub expires_ms: Option<i64>,
}

/// Writes an answer down. False: nobody watches that address any more.
pub fn record(tx: &Tx<'_>, id: Uuid, found: &Found) -> Result<bool> {
    let Some(of) = deployment(tx.conn(), id)?.filter(|of| of.address == found.address) else { return Ok(false) };
    let Probe { at_ms, good, took_us, status, reason } = found.probe;
    let next = of.standing.after(good, at_ms);
    if next.state != of.standing.state {
        let since_ms = next.since_ms.unwrap_or(at_ms);
        if next.state == State::Down {
            tx.execute(
                "INSERT OR IGNORE INTO deployment_outage (deployment_id, from_ms, reason, status) VALUES (?1, ?2, ?3, ?4)",
                (id, since_ms, reason, status),
            )?;
        } else {
            let over = "UPDATE deployment_outage SET to_ms = ?2 WHERE deployment_id = ?1 AND to_ms IS NULL";
            tx.execute(over, (id, since_ms))?;
        }
    }
    tx.execute(
        "UPDATE deployment SET state = ?2, since_ms = ?3, against = ?4, against_ms = ?5, version = coalesce(?6, version),
                expires_ms = coalesce(?7, expires_ms) WHERE id = ?1",
        (id, next.state, next.since_ms, next.against, next.against_ms, &found.version, found.expires_ms),
    )?;
    tx.execute(
        "INSERT OR IGNORE INTO deployment_probe (deployment_id, at_ms, good, took_us, status, reason)
              VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (id, at_ms, good, took_us, status, reason),
    )?;
    add_to_hour(tx, id, &found.probe)?;
    let old = "DELETE FROM deployment_probe WHERE deployment_id = ?1 AND at_ms < ?2";
    tx.execute(old, (id, at_ms - PROBES_LIVE_MS))?;
    let old = "DELETE FROM deployment_hour WHERE deployment_id = ?1 AND hour_ms < ?2";
    tx.execute(old, (id, at_ms - HOURS_LIVE_MS))?;
    let old = "DELETE FROM deployment_outage WHERE deployment_id = ?1 AND to_ms < ?2";
    tx.execute(old, (id, at_ms - HOURS_LIVE_MS))?;
    Ok(true)
}

fn add_to_hour(tx: &Tx<'_>, id: Uuid, probe: &Probe) -> Result<()> {
    let hour_ms = probe.at_ms - probe.at_ms.rem_euclid(HOUR_MS);
    let of = "SELECT latency FROM deployment_hour WHERE deployment_id = ?1 AND hour_ms = ?2";
    let before: Option<Vec<u8>> =
        tx.conn().prepare_cached(of)?.query_row((id, hour_ms), |row| row.get(0)).optional()?;
    let mut latency = before.as_deref().and_then(Latency::read).unwrap_or_default();
    if probe.good {
        latency.record(probe.took_us);
    }
    tx.execute(
        "INSERT INTO deployment_hour (deployment_id, hour_ms, probes, good, latency) VALUES (?1, ?2, 1, ?3, ?4)
         ON CONFLICT (deployment_id, hour_ms)
         DO UPDATE SET probes = probes + 1, good = good + excluded.good, latency = excluded.latency",
        (id, hour_ms, probe.good, latency.bytes()),
    )?;
    Ok(())
}

/// Newest first.
pub fn probes(conn: &Connection, id: Uuid, from_ms: i64, limit: u32) -> Result<Vec<Probe>> {
    conn.prepare_cached(
        "SELECT at_ms, good, took_us, status, reason FROM deployment_probe
          WHERE deployment_id = ?1 AND at_ms >= ?2 ORDER BY at_ms DESC LIMIT ?3",
    )?
    .query_map((id, from_ms, limit), |row| {
        Ok(Probe {
            at_ms: row.get(0)?,
            good: row.get(1)?,
            took_us: row.get(2)?,
            status: row.get(3)?,
            reason: row.get(4)?,
        })
    })?
    .collect()
}

/// What is known of one hour.
pub struct Hour {
    pub hour_ms: i64,
    pub probes: u64,
    pub good: u64,
    pub latency: Latency,
}

/// Oldest first.
pub fn hours(conn: &Connection, id: Uuid, from_ms: i64) -> Result<Vec<Hour>> {
    conn.prepare_cached(
        "SELECT hour_ms, probes, good, latency FROM deployment_hour
          WHERE deployment_id = ?1 AND hour_ms >= ?2 ORDER BY hour_ms",
    )?
    .query_map((id, from_ms - from_ms.rem_euclid(HOUR_MS)), |row| {
        let latency: Vec<u8> = row.get(3)?;
        let latency = Latency::read(&latency).unwrap_or_default();
        Ok(Hour { hour_ms: row.get(0)?, probes: row.get(1)?, good: row.get(2)?, latency })
    })?
    .collect()
}

/// A time it was down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeploymentOutage)]
pub struct Outage {
    /// The first bad answer.
    pub from_ms: i64,
    /// Null: it is down now.
    pub to_ms: Option<i64>,
    pub reason: Option<Reason>,
    pub status: Option<u16>,
}

/// Newest first.
pub fn outages(conn: &Connection, id: Uuid, limit: u32) -> Result<Vec<Outage>> {
    conn.prepare_cached(
        "SELECT from_ms, to_ms, reason, status FROM deployment_outage
          WHERE deployment_id = ?1 ORDER BY from_ms DESC LIMIT ?2",
    )?
    .query_map((id, limit), |row| {
        Ok(Outage { from_ms: row.get(0)?, to_ms: row.get(1)?, reason: row.get(2)?, status: row.get(3)? })
    })?
    .collect()
}
