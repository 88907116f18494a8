//! Somebody's week as screens and files show it.

use chrono::NaiveDate;
use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{self, Entry};
use super::store;
use crate::error::ApiError;
use crate::kernel::ids::{BreakId, StaffId, TimeEntryId};
use crate::restaurant::model::Settings;
use crate::staff::model::Role;
use crate::staff::store::Member;

#[derive(Debug, Serialize, ToSchema)]
pub struct Shift {
    pub id: TimeEntryId,
    /// The business day it began on.
    pub business_date: NaiveDate,
    pub started_ms: i64,
    /// Null: still there.
    pub ended_ms: Option<i64>,
    /// So far, without breaks.
    pub worked_ms: i64,
    pub break_ms: i64,
    pub breaks: Vec<Pause>,
    /// Nobody clocked out; somebody must say when it ended.
    pub forgotten: bool,
    /// Struck out by a manager; counts nothing.
    pub voided: bool,
    pub corrections: Vec<Correction>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Pause {
    pub id: BreakId,
    pub started_ms: i64,
    pub ended_ms: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TimeCorrection)]
pub struct Correction {
    /// `add`, `correct` or `void`.
    pub kind: String,
    pub at_ms: i64,
    pub by_name: String,
    pub reason: String,
    /// What the clock said before; null: nothing.
    pub was_started_ms: Option<i64>,
    pub was_ended_ms: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Sheet {
    pub staff_id: StaffId,
    pub name: String,
    pub role: Role,
    pub worked_ms: i64,
    pub break_ms: i64,
    /// In the order they began.
    pub shifts: Vec<Shift>,
}

pub fn shift(conn: &Connection, settings: &Settings, entry: Entry, now_ms: i64) -> rusqlite::Result<Shift> {
    let corrections = store::corrections(conn, entry.id)?.into_iter().map(|correction| Correction {
        kind: correction.kind,
        at_ms: correction.at_ms,
        by_name: correction.by_name.unwrap_or_default(),
        reason: correction.reason,
        was_started_ms: correction.was_started_ms,
        was_ended_ms: correction.was_ended_ms,
    });
    let pause = |pause: &model::Break| Pause { id: pause.id, started_ms: pause.started_ms, ended_ms: pause.ended_ms };
    Ok(Shift {
        id: entry.id,
        business_date: settings.business_date(entry.started_ms),
        started_ms: entry.started_ms,
        ended_ms: entry.ended_ms.filter(|_| !entry.forgotten),
        worked_ms: entry.worked_ms(now_ms),
        break_ms: entry.break_ms(now_ms),
        breaks: entry.breaks.iter().map(pause).collect(),
        forgotten: entry.is_forgotten(now_ms),
        voided: entry.voided,
        corrections: corrections.collect(),
    })
}

/// Business days from `first` to `last`, both in, as instants.
pub fn range(settings: &Settings, first: NaiveDate, last: NaiveDate) -> (i64, i64) {
    let begins = |date| model::day_begins_ms(date, settings.time_zone, settings.day_cutoff_minute);
    (begins(first), begins(last.succ_opt().unwrap_or(last)))
}

pub fn sheet(
    conn: &Connection,
    settings: &Settings,
    member: &Member,
    (from_ms, to_ms): (i64, i64),
    now_ms: i64,
) -> Result<Sheet, ApiError> {
    let entries = store::began_in(conn, member.id, from_ms, to_ms)?;
    let shifts: Vec<_> =
        entries.into_iter().map(|entry| shift(conn, settings, entry, now_ms)).collect::<rusqlite::Result<_>>()?;
    let counts = || shifts.iter().filter(|shift| !shift.voided);
    Ok(Sheet {
        staff_id: member.id,
        name: member.name.clone(),
        role: member.role,
        worked_ms: counts().map(|shift| shift.worked_ms).sum(),
        break_ms: counts().map(|shift| shift.break_ms).sum(),
        shifts,
    })
}
