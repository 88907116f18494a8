//! What an order and each of its checks come to: discounts, the service charge, tax, parts.
//!
//! Invariants: the order is worked out as one, by the one calculation (`kernel::money::totals`);
//! its checks are parts of that. So splitting never changes what a party pays: price, discount,
//! service charge and the tax of each rate add up exactly over the checks, whatever their order.
//!
//! Deliberately absent: payments. A bill says what is owed, not what was paid.

use std::collections::BTreeSet;

use crate::kernel::ids::CheckId;
use crate::kernel::money::{Minor, RateTax, Rounding, Taxed, Terms, Totals, share_evenly, split, totals};

/// A check beside an order's first one, which is the order itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    pub id: CheckId,
    /// 2, 3, …: printed behind the order's number.
    pub number: i64,
    /// The check this one shares equally, instead of having lines of its own.
    pub shares: Option<CheckId>,
}

/// What is taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// Basis points.
    Rate(i64),
    Amount(Minor),
}

impl Off {
    /// How much of a price is taken off; never more than all of it.
    pub fn of(self, price: Minor, rounding: Rounding) -> Minor {
        match self {
            Off::Rate(rate_bp) => price - price.less(rate_bp, rounding),
            Off::Amount(amount) => amount.min(price),
        }
    }
}

/// A percentage on top for service. It belongs to the house, is taxed, and is no tip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServiceCharge {
    pub rate_bp: i64,
    pub tax_rate_bp: i64,
}

/// What a check comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bill {
    /// Its lines as priced, after what was taken off each.
    pub items: Minor,
    /// Taken off the check as a whole.
    pub discount: Minor,
    /// As priced, like a line; its tax is in the totals.
    pub service_charge: Minor,
    pub totals: Totals,
}

/// All that decides what the checks of one order come to.
#[derive(Debug, Clone)]
pub struct Charged<'a> {
    pub terms: &'a Terms,
    /// The check of each line, and the line.
    pub lines: Vec<(CheckId, Taxed)>,
    /// Of one check, or of all there is; in the order they were given.
    pub discounts: Vec<(Option<CheckId>, Off)>,
    pub service_charge: Option<ServiceCharge>,
}

impl Charged<'_> {
    /// The lines with the discounts spread over them: each bears its share, to the cent.
    fn discounted(&self) -> Vec<(CheckId, Taxed)> {
        let mut lines = self.lines.clone();
        for (scope, off) in &self.discounts {
            let hit: Vec<usize> = (0..lines.len()).filter(|&at| scope.is_none_or(|id| id == lines[at].0)).collect();
            let price = hit.iter().map(|&at| lines[at].1.amount).sum();
            let weights: Vec<u64> = hit.iter().map(|&at| weight(lines[at].1.amount)).collect();
            for (at, part) in hit.into_iter().zip(split(off.of(price, self.terms.rounding), &weights)) {
                lines[at].1.amount -= part;
            }
        }
        lines
    }

    /// What the order comes to as a whole.
    pub fn whole(&self) -> Bill {
        self.sum(&self.discounted())
    }

    fn sum(&self, lines: &[(CheckId, Taxed)]) -> Bill {
        let items = self.lines.iter().map(|line| line.1.amount).sum();
        let left: Minor = lines.iter().map(|line| line.1.amount).sum();
        let charge = self.service_charge.map(|charge| Taxed {
            amount: left.percent(charge.rate_bp, self.terms.rounding),
            rate_bp: charge.tax_rate_bp,
        });
        let totals = totals(self.terms, lines.iter().map(|line| line.1).chain(charge));
        Bill {
            items,
            discount: items - left,
            service_charge: charge.map_or(Minor::ZERO, |charge| charge.amount),
            totals,
        }
    }

    /// What each check comes to: the first one, then the others in their order.
    pub fn by_check(&self, first: CheckId, others: &[Check]) -> Vec<Bill> {
        let lines = self.discounted();
        let whole = self.sum(&lines);
        let ids: Vec<CheckId> = std::iter::once(first).chain(others.iter().map(|check| check.id)).collect();
        let at = |id: CheckId| ids.iter().position(|other| *other == id).unwrap_or(0);
        let mut bills = vec![Bill::default(); ids.len()];
        let mut left = vec![Minor::ZERO; ids.len()];
        for (before, (id, after)) in self.lines.iter().zip(&lines) {
            let bill = &mut bills[at(*id)];
            bill.items += before.1.amount;
            bill.discount += before.1.amount - after.amount;
            left[at(*id)] += after.amount;
        }
        let weights: Vec<u64> = left.iter().copied().map(weight).collect();
        for (bill, part) in bills.iter_mut().zip(split(whole.service_charge, &weights)) {
            bill.service_charge = part;
        }
        let charge_rate = self.service_charge.map(|charge| charge.tax_rate_bp);
        for tax in &whole.totals.taxes {
            let mut amounts = vec![Minor::ZERO; ids.len()];
            for (id, line) in lines.iter().filter(|(_, line)| line.rate_bp == tax.rate_bp) {
                amounts[at(*id)] += line.amount;
            }
            if charge_rate == Some(tax.rate_bp) {
                amounts.iter_mut().zip(&bills).for_each(|(amount, bill)| *amount += bill.service_charge);
            }
            apportion(*tax, &amounts, &mut bills);
        }
        for bill in &mut bills {
            bill.totals.gross = bill.totals.net + bill.totals.tax;
        }
        share(&ids, others, bills)
    }
}

/// Gives each check its part of one rate's base and tax, by what it has at that rate.
fn apportion(whole: RateTax, amounts: &[Minor], bills: &mut [Bill]) {
    let weights: Vec<u64> = amounts.iter().copied().map(weight).collect();
    let priced: Minor = amounts.iter().copied().sum();
    let inclusive = priced != whole.base_minor;
    for ((bill, amount), tax) in bills.iter_mut().zip(amounts).zip(split(whole.tax_minor, &weights)) {
        if amount.is_zero() && tax.is_zero() {
            continue;
        }
        let base = if inclusive { *amount - tax } else { *amount };
        bill.totals.net += base;
        bill.totals.tax += tax;
        bill.totals.taxes.push(RateTax { rate_bp: whole.rate_bp, base_minor: base, tax_minor: tax });
    }
}

/// Divides what is shared equally among those who share it.
fn share(ids: &[CheckId], others: &[Check], mut bills: Vec<Bill>) -> Vec<Bill> {
    let shared: BTreeSet<CheckId> = others.iter().filter_map(|check| check.shares).collect();
    for id in shared {
        let sharing = |at: &usize| ids[*at] == id || others.iter().any(|c| c.id == ids[*at] && c.shares == Some(id));
        let places: Vec<usize> = (0..ids.len()).filter(sharing).collect();
        let Some(&first) = places.first().filter(|at| ids[**at] == id) else { continue };
        for (at, bill) in places.iter().zip(shares_of(&bills[first], places.len())) {
            bills[*at] = bill;
        }
    }
    bills
}

/// A bill in equal parts: price, discount, service charge, and base and tax of each rate.
fn shares_of(bill: &Bill, parts: usize) -> Vec<Bill> {
    let sums: Vec<Minor> = bill.totals.taxes.iter().flat_map(|tax| [tax.base_minor, tax.tax_minor]).collect();
    let priced = share_evenly(&[bill.items - bill.discount, bill.discount, bill.service_charge], parts);
    let owed = share_evenly(&sums, parts);
    let part = |(priced, owed): (Vec<Minor>, Vec<Minor>)| {
        let mut totals = Totals::default();
        for (tax, pair) in bill.totals.taxes.iter().zip(owed.chunks_exact(2)) {
            totals.net += pair[0];
            totals.tax += pair[1];
            totals.taxes.push(RateTax { rate_bp: tax.rate_bp, base_minor: pair[0], tax_minor: pair[1] });
        }
        totals.gross = totals.net + totals.tax;
        Bill { items: priced[0] + priced[1], discount: priced[1], service_charge: priced[2], totals }
    };
    priced.into_iter().zip(owed).map(part).collect()
}

/// Prices are never negative; should one be, it weighs nothing.
fn weight(amount: Minor) -> u64 {
    u64::try_from(amount.0).unwrap_or(0)
}

#[cfg(test)]
mod tests;
