//! First run: a restaurant, its owner, and what to begin with. The page and `comanda init` both come here.
//!
//! The restaurant's file is made first and becomes part of the installation with the one command
//! `SetUp`; a run that ends in between leaves a file nobody refers to. The next start moves it aside
//! (`files`), and setting up starts again.

use chrono_tz::Tz;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::commands::{SetUp, WasSetUp};
use super::{passwords, store};
use crate::app::{App, Done};
use crate::demo;
use crate::error::{ApiError, Refusal};
use crate::front::input::Meta;
use crate::kernel::ids::{self, AccountId, RestaurantId, StaffId};
use crate::kernel::money::{Currency, Minor, RATE_BP_MAX, TaxMode};
use crate::kernel::text;
use crate::restaurant::commands::CreateRestaurant;
use crate::restaurant::model::{CUTOFF_MINUTE_MAX, Locale};

/// Orders a demo may have, at most: five years of a busy house.
pub const DEMO_ORDERS_MAX: u32 = 1_000_000;
/// Orders of a demo when nobody says.
pub const DEMO_ORDERS_DEFAULT: u32 = 2_000;
/// Every demo of one size is the same.
const DEMO_SEED: u64 = 1;

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    #[garde(dive)]
    pub restaurant: NewRestaurant,
    #[garde(dive)]
    pub owner: NewOwner,
    #[garde(skip)]
    pub start: Start,
    /// How many past orders the demo has.
    #[garde(range(min = 1, max = DEMO_ORDERS_MAX))]
    pub demo_orders: Option<u32>,
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRestaurant {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(example = "Trattoria da Lucia", max_length = 120)]
    pub name: String,
    /// ISO 4217.
    #[garde(custom(known_currency))]
    #[schema(example = "EUR")]
    pub currency: String,
    /// IANA name.
    #[garde(custom(known_zone))]
    #[schema(example = "Europe/Rome")]
    pub time_zone: String,
    /// The business day ends this many minutes after midnight.
    #[garde(range(max = CUTOFF_MINUTE_MAX))]
    #[schema(example = 240, maximum = 720)]
    pub day_cutoff_minute: u16,
    #[garde(skip)]
    pub tax_mode: TaxMode,
    /// The rate new items get, in basis points.
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(example = 1000, minimum = 0, maximum = 10000)]
    pub tax_rate_bp: i64,
    #[garde(skip)]
    #[serde(default)]
    pub locale: Locale,
}

#[derive(Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOwner {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(example = "Lucia Rossi", max_length = 120)]
    pub name: String,
    #[serde(deserialize_with = "text::clean")]
    #[garde(email, length(max = text::EMAIL_MAX))]
    #[schema(example = "lucia@example.com", max_length = 255)]
    pub email: String,
    /// 8 or more characters: upper, lower, digit, special.
    #[garde(custom(passwords::good))]
    #[schema(example = "Trattoria-26", min_length = 8)]
    pub password: String,
}

impl std::fmt::Debug for NewOwner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewOwner").field("name", &self.name).field("email", &self.email).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    Empty,
    /// A menu and past orders made up by a seeded generator.
    Demo,
}

fn known_currency(code: &str, (): &()) -> garde::Result {
    Currency::of(code).map(drop).ok_or_else(|| garde::Error::new("is not a currency code of ISO 4217, like EUR"))
}

fn known_zone(name: &str, (): &()) -> garde::Result {
    name.parse::<Tz>().map(drop).map_err(|_| garde::Error::new("is not an IANA time zone, like Europe/Rome"))
}

/// Makes the restaurant and its owner. A repeated request gets its first answer.
pub async fn set_up(app: &App, meta: &Meta, request: SetupRequest) -> Result<Done<WasSetUp>, ApiError> {
    let nobody = uuid::Uuid::nil();
    if app.installation.read(store::has_restaurant)? {
        let refused = Refusal::conflict("This installation is set up already.");
        return app.write::<SetUp>(&app.installation, nobody, meta, Err(refused.into())).await;
    }
    let hash = app.passwords.hash(request.owner.password.clone()).await?;
    let (restaurant_id, account_id) = (RestaurantId::mint(), AccountId::mint());
    let NewOwner { name, email, .. } = request.owner;
    make(app, &request.restaurant, restaurant_id, (account_id, &name)).await?;
    let set_up = SetUp { restaurant_id, account_id, name, email };
    let secret = Some(hash.into_bytes());
    let done = app.write_with_secret(&app.installation, nobody, meta, Ok(set_up), secret).await;
    if done.as_ref().map_or(true, |done| done.answer.restaurant_id != restaurant_id) {
        // Somebody else was first.
        app.forget_restaurant(restaurant_id);
    }
    done
}

/// What the demo is to be made of, if one was asked for.
pub fn demo_of(request: &SetupRequest, now_ms: i64) -> Option<demo::Wanted> {
    let orders = request.demo_orders.unwrap_or(DEMO_ORDERS_DEFAULT);
    (request.start == Start::Demo).then_some(demo::Wanted { orders, seed: DEMO_SEED, now_ms, with_today: true })
}

/// Makes a restaurant's file, its owner the first on its staff. It is part of the installation once a command says so.
///
/// # Errors
/// The disk is full or may not be written.
pub async fn make(
    app: &App,
    wanted: &NewRestaurant,
    id: RestaurantId,
    owner: (AccountId, &str),
) -> Result<(), ApiError> {
    let currency = Currency::of(&wanted.currency).ok_or_else(|| ApiError::internal("unchecked currency"))?;
    let create = CreateRestaurant {
        id,
        name: wanted.name.clone(),
        currency: currency.code.to_owned(),
        time_zone: wanted.time_zone.clone(),
        locale: wanted.locale,
        day_cutoff_minute: wanted.day_cutoff_minute,
        tax_mode: wanted.tax_mode,
        tax_rounding: Default::default(),
        rounding: Default::default(),
        cash_rounding_minor: Minor::ZERO,
        default_tax_rate_bp: wanted.tax_rate_bp,
        owner_staff_id: StaffId::mint(),
        owner_account_id: owner.0,
        owner_name: owner.1.to_owned(),
    };
    let app = app.clone();
    let made = tokio::task::spawn_blocking(move || -> Result<(), ApiError> {
        let restaurant = app.open_restaurant(id).map_err(ApiError::internal)?;
        app.write_blocking(&restaurant.db, create.owner_account_id.0, ids::mint(), &create).map(drop)
    });
    made.await.map_err(ApiError::internal)?
}
