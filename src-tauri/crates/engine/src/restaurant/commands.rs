//! The writes of the restaurant itself: making it, and changing its settings.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{DiscountCaps, KitchenTimes, Locale, ReceiptText, ServiceCharges, Settings};
use super::store;
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::fiscal::model::{Accounts, Series};
use crate::kernel::ids::{AccountId, RestaurantId, StaffId};
use crate::kernel::money::{Currency, Minor, Rounding, TaxMode, TaxRounding};
use crate::staff::model::Role;
use crate::{staff, stations};

/// The first command of every restaurant's file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateRestaurant {
    pub id: RestaurantId,
    pub name: String,
    pub currency: String,
    pub time_zone: String,
    pub locale: Locale,
    pub day_cutoff_minute: u16,
    pub tax_mode: TaxMode,
    pub tax_rounding: TaxRounding,
    pub rounding: Rounding,
    pub cash_rounding_minor: Minor,
    pub default_tax_rate_bp: i64,
    pub owner_staff_id: StaffId,
    pub owner_account_id: AccountId,
    pub owner_name: String,
}

impl Write for CreateRestaurant {
    const NAME: &'static str = "create_restaurant";
    const KIND: Kind = Kind::Intent;
    type Answer = RestaurantId;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        match store::settings(tx.conn()) {
            Ok(_) => Err(Refusal::conflict("This file holds a restaurant already.").into()),
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<RestaurantId, Stop> {
        let unreadable = |what: &str| Stop::Broken(format!("{what} of create_restaurant"));
        let settings = Settings {
            id: self.id,
            name: self.name.clone(),
            currency: Currency::of(&self.currency).ok_or_else(|| unreadable("currency"))?,
            time_zone: self.time_zone.parse().map_err(|_| unreadable("time_zone"))?,
            locale: self.locale,
            day_cutoff_minute: self.day_cutoff_minute,
            tax_mode: self.tax_mode,
            tax_rounding: self.tax_rounding,
            rounding: self.rounding,
            cash_rounding_minor: self.cash_rounding_minor,
            default_tax_rate_bp: self.default_tax_rate_bp,
            lock_after_minutes: None,
            service_charges: ServiceCharges::default(),
            discount_caps: DiscountCaps::default(),
            kitchen_times: KitchenTimes::default(),
            series: Series::default(),
            accounts: Accounts::new(),
            receipt: ReceiptText::default(),
        };
        store::insert(tx, &settings)?;
        for station in stations::model::first(self.locale) {
            stations::store::insert(tx, &station)?;
        }
        staff::store::insert(tx, self.owner_staff_id, self.owner_account_id, &self.owner_name, Role::Owner, None)?;
        Ok(self.id)
    }
}

/// What is named changes; the rest stays.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeSettings {
    pub name: Option<String>,
    pub locale: Option<Locale>,
    pub day_cutoff_minute: Option<u16>,
    pub cash_rounding_minor: Option<Minor>,
    /// 0: never.
    pub lock_after_minutes: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_charges: Option<ServiceCharges>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount_caps: Option<DiscountCaps>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kitchen_times: Option<KitchenTimes>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accounts: Option<Accounts>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<ReceiptText>,
}

impl Write for ChangeSettings {
    const NAME: &'static str = "change_settings";
    const KIND: Kind = Kind::Intent;
    type Answer = ();

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let now = store::settings(tx.conn())?;
        let after = Settings {
            name: self.name.clone().unwrap_or_else(|| now.name.clone()),
            locale: self.locale.unwrap_or(now.locale),
            day_cutoff_minute: self.day_cutoff_minute.unwrap_or(now.day_cutoff_minute),
            cash_rounding_minor: self.cash_rounding_minor.unwrap_or(now.cash_rounding_minor),
            lock_after_minutes: match self.lock_after_minutes {
                Some(minutes) => (minutes > 0).then_some(minutes),
                None => now.lock_after_minutes,
            },
            service_charges: self.service_charges.unwrap_or(now.service_charges),
            discount_caps: self.discount_caps.unwrap_or(now.discount_caps),
            kitchen_times: self.kitchen_times.unwrap_or(now.kitchen_times),
            series: self.series.clone().unwrap_or_else(|| now.series.clone()),
            accounts: self.accounts.clone().unwrap_or_else(|| now.accounts.clone()),
            receipt: self.receipt.clone().unwrap_or_else(|| now.receipt.clone()),
            ..now.clone()
        };
        if after != now {
            store::update(tx, &after)?;
        }
        Ok(())
    }
}
