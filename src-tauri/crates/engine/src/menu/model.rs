//! Categories and items, as callers see them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{CategoryId, ItemId};
use crate::kernel::money::Minor;
use crate::orders::model::Station;

/// Most categories on a menu.
pub const CATEGORIES_MAX: i64 = 1_000;
/// Most items on a menu.
pub const ITEMS_MAX: i64 = 100_000;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Item {
    pub id: ItemId,
    pub category_id: CategoryId,
    pub name: String,
    /// Under the restaurant's tax mode.
    pub price_minor: Minor,
    pub tax_rate_bp: i64,
    pub station: Station,
    /// False: sold out ("86").
    pub available: bool,
    pub position: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Category {
    pub id: CategoryId,
    pub name: String,
    pub position: i64,
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Menu {
    pub categories: Vec<Category>,
}
