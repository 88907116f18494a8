//! The writes of the menu: intents, refused when what they are about is gone.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{CATEGORIES_MAX, Category, ITEMS_MAX, Item};
use super::store::{self, NewItem};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{CategoryId, ItemId};
use crate::kernel::money::Minor;
use crate::orders::model::Station;

#[derive(Debug, Serialize, Deserialize)]
pub struct CategoryDone {
    pub id: CategoryId,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct ItemDone {
    pub id: ItemId,
}

fn category(tx: &Tx<'_>, id: CategoryId, field: Option<&str>) -> Result<Category, Stop> {
    store::category(tx.conn(), id)?.ok_or_else(|| {
        let refusal = Refusal::not_found("The category");
        field.map_or(refusal.clone(), |field| refusal.at(field)).into()
    })
}

fn item(tx: &Tx<'_>, id: ItemId) -> Result<Item, Stop> {
    store::item(tx.conn(), id)?.ok_or_else(|| Refusal::not_found("The item").into())
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCategory {
    pub id: CategoryId,
    pub name: String,
}

impl Write for AddCategory {
    const NAME: &'static str = "add_category";
    const KIND: Kind = Kind::Intent;
    type Answer = CategoryDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<CategoryDone, Stop> {
        if store::counts(tx.conn())?.0 >= CATEGORIES_MAX {
            return Err(Refusal::rule(format!("A menu has at most {CATEGORIES_MAX} categories.")).into());
        }
        store::insert_category(tx, self.id, &self.name)?;
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
}

impl Write for ChangeCategory {
    const NAME: &'static str = "change_category";
    const KIND: Kind = Kind::Intent;
    type Answer = CategoryDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<CategoryDone, Stop> {
        category(tx, self.id, None)?;
        store::change_category(tx, self.id, self.name.as_deref(), self.position)?;
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

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddItem {
    pub id: ItemId,
    pub category: CategoryId,
    pub name: String,
    pub price: Minor,
    pub rate: i64,
    #[serde(default)]
    pub station: Station,
}

impl Write for AddItem {
    const NAME: &'static str = "add_item";
    const KIND: Kind = Kind::Intent;
    type Answer = ItemDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<ItemDone, Stop> {
        category(tx, self.category, Some("category_id"))?;
        if store::counts(tx.conn())?.1 >= ITEMS_MAX {
            return Err(Refusal::rule(format!("A menu has at most {ITEMS_MAX} items.")).into());
        }
        let new = NewItem {
            id: self.id,
            category: self.category,
            name: &self.name,
            price: self.price,
            tax_rate_bp: self.rate,
            station: self.station,
        };
        store::insert_item(tx, &new)?;
        Ok(ItemDone { id: self.id })
    }
}

/// Changes what is named and leaves the rest.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeItem {
    pub id: ItemId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Minor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub station: Option<Station>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
}

impl Write for ChangeItem {
    const NAME: &'static str = "change_item";
    const KIND: Kind = Kind::Intent;
    type Answer = ItemDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<ItemDone, Stop> {
        let was = item(tx, self.id)?;
        if let Some(to) = self.category {
            category(tx, to, Some("category_id"))?;
        }
        let changed = Item {
            id: was.id,
            category_id: self.category.unwrap_or(was.category_id),
            name: self.name.clone().unwrap_or(was.name),
            price_minor: self.price.unwrap_or(was.price_minor),
            tax_rate_bp: self.rate.unwrap_or(was.tax_rate_bp),
            station: self.station.unwrap_or(was.station),
            available: self.available.unwrap_or(was.available),
            position: self.position.unwrap_or(was.position),
        };
        store::change_item(tx, &changed)?;
        Ok(ItemDone { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveItem {
    pub id: ItemId,
}

impl Write for ArchiveItem {
    const NAME: &'static str = "archive_item";
    const KIND: Kind = Kind::Intent;
    type Answer = ItemDone;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<ItemDone, Stop> {
        item(tx, self.id)?;
        store::archive_item(tx, self.id, cx.at_ms)?;
        Ok(ItemDone { id: self.id })
    }
}

/// One thing that was sold before it was known here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Found {
    pub id: ItemId,
    /// Used if a category of that name has to be made.
    pub category_id: CategoryId,
    pub category: String,
    pub name: String,
    pub price: Minor,
    pub rate: i64,
    #[serde(default)]
    pub station: Station,
}

/// Puts on the menu what sales brought in name and the menu lacks. What is there already stays as it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FillMenu {
    pub found: Vec<Found>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Filled {
    pub added: usize,
}

impl Write for FillMenu {
    const NAME: &'static str = "fill_menu";
    const KIND: Kind = Kind::Intent;
    type Answer = Filled;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Filled, Stop> {
        let mut names = store::item_names(tx.conn())?;
        let mut added = 0;
        for found in &self.found {
            if !names.insert(found.name.clone()) {
                continue;
            }
            let category = match store::category_named(tx.conn(), &found.category)? {
                Some(category) => category,
                None => {
                    store::insert_category(tx, found.category_id, &found.category)?;
                    found.category_id
                }
            };
            let new = NewItem {
                id: found.id,
                category,
                name: &found.name,
                price: found.price,
                tax_rate_bp: found.rate,
                station: found.station,
            };
            store::insert_item(tx, &new)?;
            added += 1;
        }
        Ok(Filled { added })
    }
}
