//! The whole service of orders against a small model that knows only lines, what was taken off and what was paid.
//! Any run of steps must leave every order at what the model says, and the books at their sum.

mod model;

use proptest::test_runner::Config;
use proptest_state_machine::{StateMachineTest, prop_state_machine};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::trade::{House, id};
use model::{Model, Order, State, Step};

/// The real thing, and the ids the model's places stand for.
pub struct Service {
    runtime: Runtime,
    house: House,
    orders: Vec<Value>,
    /// Of each order, the ids of its lines in the model's order.
    lines: Vec<Vec<String>>,
    /// Of each order, its payments by cards in steps that were not taken back.
    cards: Vec<Vec<String>>,
}

impl Service {
    fn post(&self, at: usize, step: &str, body: Value) -> crate::support::Answer {
        self.runtime.block_on(self.house.step(&self.orders[at], step, body))
    }

    fn fresh(&self, at: usize) -> Value {
        self.runtime.block_on(self.house.fresh(&self.orders[at]))
    }

    fn item(&self, item: usize) -> &str {
        [&self.house.pizza, &self.house.cola, &self.house.water][item]
    }

    fn wish(&self, (item, quantity): (usize, i64)) -> Value {
        json!({ "item_id": self.item(item), "quantity_milli": quantity * 1000 })
    }

    /// Lines that came are put behind those that are known.
    fn learn(&mut self, at: usize, order: &Value) {
        for line in order["lines"].as_array().unwrap() {
            let line = id(line);
            if !self.lines[at].contains(&line) {
                self.lines[at].push(line);
            }
        }
    }

    /// Refused as it must be, or done: where an order is divided, the model does not know.
    fn perhaps(&self, at: usize, step: &str, body: Value) {
        let answer = self.post(at, step, body);
        if !answer.status.is_success() {
            let code = answer.json()["error"]["code"].as_str().unwrap().to_owned();
            assert!(code == "illegal_step" || code == "rule_violated", "{step}: {}", answer.text);
        }
    }

    fn pay_all(&self, at: usize) {
        let order = self.fresh(at);
        let checks = order["checks"].as_array().unwrap();
        if checks.is_empty() {
            let pay = json!({ "tender": "card", "amount_minor": order["due_minor"] });
            self.post(at, "payments", pay).created();
        }
        for check in checks.iter().filter(|check| check["due_minor"] != 0) {
            let pay = json!({ "tender": "card", "amount_minor": check["due_minor"], "check_id": check["id"] });
            self.post(at, "payments", pay).created();
        }
    }
}

impl StateMachineTest for Service {
    type SystemUnderTest = Service;
    type Reference = Model;

    fn init_test(_: &Model) -> Service {
        let runtime = Runtime::new().unwrap();
        let house = runtime.block_on(House::open());
        Service { runtime, house, orders: Vec::new(), lines: Vec::new(), cards: Vec::new() }
    }

    fn apply(mut service: Service, _: &Model, step: Step) -> Service {
        match &step {
            Step::Open(lines) => {
                let lines: Vec<Value> = lines.iter().map(|line| service.wish(*line)).collect();
                let new = json!({ "service": "dine_in", "lines": lines });
                let order = service.runtime.block_on(service.house.owner.post("/orders", new)).created();
                service.lines.push(Vec::new());
                service.cards.push(Vec::new());
                service.learn(service.orders.len(), &order);
                service.orders.push(order);
            }
            Step::Add(at, item, quantity) => {
                let lines = json!({ "lines": [service.wish((*item, *quantity))] });
                let order = service.post(*at, "lines", lines).created();
                service.learn(*at, &order);
            }
            Step::Fire(at) => drop(service.post(*at, "fire", json!({})).ok()),
            Step::Serve(at) => drop(service.post(*at, "serve", json!({})).ok()),
            Step::Void(at, line) => {
                let path = format!("lines/{}/void", service.lines[*at][*line]);
                service.post(*at, &path, json!({ "reason": "Model" })).ok();
            }
            Step::Comp(at, line) => {
                let body = json!({ "line_ids": [service.lines[*at][*line]], "reason": "Model" });
                service.post(*at, "comp", body).ok();
            }
            Step::Discount(at, amount) => {
                let body = json!({ "amount_minor": amount, "reason": "Model" });
                service.post(*at, "discounts", body).created();
            }
            Step::PayPart(at, amount) => {
                let body = json!({ "tender": "card", "amount_minor": amount });
                service.post(*at, "payments", body).created();
            }
            Step::PayAll(at) => service.pay_all(*at),
            Step::Card(at, amount, came) => {
                let asked = service.post(*at, "payment-attempts", json!({ "amount_minor": amount })).created();
                let waits = asked["attempts"].as_array().unwrap().last().unwrap();
                assert_eq!(waits["state"], "pending");
                service.post(*at, "cancel", json!({ "reason": "Waits" })).refused("illegal_step");
                let over = asked["due_minor"].as_i64().unwrap() - amount + 1;
                let twice = service.post(*at, "payments", json!({ "tender": "card", "amount_minor": over }));
                assert!(!twice.status.is_success(), "paid twice: {}", twice.text);
                let (step, body) = if *came { ("capture", json!({})) } else { ("fail", json!({ "reason": "No" })) };
                service.post(*at, &format!("payment-attempts/{}/{step}", id(waits)), body).ok();
                if *came {
                    service.cards[*at].push(id(waits));
                }
            }
            Step::TakeBack(at) => {
                let card = service.cards[*at].pop().unwrap();
                service.post(*at, &format!("payments/{card}/void"), json!({ "reason": "Model" })).ok();
            }
            Step::Split(at, line) => {
                let body = json!({ "lines": [{ "line_id": service.lines[*at][*line] }] });
                service.perhaps(*at, "split", body);
            }
            Step::Share(at, shares) => service.perhaps(*at, "share", json!({ "shares": shares })),
            Step::Unsplit(at) => service.perhaps(*at, "unsplit", json!({})),
            Step::Merge(from, into) => {
                let body = json!({ "into": id(&service.orders[*into]) });
                let merged = service.post(*from, "merge", body).ok();
                // In the order the model has them.
                let mut moved = std::mem::take(&mut service.lines[*from]);
                let left = service.fresh(*from);
                let stay = |line: &String| left["lines"].as_array().unwrap().iter().any(|other| id(other) == *line);
                service.lines[*from] = moved.iter().filter(|line| stay(line)).cloned().collect();
                moved.retain(|line| !stay(line));
                service.lines[*into].extend(moved);
                assert_eq!(merged["lines"].as_array().unwrap().len(), service.lines[*into].len());
            }
            Step::Cancel(at) => drop(service.post(*at, "cancel", json!({ "reason": "Model" })).ok()),
            Step::Late(at) => {
                let line = json!({ "lines": [service.wish((0, 1))] });
                service.post(*at, "lines", line).refused("illegal_step");
                let pay = json!({ "tender": "card", "amount_minor": 1 });
                service.post(*at, "payments", pay).refused("illegal_step");
                service.post(*at, "discounts", json!({ "rate_bp": 1, "reason": "Late" })).refused("illegal_step");
                service.post(*at, "share", json!({ "shares": 2 })).refused("illegal_step");
                service.post(*at, "transfer", json!({ "table": "1" })).refused("illegal_step");
                service.post(*at, "unsplit", json!({})).refused("illegal_step");
                service.post(*at, "cancel", json!({ "reason": "Late" })).refused("illegal_step");
            }
        }
        service
    }

    fn check_invariants(service: &Service, model: &Model) {
        for (at, order) in model.orders.iter().enumerate() {
            let view = service.fresh(at);
            let state = match order.state {
                State::Open => "open",
                State::Completed => "completed",
                State::Cancelled => "cancelled",
            };
            assert_eq!(view["state"], state, "{order:?}\n{view}");
            if order.state == State::Cancelled {
                continue;
            }
            assert_eq!(view["total_minor"], order.gross(), "{order:?}\n{view}");
            assert_eq!(view["paid_minor"], order.paid, "{order:?}\n{view}");
            assert_eq!(view["due_minor"], if order.open() { order.due() } else { 0 }, "{order:?}\n{view}");
            assert_eq!(view["lines_count"], order.sold().count());
            let checks = view["checks"].as_array().unwrap();
            if !checks.is_empty() {
                let sum = |field: &str| checks.iter().map(|check| check[field].as_i64().unwrap()).sum::<i64>();
                assert_eq!((sum("total_minor"), sum("paid_minor")), (order.gross(), order.paid));
            }
        }
    }

    fn teardown(service: Service, model: Model) {
        let x = service.runtime.block_on(service.house.owner.get("/till")).ok()["x"].clone();
        let completed = || model.orders.iter().filter(|order| order.state == State::Completed);
        assert_eq!(x["orders"], completed().count());
        assert_eq!(x["gross_minor"], completed().map(Order::gross).sum::<i64>());
        assert_eq!(x["card_minor"], model.orders.iter().map(|order| order.paid).sum::<i64>());
    }
}

prop_state_machine! {
    #![proptest_config(Config { cases: 5, max_shrink_iters: 40, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_path_through_the_service_of_orders_loses_or_doubles_money(sequential 20..40 => Service);
}
