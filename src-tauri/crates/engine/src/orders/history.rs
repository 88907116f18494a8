//! What happened to an order: who did what, and what changed by it. Read from the two records.

use comanda_db::Outcome;
use comanda_db::changes::{Change, Op};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use crate::error::ApiError;
use crate::kernel::ids::{AccountId, OrderId};

/// Steps shown at most, the newest ones.
const STEPS_MAX: usize = 500;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = History)]
pub struct History {
    /// Newest first.
    pub items: Vec<HistoryEntry>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Its place in this restaurant's journal.
    pub entry: u64,
    pub at_ms: i64,
    pub actor_name: String,
    /// The command: `open_order`.
    pub action: String,
    /// Names the sentence screens show: `history.open_order`.
    pub summary_key: String,
    /// `done` or `refused`.
    pub outcome: &'static str,
    pub changes: Vec<HistoryChange>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryChange {
    pub table: String,
    /// `insert`, `update` or `delete`.
    pub op: &'static str,
    #[schema(value_type = Object)]
    pub key: serde_json::Value,
    #[schema(value_type = Object)]
    pub before: serde_json::Value,
    #[schema(value_type = Object)]
    pub after: serde_json::Value,
}

pub fn of(conn: &Connection, order: OrderId) -> Result<History, ApiError> {
    let entries = comanda_db::history::of(conn, order.0.as_bytes(), None, STEPS_MAX)?;
    let mut items = Vec::with_capacity(entries.len());
    for entry in entries {
        let Some(ledger) = entry.ledger else { continue };
        let of_order = |change: &Change| change.key.first().is_some_and(|(_, value)| is(value, order.0));
        items.push(HistoryEntry {
            entry: entry.entry,
            at_ms: ledger.at_ms,
            actor_name: store::actor_name(conn, AccountId(ledger.actor))?.unwrap_or_default(),
            summary_key: format!("history.{}", ledger.name),
            action: ledger.name,
            outcome: match ledger.outcome {
                Outcome::Done => "done",
                Outcome::Refused => "refused",
            },
            changes: entry.changes.into_iter().filter(of_order).map(change).collect(),
        });
    }
    Ok(History { items })
}

fn is(value: &Value, id: Uuid) -> bool {
    matches!(value, Value::Blob(bytes) if bytes == id.as_bytes())
}

pub fn change(change: Change) -> HistoryChange {
    HistoryChange {
        table: change.table,
        op: match change.op {
            Op::Insert => "insert",
            Op::Update => "update",
            Op::Delete => "delete",
            Op::Migration => "migration",
        },
        key: object(change.key),
        before: object(change.old),
        after: object(change.new),
    }
}

/// Columns as JSON; 16 bytes are an id.
fn object(columns: impl IntoIterator<Item = (String, Value)>) -> serde_json::Value {
    let json = |value| match value {
        Value::Null => serde_json::Value::Null,
        Value::Integer(number) => number.into(),
        Value::Real(number) => number.into(),
        Value::Text(text) => text.into(),
        Value::Blob(bytes) => match Uuid::from_slice(&bytes) {
            Ok(id) => id.to_string().into(),
            Err(_) => format!("{} bytes", bytes.len()).into(),
        },
    };
    columns.into_iter().map(|(name, value)| (name, json(value))).collect::<serde_json::Map<_, _>>().into()
}
