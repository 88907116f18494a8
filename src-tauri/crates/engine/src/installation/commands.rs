//! The writes on `installation.db`: setting up, and an account for a new colleague.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::store::{self, Account};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, RestaurantId, SessionId};

/// The first restaurant and its owner. The owner's password hash comes as the command's secret.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetUp {
    pub restaurant_id: RestaurantId,
    pub account_id: AccountId,
    pub name: String,
    pub email: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WasSetUp {
    pub restaurant_id: RestaurantId,
    pub account_id: AccountId,
}

impl Write for SetUp {
    const NAME: &'static str = "set_up";
    const KIND: Kind = Kind::Intent;
    type Answer = WasSetUp;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        if store::has_restaurant(tx.conn())? {
            return Err(Refusal::conflict("This installation is set up already.").into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<WasSetUp, Stop> {
        let account = Account { id: self.account_id, name: self.name.clone(), email: self.email.clone() };
        store::insert_account(tx, &account, cx.at_ms, secret_text(cx)?)?;
        store::insert_restaurant(tx, self.restaurant_id, cx.at_ms)?;
        Ok(WasSetUp { restaurant_id: self.restaurant_id, account_id: self.account_id })
    }
}

/// An account. The password hash comes as the command's secret.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateAccount {
    pub account_id: AccountId,
    pub name: String,
    pub email: String,
}

impl Write for CreateAccount {
    const NAME: &'static str = "create_account";
    const KIND: Kind = Kind::Intent;
    type Answer = AccountId;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        if store::account_by_email(tx.conn(), &self.email)?.is_some() {
            return Err(Refusal::conflict("This address has an account already.").at("email").into());
        }
        if store::account_by_id(tx.conn(), self.account_id)?.is_some() {
            return Err(Refusal::conflict("This person has a log-in already.").into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<AccountId, Stop> {
        let account = Account { id: self.account_id, name: self.name.clone(), email: self.email.clone() };
        store::insert_account(tx, &account, cx.at_ms, secret_text(cx)?)?;
        Ok(self.account_id)
    }
}

/// Another password for somebody who has one; it comes as the command's secret. Whoever is logged in with the
/// old one elsewhere no longer is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    pub account_id: AccountId,
    /// The session in which it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<SessionId>,
}

impl Write for ChangePassword {
    const NAME: &'static str = "change_password";
    const KIND: Kind = Kind::Intent;
    type Answer = AccountId;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<AccountId, Stop> {
        if let Some(hash) = secret_text(cx)? {
            store::set_password(tx, self.account_id, hash)?;
        }
        store::delete_other_sessions_of(tx, self.account_id, self.kept)?;
        Ok(self.account_id)
    }
}

/// None where the command runs again: the password stays on the disk it was typed on.
fn secret_text<'a>(cx: &Context<'a>) -> Result<Option<&'a str>, Stop> {
    cx.secret.map(std::str::from_utf8).transpose().map_err(|error| Stop::Broken(error.to_string()))
}
