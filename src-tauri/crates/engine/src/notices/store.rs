//! SQL for addresses and what waits to be sent to them.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use super::mail::{self, Server};
use super::model::{KEPT_MAX, Kind, Secret, State, TARGETS_MAX, WAIT_MS_MAX};
use crate::alerts::model::Severity;
use crate::kernel::ids;
use crate::outward::Reason;

/// An address, with what signs for it.
pub struct Target {
    pub id: Uuid,
    pub name: String,
    pub address: String,
    pub only_critical: bool,
    pub secret: Secret,
    pub made_ms: i64,
}

impl Target {
    /// Whom to write to, if it is no webhook.
    pub fn mailbox(&self) -> Option<&str> {
        self.address.strip_prefix(mail::SCHEME)
    }
}

const TARGET: &str = "id, name, address, only_critical, secret, made_ms";

fn target_row(row: &Row<'_>) -> rusqlite::Result<Target> {
    Ok(Target {
        id: row.get(0)?,
        name: row.get(1)?,
        address: row.get(2)?,
        only_critical: row.get(3)?,
        secret: Secret::of(row.get(4)?),
        made_ms: row.get(5)?,
    })
}

/// In the order they were made.
pub fn targets(conn: &Connection) -> rusqlite::Result<Vec<Target>> {
    let sql = format!("SELECT {TARGET} FROM notice_target ORDER BY id");
    conn.prepare_cached(&sql)?.query_map([], target_row)?.collect()
}

pub fn target(conn: &Connection, id: Uuid) -> rusqlite::Result<Option<Target>> {
    let sql = format!("SELECT {TARGET} FROM notice_target WHERE id = ?1");
    conn.prepare_cached(&sql)?.query_row([id], target_row).optional()
}

/// What came of keeping a new address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Insert {
    Done,
    /// The same request made it before.
    MadeBefore,
    TooMany,
}

pub fn insert_target(tx: &Tx<'_>, target: &Target) -> rusqlite::Result<Insert> {
    let Target { id, name, address, only_critical, secret, made_ms } = target;
    let (before, count): (bool, u64) = tx.conn().query_row(
        "SELECT EXISTS (SELECT 1 FROM notice_target WHERE id = ?1), (SELECT COUNT(*) FROM notice_target)",
        [id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if before || count >= TARGETS_MAX {
        return Ok(if before { Insert::MadeBefore } else { Insert::TooMany });
    }
    let sql = format!("INSERT INTO notice_target ({TARGET}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    tx.execute(&sql, (id, name, address, only_critical, secret.bytes(), made_ms))?;
    Ok(Insert::Done)
}

/// Forgets an address and what waits for it. Returns whether there was one.
pub fn delete_target(tx: &Tx<'_>, id: Uuid) -> rusqlite::Result<bool> {
    tx.execute("DELETE FROM notice WHERE target_id = ?1", [id])?;
    Ok(tx.execute("DELETE FROM notice_target WHERE id = ?1", [id])? > 0)
}

/// Puts a notice down for every address that hears of such.
pub fn enqueue(tx: &Tx<'_>, kind: Kind, severity: Severity, body: &str, now_ms: i64) -> rusqlite::Result<()> {
    let mut find = tx.conn().prepare_cached("SELECT id FROM notice_target WHERE only_critical = 0 OR ?1")?;
    let heard_by: Vec<Uuid> =
        find.query_map([severity == Severity::Critical], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for target in heard_by {
        tx.execute(
            "INSERT INTO notice (id, target_id, kind, body, made_ms, state, tries, next_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?5)",
            (ids::mint(), target, kind, body, now_ms, State::Waiting),
        )?;
    }
    Ok(())
}

/// A notice whose turn it is.
pub struct Due {
    pub id: Uuid,
    pub body: String,
    /// Those that failed.
    pub tries: u32,
    pub target: Target,
}

/// The oldest of each address that waits, if its time has come. A clock that was set back holds up nothing.
pub fn due(conn: &Connection, now_ms: i64) -> rusqlite::Result<Vec<Due>> {
    let mut find = conn.prepare_cached(
        "SELECT n.id, n.body, n.tries, n.target_id FROM notice n
          WHERE n.id = (SELECT MIN(id) FROM notice o WHERE o.target_id = n.target_id AND o.state = 'waiting')
            AND (n.next_ms <= ?1 OR n.next_ms > ?1 + ?2)",
    )?;
    let rows = find.query_map((now_ms, WAIT_MS_MAX), |row| {
        Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?, row.get::<_, Uuid>(3)?))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (id, body, tries, of) = row?;
        all.extend(target(conn, of)?.map(|target| Due { id, body, tries, target }));
    }
    Ok(all)
}

/// When the next one's time comes.
pub fn next_ms(conn: &Connection) -> rusqlite::Result<Option<i64>> {
    conn.prepare_cached(
        "SELECT MIN(next_ms) FROM notice n WHERE n.id =
           (SELECT MIN(id) FROM notice o WHERE o.target_id = n.target_id AND o.state = 'waiting')",
    )?
    .query_row([], |row| row.get(0))
}

/// How a try ended.
#[derive(Debug, Clone, Copy)]
pub struct Tried {
    pub state: State,
    pub at_ms: i64,
    /// When it is tried again.
    pub next_ms: i64,
    pub reason: Option<Reason>,
    pub status: Option<u16>,
}

pub fn tried(tx: &Tx<'_>, id: Uuid, target: Uuid, tried: Tried) -> rusqlite::Result<()> {
    let Tried { state, at_ms, next_ms, reason, status } = tried;
    let failed = u32::from(state != State::Sent);
    tx.execute(
        "UPDATE notice SET state = ?2, tried_ms = ?3, next_ms = ?4, reason = ?5, status = ?6, tries = tries + ?7
          WHERE id = ?1",
        (id, state, at_ms, next_ms, reason, status, failed),
    )?;
    let old = "DELETE FROM notice WHERE target_id = ?1 AND state <> 'waiting' AND id <=
                 (SELECT id FROM notice WHERE target_id = ?1 AND state <> 'waiting' ORDER BY id DESC LIMIT 1 OFFSET ?2)";
    tx.execute(old, (target, KEPT_MAX)).map(drop)
}

/// How an address stands.
pub struct Standing {
    pub waiting: u32,
    /// The last that was tried.
    pub last: Option<(State, i64, Option<Reason>, Option<u16>)>,
}

pub fn standing(conn: &Connection, target: Uuid) -> rusqlite::Result<Standing> {
    let waiting = conn
        .prepare_cached("SELECT COUNT(*) FROM notice WHERE target_id = ?1 AND state = 'waiting'")?
        .query_row([target], |row| row.get(0))?;
    let last = conn
        .prepare_cached(
            "SELECT state, tried_ms, reason, status FROM notice
              WHERE target_id = ?1 AND tried_ms IS NOT NULL ORDER BY tried_ms DESC, id DESC LIMIT 1",
        )?
        .query_row([target], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    Ok(Standing { waiting, last })
}

pub fn mail_server(conn: &Connection) -> rusqlite::Result<Option<Server>> {
    let row = |row: &Row<'_>| {
        Ok(Server {
            host: row.get(0)?,
            port: row.get(1)?,
            security: row.get(2)?,
            user: row.get(3)?,
            password: row.get(4)?,
            sender: row.get(5)?,
        })
    };
    conn.prepare_cached("SELECT host, port, security, user, password, sender FROM mail_server")?
        .query_row([], row)
        .optional()
}

pub fn set_mail_server(tx: &Tx<'_>, server: &Server) -> rusqlite::Result<()> {
    let Server { host, port, security, user, password, sender } = server;
    tx.execute(
        "INSERT INTO mail_server (id, host, port, security, user, password, sender) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (id) DO UPDATE SET host = excluded.host, port = excluded.port, security = excluded.security,
                                        user = excluded.user, password = excluded.password, sender = excluded.sender",
        (host, port, security, user, password, sender),
    )
    .map(drop)
}

/// Returns whether there was one.
pub fn delete_mail_server(tx: &Tx<'_>) -> rusqlite::Result<bool> {
    Ok(tx.execute("DELETE FROM mail_server", [])? > 0)
}
