//! What stands on the floor, and what a table is doing. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{AreaId, TableId};
use crate::kernel::words::words;
use crate::orders::model::Order;

/// Areas of a restaurant, at most.
pub const AREAS_MAX: usize = 20;
/// Tables that stand, at most.
pub const TABLES_MAX: usize = 300;
/// Longest name of a table, in characters: what an order takes as one.
pub const TABLE_NAME_MAX: usize = 40;
/// Most seats at one table.
pub const SEATS_MAX: i64 = 60;
/// Sides of an area, in centimetres.
pub const AREA_CM_MIN: i64 = 200;
pub const AREA_CM_MAX: i64 = 10_000;
/// Sides of a table, in centimetres.
pub const TABLE_CM_MIN: i64 = 40;
pub const TABLE_CM_MAX: i64 = 2_000;
/// A table is turned by less than a full circle.
pub const TURN_DEG_MAX: i64 = 359;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = TableShape)]
pub enum Shape {
    Square,
    Round,
    Rectangle,
    /// People who do not know each other sit at it: several orders are usual.
    Bar,
}

words!(Shape { Square = "square", Round = "round", Rectangle = "rectangle", Bar = "bar" });

/// What a table calls for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    #[default]
    Waiter,
    Bill,
}

words!(Wants { Waiter = "waiter", Bill = "bill" });

/// What a table is doing; the later one counts where it has several orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TableState {
    /// No open order.
    Free,
    /// An open order of which nothing is fired.
    Seated,
    /// Something is to be made or brought.
    Ordered,
    /// What was fired is served.
    Served,
    /// The bill was asked for, or part of it is paid.
    Paying,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    pub id: AreaId,
    pub name: String,
    pub width_cm: i64,
    pub height_cm: i64,
}

/// Where a table stands, before it is turned around its middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spot {
    pub x: i64,
    pub y: i64,
    pub w: i64,
    pub h: i64,
    /// Degrees clockwise; left out: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turn: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub id: TableId,
    pub area_id: AreaId,
    pub name: String,
    pub shape: Shape,
    pub seats: i64,
    pub spot: Spot,
}

/// By this two names of tables are the same, and an order's table is found.
pub fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

impl Area {
    /// The field that lies outside, if one does.
    pub fn misfit(&self, spot: &Spot) -> Option<&'static str> {
        if spot.x < 0 || spot.x.saturating_add(spot.w) > self.width_cm {
            Some("x_cm")
        } else if spot.y < 0 || spot.y.saturating_add(spot.h) > self.height_cm {
            Some("y_cm")
        } else {
            None
        }
    }
}

impl TableState {
    pub fn of(order: &Order) -> Self {
        let paid = order.paid();
        if order.sold().any(|line| line.fired_ms.is_some() && line.served_ms.is_none()) {
            Self::Ordered
        } else if !paid.is_zero() && !order.due().is_zero() {
            Self::Paying
        } else if order.sold().any(|line| line.served_ms.is_some()) {
            Self::Served
        } else {
            Self::Seated
        }
    }

    /// With a bill that was asked for at that time: it counts until something more is ordered.
    pub fn asked(self, order: &Order, bill_ms: Option<i64>) -> Self {
        let last_ms = order.sold().map(|line| line.added_ms).max();
        match (bill_ms, last_ms) {
            (Some(bill), Some(last)) if bill >= last => Self::Paying,
            _ => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_without_regard_to_capitals() {
        let check = |one: &str, other: &str, same: bool| assert_eq!(key(one) == key(other), same, "{one} {other}");
        check("T4", "t4", true);
        check("Terraza Ñ", "terraza ñ", true);
        check(" 4", "4", true);
        check("4", "04", false);
    }

    #[test]
    fn a_table_lies_in_its_area() {
        let area = Area { id: AreaId(uuid::Uuid::nil()), name: "Hall".to_owned(), width_cm: 800, height_cm: 600 };
        let check = |x: i64, y: i64, expect: Option<&str>| {
            assert_eq!(area.misfit(&Spot { x, y, w: 80, h: 80, turn: None }), expect, "{x} {y}");
        };
        check(0, 0, None);
        check(720, 520, None);
        check(721, 0, Some("x_cm"));
        check(-1, 0, Some("x_cm"));
        check(0, 521, Some("y_cm"));
        check(i64::MAX, 0, Some("x_cm"));
    }

    #[test]
    fn the_furthest_of_several_orders_is_what_a_table_does() {
        assert!(TableState::Free < TableState::Seated && TableState::Seated < TableState::Ordered);
        assert!(TableState::Ordered < TableState::Served && TableState::Served < TableState::Paying);
    }
}
