//! The values in a row: dates, times, prices, quantities, rates. Pure; each says why it cannot be read.

use chrono::{NaiveDate, NaiveTime};

use crate::kernel::money::{PRICE_MINOR_MAX, QUANTITY_MILLI_MAX, RATE_BP_MAX};

/// What is wrong with a row, for programs; the sentence beside it is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DirtyKind {
    WrongColumnCount,
    NotUtf8,
    TooLong,
    MissingId,
    MissingItem,
    BadDate,
    DateTooFar,
    BadTime,
    BadPrice,
    PriceTooHigh,
    Negative,
    BadQuantity,
    BadRate,
    TooMany,
    /// Of a menu: a thing without its name.
    MissingName,
    UnknownName,
    BadValue,
    Twice,
}

/// What a kind's sentence speaks of; each names what it needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DirtyParams {
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Column, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// How many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub there: Option<usize>,
    /// How many there may be, or have to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<usize>,
}

impl DirtyParams {
    fn value(text: &str) -> Self {
        Self { value: Some(text.to_owned()), ..Self::default() }
    }
}

/// Why a value cannot be used: for programs, and in a sentence of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad(pub DirtyKind, pub String, pub DirtyParams);

impl Bad {
    /// With nothing for a kind's sentence to speak of but our own.
    pub fn said(kind: DirtyKind, message: impl Into<String>) -> Self {
        Self(kind, message.into(), DirtyParams::default())
    }
}

fn bad<T>(kind: DirtyKind, text: &str, message: String) -> Result<T, Bad> {
    Err(Bad(kind, message, DirtyParams::value(text)))
}

/// How a file writes dates with the day or the month first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

impl DateOrder {
    /// What this date tells: a first part above twelve is a day, a second one above twelve too.
    pub fn told_by(text: &str) -> Option<DateOrder> {
        let (first, second) = two_parts(text.split([' ', 'T']).next()?)?;
        match (first > 12, second > 12) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}

/// The first two numbers of `13/01/2015`; none for dates that begin with the year.
fn two_parts(date: &str) -> Option<(u32, u32)> {
    let mut parts = date.split(['/', '.', '-']);
    let (first, second) = (parts.next()?, parts.next()?);
    (first.len() <= 2).then_some((first.parse().ok()?, second.parse().ok()?))
}

/// `2015-01-31`, `2015/01/31`, `20150131`, `31/01/2015`, `1/31/15`; a time after a space or `T` is given back.
pub fn date(text: &str, order: DateOrder) -> Result<(NaiveDate, Option<&str>), Bad> {
    let (day, rest) = match text.split_once([' ', 'T']) {
        Some((day, rest)) => (day, Some(rest.trim()).filter(|rest| !rest.is_empty())),
        None => (text, None),
    };
    let date = match two_parts(day) {
        Some(_) => {
            let mut numbers = day.split(['/', '.', '-']).map(str::parse::<u32>);
            let mut next = || numbers.next().and_then(Result::ok);
            let (first, second, year) = (next(), next(), next());
            let year = year.and_then(|year| i32::try_from(if year < 100 { 2000 + year } else { year }).ok());
            let (day, month) = match order {
                DateOrder::DayFirst => (first, second),
                DateOrder::MonthFirst => (second, first),
            };
            year.zip(month).zip(day).and_then(|((year, month), day)| NaiveDate::from_ymd_opt(year, month, day))
        }
        None => ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"]
            .iter()
            .find_map(|format| NaiveDate::parse_from_str(day, format).ok()),
    };
    match date {
        Some(date) if (1970..=2200).contains(&chrono::Datelike::year(&date)) => Ok((date, rest)),
        Some(_) => bad(DirtyKind::DateTooFar, text, format!("{text:?} is too far away for a sale")),
        None => bad(DirtyKind::BadDate, text, format!("{text:?} is not a date")),
    }
}

/// `11:38`, `11:38:36`, `11:38:36.5`, `11:38 PM`; a zone after it is left out.
pub fn time(text: &str) -> Result<NaiveTime, Bad> {
    let bare = text.trim_end_matches('Z');
    let bare = bare.split_once('+').map_or(bare, |(time, _)| time).trim();
    let upper = bare.to_uppercase().replace("A.M.", "AM").replace("P.M.", "PM");
    ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M%p", "%Hh%M"]
        .iter()
        .find_map(|format| NaiveTime::parse_from_str(&upper, format).ok())
        .map_or_else(|| bad(DirtyKind::BadTime, text, format!("{text:?} is not a time")), Ok)
}

/// A price in minor units: `13.25`, `13,25`, `1.234,50`, `1,234.50`, `$ 13.25`, `13.25 EUR`. Exact or refused.
pub fn price(text: &str, exponent: u8) -> Result<i64, Bad> {
    let number = text.trim_matches(|sign: char| !sign.is_ascii_digit() && !matches!(sign, '-' | '.' | ',' | '('));
    if number.starts_with('-') || number.starts_with('(') {
        return bad(DirtyKind::Negative, text, format!("{text:?} is negative"));
    }
    match decimal(number, exponent.into()) {
        Some(minor) if minor <= PRICE_MINOR_MAX => Ok(minor),
        Some(_) => bad(DirtyKind::PriceTooHigh, text, format!("{text:?} is too much for a price")),
        None => {
            let message = format!("{text:?} is not a price with at most {exponent} decimals");
            let params = DirtyParams { allowed: Some(exponent.into()), ..DirtyParams::value(text) };
            Err(Bad(DirtyKind::BadPrice, message, params))
        }
    }
}

/// In thousandths; above zero.
pub fn quantity(text: &str) -> Result<i64, Bad> {
    let number = text.trim().trim_start_matches(['x', 'X']).trim_end_matches(['x', 'X']).trim();
    if number.starts_with('-') {
        return bad(DirtyKind::Negative, text, format!("{text:?} is negative"));
    }
    match decimal(number, 3) {
        Some(milli @ 1..=QUANTITY_MILLI_MAX) => Ok(milli),
        _ => bad(DirtyKind::BadQuantity, text, format!("{text:?} is not a quantity above zero and below 10,000")),
    }
}

/// Per cent to basis points.
pub fn rate(text: &str) -> Result<i64, Bad> {
    match decimal(text.trim().trim_end_matches('%').trim(), 2) {
        Some(bp @ 0..=RATE_BP_MAX) => Ok(bp),
        _ => bad(DirtyKind::BadRate, text, format!("{text:?} is not a tax rate in per cent")),
    }
}

/// A decimal number times ten to the `digits`, if that is whole. Groups of three are read.
fn decimal(text: &str, digits: usize) -> Option<i64> {
    let last = text.rfind(['.', ',']);
    let (whole, part) = match last {
        None => (text, ""),
        Some(at) => {
            let (whole, part) = (&text[..at], &text[at + 1..]);
            let sign = &text[at..=at];
            // 1,234 is a thousand and more; so is 1.234.567. 1.234 has too many decimals, or three.
            let groups = whole.contains(sign) || (sign == "," && part.len() == 3 && !whole.contains('.') && digits < 3);
            if groups { (text, "") } else { (whole, part) }
        }
    };
    let (whole, part) = (ungrouped(whole)?, part.trim_end_matches('0'));
    if (whole.is_empty() && part.is_empty() && text.len() < 2) || part.len() > digits || whole.len() > 15 {
        return None;
    }
    let all = format!("{whole}{part:0<digits$}");
    all.bytes().all(|byte| byte.is_ascii_digit()).then(|| all.parse().ok())?
}

/// Digits without the signs between groups of three.
fn ungrouped(text: &str) -> Option<String> {
    let mut groups = text.split(['.', ',', '\u{a0}', ' ', '\'']);
    let first = groups.next().unwrap_or_default();
    let mut whole = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        whole.push_str(group);
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact_or_refused() {
        #[track_caller]
        fn check(text: &str, exponent: u8, expect: Result<i64, DirtyKind>) {
            assert_eq!(price(text, exponent).map_err(|bad| bad.0), expect, "{text}");
        }
        check("13.25", 2, Ok(1325));
        check("16", 2, Ok(1600));
        check("0", 2, Ok(0));
        check(".5", 2, Ok(50));
        check("12.5", 2, Ok(1250));
        check("12.500", 2, Ok(1250));
        check("13,25", 2, Ok(1325));
        check("1,234.50", 2, Ok(123450));
        check("1.234,50", 2, Ok(123450));
        check("1.234.567", 2, Ok(123456700));
        check("1,234", 2, Ok(123400));
        check("$ 13.25", 2, Ok(1325));
        check("13,25 €", 2, Ok(1325));
        check("1200", 0, Ok(1200));
        check("1.234", 3, Ok(1234));
        check("-3.00", 2, Err(DirtyKind::Negative));
        check("$-3.00", 2, Err(DirtyKind::Negative));
        check("(3.00)", 2, Err(DirtyKind::Negative));
        check("13.255", 2, Err(DirtyKind::BadPrice));
        check("12.50", 0, Err(DirtyKind::BadPrice));
        check("", 2, Err(DirtyKind::BadPrice));
        check(".", 2, Err(DirtyKind::BadPrice));
        check("abc", 2, Err(DirtyKind::BadPrice));
        check("1e5", 2, Err(DirtyKind::BadPrice));
        check("12,34,56", 2, Err(DirtyKind::BadPrice));
        check("99999999999999", 2, Err(DirtyKind::PriceTooHigh));
        check("999999999999999999999", 2, Err(DirtyKind::BadPrice));
    }

    #[test]
    fn quantities_and_rates_have_limits() {
        assert_eq!(quantity("2"), Ok(2000));
        assert_eq!(quantity("0.5"), Ok(500));
        assert_eq!(quantity("x3"), Ok(3000));
        assert_eq!(quantity("0").map_err(|bad| bad.0), Err(DirtyKind::BadQuantity));
        assert_eq!(quantity("-1").map_err(|bad| bad.0), Err(DirtyKind::Negative));
        assert_eq!(quantity("10000").map_err(|bad| bad.0), Err(DirtyKind::BadQuantity));
        assert_eq!(rate("10"), Ok(1000));
        assert_eq!(rate("5.5 %"), Ok(550));
        assert_eq!(rate("101").map_err(|bad| bad.0), Err(DirtyKind::BadRate));
        assert_eq!(rate("").map_err(|bad| bad.0), Err(DirtyKind::BadRate));
    }

    #[test]
    fn dates_are_read_in_the_order_of_the_file() {
        #[track_caller]
        fn check(text: &str, order: DateOrder, expect: Option<&str>) {
            assert_eq!(date(text, order).ok().map(|(date, _)| date.to_string()).as_deref(), expect, "{text}");
        }
        use DateOrder::{DayFirst, MonthFirst};
        check("2015-01-31", DayFirst, Some("2015-01-31"));
        check("2015/1/31", MonthFirst, Some("2015-01-31"));
        check("20150131", DayFirst, Some("2015-01-31"));
        check("2015-01-31T11:38:36", DayFirst, Some("2015-01-31"));
        check("03/04/2015", DayFirst, Some("2015-04-03"));
        check("03/04/2015", MonthFirst, Some("2015-03-04"));
        check("3.4.15", DayFirst, Some("2015-04-03"));
        check("31/02/2015", DayFirst, None);
        check("2015-02-29", DayFirst, None);
        check("1815-01-31", DayFirst, None);
        check("yesterday", DayFirst, None);
        check("", DayFirst, None);
        assert_eq!(DateOrder::told_by("13/01/2015"), Some(DayFirst));
        assert_eq!(DateOrder::told_by("01/13/2015 10:00"), Some(MonthFirst));
        assert_eq!(DateOrder::told_by("01/02/2015"), None);
        assert_eq!(DateOrder::told_by("2015-13-01"), None);
    }

    #[test]
    fn times_come_in_several_forms() {
        #[track_caller]
        fn check(text: &str, expect: Option<&str>) {
            assert_eq!(time(text).ok().map(|time| time.to_string()).as_deref(), expect, "{text}");
        }
        check("11:38:36", Some("11:38:36"));
        check("11:38", Some("11:38:00"));
        check("11:38 pm", Some("23:38:00"));
        check("11:38:36Z", Some("11:38:36"));
        check("11:38:36+02:00", Some("11:38:36"));
        check("25:00", None);
        check("", None);
    }
}
