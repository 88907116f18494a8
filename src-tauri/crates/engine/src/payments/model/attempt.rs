//! A card payment that was asked for: pending until it is captured, failed or voided. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PaymentState;
use crate::kernel::ids::{CheckId, PaymentId};
use crate::kernel::money::Minor;
use crate::kernel::words::words;

/// How an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Captured,
    Failed,
    Voided,
}

words!(Outcome { Captured = "captured", Failed = "failed", Voided = "voided" });

impl Outcome {
    /// The word its steps are asked for with.
    pub const STEPS: &'static [&'static str] = &["capture", "fail", "void"];
}

/// What was asked of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The payment's, once captured.
    pub id: PaymentId,
    /// None: the order's first.
    pub check: Option<CheckId>,
    pub amount: Minor,
    pub tip: Minor,
    pub begun_ms: i64,
    pub begun_by_name: String,
    pub outcome: Option<Outcome>,
    pub ended_ms: Option<i64>,
    pub reason: Option<String>,
}

impl Attempt {
    pub fn state(&self) -> PaymentState {
        match self.outcome {
            None => PaymentState::Pending,
            Some(Outcome::Captured) => PaymentState::Captured,
            Some(Outcome::Failed) => PaymentState::Failed,
            Some(Outcome::Voided) => PaymentState::Voided,
        }
    }

    pub fn is_pending(&self) -> bool {
        self.outcome.is_none()
    }
}
