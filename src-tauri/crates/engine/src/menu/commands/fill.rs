//! What sales brought in name and the menu lacks.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::Item;
use super::super::store;
use crate::command::{Context, Kind, Write};
use crate::kernel::ids::{CategoryId, ItemId};
use crate::kernel::money::Minor;
use crate::orders::model::Station;

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
                    store::insert_category(tx, found.category_id, &found.category, None)?;
                    found.category_id
                }
            };
            let new = Item {
                id: found.id,
                category_id: category,
                name: found.name.clone(),
                price_minor: found.price,
                tax_rate_bp: found.rate,
                station: found.station,
                available: true,
                position: store::next_position(tx.conn(), category)?,
                variants: Vec::new(),
                group_ids: Vec::new(),
                description: None,
                allergens: Vec::new(),
                image: None,
                stock_tracked: false,
            };
            store::insert_item(tx, &new)?;
            added += 1;
        }
        Ok(Filled { added })
    }
}
