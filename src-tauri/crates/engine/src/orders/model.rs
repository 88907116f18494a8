//! What an order is: its check, its kitchen lines and its payments, and which step each allows.
//!
//! Invariants: nobody stores a status; what people see is computed from what happened. A line is
//! fired once. A check completes when it is paid in full and every line that is not void is served.
//! Totals come from one calculation (`kernel::money::totals`) under the terms stored on the check.
//!
//! Deliberately absent: refunds, which are of payments.

pub mod bill;
mod changes;
mod checks;
mod line;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::ids::{CheckId, DiscountId, LineId, OrderId};
use crate::kernel::money::{Minor, RateTax, Taxed, Terms, Totals, totals};
use crate::kernel::words::words;
use crate::payments::model::{Attempt, Outcome, PAYMENTS_MAX, Payment};
pub use bill::{Bill, Check, Off, ServiceCharge};
pub use checks::Owing;
pub use line::{Line, LineState, Station};

/// Most lines on one order.
pub const LINES_MAX: usize = 500;
/// Most checks of one order, and most equal shares of one check.
pub const CHECKS_MAX: usize = 50;
/// Most discounts on one order as a whole.
pub const DISCOUNTS_MAX: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    DineIn,
    Takeaway,
    Delivery,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    Open,
    Completed,
    Cancelled,
}

/// Where an order stands, as the board shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Lines are being taken, nothing is in the kitchen.
    Taking,
    /// Something is still to be made or brought.
    Kitchen,
    /// All is served, not all is paid.
    ToPay,
    Done,
}

words!(Service { DineIn = "dine_in", Takeaway = "takeaway", Delivery = "delivery" });

/// A step that may not be taken now, and those that may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IllegalStep {
    pub message: String,
    pub allowed: Vec<&'static str>,
}

/// Something off a whole check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discount {
    pub id: DiscountId,
    /// None: of all checks there are.
    pub check: Option<CheckId>,
    pub off: Off,
    pub reason: String,
    pub given_ms: i64,
    pub given_by_name: String,
}

/// An order with all that hangs on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    pub number: String,
    pub business_date: String,
    pub service: Service,
    pub table: Option<String>,
    pub covers: Option<i64>,
    pub note: Option<String>,
    pub terms: Terms,
    pub opened_ms: i64,
    pub opened_by_name: String,
    pub imported: bool,
    pub closed_ms: Option<i64>,
    pub cancel_reason: Option<String>,
    /// The order that has its lines now.
    pub merged_into: Option<OrderId>,
    pub service_charge: Option<ServiceCharge>,
    /// Why it is another one than the order was opened with.
    pub service_reason: Option<String>,
    /// Its rows in `order_check` and `order_discount` are here; false: there are none.
    pub divided: bool,
    /// Its rows in `payment_attempt` are here; false: there are none.
    pub attempted: bool,
    pub lines: Vec<Line>,
    /// Beside the first one, which is the order itself.
    pub checks: Vec<Check>,
    pub discounts: Vec<Discount>,
    pub payments: Vec<Payment>,
    /// Card payments that were asked for, however they ended.
    pub attempts: Vec<Attempt>,
}

impl Order {
    pub fn state(&self) -> OrderState {
        match (self.closed_ms, &self.cancel_reason) {
            (None, _) => OrderState::Open,
            (Some(_), None) => OrderState::Completed,
            (Some(_), Some(_)) => OrderState::Cancelled,
        }
    }

    /// Lines that are sold: everything but what was voided.
    pub fn sold(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.voided_ms.is_none())
    }

    pub fn line(&self, id: LineId) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }

    pub fn totals(&self) -> Totals {
        if self.discounts.is_empty() && self.service_charge.is_none() {
            return totals(&self.terms, self.sold().map(taxed));
        }
        self.charged().whole().totals
    }

    /// What the order comes to as a whole.
    pub fn bill(&self) -> Bill {
        self.charged().whole()
    }

    /// Settled so far, on all checks. Imported sales were paid elsewhere, in full.
    pub fn paid(&self) -> Minor {
        if self.imported && self.payments.is_empty() {
            return self.totals().gross;
        }
        self.payments.iter().map(Payment::settles).sum()
    }

    /// Still to pay; never negative.
    pub fn due(&self) -> Minor {
        match self.state() {
            OrderState::Open if self.checks.is_empty() => (self.totals().gross - self.paid()).max(Minor::ZERO),
            OrderState::Open => self.owing().iter().map(Owing::due).sum(),
            _ => Minor::ZERO,
        }
    }

    pub fn is_served(&self) -> bool {
        self.sold().all(|line| line.served_ms.is_some())
    }

    /// Paid in full and all of it served: time to complete.
    pub fn is_finished(&self) -> bool {
        self.state() == OrderState::Open && self.sold().next().is_some() && self.is_served() && self.due().is_zero()
    }

    pub fn stage(&self) -> Stage {
        let in_kitchen = |line: &Line| line.fired_ms.is_some() && line.served_ms.is_none();
        let paid = self.due().is_zero() && self.sold().next().is_some();
        match self.state() {
            OrderState::Completed | OrderState::Cancelled => Stage::Done,
            OrderState::Open if self.sold().any(in_kitchen) => Stage::Kitchen,
            OrderState::Open if !self.sold().any(|_| true) || !self.is_served() => {
                if paid {
                    Stage::Kitchen
                } else {
                    Stage::Taking
                }
            }
            OrderState::Open => Stage::ToPay,
        }
    }

    /// The steps an order allows now, by the last word of their URL.
    pub fn allowed(&self) -> Vec<&'static str> {
        if self.state() != OrderState::Open {
            return Vec::new();
        }
        let any = |state: fn(&Line) -> bool| self.sold().any(state);
        let waits = self.waits_for_a_card();
        let steps = [
            ("lines", self.lines.len() < LINES_MAX),
            ("fire", any(|line| line.state() == LineState::Held)),
            ("serve", any(|line| line.fired_ms.is_some() && line.served_ms.is_none())),
            ("payments", self.due() > self.pending() && self.payments.len() + self.attempts.len() < PAYMENTS_MAX),
            ("transfer", true),
            ("merge", self.payments.is_empty() && self.discounts.is_empty() && !waits),
            ("split", self.sold().next().is_some()),
            ("discounts", self.discounts.len() < DISCOUNTS_MAX && !self.due().is_zero()),
            ("cancel", !self.holds_money() && !waits),
            (Outcome::STEPS[0], waits),
            (Outcome::STEPS[1], waits),
            (Outcome::STEPS[2], waits),
        ];
        steps.into_iter().filter(|(_, allowed)| *allowed).map(|(step, _)| step).collect()
    }

    pub fn illegal(&self, message: impl Into<String>) -> IllegalStep {
        IllegalStep { message: message.into(), allowed: self.allowed() }
    }

    /// Refuses what needs an open order.
    pub fn must_be_open(&self) -> Result<(), IllegalStep> {
        match self.state() {
            OrderState::Open => Ok(()),
            OrderState::Completed => Err(self.illegal(format!("Order {} is completed", self.number))),
            OrderState::Cancelled => Err(self.illegal(format!("Order {} is cancelled", self.number))),
        }
    }

    /// Which of these lines (none named: all) are waiting to be fired, or to be served.
    pub fn waiting(&self, named: Option<&[LineId]>, to: LineState) -> Vec<LineId> {
        self.sold()
            .filter(|line| named.is_none_or(|named| named.contains(&line.id)))
            .filter(|line| match to {
                LineState::Fired => line.state() == LineState::Held,
                _ => line.step(to).is_ok(),
            })
            .map(|line| line.id)
            .collect()
    }

    /// Refuses what is not to be paid: nothing is due any more, or yet.
    pub fn may_be_paid(&self, check: Option<CheckId>) -> Result<(), IllegalStep> {
        self.must_be_open()?;
        if self.owed(check).due.is_zero() {
            let message = match self.sold().next() {
                Some(_) if !self.due().is_zero() => format!("This check of order {} is paid", self.number),
                Some(_) => format!("Order {} is paid", self.number),
                None => format!("Order {} has nothing to pay", self.number),
            };
            return Err(self.illegal(message));
        }
        if self.open_to(check).due.is_zero() {
            return Err(self.waiting_card());
        }
        if self.payments.len() + self.attempts.len() >= PAYMENTS_MAX {
            return Err(self.illegal(format!("At most {PAYMENTS_MAX} payments on one order")));
        }
        Ok(())
    }

    /// Asked of cards that have not answered.
    pub fn pending(&self) -> Minor {
        self.attempts.iter().filter(|attempt| attempt.is_pending()).map(|attempt| attempt.amount).sum()
    }

    pub fn waits_for_a_card(&self) -> bool {
        self.attempts.iter().any(Attempt::is_pending)
    }

    pub fn waiting_card(&self) -> IllegalStep {
        self.illegal(format!("A card payment of order {} waits for its answer; say first how it ended", self.number))
    }

    /// Whether there is a payment that was not taken back altogether.
    pub fn holds_money(&self) -> bool {
        self.payments.iter().any(|payment| !payment.is_off())
    }

    /// Whether anything of it was given back, as far as its payments tell.
    pub fn may_have_refunds(&self) -> bool {
        self.payments.iter().any(|payment| !payment.refunded.is_zero()) || (self.imported && self.payments.is_empty())
    }
}

/// Several rates as they are frozen on an order: `[[rate_bp,base,tax],...]`.
pub fn freeze_taxes(taxes: &[RateTax]) -> String {
    let parts: Vec<String> =
        taxes.iter().map(|tax| format!("[{},{},{}]", tax.rate_bp, tax.base_minor, tax.tax_minor)).collect();
    format!("[{}]", parts.join(","))
}

fn taxed(line: &Line) -> Taxed {
    Taxed { amount: line.total, rate_bp: line.tax_rate_bp }
}

/// Printed number: the device's letters and its counter of the business day.
pub fn printed_number(letters: &str, counter: i64) -> String {
    format!("{letters}-{counter:04}")
}

/// Ids of an order's lines from the id minted for the first: a run mints nothing.
pub fn nth_id(first: Uuid, at: usize) -> Uuid {
    let (low, mask) = (first.as_u128(), 0x3fff_ffff_ffff_ffff_u128);
    let tail = ((low & mask) + at as u128) & mask;
    Uuid::from_u128((low & !mask) | tail)
}

#[cfg(test)]
mod tests;
