//! The writes on `installation.db`: a restaurant of another engine joins this one, and leaves it.

use std::collections::HashMap;

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::installation::store::{self, Account};
use crate::kernel::ids::{AccountId, RestaurantId};

/// A restaurant whose file is here already, and who logs in there. Their passwords' hashes, by account, come as the
/// command's secret.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinRestaurant {
    pub restaurant_id: RestaurantId,
    pub people: Vec<(AccountId, String, String)>,
}

impl Write for JoinRestaurant {
    const NAME: &'static str = "join_restaurant";
    const KIND: Kind = Kind::Intent;
    type Answer = RestaurantId;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        if store::has_restaurant(tx.conn())? {
            return Err(Refusal::conflict("This installation holds a restaurant already.").into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<RestaurantId, Stop> {
        let hashes: HashMap<AccountId, String> = match cx.secret {
            Some(secret) => serde_json::from_slice(secret).map_err(|error| Stop::Broken(error.to_string()))?,
            None => HashMap::new(),
        };
        for (id, name, email) in &self.people {
            let account = Account { id: *id, name: name.clone(), email: email.clone() };
            if store::account_by_email(tx.conn(), email)?.is_none() && store::account_by_id(tx.conn(), *id)?.is_none() {
                store::insert_account(tx, &account, cx.at_ms, hashes.get(id).map(String::as_str))?;
            }
        }
        store::insert_restaurant(tx, self.restaurant_id, cx.at_ms)?;
        Ok(self.restaurant_id)
    }
}

/// A restaurant that was joined leaves this installation, with the people who belong to no other here.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveRestaurant {
    pub restaurant_id: RestaurantId,
    pub people: Vec<AccountId>,
}

impl Write for LeaveRestaurant {
    const NAME: &'static str = "leave_restaurant";
    const KIND: Kind = Kind::Intent;
    type Answer = RestaurantId;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<RestaurantId, Stop> {
        for account in &self.people {
            store::delete_account(tx, *account)?;
        }
        store::delete_restaurant(tx, self.restaurant_id)?;
        Ok(self.restaurant_id)
    }
}
