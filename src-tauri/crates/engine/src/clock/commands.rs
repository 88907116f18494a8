//! Coming, pausing, going. All are facts: they stand wherever they run, and what does not fit is flagged.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{Entry, FORGOTTEN_MS};
use super::store;
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{self, BreakId, FlagId, StaffId, TimeEntryId};
use crate::{inbox, staff};

#[derive(Debug, Serialize, Deserialize)]
pub struct TimeDone {
    pub id: TimeEntryId,
}

/// Something a manager should look at in somebody's times.
fn flag(tx: &Tx<'_>, cx: &Context<'_>, kind: &str, staff_id: StaffId, entry: &Entry) -> Result<(), Stop> {
    let name = staff::store::by_id(tx.conn(), staff_id)?.map(|member| member.name).unwrap_or_default();
    let params = serde_json::json!({ "name": name, "staff_id": staff_id, "started_ms": entry.started_ms });
    let id = FlagId(ids::derived(&[kind.as_bytes(), cx.id.as_bytes()]));
    Ok(inbox::store::raise(tx, id, kind, cx.at_ms, &params.to_string())?)
}

/// The shift somebody is in now; on the accepting engine there must be one.
fn open(tx: &Tx<'_>, staff_id: StaffId) -> Result<Entry, Stop> {
    let open = store::open_entry(tx.conn(), staff_id)?;
    open.ok_or_else(|| Refusal::illegal_step("You are not clocked in.", &["in"]).into())
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockIn {
    pub id: TimeEntryId,
    pub staff_id: StaffId,
}

impl Write for ClockIn {
    const NAME: &'static str = "clock_in";
    const KIND: Kind = Kind::Fact;
    type Answer = TimeDone;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        let open = store::open_entry(tx.conn(), self.staff_id)?;
        if open.as_ref().is_some_and(|open| !open.is_forgotten(cx.at_ms)) {
            return Err(Refusal::illegal_step("You are clocked in already.", &["out", "break"]).into());
        }
        let but = open.map_or(self.id, |open| open.id);
        match store::overlapping(tx.conn(), self.staff_id, but, cx.at_ms, None)? {
            Some(_) => {
                Err(Refusal::rule("Your times say that you work right now. Ask a manager to look at them.").into())
            }
            None => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TimeDone, Stop> {
        if let Some(open) = store::open_entry(tx.conn(), self.staff_id)?
            && open.is_forgotten(cx.at_ms)
        {
            store::mark_forgotten(tx, open.id)?;
            flag(tx, cx, "forgot_clock_out", self.staff_id, &open)?;
        }
        if let Some(other) = store::overlapping(tx.conn(), self.staff_id, self.id, cx.at_ms, None)? {
            flag(tx, cx, "time_overlap", self.staff_id, &other)?;
        }
        store::insert(tx, self.id, self.staff_id, cx.at_ms, None)?;
        Ok(TimeDone { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockOut {
    pub id: TimeEntryId,
    pub staff_id: StaffId,
}

impl Write for ClockOut {
    const NAME: &'static str = "clock_out";
    const KIND: Kind = Kind::Fact;
    type Answer = TimeDone;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        let open = open(tx, self.staff_id)?;
        if open.id != self.id {
            return Err(Refusal::illegal_step("This shift has ended already.", &["in"]).into());
        }
        if cx.at_ms < open.started_ms {
            return Err(Refusal::rule("The clock of this device is behind: the shift begins in its future.").into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TimeDone, Stop> {
        let Some(entry) = store::entry(tx.conn(), self.id)? else { return Ok(TimeDone { id: self.id }) };
        if !store::end(tx, self.id, cx.at_ms)? {
            flag(tx, cx, "time_overlap", self.staff_id, &entry)?;
        } else if cx.at_ms - entry.started_ms > FORGOTTEN_MS {
            flag(tx, cx, "forgot_clock_out", self.staff_id, &entry)?;
        }
        Ok(TimeDone { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartBreak {
    pub entry_id: TimeEntryId,
    pub id: BreakId,
    pub staff_id: StaffId,
}

impl Write for StartBreak {
    const NAME: &'static str = "start_break";
    const KIND: Kind = Kind::Fact;
    type Answer = TimeDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        match open(tx, self.staff_id)?.open_break() {
            Some(_) => Err(Refusal::illegal_step("You are on a break already.", &["resume", "out"]).into()),
            None => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TimeDone, Stop> {
        store::insert_break(tx, self.entry_id, self.id, (cx.at_ms, None))?;
        Ok(TimeDone { id: self.entry_id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndBreak {
    pub entry_id: TimeEntryId,
    pub id: BreakId,
    pub staff_id: StaffId,
}

impl Write for EndBreak {
    const NAME: &'static str = "end_break";
    const KIND: Kind = Kind::Fact;
    type Answer = TimeDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        match open(tx, self.staff_id)?.open_break() {
            Some(pause) if pause.id == self.id => Ok(()),
            _ => Err(Refusal::illegal_step("You are not on a break.", &["break", "out"]).into()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TimeDone, Stop> {
        store::end_break(tx, self.entry_id, self.id, cx.at_ms)?;
        Ok(TimeDone { id: self.entry_id })
    }
}
