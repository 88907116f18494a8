//! One command as somebody reads it: who, when, what, about which thing, and what it changed.

use comanda_db::changes::{self, Op};
use comanda_db::records::LedgerRow;
use comanda_db::{Outcome, trail};
use rusqlite::Connection;
use rusqlite::types::Value;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::store;
use crate::command;
use crate::commands;
use crate::error::ApiError;
use crate::kernel::ids::AccountId;
use crate::orders::history::{self, HistoryChange};
use crate::orders::store::actor_name;

/// Changes of one command that are shown; an import has thousands.
const CHANGES_MAX: usize = 60;

/// One command and what it did.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its place in the ledger.
    pub seq: u64,
    /// Its place in the journal.
    pub entry: u64,
    pub at_ms: i64,
    /// Account of whoever asked.
    pub actor_id: AccountId,
    pub actor_name: String,
    /// The command: `take_payment`.
    pub action: String,
    /// Names the sentence screens show: `history.take_payment`.
    pub summary_key: String,
    /// `fact` or `intent`.
    pub kind: &'static str,
    /// `done` or `refused`.
    pub outcome: &'static str,
    /// Why it was refused.
    pub refusal: Option<String>,
    pub about: Option<About>,
    /// The first of its changes.
    pub changes: Vec<HistoryChange>,
    pub changes_total: usize,
}

/// The thing a command is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AuditAbout)]
pub struct About {
    /// Its table: `orders`.
    pub table: String,
    #[schema(value_type = uuid::Uuid)]
    pub id: Uuid,
    /// An order's number, an item's or a person's name.
    pub name: Option<String>,
}

pub fn entries(conn: &Connection, rows: Vec<LedgerRow>) -> Result<Vec<AuditEntry>, ApiError> {
    let rows = trail::with_changes(conn, rows)?;
    rows.into_iter().map(|(row, changes)| entry(conn, row, changes)).collect()
}

pub fn entry(conn: &Connection, row: LedgerRow, changes: Vec<changes::Change>) -> Result<AuditEntry, ApiError> {
    let about = changes.iter().find_map(thing).map(|(table, id)| about(conn, table, id)).transpose()?;
    let refused = row.outcome == Outcome::Refused;
    let refusal = refused.then(|| serde_json::from_slice::<serde_json::Value>(&row.answer).ok()).flatten();
    Ok(AuditEntry {
        seq: row.seq,
        entry: row.entry,
        at_ms: row.at_ms,
        actor_id: AccountId(row.actor),
        actor_name: actor_name(conn, AccountId(row.actor))?.unwrap_or_default(),
        summary_key: format!("history.{}", row.name),
        kind: kind_of(&row.name),
        action: row.name,
        outcome: if refused { "refused" } else { "done" },
        refusal: refusal.and_then(|body| body["message"].as_str().map(str::to_owned)),
        about,
        changes_total: changes.len(),
        changes: changes.into_iter().take(CHANGES_MAX).map(history::change).collect(),
    })
}

fn kind_of(name: &str) -> &'static str {
    let spec = commands::RESTAURANT.iter().find(|spec| spec.name == name);
    match spec.map(|spec| spec.kind) {
        Some(command::Kind::Fact) => "fact",
        _ => "intent",
    }
}

/// Children stand for what they belong to.
fn thing(change: &changes::Change) -> Option<(&str, Uuid)> {
    if change.op == Op::Migration {
        return None;
    }
    let table = match change.table.as_str() {
        "number_counter" | "flag" | "menu_move" => return None,
        "order_line" | "order_check" | "order_discount" | "payment" | "payment_attempt" | "refund" | "refund_line" => {
            "orders"
        }
        "time_break" | "time_correction" => "time_entry",
        "task_done" => "task",
        "floor_call" => "floor_table",
        table => table,
    };
    match change.key.first() {
        Some((_, Value::Blob(bytes))) => Some((table, Uuid::from_slice(bytes).ok()?)),
        _ => None,
    }
}

fn about(conn: &Connection, table: &str, id: Uuid) -> rusqlite::Result<About> {
    Ok(About { table: table.to_owned(), id, name: store::name_of(conn, table, id)? })
}
