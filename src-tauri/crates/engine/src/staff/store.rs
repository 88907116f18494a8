//! SQL for the staff of a restaurant.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Row};

use super::model::Role;
use crate::kernel::ids::{AccountId, StaffId};

/// Somebody on the staff, as their row says.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: StaffId,
    pub account_id: AccountId,
    pub name: String,
    pub role: Role,
    pub active: bool,
}

const COLUMNS: &str = "SELECT id, account_id, name, role, archived_ms IS NULL FROM staff";

fn member(row: &Row<'_>) -> rusqlite::Result<Member> {
    Ok(Member { id: row.get(0)?, account_id: row.get(1)?, name: row.get(2)?, role: row.get(3)?, active: row.get(4)? })
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

pub fn insert(tx: &Tx<'_>, id: StaffId, account_id: AccountId, name: &str, role: Role) -> rusqlite::Result<()> {
    tx.execute("INSERT INTO staff (id, account_id, name, role) VALUES (?1, ?2, ?3, ?4)", (id, account_id, name, role))
        .map(drop)
}

/// Writes what can change; `left_ms` is when somebody inactive left.
pub fn update(tx: &Tx<'_>, member: &Member, left_ms: i64) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE staff SET name = ?2, role = ?3, archived_ms = ?4 WHERE id = ?1",
        (member.id, &member.name, member.role, (!member.active).then_some(left_ms)),
    )
    .map(drop)
}
