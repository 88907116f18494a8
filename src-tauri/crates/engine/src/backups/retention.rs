//! Which bases stay: the newest of each of the last days, weeks and months that have one, or those of the last days.
//!
//! Pure. The newest base and the newest verified one always stay. A restaurant that was put back begins another epoch:
//! the former one has its own newest base in each of them, and its last verified one stays for the days kept. Days, weeks (from Monday) and months are those of
//! the restaurant's own calendar; they are counted where there is a base, so that a closed week costs nothing.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "rule", deny_unknown_fields)]
#[schema(as = BackupRetention)]
pub enum Retention {
    /// The newest of so many days, weeks and months.
    Tiers { daily: u32, weekly: u32, monthly: u32 },
    /// All of the last so many days.
    Days { days: u32 },
}

impl Default for Retention {
    fn default() -> Self {
        Self::Tiers { daily: 7, weekly: 4, monthly: 12 }
    }
}

/// A base, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub id: Uuid,
    pub made_ms: i64,
    /// On the restaurant's calendar.
    pub date: NaiveDate,
    pub verified: bool,
    pub epoch: u64,
    /// Made because the restaurant was to be put back.
    pub before_restore: bool,
}

/// The bases that go, oldest first.
pub fn going(bases: &[Kept], retention: Retention, today: NaiveDate) -> Vec<Uuid> {
    let mut newest_first = bases.to_vec();
    newest_first.sort_by_key(|base| std::cmp::Reverse((base.made_ms, base.id)));
    let mut stays: BTreeSet<Uuid> = BTreeSet::new();
    let days = match retention {
        Retention::Tiers { daily, weekly, monthly } => {
            let day = |date: NaiveDate| (date.year(), date.ordinal());
            stays.extend(newest_of_each(&newest_first, daily, day));
            stays
                .extend(newest_of_each(&newest_first, weekly, |date| (date.iso_week().year(), date.iso_week().week())));
            stays.extend(newest_of_each(&newest_first, monthly, |date| (date.year(), date.month())));
            // What was made before a restore stays for as long as its day does.
            let kept = newest(&newest_first, daily, day);
            let before = |base: &&Kept| base.before_restore && kept.contains(&day(base.date));
            stays.extend(newest_first.iter().filter(before).map(|base| base.id));
            daily
        }
        Retention::Days { days } => days,
    };
    let young = |base: &&Kept| (today - base.date).num_days() < i64::from(days);
    if let Retention::Days { .. } = retention {
        stays.extend(newest_first.iter().filter(young).map(|base| base.id));
    }
    stays.extend(newest_first.first().map(|base| base.id));
    stays.extend(newest_first.iter().find(|base| base.verified).map(|base| base.id));
    // What a restaurant was before it was put back is wanted for some days, whatever came after.
    let epochs: BTreeSet<u64> = newest_first.iter().map(|base| base.epoch).collect();
    stays.extend(epochs.into_iter().filter_map(|epoch| {
        let mut of_epoch = newest_first.iter().filter(|base| base.epoch == epoch);
        of_epoch.find(|base| base.verified).filter(young).map(|base| base.id)
    }));
    newest_first.iter().rev().map(|base| base.id).filter(|id| !stays.contains(id)).collect()
}

type Period = (i32, u32);

/// The newest periods that have a base.
fn newest(newest_first: &[Kept], periods: u32, period: impl Fn(NaiveDate) -> Period) -> Vec<Period> {
    let mut of: Vec<_> = newest_first.iter().map(|base| period(base.date)).collect();
    of.dedup();
    of.truncate(periods as usize);
    of
}

/// The newest base of each epoch in each of the newest periods. A verified one stands for both before one that is not.
fn newest_of_each(newest_first: &[Kept], periods: u32, period: impl Fn(NaiveDate) -> Period) -> Vec<Uuid> {
    let periods = newest(newest_first, periods, &period);
    let mut kept: Vec<((Period, u64), Kept)> = Vec::new();
    for base in newest_first.iter().filter(|base| periods.contains(&period(base.date))) {
        let of = (period(base.date), base.epoch);
        match kept.iter().position(|(known, _)| *known == of) {
            Some(at) if base.verified && !kept[at].1.verified => kept[at].1 = *base,
            Some(_) => {}
            None => kept.push((of, *base)),
        }
    }
    kept.into_iter().map(|(_, base)| base.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    fn day(number: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Duration::days(number)
    }

    fn base(number: i64, hour: i64, verified: bool) -> Kept {
        let made_ms = number * DAY_MS + hour * 3_600_000;
        let id = Uuid::from_u128(made_ms as u128 + 1);
        Kept { id, made_ms, date: day(number), verified, epoch: 1, before_restore: false }
    }

    fn nights(count: i64) -> Vec<Kept> {
        (0..count).map(|number| base(number, 2, true)).collect()
    }

    fn stay(bases: &[Kept], retention: Retention, today: i64) -> Vec<i64> {
        let gone = going(bases, retention, day(today));
        let mut stay: Vec<_> = bases.iter().filter(|b| !gone.contains(&b.id)).map(|b| b.made_ms / DAY_MS).collect();
        stay.sort_unstable();
        stay
    }

    const USUAL: Retention = Retention::Tiers { daily: 7, weekly: 4, monthly: 12 };

    #[test]
    fn a_year_of_nights_leaves_seven_days_four_weeks_twelve_months() {
        // 2026-01-01 is a Thursday; day 364 is 31 December.
        let stays = stay(&nights(365), USUAL, 364);
        assert_eq!(stays[stays.len() - 7..], [358, 359, 360, 361, 362, 363, 364]);
        let month_ends = [30, 58, 89, 119, 150, 180, 211, 242, 272, 303, 333, 364];
        assert!(month_ends.iter().all(|end| stays.contains(end)), "{stays:?}");
        // Sundays 20 December (353) and 13 December (346), and 27 December (360), which is a day too.
        assert!([346, 353].iter().all(|sunday| stays.contains(sunday)), "{stays:?}");
        assert_eq!(stays.len(), 7 + 2 + 11);
    }

    #[test]
    fn the_newest_and_the_newest_verified_always_stay() {
        let mut bases = nights(3);
        bases.extend((3..20).map(|number| base(number, 2, false)));
        let none = Retention::Tiers { daily: 0, weekly: 0, monthly: 0 };
        assert_eq!(stay(&bases, none, 400), [2, 19]);
        assert_eq!(stay(&bases, Retention::Days { days: 0 }, 400), [2, 19]);
        assert_eq!(stay(&nights(1), none, 400), [0]);
        assert!(going(&[], USUAL, day(0)).is_empty());
    }

    #[test]
    fn a_verified_base_stands_for_its_day() {
        let bases = [base(0, 2, true), base(0, 14, false), base(1, 2, true), base(1, 3, true)];
        let gone = going(&bases, Retention::Tiers { daily: 2, weekly: 0, monthly: 0 }, day(1));
        assert_eq!(gone, [bases[1].id, bases[2].id]);
    }

    #[test]
    fn what_was_before_a_restore_stays_as_long_as_its_day_does() {
        // Two nights, the base before a restore at 10, and the first ones of what came after, one of them next day.
        let mut bases =
            vec![base(0, 2, true), base(1, 2, true), base(1, 10, true), base(1, 11, true), base(2, 2, true)];
        bases[2].before_restore = true;
        bases[3..].iter_mut().for_each(|base| base.epoch = 2);
        let tiers = |daily| Retention::Tiers { daily, weekly: 0, monthly: 0 };
        assert_eq!(going(&bases, tiers(7), day(2)), [bases[1].id], "its day has a newer one of the same epoch");
        assert_eq!(going(&bases, Retention::Days { days: 2 }, day(2)), [bases[0].id]);
        // Not tested any more, it is still what there was.
        bases[2].verified = false;
        assert!(going(&bases, tiers(7), day(2)).is_empty());
        // Its day goes: with it, what was before.
        assert_eq!(going(&bases, tiers(1), day(2)), [bases[0].id, bases[1].id, bases[2].id, bases[3].id]);
    }

    #[test]
    fn the_last_verified_of_a_former_epoch_stays_while_it_is_young() {
        // Put back on the second day; after that there was a base each day.
        let mut bases = nights(9);
        bases[2..].iter_mut().for_each(|base| base.epoch = 2);
        let days = Retention::Tiers { daily: 8, weekly: 0, monthly: 0 };
        assert_eq!(going(&bases, days, day(8)), [bases[0].id]);
        let few = Retention::Tiers { daily: 2, weekly: 0, monthly: 0 };
        assert_eq!(stay(&bases[..3], few, 2), [1, 2]);
        assert_eq!(stay(&bases, few, 8), [7, 8], "it is old");
    }

    #[test]
    fn days_are_counted_back_from_today() {
        assert_eq!(stay(&nights(40), Retention::Days { days: 30 }, 39), (10..40).collect::<Vec<_>>());
    }

    #[test]
    fn cleaning_up_twice_is_cleaning_up_once() {
        let bases = nights(400);
        let gone = going(&bases, USUAL, day(399));
        let left: Vec<_> = bases.into_iter().filter(|base| !gone.contains(&base.id)).collect();
        assert!(going(&left, USUAL, day(399)).is_empty());
    }
}
