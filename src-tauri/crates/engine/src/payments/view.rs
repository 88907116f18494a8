//! A payment as callers see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{Payment, Tender};
use crate::kernel::ids::PaymentId;
use crate::kernel::money::Minor;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaymentState {
    Captured,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Payment)]
pub struct PaymentView {
    pub id: PaymentId,
    pub tender: Tender,
    /// What it settles of the check.
    pub amount_minor: Minor,
    pub tip_minor: Minor,
    pub rounding_minor: Minor,
    pub tendered_minor: Minor,
    pub change_minor: Minor,
    pub state: PaymentState,
    pub taken_by_name: String,
    pub taken_at_ms: i64,
    /// `overpaid`: more than was due.
    pub flag: Option<String>,
    pub reference: Option<String>,
}

impl From<&Payment> for PaymentView {
    fn from(payment: &Payment) -> Self {
        PaymentView {
            id: payment.id,
            tender: payment.tender,
            amount_minor: payment.amount,
            tip_minor: payment.tip,
            rounding_minor: payment.rounding,
            tendered_minor: payment.tendered.unwrap_or(payment.taken()),
            change_minor: payment.change(),
            state: PaymentState::Captured,
            taken_by_name: payment.taken_by_name.clone(),
            taken_at_ms: payment.taken_ms,
            flag: payment.flag.clone(),
            reference: payment.reference.clone(),
        }
    }
}
