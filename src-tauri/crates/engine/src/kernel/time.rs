//! Time: the one clock of the program, and the business date.
//!
//! Instants are Unix milliseconds. A business date is not the calendar date: with a cut-off of
//! four hours, what is sold at 01:30 belongs to the day before. The cut-off is on the wall clock,
//! so it holds on days with 23 or 25 hours too.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use chrono_tz::Tz;

use crate::error::Refusal;

/// Where the program takes the time from. Nothing else asks the operating system.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> i64 + Send + Sync>,
    steady: Arc<dyn Fn() -> i64 + Send + Sync>,
}

impl Clock {
    pub fn system() -> Self {
        let wall = || {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        };
        Self::from_fns(wall, steady_ms)
    }

    /// A clock that shows what `now_ms` says and that nobody moves: for tests and for looking at the past.
    pub fn from_fn(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        let now = Arc::new(now_ms);
        Self { wall: now.clone(), steady: now }
    }

    /// A clock somebody may set, and what runs beside it from any beginning and is never set.
    pub fn from_fns(
        now_ms: impl Fn() -> i64 + Send + Sync + 'static,
        steady_ms: impl Fn() -> i64 + Send + Sync + 'static,
    ) -> Self {
        Self { wall: Arc::new(now_ms), steady: Arc::new(steady_ms) }
    }

    pub fn now_ms(&self) -> i64 {
        (self.wall)()
    }

    /// Passes as time does, also while the computer sleeps; tells nothing of date or hour.
    pub fn steady_ms(&self) -> i64 {
        (self.steady)()
    }
}

/// Time since the computer was started. Not `Instant`: on Linux and macOS that stands while the computer sleeps, and
/// waking up would look as if somebody had set the clock.
#[cfg(unix)]
fn steady_ms() -> i64 {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(any(target_os = "linux", target_os = "android"))]
    let at = clock_gettime(ClockId::Boottime);
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let at = clock_gettime(ClockId::Monotonic);
    at.tv_sec.saturating_mul(1000).saturating_add(at.tv_nsec / 1_000_000)
}

#[cfg(not(unix))]
fn steady_ms() -> i64 {
    static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    i64::try_from(BEGAN.get_or_init(std::time::Instant::now).elapsed().as_millis()).unwrap_or(i64::MAX)
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now_ms())
    }
}

/// The wall clock of a time zone at an instant.
pub fn local(at_ms: i64, zone: Tz) -> NaiveDateTime {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.with_timezone(&zone).naive_local()
}

/// From when to when on a wall clock, to the second: `2026-06-12 21:03:10 to 21:03:14`.
pub fn between(from_ms: i64, to_ms: i64, zone: Tz) -> String {
    let (from, to) = (local(from_ms, zone), local(to_ms, zone));
    let form = if from.date() == to.date() { "%H:%M:%S" } else { "%Y-%m-%d %H:%M:%S" };
    format!("{} to {}", from.format("%Y-%m-%d %H:%M:%S"), to.format(form))
}

/// The hour on the wall, 0 to 23.
pub fn local_hour(at_ms: i64, zone: Tz) -> u32 {
    local(at_ms, zone).hour()
}

/// The business day an instant belongs to.
pub fn business_date(at_ms: i64, zone: Tz, cutoff_minute: u16) -> NaiveDate {
    let shifted = local(at_ms, zone).checked_sub_signed(Duration::minutes(i64::from(cutoff_minute)));
    shifted.unwrap_or_default().date()
}

/// The instant a business day begins. Where the clocks jump over the cut-off, it is when they have jumped.
pub fn begins_ms(date: NaiveDate, zone: Tz, cutoff_minute: u16) -> i64 {
    let wall = date.and_time(NaiveTime::MIN) + Duration::minutes(i64::from(cutoff_minute));
    let instants =
        (0..4).filter_map(|quarters| (wall + Duration::minutes(quarters * 30)).and_local_timezone(zone).earliest());
    instants.map(|at| at.timestamp_millis()).next().unwrap_or_else(|| wall.and_utc().timestamp_millis())
}

/// A business date as it is in files and answers: `2026-11-21`.
pub fn parse_date(field: &str, text: &str) -> Result<NaiveDate, Refusal> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    // chrono also reads 2026-1-2; what is stored and compared has one form.
    let date = date.filter(|date| date.to_string() == text);
    date.ok_or_else(|| Refusal::invalid(field, "A date looks like 2026-11-21."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(instant: &str, zone: Tz, cutoff_minute: u16, expect: &str) {
        let at_ms = DateTime::parse_from_rfc3339(instant).unwrap().timestamp_millis();
        assert_eq!(business_date(at_ms, zone, cutoff_minute).to_string(), expect, "{instant} in {zone}");
    }

    #[test]
    fn night_sales_belong_to_the_evening_before() {
        let rome = chrono_tz::Europe::Rome;
        check("2026-06-13T00:30:00+02:00", rome, 240, "2026-06-12");
        check("2026-06-13T03:59:59+02:00", rome, 240, "2026-06-12");
        check("2026-06-13T04:00:00+02:00", rome, 240, "2026-06-13");
        check("2026-06-13T00:00:00+02:00", rome, 0, "2026-06-13");
        check("2026-06-12T23:59:59+02:00", rome, 0, "2026-06-12");
    }

    #[test]
    fn the_cut_off_is_on_the_wall_clock_when_the_clocks_change() {
        let rome = chrono_tz::Europe::Rome;
        // Spring: 02:00 becomes 03:00. Autumn: 03:00 becomes 02:00.
        check("2026-03-29T03:59:00+02:00", rome, 240, "2026-03-28");
        check("2026-03-29T04:00:00+02:00", rome, 240, "2026-03-29");
        check("2026-10-25T02:30:00+02:00", rome, 150, "2026-10-25");
        check("2026-10-25T02:30:00+01:00", rome, 150, "2026-10-25");
        check("2026-10-25T03:59:00+01:00", rome, 240, "2026-10-24");
    }

    #[test]
    fn a_business_day_begins_where_the_one_before_ends() {
        for (zone, cutoff, dates) in [
            (chrono_tz::Europe::Rome, 240, ["2026-03-28", "2026-03-29", "2026-10-25", "2026-06-12"]),
            (chrono_tz::America::Santiago, 0, ["2026-09-05", "2026-09-06", "2026-04-04", "2026-04-05"]),
        ] {
            for date in dates.map(|date| parse_date("date", date).unwrap()) {
                let at = begins_ms(date, zone, cutoff);
                assert_eq!(business_date(at, zone, cutoff), date);
                assert_eq!(business_date(at - 1, zone, cutoff), date.pred_opt().unwrap(), "{date} in {zone}");
            }
        }
    }

    #[test]
    fn midnight_that_does_not_exist_is_no_trouble() {
        // In Santiago the clocks go from 23:59:59 to 01:00.
        check("2026-09-06T01:00:00-03:00", chrono_tz::America::Santiago, 0, "2026-09-06");
        check("2026-09-05T23:59:59-04:00", chrono_tz::America::Santiago, 0, "2026-09-05");
    }
}
