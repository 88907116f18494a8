//! The write on `installation.db`: one restaurant more.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::installation::store;
use crate::kernel::ids::{AccountId, RestaurantId};

/// Restaurants an installation has at most: each keeps a file and its threads open.
pub const RESTAURANTS_MAX: usize = 200;

/// Another restaurant for somebody who has one. Its file is there already.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddRestaurant {
    pub restaurant_id: RestaurantId,
    /// Its owner.
    pub account_id: AccountId,
}

impl Write for AddRestaurant {
    const NAME: &'static str = "add_restaurant";
    const KIND: Kind = Kind::Intent;
    type Answer = RestaurantId;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        if store::account_by_id(tx.conn(), self.account_id)?.is_none() {
            return Err(Refusal::not_found("The account").into());
        }
        if store::restaurants(tx.conn())?.len() >= RESTAURANTS_MAX {
            return Err(Refusal::rule(format!("One installation has at most {RESTAURANTS_MAX} restaurants.")).into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<RestaurantId, Stop> {
        store::insert_restaurant(tx, self.restaurant_id, cx.at_ms)?;
        Ok(self.restaurant_id)
    }
}
