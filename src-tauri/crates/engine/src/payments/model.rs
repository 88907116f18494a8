//! What a payment is, and what it settles of what is owed. Pure, and without a word about orders.

mod attempt;
pub mod refund;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{CheckId, PaymentId, TillSessionId};
use crate::kernel::money::{Minor, Terms, cash_due};
use crate::kernel::words::words;
pub use attempt::{Attempt, Outcome};

/// Most payments on one order.
pub const PAYMENTS_MAX: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tender {
    Cash,
    Card,
    /// A code on paper; never changed into coins.
    Voucher,
}

words!(Tender { Cash = "cash", Card = "card", Voucher = "voucher" });

/// Where a payment stands, worked out from what happened to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    /// Asked for; whether the money came is not known yet.
    Pending,
    Captured,
    /// The card was declined.
    Failed,
    /// Given up before it was captured, or taken back in the same drawer.
    Voided,
    PartiallyRefunded,
    Refunded,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub id: PaymentId,
    /// None: the order's first.
    pub check: Option<CheckId>,
    pub tender: Tender,
    /// What it settles of the check.
    pub amount: Minor,
    /// Cash rounding on top of `amount`, a line of its own.
    pub rounding: Minor,
    pub tip: Minor,
    pub tendered: Option<Minor>,
    pub reference: Option<String>,
    pub taken_ms: i64,
    pub taken_by_name: String,
    pub flag: Option<String>,
    /// Given back of `amount`.
    pub refunded: Minor,
    /// Of that, for nothing sold: the check owes it again.
    pub unsettled: Minor,
    /// The drawer it went into.
    pub session: Option<TillSessionId>,
    pub business_date: String,
    /// The payment this one takes back.
    pub voids: Option<PaymentId>,
    /// Another one takes it back.
    pub voided: bool,
}

impl Payment {
    pub fn state(&self) -> PaymentState {
        match self.refunded {
            _ if self.is_off() => PaymentState::Voided,
            Minor::ZERO => PaymentState::Captured,
            refunded if refunded < self.amount => PaymentState::PartiallyRefunded,
            _ => PaymentState::Refunded,
        }
    }

    /// What it settles of the check now.
    pub fn settles(&self) -> Minor {
        self.amount - self.unsettled
    }

    /// Taken back, or the taking back itself: the two come to nothing.
    pub fn is_off(&self) -> bool {
        self.voided || self.voids.is_some()
    }

    /// What can still be given back of it.
    pub fn left(&self) -> Minor {
        if self.is_off() {
            return Minor::ZERO;
        }
        (self.amount - self.refunded).max(Minor::ZERO)
    }

    /// Money that changed hands: what settles the check, its rounding line and the tip.
    pub fn taken(&self) -> Minor {
        self.amount + self.rounding + self.tip
    }

    pub fn change(&self) -> Minor {
        self.tendered.map_or(Minor::ZERO, |tendered| (tendered - self.taken()).max(Minor::ZERO))
    }
}

/// What one payment settles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    pub amount: Minor,
    pub rounding: Minor,
    /// More than was due; flagged, never refused after the event.
    pub overpaid: Minor,
}

/// Why a payment cannot be taken as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPayment {
    TooMuch {
        due: Minor,
    },
    TooLittle {
        needed: Minor,
    },
    /// Only cash is handed over and changed.
    NotHandedOver,
    NoCode,
    /// Cash back is what a card brings beyond what is due, in coins.
    CashBack {
        needed: Minor,
    },
}

/// What a check still asks for, and under which money rules.
#[derive(Debug, Clone, Copy)]
pub struct Owed<'a> {
    pub due: Minor,
    pub terms: &'a Terms,
}

impl Owed<'_> {
    /// What a payment does to the check as it stands. Never refuses: strictness is in `may_take`.
    pub fn settle(&self, tender: Tender, asked: Minor) -> Settled {
        let due = self.due;
        let cash = cash_due(due, Minor::ZERO, self.terms.cash_unit, self.terms.rounding);
        let closes = asked == due || asked == cash.cash;
        match tender {
            Tender::Cash if closes && !due.is_zero() => {
                Settled { amount: due, rounding: cash.rounding, overpaid: Minor::ZERO }
            }
            _ => Settled { amount: asked, rounding: Minor::ZERO, overpaid: (asked - due).max(Minor::ZERO) },
        }
    }

    /// What is handed back in cash of a card that brings more than is due; exact, and its rounding.
    pub fn cash_back(&self, overpaid: Minor, back: Minor) -> (Minor, Minor) {
        let exact = if back == self.in_coins(overpaid) { overpaid } else { back };
        (exact, back - exact)
    }

    fn in_coins(&self, amount: Minor) -> Minor {
        amount.to_cash(self.terms.cash_unit, self.terms.rounding)
    }

    /// The strict rules of a payment, on the engine that takes it.
    pub fn may_take(
        &self,
        tender: Tender,
        asked: Minor,
        tip: Minor,
        tendered: Option<Minor>,
        reference: Option<&str>,
        cash_back: Option<Minor>,
    ) -> Result<(), NoPayment> {
        let settled = self.settle(tender, asked);
        if let Some(back) = cash_back {
            let needed = self.in_coins(settled.overpaid);
            if tender != Tender::Card || back != needed {
                return Err(NoPayment::CashBack { needed });
            }
        } else if !settled.overpaid.is_zero() {
            return Err(NoPayment::TooMuch { due: self.due });
        }
        match (tender, tendered) {
            (Tender::Card | Tender::Voucher, Some(_)) => Err(NoPayment::NotHandedOver),
            (Tender::Voucher, None) if reference.is_none() => Err(NoPayment::NoCode),
            (Tender::Cash, Some(tendered)) if tendered < settled.amount + settled.rounding + tip => {
                Err(NoPayment::TooLittle { needed: settled.amount + settled.rounding + tip })
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        "EUR inclusive rate half_up 5".parse().expect("terms")
    }

    #[test]
    fn a_payment_is_at_most_what_is_due() {
        #[track_caller]
        fn check(tender: Tender, asked: i64, tip: i64, tendered: Option<i64>, expect: Result<(), NoPayment>) {
            let terms = terms();
            let owed = Owed { due: Minor(1292), terms: &terms };
            assert_eq!(owed.may_take(tender, Minor(asked), Minor(tip), tendered.map(Minor), None, None), expect);
        }
        check(Tender::Card, 1292, 200, None, Ok(()));
        check(Tender::Card, 500, 0, None, Ok(()));
        check(Tender::Card, 1293, 0, None, Err(NoPayment::TooMuch { due: Minor(1292) }));
        check(Tender::Card, 1290, 0, Some(2000), Err(NoPayment::NotHandedOver));
        check(Tender::Voucher, 1292, 0, Some(2000), Err(NoPayment::NotHandedOver));
        check(Tender::Voucher, 1292, 0, None, Err(NoPayment::NoCode));
        check(Tender::Voucher, 1293, 0, None, Err(NoPayment::TooMuch { due: Minor(1292) }));
        check(Tender::Cash, 1292, 0, Some(2000), Ok(()));
        check(Tender::Cash, 1290, 0, Some(1290), Ok(()));
        check(Tender::Cash, 1295, 0, None, Err(NoPayment::TooMuch { due: Minor(1292) }));
        check(Tender::Cash, 1292, 0, Some(1289), Err(NoPayment::TooLittle { needed: Minor(1290) }));
        check(Tender::Cash, 1292, 100, Some(1350), Err(NoPayment::TooLittle { needed: Minor(1390) }));
    }

    #[test]
    fn cash_that_closes_the_check_brings_its_rounding_line() {
        #[track_caller]
        fn check(total: i64, card: i64, cash: i64, amount: i64, rounding: i64) {
            let terms = terms();
            let settled = Owed { due: Minor(total - card), terms: &terms }.settle(Tender::Cash, Minor(cash));
            assert_eq!((settled.amount, settled.rounding), (Minor(amount), Minor(rounding)));
            assert_eq!(settled.overpaid, Minor::ZERO);
        }
        check(17499, 7500, 10000, 9999, 1);
        check(17499, 7500, 9999, 9999, 1);
        check(17499, 0, 10000, 10000, 0); // a part in cash is not rounded
        check(1292, 0, 1290, 1292, -2);
    }

    #[test]
    fn cash_back_is_what_a_card_brings_beyond_what_is_due_in_coins() {
        let terms = terms();
        let owed = Owed { due: Minor(1291), terms: &terms };
        let take = |tender, back| owed.may_take(tender, Minor(1559), Minor::ZERO, None, None, Some(Minor(back)));
        assert_eq!(take(Tender::Card, 270), Ok(()));
        assert_eq!(take(Tender::Card, 268), Err(NoPayment::CashBack { needed: Minor(270) }));
        assert_eq!(take(Tender::Cash, 270), Err(NoPayment::CashBack { needed: Minor(270) }));
        assert_eq!(owed.cash_back(Minor(268), Minor(270)), (Minor(268), Minor(2)));
    }

    #[test]
    fn change_is_what_was_handed_over_too_much() {
        let payment = Payment {
            id: PaymentId(uuid::Uuid::nil()),
            check: None,
            tender: Tender::Cash,
            amount: Minor(1292),
            rounding: Minor(-2),
            tip: Minor(110),
            tendered: Some(Minor(2000)),
            reference: None,
            taken_ms: 0,
            taken_by_name: String::new(),
            flag: None,
            refunded: Minor::ZERO,
            unsettled: Minor::ZERO,
            session: None,
            business_date: String::new(),
            voids: None,
            voided: false,
        };
        assert_eq!((payment.taken(), payment.change()), (Minor(1400), Minor(600)));
    }
}
