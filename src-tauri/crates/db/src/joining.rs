//! Files on their way to another device: a sequencer's copy without what is its own, and taken in by a device.
//!
//! Everything here works on files nobody has open. A failure leaves them worth nothing.

use std::path::Path;

use rusqlite::Connection;
use uuid::Uuid;

use crate::core::set_meta;
use crate::rebase::CURSOR;
use crate::records::Head;
use crate::schema::{Class, Schema};
use crate::scratch::open_scratch;
use crate::shape::quote;

/// Takes out of a copy what is its disk's own: all of the secret tables, of the local ones all but `kept`, and what
/// the kit keeps of this disk's part in sync. What is taken out is overwritten.
pub fn strip(copy: &Path, schema: &Schema, kept: &[&str]) -> rusqlite::Result<()> {
    bare(copy, schema, kept, "DELETE FROM outbox; DELETE FROM inbox; DELETE FROM device")
}

pub(crate) fn bare(copy: &Path, schema: &Schema, kept: &[&str], besides: &str) -> rusqlite::Result<()> {
    let mut conn = open_scratch(copy)?;
    conn.execute_batch("PRAGMA secure_delete = ON; PRAGMA synchronous = FULL")?;
    let tx = conn.transaction()?;
    for table in own(schema).filter(|table| !kept.contains(table)) {
        tx.execute(&format!("DELETE FROM main.{}", quote(table)), [])?;
    }
    tx.execute_batch(besides)?;
    tx.commit()
}

/// Makes a sequencer's copy the file of a device, which has pulled everything that is in it. `former` is an older file of
/// that device, whose secret and local rows go on in this one.
pub fn settle(copy: &Path, device: Uuid, schema: &Schema, former: Option<&Path>) -> rusqlite::Result<()> {
    let mut conn = open_scratch(copy)?;
    conn.execute_batch("PRAGMA synchronous = FULL")?;
    if let Some(former) = former {
        conn.execute("ATTACH ?1 AS former", [former.to_string_lossy()])?;
    }
    let tx = conn.transaction()?;
    set_meta(&tx, "device", device)?;
    set_meta(&tx, CURSOR, Head::read(&tx)?.seq)?;
    tx.execute("UPDATE head SET device_seq = 0", [])?;
    if former.is_some() {
        own(schema).try_for_each(|table| carry(&tx, table))?;
    }
    tx.commit()
}

/// The tables that are their disk's own.
fn own(schema: &Schema) -> impl Iterator<Item = &'static str> {
    let tables = schema.tables.iter();
    tables.filter(|table| matches!(table.class, Class::Local | Class::Secret)).map(|table| table.name)
}

/// Rows of the former file that the copy does not have. A table the former file does not know has none.
fn carry(conn: &Connection, table: &str) -> rusqlite::Result<()> {
    let there = "SELECT EXISTS (SELECT 1 FROM former.sqlite_schema WHERE type = 'table' AND name = ?1)";
    if !conn.query_row(there, [table], |row| row.get::<_, bool>(0))? {
        return Ok(());
    }
    let mut names = conn.prepare("SELECT name FROM pragma_table_info(?1, 'former')")?;
    let names = names.query_map([table], |row| row.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<_>>>()?;
    let columns = names.iter().map(|name| quote(name)).collect::<Vec<_>>().join(", ");
    let table = quote(table);
    conn.execute(&format!("INSERT OR IGNORE INTO main.{table} ({columns}) SELECT {columns} FROM former.{table}"), [])?;
    Ok(())
}
