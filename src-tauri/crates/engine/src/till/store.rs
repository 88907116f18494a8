//! The only SQL for `till_session`, `till_move`, `drawer_opening`, `till_total`, `z_report` and `business_day`.

mod reports;

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use uuid::Uuid;

use super::model::{Move, MoveKind, Pieces, Session};
use crate::kernel::ids::{AccountId, TillMoveId, TillSessionId};
use crate::kernel::money::Minor;
pub use reports::{Report, insert_report, last_closed_day, last_number, report, reported, reports, totals_at};

macro_rules! session_sql {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, opened_ms, COALESCE((SELECT name FROM staff WHERE account_id = opened_by), ''), float_minor,
                    COALESCE(t.cash_minor, 0), closed_ms, counted_minor, expected_minor, counts,
                    float_counts
             FROM till_session s LEFT JOIN till_total t ON t.session_id = s.id WHERE ",
            $rest
        )
    };
}

fn session_row(row: &Row<'_>) -> Result<Session> {
    let pieces = |at: usize| -> Result<Vec<Pieces>> {
        Ok(row.get::<_, Option<String>>(at)?.map(|text| thaw_pieces(&text)).transpose()?.unwrap_or_default())
    };
    Ok(Session {
        id: row.get(0)?,
        opened_ms: row.get(1)?,
        opened_by_name: row.get(2)?,
        float: row.get(3)?,
        cash: row.get(4)?,
        moves: Vec::new(),
        closed_ms: row.get(5)?,
        counted: row.get(6)?,
        expected: row.get(7)?,
        counts: pieces(8)?,
        float_counts: pieces(9)?,
    })
}

pub fn session(conn: &Connection, id: TillSessionId) -> Result<Option<Session>> {
    let session = conn.prepare_cached(session_sql!("s.id = ?1"))?.query_row([id], session_row).optional()?;
    session.map(|session| with_moves(conn, session)).transpose()
}

/// The drawer in use: the one opened last.
pub fn open_session(conn: &Connection) -> Result<Option<Session>> {
    let session = conn
        .prepare_cached(session_sql!("s.closed_ms IS NULL ORDER BY s.id DESC LIMIT 1"))?
        .query_row([], session_row)
        .optional()?;
    session.map(|session| with_moves(conn, session)).transpose()
}

/// Which drawer money goes into now.
pub fn open_session_id(conn: &Connection) -> Result<Option<TillSessionId>> {
    conn.prepare_cached("SELECT id FROM till_session WHERE closed_ms IS NULL ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()
}

/// The drawer opened last, in use or closed; none: this restaurant has not begun to count one.
pub fn last_session_id(conn: &Connection) -> Result<Option<TillSessionId>> {
    conn.prepare_cached("SELECT id FROM till_session ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()
}

fn with_moves(conn: &Connection, mut session: Session) -> Result<Session> {
    let mut statement = conn.prepare_cached(
        "SELECT id, kind, amount_minor, reason, moved_ms, COALESCE((SELECT name FROM staff WHERE account_id = moved_by), '')
         FROM till_move WHERE session_id = ?1",
    )?;
    let one = |row: &Row<'_>| -> Result<Move> {
        Ok(Move {
            id: row.get(0)?,
            kind: row.get(1)?,
            amount: row.get(2)?,
            reason: row.get(3)?,
            moved_ms: row.get(4)?,
            moved_by_name: row.get(5)?,
        })
    };
    session.moves = statement.query_map([session.id], one)?.collect::<Result<_>>()?;
    Ok(session)
}

pub struct NewMove<'a> {
    pub id: TillMoveId,
    pub kind: MoveKind,
    pub amount: Minor,
    pub reason: &'a str,
    pub moved_ms: i64,
    pub moved_by: AccountId,
    pub business_date: &'a str,
}

pub fn insert_move(tx: &Tx<'_>, session: TillSessionId, new: &NewMove<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO till_move (session_id, id, kind, amount_minor, reason, moved_ms, moved_by, business_date)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![session, new.id, new.kind, new.amount, new.reason, new.moved_ms, new.moved_by, new.business_date],
    )
    .map(drop)
}

/// The drawer was opened without a sale. `id`: of the command.
pub fn insert_opening(tx: &Tx<'_>, id: Uuid, (at_ms, by): (i64, AccountId), reason: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO drawer_opening (id, opened_ms, opened_by, reason) VALUES (?1, ?2, ?3, ?4)",
        params![id, at_ms, by, reason],
    )
    .map(drop)
}

pub fn insert_session(
    tx: &Tx<'_>,
    id: TillSessionId,
    (at_ms, by): (i64, AccountId),
    float: Minor,
    counts: &[(Minor, i64)],
) -> Result<()> {
    let counts = (!counts.is_empty()).then(|| freeze_pieces(counts));
    tx.execute(
        "INSERT INTO till_session (id, opened_ms, opened_by, float_minor, float_counts) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, at_ms, by, float, counts],
    )
    .map(drop)
}

/// What a drawer was closed with.
pub struct Closing<'a> {
    pub at_ms: i64,
    pub by: AccountId,
    pub counted: Minor,
    pub counts: &'a [(Minor, i64)],
}

pub fn close_session(tx: &Tx<'_>, session: &Session, closing: &Closing<'_>) -> Result<()> {
    let counts = (!closing.counts.is_empty()).then(|| freeze_pieces(closing.counts));
    tx.execute(
        "UPDATE till_session SET closed_ms = ?2, closed_by = ?3, counted_minor = ?4, expected_minor = ?5, counts = ?6
         WHERE id = ?1 AND closed_ms IS NULL",
        params![session.id, closing.at_ms, closing.by, closing.counted, session.expected(), counts],
    )
    .map(drop)
}

fn freeze_pieces(counts: &[(Minor, i64)]) -> String {
    let parts: Vec<String> = counts.iter().map(|(value, count)| format!("[{value},{count}]")).collect();
    format!("[{}]", parts.join(","))
}

fn thaw_pieces(text: &str) -> Result<Vec<Pieces>> {
    let pieces: Vec<(Minor, i64)> = serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(8, rusqlite::types::Type::Text, Box::new(error)))?;
    Ok(pieces.into_iter().map(|(value, count)| Pieces { value, count }).collect())
}

/// Over and short of closed sessions no report has yet.
pub fn over_short_unreported(conn: &Connection) -> Result<Minor> {
    conn.prepare_cached(
        "SELECT COALESCE(SUM(counted_minor - expected_minor), 0) FROM till_session
         WHERE closed_ms IS NOT NULL AND z_number IS NULL",
    )?
    .query_row([], |row| row.get(0))
}

pub fn mark_reported(tx: &Tx<'_>, number: i64) -> Result<()> {
    tx.execute("UPDATE till_session SET z_number = ?1 WHERE closed_ms IS NOT NULL AND z_number IS NULL", [number])
        .map(drop)
}
