//! From a checked request to frozen arguments: the business date and the open till are taken here.

use garde::Validate;
use rusqlite::Connection;
use serde::Deserialize;
use utoipa::ToSchema;

use super::commands::TakePayment;
use super::model::Tender;
use crate::error::ApiError;
use crate::kernel::ids::{OrderId, PaymentId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX};
use crate::kernel::text;
use crate::restaurant::model::Settings;
use crate::till;

/// Longest reference of a card payment, in characters.
const REFERENCE_MAX: usize = 120;

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"tender": "cash", "amount_minor": 1850, "tip_minor": 150, "tendered_minor": 2000}))]
pub struct NewPayment {
    #[garde(skip)]
    pub tender: Tender,
    /// What it settles of the check, without tip; at most what is due.
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub amount_minor: i64,
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub tip_minor: Option<i64>,
    /// Cash handed over; left out: exactly what the payment comes to.
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub tendered_minor: Option<i64>,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = REFERENCE_MAX))]
    #[schema(max_length = 120)]
    pub reference: Option<String>,
}

pub fn pay(
    conn: &Connection,
    settings: &Settings,
    at_ms: i64,
    order: OrderId,
    new: NewPayment,
) -> Result<TakePayment, ApiError> {
    Ok(TakePayment {
        order,
        id: PaymentId::mint(),
        tender: new.tender,
        amount: Minor(new.amount_minor),
        tip: new.tip_minor.and_then(|tip| Minor(tip).some()),
        tendered: new.tendered_minor.map(Minor),
        reference: new.reference,
        date: settings.business_date(at_ms).to_string(),
        session: till::store::open_session(conn)?.map(|session| session.id),
    })
}
