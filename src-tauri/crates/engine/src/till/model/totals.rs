//! What sales, money and refunds of a time come to: the figures of an X or a Z.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::counts_blind;
use crate::kernel::ids::AccountId;
use crate::kernel::money::{Minor, RateTax, Rounding};
use crate::staff::model::Role;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Voids {
    pub count: i64,
    pub minor: Minor,
}

/// Given back, on the day it was given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refunds {
    pub count: i64,
    pub minor: Minor,
    /// Base and tax in what was sold and came back.
    pub taxes: Vec<RateTax>,
}

/// Tips by who took them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PersonTips {
    pub account_id: AccountId,
    pub name: String,
    pub tips_minor: Minor,
}

/// What sales come to. Money counts when it is taken, a sale when its order completes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    pub orders: i64,
    pub covers: i64,
    /// Sold, before refunds.
    pub gross_minor: Minor,
    pub net_minor: Minor,
    pub tax_minor: Minor,
    pub voids: Voids,
    pub tips_minor: Minor,
    /// Taken in cash, with tips and rounding, less what was given back. Null: not told before the count.
    pub cash_minor: Option<Minor>,
    /// Taken by card, with tips, less what was given back. Null: not told before the count.
    pub card_minor: Option<Minor>,
    /// Null: not told before the count.
    pub voucher_minor: Option<Minor>,
    pub rounding_minor: Minor,
    /// Taken off before it was sold: `gross_minor` is what is left.
    pub discounts_minor: Minor,
    /// Given free.
    pub comps_minor: Minor,
    /// In `gross_minor`.
    pub service_charge_minor: Minor,
    pub refunds: Refunds,
    pub pay_ins_minor: Minor,
    pub pay_outs_minor: Minor,
    pub drops_minor: Minor,
    pub tips_by: Vec<PersonTips>,
    /// Check average.
    pub average_minor: Minor,
    pub taxes: Vec<RateTax>,
}

impl Totals {
    /// Fills in what follows from the rest.
    #[must_use]
    pub fn worked_out(mut self) -> Totals {
        self.net_minor = self.gross_minor - self.tax_minor;
        self.average_minor = match self.orders {
            ..=0 => Minor::ZERO,
            orders => Minor(Rounding::HalfUp.divide(self.gross_minor.0.into(), orders.into())),
        };
        for taxes in [&mut self.taxes, &mut self.refunds.taxes] {
            taxes.retain(|tax| !(tax.base_minor.is_zero() && tax.tax_minor.is_zero()));
            taxes.sort_by_key(|tax| tax.rate_bp);
        }
        self.tips_by.retain(|person| !person.tips_minor.is_zero());
        self
    }

    /// As somebody in that role is told it: while a drawer is open, how it was paid is kept from who counts it blind.
    #[must_use]
    pub fn told_to(self, role: Role, is_open: bool) -> Totals {
        if is_open && counts_blind(role) {
            return Totals { cash_minor: None, card_minor: None, voucher_minor: None, ..self };
        }
        self
    }

    /// What is left when everything in `counted` is taken away.
    #[must_use]
    pub fn less(mut self, counted: &Totals) -> Totals {
        self.orders -= counted.orders;
        self.covers -= counted.covers;
        self.voids.count -= counted.voids.count;
        self.refunds.count -= counted.refunds.count;
        for (mine, theirs) in self.sums_mut().into_iter().zip(counted.clone().sums_mut()) {
            *mine -= *theirs;
        }
        let tenders = [
            (&mut self.cash_minor, counted.cash_minor),
            (&mut self.card_minor, counted.card_minor),
            (&mut self.voucher_minor, counted.voucher_minor),
        ];
        for (mine, theirs) in tenders {
            *mine = mine.zip(theirs).map(|(mine, theirs)| mine - theirs);
        }
        self.taxes = without(&self.taxes, &counted.taxes);
        self.refunds.taxes = without(&self.refunds.taxes, &counted.refunds.taxes);
        for person in &counted.tips_by {
            match self.tips_by.iter_mut().find(|mine| mine.account_id == person.account_id) {
                Some(mine) => mine.tips_minor -= person.tips_minor,
                None => self.tips_by.push(PersonTips { tips_minor: -person.tips_minor, ..person.clone() }),
            }
        }
        self.worked_out()
    }

    /// Whether nothing happened.
    pub fn is_nothing(&self) -> bool {
        *self == self.clone().less(self)
    }

    fn sums_mut(&mut self) -> [&mut Minor; 12] {
        [
            &mut self.gross_minor,
            &mut self.tax_minor,
            &mut self.voids.minor,
            &mut self.tips_minor,
            &mut self.rounding_minor,
            &mut self.refunds.minor,
            &mut self.discounts_minor,
            &mut self.comps_minor,
            &mut self.service_charge_minor,
            &mut self.pay_ins_minor,
            &mut self.pay_outs_minor,
            &mut self.drops_minor,
        ]
    }
}

fn without(taxes: &[RateTax], counted: &[RateTax]) -> Vec<RateTax> {
    let mut rates: BTreeMap<i64, RateTax> = taxes.iter().map(|tax| (tax.rate_bp, *tax)).collect();
    for &RateTax { rate_bp, base_minor, tax_minor } in counted {
        let nothing = RateTax { rate_bp, base_minor: Minor::ZERO, tax_minor: Minor::ZERO };
        let mine = rates.entry(rate_bp).or_insert(nothing);
        mine.base_minor -= base_minor;
        mine.tax_minor -= tax_minor;
    }
    rates.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tax(rate_bp: i64, base: i64, tax: i64) -> RateTax {
        RateTax { rate_bp, base_minor: Minor(base), tax_minor: Minor(tax) }
    }

    #[test]
    fn a_report_counts_what_no_report_before_it_counted() {
        let all = Totals {
            orders: 5,
            gross_minor: Minor(5500),
            tax_minor: Minor(500),
            taxes: vec![tax(1000, 4000, 400), tax(2100, 1000, 100)],
            ..Totals::default()
        };
        let before = Totals {
            orders: 3,
            gross_minor: Minor(3300),
            tax_minor: Minor(300),
            taxes: vec![tax(1000, 3000, 300)],
            ..Totals::default()
        };
        let left = all.clone().less(&before);
        assert_eq!((left.orders, left.gross_minor, left.net_minor), (2, Minor(2200), Minor(2000)));
        assert_eq!(left.average_minor, Minor(1100));
        assert_eq!(left.taxes, [tax(1000, 1000, 100), tax(2100, 1000, 100)]);
        assert_eq!(all.clone().less(&all), Totals::default(), "nothing is left, and no rate of nothing");
    }

    #[test]
    fn the_average_of_no_orders_is_nothing() {
        assert_eq!(Totals::default().worked_out().average_minor, Minor::ZERO);
        let odd = Totals { orders: 3, gross_minor: Minor(1000), ..Totals::default() };
        assert_eq!(odd.worked_out().average_minor, Minor(333));
    }
}
