//! What changed rows mean, as events: the rows of one command in, its events out, in the order of the rows.
//!
//! An update names only the columns that differ; what an event says beside them is looked up as it is now.

use comanda_db::changes::{Change, Op};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::kinds::Kind;
use super::row::Row;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    pub kind: Kind,
    pub says: Map<String, Json>,
    /// For this person on the staff alone.
    pub to: Option<Uuid>,
}

/// What a screen of figures shows is another: said once for all that happened together, and looked up when it is said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Table(String),
    /// The table of this order.
    TableOf(Uuid),
    Stats,
    Analytics,
    /// By account.
    Performance(Uuid),
}

/// A column of a row by its id, as it is now: table, column, id.
pub type Now<'a> = &'a dyn Fn(&'static str, &'static str, Uuid) -> Json;

/// What one command's changes say.
#[derive(Debug, Default)]
pub struct Happened {
    pub said: Vec<Said>,
    pub marks: Vec<Mark>,
}

pub fn of(changes: &[Change], actor: Uuid, now: Now<'_>) -> Happened {
    let mut happened = Happened::default();
    for change in changes {
        let row = Row(change);
        match change.table.as_str() {
            "orders" => happened.order(&row),
            "order_line" => happened.line(&row),
            "order_check" if change.op == Op::Insert => {
                let (order, check) = (row.key("order_id"), row.key("id"));
                happened.say(
                    Kind::BillCreated,
                    json!({ "order_id": order, "check_id": check, "number": row.after("number") }),
                );
            }
            "payment" if change.op == Op::Insert => happened.payment(&row, actor),
            "refund" if change.op == Op::Insert => {
                let order = row.key("order_id");
                happened.say(Kind::BillStatus, json!({ "order_id": order, "check_id": null, "status": "refunded" }));
                happened.figures();
            }
            "floor_table" if row.changed("staff_id") => {
                let (table, staff) = (row.key("id"), row.after("staff_id"));
                happened.say(Kind::TableWaiter, json!({ "table_id": table, "staff_id": staff }));
            }
            "floor_call" if change.op == Op::Insert => {
                let wants = if row.after("wants").is_null() { json!("waiter") } else { row.after("wants") };
                let (table, call) = (row.key("table_id"), row.key("id"));
                happened.say(Kind::TableCalls, json!({ "table_id": table, "call_id": call, "wants": wants }));
            }
            "task" if change.op != Op::Delete && row.changed("staff_id") => happened.task(&row, now),
            "flag" if change.op == Op::Insert => {
                let (flag, kind) = (row.key("id"), row.after("kind"));
                happened.say(Kind::ForRestaurant, json!({ "flag_id": flag, "kind": kind }));
            }
            "menu_item" | "menu_variant" | "modifier" if change.op == Op::Update && row.changed("sold_out") => {
                happened.availability(&row);
            }
            "menu_countdown" => {
                let left = if change.op == Op::Delete { Json::Null } else { row.after("left") };
                happened.say(Kind::StockUpdate, json!({ "item_id": row.key("item_id"), "left": left }));
            }
            "time_entry" | "time_break" => happened.time(&row, now),
            _ => {}
        }
    }
    happened
}

impl Happened {
    fn say(&mut self, kind: Kind, says: Json) {
        let Json::Object(says) = says else { return };
        self.said.push(Said { kind, says, to: None });
    }

    fn figures(&mut self) {
        self.marks.extend([Mark::Stats, Mark::Analytics]);
    }

    fn order(&mut self, row: &Row<'_>) {
        let order = row.key("id");
        if row.0.op == Op::Insert {
            // Brought in: it was opened long ago and elsewhere.
            if !row.after("batch_id").is_null() {
                return self.figures();
            }
            let (number, table) = (row.after("number"), row.after("table_name"));
            self.say(
                Kind::OrderCreate,
                json!({ "order_id": order, "number": number, "service": row.after("service"), "table": table,
                    "business_date": row.after("business_date") }),
            );
            self.say(Kind::BillCreated, json!({ "order_id": order, "check_id": null, "number": 1 }));
            self.figures();
        }
        if row.changed("closed_ms") {
            self.closed(row, &order);
        }
        for name in [row.before("table_name"), row.after("table_name")] {
            if let Json::String(name) = name {
                self.marks.push(Mark::Table(name));
            }
        }
    }

    /// An order is closed, or open again.
    fn closed(&mut self, row: &Row<'_>, order: &Json) {
        let (open, reason) = (row.after("closed_ms").is_null(), row.after("cancel_reason"));
        let (status, bill) = match (open, reason.is_null()) {
            (true, _) if row.0.op == Op::Insert => return,
            (true, _) => ("open", "open"),
            (false, true) => ("completed", "paid"),
            (false, false) => ("cancelled", "cancelled"),
        };
        self.say(Kind::OrderStatus, json!({ "order_id": order, "status": status }));
        match status {
            "completed" => {
                let (total, tax) = (row.after("total_minor"), row.after("tax_minor"));
                self.say(Kind::OrderCompleted, json!({ "order_id": order, "total_minor": total, "tax_minor": tax }));
            }
            "cancelled" => self.say(Kind::OrderCancelled, json!({ "order_id": order, "reason": reason })),
            _ => {}
        }
        self.say(Kind::BillStatus, json!({ "order_id": order, "check_id": null, "status": bill }));
        if let Some(id) = row.id("id") {
            self.marks.push(Mark::TableOf(id));
        }
        self.figures();
    }

    fn line(&mut self, row: &Row<'_>) {
        /// From the last step back to the first.
        const STEPS: [(&str, &str); 5] = [
            ("voided_ms", "voided"),
            ("served_ms", "served"),
            ("ready_ms", "ready"),
            ("started_ms", "started"),
            ("fired_ms", "fired"),
        ];
        if row.0.op == Op::Delete {
            return;
        }
        let (order, line) = (row.key("order_id"), row.key("id"));
        let moved = STEPS.iter().find(|(column, _)| row.changed(column));
        let status = match moved {
            Some((column, status)) if !row.after(column).is_null() => status,
            Some(_) => "taken_back",
            None if row.0.op == Op::Insert => "added",
            None => return,
        };
        self.say(Kind::OrderItemStatus, json!({ "order_id": order, "line_id": line, "status": status }));
        if status == "ready" {
            self.say(Kind::ItemReady, json!({ "order_id": order, "line_id": line }));
        }
    }

    fn payment(&mut self, row: &Row<'_>, actor: Uuid) {
        let (order, check) = (row.key("order_id"), row.after("check_id"));
        if row.after("voids").is_null() {
            let tip = if row.after("tip_minor").is_null() { json!(0) } else { row.after("tip_minor") };
            self.say(
                Kind::PaymentReceived,
                json!({ "order_id": order, "check_id": check, "payment_id": row.key("id"),
                    "tender": row.after("tender"), "amount_minor": row.after("amount_minor"), "tip_minor": tip }),
            );
        } else {
            self.say(Kind::BillStatus, json!({ "order_id": order, "check_id": check, "status": "payment_voided" }));
        }
        self.marks.push(Mark::Performance(row.id_after("taken_by").unwrap_or(actor)));
        self.figures();
    }

    fn task(&mut self, row: &Row<'_>, now: Now<'_>) {
        let (Some(staff), Some(id)) = (row.id_after("staff_id"), row.id("id")) else { return };
        let (title, due) = (now("task", "title", id), now("task", "due_ms", id));
        if let Json::Object(says) = json!({ "task_id": id, "title": title, "due_ms": due }) {
            self.said.push(Said { kind: Kind::ForUser, says, to: Some(staff) });
        }
    }

    fn availability(&mut self, row: &Row<'_>) {
        let available = row.after("sold_out").is_null() || row.after("sold_out") == json!(0);
        let (item, variant, modifier) = match row.0.table.as_str() {
            "menu_item" => (row.key("id"), Json::Null, Json::Null),
            "menu_variant" => (row.key("item_id"), row.key("id"), Json::Null),
            _ => (Json::Null, Json::Null, row.key("id")),
        };
        self.say(
            Kind::ItemAvailability,
            json!({ "item_id": item, "variant_id": variant, "modifier_id": modifier, "available": available }),
        );
    }

    fn time(&mut self, row: &Row<'_>, now: Now<'_>) {
        let is_break = row.0.table == "time_break";
        let ended = row.0.op == Op::Update && row.changed("ended_ms") && row.before("ended_ms").is_null();
        let begun = row.0.op == Op::Insert && row.after("ended_ms").is_null();
        let status = match (begun, ended, is_break) {
            (true, _, false) => "clocked_in",
            (true, _, true) => "on_break",
            (_, true, false) => "clocked_out",
            (_, true, true) => "back",
            // A correction is of the past.
            _ => return,
        };
        let Some(entry) = row.id(if is_break { "entry_id" } else { "id" }) else { return };
        self.say(Kind::StaffStatus, json!({ "staff_id": now("time_entry", "staff_id", entry), "status": status }));
    }
}
