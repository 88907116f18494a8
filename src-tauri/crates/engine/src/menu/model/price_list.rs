//! Price lists: other prices at certain times. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Hours, Offer};
use crate::kernel::ids::{ItemId, PriceListId, VariantId};
use crate::kernel::money::Minor;

/// Most price lists of a menu.
pub const LISTS_MAX: i64 = 200;
/// Most prices in a list.
pub const LISTED_MAX: usize = 10_000;
/// Highest priority, and lowest below zero.
pub const PRIORITY_MAX: i64 = 100;

/// Other prices while its hours hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriceList {
    pub id: PriceListId,
    pub name: String,
    pub hours: Hours,
    /// Where several lists have a price, the highest one's is taken; of equals that of the list made last.
    pub priority: i64,
    /// Holds at no time until it is let go on.
    pub paused: bool,
    pub prices: Vec<Listed>,
}

/// What an item, or a size of it, costs on a list.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Listed {
    pub item_id: ItemId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant_id: Option<VariantId>,
    pub price_minor: Minor,
}

/// What an item costs while a list holds, as an offer knows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPrice {
    pub list: PriceListId,
    pub hours: Hours,
    /// None: of the item itself.
    pub variant: Option<VariantId>,
    pub price: Minor,
}

impl Offer {
    /// What it costs by itself at a moment of the wall clock.
    pub fn price(&self, variant: Option<&super::Variant>, at: chrono::NaiveDateTime) -> Minor {
        let wanted = variant.map(|variant| variant.id);
        let listed = self.prices.iter().find(|price| price.variant == wanted && price.hours.hold(at));
        listed.map_or_else(|| variant.map_or(self.item.price_minor, |variant| variant.price_minor), |one| one.price)
    }
}

/// The prices that hold at a moment, of lists in the order of urgency: the first one for each thing.
pub fn holding(lists: &[PriceList], at: chrono::NaiveDateTime) -> Vec<(PriceListId, Listed)> {
    let mut found = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for list in lists.iter().filter(|list| !list.paused && list.hours.hold(at)) {
        for listed in &list.prices {
            if seen.insert((listed.item_id, listed.variant_id)) {
                found.push((list.id, *listed));
            }
        }
    }
    found
}
