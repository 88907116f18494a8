//! Putting recorded changes into the tables: statements made from column names.

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::changes::{Change, Columns, Op};
use crate::shape::quote;

/// A change does not fit the rows that are there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Misfit {
    #[error("{op:?} in {table} met {rows} rows where it needs one")]
    Rows { op: Op, table: String, rows: usize },
    #[error(transparent)]
    Sql(#[from] rusqlite::Error),
}

/// Applies one change to exactly one row.
pub(crate) fn apply(conn: &Connection, change: &Change) -> Result<(), Misfit> {
    let table = quote(&change.table);
    let rows = match change.op {
        Op::Insert => {
            let all = || change.key.iter().chain(&change.new);
            let names = all().map(|(name, _)| quote(name)).collect::<Vec<_>>().join(", ");
            let marks = vec!["?"; change.key.len() + change.new.len()].join(", ");
            execute(conn, &format!("INSERT INTO main.{table} ({names}) VALUES ({marks})"), all().map(|(_, v)| v))?
        }
        Op::Update => {
            let sets = list(&change.new, ", ");
            let wheres = list(&change.key, " AND ");
            let values = change.new.iter().chain(&change.key).map(|(_, v)| v);
            execute(conn, &format!("UPDATE main.{table} SET {sets} WHERE {wheres}"), values)?
        }
        Op::Delete => {
            let wheres = list(&change.key, " AND ");
            execute(conn, &format!("DELETE FROM main.{table} WHERE {wheres}"), change.key.iter().map(|(_, v)| v))?
        }
        Op::Migration => return Ok(()),
    };
    if rows == 1 {
        return Ok(());
    }
    Err(Misfit::Rows { op: change.op, table: change.table.clone(), rows })
}

fn list(columns: &Columns, between: &str) -> String {
    columns.iter().map(|(name, _)| format!("{} = ?", quote(name))).collect::<Vec<_>>().join(between)
}

fn execute<'v>(conn: &Connection, sql: &str, values: impl Iterator<Item = &'v Value>) -> rusqlite::Result<usize> {
    conn.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values))
}
