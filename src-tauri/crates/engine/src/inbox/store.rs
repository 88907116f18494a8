//! SQL for flags, and for what sync left in the kit's own `inbox` on this disk.

use comanda_db::{Tx, records};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::ids::{AccountId, FlagId, OrderId};

/// Outcomes shown at once, at most. They are rare, and the oldest come first.
const OUTCOMES_MAX: u32 = 50;

/// Something to look at.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboxItem {
    pub id: Uuid,
    /// `overpaid`, `refused_intent`, `changed_outcome`, …
    pub kind: String,
    pub at_ms: i64,
    pub order_id: Option<OrderId>,
    /// The order's printed number.
    pub number: Option<String>,
    /// The text that explains it, in the screens' dictionaries.
    pub text_key: String,
    /// What that text needs.
    pub params: Value,
    pub resolved: bool,
}

/// Flags before `before` (when, id), newest first.
pub fn flags(
    conn: &Connection,
    open_only: bool,
    before: Option<(i64, FlagId)>,
    fetch: i64,
) -> rusqlite::Result<Vec<InboxItem>> {
    let (at_ms, id) = before.map_or((i64::MAX, None), |(at_ms, id)| (at_ms, Some(id)));
    conn.prepare_cached(
        "SELECT id, kind, at_ms, order_id, number, params, resolved_ms IS NOT NULL FROM flag
          WHERE (at_ms < ?1 OR (at_ms = ?1 AND id < ?2)) AND (NOT ?3 OR resolved_ms IS NULL)
          ORDER BY at_ms DESC, id DESC LIMIT ?4",
    )?
    .query_map((at_ms, id, open_only, fetch), flag_row)?
    .collect()
}

fn flag_row(row: &Row<'_>) -> rusqlite::Result<InboxItem> {
    let kind: String = row.get(1)?;
    let params: Option<String> = row.get(5)?;
    Ok(InboxItem {
        id: row.get::<_, FlagId>(0)?.0,
        text_key: format!("inbox.{kind}"),
        kind,
        at_ms: row.get(2)?,
        order_id: row.get(3)?,
        number: row.get(4)?,
        params: params.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default(),
        resolved: row.get(6)?,
    })
}

/// What sync brought back and nobody has seen yet.
pub fn outcomes(conn: &Connection) -> rusqlite::Result<Vec<InboxItem>> {
    let rows: Vec<(i64, String, Vec<u8>)> = conn
        .prepare_cached("SELECT seq, kind, answer FROM inbox WHERE resolved_ms IS NULL ORDER BY seq LIMIT ?1")?
        .query_map([OUTCOMES_MAX], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    rows.into_iter().map(|(seq, kind, answer)| outcome(conn, seq, &kind, &answer)).collect()
}

fn outcome(conn: &Connection, seq: i64, kind: &str, answer: &[u8]) -> rusqlite::Result<InboxItem> {
    let command = records::ledger(conn, seq.unsigned_abs())?;
    let kind = if kind == "refused" { "refused_intent" } else { "changed_outcome" };
    let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
    let (order_id, number) = order_of(conn, command.as_ref().map_or(&[], |command| command.args.as_slice()))?.unzip();
    Ok(InboxItem {
        id: outcome_id(seq),
        kind: kind.to_owned(),
        at_ms: command.as_ref().map_or(0, |command| command.at_ms),
        order_id,
        number,
        text_key: format!("inbox.{kind}"),
        params: serde_json::json!({
            "command": command.map(|command| command.name),
            "message": answer.get("message"),
        }),
        resolved: false,
    })
}

/// The order a command is about, with its printed number, if it is about one.
fn order_of(conn: &Connection, args: &[u8]) -> rusqlite::Result<Option<(OrderId, String)>> {
    let args: Value = serde_json::from_slice(args).unwrap_or_default();
    // One that opens an order names it `id`; what else has an `id` is no order and is not found.
    let named = args.get("order").or_else(|| args.get("id")).and_then(Value::as_str);
    let Some(id) = named.and_then(|id| id.parse().ok()).map(OrderId) else { return Ok(None) };
    let mut number = conn.prepare_cached("SELECT number FROM orders WHERE id = ?1")?;
    Ok(number.query_row([id], |row| row.get(0)).optional()?.map(|number| (id, number)))
}

/// The first eight bytes of the id of an outcome; the other eight are its row in the ledger.
const OUTCOME: u64 = u64::from_be_bytes(*b"inbox\0\x80\0");
const VARIANT: u64 = 1 << 63;

fn outcome_id(seq: i64) -> Uuid {
    Uuid::from_u64_pair(OUTCOME, seq.unsigned_abs() | VARIANT)
}

/// The ledger row an id stands for, if it is the id of an outcome.
pub fn outcome_of(id: Uuid) -> Option<i64> {
    let (start, seq) = id.as_u64_pair();
    (start == OUTCOME).then(|| i64::try_from(seq & !VARIANT).unwrap_or_default())
}

/// Marks an outcome as seen; false when there is none.
pub fn resolve_outcome(tx: &Tx<'_>, seq: i64, at_ms: i64) -> rusqlite::Result<bool> {
    Ok(tx.execute("UPDATE inbox SET resolved_ms = COALESCE(resolved_ms, ?2) WHERE seq = ?1", (seq, at_ms))? > 0)
}

pub fn flag_exists(conn: &Connection, id: FlagId) -> rusqlite::Result<bool> {
    let found = conn.prepare_cached("SELECT 1 FROM flag WHERE id = ?1")?.query_row([id], |_| Ok(())).optional()?;
    Ok(found.is_some())
}

/// Something a manager should see that is about no order. Its id comes from what it is about, so a
/// re-run raises it once.
pub fn raise(tx: &Tx<'_>, id: FlagId, kind: &str, at_ms: i64, params: &str) -> rusqlite::Result<()> {
    tx.execute(
        "INSERT INTO flag (id, kind, at_ms, params) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        (id, kind, at_ms, params),
    )
    .map(drop)
}

/// Marks a flag as seen. Who was first stays.
pub fn resolve_flag(tx: &Tx<'_>, id: FlagId, by: AccountId, at_ms: i64, note: Option<&str>) -> rusqlite::Result<()> {
    tx.execute(
        "UPDATE flag SET resolved_ms = ?2, resolved_by = ?3, note = ?4 WHERE id = ?1 AND resolved_ms IS NULL",
        (id, at_ms, by, note),
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_found_again_by_its_id() {
        assert_eq!(outcome_of(outcome_id(42)), Some(42));
        assert_eq!(outcome_of(crate::kernel::ids::mint()), None);
        assert_eq!(outcome_id(42).get_version_num(), 8);
    }
}
