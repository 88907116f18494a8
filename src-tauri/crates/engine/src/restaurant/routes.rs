//! `/restaurants/{rid}`: the settings every screen needs, and changing some of them.

use axum::response::Response;
use chrono::NaiveDate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::ChangeSettings;
use super::model::{
    CUTOFF_MINUTE_MAX, DiscountCaps, KitchenTimes, LOCK_AFTER_MINUTES_MAX, Locale, ReceiptText, ServiceCharges,
};
use crate::app::{self, App};
use crate::cache::policy;
use crate::error::{ApiError, Refusal};
use crate::fiscal::model::{Account, Accounts, Series, account_codes};
use crate::front::asked::Asked;
use crate::front::here::Here;
use crate::front::input::Input;
use crate::front::reply;
use crate::kernel::ids::RestaurantId;
use crate::kernel::money::{Minor, Rounding, TaxMode, TaxRounding};
use crate::kernel::text;
use crate::menu;
use crate::staff::model::{Permission, Role, needs};

/// The largest smallest coin anybody has, in minor units.
const CASH_ROUNDING_MINOR_MAX: i64 = 10_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_restaurant, change_restaurant))
}

/// A restaurant, as somebody on its staff sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Restaurant {
    pub id: RestaurantId,
    pub name: String,
    pub currency: &'static str,
    /// Decimals of the currency's minor unit.
    pub exponent: u8,
    pub locale: Locale,
    pub time_zone: String,
    pub day_cutoff_minute: u16,
    pub tax_mode: TaxMode,
    pub tax_rounding: TaxRounding,
    pub rounding: Rounding,
    /// Smallest coin; 0: cash is exact.
    pub cash_rounding_minor: Minor,
    pub default_tax_rate_bp: i64,
    /// A screen nobody touches this long asks for a PIN; null: never.
    pub lock_after_minutes: Option<u16>,
    pub service_charges: ServiceCharges,
    pub discount_caps: DiscountCaps,
    pub kitchen_times: KitchenTimes,
    pub invoice_series: Series,
    /// The codes of the accountant's journal, the usual ones too.
    #[schema(value_type = HashMap<String, String>)]
    pub accounts: Accounts,
    pub receipt: ReceiptText,
    /// This device's letters on printed numbers.
    pub device_letters: String,
    /// The business day now.
    pub business_date: NaiveDate,
    /// What the caller is here.
    pub role: Role,
    /// What the caller may do here.
    pub permissions: Vec<Permission>,
}

fn show(restaurant: &app::Restaurant, role: Role, now_ms: i64) -> Result<Restaurant, ApiError> {
    let settings = restaurant.settings()?;
    Ok(Restaurant {
        id: settings.id,
        name: settings.name.clone(),
        currency: settings.currency.code,
        exponent: settings.currency.exponent,
        locale: settings.locale,
        time_zone: settings.time_zone.name().to_owned(),
        day_cutoff_minute: settings.day_cutoff_minute,
        tax_mode: settings.tax_mode,
        tax_rounding: settings.tax_rounding,
        rounding: settings.rounding,
        cash_rounding_minor: settings.cash_rounding_minor,
        default_tax_rate_bp: settings.default_tax_rate_bp,
        service_charges: settings.service_charges,
        discount_caps: settings.discount_caps,
        kitchen_times: settings.kitchen_times,
        invoice_series: settings.series.clone(),
        accounts: Account::ALL
            .iter()
            .map(|kind| (*kind, settings.accounts.get(kind).cloned().unwrap_or_else(|| kind.usual().to_owned())))
            .collect(),
        receipt: settings.receipt.clone(),
        lock_after_minutes: settings.lock_after_minutes,
        device_letters: restaurant.letters().to_owned(),
        business_date: settings.business_date(now_ms),
        role,
        permissions: role.permissions().to_vec(),
    })
}

/// The restaurant: its settings, the business day, and what the caller may do.
#[utoipa::path(get, path = "/restaurants/{rid}", tag = "restaurant", operation_id = "get_restaurant",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Restaurant)))]
pub async fn get_restaurant(asked: Asked<needs::Staff>) -> Result<Response, ApiError> {
    asked.answer(&policy::RESTAURANT, |view, _| show(view.restaurant, view.role, view.at_ms)).await
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Trattoria da Lucia", "cash_rounding_minor": 5}))]
pub struct SettingsChange {
    #[serde(default, deserialize_with = "text::clean_some")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// The business day ends this many minutes after midnight.
    #[garde(range(max = CUTOFF_MINUTE_MAX))]
    #[schema(maximum = 720)]
    pub day_cutoff_minute: Option<u16>,
    /// Smallest coin; 0: cash is exact.
    #[garde(custom(a_coin))]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 10000)]
    pub cash_rounding_minor: Option<Minor>,
    #[garde(skip)]
    pub locale: Option<Locale>,
    /// A screen nobody touches this long asks for a PIN; 0: never.
    #[garde(range(max = LOCK_AFTER_MINUTES_MAX))]
    #[schema(maximum = 240)]
    pub lock_after_minutes: Option<u16>,
    /// All of them at once; orders opened before keep theirs.
    #[garde(dive)]
    pub service_charges: Option<ServiceCharges>,
    #[garde(dive)]
    pub discount_caps: Option<DiscountCaps>,
    #[garde(dive)]
    pub kitchen_times: Option<KitchenTimes>,
    #[garde(dive)]
    pub invoice_series: Option<Series>,
    /// All that are not the usual ones.
    #[garde(custom(account_codes))]
    #[schema(value_type = Option<HashMap<String, String>>)]
    pub accounts: Option<Accounts>,
    /// All of its lines at once.
    #[garde(dive)]
    pub receipt: Option<ReceiptText>,
}

fn a_coin(coin: &Option<Minor>, (): &()) -> garde::Result {
    match coin {
        Some(Minor(coin)) if !(0..=CASH_ROUNDING_MINOR_MAX).contains(coin) => {
            Err(garde::Error::new(format!("must be from 0 to {CASH_ROUNDING_MINOR_MAX}")))
        }
        _ => Ok(()),
    }
}

/// Changes settings. Currency, time zone and tax rules stay as they were set: past sums depend on them.
#[utoipa::path(patch, path = "/restaurants/{rid}", tag = "restaurant", operation_id = "change_restaurant",
    params(("rid" = uuid::Uuid, Path)),
    request_body = SettingsChange, responses((status = 200, body = Restaurant)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn change_restaurant(
    here: Here<needs::SettingsWrite>,
    input: Input<SettingsChange>,
) -> Result<Response, ApiError> {
    let SettingsChange { name, day_cutoff_minute, cash_rounding_minor, locale, .. } = input.value;
    let SettingsChange { lock_after_minutes, service_charges, discount_caps, kitchen_times, .. } = input.value;
    let SettingsChange { invoice_series: series, mut accounts, mut receipt, .. } = input.value;
    if series.as_ref().is_some_and(|series| series.invoices == series.credit_notes) {
        let message = "Invoices and credit notes have a series each.";
        return Err(Refusal::invalid("invoice_series.credit_notes", message).into());
    }
    if let Some(accounts) = &mut accounts {
        accounts.retain(|kind, code| code != kind.usual());
    }
    if let Some(ReceiptText { head, foot, logo }) = &mut receipt {
        let is_new = *logo != here.settings()?.receipt.logo;
        if let Some(hash) = logo.as_ref().filter(|_| is_new)
            && !here.read::<_, ApiError>(|conn| Ok(menu::store::has_image(conn, hash)?))?
        {
            return Err(Refusal::invalid("receipt.logo", "There is no such picture here: send it first.").into());
        }
        head.iter_mut().chain(foot).for_each(|line| *line = text::cleaned(line));
    }
    let write = ChangeSettings {
        name,
        locale,
        day_cutoff_minute,
        cash_rounding_minor,
        lock_after_minutes,
        service_charges,
        discount_caps,
        kitchen_times,
        series,
        accounts,
        receipt,
    };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, show(&here.restaurant, here.role, here.now_ms())?))
}
