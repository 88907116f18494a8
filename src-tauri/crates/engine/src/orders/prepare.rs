//! From a checked request to frozen arguments: prices, tax rates and names are looked up here, the
//! business date is taken, ids are minted. Nothing later looks at the menu or the clock.

mod checks;
mod drafts;
mod undo;

use garde::Validate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::approval::Approval;
use super::commands::{AddLines, CancelOrder, FireLines, OpenOrder, ServeLines, SoldLine, VoidLine};
use super::model::{LINES_MAX, LineState, Order, Service, Station};
use super::store;
use crate::app::Restaurant;
use crate::error::{ApiError, Refusal};
use crate::kernel::ids::{AccountId, CheckId, ItemId, LineId, OrderId, VariantId};
use crate::kernel::money::QUANTITY_MILLI_MAX;
use crate::kernel::text::{self, NOTE_MAX};
use crate::menu::model::{MODIFIERS_MAX, ModifierWish};
use crate::menu::selling::{Wish, sell};
use crate::restaurant::model::Settings;
use crate::stations;
pub use checks::*;
pub use drafts::{DraftBody, submit};
pub use undo::undo;

/// Longest name of a table, in characters.
const TABLE_MAX: usize = 40;
/// Most guests at one order.
const COVERS_MAX: i64 = 1_000;
/// Highest seat number.
const SEAT_MAX: i64 = 1_000;
/// Highest course number.
const COURSE_MAX: i64 = 20;

/// One line as it is asked for; the menu gives the rest.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    #[garde(skip)]
    pub item_id: ItemId,
    /// The size, where the item has sizes.
    #[garde(skip)]
    pub variant_id: Option<VariantId>,
    /// What is chosen of the item's groups.
    #[serde(default)]
    #[garde(length(max = MODIFIERS_MAX), dive)]
    #[schema(max_items = 100)]
    pub modifiers: Vec<ModifierWish>,
    /// In thousandths; left out: one.
    #[garde(range(min = 1, max = QUANTITY_MILLI_MAX))]
    #[schema(minimum = 1, maximum = 9_999_000)]
    pub quantity_milli: Option<i64>,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = NOTE_MAX))]
    #[schema(max_length = 500)]
    pub note: Option<String>,
    #[garde(range(min = 1, max = SEAT_MAX))]
    #[schema(minimum = 1, maximum = 1_000)]
    pub seat: Option<i64>,
    /// Fired together with the others of its number; 1 comes first. Left out: none.
    #[garde(range(min = 1, max = COURSE_MAX))]
    #[schema(minimum = 1, maximum = 20)]
    pub course: Option<i64>,
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"service": "dine_in", "table": "4", "covers": 2,
    "lines": [{"item_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11", "quantity_milli": 2000}]}))]
pub struct NewOrder {
    #[garde(skip)]
    pub service: Service,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = TABLE_MAX))]
    #[schema(max_length = 40)]
    pub table: Option<String>,
    #[garde(range(min = 1, max = COVERS_MAX))]
    #[schema(minimum = 1, maximum = 1_000)]
    pub covers: Option<i64>,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = NOTE_MAX))]
    #[schema(max_length = 500)]
    pub note: Option<String>,
    #[serde(default)]
    #[garde(length(max = LINES_MAX), dive)]
    #[schema(max_items = 500)]
    pub lines: Vec<NewLine>,
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoreLines {
    #[garde(length(min = 1, max = LINES_MAX), dive)]
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<NewLine>,
    /// Left out: the first.
    #[garde(skip)]
    pub check_id: Option<CheckId>,
}

/// What is said otherwise than when the order was opened; what is left out stays.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"covers": 4, "note": "A birthday"}))]
pub struct OrderChange {
    /// 0: nobody knows.
    #[garde(range(min = 0, max = COVERS_MAX))]
    #[schema(minimum = 0, maximum = 1_000)]
    pub covers: Option<i64>,
    /// Empty takes it away.
    #[serde(default, deserialize_with = "text::clean_some")]
    #[garde(length(chars, max = NOTE_MAX))]
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

/// Which lines; left out: all that can take the step.
#[derive(Debug, Clone, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichLines {
    #[garde(length(min = 1, max = LINES_MAX))]
    #[schema(min_items = 1, max_items = 500)]
    pub line_ids: Option<Vec<LineId>>,
    /// Only those of this course, of the lines named or of all.
    #[garde(range(min = 1, max = COURSE_MAX))]
    #[schema(minimum = 1, maximum = 20)]
    pub course: Option<i64>,
}

/// Another course for held lines.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"line_ids": ["01929b2e-7b6e-7c11-8a54-0242ac120002"], "course": 2}))]
pub struct Coursed {
    #[garde(length(min = 1, max = LINES_MAX))]
    #[schema(min_items = 1, max_items = 500)]
    pub line_ids: Vec<LineId>,
    /// Null: with none.
    #[garde(range(min = 1, max = COURSE_MAX))]
    #[schema(minimum = 1, maximum = 20)]
    pub course: Option<i64>,
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Guest changed their mind"}))]
pub struct Reason {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// For what this person may not do alone.
    #[serde(default)]
    #[garde(dive)]
    pub approval: Option<Approval>,
}

fn sold_lines(
    restaurant: &Restaurant,
    settings: &Settings,
    at_ms: i64,
    lines: &[NewLine],
) -> Result<Vec<SoldLine>, ApiError> {
    let sold = |(at, line): (usize, &NewLine)| -> Result<SoldLine, ApiError> {
        let wish = Wish { item_id: line.item_id, variant_id: line.variant_id, modifiers: &line.modifiers };
        let sold = sell(restaurant, settings, at_ms, wish, || format!("lines[{at}]"))?;
        Ok(SoldLine {
            item: line.item_id,
            variant: sold.variant_id,
            name: sold.name,
            price: sold.price_minor,
            rate: sold.tax_rate_bp,
            modifiers: sold.modifiers,
            counted: sold.counted,
            qty: line.quantity_milli.filter(|milli| *milli != 1000),
            station: (sold.station != Station::Kitchen).then_some(sold.station),
            note: line.note.clone(),
            seat: line.seat,
            course: line.course,
        })
    };
    lines.iter().enumerate().map(sold).collect()
}

pub fn open(restaurant: &Restaurant, settings: &Settings, at_ms: i64, new: NewOrder) -> Result<OpenOrder, ApiError> {
    Ok(OpenOrder {
        id: OrderId::mint(),
        letters: restaurant.letters().to_owned(),
        date: settings.business_date(at_ms).to_string(),
        hour: settings.hour(at_ms).into(),
        service: new.service,
        table: new.table,
        covers: new.covers,
        note: new.note,
        terms: settings.terms().to_string(),
        charge: charge(settings, new.service),
        lines: sold_lines(restaurant, settings, at_ms, &new.lines)?,
    })
}

pub fn add(
    restaurant: &Restaurant,
    settings: &Settings,
    at_ms: i64,
    order: OrderId,
    more: &MoreLines,
) -> Result<AddLines, ApiError> {
    let lines = sold_lines(restaurant, settings, at_ms, &more.lines)?;
    let date = settings.business_date(at_ms).to_string();
    Ok(AddLines { order, first: LineId::mint(), date, check: more.check_id, lines })
}

fn existing(conn: &Connection, order: OrderId) -> Result<Order, ApiError> {
    store::order(conn, order)?.ok_or_else(|| Refusal::not_found("The order").into())
}

/// The lines a step is for: those named, or all that can take it now.
fn which(conn: &Connection, order: OrderId, which: WhichLines, to: LineState) -> Result<Vec<LineId>, ApiError> {
    if let (Some(lines), None) = (&which.line_ids, which.course) {
        return Ok(lines.clone());
    }
    let order = existing(conn, order)?;
    let mut lines = order.waiting(which.line_ids.as_deref(), to);
    if let Some(course) = which.course {
        lines.retain(|id| order.line(*id).is_some_and(|line| line.course == Some(course)));
    }
    Ok(lines)
}

/// The service charge an order of this kind is opened with.
fn charge(settings: &Settings, service: Service) -> Option<(i64, i64)> {
    let charges = &settings.service_charges;
    let rate_bp = charges.of(service);
    (rate_bp > 0).then(|| (rate_bp, charges.tax_rate_bp.unwrap_or(settings.default_tax_rate_bp)))
}

pub fn fire(conn: &Connection, order: OrderId, lines: WhichLines) -> Result<FireLines, ApiError> {
    let lines = which(conn, order, lines, LineState::Fired)?;
    let mut to = stations::store::routed(conn, order)?;
    to.retain(|(line, _)| lines.contains(line));
    Ok(FireLines { order, lines, to })
}

pub fn serve(
    conn: &Connection,
    settings: &Settings,
    at_ms: i64,
    order: OrderId,
    lines: WhichLines,
) -> Result<ServeLines, ApiError> {
    let lines = which(conn, order, lines, LineState::Served)?;
    Ok(ServeLines { order, lines, date: settings.business_date(at_ms).to_string() })
}

pub fn void(
    settings: &Settings,
    at_ms: i64,
    (order, line): (OrderId, LineId),
    reason: String,
    (fired_too, approved_by): (bool, Option<AccountId>),
) -> VoidLine {
    VoidLine { order, line, reason, date: settings.business_date(at_ms).to_string(), fired_too, approved_by }
}

pub fn cancel(order: OrderId, reason: String) -> CancelOrder {
    CancelOrder { order, reason }
}
