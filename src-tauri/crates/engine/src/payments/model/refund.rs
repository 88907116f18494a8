//! What of a sale can still be given back, and what giving back comes to. Pure.
//!
//! Invariants: nothing is given back beyond what was paid for it, neither of a line nor of all; when
//! all is given back, lines and the tax of each rate have come back to the cent, in however many steps.

use crate::kernel::ids::LineId;
use crate::kernel::money::{Minor, RateTax, Rounding, split};

/// A line that was sold, what was paid for it, and what of it came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bought {
    pub line: LineId,
    pub quantity_milli: i64,
    pub rate_bp: i64,
    /// With its tax and its part of what was taken off or put on the whole check.
    pub paid: Minor,
    pub back_milli: i64,
    pub back: Minor,
}

/// A sale as far as giving back goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    pub rounding: Rounding,
    /// Empty until the sale is complete.
    pub bought: Vec<Bought>,
    /// Sold, by rate.
    pub taxes: Vec<RateTax>,
    /// Given back so far, by rate.
    pub back_taxes: Vec<RateTax>,
    /// Paid for nothing sold: too much, or for what is not complete yet.
    pub unsold: Minor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WishLine {
    pub line: LineId,
    /// How many thousandths come back. Neither this nor an amount: all that is left of the line.
    pub quantity_milli: Option<i64>,
    /// What is given for them; None: what was paid.
    pub amount: Option<Minor>,
}

/// Lines, or an amount of the whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    Lines(Vec<WishLine>),
    Amount(Minor),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackLine {
    pub line: LineId,
    pub quantity_milli: Option<i64>,
    pub amount: Minor,
}

/// What a refund comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    pub amount: Minor,
    /// Of `amount`, for nothing sold.
    pub unsettled: Minor,
    pub lines: Vec<BackLine>,
    /// In what comes back, by rate.
    pub taxes: Vec<RateTax>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoRefund {
    /// Nothing was paid, or all of it is back.
    Nothing,
    TooMuch {
        left: Minor,
    },
    /// The line at this place of the wish: not sold, or named twice.
    NoLine {
        at: usize,
    },
    LineTooMany {
        at: usize,
        left_milli: i64,
    },
    LineTooMuch {
        at: usize,
        left: Minor,
    },
}

impl Bought {
    pub fn left_milli(&self) -> i64 {
        (self.quantity_milli - self.back_milli).max(0)
    }

    pub fn left(&self) -> Minor {
        (self.paid - self.back).max(Minor::ZERO)
    }

    /// What that many more thousandths come to: by what all so far come to, so that the last one
    /// brings the cents that are left.
    fn price_of(&self, quantity_milli: i64, rounding: Rounding) -> Minor {
        let up_to = |milli: i64| {
            Minor(rounding.divide(i128::from(self.paid.0) * i128::from(milli), i128::from(self.quantity_milli.max(1))))
        };
        (up_to(self.back_milli + quantity_milli) - up_to(self.back_milli)).min(self.left())
    }
}

impl Sale {
    /// All that can still be given back.
    pub fn left(&self) -> Minor {
        self.unsold + self.bought.iter().map(Bought::left).sum()
    }

    pub fn plan(&self, wish: &Wish) -> Result<Plan, NoRefund> {
        if self.left().is_zero() {
            return Err(NoRefund::Nothing);
        }
        let (unsettled, lines) = match wish {
            Wish::Lines(lines) => (Minor::ZERO, self.of_lines(lines)?),
            Wish::Amount(amount) => self.of_amount(*amount)?,
        };
        let amount = unsettled + lines.iter().map(|line| line.amount).sum();
        if amount.is_zero() {
            return Err(NoRefund::Nothing);
        }
        let taxes = self.taxes_in(&lines);
        Ok(Plan { amount, unsettled, lines, taxes })
    }

    fn of_lines(&self, wishes: &[WishLine]) -> Result<Vec<BackLine>, NoRefund> {
        let mut lines = Vec::with_capacity(wishes.len());
        for (at, wish) in wishes.iter().enumerate() {
            let bought = self.bought.iter().find(|bought| bought.line == wish.line);
            let twice = wishes[..at].iter().any(|before| before.line == wish.line);
            let bought = bought.filter(|_| !twice).ok_or(NoRefund::NoLine { at })?;
            let left_milli = bought.left_milli();
            let quantity_milli = match (wish.quantity_milli, wish.amount) {
                (None, None) => Some(left_milli).filter(|left| *left > 0),
                (quantity, _) => quantity,
            };
            if quantity_milli.is_some_and(|milli| milli > left_milli) {
                return Err(NoRefund::LineTooMany { at, left_milli });
            }
            let amount = match (wish.amount, wish.quantity_milli) {
                (Some(amount), _) => amount,
                (None, Some(milli)) => bought.price_of(milli, self.rounding),
                (None, None) => bought.left(),
            };
            if amount > bought.left() {
                return Err(NoRefund::LineTooMuch { at, left: bought.left() });
            }
            lines.push(BackLine { line: wish.line, quantity_milli, amount });
        }
        Ok(lines)
    }

    /// First what was paid for nothing, then of every line in proportion to what is left of it.
    fn of_amount(&self, amount: Minor) -> Result<(Minor, Vec<BackLine>), NoRefund> {
        if amount > self.left() {
            return Err(NoRefund::TooMuch { left: self.left() });
        }
        let unsettled = amount.min(self.unsold);
        let weight = |bought: &Bought| u64::try_from(bought.left().0).unwrap_or(0);
        let weights: Vec<u64> = self.bought.iter().map(weight).collect();
        let parts = split(amount - unsettled, &weights);
        let line = |(bought, amount): (&Bought, Minor)| BackLine { line: bought.line, quantity_milli: None, amount };
        let lines = self.bought.iter().zip(parts).map(line).filter(|line| !line.amount.is_zero()).collect();
        Ok((unsettled, lines))
    }

    /// Tax comes back in proportion to what came back at its rate so far, less what came back before.
    fn taxes_in(&self, lines: &[BackLine]) -> Vec<RateTax> {
        let rate_of = |line: LineId| self.bought.iter().find(|bought| bought.line == line).map(|bought| bought.rate_bp);
        let mut taxes = Vec::new();
        for sold in &self.taxes {
            let at_rate = lines.iter().filter(|line| rate_of(line.line) == Some(sold.rate_bp));
            let now: Minor = at_rate.map(|line| line.amount).sum();
            if now.is_zero() {
                continue;
            }
            let before = self.back_taxes.iter().find(|back| back.rate_bp == sold.rate_bp);
            let (before_gross, before_tax) =
                before.map_or((Minor::ZERO, Minor::ZERO), |tax| (tax.base_minor + tax.tax_minor, tax.tax_minor));
            let gross = (sold.base_minor + sold.tax_minor).0.max(1);
            let back = i128::from((before_gross + now).0);
            let tax = Minor(self.rounding.divide(i128::from(sold.tax_minor.0) * back, gross.into())) - before_tax;
            taxes.push(RateTax { rate_bp: sold.rate_bp, base_minor: now - tax, tax_minor: tax });
        }
        taxes
    }
}

#[cfg(test)]
mod tests;
