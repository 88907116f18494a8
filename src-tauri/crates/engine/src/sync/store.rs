//! SQL for linked devices, for this engine's own links, and for what is handed over at linking.

pub mod spare;

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::handover::Person;
use crate::kernel::ids::{AccountId, RestaurantId, StaffId};

/// A device that is linked to a restaurant of this engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub restaurant_id: RestaurantId,
    pub id: Uuid,
    pub lease: u64,
    pub name: String,
    pub made_ms: i64,
    pub contact_ms: i64,
    pub revoked_ms: Option<i64>,
}

const DEVICE: &str = "SELECT restaurant_id, id, lease, name, made_ms, contact_ms, revoked_ms FROM sync_device";

fn device_row(row: &Row<'_>) -> rusqlite::Result<Device> {
    Ok(Device {
        restaurant_id: row.get(0)?,
        id: row.get(1)?,
        lease: row.get(2)?,
        name: row.get(3)?,
        made_ms: row.get(4)?,
        contact_ms: row.get(5)?,
        revoked_ms: row.get(6)?,
    })
}

pub fn device_by_key(conn: &Connection, key_hash: &[u8; 32]) -> rusqlite::Result<Option<Device>> {
    conn.prepare_cached(&format!("{DEVICE} WHERE key_hash = ?1"))?.query_row([key_hash], device_row).optional()
}

/// Those that are linked or were revoked, in the order they came.
pub fn devices(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<Vec<Device>> {
    conn.prepare_cached(&format!("{DEVICE} WHERE restaurant_id = ?1 AND key_hash IS NOT NULL ORDER BY lease"))?
        .query_map([restaurant], device_row)?
        .collect()
}

/// The numbers of all letters that were ever leased, or may have been.
pub fn leased(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<Vec<u64>> {
    let leased = conn
        .prepare_cached("SELECT lease FROM sync_device WHERE restaurant_id = ?1")?
        .query_map([restaurant], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<u64>>>()?;
    // After a take-over, those the former sequencer may have leased count too.
    let floor = spare::own(conn, restaurant)?.map_or(0, |own| own.floor);
    Ok((1..=floor).filter(|number| !leased.contains(number)).chain(leased.iter().copied()).collect())
}

/// How many devices there ever were.
pub fn device_count(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<usize> {
    conn.prepare_cached("SELECT count(*) FROM sync_device WHERE restaurant_id = ?1")?
        .query_row([restaurant], |row| row.get(0))
}

pub fn insert_device(tx: &Tx<'_>, device: &Device, key_hash: &[u8; 32]) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO sync_device (restaurant_id, id, lease, name, key_hash, made_ms, contact_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            device.restaurant_id,
            device.id,
            device.lease,
            device.name,
            key_hash,
            device.made_ms,
            device.contact_ms
        ],
    )
    .map(drop)
}

/// A device goes on under another id: the old one keeps its letters and has no key any more.
pub fn retire_device(tx: &Tx<'_>, restaurant: RestaurantId, id: Uuid) -> rusqlite::Result<()> {
    let sql = "UPDATE sync_device SET key_hash = NULL WHERE restaurant_id = ?1 AND id = ?2";
    tx.execute(sql, (restaurant, id)).map(drop)
}

/// False: there is no such device.
pub fn revoke_device(tx: &Tx<'_>, restaurant: RestaurantId, id: Uuid, at_ms: i64) -> rusqlite::Result<bool> {
    let sql = "UPDATE sync_device SET revoked_ms = COALESCE(revoked_ms, ?3)
                WHERE restaurant_id = ?1 AND id = ?2 AND key_hash IS NOT NULL";
    spare::end_spare_at(tx, restaurant, id)?;
    Ok(tx.execute(sql, (restaurant, id, at_ms))? > 0)
}

pub fn set_contact(tx: &Tx<'_>, restaurant: RestaurantId, id: Uuid, at_ms: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE sync_device SET contact_ms = ?3 WHERE restaurant_id = ?1 AND id = ?2";
    tx.execute(sql, (restaurant, id, at_ms)).map(drop)
}

/// A restaurant whose sequencer is another engine.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    pub restaurant_id: RestaurantId,
    pub address: String,
    pub device_id: Uuid,
    pub letters: String,
    pub key: String,
    pub seal: [u8; 32],
    pub since_ms: i64,
    /// PEM: who vouches for that engine. None: whoever this computer trusts.
    pub authority: Option<String>,
    /// Where to ask if the sequencer is away.
    pub spare: Option<String>,
    /// Where this engine would be reached if it took over.
    pub own_address: Option<String>,
}

const LINK: &str =
    "SELECT restaurant_id, address, device_id, letters, key, seal, since_ms, authority, spare, own_address
                    FROM sync_link";

fn link_row(row: &Row<'_>) -> rusqlite::Result<Link> {
    Ok(Link {
        restaurant_id: row.get(0)?,
        address: row.get(1)?,
        device_id: row.get(2)?,
        letters: row.get(3)?,
        key: row.get(4)?,
        seal: row.get(5)?,
        since_ms: row.get(6)?,
        authority: row.get(7)?,
        spare: row.get(8)?,
        own_address: row.get(9)?,
    })
}

pub fn link(conn: &Connection, restaurant: RestaurantId) -> rusqlite::Result<Option<Link>> {
    conn.prepare_cached(&format!("{LINK} WHERE restaurant_id = ?1"))?.query_row([restaurant], link_row).optional()
}

/// The links of restaurants this installation holds.
pub fn links(conn: &Connection) -> rusqlite::Result<Vec<Link>> {
    conn.prepare_cached(&format!("{LINK} WHERE restaurant_id IN (SELECT id FROM restaurant)"))?
        .query_map([], link_row)?
        .collect()
}

pub fn set_link(tx: &Tx<'_>, link: &Link) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO sync_link (restaurant_id, address, device_id, letters, key, seal, since_ms, authority, spare,
           own_address)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (restaurant_id) DO UPDATE SET address = excluded.address, device_id = excluded.device_id,
           letters = excluded.letters, key = excluded.key, seal = excluded.seal, since_ms = excluded.since_ms,
           authority = excluded.authority, spare = excluded.spare, own_address = excluded.own_address",
        params![
            link.restaurant_id,
            link.address,
            link.device_id,
            link.letters,
            link.key,
            link.seal,
            link.since_ms,
            link.authority,
            link.spare,
            link.own_address
        ],
    )
    .map(drop)
}

pub fn delete_link(tx: &Tx<'_>, restaurant: RestaurantId) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM sync_link WHERE restaurant_id = ?1", [restaurant]).map(drop)
}

/// Own commands that wait, and when the oldest was asked for.
pub fn queue(conn: &Connection) -> rusqlite::Result<(u64, Option<i64>)> {
    let count = conn.prepare_cached("SELECT count(*) FROM outbox")?.query_row([], |row| row.get(0))?;
    let oldest = conn
        .prepare_cached("SELECT at_ms FROM outbox JOIN ledger USING (seq) ORDER BY outbox.device_seq LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok((count, oldest))
}

/// The last position that is known here.
pub fn position(conn: &Connection) -> rusqlite::Result<u64> {
    conn.prepare_cached("SELECT position FROM head")?.query_row([], |row| row.get(0))
}

/// Outcomes nobody has seen yet.
pub fn outcomes(conn: &Connection) -> rusqlite::Result<u64> {
    conn.prepare_cached("SELECT count(*) FROM inbox WHERE resolved_ms IS NULL")?.query_row([], |row| row.get(0))
}

/// Who is on the staff of a restaurant: their accounts.
pub fn staff_accounts(conn: &Connection) -> rusqlite::Result<Vec<AccountId>> {
    conn.prepare_cached("SELECT account_id FROM staff WHERE archived_ms IS NULL")?
        .query_map([], |row| row.get(0))?
        .collect()
}

/// Somebody's log-in, with what is kept of their password.
pub fn person(conn: &Connection, account: AccountId) -> rusqlite::Result<Option<Person>> {
    conn.prepare_cached(
        "SELECT a.id, a.name, a.email, p.hash FROM account a LEFT JOIN password p ON p.account_id = a.id WHERE a.id = ?1",
    )?
    .query_row([account], |row| {
        Ok(Person { id: row.get(0)?, name: row.get(1)?, email: row.get(2)?, password: row.get(3)? })
    })
    .optional()
}

pub fn pins(conn: &Connection) -> rusqlite::Result<Vec<(StaffId, Vec<u8>)>> {
    conn.prepare_cached("SELECT staff_id, hash FROM pin")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}
