//! The floor as callers see it: what each table is doing is worked out here, from its orders. Pure.

use std::collections::{HashMap, HashSet};

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{self, AREA_CM_MAX, Shape, Spot, TABLE_CM_MAX, TABLE_CM_MIN, TURN_DEG_MAX, TableState, Wants, key};
use super::store::{Call, Standing, Waiter};
use crate::kernel::ids::{AccountId, AreaId, OrderId, StaffId, TableId};
use crate::kernel::money::Minor;
use crate::orders::model::{LineState, Order, Service};

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Floor)]
pub struct FloorView {
    pub areas: Vec<AreaView>,
    pub tables: Vec<TableView>,
    /// Open orders of guests who sit at no table of the floor.
    pub elsewhere: Vec<TableOrder>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FloorArea)]
pub struct AreaView {
    pub id: AreaId,
    pub name: String,
    pub width_cm: i64,
    pub height_cm: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FloorTable)]
pub struct TableView {
    pub id: TableId,
    pub area_id: AreaId,
    pub name: String,
    pub shape: Shape,
    pub seats: i64,
    pub spot: SpotView,
    pub state: TableState,
    /// Open orders at this table, oldest first.
    pub orders: Vec<TableOrder>,
    pub waiter: Option<WaiterView>,
    /// The last time it called; nobody came yet while `answered_at_ms` is null.
    pub call: Option<CallView>,
}

/// Where a table stands in its area, before it is turned.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FloorSpot)]
pub struct SpotView {
    /// Of its upper left corner.
    #[garde(range(min = 0, max = AREA_CM_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub x_cm: i64,
    #[garde(range(min = 0, max = AREA_CM_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub y_cm: i64,
    #[garde(range(min = TABLE_CM_MIN, max = TABLE_CM_MAX))]
    #[schema(minimum = 40, maximum = 2_000)]
    pub width_cm: i64,
    #[garde(range(min = TABLE_CM_MIN, max = TABLE_CM_MAX))]
    #[schema(minimum = 40, maximum = 2_000)]
    pub height_cm: i64,
    /// Clockwise around its middle.
    #[serde(default)]
    #[garde(range(min = 0, max = TURN_DEG_MAX))]
    #[schema(minimum = 0, maximum = 359)]
    pub rotation_deg: i64,
}

/// Who serves a table.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TableWaiter)]
pub struct WaiterView {
    pub staff_id: StaffId,
    pub account_id: AccountId,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TableCall)]
pub struct CallView {
    pub wants: Wants,
    pub called_at_ms: i64,
    pub called_by_name: String,
    pub answered_at_ms: Option<i64>,
    pub answered_by_name: Option<String>,
}

/// An open order, as far as the floor shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TableOrder {
    pub id: OrderId,
    pub number: String,
    /// As the order says it.
    pub table: Option<String>,
    pub covers: Option<i64>,
    pub opened_at_ms: i64,
    pub opened_by_name: String,
    pub state: TableState,
    pub total_minor: Minor,
    pub due_minor: Minor,
    /// Not fired yet.
    pub lines_held: usize,
    /// With the kitchen.
    pub lines_fired: usize,
    /// To be brought.
    pub lines_ready: usize,
}

impl TableOrder {
    fn of(order: &Order, bill_ms: Option<i64>) -> Self {
        let count = |states: &[LineState]| order.sold().filter(|line| states.contains(&line.state())).count();
        Self {
            id: order.id,
            number: order.number.clone(),
            table: order.table.clone(),
            covers: order.covers,
            opened_at_ms: order.opened_ms,
            opened_by_name: order.opened_by_name.clone(),
            state: TableState::of(order).asked(order, bill_ms),
            total_minor: order.totals().gross,
            due_minor: order.due(),
            lines_held: count(&[LineState::Held]),
            lines_fired: count(&[LineState::Fired, LineState::Preparing]),
            lines_ready: count(&[LineState::Ready]),
        }
    }
}

impl FloorView {
    /// From all that stands and all open orders, newest first.
    pub fn of(areas: Vec<model::Area>, standing: Vec<Standing>, open: &[Order]) -> Self {
        let mut at: HashMap<String, Vec<&Order>> = HashMap::new();
        let mut elsewhere = Vec::new();
        let named: HashSet<String> = standing.iter().map(|one| key(&one.table.name)).collect();
        for order in open.iter().rev().filter(|order| order.service == Service::DineIn) {
            match order.table.as_deref().map(key).filter(|name| named.contains(name)) {
                Some(name) => at.entry(name).or_default().push(order),
                None => elsewhere.push(TableOrder::of(order, None)),
            }
        }
        let table = |standing: Standing| {
            let orders = at.remove(&key(&standing.table.name)).unwrap_or_default();
            TableView::of(standing, &orders)
        };
        Self {
            areas: areas.into_iter().map(AreaView::from).collect(),
            tables: standing.into_iter().map(table).collect(),
            elsewhere,
        }
    }
}

impl TableView {
    fn of(standing: Standing, orders: &[&Order]) -> Self {
        let Standing { table, waiter, call } = standing;
        let bill_ms = call.as_ref().filter(|call| call.wants == Wants::Bill).map(|call| call.called_ms);
        let orders: Vec<_> = orders.iter().map(|order| TableOrder::of(order, bill_ms)).collect();
        Self {
            id: table.id,
            area_id: table.area_id,
            name: table.name,
            shape: table.shape,
            seats: table.seats,
            spot: table.spot.into(),
            state: orders.iter().map(|order| order.state).max().unwrap_or(TableState::Free),
            orders,
            waiter: waiter.map(WaiterView::from),
            call: call.map(CallView::from),
        }
    }
}

impl From<Spot> for SpotView {
    fn from(Spot { x, y, w, h, turn }: Spot) -> Self {
        Self { x_cm: x, y_cm: y, width_cm: w, height_cm: h, rotation_deg: turn.unwrap_or_default() }
    }
}

impl From<SpotView> for Spot {
    fn from(spot: SpotView) -> Self {
        let SpotView { x_cm: x, y_cm: y, width_cm: w, height_cm: h, rotation_deg } = spot;
        Self { x, y, w, h, turn: Some(rotation_deg).filter(|turn| *turn != 0) }
    }
}

impl From<model::Area> for AreaView {
    fn from(area: model::Area) -> Self {
        let model::Area { id, name, width_cm, height_cm } = area;
        Self { id, name, width_cm, height_cm }
    }
}

impl From<Waiter> for WaiterView {
    fn from(waiter: Waiter) -> Self {
        let Waiter { staff_id, account_id, name } = waiter;
        Self { staff_id, account_id, name }
    }
}

impl From<Call> for CallView {
    fn from(call: Call) -> Self {
        Self {
            wants: call.wants,
            called_at_ms: call.called_ms,
            called_by_name: call.called_by_name,
            answered_at_ms: call.answered_ms,
            answered_by_name: call.answered_by_name,
        }
    }
}
