//! Price lists and the prices in them. SQL.

use chrono::NaiveDate;
use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::super::model::{Hours, ListPrice, Listed, PriceList};
use crate::kernel::ids::{ItemId, PriceListId, VariantId};

fn hours(row: &Row<'_>, at: usize) -> Result<Hours> {
    let date = |at: usize| -> Result<Option<NaiveDate>> {
        Ok(row.get::<_, Option<String>>(at)?.and_then(|text| text.parse().ok()))
    };
    let (from, to): (Option<i64>, Option<i64>) = (row.get(at + 1)?, row.get(at + 2)?);
    Ok(Hours { days: row.get(at)?, minutes: from.zip(to), from_date: date(at + 3)?, to_date: date(at + 4)? })
}

/// A price without a size stands under the item's own id.
fn variant_of(row: &Row<'_>, item: ItemId, at: usize) -> Result<Option<VariantId>> {
    let variant: VariantId = row.get(at)?;
    Ok((variant.0 != item.0).then_some(variant))
}

/// What lists say an item costs, the most urgent first; of equals the one made last.
pub fn prices_of(conn: &Connection, item: ItemId) -> Result<Vec<ListPrice>> {
    let mut statement = conn.prepare_cached(
        "SELECT l.id, p.variant_id, p.price_minor, l.days, l.from_minute, l.to_minute, l.from_date, l.to_date
         FROM price_list_price p JOIN price_list l ON l.id = p.list_id
         WHERE p.item_id = ?1 AND l.archived_ms IS NULL AND l.paused IS NULL
         ORDER BY COALESCE(l.priority, 0) DESC, l.id DESC",
    )?;
    let price = |row: &Row<'_>| {
        Ok(ListPrice {
            list: row.get(0)?,
            hours: hours(row, 3)?,
            variant: variant_of(row, item, 1)?,
            price: row.get(2)?,
        })
    };
    statement.query_map([item], price)?.collect()
}

fn list_row(row: &Row<'_>) -> Result<PriceList> {
    Ok(PriceList {
        id: row.get(0)?,
        name: row.get(1)?,
        hours: hours(row, 2)?,
        priority: row.get::<_, Option<i64>>(7)?.unwrap_or(0),
        paused: row.get(8)?,
        prices: Vec::new(),
    })
}

macro_rules! list_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, days, from_minute, to_minute, from_date, to_date, priority, paused IS NOT NULL
             FROM price_list WHERE archived_ms IS NULL ",
            $rest
        )
    };
}

fn prices_in(conn: &Connection, list: PriceListId) -> Result<Vec<Listed>> {
    // What left the menu has no price any more.
    let mut statement = conn.prepare_cached(
        "SELECT p.item_id, p.variant_id, p.price_minor FROM price_list_price p
         JOIN menu_item i ON i.id = p.item_id AND i.archived_ms IS NULL
         LEFT JOIN menu_variant v ON v.item_id = p.item_id AND v.id = p.variant_id
         WHERE p.list_id = ?1 AND (p.variant_id = p.item_id OR (v.id IS NOT NULL AND v.archived_ms IS NULL))",
    )?;
    let listed = |row: &Row<'_>| {
        let item_id = row.get(0)?;
        Ok(Listed { item_id, variant_id: variant_of(row, item_id, 1)?, price_minor: row.get(2)? })
    };
    statement.query_map([list], listed)?.collect()
}

/// Every list, the most urgent first.
pub fn price_lists(conn: &Connection) -> Result<Vec<PriceList>> {
    let mut statement = conn.prepare_cached(list_sql!("ORDER BY COALESCE(priority, 0) DESC, id DESC"))?;
    let lists = statement.query_map([], list_row)?.collect::<Result<Vec<_>>>()?;
    lists.into_iter().map(|list| Ok(PriceList { prices: prices_in(conn, list.id)?, ..list })).collect()
}

pub fn price_list(conn: &Connection, id: PriceListId) -> Result<Option<PriceList>> {
    let found = conn.prepare_cached(list_sql!("AND id = ?1"))?.query_row([id], list_row).optional()?;
    found.map(|list| Ok(PriceList { prices: prices_in(conn, id)?, ..list })).transpose()
}

/// The same, archived or not: a change that is repeated is answered though the list is gone since.
pub fn price_list_ever(conn: &Connection, id: PriceListId) -> Result<Option<PriceList>> {
    let sql = "SELECT id, name, days, from_minute, to_minute, from_date, to_date, priority, paused IS NOT NULL
               FROM price_list WHERE id = ?1";
    let found = conn.prepare_cached(sql)?.query_row([id], list_row).optional()?;
    found.map(|list| Ok(PriceList { prices: prices_in(conn, id)?, ..list })).transpose()
}

/// How many lists there are, archived ones too.
pub fn price_lists_count(conn: &Connection) -> Result<i64> {
    conn.prepare_cached("SELECT COUNT(*) FROM price_list")?.query_row([], |row| row.get(0))
}

/// Writes a list as it is to be, with its prices.
pub fn put_price_list(tx: &Tx<'_>, list: &PriceList) -> Result<()> {
    let Hours { days, minutes, from_date, to_date } = list.hours;
    let date = |date: Option<NaiveDate>| date.map(|date| date.to_string());
    tx.execute(
        "INSERT INTO price_list (id, name, days, from_minute, to_minute, from_date, to_date, priority, paused)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT DO UPDATE SET name = excluded.name, days = excluded.days, from_minute = excluded.from_minute,
           to_minute = excluded.to_minute, from_date = excluded.from_date, to_date = excluded.to_date,
           priority = excluded.priority, paused = excluded.paused",
        params![
            list.id,
            list.name,
            days,
            minutes.map(|minutes| minutes.0),
            minutes.map(|minutes| minutes.1),
            date(from_date),
            date(to_date),
            (list.priority != 0).then_some(list.priority),
            list.paused.then_some(1)
        ],
    )?;
    let same = |a: &Listed, b: &Listed| (a.item_id, a.variant_id) == (b.item_id, b.variant_id);
    for was in prices_in(tx.conn(), list.id)? {
        if !list.prices.iter().any(|listed| same(listed, &was)) {
            tx.execute(
                "DELETE FROM price_list_price WHERE list_id = ?1 AND item_id = ?2 AND variant_id = ?3",
                params![list.id, was.item_id, was.variant_id.map_or(was.item_id.0, |variant| variant.0)],
            )?;
        }
    }
    for listed in &list.prices {
        tx.execute(
            "INSERT INTO price_list_price (list_id, item_id, variant_id, price_minor) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET price_minor = excluded.price_minor",
            params![
                list.id,
                listed.item_id,
                listed.variant_id.map_or(listed.item_id.0, |variant| variant.0),
                listed.price_minor
            ],
        )?;
    }
    Ok(())
}

pub fn archive_price_list(tx: &Tx<'_>, id: PriceListId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE price_list SET archived_ms = ?2 WHERE id = ?1", params![id, at_ms]).map(drop)
}
