//! SQL for the spare: who it is, what it holds, and what becomes of it all at a take-over.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::Person;
use crate::kernel::ids::{AccountId, RestaurantId, StaffId};
use crate::sync::spare::{Known, Standing};

/// The linked device that would take over, and what this engine then is there.
#[derive(Clone)]
pub struct Spare {
    pub restaurant_id: RestaurantId,
    pub device_id: Uuid,
    pub address: Option<String>,
    /// This engine's bearer token there.
    pub key: String,
    pub seal: [u8; 32],
    pub since_ms: i64,
    /// It is the spare no more, and may not have heard of that.
    pub ended: bool,
}

/// Those that are or were the spare since this engine is the sequencer; the one that is comes first.
pub fn spares(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<Vec<Spare>> {
    conn.prepare_cached(
        "SELECT device_id, address, key, seal, since_ms, ended FROM sync_spare WHERE restaurant_id = ?1 ORDER BY ended",
    )?
    .query_map([restaurant], |row| {
        Ok(Spare {
            restaurant_id: restaurant,
            device_id: row.get(0)?,
            address: row.get(1)?,
            key: row.get(2)?,
            seal: row.get(3)?,
            since_ms: row.get(4)?,
            ended: row.get(5)?,
        })
    })?
    .collect()
}

pub fn spare(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<Option<Spare>> {
    Ok(spares(conn, restaurant)?.into_iter().find(|spare| !spare.ended))
}

/// Who was it before is one that was.
pub fn set_spare(tx: &Tx<'_>, spare: &Spare) -> rusqlite::Result<()> {
    end_spare(tx, spare.restaurant_id)?;
    tx.execute(
        "INSERT INTO sync_spare (restaurant_id, device_id, address, key, seal, since_ms, ended)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
         ON CONFLICT (restaurant_id, device_id) DO UPDATE SET since_ms = excluded.since_ms, ended = 0",
        params![spare.restaurant_id, spare.device_id, spare.address, spare.key, spare.seal, spare.since_ms],
    )
    .map(drop)
}

pub fn set_spare_address(
    tx: &Tx<'_>,
    restaurant: RestaurantId,
    device: Uuid,
    address: Option<&str>,
) -> rusqlite::Result<()> {
    let sql = "UPDATE sync_spare SET address = ?3 WHERE restaurant_id = ?1 AND device_id = ?2";
    tx.execute(sql, (restaurant, device, address)).map(drop)
}

pub fn end_spare(tx: &Tx<'_>, restaurant: RestaurantId) -> rusqlite::Result<()> {
    tx.execute("UPDATE sync_spare SET ended = 1 WHERE restaurant_id = ?1", [restaurant]).map(drop)
}

/// Nothing where another device is the spare.
pub fn end_spare_at(tx: &Tx<'_>, restaurant: RestaurantId, device: Uuid) -> rusqlite::Result<()> {
    let sql = "UPDATE sync_spare SET ended = 1 WHERE restaurant_id = ?1 AND device_id = ?2";
    tx.execute(sql, (restaurant, device)).map(drop)
}

/// This engine is the sequencer no more.
pub fn forget_spares(tx: &Tx<'_>, restaurant: RestaurantId) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM sync_spare WHERE restaurant_id = ?1", [restaurant]).map(drop)
}

pub fn seal(conn: &Connection, restaurant: RestaurantId, device: Uuid) -> rusqlite::Result<Option<[u8; 32]>> {
    conn.prepare_cached("SELECT key FROM sync_seal WHERE restaurant_id = ?1 AND device_id = ?2")?
        .query_row((restaurant, device), |row| row.get(0))
        .optional()
}

pub fn set_seal(tx: &Tx<'_>, restaurant: RestaurantId, device: Uuid, seal: &[u8; 32]) -> rusqlite::Result<()> {
    tx.execute("INSERT INTO sync_seal (restaurant_id, device_id, key) VALUES (?1, ?2, ?3)", (restaurant, device, seal))
        .map(drop)
}

/// A device goes on under another id, and is what it was.
pub fn follow_device(tx: &Tx<'_>, restaurant: RestaurantId, before: Uuid, now: Uuid) -> rusqlite::Result<()> {
    for table in ["sync_seal", "sync_spare"] {
        let sql = format!("UPDATE {table} SET device_id = ?3 WHERE restaurant_id = ?1 AND device_id = ?2");
        tx.execute(&sql, (restaurant, before, now))?;
    }
    Ok(())
}

/// Whether a device may still ask, and what it has in common with this engine.
pub fn asking(conn: &Connection, restaurant: RestaurantId, device: Uuid) -> rusqlite::Result<Option<[u8; 32]>> {
    conn.prepare_cached(
        "SELECT s.key FROM sync_device d JOIN sync_seal s ON s.restaurant_id = d.restaurant_id AND s.device_id = d.id
         WHERE d.restaurant_id = ?1 AND d.id = ?2 AND d.revoked_ms IS NULL",
    )?
    .query_row((restaurant, device), |row| row.get(0))
    .optional()
}

/// Every device there ever was, in the order of their letters.
pub fn known(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<Vec<Known>> {
    conn.prepare_cached(
        "SELECT d.id, d.lease, d.name, d.key_hash, s.key, d.made_ms, d.revoked_ms FROM sync_device d
         LEFT JOIN sync_seal s ON s.restaurant_id = d.restaurant_id AND s.device_id = d.id
         WHERE d.restaurant_id = ?1 ORDER BY d.lease",
    )?
    .query_map([restaurant], |row| {
        Ok(Known {
            id: row.get(0)?,
            lease: row.get(1)?,
            name: row.get(2)?,
            key_hash: row.get(3)?,
            seal: row.get(4)?,
            made_ms: row.get(5)?,
            revoked_ms: row.get(6)?,
        })
    })?
    .collect()
}

/// What a spare holds: the body, and since when.
pub fn standing(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<Option<(Vec<u8>, i64)>> {
    conn.prepare_cached("SELECT body, taken_ms FROM sync_standing WHERE restaurant_id = ?1")?
        .query_row([restaurant], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
}

pub fn set_standing(tx: &Tx<'_>, restaurant: RestaurantId, body: &[u8], taken_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO sync_standing (restaurant_id, body, taken_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT (restaurant_id) DO UPDATE SET body = excluded.body, taken_ms = excluded.taken_ms",
        (restaurant, body, taken_ms),
    )
    .map(drop)
}

pub fn delete_standing(tx: &Tx<'_>, restaurant: RestaurantId) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM sync_standing WHERE restaurant_id = ?1", [restaurant]).map(drop)
}

pub fn set_link_spare(tx: &Tx<'_>, restaurant: RestaurantId, address: Option<&str>) -> rusqlite::Result<()> {
    tx.execute("UPDATE sync_link SET spare = ?2 WHERE restaurant_id = ?1", (restaurant, address)).map(drop)
}

pub fn set_own_address(tx: &Tx<'_>, restaurant: RestaurantId, address: Option<&str>) -> rusqlite::Result<()> {
    tx.execute("UPDATE sync_link SET own_address = ?2 WHERE restaurant_id = ?1", (restaurant, address)).map(drop)
}

/// The letters of an engine that took over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Own {
    pub epoch: u64,
    pub lease: u64,
    pub floor: u64,
}

pub fn own(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<Option<Own>> {
    conn.prepare_cached("SELECT epoch, lease, lease_floor FROM sync_own WHERE restaurant_id = ?1")?
        .query_row([restaurant], |row| Ok(Own { epoch: row.get(0)?, lease: row.get(1)?, floor: row.get(2)? }))
        .optional()
}

/// This engine is the sequencer now: the devices are those of the former one, and its own link ends.
pub fn succeed(tx: &Tx<'_>, restaurant: RestaurantId, own: Own, standing: &Standing) -> rusqlite::Result<()> {
    for table in ["sync_device", "sync_seal", "sync_spare", "sync_standing", "sync_link"] {
        tx.execute(&format!("DELETE FROM {table} WHERE restaurant_id = ?1"), [restaurant])?;
    }
    for known in &standing.devices {
        tx.execute(
            "INSERT INTO sync_device (restaurant_id, id, lease, name, key_hash, made_ms, contact_ms, revoked_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
            params![restaurant, known.id, known.lease, known.name, known.key_hash, known.made_ms, known.revoked_ms],
        )?;
        if let Some(seal) = &known.seal {
            set_seal(tx, restaurant, known.id, seal)?;
        }
    }
    tx.execute(
        "INSERT INTO sync_own (restaurant_id, epoch, lease, lease_floor) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (restaurant_id) DO UPDATE SET epoch = excluded.epoch, lease = excluded.lease,
           lease_floor = excluded.lease_floor",
        (restaurant, own.epoch, own.lease, own.floor),
    )
    .map(drop)
}

/// Whether this disk's own take-over began the epoch it is in.
pub fn began(conn: &Connection, epoch: u64, device: Uuid) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM take_over WHERE epoch = ?1 AND device = ?2)")?
        .query_row((epoch, device), |row| row.get(0))
}

/// Above which position everything of an earlier epoch has to come again. None: the sequencer did not change.
pub fn fork_since(conn: &Connection, epoch: u64) -> rusqlite::Result<Option<u64>> {
    conn.prepare_cached("SELECT min(position) FROM take_over WHERE epoch > ?1")?.query_row([epoch], |row| row.get(0))
}

pub fn record_take_over(
    tx: &Tx<'_>,
    epoch: u64,
    position: u64,
    device: Uuid,
    letters: &str,
    at_ms: i64,
) -> rusqlite::Result<()> {
    // The same epoch twice is two who took over at once: the lower fork leaves nothing out.
    tx.execute(
        "INSERT INTO take_over (epoch, position, device, letters, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (epoch) DO UPDATE SET position = min(position, excluded.position)",
        (epoch, position, device, letters, at_ms),
    )
    .map(drop)
}

/// Somebody's password as the sequencer has it; who was logged in with another one is so no longer.
pub fn keep_password(tx: &Tx<'_>, person: &Person) -> rusqlite::Result<()> {
    let Some(hash) = &person.password else { return Ok(()) };
    let changed = tx.execute(
        "INSERT INTO password (account_id, hash) VALUES (?1, ?2)
         ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash WHERE hash <> excluded.hash",
        (person.id, hash),
    )?;
    if changed > 0 {
        tx.execute("DELETE FROM session WHERE account_id = ?1", [person.id])?;
    }
    Ok(())
}

/// Which of these people have no log-in here.
pub fn strangers(conn: &Connection, people: &[AccountId]) -> rusqlite::Result<Vec<AccountId>> {
    let mut known = conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM account WHERE id = ?1)")?;
    let mut strangers = Vec::new();
    for id in people {
        if !known.query_row([id], |row| row.get::<_, bool>(0))? {
            strangers.push(*id);
        }
    }
    Ok(strangers)
}

/// The PINs as the sequencer has them, and no others.
pub fn keep_pins(tx: &Tx<'_>, pins: &[(StaffId, Vec<u8>)], salt: Option<[u8; 16]>) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM pin", [])?;
    if let Some(salt) = salt {
        tx.execute(
            "INSERT INTO pin_salt (one, salt) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET salt = excluded.salt",
            [salt],
        )?;
    }
    for (id, hash) in pins {
        tx.execute("INSERT INTO pin (staff_id, hash) VALUES (?1, ?2)", (id, hash))?;
    }
    Ok(())
}
