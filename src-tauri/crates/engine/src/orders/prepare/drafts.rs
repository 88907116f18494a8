//! What a draft holds, and what it becomes.

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::commands::SubmitDraft;
use super::super::model::{LINES_MAX, Service};
use super::super::store::drafts::Draft;
use super::{COVERS_MAX, MoreLines, NewLine, NewOrder, TABLE_MAX, add, open};
use crate::app::Restaurant;
use crate::error::{ApiError, Refusal};
use crate::kernel::ids::{CheckId, LineId, OrderId};
use crate::kernel::text::{self, NOTE_MAX};
use crate::restaurant::model::Settings;

/// An order that is being put together, or more lines for one (`order_id`).
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DraftBody, example = json!({"service": "dine_in", "table": "4", "lines": []}))]
pub struct DraftBody {
    #[garde(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Which check of that order; left out: the first.
    #[garde(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check_id: Option<CheckId>,
    #[garde(skip)]
    pub service: Service,
    #[serde(default, deserialize_with = "text::clean_option", skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = TABLE_MAX))]
    #[schema(max_length = 40)]
    pub table: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[garde(range(min = 1, max = COVERS_MAX))]
    #[schema(minimum = 1, maximum = 1_000)]
    pub covers: Option<i64>,
    #[serde(default, deserialize_with = "text::clean_option", skip_serializing_if = "Option::is_none")]
    #[garde(length(chars, max = NOTE_MAX))]
    #[schema(max_length = 500)]
    pub note: Option<String>,
    #[serde(default)]
    #[garde(length(max = LINES_MAX), dive)]
    #[schema(max_items = 500)]
    pub lines: Vec<NewLine>,
}

impl DraftBody {
    pub fn of(draft: &Draft) -> Result<Self, ApiError> {
        serde_json::from_str(&draft.body).map_err(ApiError::internal)
    }
}

/// Prices, names and the day are of now, whenever the draft was begun.
pub fn submit(
    restaurant: &Restaurant,
    settings: &Settings,
    at_ms: i64,
    draft: &Draft,
) -> Result<SubmitDraft, ApiError> {
    let DraftBody { order_id, check_id, service, table, covers, note, lines } = DraftBody::of(draft)?;
    let Some(order) = order_id else {
        let mut opened = open(restaurant, settings, at_ms, NewOrder { service, table, covers, note, lines })?;
        opened.id = OrderId(draft.id.0);
        return Ok(SubmitDraft { id: draft.id, open: Some(opened), add: None });
    };
    if lines.is_empty() {
        return Err(Refusal::rule("There is nothing on this draft.").at("lines").into());
    }
    let mut added = add(restaurant, settings, at_ms, order, &MoreLines { lines, check_id })?;
    added.first = LineId(draft.id.0);
    Ok(SubmitDraft { id: draft.id, open: None, add: Some(added) })
}
