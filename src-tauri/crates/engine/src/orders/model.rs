//! What an order is: its check, its kitchen lines and its payments, and which step each allows.
//!
//! Invariants: nobody stores a status; what people see is computed from what happened. A line is
//! fired once. A check completes when it is paid in full and every line that is not void is served.
//! Totals come from one calculation (`kernel::money::totals`) under the terms stored on the check.
//!
//! Deliberately absent: refunds, comps, discounts and splits, which come with their own features.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::ids::{ItemId, LineId, OrderId};
use crate::kernel::money::{Minor, RateTax, Taxed, Terms, Totals, totals};
use crate::kernel::words::words;
use crate::payments::model::{Owed, PAYMENTS_MAX, Payment};

/// Most lines on one order.
pub const LINES_MAX: usize = 500;
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    DineIn,
    Takeaway,
    Delivery,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Station {
    #[default]
    Kitchen,
    Bar,
    /// Nothing to prepare: ready as soon as it is fired.
    None,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineState {
    Held,
    Fired,
    Preparing,
    Ready,
    Served,
    Voided,
}

words!(Service { DineIn = "dine_in", Takeaway = "takeaway", Delivery = "delivery" });
words!(Station { Kitchen = "kitchen", Bar = "bar", None = "none" });
words!(LineState {
    Held = "held", Fired = "fired", Preparing = "preparing", Ready = "ready", Served = "served", Voided = "voided",
});

/// A step that may not be taken now, and those that may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IllegalStep {
    pub message: String,
    pub allowed: Vec<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: LineId,
    pub item_id: Option<ItemId>,
    pub name: String,
    pub quantity_milli: i64,
    pub unit_price: Minor,
    /// Price times quantity, rounded under the check's terms.
    pub total: Minor,
    pub tax_rate_bp: i64,
    pub station: Station,
    pub seat: Option<i64>,
    pub note: Option<String>,
    pub added_ms: i64,
    pub added_by_name: String,
    pub fired_ms: Option<i64>,
    pub started_ms: Option<i64>,
    pub ready_ms: Option<i64>,
    pub served_ms: Option<i64>,
    pub voided_ms: Option<i64>,
    pub void_reason: Option<String>,
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
    pub lines: Vec<Line>,
    pub payments: Vec<Payment>,
}

impl LineState {
    /// The states a line may go to from here, by a person's step.
    pub fn allowed(self) -> &'static [LineState] {
        use LineState::*;
        match self {
            Held => &[Fired, Voided],
            Fired => &[Preparing, Ready, Served, Voided],
            Preparing => &[Fired, Ready, Served, Voided],
            Ready => &[Fired, Served, Voided],
            Served => &[Fired], // recalled: it goes back to the kitchen
            Voided => &[],
        }
    }
}

impl Line {
    pub fn state(&self) -> LineState {
        match self {
            Line { voided_ms: Some(_), .. } => LineState::Voided,
            Line { served_ms: Some(_), .. } => LineState::Served,
            Line { ready_ms: Some(_), .. } => LineState::Ready,
            Line { started_ms: Some(_), .. } => LineState::Preparing,
            Line { fired_ms: Some(_), .. } => LineState::Fired,
            _ => LineState::Held,
        }
    }

    /// May this line go to that state?
    pub fn step(&self, to: LineState) -> Result<(), IllegalStep> {
        let from = self.state();
        if from.allowed().contains(&to) {
            return Ok(());
        }
        Err(IllegalStep {
            message: format!("{} is {} and cannot become {}", self.name, from.as_str(), to.as_str()),
            allowed: from.allowed().iter().map(|state| state.as_str()).collect(),
        })
    }
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
        totals(&self.terms, self.sold().map(|line| Taxed { amount: line.total, rate_bp: line.tax_rate_bp }))
    }

    /// Settled so far. Imported sales were paid elsewhere, in full.
    pub fn paid(&self) -> Minor {
        if self.imported && self.payments.is_empty() {
            return self.totals().gross;
        }
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// Still to pay; never negative.
    pub fn due(&self) -> Minor {
        match self.state() {
            OrderState::Open => (self.totals().gross - self.paid()).max(Minor::ZERO),
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
        let steps = [
            ("lines", self.lines.len() < LINES_MAX),
            ("fire", any(|line| line.state() == LineState::Held)),
            ("serve", any(|line| line.fired_ms.is_some() && line.served_ms.is_none())),
            ("payments", !self.due().is_zero() && self.payments.len() < PAYMENTS_MAX),
            ("cancel", self.payments.is_empty()),
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
    pub fn may_be_paid(&self) -> Result<(), IllegalStep> {
        self.must_be_open()?;
        if self.due().is_zero() {
            let message = match self.sold().next() {
                Some(_) => format!("Order {} is paid", self.number),
                None => format!("Order {} has nothing to pay", self.number),
            };
            return Err(self.illegal(message));
        }
        if self.payments.len() >= PAYMENTS_MAX {
            return Err(self.illegal(format!("At most {PAYMENTS_MAX} payments on one order")));
        }
        Ok(())
    }

    /// What is still to pay, for a payment to settle.
    pub fn owed(&self) -> Owed<'_> {
        Owed { due: self.due(), terms: &self.terms }
    }

    /// Voiding must leave at least what is already paid: there is no refund yet.
    pub fn may_void(&self, line: &Line) -> Result<(), IllegalStep> {
        self.must_be_open()?;
        line.step(LineState::Voided)?;
        let left = self.sold().filter(|other| other.id != line.id);
        let left = totals(&self.terms, left.map(|line| Taxed { amount: line.total, rate_bp: line.tax_rate_bp }));
        if left.gross < self.paid() {
            return Err(self.illegal(format!("{} is already paid", line.name)));
        }
        Ok(())
    }
}

/// Several rates as they are frozen on an order: `[[rate_bp,base,tax],...]`.
pub fn freeze_taxes(taxes: &[RateTax]) -> String {
    let parts: Vec<String> =
        taxes.iter().map(|tax| format!("[{},{},{}]", tax.rate_bp, tax.base_minor, tax.tax_minor)).collect();
    format!("[{}]", parts.join(","))
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
