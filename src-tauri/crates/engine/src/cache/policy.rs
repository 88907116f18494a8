//! What is kept ready, made from what, and for how long at most.
//!
//! The tables are those the answer is read from; debug builds watch every reading and stop when it
//! touches another one (`watch`), so a table cannot be forgotten here.

use super::versions::Tables;

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
    pub tables: Tables,
    pub turns: Turns,
    /// A ceiling; what is written drops the answer earlier.
    pub minutes_max: i64,
}

pub const MENU: Policy = policy(
    &["menu_category", "menu_item", "menu_variant", "modifier_group", "modifier", "menu_item_group"],
    Turns::Never,
    60,
);
pub const ORDER: Policy = policy(ORDER_TABLES, Turns::Never, 1);
pub const ORDERS: Policy = policy(ORDER_TABLES, Turns::Never, 1);
pub const FLOOR: Policy = policy(FLOOR_TABLES, Turns::Never, 1);
pub const RESTAURANT: Policy = policy(&["restaurant"], Turns::Daily, 15);
pub const TODAY: Policy = policy(
    &[
        "restaurant",
        "orders",
        "order_line",
        "order_check",
        "order_discount",
        "payment_attempt",
        "flag",
        "staff",
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

const fn policy(tables: &[&str], turns: Turns, minutes_max: i64) -> Policy {
    Policy { tables: Tables::of(tables), turns, minutes_max }
}
