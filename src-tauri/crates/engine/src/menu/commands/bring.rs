//! A menu that was brought in from a file: categories, groups and items as they are to be.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{Colour, Item, ModifierGroup};
use super::super::store;
use super::{category, item};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::CategoryId;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CategoryPut {
    pub id: CategoryId,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    pub new: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupPut {
    pub group: ModifierGroup,
    pub new: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemPut {
    pub item: Item,
    pub new: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BringMenu {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryPut>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupPut>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemPut>,
    /// Of this and the writes after it, for the answer of the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_in_all: Option<usize>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Brought {
    pub categories: usize,
    pub groups: usize,
    pub items: usize,
}

impl Write for BringMenu {
    const NAME: &'static str = "bring_menu";
    const KIND: Kind = Kind::Intent;
    type Answer = Brought;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Brought, Stop> {
        for put in &self.categories {
            if put.new {
                store::insert_category(tx, put.id, &put.name, put.colour)?;
            } else {
                category(tx, put.id, None)?;
                store::change_category(tx, put.id, None, None, put.colour)?;
            }
        }
        for GroupPut { group, new } in &self.groups {
            if *new {
                store::insert_group(tx, group)?;
            } else if store::group(tx.conn(), group.id)?.is_some() {
                store::change_group(tx, group)?;
            } else {
                return Err(Refusal::not_found("The group").into());
            }
            store::set_modifiers(tx, group.id, &group.modifiers, cx.at_ms)?;
        }
        for put in &self.items {
            if put.new {
                category(tx, put.item.category_id, None)?;
                let position = store::next_position(tx.conn(), put.item.category_id)?;
                store::insert_item(tx, &Item { position, ..put.item.clone() })?;
            } else {
                item(tx, put.item.id)?;
                store::change_item(tx, &put.item, cx.at_ms)?;
            }
            store::set_variants(tx, put.item.id, &put.item.variants, cx.at_ms)?;
            store::set_item_groups(tx, put.item.id, &put.item.group_ids)?;
        }
        let items = self.items_in_all.unwrap_or(self.items.len());
        Ok(Brought { categories: self.categories.len(), groups: self.groups.len(), items })
    }
}
