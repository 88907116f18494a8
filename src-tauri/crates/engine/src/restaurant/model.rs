//! The settings of a restaurant, and what they mean for money and time. Pure.

use chrono::NaiveDate;
use chrono_tz::Tz;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::fiscal::model::{Accounts, Series};
use crate::kernel::ids::RestaurantId;
use crate::kernel::money::{Currency, Minor, RATE_BP_MAX, Rounding, TaxMode, TaxRounding, Terms};
use crate::kernel::time;
use crate::kernel::words::words;
use crate::orders::model::Service;

/// The business day ends at noon at the latest.
pub const CUTOFF_MINUTE_MAX: u16 = 720;

/// An idle screen waits at most this long before it locks, where it locks at all.
pub const LOCK_AFTER_MINUTES_MAX: u16 = 240;

/// No timer of the kitchen is set later than this.
pub const KITCHEN_MINUTES_MAX: i64 = 240;

/// Languages the screens speak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    #[default]
    En,
    Es,
}

impl Locale {
    pub const ALL: &'static [Self] = &[Self::En, Self::Es];
}

words!(Locale { En = "en", Es = "es" });

/// The service charge of each kind of order, in basis points, and the tax on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceCharges {
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub dine_in_bp: i64,
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub takeaway_bp: i64,
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub delivery_bp: i64,
    /// Left out: the restaurant's default rate.
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub tax_rate_bp: Option<i64>,
}

impl ServiceCharges {
    /// On an order served like this, in basis points; 0: none.
    pub fn of(&self, service: Service) -> i64 {
        match service {
            Service::DineIn => self.dine_in_bp,
            Service::Takeaway => self.takeaway_bp,
            Service::Delivery => self.delivery_bp,
        }
    }
}

/// The most a role takes off without somebody's approval, in basis points. Who may approve has no cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscountCaps {
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub cashier_bp: i64,
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub waiter_bp: i64,
}

impl Default for DiscountCaps {
    fn default() -> Self {
        Self { cashier_bp: 1_000, waiter_bp: 0 }
    }
}

/// How long a ticket waits before its timer turns amber, and red.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KitchenTimes {
    #[garde(range(min = 1, max = KITCHEN_MINUTES_MAX))]
    #[schema(minimum = 1, maximum = 240)]
    pub amber_minutes: i64,
    /// Not before amber.
    #[garde(range(min = self.amber_minutes, max = KITCHEN_MINUTES_MAX))]
    #[schema(minimum = 1, maximum = 240)]
    pub red_minutes: i64,
}

impl Default for KitchenTimes {
    fn default() -> Self {
        Self { amber_minutes: 10, red_minutes: 15 }
    }
}

/// Most lines above and below a receipt, and the longest of them in characters.
pub const RECEIPT_LINES_MAX: usize = 8;
pub const RECEIPT_LINE_MAX: usize = 64;
/// Characters of a picture's hash.
const LOGO_HASH: usize = 64;

/// What stands on every bill and receipt: address, tax number, thanks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptText {
    /// Below the name.
    #[garde(length(max = RECEIPT_LINES_MAX), inner(length(chars, max = RECEIPT_LINE_MAX)))]
    #[schema(max_items = 8)]
    pub head: Vec<String>,
    /// At the end.
    #[garde(length(max = RECEIPT_LINES_MAX), inner(length(chars, max = RECEIPT_LINE_MAX)))]
    #[schema(max_items = 8)]
    pub foot: Vec<String>,
    /// Above the name: the hash of a picture that was taken in as a logo.
    #[garde(inner(length(equal = LOGO_HASH)))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 64, max_length = 64)]
    pub logo: Option<String>,
}

/// The settings as they are in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    pub id: RestaurantId,
    pub name: String,
    pub currency: Currency,
    pub time_zone: Tz,
    pub locale: Locale,
    pub day_cutoff_minute: u16,
    pub tax_mode: TaxMode,
    pub tax_rounding: TaxRounding,
    pub rounding: Rounding,
    /// Smallest coin; 0: cash is exact.
    pub cash_rounding_minor: Minor,
    pub default_tax_rate_bp: i64,
    /// A screen nobody touches this long asks for a PIN. None: never.
    pub lock_after_minutes: Option<u16>,
    pub service_charges: ServiceCharges,
    pub discount_caps: DiscountCaps,
    pub kitchen_times: KitchenTimes,
    /// How numbers of invoices begin.
    pub series: Series,
    /// Codes of the accountant's journal that are not the usual ones.
    pub accounts: Accounts,
    pub receipt: ReceiptText,
}

impl Settings {
    /// The money rules a check opened now is frozen with.
    pub fn terms(&self) -> Terms {
        Terms {
            currency: self.currency,
            tax_mode: self.tax_mode,
            tax_rounding: self.tax_rounding,
            rounding: self.rounding,
            cash_unit: self.cash_rounding_minor,
        }
    }

    pub fn business_date(&self, at_ms: i64) -> NaiveDate {
        time::business_date(at_ms, self.time_zone, self.day_cutoff_minute)
    }

    /// The hour on the restaurant's wall.
    pub fn hour(&self, at_ms: i64) -> u32 {
        time::local_hour(at_ms, self.time_zone)
    }
}
