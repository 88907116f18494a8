//! Days asked for, and the rows of each report. Pure.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Refusal;
use crate::kernel::ids::AccountId;
use crate::kernel::money::{Minor, Rounding};
use crate::kernel::time::parse_date;
use crate::till::model::Totals;

/// Most business days in one report: three years.
pub const DAYS_MAX: i64 = 1_100;

/// Business days, first and last in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

impl Range {
    /// What is asked for; left out: up to today, and that one day.
    pub fn of(from: Option<&str>, to: Option<&str>, today: NaiveDate) -> Result<Self, Refusal> {
        let named = if to.is_some() { "to" } else { "from" };
        let to = to.map_or(Ok(today), |to| parse_date("to", to))?;
        let from = from.map_or(Ok(to), |from| parse_date("from", from))?;
        let range = Self { from, to };
        if from > to {
            return Err(Refusal::invalid(named, "The last day is before the first."));
        }
        if range.days() > DAYS_MAX {
            return Err(Refusal::invalid("from", format!("A report is of {DAYS_MAX} days at most.")));
        }
        Ok(range)
    }

    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days() + 1
    }

    /// As many days so many whole weeks ago that they come before these: every weekday beside its like.
    #[must_use]
    pub fn before(&self) -> Self {
        let weeks = (self.days() + 6) / 7;
        let back = Days::new(weeks.unsigned_abs() * 7);
        let earlier = |date: NaiveDate| date.checked_sub_days(back).unwrap_or(NaiveDate::MIN);
        Self { from: earlier(self.from), to: earlier(self.to) }
    }

    pub fn words(&self) -> (String, String) {
        (self.from.to_string(), self.to.to_string())
    }
}

/// A report: its days and its rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct Report<T> {
    pub from: String,
    pub to: String,
    pub rows: Vec<T>,
}

/// What the days come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReportSummary)]
pub struct Summary {
    pub from: String,
    pub to: String,
    /// How many of the days had sales.
    pub days_with_sales: i64,
    pub totals: Totals,
    pub averages: Averages,
    pub states: States,
    pub before: Before,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Averages {
    pub check_minor: Minor,
    /// Null: nobody counted the covers.
    pub cover_minor: Option<Minor>,
    /// A day with sales.
    pub day_minor: Option<Minor>,
    /// From opening to completion; null: no order took time (sales brought in do not).
    pub turn_ms: Option<i64>,
}

/// How many orders of the days are how far.
#[derive(Debug, Serialize, ToSchema)]
pub struct States {
    pub open: i64,
    pub completed: i64,
    pub cancelled: i64,
}

/// The same weekdays before: the week before for up to seven days, else as many weeks as it takes.
#[derive(Debug, Serialize, ToSchema)]
pub struct Before {
    pub from: String,
    pub to: String,
    pub orders: i64,
    pub covers: i64,
    pub gross_minor: Minor,
    pub average_minor: Minor,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DayRow {
    pub business_date: String,
    pub orders: i64,
    pub covers: i64,
    pub gross_minor: Minor,
    pub net_minor: Minor,
    pub tax_minor: Minor,
    pub average_minor: Minor,
    pub discounts_minor: Minor,
    pub comps_minor: Minor,
    pub service_charge_minor: Minor,
    pub refunds_minor: Minor,
    pub voids: i64,
    pub voids_minor: Minor,
    pub tips_minor: Minor,
    /// The same weekday of the week before.
    pub before_minor: Minor,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HourRow {
    /// On the restaurant's wall, 0 to 23; the hours follow each other as in a business day.
    pub hour: i64,
    pub orders: i64,
    pub covers: i64,
    pub gross_minor: Minor,
    pub average_minor: Minor,
    /// The same weekdays before.
    pub before_minor: Minor,
}

/// An hour of a weekday, over all such days.
#[derive(Debug, Serialize, ToSchema)]
pub struct WeekRow {
    /// 1 Monday to 7 Sunday, of the business day.
    pub weekday: i64,
    pub hour: i64,
    /// Days with sales in that hour.
    pub days: i64,
    pub orders: i64,
    pub gross_minor: Minor,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ItemRow {
    pub name: String,
    /// Where the menu has it now; null: nowhere.
    pub category: Option<String>,
    pub quantity_milli: i64,
    /// Lines as charged: before what was taken off whole checks, without the service charge.
    pub gross_minor: Minor,
    /// Of all items.
    pub share_bp: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryRow {
    /// Null: sold without being on the menu now.
    pub category: Option<String>,
    pub items: i64,
    pub quantity_milli: i64,
    pub gross_minor: Minor,
    pub share_bp: i64,
}

/// Orders are of who opened them, money of who took it, voids of who voided.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffRow {
    pub account_id: AccountId,
    pub name: String,
    pub orders: i64,
    pub covers: i64,
    pub gross_minor: Minor,
    pub average_minor: Minor,
    pub discounts_minor: Minor,
    pub comps_minor: Minor,
    pub voids: i64,
    pub voids_minor: Minor,
    pub payments: i64,
    pub taken_minor: Minor,
    pub tips_minor: Minor,
    pub refunds: i64,
    pub refunds_minor: Minor,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TenderRow {
    pub tender: String,
    pub payments: i64,
    /// Settled of checks.
    pub settled_minor: Minor,
    pub rounding_minor: Minor,
    pub tips_minor: Minor,
    pub refunds: i64,
    /// Given back, with its rounding.
    pub refunds_minor: Minor,
    /// What came in less what went out.
    pub taken_minor: Minor,
    /// Of what was settled.
    pub share_bp: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct TaxRow {
    pub rate_bp: i64,
    pub base_minor: Minor,
    pub tax_minor: Minor,
    /// In what came back.
    pub back_base_minor: Minor,
    pub back_tax_minor: Minor,
}

/// A sum over so many; nothing over none.
pub fn each(sum: Minor, count: i64) -> Option<Minor> {
    (count > 0).then(|| Minor(Rounding::HalfUp.divide(sum.0.into(), count.into())))
}

/// A part of a whole in basis points; of nothing: 0.
pub fn share_bp(part: Minor, whole: Minor) -> i64 {
    if whole.0 <= 0 { 0 } else { Rounding::HalfUp.divide(i128::from(part.0) * 10_000, whole.0.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_left_out_are_today() {
        #[track_caller]
        fn check(from: Option<&str>, to: Option<&str>, expect: Result<(&str, &str), &str>) {
            let range = Range::of(from, to, day("2026-06-12"));
            let expect = expect.map(|(from, to)| Range { from: day(from), to: day(to) });
            assert_eq!(range.map_err(|refusal| refusal.field.unwrap_or_default()), expect.map_err(str::to_owned));
        }
        check(None, None, Ok(("2026-06-12", "2026-06-12")));
        check(Some("2026-06-01"), None, Ok(("2026-06-01", "2026-06-12")));
        check(None, Some("2026-06-01"), Ok(("2026-06-01", "2026-06-01")));
        check(Some("2026-06-13"), None, Err("from"));
        check(Some("2026-06-13"), Some("2026-06-12"), Err("to"));
        check(Some("2026-6-1"), None, Err("from"));
        check(None, Some("tomorrow"), Err("to"));
        check(Some("2023-06-09"), None, Ok(("2023-06-09", "2026-06-12")));
        check(Some("2023-06-08"), None, Err("from"));
    }

    #[test]
    fn days_before_are_the_same_weekdays_and_do_not_overlap() {
        #[track_caller]
        fn check(from: &str, to: &str, before: (&str, &str)) {
            let range = Range { from: day(from), to: day(to) };
            assert_eq!(range.before(), Range { from: day(before.0), to: day(before.1) });
        }
        check("2026-06-12", "2026-06-12", ("2026-06-05", "2026-06-05"));
        check("2026-06-08", "2026-06-14", ("2026-06-01", "2026-06-07"));
        check("2026-06-01", "2026-06-30", ("2026-04-27", "2026-05-26"));
    }

    #[test]
    fn shares_and_averages_of_nothing_are_nothing() {
        assert_eq!((each(Minor(1000), 3), each(Minor(1000), 0)), (Some(Minor(333)), None));
        assert_eq!((share_bp(Minor(1), Minor(3)), share_bp(Minor(1), Minor(0))), (3333, 0));
    }
}
