//! What is read of a restaurant for its backups: counts, sums, whether the books balance, pictures, alarms; and rows of
//! a collection, read and put back.

use comanda_db::Tx;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Result, ToSql, params, params_from_iter};
use serde::Serialize;
use utoipa::ToSchema;

use super::collection::{Change, Here, Row, Table, Value};
use super::seal::hex;
use crate::kernel::ids::FlagId;
use crate::kernel::money::Minor;
use crate::orders;

/// What a person recognises a restaurant by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BackupFigures {
    /// The last entry of the journal.
    pub entry: u64,
    /// When the last command was asked for.
    pub at_ms: Option<i64>,
    pub commands: i64,
    pub orders: i64,
    pub open_orders: i64,
    pub payments: i64,
    pub paid_minor: Minor,
    pub items: i64,
    pub staff: i64,
    pub z_reports: i64,
    /// The last business day something was sold on.
    pub last_business_date: Option<String>,
}

pub fn figures(conn: &Connection) -> Result<BackupFigures> {
    let (open_orders, _) = orders::store::open_counts(conn)?;
    conn.query_row(
        "SELECT (SELECT entry FROM head), (SELECT at_ms FROM ledger ORDER BY seq DESC LIMIT 1), (SELECT seq FROM head),
                (SELECT count(*) FROM orders),
                (SELECT count(*) FROM payment), (SELECT coalesce(sum(amount_minor), 0) FROM payment),
                (SELECT count(*) FROM menu_item), (SELECT count(*) FROM staff), (SELECT count(*) FROM z_report),
                (SELECT max(business_date) FROM orders)",
        [],
        |row| {
            Ok(BackupFigures {
                entry: row.get(0)?,
                at_ms: row.get(1)?,
                commands: row.get(2)?,
                orders: row.get(3)?,
                open_orders,
                payments: row.get(4)?,
                paid_minor: row.get(5)?,
                items: row.get(6)?,
                staff: row.get(7)?,
                z_reports: row.get(8)?,
                last_business_date: row.get(9)?,
            })
        },
    )
}

/// Whether anybody has ever paid: there is something to lose.
pub fn has_payments(conn: &Connection) -> Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM payment)")?.query_row([], |row| row.get(0))
}

/// Whether the roll-ups say what the rows say. Sentences where they do not.
pub fn unbalanced(conn: &Connection) -> Result<Vec<String>> {
    let (rows, days, tenders): (i64, i64, i64) = conn.query_row(
        "SELECT (SELECT coalesce(sum(amount_minor), 0) FROM payment),
                (SELECT coalesce(sum(settled_minor), 0) FROM tender_day),
                (SELECT coalesce(sum(settled_minor + rounding_minor + tips_minor - refunds_minor), 0) FROM tender_day)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let moved: i64 =
        conn.query_row("SELECT coalesce(sum(cash_minor + card_minor + voucher_minor), 0) FROM day_total", [], |row| {
            row.get(0)
        })?;
    let mut found = Vec::new();
    if rows != days {
        found.push(format!("the books do not balance: payments come to {rows}, the days to {days}"));
    }
    if tenders != moved {
        found.push(format!("the books do not balance: the tenders moved {tenders}, the days {moved}"));
    }
    Ok(found)
}

/// Kinds of the alarms nobody has answered yet.
pub fn open_alarms(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT kind FROM flag WHERE resolved_ms IS NULL AND kind LIKE 'backup%'";
    conn.prepare_cached(sql)?.query_map([], |row| row.get(0))?.collect()
}

pub fn open_of(conn: &Connection, kind: &str) -> Result<Vec<FlagId>> {
    let sql = "SELECT id FROM flag WHERE resolved_ms IS NULL AND kind = ?1";
    conn.prepare_cached(sql)?.query_map([kind], |row| row.get(0))?.collect()
}

/// Nothing that was open when a copy was made opens it: everybody logs in anew, and keys wait for a person's word.
pub fn shut(conn: &Connection, now_ms: i64) -> Result<()> {
    conn.execute("DELETE FROM session", [])?;
    conn.execute("UPDATE api_key SET paused_ms = ?1", [now_ms]).map(drop)
}

pub fn image_hashes(conn: &Connection) -> Result<Vec<String>> {
    conn.prepare_cached("SELECT hash FROM image")?.query_map([], |row| row.get(0))?.collect()
}

/// Pictures that dishes and receipts refer to and that are not there.
pub fn images_missing(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT named FROM (SELECT image AS named FROM menu_item
                                  UNION SELECT receipt ->> '$.logo' FROM restaurant)
               WHERE named IS NOT NULL AND named NOT IN (SELECT hash FROM image)";
    conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
}

/// Into a copy that nobody has open.
pub fn bring_image(conn: &Connection, hash: &str, media_type: &str, bytes: &[u8]) -> Result<()> {
    conn.execute(
        "INSERT INTO image (hash, media_type, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![hash, media_type, bytes],
    )
    .map(drop)
}

/// A table of a collection, whole. Its name is one of the program's own.
pub fn table(conn: &Connection, name: &str) -> Result<Table> {
    let about = "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid";
    let about: Vec<(String, usize)> =
        conn.prepare_cached(about)?.query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_>>()?;
    let mut keys: Vec<_> = about.iter().enumerate().filter(|(_, (_, pk))| *pk > 0).collect();
    keys.sort_by_key(|(_, (_, pk))| *pk);
    let keys: Vec<usize> = keys.into_iter().map(|(at, _)| at).collect();
    let columns: Vec<String> = about.into_iter().map(|(name, _)| name).collect();
    let mut statement = conn.prepare(&format!("SELECT {} FROM {name}", columns.join(", ")))?;
    let rows = statement.query_map([], |row| (0..columns.len()).map(|at| value(row.get_ref(at)?)).collect())?;
    let rows = rows.collect::<Result<Vec<Row>>>()?;
    let keyed = |row: Row| (keys.iter().filter_map(|at| row.get(*at).cloned()).collect(), row);
    Ok(Table { rows: rows.into_iter().map(keyed).collect(), columns, keys })
}

fn value(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Bytes { x: hex(bytes) },
        ValueRef::Real(_) => return Err(rusqlite::Error::IntegralValueOutOfRange(0, 0)),
    })
}

impl ToSql for Value {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::from(rusqlite::types::Null),
            Self::Integer(number) => ToSqlOutput::from(*number),
            Self::Text(text) => ToSqlOutput::from(text.as_str()),
            Self::Bytes { x } => ToSqlOutput::from(
                (0..x.len() / 2)
                    .filter_map(|at| u8::from_str_radix(x.get(at * 2..at * 2 + 2)?, 16).ok())
                    .collect::<Vec<u8>>(),
            ),
        })
    }
}

/// Takes what came since off the list; what no list keeps goes.
pub fn take_off(tx: &Tx<'_>, change: &Change, at_ms: i64) -> Result<()> {
    let key: Vec<_> = change.keys.iter().enumerate().map(|(at, name)| format!("{name} = ?{}", at + 1)).collect();
    let (table, key) = (&change.table, key.join(" AND "));
    let sql = if change.archives {
        let last = change.keys.len() + 1;
        format!("UPDATE {table} SET archived_ms = ?{last} WHERE {key} AND archived_ms IS NULL")
    } else {
        format!("DELETE FROM {table} WHERE {key}")
    };
    for row in &change.gone {
        let at = Value::Integer(at_ms);
        let when = change.archives.then_some(&at);
        tx.execute(&sql, params_from_iter(row.iter().chain(when)))?;
    }
    Ok(())
}

/// Puts rows as they are to be, whether they are there or not.
pub fn put_rows(tx: &Tx<'_>, change: &Change) -> Result<()> {
    let Change { table, columns, keys, .. } = change;
    let places: Vec<_> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
    let others: Vec<_> = columns.iter().filter(|name| !keys.contains(name)).collect();
    let sets: Vec<_> = others.iter().map(|name| format!("{name} = excluded.{name}")).collect();
    let then = if sets.is_empty() { "NOTHING".to_owned() } else { format!("UPDATE SET {}", sets.join(", ")) };
    let (columns, places, keys) = (columns.join(", "), places.join(", "), keys.join(", "));
    let sql = format!("INSERT INTO {table} ({columns}) VALUES ({places}) ON CONFLICT ({keys}) DO {then}");
    for row in &change.put {
        tx.execute(&sql, params_from_iter(row))?;
    }
    Ok(())
}

/// What rows of a collection may refer to.
pub fn here(conn: &Connection) -> Result<Here> {
    let sql = "SELECT id FROM staff WHERE archived_ms IS NULL";
    let staff = conn.prepare(sql)?.query_map([], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>>>()?;
    Ok(Here { pictures: image_hashes(conn)?.into_iter().collect(), staff: staff.iter().map(|id| hex(id)).collect() })
}
