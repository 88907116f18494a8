//! Money: integer minor units, rounding, tax, cash rounding and splits.
//!
//! Invariants: amounts are whole minor units of one currency (`EUR` cents, `JPY` yen); rates are
//! basis points (2100 = 21 %); quantities are thousandths (1000 = one). Everything between is
//! `i128`, rounded exactly once where the rule says so. The rules themselves (`Terms`) are stored
//! on the check, so an old check is always read by the rules it was made under.
//!
//! Deliberately absent: floating point, exchange rates, and any arithmetic across currencies.

mod currency;
mod split;
mod tax;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::words::{BadWord, words};

pub use currency::{CURRENCIES, Currency};
pub use split::{share_evenly, split, split_evenly};
pub use tax::{RATES_MAX, RateTax, Taxed, Totals, totals};

/// Highest price of one unit, in minor units. With the limits on quantity and lines, no check can overflow.
pub const PRICE_MINOR_MAX: i64 = 100_000_000_000;
/// Highest quantity of one line, in thousandths.
pub const QUANTITY_MILLI_MAX: i64 = 9_999_000;
/// Highest tax rate, in basis points.
pub const RATE_BP_MAX: i64 = 10_000;

/// An amount in minor units of the currency it belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct Minor(pub i64);

impl Minor {
    pub const ZERO: Minor = Minor(0);

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// None for zero: a NULL column costs nothing.
    pub fn some(self) -> Option<Minor> {
        (self.0 != 0).then_some(self)
    }

    /// Price times quantity, rounded once.
    pub fn times(self, quantity_milli: i64, rounding: Rounding) -> Minor {
        Minor(rounding.divide(i128::from(self.0) * i128::from(quantity_milli), 1000))
    }

    /// What is left after a percentage off. The remainder is rounded, not the discount:
    /// 2.30 less 5 % is 2.185, hence 2.19 half-up, on a line and on a total alike.
    pub fn less(self, rate_bp: i64, rounding: Rounding) -> Minor {
        Minor(rounding.divide(i128::from(self.0) * i128::from(10_000 - rate_bp), 10_000))
    }

    /// A percentage on top, itself rounded: 10 % of 78.75 is 7.875, hence 7.88 half-up.
    pub fn percent(self, rate_bp: i64, rounding: Rounding) -> Minor {
        Minor(rounding.divide(i128::from(self.0) * i128::from(rate_bp), 10_000))
    }

    /// The nearest amount that can be paid in coins; `unit` 0 or 1 leaves it as it is.
    pub fn to_cash(self, unit: Minor, rounding: Rounding) -> Minor {
        if unit.0 <= 1 {
            return self;
        }
        Minor(rounding.divide(i128::from(self.0), i128::from(unit.0)) * unit.0)
    }
}

impl Add for Minor {
    type Output = Minor;
    fn add(self, other: Minor) -> Minor {
        Minor(self.0.saturating_add(other.0))
    }
}
impl Sub for Minor {
    type Output = Minor;
    fn sub(self, other: Minor) -> Minor {
        Minor(self.0.saturating_sub(other.0))
    }
}
impl Neg for Minor {
    type Output = Minor;
    fn neg(self) -> Minor {
        Minor(self.0.saturating_neg())
    }
}
impl AddAssign for Minor {
    fn add_assign(&mut self, other: Minor) {
        *self = *self + other;
    }
}
impl SubAssign for Minor {
    fn sub_assign(&mut self, other: Minor) {
        *self = *self - other;
    }
}
impl Sum for Minor {
    fn sum<I: Iterator<Item = Minor>>(amounts: I) -> Minor {
        amounts.fold(Minor::ZERO, Add::add)
    }
}
impl fmt::Display for Minor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
/// How a half is rounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Away from zero, as people do by hand.
    #[default]
    HalfUp,
    /// To the even neighbour, so that halves do not drift upwards.
    HalfEven,
}

impl Rounding {
    /// `numerator / denominator` to a whole number; the denominator is positive.
    pub fn divide(self, numerator: i128, denominator: i128) -> i64 {
        debug_assert!(denominator > 0, "a rate or unit is positive");
        let (magnitude, negative) = (numerator.unsigned_abs(), numerator < 0);
        let denominator = denominator.unsigned_abs();
        let (whole, rest) = (magnitude / denominator, magnitude % denominator);
        let up = match (rest * 2).cmp(&denominator) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => self == Rounding::HalfUp || whole % 2 == 1,
        };
        let rounded = i64::try_from(whole + u128::from(up)).unwrap_or(i64::MAX);
        if negative { -rounded } else { rounded }
    }
}

/// Whether a menu price holds its tax already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxMode {
    #[default]
    Inclusive,
    Exclusive,
}

/// Where tax is rounded to whole minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxRounding {
    Line,
    #[default]
    Rate,
    Check,
}

/// The money rules of one check, frozen when it is opened and written as one word list:
/// `EUR inclusive rate half_up 5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub currency: Currency,
    pub tax_mode: TaxMode,
    pub tax_rounding: TaxRounding,
    pub rounding: Rounding,
    /// Smallest coin, in minor units; 0: cash is exact.
    pub cash_unit: Minor,
}

words!(Rounding { HalfUp = "half_up", HalfEven = "half_even" });
words!(TaxMode { Inclusive = "inclusive", Exclusive = "exclusive" });
words!(TaxRounding { Line = "line", Rate = "rate", Check = "check" });

impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Terms { currency, tax_mode, tax_rounding, rounding, cash_unit } = self;
        write!(
            f,
            "{} {} {} {} {}",
            currency.code,
            tax_mode.as_str(),
            tax_rounding.as_str(),
            rounding.as_str(),
            cash_unit
        )
    }
}

impl FromStr for Terms {
    type Err = BadWord;

    fn from_str(text: &str) -> Result<Terms, BadWord> {
        let bad = || BadWord(text.to_owned());
        let mut words = text.split(' ');
        let mut word = || words.next().ok_or_else(bad);
        let terms = Terms {
            currency: Currency::of(word()?).ok_or_else(bad)?,
            tax_mode: word()?.parse()?,
            tax_rounding: word()?.parse()?,
            rounding: word()?.parse()?,
            cash_unit: Minor(word()?.parse().map_err(|_| bad())?),
        };
        if words.next().is_some() { Err(bad()) } else { Ok(terms) }
    }
}

/// What cash has to bring after all other tenders, and the rounding line that explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CashDue {
    /// To take (or, negative, to hand back) in coins that exist.
    pub cash: Minor,
    /// `cash` less the exact remainder: a line of its own on the check.
    pub rounding: Minor,
}

/// Cash rounding touches only the cash part of what is due, after every other tender.
pub fn cash_due(total: Minor, other_tenders: Minor, unit: Minor, rounding: Rounding) -> CashDue {
    let exact = total - other_tenders;
    let cash = exact.to_cash(unit, rounding);
    CashDue { cash, rounding: cash - exact }
}

#[cfg(test)]
mod tests;
