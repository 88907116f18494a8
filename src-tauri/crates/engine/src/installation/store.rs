//! SQL for accounts, passwords, sessions and the list of restaurants.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Row};

use crate::kernel::ids::{AccountId, RestaurantId, SessionId};
use crate::kernel::tries::Tries;
use crate::second_factor;

/// An account, without its password.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    pub email: String,
}

/// How addresses are compared.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

pub fn restaurants(conn: &Connection) -> rusqlite::Result<Vec<RestaurantId>> {
    conn.prepare_cached("SELECT id FROM restaurant ORDER BY id")?.query_map([], |row| row.get(0))?.collect()
}

pub fn has_restaurant(conn: &Connection) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM restaurant)")?.query_row([], |row| row.get(0))
}

pub fn account_by_email(conn: &Connection, email: &str) -> rusqlite::Result<Option<Account>> {
    conn.prepare_cached("SELECT id, name, email FROM account WHERE email_key = ?1")?
        .query_row([email_key(email)], account)
        .optional()
}

pub fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account { id: row.get(0)?, name: row.get(1)?, email: row.get(2)? })
}

pub fn account_by_id(conn: &Connection, id: AccountId) -> rusqlite::Result<Option<Account>> {
    conn.prepare_cached("SELECT id, name, email FROM account WHERE id = ?1")?.query_row([id], account).optional()
}

pub fn password_of(conn: &Connection, id: AccountId) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached("SELECT hash FROM password WHERE account_id = ?1")?.query_row([id], |row| row.get(0)).optional()
}

/// Whose a session is.
pub enum Login {
    Person(Account),
    /// A browser of the house that was paired.
    Device {
        of: RestaurantId,
        name: String,
    },
}

/// A session, as its row says.
pub struct Session {
    pub id: SessionId,
    pub login: Login,
    pub expires_ms: i64,
    /// Who took over with a PIN, and where.
    pub person: Option<(RestaurantId, AccountId)>,
    pub locked: bool,
}

pub fn session(conn: &Connection, token_hash: &[u8; 32]) -> rusqlite::Result<Option<Session>> {
    conn.prepare_cached(&format!("{SESSION} WHERE s.token_hash = ?1 AND {OF_SOMEBODY}"))?
        .query_row([token_hash], session_row)
        .optional()
}

pub fn session_by_id(conn: &Connection, id: SessionId) -> rusqlite::Result<Option<Session>> {
    conn.prepare_cached(&format!("{SESSION} WHERE s.id = ?1 AND {OF_SOMEBODY}"))?
        .query_row([id], session_row)
        .optional()
}

/// Of people who have an account, and of devices that are paired.
const SESSION: &str = "SELECT a.id, coalesce(a.name, d.name), a.email, s.id, s.expires_ms, s.restaurant_id,
            s.person_id, s.locked IS NOT NULL, d.restaurant_id
       FROM (session s LEFT JOIN account a ON a.id = s.account_id) LEFT JOIN house_device d ON d.session_id = s.id";

/// Who is gone has no session.
const OF_SOMEBODY: &str = "coalesce(a.id, d.session_id) IS NOT NULL";

fn session_row(row: &Row<'_>) -> rusqlite::Result<Session> {
    let place: Option<RestaurantId> = row.get(5)?;
    Ok(Session {
        login: match row.get(8)? {
            Some(of) => Login::Device { of, name: row.get(1)? },
            None => Login::Person(account(row)?),
        },
        id: row.get(3)?,
        expires_ms: row.get(4)?,
        person: place.zip(row.get(6)?),
        locked: row.get(7)?,
    })
}

/// Who is there from now on; None: whoever logged in. Unlocks.
pub fn set_person(tx: &Tx<'_>, id: SessionId, person: Option<(RestaurantId, AccountId)>) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE session SET restaurant_id = ?2, person_id = ?3, locked = NULL WHERE id = ?1",
        (id, person.map(|person| person.0), person.map(|person| person.1)),
    )
    .map(drop)
}

pub fn lock_session(tx: &Tx<'_>, id: SessionId) -> rusqlite::Result<()> {
    tx.execute("UPDATE session SET locked = 1 WHERE id = ?1", [id]).map(drop)
}

pub fn insert_account(
    tx: &Tx<'_>,
    account: &Account,
    made_ms: i64,
    password_hash: Option<&str>,
) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO account (id, name, email, email_key, made_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        (account.id, &account.name, &account.email, email_key(&account.email), made_ms),
    )?;
    if let Some(hash) = password_hash {
        tx.execute("INSERT INTO password (account_id, hash) VALUES (?1, ?2)", (account.id, hash))?;
    }
    Ok(())
}

pub fn insert_restaurant(tx: &Tx<'_>, id: RestaurantId, made_ms: i64) -> rusqlite::Result<()> {
    tx.execute("INSERT INTO restaurant (id, made_ms) VALUES (?1, ?2)", (id, made_ms)).map(drop)
}

pub fn delete_restaurant(tx: &Tx<'_>, id: RestaurantId) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM restaurant WHERE id = ?1", [id]).map(drop)
}

/// Somebody's log-in, with their sessions.
pub fn delete_account(tx: &Tx<'_>, id: AccountId) -> rusqlite::Result<()> {
    delete_sessions_of(tx, id)?;
    second_factor::store::forget(tx, id)?;
    tx.execute("DELETE FROM password WHERE account_id = ?1", [id])?;
    tx.execute("DELETE FROM account WHERE id = ?1", [id]).map(drop)
}

pub fn insert_session(
    tx: &Tx<'_>,
    token_hash: &[u8; 32],
    id: SessionId,
    account_id: AccountId,
    (made_ms, expires_ms): (i64, i64),
    agent: &str,
) -> rusqlite::Result<()> {
    forget_ended_sessions(tx, made_ms)?;
    tx.execute(
        "INSERT INTO session (token_hash, id, account_id, made_ms, expires_ms, agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (token_hash, id, account_id, made_ms, expires_ms, agent),
    )
    .map(drop)
}

/// One of somebody's sessions, for them to look at.
pub struct OwnSession {
    pub id: SessionId,
    pub made_ms: i64,
    pub expires_ms: i64,
    pub agent: String,
}

/// Those that have not ended, the newest first.
pub fn sessions_of(conn: &Connection, id: AccountId, now_ms: i64) -> rusqlite::Result<Vec<OwnSession>> {
    conn.prepare_cached(
        "SELECT id, made_ms, expires_ms, agent FROM session
          WHERE account_id = ?1 AND expires_ms > ?2 ORDER BY made_ms DESC, id DESC",
    )?
    .query_map((id, now_ms), |row| {
        Ok(OwnSession { id: row.get(0)?, made_ms: row.get(1)?, expires_ms: row.get(2)?, agent: row.get(3)? })
    })?
    .collect()
}

/// Returns whether there was one.
pub fn delete_session_of(tx: &Tx<'_>, of: AccountId, id: SessionId) -> rusqlite::Result<bool> {
    Ok(tx.execute("DELETE FROM session WHERE account_id = ?1 AND id = ?2", (of, id))? > 0)
}

/// Returns how many that were.
pub fn forget_ended_sessions(tx: &Tx<'_>, now_ms: i64) -> rusqlite::Result<usize> {
    tx.execute("DELETE FROM session WHERE expires_ms <= ?1", [now_ms])
}

pub fn delete_session(tx: &Tx<'_>, id: SessionId) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM session WHERE id = ?1", [id]).map(drop)
}

pub fn delete_sessions_of(tx: &Tx<'_>, account_id: AccountId) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM session WHERE account_id = ?1", [account_id]).map(drop)
}

pub fn tries(conn: &Connection, who: &[u8; 32]) -> rusqlite::Result<Option<Tries>> {
    conn.prepare_cached("SELECT failed, last_ms FROM log_in_try WHERE who = ?1")?
        .query_row([who], |row| Ok(Tries { failed: row.get(0)?, last_ms: row.get(1)? }))
        .optional()
}

pub fn set_tries(tx: &Tx<'_>, who: &[u8; 32], tries: Tries) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO log_in_try (who, failed, last_ms) VALUES (?1, ?2, ?3)
         ON CONFLICT (who) DO UPDATE SET failed = ?2, last_ms = ?3",
        (who, tries.failed, tries.last_ms),
    )
    .map(drop)
}

/// Those whose last try was before then.
pub fn forget_tries(tx: &Tx<'_>, before_ms: i64) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM log_in_try WHERE last_ms < ?1", [before_ms]).map(drop)
}

/// A new password. Nothing where that person has none here.
pub fn set_password(tx: &Tx<'_>, id: AccountId, hash: &str) -> rusqlite::Result<()> {
    tx.execute("UPDATE password SET hash = ?2 WHERE account_id = ?1", (id, hash)).map(drop)
}

/// Ends somebody's sessions, all but one.
pub fn delete_other_sessions_of(tx: &Tx<'_>, id: AccountId, kept: Option<SessionId>) -> rusqlite::Result<()> {
    tx.execute("DELETE FROM session WHERE account_id = ?1 AND id IS NOT ?2", (id, kept)).map(drop)
}
