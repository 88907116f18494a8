//! What is kept ready, made from what, and for how long at most.
//!
//! The tables are those the answer is read from; debug builds watch every reading and stop when it
//! touches another one (`watch`), so a table cannot be forgotten here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::versions::Tables;
use crate::kernel::words::words;

/// What an answer is about: what is counted and cleared together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CacheTag)]
pub enum Tag {
    Menu,
    Orders,
    Tables,
    Settings,
    Dashboard,
    Analytics,
}

words!(Tag {
    Menu = "menu",
    Orders = "orders",
    Tables = "tables",
    Settings = "settings",
    Dashboard = "dashboard",
    Analytics = "analytics",
});

impl Tag {
    pub const ALL: &'static [Self] =
        &[Self::Menu, Self::Orders, Self::Tables, Self::Settings, Self::Dashboard, Self::Analytics];
}

/// When an answer changes although nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turns {
    Never,
    /// It shows the business day.
    Daily,
    /// It shows the hour on the wall.
    Hourly,
}

#[derive(Debug)]
pub struct Policy {
    pub tag: Tag,
    pub tables: Tables,
    pub turns: Turns,
    /// A ceiling; what is written drops the answer earlier.
    pub minutes_max: i64,
}

pub const MENU: Policy = policy(
    Tag::Menu,
    &["menu_category", "menu_item", "menu_variant", "modifier_group", "modifier", "menu_item_group"],
    Turns::Never,
    60,
);
pub const ORDER: Policy = policy(Tag::Orders, ORDER_TABLES, Turns::Never, 1);
pub const ORDERS: Policy = policy(Tag::Orders, ORDER_TABLES, Turns::Never, 1);
pub const FLOOR: Policy = policy(Tag::Tables, FLOOR_TABLES, Turns::Never, 1);
pub const RESTAURANT: Policy = policy(Tag::Settings, &["restaurant"], Turns::Daily, 15);
pub const TODAY: Policy = policy(
    Tag::Dashboard,
    &[
        "restaurant",
        "orders",
        "order_line",
        "order_check",
        "order_discount",
        "payment_attempt",
        "flag",
        "staff",
        "till_session",
        "day_total",
        "day_tax",
        "staff_day",
        "hour_total",
        "item_day",
    ],
    Turns::Hourly,
    10,
);
pub const REPORTS: Policy = policy(
    Tag::Analytics,
    &[
        "restaurant",
        "orders",
        "staff",
        "menu_category",
        "menu_item",
        "menu_move",
        "day_total",
        "day_tax",
        "hour_total",
        "item_day",
        "staff_day",
        "tender_day",
    ],
    Turns::Daily,
    60,
);

/// What an order is read from, with the names of who did what.
const ORDER_TABLES: &[&str] = &[
    "orders",
    "order_line",
    "order_check",
    "order_discount",
    "payment",
    "payment_attempt",
    "refund",
    "refund_line",
    "staff",
];

/// The floor with the orders on it.
const FLOOR_TABLES: &[&str] = &[
    "floor_area",
    "floor_table",
    "floor_call",
    "orders",
    "order_line",
    "order_check",
    "order_discount",
    "payment",
    "payment_attempt",
    "staff",
];

const fn policy(tag: Tag, tables: &[&str], turns: Turns, minutes_max: i64) -> Policy {
    Policy { tag, tables: Tables::of(tables), turns, minutes_max }
}
