//! Categories, items, their variants and the choices that go with them, as callers see them. Pure.

mod choice;
mod hours;
mod image;
mod price_list;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{CategoryId, GroupId, ItemId, ModifierId, VariantId};
use crate::kernel::money::Minor;
use crate::kernel::text;
use crate::kernel::words::words;
use crate::orders::model::Station;

pub use choice::{COUNT_MAX, Chosen, DEPTH_MAX, ModifierWish, choose, must_not_open_itself};
pub use hours::{DAY_MINUTES, Hours, next_change};
pub use image::{IMAGE_BYTES_MAX, IMAGE_SIDE_MAX, ImageKind, look};
pub use price_list::{LISTED_MAX, LISTS_MAX, ListPrice, Listed, PRIORITY_MAX, PriceList, holding};

/// Most categories on a menu.
pub const CATEGORIES_MAX: i64 = 1_000;
/// Most items on a menu.
pub const ITEMS_MAX: i64 = 100_000;
/// Most variants of an item.
pub const VARIANTS_MAX: usize = 50;
/// Most modifier groups of a menu.
pub const GROUPS_MAX: i64 = 1_000;
/// Most modifier groups of an item.
pub const ITEM_GROUPS_MAX: usize = 20;
/// Most modifiers of a group.
pub const MODIFIERS_MAX: usize = 100;

/// Most allergens of an item, and the longest one of our own words, in characters.
pub const ALLERGENS_MAX: usize = 30;
pub const ALLERGEN_CHARS_MAX: usize = 40;

/// The fourteen of annex II of Regulation (EU) 1169/2011, in its order.
pub const ALLERGENS: [&str; 14] = [
    "gluten",
    "crustaceans",
    "eggs",
    "fish",
    "peanuts",
    "soybeans",
    "milk",
    "nuts",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
];

/// Each once: the fourteen in their order, then other words by the alphabet.
pub fn allergens_in_order(words: Vec<String>) -> Vec<String> {
    let mut words: Vec<String> =
        words.into_iter().map(|word| text::cleaned(&word)).filter(|word| !word.is_empty()).collect();
    for word in &mut words {
        if ALLERGENS.contains(&word.to_lowercase().as_str()) {
            *word = word.to_lowercase();
        }
    }
    let place = |word: &str| ALLERGENS.iter().position(|code| *code == word).unwrap_or(ALLERGENS.len());
    words.sort_by(|a, b| (place(a), a).cmp(&(place(b), b)));
    words.dedup();
    words
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    pub id: ItemId,
    pub category_id: CategoryId,
    pub name: String,
    /// Under the restaurant's tax mode. Of an item with variants only theirs count.
    pub price_minor: Minor,
    pub tax_rate_bp: i64,
    pub station: Station,
    /// False: sold out ("86"). How many are left of what is counted down is in `/menu/now`.
    pub available: bool,
    pub position: i64,
    /// Sizes; one has to be chosen when there are any.
    pub variants: Vec<Variant>,
    /// Groups of modifiers to choose from, in the order they are asked for.
    pub group_ids: Vec<GroupId>,
    pub description: Option<String>,
    /// Codes of the EU's fourteen (`gluten`, `milk`, ...) and other words.
    pub allergens: Vec<String>,
    /// Of the picture: see `/menu/images`.
    pub image: Option<String>,
    /// Its stock is kept.
    pub stock_tracked: bool,
}

/// A size of an item, with its own price.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Variant {
    pub id: VariantId,
    pub name: String,
    pub price_minor: Minor,
    pub available: bool,
}

/// What can be chosen with an item: so many of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ModifierGroup {
    pub id: GroupId,
    pub name: String,
    /// At least so many have to be chosen; above zero the group is required.
    pub min: i64,
    /// At most so many; null: any number.
    pub max: Option<i64>,
    pub position: i64,
    pub modifiers: Vec<Modifier>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Modifier {
    pub id: ModifierId,
    pub name: String,
    /// Added to the item's price; may take something off.
    pub price_minor: Minor,
    /// Choosing this asks for a choice of that group.
    pub opens_group_id: Option<GroupId>,
    pub available: bool,
}

/// The colours a category can have on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    Red,
    Orange,
    Yellow,
    Green,
    Teal,
    Blue,
    Violet,
    Pink,
}

words!(Colour {
    Red = "red",
    Orange = "orange",
    Yellow = "yellow",
    Green = "green",
    Teal = "teal",
    Blue = "blue",
    Violet = "violet",
    Pink = "pink",
});

/// An item that was looked for, with the name of its category.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Hit {
    #[serde(flatten)]
    pub item: Item,
    pub category: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Category {
    pub id: CategoryId,
    pub name: String,
    pub position: i64,
    pub colour: Option<Colour>,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Menu {
    pub categories: Vec<Category>,
    pub modifier_groups: Vec<ModifierGroup>,
}

/// An item with everything that decides what a line of it is and costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    pub item: Item,
    /// Those of the item, and those their modifiers open.
    pub groups: Vec<ModifierGroup>,
    /// Of the lists that are not paused, the most urgent first.
    pub prices: Vec<ListPrice>,
}

impl Offer {
    /// Nothing to choose and one price at all times.
    pub fn is_plain(&self) -> bool {
        self.item.variants.is_empty() && self.item.group_ids.is_empty() && self.prices.is_empty()
    }

    pub fn group(&self, id: GroupId) -> Option<&ModifierGroup> {
        self.groups.iter().find(|group| group.id == id)
    }
}
