//! SQL for second factors and recovery codes.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension};

use super::model::Kept;
use crate::kernel::ids::AccountId;

/// Somebody's second factor.
#[derive(Debug, Clone, Copy)]
pub struct Factor {
    pub secret: Kept,
    /// None: the authenticator has not proved yet that it has the secret.
    pub since_ms: Option<i64>,
    pub recovery_left: u32,
}

pub fn of(conn: &Connection, id: AccountId) -> rusqlite::Result<Option<Factor>> {
    conn.prepare_cached(
        "SELECT secret, since_ms, (SELECT COUNT(*) FROM recovery_code r WHERE r.account_id = f.account_id)
           FROM second_factor f WHERE account_id = ?1",
    )?
    .query_row([id], |row| Ok(Factor { secret: row.get(0)?, since_ms: row.get(1)?, recovery_left: row.get(2)? }))
    .optional()
}

/// A secret that is not on yet, in place of another one that is not.
pub fn begin(tx: &Tx<'_>, id: AccountId, secret: &Kept) -> rusqlite::Result<bool> {
    let begun = tx.execute(
        "INSERT INTO second_factor (account_id, secret, last_step) VALUES (?1, ?2, 0)
         ON CONFLICT (account_id) DO UPDATE SET secret = ?2 WHERE since_ms IS NULL",
        (id, secret),
    )?;
    Ok(begun > 0)
}

/// Takes a code's step once. False: it was used before.
pub fn use_step(tx: &Tx<'_>, id: AccountId, step: u64) -> rusqlite::Result<bool> {
    let used = tx.execute(
        "UPDATE second_factor SET last_step = ?2 WHERE account_id = ?1 AND last_step < ?2",
        (id, i64::try_from(step).unwrap_or(i64::MAX)),
    )?;
    Ok(used > 0)
}

/// Takes a recovery code. False: there is none such, or it was used before.
pub fn use_recovery(tx: &Tx<'_>, id: AccountId, hash: &[u8; 32]) -> rusqlite::Result<bool> {
    let used = tx.execute("DELETE FROM recovery_code WHERE account_id = ?1 AND hash = ?2", (id, hash))?;
    Ok(used > 0)
}

pub fn switch_on(tx: &Tx<'_>, id: AccountId, now_ms: i64) -> rusqlite::Result<()> {
    tx.execute("UPDATE second_factor SET since_ms = ?2 WHERE account_id = ?1", (id, now_ms)).map(drop)
}

/// Other recovery codes in place of those there were.
pub fn set_recovery(tx: &Tx<'_>, id: AccountId, hashes: &[[u8; 32]]) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM recovery_code WHERE account_id = ?1", [id])?;
    for hash in hashes {
        tx.execute("INSERT INTO recovery_code (account_id, hash) VALUES (?1, ?2)", (id, hash))?;
    }
    Ok(())
}

/// Returns whether there was one.
pub fn forget(tx: &Tx<'_>, id: AccountId) -> rusqlite::Result<bool> {
    tx.execute("DELETE FROM recovery_code WHERE account_id = ?1", [id])?;
    Ok(tx.execute("DELETE FROM second_factor WHERE account_id = ?1", [id])? > 0)
}
