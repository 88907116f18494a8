//! The checks of an order: which lines each has, what each comes to and still owes.
//!
//! Invariants: the first check is the order itself and carries its id; an order that was never
//! split has no other. What the checks come to adds up to what the order comes to.

use super::bill::Charged;
use super::{Bill, Line, Order, taxed};
use crate::kernel::ids::CheckId;
use crate::kernel::money::Minor;
use crate::payments::model::{Owed, Payment};

/// A check and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing {
    pub id: CheckId,
    /// `A-0012` where there is one check, `A-0012/1` where there are several.
    pub number: String,
    /// The check it shares equally.
    pub shares: Option<CheckId>,
    pub bill: Bill,
    pub paid: Minor,
    /// Asked of cards that have not answered.
    pub pending: Minor,
}

impl Owing {
    pub fn due(&self) -> Minor {
        (self.bill.totals.gross - self.paid).max(Minor::ZERO)
    }

    /// Paid, or asked of a card, beyond what it comes to.
    pub fn over(&self) -> Minor {
        (self.paid + self.pending - self.bill.totals.gross).max(Minor::ZERO)
    }
}

impl Order {
    /// The id of the first check.
    pub fn first_check(&self) -> CheckId {
        CheckId(self.id.0)
    }

    /// The check a line or a payment names; none named: the first.
    pub fn check_of(&self, named: Option<CheckId>) -> CheckId {
        named.filter(|id| self.checks.iter().any(|check| check.id == *id)).unwrap_or(self.first_check())
    }

    pub fn has_check(&self, id: CheckId) -> bool {
        id == self.first_check() || self.checks.iter().any(|check| check.id == id)
    }

    /// The lines sold on a check.
    pub fn lines_of(&self, check: CheckId) -> impl Iterator<Item = &Line> {
        self.sold().filter(move |line| self.check_of(line.check) == check)
    }

    pub(super) fn charged(&self) -> Charged<'_> {
        Charged {
            terms: &self.terms,
            lines: self.sold().map(|line| (self.check_of(line.check), taxed(line))).collect(),
            discounts: self.discounts.iter().map(|discount| (discount.check, discount.off)).collect(),
            service_charge: self.service_charge,
        }
    }

    /// Every check with its bill and what was paid of it, the first one first.
    pub fn owing(&self) -> Vec<Owing> {
        let first = self.first_check();
        let bills = match self.checks.is_empty() {
            true => vec![self.bill()],
            false => self.charged().by_check(first, &self.checks),
        };
        let of = |(at, bill): (usize, Bill)| {
            let check = at.checked_sub(1).and_then(|at| self.checks.get(at));
            let id = check.map_or(first, |check| check.id);
            let paid = self.payments.iter().filter(|payment| self.check_of(payment.check) == id);
            Owing {
                id,
                number: match check {
                    None if self.checks.is_empty() => self.number.clone(),
                    check => format!("{}/{}", self.number, check.map_or(1, |check| check.number)),
                },
                shares: check.and_then(|check| check.shares),
                paid: paid.map(Payment::settles).sum(),
                pending: self.pending_on(id),
                bill,
            }
        };
        bills.into_iter().enumerate().map(of).collect()
    }

    /// What a check still asks for; none named: the first, or all there is where nothing is split.
    pub fn owed(&self, check: Option<CheckId>) -> Owed<'_> {
        let due = match self.checks.is_empty() {
            true => self.due(),
            false => {
                let id = self.check_of(check);
                self.owing().iter().find(|owing| owing.id == id).map(Owing::due).unwrap_or_default()
            }
        };
        Owed { due, terms: &self.terms }
    }

    /// The same, less what is asked of a card that has not answered: nobody pays twice.
    pub fn open_to(&self, check: Option<CheckId>) -> Owed<'_> {
        let owed = self.owed(check);
        if self.attempts.is_empty() {
            return owed;
        }
        let pending = if self.checks.is_empty() { self.pending() } else { self.pending_on(self.check_of(check)) };
        Owed { due: (owed.due - pending).max(Minor::ZERO), ..owed }
    }

    fn pending_on(&self, check: CheckId) -> Minor {
        let pending = self.attempts.iter().filter(|attempt| attempt.is_pending());
        pending.filter(|attempt| self.check_of(attempt.check) == check).map(|attempt| attempt.amount).sum()
    }

    /// Checks that share this one equally, without itself.
    pub fn sharing(&self, check: CheckId) -> impl Iterator<Item = &super::Check> {
        self.checks.iter().filter(move |other| other.shares == Some(check))
    }

    /// Whether anything was paid on a check, or is asked of a card.
    pub fn is_paid_on(&self, check: CheckId) -> bool {
        !self.pending_on(check).is_zero() || self.payments.iter().any(|payment| self.check_of(payment.check) == check)
    }
}
