//! The whole service of orders against a small model that knows only lines, what was taken off and what was paid.
//! Any run of steps must leave every order at what the model says, and the books at their sum.

use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::trade::{House, id};

const PRICES: [i64; 3] = [950, 380, 300];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Completed,
    Cancelled,
}

#[derive(Debug, Clone)]
struct Line {
    price: i64,
    fired: bool,
    served: bool,
    voided: bool,
    comped: bool,
}

#[derive(Debug, Clone)]
struct Order {
    lines: Vec<Line>,
    off: Vec<i64>,
    paid: i64,
    /// Whether it was ever divided: then what a part may bear is not the model's to say.
    divided: bool,
    state: State,
}

impl Order {
    fn sold(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.voided)
    }

    fn priced(&self) -> i64 {
        self.sold().filter(|line| !line.comped).map(|line| line.price).sum()
    }

    fn gross(&self) -> i64 {
        (self.priced() - self.off.iter().sum::<i64>()).max(0)
    }

    fn due(&self) -> i64 {
        self.gross() - self.paid
    }

    fn open(&self) -> bool {
        self.state == State::Open
    }

    /// Whether less may be charged: not below what is paid.
    fn bears(&self, after: &Order) -> bool {
        self.paid == 0 || (!self.divided && after.gross() >= self.paid)
    }

    fn settle(&mut self) {
        if self.open() && self.due() == 0 && self.sold().next().is_some() && self.sold().all(|line| line.served) {
            self.state = State::Completed;
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct Model {
    orders: Vec<Order>,
}

#[derive(Debug, Clone)]
pub enum Step {
    Open(Vec<(usize, i64)>),
    Add(usize, usize, i64),
    Fire(usize),
    Serve(usize),
    Void(usize, usize),
    Comp(usize, usize),
    Discount(usize, i64),
    PayPart(usize, i64),
    PayAll(usize),
    Split(usize, usize),
    Share(usize, usize),
    Unsplit(usize),
    Merge(usize, usize),
    Cancel(usize),
    /// Everything there is, on an order that is closed.
    Late(usize),
}

impl Step {
    /// What the step makes of the order it is on, without what the order itself does then.
    fn on(&self, order: &mut Order) {
        match self {
            Step::Add(_, item, quantity) => order.lines.push(line(*item, *quantity)),
            Step::Fire(_) => order.lines.iter_mut().filter(|line| !line.voided).for_each(|line| line.fired = true),
            Step::Serve(_) => {
                order.lines.iter_mut().filter(|line| !line.voided && line.fired).for_each(|line| line.served = true);
            }
            Step::Void(_, at) => order.lines[*at].voided = true,
            Step::Comp(_, at) => order.lines[*at].comped = true,
            Step::Discount(_, amount) => order.off.push(*amount),
            Step::PayPart(_, amount) => order.paid += amount,
            Step::PayAll(_) => order.paid = order.gross(),
            Step::Split(..) | Step::Share(..) => order.divided = true,
            Step::Cancel(_) => order.state = State::Cancelled,
            Step::Open(_) | Step::Unsplit(_) | Step::Merge(..) | Step::Late(_) => {}
        }
    }
}

fn line(item: usize, quantity: i64) -> Line {
    Line { price: PRICES[item] * quantity, fired: false, served: false, voided: false, comped: false }
}

impl ReferenceStateMachine for Model {
    type State = Model;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Model> {
        Just(Model::default()).boxed()
    }

    fn transitions(model: &Model) -> BoxedStrategy<Step> {
        let lines = prop::collection::vec((0usize..3, 1i64..4), 1..4);
        if model.orders.is_empty() {
            return lines.prop_map(Step::Open).boxed();
        }
        let order = 0..model.orders.len();
        let on = (order.clone(), 0usize..6, 0i64..2500);
        prop_oneof![
            2 => lines.prop_map(Step::Open),
            2 => (order.clone(), 0usize..3, 1i64..4).prop_map(|(order, item, quantity)| Step::Add(order, item, quantity)),
            4 => order.clone().prop_map(Step::Fire),
            5 => order.clone().prop_map(Step::Serve),
            2 => on.clone().prop_map(|(order, line, _)| Step::Void(order, line)),
            2 => on.clone().prop_map(|(order, line, _)| Step::Comp(order, line)),
            2 => on.clone().prop_map(|(order, _, amount)| Step::Discount(order, amount + 1)),
            3 => on.clone().prop_map(|(order, _, amount)| Step::PayPart(order, amount + 1)),
            5 => order.clone().prop_map(Step::PayAll),
            3 => on.clone().prop_map(|(order, line, _)| Step::Split(order, line)),
            2 => (order.clone(), 2usize..5).prop_map(|(order, shares)| Step::Share(order, shares)),
            1 => order.clone().prop_map(Step::Unsplit),
            2 => (order.clone(), order.clone()).prop_map(|(from, into)| Step::Merge(from, into)),
            1 => order.clone().prop_map(Step::Cancel),
            2 => order.prop_map(Step::Late),
        ]
        .boxed()
    }

    fn preconditions(model: &Model, step: &Step) -> bool {
        let order = |at: &usize| model.orders.get(*at).filter(|order| order.open());
        let bears = |at: &usize| {
            order(at).is_some_and(|order| {
                let mut after = order.clone();
                step.on(&mut after);
                order.bears(&after)
            })
        };
        match step {
            Step::Open(_) => model.orders.len() < 12,
            Step::Add(at, ..) => order(at).is_some_and(|order| order.lines.len() < 12),
            Step::Fire(at) => order(at).is_some_and(|order| order.sold().any(|line| !line.fired)),
            Step::Serve(at) => order(at).is_some_and(|order| order.sold().any(|line| line.fired && !line.served)),
            Step::Void(at, line) => {
                let line = order(at).and_then(|order| order.lines.get(*line));
                line.is_some_and(|line| !line.voided && !line.served) && bears(at)
            }
            Step::Comp(at, line) => {
                let line = order(at).and_then(|order| order.lines.get(*line));
                line.is_some_and(|line| !line.voided && !line.comped) && bears(at)
            }
            Step::Discount(at, amount) => {
                order(at).is_some_and(|order| order.off.len() < 3 && *amount <= order.priced()) && bears(at)
            }
            Step::PayPart(at, amount) => order(at).is_some_and(|order| !order.divided && *amount <= order.due()),
            Step::PayAll(at) => order(at).is_some_and(|order| order.due() > 0),
            Step::Split(at, line) => {
                order(at).and_then(|order| order.lines.get(*line)).is_some_and(|line| !line.voided)
            }
            Step::Share(at, _) | Step::Unsplit(at) => order(at).is_some(),
            Step::Merge(from, into) => {
                let free = order(from).is_some_and(|order| order.paid == 0 && order.off.is_empty());
                from != into && free && order(into).is_some_and(|order| order.lines.len() < 12)
            }
            Step::Cancel(at) => order(at).is_some_and(|order| order.paid == 0),
            Step::Late(at) => model.orders.get(*at).is_some_and(|order| !order.open()),
        }
    }

    fn apply(mut model: Model, step: &Step) -> Model {
        match step {
            Step::Open(lines) => model.orders.push(Order {
                lines: lines.iter().map(|(item, quantity)| line(*item, *quantity)).collect(),
                off: Vec::new(),
                paid: 0,
                divided: false,
                state: State::Open,
            }),
            Step::Merge(from, into) => {
                let from = &mut model.orders[*from];
                from.state = State::Cancelled;
                let moved: Vec<Line> = from.sold().cloned().collect();
                from.lines.retain(|line| line.voided);
                model.orders[*into].lines.extend(moved);
            }
            Step::Add(at, ..)
            | Step::Fire(at)
            | Step::Serve(at)
            | Step::Void(at, _)
            | Step::Comp(at, _)
            | Step::Discount(at, _)
            | Step::PayPart(at, _)
            | Step::PayAll(at)
            | Step::Split(at, _)
            | Step::Share(at, _)
            | Step::Unsplit(at)
            | Step::Cancel(at)
            | Step::Late(at) => {
                let order = &mut model.orders[*at];
                step.on(order);
                order.settle();
            }
        }
        model
    }
}

/// The real thing, and the ids the model's places stand for.
pub struct Service {
    runtime: Runtime,
    house: House,
    orders: Vec<Value>,
    /// Of each order, the ids of its lines in the model's order.
    lines: Vec<Vec<String>>,
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
        Service { runtime, house, orders: Vec::new(), lines: Vec::new() }
    }

    fn apply(mut service: Service, _: &Model, step: Step) -> Service {
        match &step {
            Step::Open(lines) => {
                let lines: Vec<Value> = lines.iter().map(|line| service.wish(*line)).collect();
                let new = json!({ "service": "dine_in", "lines": lines });
                let order = service.runtime.block_on(service.house.owner.post("/orders", new)).created();
                service.lines.push(Vec::new());
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
