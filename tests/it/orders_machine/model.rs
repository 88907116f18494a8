//! What an order comes to, as far as money goes, and which steps it takes.

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

const PRICES: [i64; 3] = [950, 380, 300];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Completed,
    Cancelled,
}

#[derive(Debug, Clone)]
pub struct Line {
    pub price: i64,
    pub fired: bool,
    pub served: bool,
    pub voided: bool,
    pub comped: bool,
}

#[derive(Debug, Clone)]
pub struct Order {
    pub lines: Vec<Line>,
    pub off: Vec<i64>,
    pub paid: i64,
    /// Of that, by cards in steps, undivided: each can be taken back.
    pub cards: Vec<i64>,
    /// Whether it ever had a payment: such an order is not merged into another.
    pub had_money: bool,
    /// Whether it was ever divided: then what a part may bear is not the model's to say.
    pub divided: bool,
    pub state: State,
}

impl Order {
    pub fn sold(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| !line.voided)
    }

    fn priced(&self) -> i64 {
        self.sold().filter(|line| !line.comped).map(|line| line.price).sum()
    }

    pub fn gross(&self) -> i64 {
        (self.priced() - self.off.iter().sum::<i64>()).max(0)
    }

    pub fn due(&self) -> i64 {
        self.gross() - self.paid
    }

    pub fn open(&self) -> bool {
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
    pub orders: Vec<Order>,
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
    /// A card is asked, and the money comes or does not.
    Card(usize, i64, bool),
    /// The last card's payment is taken back.
    TakeBack(usize),
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
            Step::PayPart(_, amount) | Step::Card(_, amount, true) => {
                order.paid += amount;
                order.had_money = true;
                if matches!(self, Step::Card(..)) {
                    order.cards.push(*amount);
                }
            }
            Step::PayAll(_) => {
                order.paid = order.gross();
                order.had_money = true;
            }
            Step::TakeBack(_) => {
                order.paid -= order.cards.pop().unwrap_or_default();
                order.state = State::Open;
            }
            Step::Split(..) | Step::Share(..) => order.divided = true,
            Step::Cancel(_) => order.state = State::Cancelled,
            Step::Open(_) | Step::Unsplit(_) | Step::Merge(..) | Step::Late(_) | Step::Card(_, _, false) => {}
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
            3 => (on.clone(), any::<bool>()).prop_map(|((order, _, amount), came)| Step::Card(order, amount + 1, came)),
            2 => order.clone().prop_map(Step::TakeBack),
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
            Step::Card(at, amount, _) => order(at).is_some_and(|order| !order.divided && *amount <= order.due()),
            Step::TakeBack(at) => model.orders.get(*at).is_some_and(|order| !order.cards.is_empty() && !order.divided),
            Step::Split(at, line) => {
                order(at).and_then(|order| order.lines.get(*line)).is_some_and(|line| !line.voided)
            }
            Step::Share(at, _) | Step::Unsplit(at) => order(at).is_some(),
            Step::Merge(from, into) => {
                let free = order(from).is_some_and(|order| !order.had_money && order.off.is_empty());
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
                cards: Vec::new(),
                had_money: false,
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
            | Step::Card(at, ..)
            | Step::TakeBack(at)
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
