//! Every table of both kinds of file with its class, the migrations that made them, and the
//! features whose screens show them.

use comanda_db::{Class, Migration, Schema, Table};

/// `installation.db`: who may log in on this machine, and which restaurants it holds.
pub const INSTALLATION: Schema = Schema {
    tables: &[
        synced("account"),
        synced("restaurant"),
        table("password", Class::Secret),
        table("second_factor", Class::Secret),
        table("recovery_code", Class::Secret),
        table("log_in_try", Class::Local),
        table("session", Class::Local),
        table("job", Class::Local),
        table("job_run", Class::Local),
        table("limit_quota", Class::Local),
        table("api_key", Class::Secret),
        table("load_plan", Class::Local),
        table("load_run", Class::Local),
        table("deployment", Class::Local),
        table("deployment_probe", Class::Local),
        table("deployment_hour", Class::Local),
        table("deployment_outage", Class::Local),
        table("deployment_settings", Class::Local),
        table("deployment_trigger", Class::Local),
        table("deployment_run", Class::Local),
        table("alert", Class::Local),
        table("alert_rule", Class::Local),
        table("notice_target", Class::Secret),
        table("mail_server", Class::Secret),
        table("notice", Class::Local),
        table("sync_device", Class::Local),
        table("sync_link", Class::Secret),
        table("house", Class::Local),
        table("house_device", Class::Local),
        table("sync_seal", Class::Secret),
        table("sync_spare", Class::Secret),
        table("sync_standing", Class::Secret),
        table("sync_own", Class::Local),
    ],
    migrations: &[Migration { name: "installation_0001", sql: include_str!("migrations/installation_0001.sql") }],
};

/// `restaurants/<id>.db`.
pub const RESTAURANT: Schema = Schema {
    tables: &[
        synced("restaurant"),
        synced("staff"),
        table("pin", Class::Secret),
        table("pin_salt", Class::Secret),
        table("pin_try", Class::Local),
        table("chain_check", Class::Local),
        synced("time_entry"),
        synced("time_break"),
        synced("time_correction"),
        synced("task"),
        synced("task_done"),
        synced("station"),
        synced("station_route"),
        table("station_printer", Class::Local),
        table("printer", Class::Local),
        table("print_job", Class::Local),
        table("ticket_line", Class::Local),
        synced("menu_category"),
        synced("menu_item"),
        synced("menu_move"),
        synced("menu_variant"),
        synced("modifier_group"),
        synced("modifier"),
        synced("menu_item_group"),
        synced("price_list"),
        synced("price_list_price"),
        synced("menu_countdown"),
        synced("floor_area"),
        synced("floor_table"),
        synced("floor_call"),
        synced("orders"),
        synced("order_line"),
        synced("order_check"),
        synced("order_discount"),
        synced("order_draft"),
        synced("payment"),
        synced("payment_attempt"),
        synced("refund"),
        synced("refund_line"),
        synced("number_counter"),
        synced("till_session"),
        synced("till_move"),
        synced("drawer_opening"),
        synced("z_report"),
        synced("business_day"),
        synced("take_over"),
        synced("invoice"),
        synced("signature"),
        synced("import_batch"),
        synced("flag"),
        derived("menu_text"),
        derived("menu_search"),
        table("image", Class::Local),
        derived("day_total"),
        derived("day_tax"),
        derived("hour_total"),
        derived("item_day"),
        derived("staff_day"),
        derived("tender_day"),
        derived("till_total"),
    ],
    migrations: &[Migration { name: "restaurant_0001", sql: include_str!("migrations/restaurant_0001.sql") }],
};

/// Columns whose change roll-ups count, in the order in which they are set: an order is always written open.
pub const LATE: &[comanda_db::derived::Late] = &[("order_line", "voided_ms"), ("orders", "closed_ms")];

/// What a roll-up follows from: it changes only when one of these does.
pub const fn sources_of(derived: &str) -> &'static [&'static str] {
    // Byte strings, because a constant cannot compare texts.
    match derived.as_bytes() {
        b"day_total" => &["orders", "order_line", "payment", "refund", "till_move"],
        b"day_tax" => &["orders", "order_line", "refund"],
        b"hour_total" | b"item_day" => &["orders", "order_line"],
        b"staff_day" => &["orders", "order_line", "payment", "refund"],
        b"tender_day" => &["payment", "refund"],
        b"till_total" => &["payment", "refund", "till_move"],
        b"menu_text" | b"menu_search" => &["menu_category", "menu_item"],
        _ => panic!("a derived table without its sources"),
    }
}

/// The words screens listen for; a query key begins with one of them.
pub const FEATURES: &[&str] = &[
    "orders",
    "drafts",
    "kitchen",
    "stations",
    "printing",
    "till",
    "today",
    "menu",
    "menu_now",
    "staff",
    "inbox",
    "imports",
    "settings",
    "clock",
    "tasks",
    "reports",
    "floor",
    "invoices",
    "loads",
    "sync",
    "deployments",
    "alerts",
];

/// What to refetch when rows of a table have changed.
pub fn features_of(table: &str) -> &'static [&'static str] {
    match table {
        "restaurant" => &["settings"],
        "staff" => &["staff", "floor"],
        "time_entry" | "time_break" | "time_correction" => &["clock"],
        "task" | "task_done" => &["tasks"],
        "station" | "station_route" => &["stations", "kitchen"],
        // Told by its own task: a local table is in no commit.
        "print_job" => &["printing"],
        "menu_category" | "menu_item" | "menu_variant" | "modifier_group" | "modifier" | "menu_item_group"
        | "price_list" | "price_list_price" => &["menu", "menu_now"],
        "menu_move" => &["reports"],
        "menu_countdown" => &["menu_now"],
        "orders" | "order_line" | "order_check" | "order_discount" => {
            &["orders", "kitchen", "today", "till", "reports", "floor"]
        }
        "floor_area" | "floor_table" | "floor_call" => &["floor"],
        "order_draft" => &["drafts"],
        "payment" | "payment_attempt" | "refund" | "refund_line" => &["orders", "today", "till", "reports", "floor"],
        "invoice" | "signature" => &["invoices"],
        "till_session" | "till_move" | "drawer_opening" | "z_report" | "business_day" => &["till", "today"],
        "import_batch" => &["imports", "orders", "today", "reports", "menu"],
        "flag" => &["inbox", "today", "orders"],
        "take_over" => &["sync"],
        _ => &[],
    }
}

const fn table(name: &'static str, class: Class) -> Table {
    Table { name, class }
}

const fn synced(name: &'static str) -> Table {
    table(name, Class::Synced)
}

const fn derived(name: &'static str) -> Table {
    table(name, Class::Derived)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The synced tables whose changes end in writes to a table, through views and other roll-ups too.
    fn written_by(name: &str) -> Vec<&'static str> {
        let triggers = RESTAURANT.migrations.iter().flat_map(|step| step.sql.split("CREATE TRIGGER").skip(1));
        let writes = triggers.filter(|text| text.contains(&format!("INTO {name} ")));
        let from = writes.filter_map(|text| text.split(" ON ").nth(1)?.split_whitespace().next());
        let synced = |name: &str| RESTAURANT.tables.iter().any(|t| t.name == name && t.class == Class::Synced);
        from.flat_map(|source| if synced(source) { vec![source] } else { written_by(source) }).collect()
    }

    /// What is kept of a roll-up is dropped when a source changes: a trigger that is not told of here makes it stale.
    #[test]
    fn a_roll_up_follows_from_every_table_whose_trigger_writes_it() {
        for table in RESTAURANT.tables.iter().filter(|table| table.class == Class::Derived) {
            let from = written_by(table.name);
            assert!(!from.is_empty(), "no trigger writes {}", table.name);
            for source in from {
                assert!(sources_of(table.name).contains(&source), "{} is written when {source} changes", table.name);
            }
        }
    }

    #[test]
    fn tables_announce_only_features_screens_listen_for() {
        for table in RESTAURANT.tables {
            for feature in features_of(table.name) {
                assert!(FEATURES.contains(feature), "{} announces {feature}", table.name);
            }
        }
    }
}
