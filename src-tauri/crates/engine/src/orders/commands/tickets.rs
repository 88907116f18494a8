//! Several lines of one ticket at once: begun, done, brought, or back to the kitchen.
//!
//! The lines are named by who asks, so that what was fired while the finger came down is not bumped
//! with the rest. A line that has taken the step already stays as it is.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{Line, LineState};
use super::super::store;
use super::lines::{all_there, some_can};
use super::{Noted, existing, finish};
use crate::command::{Context, Kind, Write};
use crate::kernel::ids::{LineId, OrderId};

/// A station has begun these lines, is done with them, or they were brought.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BumpLines {
    pub order: OrderId,
    pub lines: Vec<LineId>,
    pub to: LineState,
    pub date: String,
}

impl Write for BumpLines {
    const NAME: &'static str = "bump_lines";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        some_can(&existing(tx, self.order)?, &self.lines, self.to)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        let order = store::order(tx.conn(), self.order)?;
        for line in order.iter().flat_map(|order| order.waiting(Some(&self.lines), self.to)) {
            match self.to {
                LineState::Preparing => store::start_line(tx, self.order, line, cx.at_ms)?,
                LineState::Ready => store::ready_line(tx, self.order, line, cx.at_ms)?,
                LineState::Served => store::serve_line(tx, self.order, line, cx.at_ms)?,
                LineState::Held | LineState::Fired | LineState::Voided => 0,
            };
        }
        finish(tx, self.order, cx.at_ms, &self.date)?;
        Ok(Noted { id: self.order })
    }
}

/// A bump was a mistake, or dishes came back: these lines are as fired, under their first time.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecallLines {
    pub order: OrderId,
    pub lines: Vec<LineId>,
    pub date: String,
}

impl Write for RecallLines {
    const NAME: &'static str = "recall_lines";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let order = existing(tx, self.order)?;
        order.must_be_open()?;
        all_there(&order, &self.lines)?;
        let made = |line: &&Line| line.fired_ms.is_some() && line.step(LineState::Fired).is_ok();
        match self.lines.iter().filter_map(|id| order.line(*id)).any(|line| made(&line)) {
            true => Ok(()),
            false => Err(order.illegal("Nothing here can be called back").into()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        store::reopen(tx, self.order)?;
        for line in &self.lines {
            store::recall_line(tx, self.order, *line)?;
        }
        finish(tx, self.order, cx.at_ms, &self.date)?;
        Ok(Noted { id: self.order })
    }
}
