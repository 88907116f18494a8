//! Migrations: each one in a transaction of its own, with an entry in the journal.
//!
//! A migration may rebuild tables, whose rows then move without being changes of the restaurant. So its entry holds
//! its name instead of changes, the state is counted anew after it, and replay runs the migration itself.

use rusqlite::{Connection, OptionalExtension};

use crate::capture::Capture;
use crate::changes;
use crate::records::{self, Cause, Head, JournalRow};
use crate::schema::Schema;
use crate::shape::Shape;
use crate::state::{self, Sum};

/// How many migrations the file has behind it.
pub fn version(conn: &Connection) -> rusqlite::Result<usize> {
    conn.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Brings the file to the schema. Returns how many steps it took.
pub(crate) fn run(conn: &mut Connection, schema: &Schema) -> rusqlite::Result<usize> {
    let from = version(conn)?;
    for (number, migration) in schema.migrations.iter().enumerate().skip(from) {
        // Foreign keys cannot be switched inside a transaction, and a rebuild must not cascade.
        conn.execute_batch("PRAGMA foreign_keys = OFF")?;
        let tx = conn.transaction()?;
        step(&tx, schema, number)?;
        let broken: usize = tx.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
        if broken > 0 {
            return Err(rusqlite::Error::InvalidParameterName(format!(
                "migration {} leaves {broken} references to nothing",
                migration.name
            )));
        }
        tx.commit()?;
    }
    conn.execute_batch("PRAGMA foreign_keys = ON")?;
    Ok(schema.migrations.len().saturating_sub(from))
}

/// One migration and its journal entry, inside the caller's transaction.
pub(crate) fn step(conn: &Connection, schema: &Schema, number: usize) -> rusqlite::Result<()> {
    let migration = schema.migrations[number];
    apply(conn, schema, number)?;
    let mut head = Head::read(conn)?;
    let mut row = JournalRow {
        entry: head.entry + 1,
        cause: Cause::Migration,
        seq: 0,
        position: None,
        changes: changes::migration(migration.name),
        state: Some(recount(conn, schema)?.to_bytes()),
        hash: None,
    };
    let link = records::chain(&head.hash, &row, None);
    row.hash = Some(records::hash(&link, row.state.as_ref()));
    records::insert_journal(conn, &row)?;
    head.entry = row.entry;
    head.hash = link;
    head.write(conn)
}

/// The statements alone: what replay does, whose journal entry exists already.
pub(crate) fn apply(conn: &Connection, schema: &Schema, number: usize) -> rusqlite::Result<()> {
    conn.execute_batch(schema.migrations[number].sql)?;
    conn.pragma_update(None, "user_version", number + 1)
}

/// Counts every synced table there is, and keeps the result.
pub(crate) fn recount(conn: &Connection, schema: &Schema) -> rusqlite::Result<Sum> {
    let mut total = Sum::default();
    for table in schema.synced() {
        // A table that a later migration makes is not there yet.
        if let Some(shape) = Shape::read(conn, table)? {
            let counted = state::count(conn, &shape)?;
            state::keep(conn, table, counted)?;
            total.add(counted.sum);
        }
    }
    Ok(total)
}

/// Every table of the file stands in exactly one class, and every listed one is there.
pub(crate) fn assert_classes(conn: &Connection, schema: &Schema) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let there = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let unlisted = there.iter().find(|name| schema.class_of(name).is_none());
    let deferred: Option<String> = conn
        .query_row("SELECT name FROM sqlite_schema WHERE sql LIKE '%DEFERRABLE%' LIMIT 1", [], |row| row.get(0))
        .optional()?;
    if let Some(name) = deferred {
        // It would pass its command's savepoint and fail everybody's commit.
        return Err(rusqlite::Error::InvalidParameterName(format!("table {name} has a deferred foreign key")));
    }
    let missing = schema.tables.iter().find(|table| !there.iter().any(|name| name == table.name));
    match (unlisted, missing) {
        (None, None) => Ok(()),
        (Some(name), _) => Err(rusqlite::Error::InvalidParameterName(format!("table {name} has no class"))),
        (_, Some(table)) => Err(rusqlite::Error::InvalidParameterName(format!("table {} is not there", table.name))),
    }
}

/// Makes the capture for what the schema now is.
pub(crate) fn capture(conn: &Connection, schema: &Schema, apart: &[&str]) -> rusqlite::Result<Capture> {
    assert_classes(conn, schema)?;
    Capture::install(conn, schema, apart)
}
