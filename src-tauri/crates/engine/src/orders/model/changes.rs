//! Which changes to an open order are allowed. One rule stands behind all of them: no check may come
//! to less than was paid of it, because money that was taken goes back by a refund only.

use super::{IllegalStep, Line, LineState, Off, Order};
use crate::kernel::ids::{CheckId, LineId};
use crate::kernel::money::Minor;

impl Order {
    /// Refuses a change after which a check would be paid beyond what it comes to.
    pub fn may_become(&self, after: &Order, what: &str) -> Result<(), IllegalStep> {
        self.must_be_open()?;
        if self.payments.is_empty() && !self.waits_for_a_card() {
            return Ok(());
        }
        let before = self.owing();
        let over = |id: CheckId| before.iter().find(|check| check.id == id).map_or(Minor::ZERO, |check| check.over());
        if after.owing().iter().any(|check| check.over() > over(check.id)) {
            return Err(self.illegal(format!("{what} is already paid")));
        }
        Ok(())
    }

    /// The order with one of its lines changed.
    fn with(&self, line: Line) -> Order {
        let mut after = self.clone();
        if let Some(place) = after.lines.iter_mut().find(|other| other.id == line.id) {
            *place = line;
        }
        after
    }

    pub fn may_void(&self, line: &Line) -> Result<(), IllegalStep> {
        self.must_be_open()?;
        line.step(LineState::Voided)?;
        self.may_become(&self.with(Line { voided_ms: Some(0), ..line.clone() }), &line.name)
    }

    /// Before serving and after; once.
    pub fn may_comp(&self, line: &Line) -> Result<(), IllegalStep> {
        self.must_be_open()?;
        if line.voided_ms.is_some() || line.comped_ms.is_some() {
            let what = if line.comped_ms.is_some() { "comped" } else { "voided" };
            return Err(IllegalStep { message: format!("{} is {what} already", line.name), allowed: Vec::new() });
        }
        self.may_become(&self.with(line.comped(Some(0))), &line.name)
    }

    /// A line has one discount at a time, and none when it is free already.
    pub fn may_discount_line(&self, line: &Line, off: Off) -> Result<(), IllegalStep> {
        self.must_be_open()?;
        let reason = match line {
            Line { voided_ms: Some(_), .. } => Some("voided"),
            Line { comped_ms: Some(_), .. } => Some("comped"),
            Line { discount, .. } if !discount.is_zero() => Some("discounted"),
            _ => None,
        };
        if let Some(reason) = reason {
            return Err(IllegalStep { message: format!("{} is {reason} already", line.name), allowed: Vec::new() });
        }
        let discount = off.of(line.total, self.terms.rounding);
        self.may_become(&self.with(Line { discount, total: line.total - discount, ..line.clone() }), &line.name)
    }

    /// Which lines, or parts of them, go to another check. Gives the order as it will be.
    pub fn moved(&self, moves: &[(LineId, i64, LineId)], to: CheckId) -> Result<Order, IllegalStep> {
        let mut after = self.clone();
        for (id, quantity_milli, cut) in moves {
            let Some(at) = after.lines.iter().position(|line| line.id == *id && line.voided_ms.is_none()) else {
                return Err(self.illegal("A line is not on this order"));
            };
            let line = after.lines[at].clone();
            match line.quantity_milli - quantity_milli {
                0 => after.lines[at].check = Some(to),
                left if left > 0 => {
                    let (stays, goes) = line.cut(*quantity_milli, *cut);
                    after.lines[at] = stays;
                    after.lines.push(Line { check: Some(to), ..goes });
                }
                _ => return Err(self.illegal(format!("There is less of {}", line.name))),
            }
        }
        Ok(after)
    }
}
