//! SQL for the staff of a restaurant.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use super::model::Role;
use crate::kernel::ids::{AccountId, StaffId};
use crate::kernel::tries::Tries;

/// Somebody on the staff, as their row says.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: StaffId,
    pub account_id: AccountId,
    pub name: String,
    pub role: Role,
    pub active: bool,
    pub pin_set_ms: Option<i64>,
}

const COLUMNS: &str = "SELECT id, account_id, name, role, archived_ms IS NULL, pin_set_ms FROM staff";

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member {
        id: row.get(0)?,
        account_id: row.get(1)?,
        name: row.get(2)?,
        role: row.get(3)?,
        active: row.get(4)?,
        pin_set_ms: row.get(5)?,
    })
}

/// What an account is here; None when it is nothing, or not any more.
pub fn place_of(conn: &Connection, account_id: AccountId) -> rusqlite::Result<Option<(StaffId, Role)>> {
    let found = by_account(conn, account_id)?;
    Ok(found.filter(|member| member.active).map(|member| (member.id, member.role)))
}

pub fn by_account(conn: &Connection, account_id: AccountId) -> rusqlite::Result<Option<Member>> {
    conn.prepare_cached(&format!("{COLUMNS} WHERE account_id = ?1"))?.query_row([account_id], member).optional()
}

pub fn by_id(conn: &Connection, id: StaffId) -> rusqlite::Result<Option<Member>> {
    conn.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?.query_row([id], member).optional()
}

/// Those after `after`, in the order they came.
pub fn list(conn: &Connection, after: Option<StaffId>, fetch: i64) -> rusqlite::Result<Vec<Member>> {
    conn.prepare_cached(&format!("{COLUMNS} WHERE ?1 IS NULL OR id > ?1 ORDER BY id LIMIT ?2"))?
        .query_map((after, fetch), member)?
        .collect()
}

/// The account of the first active owner.
pub fn owner(conn: &Connection) -> rusqlite::Result<Option<AccountId>> {
    conn.prepare_cached(
        "SELECT account_id FROM staff WHERE role = 'owner' AND archived_ms IS NULL ORDER BY id LIMIT 1",
    )?
    .query_row([], |row| row.get(0))
    .optional()
}

pub fn active_owners(conn: &Connection) -> rusqlite::Result<u64> {
    conn.prepare_cached("SELECT COUNT(*) FROM staff WHERE role = 'owner' AND archived_ms IS NULL")?
        .query_row([], |row| row.get(0))
}

pub fn insert(
    tx: &Tx<'_>,
    id: StaffId,
    account_id: AccountId,
    name: &str,
    role: Role,
    pin_set_ms: Option<i64>,
) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO staff (id, account_id, name, role, pin_set_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        (id, account_id, name, role, pin_set_ms),
    )
    .map(drop)
}

pub fn update_pin(tx: &Tx<'_>, id: StaffId, set_ms: Option<i64>) -> rusqlite::Result<()> {
    tx.execute("UPDATE staff SET pin_set_ms = ?2 WHERE id = ?1", (id, set_ms)).map(drop)
}

/// Writes what can change; `left_ms` is when somebody inactive left.
pub fn update(tx: &Tx<'_>, member: &Member, left_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE staff SET name = ?2, role = ?3, archived_ms = ?4, pin_set_ms = ?5 WHERE id = ?1",
        (member.id, &member.name, member.role, (!member.active).then_some(left_ms), member.pin_set_ms),
    )
    .map(drop)
}

pub fn tries(conn: &Connection, who: Uuid) -> rusqlite::Result<Option<Tries>> {
    conn.prepare_cached("SELECT failed, last_ms FROM pin_try WHERE who = ?1")?
        .query_row([who], |row| Ok(Tries { failed: row.get(0)?, last_ms: row.get(1)? }))
        .optional()
}

pub fn set_tries(tx: &Tx<'_>, who: Uuid, tries: Tries) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO pin_try (who, failed, last_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET failed = excluded.failed, last_ms = excluded.last_ms",
        (who, tries.failed, tries.last_ms),
    )
    .map(drop)
}

pub fn forget_tries(tx: &Tx<'_>) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM pin_try", []).map(drop)
}

/// The salt of this file's PINs.
pub fn pin_salt(conn: &Connection) -> rusqlite::Result<Option<[u8; 16]>> {
    conn.prepare_cached("SELECT salt FROM pin_salt")?.query_row([], |row| row.get(0)).optional()
}

/// Keeps a salt, unless there is one; gives the one that is kept.
pub fn keep_pin_salt(tx: &Tx<'_>, salt: [u8; 16]) -> rusqlite::Result<[u8; 16]> {
    tx.execute("INSERT INTO pin_salt (one, salt) VALUES (1, ?1) ON CONFLICT DO NOTHING", [salt])?;
    pin_salt(tx.conn())?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// Somebody active with this PIN.
pub fn by_pin(conn: &Connection, hash: &[u8]) -> rusqlite::Result<Option<Member>> {
    conn.prepare_cached(&format!(
        "{COLUMNS} WHERE archived_ms IS NULL AND id = (SELECT staff_id FROM pin WHERE hash = ?1)"
    ))?
    .query_row([hash], member)
    .optional()
}

pub fn set_pin(tx: &Tx<'_>, id: StaffId, hash: &[u8]) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO pin (staff_id, hash) VALUES (?1, ?2) ON CONFLICT (staff_id) DO UPDATE SET hash = excluded.hash",
        (id, hash),
    )
    .map(drop)
}

pub fn delete_pin(tx: &Tx<'_>, id: StaffId) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM pin WHERE staff_id = ?1", [id]).map(drop)
}
