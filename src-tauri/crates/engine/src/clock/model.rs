//! Shifts and their breaks: lengths, overlaps, weeks. Pure.

use chrono::{Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Refusal;
use crate::kernel::ids::{BreakId, StaffId, TimeEntryId};

const HOUR_MS: i64 = 60 * 60 * 1000;
/// Who has not gone after this long has forgotten to say so.
pub const FORGOTTEN_MS: i64 = 16 * HOUR_MS;
/// The longest shift a manager may write down.
pub const LENGTH_MS_MAX: i64 = 24 * HOUR_MS;
/// Breaks of one shift, at most.
pub const BREAKS_MAX: usize = 20;

/// From coming to going.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: TimeEntryId,
    pub staff_id: StaffId,
    pub started_ms: i64,
    /// None: still there.
    pub ended_ms: Option<i64>,
    /// Never clocked out; the end is not known.
    pub forgotten: bool,
    pub voided: bool,
    pub breaks: Vec<Break>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    pub id: BreakId,
    pub started_ms: i64,
    pub ended_ms: Option<i64>,
}

/// A stretch of time as somebody writes it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub started_ms: i64,
    pub ended_ms: i64,
}

impl Entry {
    pub fn break_ms(&self, now_ms: i64) -> i64 {
        let length = |pause: &Break| pause.ended_ms.or(self.ended_ms).unwrap_or(now_ms) - pause.started_ms;
        self.breaks.iter().map(|pause| length(pause).max(0)).sum()
    }

    pub fn worked_ms(&self, now_ms: i64) -> i64 {
        (self.ended_ms.unwrap_or(now_ms) - self.started_ms - self.break_ms(now_ms)).max(0)
    }

    pub fn open_break(&self) -> Option<&Break> {
        self.breaks.iter().find(|pause| pause.ended_ms.is_none()).filter(|_| self.ended_ms.is_none())
    }

    /// Whether its end is missing, or will be.
    pub fn is_forgotten(&self, now_ms: i64) -> bool {
        self.forgotten || (self.ended_ms.is_none() && now_ms - self.started_ms > FORGOTTEN_MS)
    }

    /// Two shifts of one person that touch end to start do not overlap.
    pub fn overlaps(&self, started_ms: i64, ended_ms: Option<i64>) -> bool {
        !self.voided
            && !self.forgotten
            && ended_ms.is_none_or(|ended| self.started_ms < ended)
            && self.ended_ms.is_none_or(|ended| started_ms < ended)
    }
}

/// What a manager may write down: an end after its beginning, not in the future, breaks inside.
pub fn possible(span: Span, breaks: &[Span], now_ms: i64) -> Result<(), Refusal> {
    let Span { started_ms, ended_ms } = span;
    if ended_ms <= started_ms {
        return Err(Refusal::invalid("ended_ms", "The end is not after the beginning."));
    }
    if ended_ms > now_ms {
        return Err(Refusal::invalid("ended_ms", "The end is in the future."));
    }
    if ended_ms - started_ms > LENGTH_MS_MAX {
        return Err(Refusal::invalid("ended_ms", "A shift has 24 hours at most."));
    }
    let mut last = started_ms;
    for (at, pause) in breaks.iter().enumerate() {
        if pause.started_ms < last || pause.ended_ms <= pause.started_ms || pause.ended_ms > ended_ms {
            let message = "Breaks lie inside the shift, one after the other.";
            return Err(Refusal::invalid(format!("breaks[{at}]"), message));
        }
        last = pause.ended_ms;
    }
    Ok(())
}

/// The Monday of a date's week.
pub fn monday_of(date: NaiveDate) -> NaiveDate {
    date - Duration::days(i64::from(date.weekday().num_days_from_monday()))
}

/// When a business day begins. Where the clocks skip that minute: the first one after it.
pub fn day_begins_ms(date: NaiveDate, zone: Tz, cutoff_minute: u16) -> i64 {
    let wall = NaiveDateTime::new(date, NaiveTime::MIN) + Duration::minutes(cutoff_minute.into());
    (0..=4)
        .find_map(|halves| zone.from_local_datetime(&(wall + Duration::minutes(30 * halves))).earliest())
        .map_or_else(|| wall.and_utc().timestamp_millis(), |at| at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(started_ms: i64, ended_ms: Option<i64>) -> Entry {
        let (id, staff_id) = (TimeEntryId(uuid::Uuid::nil()), StaffId(uuid::Uuid::nil()));
        Entry { id, staff_id, started_ms, ended_ms, forgotten: false, voided: false, breaks: vec![] }
    }

    fn at(rfc3339: &str) -> i64 {
        chrono::DateTime::parse_from_rfc3339(rfc3339).unwrap().timestamp_millis()
    }

    #[test]
    fn a_night_the_clocks_change_has_the_hours_it_had() {
        let hours = |from, to| entry(at(from), Some(at(to))).worked_ms(0) / HOUR_MS;
        assert_eq!(hours("2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00"), 7);
        assert_eq!(hours("2026-10-24T22:00:00+02:00", "2026-10-25T06:00:00+01:00"), 9);
        assert_eq!(hours("2026-06-12T18:00:00+02:00", "2026-06-13T02:00:00+02:00"), 8);
    }

    #[test]
    fn a_break_is_not_worked_and_an_open_one_ends_with_the_shift() {
        let mut shift = entry(0, Some(8 * HOUR_MS));
        let pause = |started_ms, ended_ms| Break { id: BreakId(uuid::Uuid::nil()), started_ms, ended_ms };
        shift.breaks = vec![pause(HOUR_MS, Some(2 * HOUR_MS)), pause(7 * HOUR_MS, None)];
        assert_eq!((shift.break_ms(0), shift.worked_ms(0)), (2 * HOUR_MS, 6 * HOUR_MS));
    }

    #[test]
    fn shifts_that_touch_do_not_overlap() {
        let check = |a: (i64, Option<i64>), b: (i64, Option<i64>), expect: bool| {
            assert_eq!(entry(a.0, a.1).overlaps(b.0, b.1), expect, "{a:?} {b:?}");
            assert_eq!(entry(b.0, b.1).overlaps(a.0, a.1), expect, "{b:?} {a:?}");
        };
        check((0, Some(10)), (10, Some(20)), false);
        check((0, Some(11)), (10, Some(20)), true);
        check((0, None), (10, Some(20)), true);
        check((30, None), (10, Some(20)), false);
        check((0, Some(100)), (10, Some(20)), true);
    }

    #[test]
    fn what_is_written_down_must_be_possible() {
        let field = |span: (i64, i64), breaks: &[(i64, i64)]| {
            let span_of = |(started_ms, ended_ms)| Span { started_ms, ended_ms };
            let breaks: Vec<_> = breaks.iter().copied().map(span_of).collect();
            possible(span_of(span), &breaks, 100 * HOUR_MS).err().and_then(|refusal| refusal.field).unwrap_or_default()
        };
        assert_eq!(field((0, HOUR_MS), &[(1, 2), (2, 3)]), "");
        assert_eq!(field((5, 5), &[]), "ended_ms");
        assert_eq!(field((0, 101 * HOUR_MS), &[]), "ended_ms");
        assert_eq!(field((0, 25 * HOUR_MS), &[]), "ended_ms");
        assert_eq!(field((10, HOUR_MS), &[(1, 20)]), "breaks[0]");
        assert_eq!(field((0, 100), &[(1, 20), (19, 30)]), "breaks[1]");
    }

    #[test]
    fn a_business_day_begins_also_where_the_clocks_skip_its_minute() {
        let rome = chrono_tz::Europe::Rome;
        let date = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
        assert_eq!(day_begins_ms(date("2026-06-12"), rome, 240), at("2026-06-12T04:00:00+02:00"));
        assert_eq!(day_begins_ms(date("2026-03-29"), rome, 150), at("2026-03-29T03:00:00+02:00"));
        let santiago = chrono_tz::America::Santiago;
        assert_eq!(day_begins_ms(date("2026-09-06"), santiago, 0), at("2026-09-06T01:00:00-03:00"));
        assert_eq!(monday_of(date("2026-06-14")), date("2026-06-08"));
        assert_eq!(monday_of(date("2026-06-08")), date("2026-06-08"));
    }
}
