//! Items: added, changed, archived.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{ITEMS_MAX, Item, Variant};
use super::super::store;
use super::{ItemDone, category, item};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{CategoryId, GroupId, ItemId, StationId};
use crate::kernel::money::Minor;
use crate::orders::model::Station;
use crate::stations;

/// What an item may have besides; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct With {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variants: Option<Vec<Variant>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<GroupId>>,
    /// Empty: none any more, as with the image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allergens: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock_tracked: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<MadeAt>,
}

/// The station of its own; None: where its category and its word say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MadeAt {
    pub station: Option<StationId>,
}

impl With {
    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Writes it. The item is there already.
    fn put(&self, tx: &Tx<'_>, id: ItemId, at_ms: i64) -> Result<(), Stop> {
        if let Some(variants) = &self.variants {
            store::set_variants(tx, id, variants, at_ms)?;
        }
        if let Some(groups) = &self.groups {
            for (at, group) in groups.iter().enumerate() {
                if store::group(tx.conn(), *group)?.is_none() {
                    return Err(Refusal::not_found("The group").at(format!("group_ids[{at}]")).into());
                }
            }
            store::set_item_groups(tx, id, groups)?;
        }
        if let Some(MadeAt { station }) = self.made_at {
            if let Some(station) = station {
                stations::commands::standing(tx.conn(), station)?;
            }
            stations::store::set_route(tx, id.0, station)?;
        }
        Ok(())
    }

    /// The item with what stands on its own row.
    fn on(&self, was: Item) -> Item {
        let text = |new: &Option<String>, was: Option<String>| match new {
            Some(text) => Some(text.clone()).filter(|text| !text.is_empty()),
            None => was,
        };
        Item {
            description: text(&self.description, was.description),
            image: text(&self.image, was.image),
            allergens: self.allergens.clone().unwrap_or(was.allergens),
            stock_tracked: self.stock_tracked.unwrap_or(was.stock_tracked),
            ..was
        }
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// In a file and on a ticket an item is its name: a category has each once.
fn name_is_free(tx: &Tx<'_>, category: CategoryId, name: &str, id: ItemId) -> Result<(), Stop> {
    let names = store::names_in(tx.conn(), category)?;
    if names.iter().any(|(other, taken)| *other != id && same_name(taken, name)) {
        return Err(Refusal::rule("This category has an item of this name already.").at("name").into());
    }
    Ok(())
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
    #[serde(default, skip_serializing_if = "With::is_nothing")]
    pub with: With,
}

impl Write for AddItem {
    const NAME: &'static str = "add_item";
    const KIND: Kind = Kind::Intent;
    type Answer = ItemDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        name_is_free(tx, self.category, &self.name, self.id)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<ItemDone, Stop> {
        category(tx, self.category, Some("category_id"))?;
        if store::counts(tx.conn())?.1 >= ITEMS_MAX {
            return Err(Refusal::rule(format!("A menu has at most {ITEMS_MAX} items.")).into());
        }
        let new = Item {
            id: self.id,
            category_id: self.category,
            name: self.name.clone(),
            price_minor: self.price,
            tax_rate_bp: self.rate,
            station: self.station,
            available: true,
            position: store::next_position(tx.conn(), self.category)?,
            variants: Vec::new(),
            group_ids: Vec::new(),
            description: None,
            allergens: Vec::new(),
            image: None,
            stock_tracked: false,
        };
        store::insert_item(tx, &self.with.on(new))?;
        self.with.put(tx, self.id, cx.at_ms)?;
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
    #[serde(default, skip_serializing_if = "With::is_nothing")]
    pub with: With,
}

impl Write for ChangeItem {
    const NAME: &'static str = "change_item";
    const KIND: Kind = Kind::Intent;
    type Answer = ItemDone;

    /// Two of one name from before this rule are changed like any other, as long as nothing becomes a second one.
    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let was = item(tx, self.id)?;
        let (name, to) = (self.name.as_ref().unwrap_or(&was.name), self.category.unwrap_or(was.category_id));
        if same_name(name, &was.name) && to == was.category_id {
            return Ok(());
        }
        name_is_free(tx, to, name, self.id)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<ItemDone, Stop> {
        let was = self.with.on(item(tx, self.id)?);
        if let Some(to) = self.category {
            category(tx, to, Some("category_id"))?;
        }
        let changed = Item {
            category_id: self.category.unwrap_or(was.category_id),
            name: self.name.clone().unwrap_or(was.name),
            price_minor: self.price.unwrap_or(was.price_minor),
            tax_rate_bp: self.rate.unwrap_or(was.tax_rate_bp),
            station: self.station.unwrap_or(was.station),
            available: self.available.unwrap_or(was.available),
            position: self.position.unwrap_or(was.position),
            ..was
        };
        store::change_item(tx, &changed, cx.at_ms)?;
        self.with.put(tx, self.id, cx.at_ms)?;
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
