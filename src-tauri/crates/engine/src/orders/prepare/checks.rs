//! Requests that divide an order or take something off it.

use std::collections::BTreeSet;

use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::approval::Approval;
use super::super::commands::{
    CompLines, GiveDiscount, MergeOrders, Move, SetServiceCharge, ShareCheck, SplitBySeat, SplitOrder, TransferOrder,
};
use super::super::model::{CHECKS_MAX, LINES_MAX, Order};
use super::TABLE_MAX;
use crate::error::{ApiError, Refusal};
use crate::kernel::ids::{AccountId, CheckId, DiscountId, LineId, OrderId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX, QUANTITY_MILLI_MAX, RATE_BP_MAX};
use crate::kernel::text::{self, NOTE_MAX};
use crate::restaurant::model::Settings;
use crate::staff::model::Role;

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitLine {
    #[garde(skip)]
    pub line_id: LineId,
    /// How much of it, in thousandths; left out: all.
    #[garde(range(min = 1, max = QUANTITY_MILLI_MAX))]
    #[schema(minimum = 1, maximum = 9_999_000)]
    pub quantity_milli: Option<i64>,
}

/// Which lines go to which check.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lines": [{"line_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11", "quantity_milli": 1000}]}))]
pub struct Split {
    #[garde(length(min = 1, max = LINES_MAX), dive)]
    #[schema(min_items = 1, max_items = 500)]
    pub lines: Vec<SplitLine>,
    /// Left out: a new one.
    #[garde(skip)]
    pub check_id: Option<CheckId>,
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"shares": 3}))]
pub struct Shares {
    #[garde(range(min = 2, max = CHECKS_MAX))]
    #[schema(minimum = 2, maximum = 50)]
    pub shares: usize,
    /// Left out: the first.
    #[garde(skip)]
    pub check_id: Option<CheckId>,
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"table": "7"}))]
pub struct Transfer {
    /// Left out: to no table.
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = TABLE_MAX))]
    #[schema(max_length = 40)]
    pub table: Option<String>,
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Merge {
    /// The order that gets the lines.
    #[garde(skip)]
    pub into: OrderId,
}

/// Off a line (`line_id`), a check (`check_id`) or, with neither, everything.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rate_bp": 1000, "reason": "Waited too long"}))]
pub struct NewDiscount {
    #[garde(skip)]
    pub line_id: Option<LineId>,
    #[garde(skip)]
    pub check_id: Option<CheckId>,
    /// Either this, in basis points …
    #[garde(range(min = 1, max = RATE_BP_MAX))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub rate_bp: Option<i64>,
    /// … or this.
    #[garde(range(min = 1, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 1)]
    pub amount_minor: Option<i64>,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// For more than this person may take off alone.
    #[serde(default)]
    #[garde(dive)]
    pub approval: Option<Approval>,
}

/// Lines given free: those named, or all.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"line_ids": ["01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11"], "reason": "On the house"}))]
pub struct Comp {
    #[garde(length(min = 1, max = LINES_MAX))]
    #[schema(min_items = 1, max_items = 500)]
    pub line_ids: Option<Vec<LineId>>,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    #[serde(default)]
    #[garde(dive)]
    pub approval: Option<Approval>,
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rate_bp": 0, "reason": "Waited too long"}))]
pub struct NewServiceCharge {
    /// 0 takes it off; left out: what the restaurant charges on such an order.
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub rate_bp: Option<i64>,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NOTE_MAX))]
    #[schema(min_length = 1, max_length = 500)]
    pub reason: String,
    /// For what this person may not do alone.
    #[serde(default)]
    #[garde(dive)]
    pub approval: Option<Approval>,
}

pub fn split(order: OrderId, split: Split) -> SplitOrder {
    let moves = split.lines.into_iter().map(|line| Move(line.line_id, line.quantity_milli)).collect();
    SplitOrder {
        order,
        to: split.check_id.unwrap_or_else(CheckId::mint),
        new: split.check_id.is_none(),
        moves,
        first: LineId::mint(),
    }
}

/// Only where more than one seat has something.
pub fn split_by_seat(order: &Order) -> Result<SplitBySeat, ApiError> {
    let seats: BTreeSet<i64> = order.sold().filter_map(|line| line.seat).collect();
    if seats.len() < 2 {
        return Err(Refusal::rule("Fewer than two seats have something on this order.").into());
    }
    let seats = seats.into_iter().skip(1).map(|seat| (seat, CheckId::mint())).collect();
    Ok(SplitBySeat { order: order.id, seats })
}

pub fn share(order: OrderId, shares: &Shares) -> ShareCheck {
    let ids = (1..shares.shares).map(|_| CheckId::mint()).collect();
    ShareCheck { order, check: shares.check_id.unwrap_or(CheckId(order.0)), ids }
}

pub fn transfer(order: OrderId, transfer: Transfer) -> TransferOrder {
    TransferOrder { order, table: transfer.table }
}

pub fn merge(from: OrderId, merge: &Merge) -> MergeOrders {
    MergeOrders { from, into: merge.into }
}

pub fn service_charge(
    settings: &Settings,
    at_ms: i64,
    order: &Order,
    new: NewServiceCharge,
    approved_by: Option<AccountId>,
) -> SetServiceCharge {
    let charges = &settings.service_charges;
    SetServiceCharge {
        order: order.id,
        rate: new.rate_bp.unwrap_or_else(|| charges.of(order.service)),
        tax_rate: charges.tax_rate_bp.unwrap_or(settings.default_tax_rate_bp),
        reason: Some(new.reason),
        approved_by,
        date: settings.business_date(at_ms).to_string(),
    }
}

/// The most somebody takes off without approval; whoever may approve needs none.
pub fn cap_of(settings: &Settings, role: Role, may_approve: bool) -> i64 {
    match role {
        _ if may_approve => RATE_BP_MAX,
        Role::Cashier => settings.discount_caps.cashier_bp,
        Role::Waiter => settings.discount_caps.waiter_bp,
        _ => 0,
    }
}

pub fn discount(
    settings: &Settings,
    at_ms: i64,
    order: OrderId,
    new: NewDiscount,
    (cap, approved_by): (i64, Option<AccountId>),
) -> Result<GiveDiscount, ApiError> {
    if new.rate_bp.is_some() == new.amount_minor.is_some() {
        return Err(Refusal::invalid("rate_bp", "Give a rate or an amount, one of them.").into());
    }
    if new.line_id.is_some() && new.check_id.is_some() {
        return Err(Refusal::invalid("check_id", "A discount is of a line or of a check, not of both.").into());
    }
    Ok(GiveDiscount {
        order,
        id: DiscountId::mint(),
        line: new.line_id,
        check: new.check_id,
        rate: new.rate_bp,
        amount: new.amount_minor.map(Minor),
        reason: new.reason,
        cap,
        approved_by,
        date: settings.business_date(at_ms).to_string(),
    })
}

/// Those named, or all that can be given free.
pub fn comp(
    settings: &Settings,
    at_ms: i64,
    order: &Order,
    (line_ids, reason): (Option<Vec<LineId>>, String),
    approved_by: Option<AccountId>,
) -> Result<CompLines, ApiError> {
    let free = || order.sold().filter(|line| line.comped_ms.is_none()).map(|line| line.id).collect::<Vec<_>>();
    let lines = line_ids.unwrap_or_else(free);
    if lines.is_empty() {
        let illegal = order.illegal("There is nothing to give free");
        return Err(Refusal::from(illegal).into());
    }
    Ok(CompLines { order: order.id, lines, reason, approved_by, date: settings.business_date(at_ms).to_string() })
}
