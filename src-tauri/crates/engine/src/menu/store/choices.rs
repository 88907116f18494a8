//! Variants, modifier groups and which items have which. SQL.

use std::collections::HashMap;

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::super::model::{Modifier, ModifierGroup, Variant};
use crate::kernel::ids::{GroupId, ItemId, ModifierId, VariantId};
use crate::kernel::money::Minor;

fn variant_row(row: &Row<'_>) -> Result<(ItemId, Variant)> {
    let variant = Variant { id: row.get(1)?, name: row.get(2)?, price_minor: row.get(3)?, available: row.get(4)? };
    Ok((row.get(0)?, variant))
}

pub fn variants_of(conn: &Connection, item: ItemId) -> Result<Vec<Variant>> {
    let mut statement = conn.prepare_cached(
        "SELECT item_id, id, name, price_minor, sold_out IS NULL FROM menu_variant
         WHERE item_id = ?1 AND archived_ms IS NULL ORDER BY position, id",
    )?;
    statement.query_map([item], |row| Ok(variant_row(row)?.1))?.collect()
}

/// Of every item that has some.
pub fn all_variants(conn: &Connection) -> Result<HashMap<ItemId, Vec<Variant>>> {
    let mut statement = conn.prepare_cached(
        "SELECT item_id, id, name, price_minor, sold_out IS NULL FROM menu_variant
         WHERE archived_ms IS NULL ORDER BY item_id, position, id",
    )?;
    let mut all: HashMap<ItemId, Vec<Variant>> = HashMap::new();
    for row in statement.query_map([], variant_row)? {
        let (item, variant) = row?;
        all.entry(item).or_default().push(variant);
    }
    Ok(all)
}

/// Writes the sizes as they are to be; those not named are archived.
pub fn set_variants(tx: &Tx<'_>, item: ItemId, variants: &[Variant], at_ms: i64) -> Result<()> {
    for was in variants_of(tx.conn(), item)? {
        if !variants.iter().any(|variant| variant.id == was.id) {
            tx.execute(
                "UPDATE menu_variant SET archived_ms = ?3 WHERE item_id = ?1 AND id = ?2",
                params![item, was.id, at_ms],
            )?;
        }
    }
    for (position, variant) in (1_i64..).zip(variants) {
        tx.execute(
            "INSERT INTO menu_variant (item_id, id, name, price_minor, sold_out, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET name = excluded.name, price_minor = excluded.price_minor,
               sold_out = excluded.sold_out, position = excluded.position, archived_ms = NULL",
            params![item, variant.id, variant.name, variant.price_minor, (!variant.available).then_some(1), position],
        )?;
    }
    Ok(())
}

/// Says whether there is such a size.
pub fn set_variant_available(tx: &Tx<'_>, item: ItemId, variant: VariantId, available: bool) -> Result<bool> {
    let found = tx.execute(
        "UPDATE menu_variant SET sold_out = ?3 WHERE item_id = ?1 AND id = ?2 AND archived_ms IS NULL",
        params![item, variant, (!available).then_some(1)],
    )?;
    Ok(found > 0)
}

fn group_row(row: &Row<'_>) -> Result<ModifierGroup> {
    Ok(ModifierGroup {
        id: row.get(0)?,
        name: row.get(1)?,
        min: row.get::<_, Option<i64>>(2)?.unwrap_or(0),
        max: row.get(3)?,
        position: row.get(4)?,
        modifiers: Vec::new(),
    })
}

pub fn group(conn: &Connection, id: GroupId) -> Result<Option<ModifierGroup>> {
    let sql = "SELECT id, name, min, max, position FROM modifier_group WHERE id = ?1 AND archived_ms IS NULL";
    with_modifiers(conn, conn.prepare_cached(sql)?.query_row([id], group_row).optional()?)
}

/// The same, archived or not: a change that is repeated is answered though the group has left the menu since.
pub fn group_ever(conn: &Connection, id: GroupId) -> Result<Option<ModifierGroup>> {
    let sql = "SELECT id, name, min, max, position FROM modifier_group WHERE id = ?1";
    with_modifiers(conn, conn.prepare_cached(sql)?.query_row([id], group_row).optional()?)
}

fn with_modifiers(conn: &Connection, group: Option<ModifierGroup>) -> Result<Option<ModifierGroup>> {
    group.map(|group| Ok(ModifierGroup { modifiers: modifiers_of(conn, group.id)?, ..group })).transpose()
}

/// Every group on the menu, in their order.
pub fn groups(conn: &Connection) -> Result<Vec<ModifierGroup>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, min, max, position FROM modifier_group WHERE archived_ms IS NULL ORDER BY position, id",
    )?;
    let groups = statement.query_map([], group_row)?.collect::<Result<Vec<_>>>()?;
    groups.into_iter().map(|group| Ok(ModifierGroup { modifiers: modifiers_of(conn, group.id)?, ..group })).collect()
}

/// How many groups there are, archived ones too.
pub fn groups_count(conn: &Connection) -> Result<i64> {
    conn.prepare_cached("SELECT COUNT(*) FROM modifier_group")?.query_row([], |row| row.get(0))
}

fn modifiers_of(conn: &Connection, group: GroupId) -> Result<Vec<Modifier>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, name, price_minor, opens_group_id, sold_out IS NULL FROM modifier
         WHERE group_id = ?1 AND archived_ms IS NULL ORDER BY position, id",
    )?;
    let modifier = |row: &Row<'_>| {
        Ok(Modifier {
            id: row.get(0)?,
            name: row.get(1)?,
            price_minor: row.get::<_, Option<Minor>>(2)?.unwrap_or_default(),
            opens_group_id: row.get(3)?,
            available: row.get(4)?,
        })
    };
    statement.query_map([group], modifier)?.collect()
}

pub fn insert_group(tx: &Tx<'_>, group: &ModifierGroup) -> Result<()> {
    tx.execute(
        "INSERT INTO modifier_group (id, name, min, max, position)
         SELECT ?1, ?2, ?3, ?4, COALESCE(MAX(position), 0) + 1 FROM modifier_group",
        params![group.id, group.name, (group.min > 0).then_some(group.min), group.max],
    )
    .map(drop)
}

pub fn change_group(tx: &Tx<'_>, group: &ModifierGroup) -> Result<()> {
    tx.execute(
        "UPDATE modifier_group SET name = ?2, min = ?3, max = ?4, position = ?5 WHERE id = ?1",
        params![group.id, group.name, (group.min > 0).then_some(group.min), group.max, group.position],
    )
    .map(drop)
}

/// Writes the modifiers as they are to be; those not named are archived.
pub fn set_modifiers(tx: &Tx<'_>, group: GroupId, modifiers: &[Modifier], at_ms: i64) -> Result<()> {
    for was in modifiers_of(tx.conn(), group)? {
        if !modifiers.iter().any(|modifier| modifier.id == was.id) {
            tx.execute(
                "UPDATE modifier SET archived_ms = ?3 WHERE group_id = ?1 AND id = ?2",
                params![group, was.id, at_ms],
            )?;
        }
    }
    for (position, modifier) in (1_i64..).zip(modifiers) {
        tx.execute(
            "INSERT INTO modifier (group_id, id, name, price_minor, opens_group_id, sold_out, position)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT DO UPDATE SET name = excluded.name, price_minor = excluded.price_minor,
               opens_group_id = excluded.opens_group_id, sold_out = excluded.sold_out, position = excluded.position,
               archived_ms = NULL",
            params![
                group,
                modifier.id,
                modifier.name,
                modifier.price_minor.some(),
                modifier.opens_group_id,
                (!modifier.available).then_some(1),
                position
            ],
        )?;
    }
    Ok(())
}

/// Says whether there is such a modifier.
pub fn set_modifier_available(tx: &Tx<'_>, group: GroupId, modifier: ModifierId, available: bool) -> Result<bool> {
    let found = tx.execute(
        "UPDATE modifier SET sold_out = ?3 WHERE group_id = ?1 AND id = ?2 AND archived_ms IS NULL",
        params![group, modifier, (!available).then_some(1)],
    )?;
    Ok(found > 0)
}

pub fn archive_group(tx: &Tx<'_>, id: GroupId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE modifier_group SET archived_ms = ?2 WHERE id = ?1", params![id, at_ms]).map(drop)
}

/// The groups of an item that are on the menu, in the order they are asked for.
pub fn groups_of(conn: &Connection, item: ItemId) -> Result<Vec<GroupId>> {
    let mut statement = conn.prepare_cached(
        "SELECT g.id FROM menu_item_group i JOIN modifier_group g ON g.id = i.group_id
         WHERE i.item_id = ?1 AND g.archived_ms IS NULL ORDER BY i.position, g.id",
    )?;
    statement.query_map([item], |row| row.get(0))?.collect()
}

/// Of every item that has some.
pub fn all_item_groups(conn: &Connection) -> Result<HashMap<ItemId, Vec<GroupId>>> {
    let mut statement = conn.prepare_cached(
        "SELECT i.item_id, g.id FROM menu_item_group i JOIN modifier_group g ON g.id = i.group_id
         WHERE g.archived_ms IS NULL ORDER BY i.item_id, i.position, g.id",
    )?;
    let mut all: HashMap<ItemId, Vec<GroupId>> = HashMap::new();
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (item, group) = row?;
        all.entry(item).or_default().push(group);
    }
    Ok(all)
}

pub fn set_item_groups(tx: &Tx<'_>, item: ItemId, groups: &[GroupId]) -> Result<()> {
    for was in groups_of(tx.conn(), item)? {
        if !groups.contains(&was) {
            tx.execute("DELETE FROM menu_item_group WHERE item_id = ?1 AND group_id = ?2", params![item, was])?;
        }
    }
    for (position, group) in (1_i64..).zip(groups) {
        tx.execute(
            "INSERT INTO menu_item_group (item_id, group_id, position) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET position = excluded.position",
            params![item, group, position],
        )?;
    }
    Ok(())
}
