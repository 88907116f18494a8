//! Are the roll-ups what the rows lead to? They are made once more, by the same triggers, in a file of SQLite's own that
//! goes when it is closed, and held against those that are kept.
//!
//! For a file nobody writes to. Deliberately absent: full-text indexes, whose rows stand in a table that is compared.

use rusqlite::Connection;

use crate::database::Database;
use crate::schema::{Class, Schema};
use crate::shape::{Shape, quote};

/// A column whose change a trigger listens to: rows come in without it, and it is set then.
pub type Late = (&'static str, &'static str);

impl Database {
    /// Sentences where a derived table is not what it derives from. `late`, in the order they are set.
    pub fn check_derived(&self, late: &[Late]) -> rusqlite::Result<Vec<String>> {
        let schema = self.schema();
        let again = Connection::open("")?;
        again.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
        for migration in schema.migrations {
            again.execute_batch(migration.sql)?;
        }
        again.execute("ATTACH ?1 AS was", [self.path().to_string_lossy()])?;
        again.execute_batch("BEGIN")?;
        fill(&again, schema, late)?;
        let mut found = Vec::new();
        for table in schema.tables.iter().filter(|table| table.class == Class::Derived) {
            found.extend(compare(&again, table.name)?);
        }
        Ok(found)
    }
}

fn fill(again: &Connection, schema: &Schema, late: &[Late]) -> rusqlite::Result<()> {
    for table in schema.synced() {
        let Some(shape) = Shape::read(again, table)? else { continue };
        let is_late = |column: &str| late.iter().any(|(of, name)| *of == table && *name == column);
        let names: Vec<_> = shape.columns.iter().map(|column| quote(column)).collect();
        let values = shape.columns.iter().map(|column| if is_late(column) { "NULL".into() } else { quote(column) });
        let (table, values) = (quote(table), values.collect::<Vec<_>>().join(", "));
        let sql = format!("INSERT INTO main.{table} ({}) SELECT {values} FROM was.{table}", names.join(", "));
        again.execute(&sql, [])?;
    }
    for (table, column) in late {
        let Some(shape) = Shape::read(again, table)? else { continue };
        let keys = shape.key.iter().map(|at| quote(&shape.columns[*at])).map(|key| format!("w.{key} = n.{key}"));
        let (table, column, keys) = (quote(table), quote(column), keys.collect::<Vec<_>>().join(" AND "));
        let sql = format!(
            "UPDATE main.{table} AS n SET {column} = w.{column} FROM was.{table} AS w
             WHERE {keys} AND w.{column} IS NOT NULL"
        );
        again.execute(&sql, [])?;
    }
    Ok(())
}

fn compare(again: &Connection, table: &str) -> rusqlite::Result<Option<String>> {
    let is_virtual = "SELECT sql LIKE 'CREATE VIRTUAL%' FROM main.sqlite_schema WHERE name = ?1";
    if again.query_row(is_virtual, [table], |row| row.get::<_, bool>(0))? {
        return Ok(None);
    }
    let sql = "SELECT name, pk > 0, type = 'INTEGER' FROM pragma_table_info(?1)
               WHERE NOT (pk > 0 AND type = 'INTEGER' AND (SELECT count(*) FROM pragma_table_info(?1) WHERE pk > 0) = 1)";
    let mut statement = again.prepare(sql)?;
    let columns = statement.query_map([table], |row| {
        Ok((quote(&row.get::<_, String>(0)?), row.get::<_, bool>(1)?, row.get::<_, bool>(2)?))
    })?;
    let columns = columns.collect::<rusqlite::Result<Vec<_>>>()?;
    let names: Vec<_> = columns.iter().map(|(name, ..)| name.as_str()).collect();
    // What was counted and counted back leaves a row of nothing.
    let sums: Vec<_> = columns.iter().filter(|(_, key, sum)| !key && *sum).map(|(name, ..)| name.as_str()).collect();
    let some = if sums.is_empty() { "true".to_owned() } else { format!("{} <> 0", sums.join(" <> 0 OR ")) };
    let (names, quoted) = (names.join(", "), quote(table));
    let rows = |of: &str| format!("SELECT {names} FROM {of}.{quoted} WHERE {some}");
    let count = |of: &str, without: &str| {
        let sql = format!("SELECT count(*) FROM ({} EXCEPT {})", rows(of), rows(without));
        again.query_row(&sql, [], |row| row.get::<_, u64>(0))
    };
    let (lacks, other) = (count("main", "was")?, count("was", "main")?);
    if lacks == 0 && other == 0 {
        return Ok(None);
    }
    Ok(Some(format!(
        "derived: {table} is not what its rows lead to: {other} of its rows are others, and {lacks} are missing"
    )))
}
