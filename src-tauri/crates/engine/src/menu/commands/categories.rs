//! Categories: added, changed, archived with their items.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{CATEGORIES_MAX, Colour};
use super::super::store;
use super::{CategoryDone, category};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{CategoryId, ItemId};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCategory {
    pub id: CategoryId,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
}

impl Write for AddCategory {
    const NAME: &'static str = "add_category";
    const KIND: Kind = Kind::Intent;
    type Answer = CategoryDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<CategoryDone, Stop> {
        if store::counts(tx.conn())?.0 >= CATEGORIES_MAX {
            return Err(Refusal::rule(format!("A menu has at most {CATEGORIES_MAX} categories.")).into());
        }
        store::insert_category(tx, self.id, &self.name, self.colour)?;
        Ok(CategoryDone { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeCategory {
    pub id: CategoryId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
}

impl Write for ChangeCategory {
    const NAME: &'static str = "change_category";
    const KIND: Kind = Kind::Intent;
    type Answer = CategoryDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<CategoryDone, Stop> {
        category(tx, self.id, None)?;
        store::change_category(tx, self.id, self.name.as_deref(), self.position, self.colour)?;
        Ok(CategoryDone { id: self.id })
    }
}

/// Takes a category off the menu, and its items with it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveCategory {
    pub id: CategoryId,
}

impl Write for ArchiveCategory {
    const NAME: &'static str = "archive_category";
    const KIND: Kind = Kind::Intent;
    type Answer = CategoryDone;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<CategoryDone, Stop> {
        category(tx, self.id, None)?;
        store::archive_category(tx, self.id, cx.at_ms)?;
        Ok(CategoryDone { id: self.id })
    }
}

/// Puts categories, or items of a category, in the order they are named in.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrangeMenu {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemId>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Arranged {}

impl Write for ArrangeMenu {
    const NAME: &'static str = "arrange_menu";
    const KIND: Kind = Kind::Intent;
    type Answer = Arranged;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Arranged, Stop> {
        for (position, id) in (1_i64..).zip(&self.categories) {
            category(tx, *id, Some("category_ids"))?;
            store::change_category(tx, *id, None, Some(position), None)?;
        }
        for (position, id) in (1_i64..).zip(&self.items) {
            if !store::move_item(tx, *id, position)? {
                return Err(Refusal::not_found("The item").at("item_ids").into());
            }
        }
        Ok(Arranged {})
    }
}
