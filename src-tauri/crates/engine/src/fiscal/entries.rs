//! A business day as double entries: what was sold and taxed, how it was paid, what moved in the
//! drawer. Pure.
//!
//! The sums are those of the roll-ups, so the entries say what Z reports and pages say. What was paid
//! and not yet sold, or sold and not yet paid, stands on an account of its own; it is nothing when
//! every order of the day was paid and completed on it.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Account, Accounts};
use crate::kernel::money::{Minor, RateTax};

/// A day's sums, of what was rung up here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    pub date: String,
    pub cash: Minor,
    pub card: Minor,
    pub voucher: Minor,
    /// Sold, by rate; service charges in it.
    pub taxes: Vec<RateTax>,
    /// Given back, by rate.
    pub back: Vec<RateTax>,
    /// Service charges without their tax, and the rate they are taxed at.
    pub service: Minor,
    pub service_rate_bp: i64,
    pub tips: Minor,
    pub rounding: Minor,
    pub over_short: Minor,
    pub pay_ins: Minor,
    pub pay_outs: Minor,
    pub drops: Minor,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JournalLine)]
pub struct Entry {
    pub business_date: String,
    /// What the account is for.
    pub kind: Account,
    /// Its code in the restaurant's books.
    pub account: String,
    /// Of sales and tax.
    pub tax_rate_bp: Option<i64>,
    pub debit_minor: Minor,
    pub credit_minor: Minor,
}

/// The entries of a day. Debits equal credits.
pub fn entries(day: &Day, accounts: &Accounts) -> Vec<Entry> {
    let mut book = Book { day, accounts, entries: Vec::new(), balance: Minor::ZERO };
    book.debit(Account::Cash, None, day.cash + day.over_short + day.pay_ins - day.pay_outs - day.drops);
    book.debit(Account::Card, None, day.card);
    book.debit(Account::Voucher, None, day.voucher);
    book.debit(Account::Safe, None, day.drops);
    book.debit(Account::PayOuts, None, day.pay_outs);
    book.debit(Account::PayIns, None, -day.pay_ins);
    book.debit(Account::OverShort, None, -day.over_short);
    for tax in &day.taxes {
        let service = if tax.rate_bp == day.service_rate_bp { day.service } else { Minor::ZERO };
        book.credit(Account::Sales, Some(tax.rate_bp), tax.base_minor - service);
        book.credit(Account::ServiceCharge, Some(tax.rate_bp), service);
        book.credit(Account::Tax, Some(tax.rate_bp), tax.tax_minor);
    }
    for back in &day.back {
        book.debit(Account::Sales, Some(back.rate_bp), back.base_minor);
        book.debit(Account::Tax, Some(back.rate_bp), back.tax_minor);
    }
    book.credit(Account::Tips, None, day.tips);
    book.credit(Account::Rounding, None, day.rounding);
    let open = book.balance;
    book.credit(Account::OpenBills, None, open);
    book.entries
}

struct Book<'a> {
    day: &'a Day,
    accounts: &'a Accounts,
    entries: Vec<Entry>,
    /// Debits less credits.
    balance: Minor,
}

impl Book<'_> {
    /// A negative debit is a credit.
    fn debit(&mut self, kind: Account, tax_rate_bp: Option<i64>, amount: Minor) {
        if amount.is_zero() {
            return;
        }
        self.balance += amount;
        self.entries.push(Entry {
            business_date: self.day.date.clone(),
            kind,
            account: self.accounts.get(&kind).cloned().unwrap_or_else(|| kind.usual().to_owned()),
            tax_rate_bp,
            debit_minor: amount.max(Minor::ZERO),
            credit_minor: (-amount).max(Minor::ZERO),
        });
    }

    fn credit(&mut self, kind: Account, tax_rate_bp: Option<i64>, amount: Minor) {
        self.debit(kind, tax_rate_bp, -amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(rate_bp: i64, base: i64, tax: i64) -> RateTax {
        RateTax { rate_bp, base_minor: Minor(base), tax_minor: Minor(tax) }
    }

    #[track_caller]
    fn check(day: &Day, expect: &[(Account, Option<i64>, i64, i64)]) {
        let entries = entries(day, &Accounts::new());
        let seen: Vec<_> =
            entries.iter().map(|one| (one.kind, one.tax_rate_bp, one.debit_minor.0, one.credit_minor.0)).collect();
        assert_eq!(seen, expect);
        let sum = |of: fn(&Entry) -> Minor| entries.iter().map(of).sum::<Minor>();
        assert_eq!(sum(|one| one.debit_minor), sum(|one| one.credit_minor));
    }

    /// 45.30 at 5 % and 33.45 at 10 %: tax 2.27 + 3.35, total 84.37.
    #[test]
    fn sales_and_tax_stand_by_rate_and_debits_equal_credits() {
        let day = Day { card: Minor(8437), taxes: vec![rate(500, 4530, 227), rate(1000, 3345, 335)], ..Day::default() };
        check(
            &day,
            &[
                (Account::Card, None, 8437, 0),
                (Account::Sales, Some(500), 0, 4530),
                (Account::Tax, Some(500), 0, 227),
                (Account::Sales, Some(1000), 0, 3345),
                (Account::Tax, Some(1000), 0, 335),
            ],
        );
    }

    /// 174.99 paid with 75 by card and 100 in cash: one cent is rounding.
    #[test]
    fn rounding_tips_and_an_order_that_is_open_have_accounts_of_their_own() {
        let day = Day {
            cash: Minor(10_000),
            card: Minor(7500 + 300 + 500),
            tips: Minor(300),
            rounding: Minor(1),
            taxes: vec![rate(0, 17_499, 0)],
            ..Day::default()
        };
        check(
            &day,
            &[
                (Account::Cash, None, 10_000, 0),
                (Account::Card, None, 8300, 0),
                (Account::Sales, Some(0), 0, 17_499),
                (Account::Tips, None, 0, 300),
                (Account::Rounding, None, 0, 1),
                (Account::OpenBills, None, 0, 500),
            ],
        );
    }

    #[test]
    fn the_drawer_and_what_was_given_back_are_booked() {
        let day = Day {
            cash: Minor(1710 - 950),
            taxes: vec![rate(1000, 1555, 155)],
            back: vec![rate(1000, 864, 86)],
            service: Minor(200),
            service_rate_bp: 1000,
            over_short: Minor(-50),
            pay_ins: Minor(500),
            pay_outs: Minor(125),
            drops: Minor(800),
            ..Day::default()
        };
        check(
            &day,
            &[
                (Account::Cash, None, 285, 0),
                (Account::Safe, None, 800, 0),
                (Account::PayOuts, None, 125, 0),
                (Account::PayIns, None, 0, 500),
                (Account::OverShort, None, 50, 0),
                (Account::Sales, Some(1000), 0, 1355),
                (Account::ServiceCharge, Some(1000), 0, 200),
                (Account::Tax, Some(1000), 0, 155),
                (Account::Sales, Some(1000), 864, 0),
                (Account::Tax, Some(1000), 86, 0),
            ],
        );
    }
}
