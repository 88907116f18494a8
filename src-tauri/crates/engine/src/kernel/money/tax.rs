//! Tax of a check: per line, per rate or per check; prices with or without it.
//!
//! Invariants: `net + tax == gross`, and the taxes per rate add up to `tax`, exactly, in every mode.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Minor, Rounding, TaxMode, TaxRounding, Terms};

/// Most tax rates on one check. Eight exact fractions still fit `i128`; beyond it, rounding per
/// check falls back to per rate.
pub const RATES_MAX: usize = 8;

/// One line as far as tax goes: its amount as priced, and its rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taxed {
    pub amount: Minor,
    pub rate_bp: i64,
}

/// The tax of one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RateTax {
    pub rate_bp: i64,
    /// Net amount the tax is on.
    pub base_minor: Minor,
    pub tax_minor: Minor,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    pub net: Minor,
    pub tax: Minor,
    pub gross: Minor,
    /// By rate, lowest first.
    pub taxes: Vec<RateTax>,
}

/// The one calculation of a check's totals. Line, check, report and export all use it.
pub fn totals(terms: &Terms, lines: impl IntoIterator<Item = Taxed>) -> Totals {
    let mut amounts: BTreeMap<i64, (Minor, Minor)> = BTreeMap::new();
    for line in lines {
        let (amount, tax) = amounts.entry(line.rate_bp).or_default();
        *amount += line.amount;
        *tax += tax_of(terms.tax_mode, terms.rounding, line);
    }
    let per_rate = |(&rate_bp, &(amount, _)): (&i64, &(Minor, Minor))| {
        tax_of(terms.tax_mode, terms.rounding, Taxed { amount, rate_bp })
    };
    let taxes: Vec<Minor> = match terms.tax_rounding {
        TaxRounding::Line => amounts.values().map(|&(_, tax)| tax).collect(),
        TaxRounding::Check if amounts.len() <= RATES_MAX => per_check(terms, &amounts),
        TaxRounding::Rate | TaxRounding::Check => amounts.iter().map(per_rate).collect(),
    };
    let mut sums = Totals::default();
    for ((rate_bp, (amount, _)), tax) in amounts.into_iter().zip(taxes) {
        let base = match terms.tax_mode {
            TaxMode::Inclusive => amount - tax,
            TaxMode::Exclusive => amount,
        };
        sums.net += base;
        sums.tax += tax;
        sums.taxes.push(RateTax { rate_bp, base_minor: base, tax_minor: tax });
    }
    sums.gross = sums.net + sums.tax;
    sums
}

/// Tax inside (inclusive) or on top of (exclusive) an amount, as an exact fraction.
fn fraction(mode: TaxMode, taxed: Taxed) -> (i128, i128) {
    let numerator = i128::from(taxed.amount.0) * i128::from(taxed.rate_bp);
    match mode {
        TaxMode::Inclusive => (numerator, 10_000 + i128::from(taxed.rate_bp)),
        TaxMode::Exclusive => (numerator, 10_000),
    }
}

fn tax_of(mode: TaxMode, rounding: Rounding, taxed: Taxed) -> Minor {
    let (numerator, denominator) = fraction(mode, taxed);
    Minor(rounding.divide(numerator, denominator))
}

/// One rounding for the whole check; what it adds or takes goes to the rates with the largest remainders.
fn per_check(terms: &Terms, amounts: &BTreeMap<i64, (Minor, Minor)>) -> Vec<Minor> {
    let parts: Vec<(i128, i128)> =
        amounts.iter().map(|(&rate_bp, &(amount, _))| fraction(terms.tax_mode, Taxed { amount, rate_bp })).collect();
    let wholes: Vec<i128> = parts.iter().map(|&(n, d)| n.div_euclid(d)).collect();
    let common = parts.iter().fold(1, |common, &(_, d)| common / gcd(common, d) * d);
    let rests: Vec<i128> = parts.iter().map(|&(n, d)| n.rem_euclid(d) * (common / d)).collect();
    let extra = terms.rounding.divide_signed_halves(&wholes, rests.iter().sum(), common);
    let mut by_rest: Vec<usize> = (0..parts.len()).collect();
    by_rest.sort_by_key(|&at| (std::cmp::Reverse(rests[at]), at));
    let mut taxes: Vec<Minor> = wholes.iter().map(|&whole| Minor(i64::try_from(whole).unwrap_or(i64::MAX))).collect();
    for &at in by_rest.iter().take(extra) {
        taxes[at] += Minor(1);
    }
    taxes
}

impl Rounding {
    /// How many whole units the fractions (`rest / common`, none negative) add to the whole parts.
    fn divide_signed_halves(self, wholes: &[i128], rest: i128, common: i128) -> usize {
        let whole: i128 = wholes.iter().sum();
        let floor = rest.div_euclid(common);
        let left = rest.rem_euclid(common);
        let up = match (left * 2).cmp(&common) {
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => match self {
                Rounding::HalfUp => whole + floor >= 0,
                Rounding::HalfEven => (whole + floor) % 2 != 0,
            },
        };
        usize::try_from(floor + i128::from(up)).unwrap_or(0)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}
