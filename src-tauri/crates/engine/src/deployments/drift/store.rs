//! The only SQL for what Comandas said of their settings.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result};
use uuid::Uuid;

use super::model::{DriftTrouble, Said};
use crate::deployments::store::deployment;
use crate::outward::Reason;

/// What became of asking.
pub struct Asked {
    /// Where it was asked.
    pub address: String,
    pub at_ms: i64,
    pub said: std::result::Result<Said, (DriftTrouble, Option<Reason>)>,
}

/// What is known of one.
pub struct Known {
    pub asked_ms: i64,
    pub trouble: Option<DriftTrouble>,
    pub reason: Option<Reason>,
    pub seen: Option<(i64, Said)>,
    /// When, what, and who; nobody: it is what was said first.
    pub accepted: Option<(i64, Said, Option<String>)>,
}

pub fn asked_ms(conn: &Connection, id: Uuid) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT asked_ms FROM deployment_settings WHERE deployment_id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()
}

pub fn known(conn: &Connection, id: Uuid) -> Result<Option<Known>> {
    let read = |text: Option<String>| text.and_then(|text| serde_json::from_str::<Said>(&text).ok());
    conn.prepare_cached(
        "SELECT asked_ms, trouble, reason, seen_ms, seen, accepted_ms, accepted, accepted_by FROM deployment_settings
          WHERE deployment_id = ?1",
    )?
    .query_row([id], |row| {
        let (accepted_ms, accepted, by) = (row.get::<_, Option<i64>>(5)?, read(row.get(6)?), row.get(7)?);
        Ok(Known {
            asked_ms: row.get(0)?,
            trouble: row.get(1)?,
            reason: row.get(2)?,
            seen: row.get::<_, Option<i64>>(3)?.zip(read(row.get(4)?)),
            accepted: accepted_ms.zip(accepted).map(|(at_ms, said)| (at_ms, said, by)),
        })
    })
    .optional()
}

/// False: nobody watches that address any more. What is said first is accepted.
pub fn record(tx: &Tx<'_>, id: Uuid, asked: &Asked) -> Result<bool> {
    if deployment(tx.conn(), id)?.is_none_or(|of| of.address != asked.address) {
        return Ok(false);
    }
    match &asked.said {
        Ok(said) => tx.execute(
            "INSERT INTO deployment_settings (deployment_id, asked_ms, seen_ms, seen, accepted_ms, accepted)
                  VALUES (?1, ?2, ?2, ?3, ?2, ?3)
             ON CONFLICT (deployment_id) DO UPDATE
                SET asked_ms = ?2, trouble = NULL, reason = NULL, seen_ms = ?2, seen = ?3,
                    accepted_ms = coalesce(accepted_ms, ?2), accepted = coalesce(accepted, ?3)",
            (id, asked.at_ms, serde_json::to_string(said).unwrap_or_default()),
        )?,
        Err((trouble, reason)) => tx.execute(
            "INSERT INTO deployment_settings (deployment_id, asked_ms, trouble, reason) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (deployment_id) DO UPDATE SET asked_ms = ?2, trouble = ?3, reason = ?4",
            (id, asked.at_ms, trouble, reason),
        )?,
    };
    Ok(true)
}

/// Accepts what was seen at that moment. False: it has been asked again meanwhile, or has never answered.
pub fn accept(tx: &Tx<'_>, id: Uuid, seen_ms: i64, at_ms: i64, by: &str) -> Result<bool> {
    let accepted = "UPDATE deployment_settings SET accepted_ms = ?3, accepted = seen, accepted_by = ?4
                     WHERE deployment_id = ?1 AND seen_ms = ?2";
    Ok(tx.execute(accepted, (id, seen_ms, at_ms, by))? > 0)
}

pub fn forget(tx: &Tx<'_>, id: Uuid) -> Result<usize> {
    tx.execute("DELETE FROM deployment_settings WHERE deployment_id = ?1", [id])
}
