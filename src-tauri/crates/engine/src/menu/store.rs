//! The only SQL for `menu_category` and `menu_item`.

use std::collections::HashSet;

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::model::{Category, Item, Menu};
use crate::kernel::ids::{CategoryId, ItemId};
use crate::kernel::money::Minor;
use crate::orders::model::Station;

macro_rules! item_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, category_id, name, price_minor, tax_rate_bp, station, sold_out IS NULL, position
             FROM menu_item WHERE archived_ms IS NULL AND ",
            $rest
        )
    };
}

fn item_row(row: &Row<'_>) -> Result<Item> {
    Ok(Item {
        id: row.get(0)?,
        category_id: row.get(1)?,
        name: row.get(2)?,
        price_minor: row.get(3)?,
        tax_rate_bp: row.get(4)?,
        station: row.get::<_, Option<Station>>(5)?.unwrap_or_default(),
        available: row.get(6)?,
        position: row.get(7)?,
    })
}

/// An item on the menu; archived ones are not.
pub fn item(conn: &Connection, id: ItemId) -> Result<Option<Item>> {
    conn.prepare_cached(item_sql!("id = ?1"))?.query_row([id], item_row).optional()
}

fn items_of(conn: &Connection, category: CategoryId) -> Result<Vec<Item>> {
    let mut statement = conn.prepare_cached(item_sql!("category_id = ?1 ORDER BY position, id"))?;
    statement.query_map([category], item_row)?.collect()
}

fn category_row(row: &Row<'_>) -> Result<Category> {
    Ok(Category { id: row.get(0)?, name: row.get(1)?, position: row.get(2)?, items: Vec::new() })
}

pub fn category(conn: &Connection, id: CategoryId) -> Result<Option<Category>> {
    let mut statement =
        conn.prepare_cached("SELECT id, name, position FROM menu_category WHERE id = ?1 AND archived_ms IS NULL")?;
    let found = statement.query_row([id], category_row).optional()?;
    found.map(|category| Ok(Category { items: items_of(conn, category.id)?, ..category })).transpose()
}

pub fn menu(conn: &Connection) -> Result<Menu> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, position FROM menu_category WHERE archived_ms IS NULL ORDER BY position, id",
    )?;
    let mut categories = statement.query_map([], category_row)?.collect::<Result<Vec<_>>>()?;
    for category in &mut categories {
        category.items = items_of(conn, category.id)?;
    }
    Ok(Menu { categories })
}

/// How many categories and items there are, archived ones too.
pub fn counts(conn: &Connection) -> Result<(i64, i64)> {
    conn.prepare_cached("SELECT (SELECT COUNT(*) FROM menu_category), (SELECT COUNT(*) FROM menu_item)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The category of that name, for what is brought in from elsewhere.
pub fn category_named(conn: &Connection, name: &str) -> Result<Option<CategoryId>> {
    conn.prepare_cached("SELECT id FROM menu_category WHERE name = ?1 AND archived_ms IS NULL ORDER BY id LIMIT 1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// The names of everything on the menu.
pub fn item_names(conn: &Connection) -> Result<HashSet<String>> {
    let mut statement = conn.prepare_cached("SELECT name FROM menu_item WHERE archived_ms IS NULL")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

pub fn insert_category(tx: &Tx<'_>, id: CategoryId, name: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO menu_category (id, name, position)
         SELECT ?1, ?2, COALESCE(MAX(position), 0) + 1 FROM menu_category",
        params![id, name],
    )
    .map(drop)
}

pub fn change_category(tx: &Tx<'_>, id: CategoryId, name: Option<&str>, position: Option<i64>) -> Result<()> {
    tx.execute(
        "UPDATE menu_category SET name = COALESCE(?2, name), position = COALESCE(?3, position) WHERE id = ?1",
        params![id, name, position],
    )
    .map(drop)
}

/// With its items.
pub fn archive_category(tx: &Tx<'_>, id: CategoryId, at_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE menu_item SET archived_ms = ?2 WHERE category_id = ?1 AND archived_ms IS NULL",
        params![id, at_ms],
    )?;
    tx.execute("UPDATE menu_category SET archived_ms = ?2 WHERE id = ?1", params![id, at_ms]).map(drop)
}

pub struct NewItem<'a> {
    pub id: ItemId,
    pub category: CategoryId,
    pub name: &'a str,
    pub price: Minor,
    pub tax_rate_bp: i64,
    pub station: Station,
}

pub fn insert_item(tx: &Tx<'_>, item: &NewItem<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO menu_item (id, category_id, name, price_minor, tax_rate_bp, station, position)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, COALESCE(MAX(position), 0) + 1 FROM menu_item WHERE category_id = ?2",
        params![
            item.id,
            item.category,
            item.name,
            item.price,
            item.tax_rate_bp,
            (item.station != Station::Kitchen).then_some(item.station)
        ],
    )
    .map(drop)
}

/// Writes an item as it is to be.
pub fn change_item(tx: &Tx<'_>, item: &Item) -> Result<()> {
    tx.execute(
        "UPDATE menu_item SET category_id = ?2, name = ?3, price_minor = ?4, tax_rate_bp = ?5, station = ?6,
                              sold_out = ?7, position = ?8
         WHERE id = ?1",
        params![
            item.id,
            item.category_id,
            item.name,
            item.price_minor,
            item.tax_rate_bp,
            (item.station != Station::Kitchen).then_some(item.station),
            (!item.available).then_some(1),
            item.position
        ],
    )
    .map(drop)
}

pub fn archive_item(tx: &Tx<'_>, id: ItemId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE menu_item SET archived_ms = ?2 WHERE id = ?1", params![id, at_ms]).map(drop)
}
