//! The settings of a restaurant, and what they mean for money and time. Pure.

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::RestaurantId;
use crate::kernel::money::{Currency, Minor, Rounding, TaxMode, TaxRounding, Terms};
use crate::kernel::time;
use crate::kernel::words::words;

/// The business day ends at noon at the latest.
pub const CUTOFF_MINUTE_MAX: u16 = 720;

/// An idle screen waits at most this long before it locks, where it locks at all.
pub const LOCK_AFTER_MINUTES_MAX: u16 = 240;

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
