//! Rows of the tables a practice house is furnished with, whatever their columns.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use comanda_db::{Stop, Tx};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

/// What a house is before its first guest; what is referred to comes first. No order, no payment, nobody's time.
const TABLES: &[&str] = &[
    "restaurant",
    "staff",
    "station",
    "station_route",
    "menu_category",
    "menu_item",
    "menu_variant",
    "modifier_group",
    "modifier",
    "menu_item_group",
    "price_list",
    "price_list_price",
    "menu_countdown",
    "floor_area",
    "floor_table",
    "task",
];

/// The rows of one table.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Furnishing {
    table: String,
    columns: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// A value of a column.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Cell {
    Null(()),
    Integer(i64),
    Text(String),
    /// Bytes, as base64 in a list of one.
    Bytes([String; 1]),
}

impl Cell {
    fn of(value: ValueRef<'_>) -> rusqlite::Result<Self> {
        Ok(match value {
            ValueRef::Null => Self::Null(()),
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Text(_) => Self::Text(value.as_str()?.to_owned()),
            ValueRef::Blob(bytes) => Self::Bytes([BASE64_STANDARD.encode(bytes)]),
            ValueRef::Real(_) => return Err(rusqlite::Error::InvalidQuery),
        })
    }
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null(()) => ToSqlOutput::Owned(Value::Null),
            Self::Integer(number) => ToSqlOutput::from(*number),
            Self::Text(text) => ToSqlOutput::from(text.as_str()),
            Self::Bytes([text]) => {
                let bytes = BASE64_STANDARD.decode(text);
                let bytes = bytes.map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
                ToSqlOutput::Owned(Value::Blob(bytes))
            }
        })
    }
}

/// Everything a house is furnished with, in one snapshot.
pub fn furniture(conn: &Connection) -> rusqlite::Result<Vec<Furnishing>> {
    TABLES.iter().map(|table| rows_of(conn, table)).collect()
}

fn rows_of(conn: &Connection, table: &str) -> rusqlite::Result<Furnishing> {
    let mut statement = conn.prepare(&format!("SELECT * FROM {table}"))?;
    let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let width = columns.len();
    let rows = statement.query_map([], |row| (0..width).map(|at| Cell::of(row.get_ref(at)?)).collect())?;
    Ok(Furnishing { table: table.to_owned(), rows: rows.collect::<rusqlite::Result<_>>()?, columns })
}

/// Inserts them. A table or a column that is none of these stops the command.
pub fn furnish(tx: &Tx<'_>, furnishing: &Furnishing) -> Result<(), Stop> {
    let Furnishing { table, columns, rows } = furnishing;
    let is_word = |name: &String| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if !TABLES.contains(&table.as_str()) || columns.is_empty() || !columns.iter().all(is_word) {
        return Err(Stop::Broken(format!("a practice house has no {table} {columns:?}")));
    }
    let places = vec!["?"; columns.len()].join(", ");
    let sql = format!("INSERT INTO {table} ({}) VALUES ({places})", columns.join(", "));
    for row in rows {
        tx.execute(&sql, params_from_iter(row))?;
    }
    Ok(())
}

pub fn is_empty(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row("SELECT NOT EXISTS (SELECT 1 FROM restaurant)", [], |row| row.get(0))
}
