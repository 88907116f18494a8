//! The writes on `installation.db`: a restaurant of another engine joins this one, and leaves it. And the one on the
//! restaurant's file: another desk became its sequencer.

use std::collections::HashMap;

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store::spare;
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
        take_in(tx, cx, &self.people)?;
        store::insert_restaurant(tx, self.restaurant_id, cx.at_ms)?;
        Ok(self.restaurant_id)
    }
}

/// Those who have no log-in here yet get theirs.
fn take_in(tx: &Tx<'_>, cx: &Context<'_>, people: &[(AccountId, String, String)]) -> Result<(), Stop> {
    let hashes: HashMap<AccountId, String> = match cx.secret {
        Some(secret) => serde_json::from_slice(secret).map_err(|error| Stop::Broken(error.to_string()))?,
        None => HashMap::new(),
    };
    for (id, name, email) in people {
        let account = Account { id: *id, name: name.clone(), email: email.clone() };
        if store::account_by_email(tx.conn(), email)?.is_none() && store::account_by_id(tx.conn(), *id)?.is_none() {
            store::insert_account(tx, &account, cx.at_ms, hashes.get(id).map(String::as_str))?;
        }
    }
    Ok(())
}

/// Who logs in at the sequencer now and did not when this desk was linked. Their passwords' hashes come as the
/// command's secret.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeInPeople {
    pub people: Vec<(AccountId, String, String)>,
}

impl Write for TakeInPeople {
    const NAME: &'static str = "take_in_people";
    const KIND: Kind = Kind::Fact;
    type Answer = ();

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        take_in(tx, cx, &self.people)
    }
}

/// Another desk is the restaurant's sequencer, from this epoch on.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeOver {
    pub epoch: u64,
    /// The fork: the last position the former sequencer gave that is known to the new one.
    pub position: u64,
    /// The new one.
    pub device: Uuid,
    pub letters: String,
}

impl Write for TakeOver {
    const NAME: &'static str = "take_over_sequencer";
    const KIND: Kind = Kind::Fact;
    type Answer = u64;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<u64, Stop> {
        let Self { epoch, position, device, letters } = self;
        spare::record_take_over(tx, *epoch, *position, *device, letters, cx.at_ms)?;
        Ok(*epoch)
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
