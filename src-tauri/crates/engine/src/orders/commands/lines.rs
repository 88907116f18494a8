//! What happens to a line: fired, started, ready, served, recalled, voided.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{LineState, Order};
use super::super::store;
use super::{Noted, existing, finish};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, LineId, OrderId, StationId};
use crate::menu::counting;

/// Every named line must be on the order.
pub(super) fn all_there(order: &Order, lines: &[LineId]) -> Result<(), Stop> {
    for (at, id) in lines.iter().enumerate() {
        if order.line(*id).is_none() {
            return Err(Refusal::not_found("The line").at(format!("line_ids[{at}]")).into());
        }
    }
    Ok(())
}

/// The same, and at least one must be able to take the step.
pub(super) fn some_can(order: &Order, lines: &[LineId], to: LineState) -> Result<(), Stop> {
    order.must_be_open()?;
    all_there(order, lines)?;
    if order.waiting(Some(lines), to).is_empty() {
        return Err(order.illegal(format!("Nothing here can become {}", to.as_str())).into());
    }
    Ok(())
}

/// At least one must not have gone to the kitchen.
fn some_held(order: &Order, lines: &[LineId]) -> Result<(), Stop> {
    order.must_be_open()?;
    all_there(order, lines)?;
    if order.waiting(Some(lines), LineState::Fired).is_empty() {
        return Err(order.illegal("None of these is held any more".to_owned()).into());
    }
    Ok(())
}

fn existing_line(tx: &Tx<'_>, order: OrderId, line: LineId) -> Result<(Order, usize), Stop> {
    let order = existing(tx, order)?;
    let at = order.lines.iter().position(|other| other.id == line);
    at.map(|at| (order, at)).ok_or_else(|| Refusal::not_found("The line").into())
}

/// Sends lines to their stations. A line goes once: firing it again changes nothing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FireLines {
    pub order: OrderId,
    pub lines: Vec<LineId>,
    /// Those that go elsewhere than their word on the menu says: see `stations`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<(LineId, StationId)>,
}

impl Write for FireLines {
    const NAME: &'static str = "fire_lines";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        some_can(&existing(tx, self.order)?, &self.lines, LineState::Fired)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        for line in &self.lines {
            let station = self.to.iter().find(|(routed, _)| routed == line).map(|(_, station)| *station);
            store::fire_line(tx, self.order, *line, station, cx.at_ms)?;
        }
        Ok(Noted { id: self.order })
    }
}

/// Held lines go with another course, or with none. One that is in the kitchen already stays as it is.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetCourse {
    pub order: OrderId,
    pub lines: Vec<LineId>,
    pub course: Option<i64>,
}

impl Write for SetCourse {
    const NAME: &'static str = "set_course";
    const KIND: Kind = Kind::Intent;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        some_held(&existing(tx, self.order)?, &self.lines)
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<Noted, Stop> {
        some_held(&existing(tx, self.order)?, &self.lines)?;
        for line in &self.lines {
            store::set_course(tx, self.order, *line, self.course)?;
        }
        Ok(Noted { id: self.order })
    }
}

/// Lines reach the guest.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServeLines {
    pub order: OrderId,
    pub lines: Vec<LineId>,
    /// Business date, for the case that this completes the order.
    pub date: String,
}

impl Write for ServeLines {
    const NAME: &'static str = "serve_lines";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        some_can(&existing(tx, self.order)?, &self.lines, LineState::Served)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        for line in &self.lines {
            store::serve_line(tx, self.order, *line, cx.at_ms)?;
        }
        finish(tx, self.order, cx.at_ms, &self.date)?;
        Ok(Noted { id: self.order })
    }
}

/// A station is done with a line, or has started it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BumpLine {
    pub order: OrderId,
    pub line: LineId,
    pub to: LineState,
    pub date: String,
}

impl Write for BumpLine {
    const NAME: &'static str = "bump_line";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let (order, at) = existing_line(tx, self.order, self.line)?;
        order.must_be_open()?;
        Ok(order.lines[at].step(self.to)?)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        match self.to {
            LineState::Preparing => store::start_line(tx, self.order, self.line, cx.at_ms)?,
            LineState::Ready => store::ready_line(tx, self.order, self.line, cx.at_ms)?,
            LineState::Served => store::serve_line(tx, self.order, self.line, cx.at_ms)?,
            LineState::Held | LineState::Fired | LineState::Voided => 0,
        };
        finish(tx, self.order, cx.at_ms, &self.date)?;
        Ok(Noted { id: self.order })
    }
}

/// A bump was a mistake, or the dish came back: to the kitchen again, as fired.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallLine {
    pub order: OrderId,
    pub line: LineId,
    pub date: String,
}

impl Write for RecallLine {
    const NAME: &'static str = "recall_line";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let (order, at) = existing_line(tx, self.order, self.line)?;
        order.must_be_open()?;
        let line = &order.lines[at];
        if line.state() == LineState::Held {
            // From held, the way to the kitchen is to fire it.
            let allowed = ["fired", "voided"];
            return Err(Refusal::illegal_step(format!("{} is not fired yet.", line.name), &allowed).into());
        }
        Ok(line.step(LineState::Fired)?)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        store::reopen(tx, self.order)?;
        store::recall_line(tx, self.order, self.line)?;
        finish(tx, self.order, cx.at_ms, &self.date)?;
        Ok(Noted { id: self.order })
    }
}

/// What was not fired can be sold again.
fn give_back(tx: &Tx<'_>, order: OrderId, line: LineId) -> Result<(), Stop> {
    let Some(order) = store::order(tx.conn(), order)? else { return Ok(()) };
    match order.line(line) {
        Some(line) if line.fired_ms.is_none() && line.voided_ms.is_none() => match line.item_id {
            Some(item) => counting::raise(tx, item, line.quantity_milli, line.added_ms),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// A line is taken off the check, with a reason. After fire it is waste; the trace stays either way.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidLine {
    pub order: OrderId,
    pub line: LineId,
    pub reason: String,
    pub date: String,
    /// Whether this person may void what the kitchen has already.
    pub fired_too: bool,
    /// Who allowed it, where they may not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<AccountId>,
}

impl Write for VoidLine {
    const NAME: &'static str = "void_line";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let (order, at) = existing_line(tx, self.order, self.line)?;
        let line = &order.lines[at];
        order.may_void(line)?;
        if line.fired_ms.is_some() && !self.fired_too && self.approved_by.is_none() {
            let needs = serde_json::json!({ "approval": true });
            return Err(Refusal::forbidden().at("approval").with_details(needs).into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        store::reopen(tx, self.order)?;
        give_back(tx, self.order, self.line)?;
        store::void_line(tx, self.order, self.line, cx.at_ms, AccountId(cx.actor), &self.reason)?;
        finish(tx, self.order, cx.at_ms, &self.date)?;
        Ok(Noted { id: self.order })
    }
}
