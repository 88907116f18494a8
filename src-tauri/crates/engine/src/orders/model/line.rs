//! One line of an order: what was sold, and where it stands between the waiter and the guest.
//!
//! Invariants: a line is fired once; what it sold is frozen in it; nothing takes a line off the
//! check but a void, with a reason. What was taken off its price or given free stays readable.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::IllegalStep;
use crate::kernel::ids::{CheckId, ItemId, LineId, StationId, VariantId};
use crate::kernel::money::{Minor, split};
use crate::kernel::words::words;
use crate::menu::model::Chosen;

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
pub enum LineState {
    Held,
    Fired,
    Preparing,
    Ready,
    Served,
    Voided,
}

words!(Station { Kitchen = "kitchen", Bar = "bar", None = "none" });
words!(LineState {
    Held = "held", Fired = "fired", Preparing = "preparing", Ready = "ready", Served = "served", Voided = "voided",
});

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: LineId,
    pub item_id: Option<ItemId>,
    pub variant_id: Option<VariantId>,
    /// With its variant: `Margherita, large`.
    pub name: String,
    pub modifiers: Vec<Chosen>,
    pub quantity_milli: i64,
    /// With its modifiers.
    pub unit_price: Minor,
    /// What is charged: price times quantity, less its discount; nothing when it is comped.
    pub total: Minor,
    pub tax_rate_bp: i64,
    /// The item's word for where it is made.
    pub station: Station,
    /// Where it was fired to, if elsewhere.
    pub station_id: Option<StationId>,
    pub seat: Option<i64>,
    /// Fired together: 1 first. None: whenever it is fired.
    pub course: Option<i64>,
    /// None: the order's first check.
    pub check: Option<CheckId>,
    pub note: Option<String>,
    pub added_ms: i64,
    pub added_by_name: String,
    pub fired_ms: Option<i64>,
    pub started_ms: Option<i64>,
    pub ready_ms: Option<i64>,
    pub served_ms: Option<i64>,
    pub voided_ms: Option<i64>,
    pub void_reason: Option<String>,
    /// Taken off its price.
    pub discount: Minor,
    pub discount_reason: Option<String>,
    pub comped_ms: Option<i64>,
    /// What it would have cost.
    pub comp: Minor,
    pub comp_reason: Option<String>,
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

    /// Price times quantity, before anything was taken off.
    pub fn price(&self) -> Minor {
        self.total + self.discount + self.comp
    }

    /// The line given free, or charged again.
    pub fn comped(&self, comped_ms: Option<i64>) -> Line {
        let comp = if comped_ms.is_some() { self.total } else { Minor::ZERO };
        Line { comped_ms, comp, total: self.total + self.comp - comp, ..self.clone() }
    }

    /// Cuts a quantity off: what stays, and what goes. Price and discount are shared by weight.
    pub fn cut(&self, quantity_milli: i64, id: LineId) -> (Line, Line) {
        let weights = [self.quantity_milli - quantity_milli, quantity_milli].map(|milli| milli.unsigned_abs());
        let of = |amount: Minor| {
            let parts = split(amount, &weights);
            (parts[0], parts[1])
        };
        let ((total, total_cut), (discount, discount_cut), (comp, comp_cut)) =
            (of(self.total), of(self.discount), of(self.comp));
        let stays =
            Line { quantity_milli: self.quantity_milli - quantity_milli, total, discount, comp, ..self.clone() };
        let goes =
            Line { id, quantity_milli, total: total_cut, discount: discount_cut, comp: comp_cut, ..self.clone() };
        (stays, goes)
    }
}
