//! Events read off the journal, and how the things they are about are now.

use std::collections::BTreeSet;

use comanda_db::following::{self, Steps};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Result};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::kinds::Kind;
use super::model::{self, Mark, Said};
use super::position::Position;
use super::row::as_json;

/// Events and their places, and what is another since.
#[derive(Default)]
pub struct Page {
    /// None: an entry with more changes than are told one by one.
    pub told: Vec<(Position, i64, Option<Said>)>,
    pub marks: Vec<Said>,
    pub reached: u64,
}

/// What happened in the next `limit` entries after one.
pub fn page(conn: &Connection, epoch: u64, after: u64, limit: u64) -> Result<Page> {
    let Steps { steps, reached } = following::after(conn, after, limit)?;
    let mut page = Page { reached, ..Page::default() };
    let mut marks = BTreeSet::new();
    for step in steps {
        let Some(changes) = step.changes else {
            page.told.push((Position { epoch, entry: step.entry, event: 0 }, step.at_ms, None));
            marks.extend([Mark::Stats, Mark::Analytics]);
            continue;
        };
        let happened = model::of(&changes, step.actor, &|table, column, id| now(conn, table, column, id));
        for (event, said) in (0..).zip(happened.said) {
            page.told.push((Position { epoch, entry: step.entry, event }, step.at_ms, Some(said)));
        }
        marks.extend(happened.marks);
    }
    page.marks = said_of(conn, marks)?;
    Ok(page)
}

fn now(conn: &Connection, table: &str, column: &str, id: Uuid) -> Json {
    let value: Result<Option<Value>> = conn
        .prepare_cached(&format!("SELECT {column} FROM {table} WHERE id = ?1"))
        .and_then(|mut statement| statement.query_row([id], |row| row.get(0)).optional());
    as_json(value.ok().flatten().as_ref())
}

/// Marks as events, each once, with how it is now.
fn said_of(conn: &Connection, marks: BTreeSet<Mark>) -> Result<Vec<Said>> {
    let mut tables = BTreeSet::new();
    let mut said = Vec::new();
    let mut say = |kind: Kind, says: Json| {
        if let Json::Object(says) = says {
            said.push(Said { kind, says, to: None });
        }
    };
    for mark in marks {
        match mark {
            Mark::Table(name) => drop(tables.insert(name)),
            Mark::TableOf(order) => {
                if let Json::String(name) = now(conn, "orders", "table_name", order) {
                    tables.insert(name);
                }
            }
            Mark::Stats => say(Kind::Stats, json!({ "read": "/today" })),
            Mark::Analytics => say(Kind::Analytics, json!({ "read": "/reports" })),
            Mark::Performance(account) => {
                say(Kind::StaffPerformance, json!({ "account_id": account, "read": "/reports/staff" }));
            }
        }
    }
    for table in tables {
        let orders: u64 = conn
            .prepare_cached("SELECT COUNT(*) FROM orders WHERE closed_ms IS NULL AND table_name = ?1")?
            .query_row([&table], |row| row.get(0))?;
        let status = if orders == 0 { "free" } else { "occupied" };
        say(Kind::TableStatus, json!({ "table": table, "status": status, "orders": orders }));
    }
    Ok(said)
}
