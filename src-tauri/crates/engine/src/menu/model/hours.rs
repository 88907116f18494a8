//! When a price list holds: days of the week, minutes of the day, a range of dates, on the wall
//! clock of the restaurant.
//!
//! A time that passes midnight belongs to the day it began on: Friday 22:00 to 02:00 holds at 01:00
//! on Saturday. Because it is the wall clock that counts, an hour that comes twice is inside both
//! times, and one that is left out takes nothing with it.

use serde::{Deserialize, Serialize};

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike};

/// Minutes of a day.
pub const DAY_MINUTES: i64 = 1440;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hours {
    /// Bit 0 Monday to bit 6 Sunday; None: every day.
    pub days: Option<u8>,
    /// From and to, in minutes of the day; `to` not above `from` is on the day after. None: all day.
    pub minutes: Option<(i64, i64)>,
    /// The first and last day it begins on.
    pub from_date: Option<NaiveDate>,
    pub to_date: Option<NaiveDate>,
}

impl Hours {
    pub fn hold(&self, at: NaiveDateTime) -> bool {
        let minute = i64::from(at.hour() * 60 + at.minute());
        let today = at.date();
        let begun = match self.minutes {
            None => Some(today),
            Some((from, to)) if from < to => (from <= minute && minute < to).then_some(today),
            Some((from, _)) if from <= minute => Some(today),
            Some((_, to)) if minute < to => today.checked_sub_days(Days::new(1)),
            Some(_) => None,
        };
        begun.is_some_and(|day| self.begin_on(day))
    }

    fn begin_on(&self, day: NaiveDate) -> bool {
        let bit = 1 << day.weekday().num_days_from_monday();
        self.days.is_none_or(|days| days & bit != 0)
            && self.from_date.is_none_or(|from| from <= day)
            && self.to_date.is_none_or(|to| day <= to)
    }
}

/// The next moment at which one of these may begin or end to hold, within two days.
pub fn next_change(hours: &[Hours], at: NaiveDateTime) -> Option<NaiveDateTime> {
    let days = [0, 1, 2].into_iter().filter_map(|ahead| at.date().checked_add_days(Days::new(ahead)));
    let moments = days.flat_map(|day| {
        let minutes = hours.iter().flat_map(|hours| {
            let (from, to) = hours.minutes.unwrap_or((0, 0));
            [0, from, to]
        });
        minutes.filter_map(move |minute| {
            let seconds = u32::try_from(minute * 60).ok()?;
            Some(day.and_time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)?))
        })
    });
    moments.filter(|moment| *moment > at).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn date(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    #[track_caller]
    fn check(hours: Hours, text: &str, expect: bool) {
        assert_eq!(hours.hold(at(text)), expect, "{hours:?} at {text}");
    }

    #[test]
    fn an_hour_begins_with_its_first_minute_and_ends_before_its_last() {
        let happy = Hours { minutes: Some((17 * 60, 19 * 60)), ..Hours::default() };
        check(happy, "2026-06-12 16:59", false);
        check(happy, "2026-06-12 17:00", true);
        check(happy, "2026-06-12 18:59", true);
        check(happy, "2026-06-12 19:00", false);
        check(Hours::default(), "2026-06-12 03:00", true);
    }

    #[test]
    fn a_night_belongs_to_the_day_it_began_on() {
        // The 12th of June 2026 is a Friday.
        let friday = Hours { days: Some(1 << 4), minutes: Some((22 * 60, 2 * 60)), ..Hours::default() };
        check(friday, "2026-06-12 22:00", true);
        check(friday, "2026-06-13 01:59", true);
        check(friday, "2026-06-13 02:00", false);
        check(friday, "2026-06-13 22:00", false);
        check(friday, "2026-06-12 01:00", false);
        let last = Hours { to_date: date("2026-06-12"), ..friday };
        check(last, "2026-06-13 01:00", true);
        check(last, "2026-06-19 23:00", false);
    }

    #[test]
    fn the_same_minute_twice_is_a_whole_day_from_there() {
        let day = Hours { days: Some(1 << 4), minutes: Some((6 * 60, 6 * 60)), ..Hours::default() };
        check(day, "2026-06-12 05:59", false);
        check(day, "2026-06-12 06:00", true);
        check(day, "2026-06-13 05:59", true);
        check(day, "2026-06-13 06:00", false);
    }

    #[test]
    fn dates_are_both_inside() {
        let week = Hours { from_date: date("2026-06-08"), to_date: date("2026-06-14"), ..Hours::default() };
        check(week, "2026-06-07 23:59", false);
        check(week, "2026-06-08 00:00", true);
        check(week, "2026-06-14 23:59", true);
        check(week, "2026-06-15 00:00", false);
    }

    #[test]
    fn the_next_change_is_the_nearest_of_all() {
        let happy = Hours { minutes: Some((17 * 60, 19 * 60)), ..Hours::default() };
        let lunch = Hours { minutes: Some((12 * 60, 15 * 60)), ..Hours::default() };
        let next = |text: &str| next_change(&[happy, lunch], at(text)).unwrap().to_string();
        assert_eq!(next("2026-06-12 14:00"), "2026-06-12 15:00:00");
        assert_eq!(next("2026-06-12 15:00"), "2026-06-12 17:00:00");
        assert_eq!(next("2026-06-12 19:30"), "2026-06-13 00:00:00");
        assert_eq!(next_change(&[], at("2026-06-12 14:00")), None);
    }
}
