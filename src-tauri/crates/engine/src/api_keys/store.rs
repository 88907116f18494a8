//! SQL for API keys.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use super::model::{KEYS_MAX, Tier};
use crate::kernel::ids::{AccountId, RestaurantId};
use crate::staff::model::Permission;

/// A key, without the key itself.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: Uuid,
    pub restaurant_id: RestaurantId,
    /// Who made it, in whose name it acts.
    pub account_id: AccountId,
    pub name: String,
    pub hint: String,
    pub tier: Tier,
    pub scopes: Vec<Permission>,
    pub made_ms: i64,
    /// None: it does not end by itself.
    pub expires_ms: Option<i64>,
    /// To the minute.
    pub used_ms: Option<i64>,
    /// Since when it opens nothing, because it came back from a backup and may have been revoked since.
    pub paused_ms: Option<i64>,
}

const COLUMNS: &str =
    "id, restaurant_id, account_id, name, hint, tier, scopes, made_ms, expires_ms, used_ms, paused_ms";

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        id: row.get(0)?,
        restaurant_id: row.get(1)?,
        account_id: row.get(2)?,
        name: row.get(3)?,
        hint: row.get(4)?,
        tier: row.get(5)?,
        scopes: permissions(&row.get::<_, String>(6)?),
        made_ms: row.get(7)?,
        expires_ms: row.get(8)?,
        used_ms: row.get(9)?,
        paused_ms: row.get(10)?,
    })
}

/// A word this version does not know permits nothing.
fn permissions(words: &str) -> Vec<Permission> {
    let known = |word: &str| Permission::ALL.iter().copied().find(|permission| permission.as_str() == word);
    words.split(' ').filter_map(known).collect()
}

fn words(permissions: &[Permission]) -> String {
    permissions.iter().map(|permission| permission.as_str()).collect::<Vec<_>>().join(" ")
}

/// Of a restaurant, the newest first.
pub fn of_restaurant(conn: &Connection, restaurant_id: RestaurantId) -> rusqlite::Result<Vec<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM api_key WHERE restaurant_id = ?1 ORDER BY made_ms DESC, id DESC");
    conn.prepare_cached(&sql)?.query_map([restaurant_id], kept)?.collect()
}

pub fn by_hash(conn: &Connection, hash: &[u8; 32]) -> rusqlite::Result<Option<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM api_key WHERE key_hash = ?1");
    conn.prepare_cached(&sql)?.query_row([hash], kept).optional()
}

pub fn name(conn: &Connection, id: Uuid) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached("SELECT name FROM api_key WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()
}

/// What came of keeping a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Insert {
    Done,
    /// The same request made it before.
    MadeBefore,
    NameTaken,
    TooMany,
}

pub fn insert(tx: &Tx<'_>, key: &Kept, hash: &[u8; 32]) -> rusqlite::Result<Insert> {
    let (before, same_name, count): (bool, bool, u64) = tx.conn().query_row(
        "SELECT EXISTS (SELECT 1 FROM api_key WHERE id = ?2),
                EXISTS (SELECT 1 FROM api_key WHERE restaurant_id = ?1 AND name = ?3 COLLATE NOCASE),
                (SELECT COUNT(*) FROM api_key WHERE restaurant_id = ?1)",
        (key.restaurant_id, key.id, &key.name),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    match (before, same_name) {
        (true, _) => return Ok(Insert::MadeBefore),
        (false, true) => return Ok(Insert::NameTaken),
        (false, false) if count >= KEYS_MAX => return Ok(Insert::TooMany),
        (false, false) => {}
    }
    let Kept { id, restaurant_id, account_id, name, hint, tier, scopes, made_ms, expires_ms, used_ms, paused_ms } = key;
    let sql = format!("INSERT INTO api_key ({COLUMNS}, key_hash) VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)");
    let scopes = words(scopes);
    let row = (id, restaurant_id, account_id, name, hint, tier, scopes, made_ms, expires_ms, used_ms, paused_ms, hash);
    tx.execute(&sql, row)?;
    Ok(Insert::Done)
}

/// Returns whether there was one.
pub fn delete(tx: &Tx<'_>, restaurant_id: RestaurantId, id: Uuid) -> rusqlite::Result<bool> {
    let deleted = tx.execute("DELETE FROM api_key WHERE restaurant_id = ?1 AND id = ?2", (restaurant_id, id))?;
    Ok(deleted > 0)
}

/// Lets a paused key open again. Returns it, if there is one.
pub fn resume(tx: &Tx<'_>, restaurant_id: RestaurantId, id: Uuid) -> rusqlite::Result<Option<Kept>> {
    tx.execute("UPDATE api_key SET paused_ms = NULL WHERE restaurant_id = ?1 AND id = ?2", (restaurant_id, id))?;
    let sql = format!("SELECT {COLUMNS} FROM api_key WHERE restaurant_id = ?1 AND id = ?2");
    tx.conn().prepare_cached(&sql)?.query_row((restaurant_id, id), kept).optional()
}

pub fn note_use(tx: &Tx<'_>, id: Uuid, now_ms: i64) -> rusqlite::Result<()> {
    tx.execute("UPDATE api_key SET used_ms = ?2 WHERE id = ?1", (id, now_ms)).map(drop)
}
