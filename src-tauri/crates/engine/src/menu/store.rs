//! The only SQL for the tables of the menu.

mod choices;
pub mod countdown;
mod images;
mod prices;
mod search;

use std::collections::HashSet;

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::model::{Category, Colour, Item, Menu, Offer};
use crate::kernel::ids::{CategoryId, ItemId};
use crate::orders::model::Station;

pub use choices::{
    archive_group, change_group, group, group_ever, groups, groups_count, insert_group, set_item_groups,
    set_modifier_available, set_modifiers, set_variant_available, set_variants,
};
pub use images::{has_image, image, images_count, keep_image};
pub use prices::{archive_price_list, price_list, price_list_ever, price_lists, price_lists_count, put_price_list};
pub use search::search;

/// Tables that say what an item is and costs.
pub const OFFER_TABLES: &[&str] =
    &["menu_item", "menu_variant", "modifier_group", "modifier", "menu_item_group", "price_list", "price_list_price"];

macro_rules! item_sql {
    ($rest:literal) => {
        concat!(
            "SELECT id, category_id, name, price_minor, tax_rate_bp, station, sold_out IS NULL, position,
                    description, allergens, image, stock_tracked IS NOT NULL
             FROM menu_item WHERE ",
            $rest
        )
    };
}

macro_rules! item_params {
    ($item:expr) => {
        params![
            $item.id,
            $item.category_id,
            $item.name,
            $item.price_minor,
            $item.tax_rate_bp,
            ($item.station != Station::Kitchen).then_some($item.station),
            (!$item.available).then_some(1),
            $item.position,
            $item.description,
            words($item),
            $item.image,
            $item.stock_tracked.then_some(1)
        ]
    };
}

fn words(item: &Item) -> Option<String> {
    (!item.allergens.is_empty()).then(|| serde_json::json!(item.allergens).to_string())
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
        description: row.get(8)?,
        allergens: row
            .get::<_, Option<String>>(9)?
            .map(|words| serde_json::from_str(&words).unwrap_or_default())
            .unwrap_or_default(),
        image: row.get(10)?,
        stock_tracked: row.get(11)?,
        variants: Vec::new(),
        group_ids: Vec::new(),
    })
}

/// An item on the menu; archived ones are not.
pub fn item(conn: &Connection, id: ItemId) -> Result<Option<Item>> {
    let found = conn.prepare_cached(item_sql!("archived_ms IS NULL AND id = ?1"))?.query_row([id], item_row);
    whole(conn, found.optional()?)
}

/// What the items of a category are called.
pub fn names_in(conn: &Connection, category: CategoryId) -> Result<Vec<(ItemId, String)>> {
    let sql = "SELECT id, name FROM menu_item WHERE category_id = ?1 AND archived_ms IS NULL";
    conn.prepare_cached(sql)?.query_map([category], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// The same, archived or not: a change that is repeated is answered though the item has left the menu since.
pub fn item_ever(conn: &Connection, id: ItemId) -> Result<Option<Item>> {
    whole(conn, conn.prepare_cached(item_sql!("id = ?1"))?.query_row([id], item_row).optional()?)
}

fn whole(conn: &Connection, item: Option<Item>) -> Result<Option<Item>> {
    let whole = |item: Item| {
        let (variants, group_ids) = (choices::variants_of(conn, item.id)?, choices::groups_of(conn, item.id)?);
        Ok(Item { variants, group_ids, ..item })
    };
    item.map(whole).transpose()
}

/// An item with everything that decides what a line of it is and costs.
pub fn offer(conn: &Connection, id: ItemId) -> Result<Option<Offer>> {
    let Some(item) = item(conn, id)? else { return Ok(None) };
    let mut groups = Vec::new();
    let mut ids = item.group_ids.clone();
    let mut next = 0;
    while let Some(id) = ids.get(next).copied() {
        next += 1;
        let Some(group) = choices::group(conn, id)? else { continue };
        for opened in group.modifiers.iter().filter_map(|modifier| modifier.opens_group_id) {
            if !ids.contains(&opened) {
                ids.push(opened);
            }
        }
        groups.push(group);
    }
    Ok(Some(Offer { prices: prices::prices_of(conn, id)?, item, groups }))
}

fn items_of(conn: &Connection, category: CategoryId) -> Result<Vec<Item>> {
    let mut statement =
        conn.prepare_cached(item_sql!("archived_ms IS NULL AND category_id = ?1 ORDER BY position, id"))?;
    statement.query_map([category], item_row)?.collect()
}

fn category_row(row: &Row<'_>) -> Result<Category> {
    Ok(Category { id: row.get(0)?, name: row.get(1)?, position: row.get(2)?, colour: row.get(3)?, items: Vec::new() })
}

pub fn category(conn: &Connection, id: CategoryId) -> Result<Option<Category>> {
    let sql = "SELECT id, name, position, colour FROM menu_category WHERE id = ?1 AND archived_ms IS NULL";
    with_items(conn, conn.prepare_cached(sql)?.query_row([id], category_row).optional()?)
}

/// The same, archived or not: a change that is repeated is answered though the category has left the menu since.
pub fn category_ever(conn: &Connection, id: CategoryId) -> Result<Option<Category>> {
    let sql = "SELECT id, name, position, colour FROM menu_category WHERE id = ?1";
    with_items(conn, conn.prepare_cached(sql)?.query_row([id], category_row).optional()?)
}

fn with_items(conn: &Connection, category: Option<Category>) -> Result<Option<Category>> {
    let Some(mut category) = category else { return Ok(None) };
    category.items = items_of(conn, category.id)?;
    for item in &mut category.items {
        item.variants = choices::variants_of(conn, item.id)?;
        item.group_ids = choices::groups_of(conn, item.id)?;
    }
    Ok(Some(category))
}

pub fn menu(conn: &Connection) -> Result<Menu> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, position, colour FROM menu_category WHERE archived_ms IS NULL ORDER BY position, id",
    )?;
    let mut categories = statement.query_map([], category_row)?.collect::<Result<Vec<_>>>()?;
    let mut variants = choices::all_variants(conn)?;
    let mut item_groups = choices::all_item_groups(conn)?;
    for category in &mut categories {
        category.items = items_of(conn, category.id)?;
        for item in &mut category.items {
            item.variants = variants.remove(&item.id).unwrap_or_default();
            item.group_ids = item_groups.remove(&item.id).unwrap_or_default();
        }
    }
    Ok(Menu { categories, modifier_groups: groups(conn)? })
}

pub fn has_category(conn: &Connection, id: CategoryId) -> Result<bool> {
    conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM menu_category WHERE id = ?1 AND archived_ms IS NULL)")?
        .query_row([id], |row| row.get(0))
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

pub fn insert_category(tx: &Tx<'_>, id: CategoryId, name: &str, colour: Option<Colour>) -> Result<()> {
    tx.execute(
        "INSERT INTO menu_category (id, name, position, colour)
         SELECT ?1, ?2, COALESCE(MAX(position), 0) + 1, ?3 FROM menu_category",
        params![id, name, colour],
    )
    .map(drop)
}

/// What is left out stays.
pub fn change_category(
    tx: &Tx<'_>,
    id: CategoryId,
    name: Option<&str>,
    position: Option<i64>,
    colour: Option<Colour>,
) -> Result<()> {
    tx.execute(
        "UPDATE menu_category SET name = COALESCE(?2, name), position = COALESCE(?3, position),
                                  colour = COALESCE(?4, colour)
         WHERE id = ?1",
        params![id, name, position, colour],
    )
    .map(drop)
}

/// Says whether there is such an item.
pub fn move_item(tx: &Tx<'_>, id: ItemId, position: i64) -> Result<bool> {
    let found =
        tx.execute("UPDATE menu_item SET position = ?2 WHERE id = ?1 AND archived_ms IS NULL", params![id, position])?;
    Ok(found > 0)
}

/// With its items.
pub fn archive_category(tx: &Tx<'_>, id: CategoryId, at_ms: i64) -> Result<()> {
    tx.execute(
        "UPDATE menu_item SET archived_ms = ?2 WHERE category_id = ?1 AND archived_ms IS NULL",
        params![id, at_ms],
    )?;
    tx.execute("UPDATE menu_category SET archived_ms = ?2 WHERE id = ?1", params![id, at_ms]).map(drop)
}

/// The place after the last item of a category.
pub fn next_position(conn: &Connection, category: CategoryId) -> Result<i64> {
    conn.prepare_cached("SELECT COALESCE(MAX(position), 0) + 1 FROM menu_item WHERE category_id = ?1")?
        .query_row([category], |row| row.get(0))
}

/// The item's own row; sizes and groups have theirs.
pub fn insert_item(tx: &Tx<'_>, item: &Item) -> Result<()> {
    tx.execute(
        "INSERT INTO menu_item (id, category_id, name, price_minor, tax_rate_bp, station, sold_out, position,
                                description, allergens, image, stock_tracked)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        item_params!(item),
    )
    .map(drop)
}

/// Writes an item as it is to be, and where it was if it moves: what was sold stays in the category it was sold in.
pub fn change_item(tx: &Tx<'_>, item: &Item, at_ms: i64) -> Result<()> {
    // Twice at one moment: nothing was sold in between.
    tx.execute(
        "INSERT INTO menu_move (item_id, at_ms, from_id)
         SELECT id, ?2, category_id FROM menu_item WHERE id = ?1 AND category_id <> ?3
         ON CONFLICT DO NOTHING",
        params![item.id, at_ms, item.category_id],
    )?;
    tx.execute(
        "UPDATE menu_item SET category_id = ?2, name = ?3, price_minor = ?4, tax_rate_bp = ?5, station = ?6,
                              sold_out = ?7, position = ?8, description = ?9, allergens = ?10, image = ?11,
                              stock_tracked = ?12
         WHERE id = ?1",
        item_params!(item),
    )
    .map(drop)
}

pub fn archive_item(tx: &Tx<'_>, id: ItemId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE menu_item SET archived_ms = ?2 WHERE id = ?1", params![id, at_ms]).map(drop)
}
