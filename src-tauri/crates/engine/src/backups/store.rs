//! What is read of a restaurant for its backups: counts, sums, whether the books balance, pictures.

use rusqlite::{Connection, Result, params};
use serde::Serialize;
use utoipa::ToSchema;

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

pub fn image_hashes(conn: &Connection) -> Result<Vec<String>> {
    conn.prepare_cached("SELECT hash FROM image")?.query_map([], |row| row.get(0))?.collect()
}

/// Pictures that dishes refer to and that are not there.
pub fn images_missing(conn: &Connection) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT image FROM menu_item WHERE image IS NOT NULL AND image NOT IN (SELECT hash FROM image)";
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
