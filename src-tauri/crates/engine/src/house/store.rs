//! SQL for the door and the devices that are paired. A device's session is `session`, like everybody's.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, params};

use super::model::Wanted;
use crate::kernel::ids::{AccountId, RestaurantId, SessionId};

pub fn wanted(conn: &Connection) -> Result<Option<Wanted>> {
    conn.prepare_cached("SELECT is_open, port FROM house")?
        .query_row([], |row| Ok(Wanted { is_open: row.get(0)?, port: row.get(1)? }))
        .optional()
}

pub fn set_wanted(tx: &Tx<'_>, wanted: Wanted) -> Result<()> {
    tx.execute(
        "INSERT INTO house (one, is_open, port) VALUES (1, ?1, ?2)
         ON CONFLICT (one) DO UPDATE SET is_open = ?1, port = ?2",
        (wanted.is_open, wanted.port),
    )
    .map(drop)
}

/// A device that was paired and has not been shut out.
#[derive(Debug, Clone)]
pub struct Device {
    pub id: SessionId,
    pub restaurant_id: RestaurantId,
    pub name: String,
    pub made_ms: i64,
    pub made_by: AccountId,
    pub contact_ms: i64,
}

/// Those of a restaurant, in the order they came.
pub fn devices(conn: &Connection, of: RestaurantId, now_ms: i64) -> Result<Vec<Device>> {
    conn.prepare_cached(
        "SELECT d.session_id, d.restaurant_id, d.name, d.made_ms, d.made_by, d.contact_ms
           FROM house_device d JOIN session s ON s.id = d.session_id
          WHERE d.restaurant_id = ?1 AND s.expires_ms > ?2 ORDER BY d.made_ms, d.session_id",
    )?
    .query_map((of, now_ms), |row| {
        Ok(Device {
            id: row.get(0)?,
            restaurant_id: row.get(1)?,
            name: row.get(2)?,
            made_ms: row.get(3)?,
            made_by: row.get(4)?,
            contact_ms: row.get(5)?,
        })
    })?
    .collect()
}

/// Those whose session has ended go.
pub fn insert_device(tx: &Tx<'_>, device: &Device) -> Result<()> {
    tx.execute("DELETE FROM house_device WHERE session_id NOT IN (SELECT id FROM session)", [])?;
    tx.execute(
        "INSERT INTO house_device (session_id, restaurant_id, name, made_ms, made_by, contact_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![device.id, device.restaurant_id, device.name, device.made_ms, device.made_by, device.contact_ms],
    )
    .map(drop)
}

pub fn note_contact(tx: &Tx<'_>, id: SessionId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE house_device SET contact_ms = ?2 WHERE session_id = ?1", (id, at_ms)).map(drop)
}

/// Returns whether there was one.
pub fn delete_device(tx: &Tx<'_>, of: RestaurantId, id: SessionId) -> Result<bool> {
    let found = tx.execute("DELETE FROM house_device WHERE restaurant_id = ?1 AND session_id = ?2", (of, id))?;
    Ok(found > 0)
}
