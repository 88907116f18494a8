//! The events by name: who may hear each, and what it says. The one list; the reference is made of it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::staff::model::Permission;

/// What an event carries beside its position.
type Fields = &'static [&'static str];

macro_rules! kinds {
    ($($variant:ident = $name:literal, $needs:ident, [$($field:literal),*], $when:literal;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind { $($variant),+ }

        impl Kind {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As it is sent.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What somebody must be permitted to hear of it.
            pub const fn needs(self) -> Permission {
                match self { $(Self::$variant => Permission::$needs),+ }
            }

            pub const fn fields(self) -> Fields {
                match self { $(Self::$variant => &[$($field),*]),+ }
            }

            /// When it is sent.
            pub const fn when(self) -> &'static str {
                match self { $(Self::$variant => $when),+ }
            }
        }
    };
}

/// What somebody may hear: a bit for each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    pub fn of(may: impl Fn(Permission) -> bool) -> Self {
        let heard = Kind::ALL.iter().filter(|kind| may(kind.needs()));
        Self(heard.fold(0, |bits, kind| bits | 1 << *kind as u32))
    }

    pub const fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u32 != 0
    }
}

kinds! {
    OrderCreate = "order:create", OrdersRead,
        ["order_id", "number", "service", "table", "business_date"], "An order is opened.";
    OrderStatus = "order:status_changed", OrdersRead,
        ["order_id", "status"], "An order becomes completed, cancelled, or open again.";
    OrderItemStatus = "order:item_status_changed", OrdersRead,
        ["order_id", "line_id", "status"],
        "A line is added, fired, started, ready, served or voided; taken_back when the last step is undone.";
    OrderCancelled = "order:cancelled", OrdersRead, ["order_id", "reason"], "An order is cancelled.";
    OrderCompleted = "order:completed", OrdersRead,
        ["order_id", "total_minor", "tax_minor"], "An order is paid in full and closed.";
    TableStatus = "table:status_changed", FloorRead,
        ["table", "status", "orders"], "Orders of a table come or go: how it is now, occupied or free.";
    TableWaiter = "table:waiter_assigned", FloorRead,
        ["table_id", "staff_id"], "A table is given to a person, or to nobody.";
    TableCalls = "table:call_waiter", FloorRead,
        ["table_id", "call_id", "wants"], "A table calls for a waiter or for the bill.";
    PaymentReceived = "payment:received", OrdersPay,
        ["order_id", "check_id", "payment_id", "tender", "amount_minor", "tip_minor"], "A payment is taken.";
    BillCreated = "payment:bill_created", OrdersPay,
        ["order_id", "check_id", "number"], "A check is made: with its order, or split off it.";
    BillStatus = "payment:bill_status_changed", OrdersPay,
        ["order_id", "check_id", "status"],
        "Paid or cancelled with its order, open again, refunded, or a payment of it voided.";
    ItemReady = "kitchen:item_ready", KitchenRead, ["order_id", "line_id"], "The kitchen has finished a line.";
    KitchenAlert = "kitchen:alert", KitchenRead,
        ["ticket_id", "station_id", "trouble"], "A ticket does not come out of its printer. Has no position.";
    ForUser = "notification:user", TasksRead,
        ["task_id", "title", "due_ms"], "Somebody is given a task. Only they hear of it.";
    ForRestaurant = "notification:restaurant", InboxRead,
        ["flag_id", "kind"], "Something was accepted that a person should look at.";
    ItemAvailability = "menu:item_availability", MenuRead,
        ["item_id", "variant_id", "modifier_id", "available"], "Something is sold out, or there again.";
    StockUpdate = "menu:stock_update", MenuRead,
        ["item_id", "left"], "Portions left of what is counted down; null: not counted any more.";
    Stats = "dashboard:stats_update", TodayRead, ["read"], "What Today shows is another.";
    Analytics = "dashboard:analytics_update", ReportsRead, ["read"], "What reports show is another.";
    StaffStatus = "staff:status_change", ClockRead,
        ["staff_id", "status"], "Somebody clocks in or out, or begins or ends a break.";
    StaffPerformance = "staff:performance_update", ReportsRead,
        ["account_id", "read"], "What somebody sold or took is another.";
}

/// One line of the reference.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventKind {
    pub name: &'static str,
    pub permission: Permission,
    pub fields: Fields,
    pub when: &'static str,
}

impl From<Kind> for EventKind {
    fn from(kind: Kind) -> Self {
        Self { name: kind.name(), permission: kind.needs(), fields: kind.fields(), when: kind.when() }
    }
}
