//! Sales as CSV. The page and the command line both come here.

use std::io::Write;

use super::fields::{amount, plain};
use super::store::{self, SoldRow};
use crate::app::Restaurant;
use crate::error::ApiError;
use crate::kernel::money::Rounding;
use crate::kernel::time;
use crate::orders::view::quantity;
use crate::restaurant::model::Settings;

const COLUMNS: [&str; 13] = [
    "order_number",
    "date",
    "time",
    "business_date",
    "service",
    "table",
    "covers",
    "item",
    "quantity",
    "unit_price",
    "line_total",
    "tax_rate",
    "currency",
];

/// Business days from `from` to `to`, both in; `progress` hears of each that is written.
pub fn write(
    restaurant: &Restaurant,
    (from, to): (&str, &str),
    out: impl Write,
    mut progress: impl FnMut(&str),
) -> Result<u64, ApiError> {
    let settings = restaurant.settings()?;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS).map_err(ApiError::internal)?;
    // Days before the first are passed over: `day_before` sorts right before it.
    let mut after = day_before(from);
    let mut lines = 0;
    while let Some(day) = restaurant.read::<_, ApiError>(|conn| Ok(store::next_day(conn, &after, to)?))? {
        for sold in restaurant.read::<_, ApiError>(|conn| Ok(store::sold_on(conn, &day)?))? {
            csv.write_record(row(&settings, &day, &sold)).map_err(ApiError::internal)?;
            lines += 1;
        }
        csv.flush().map_err(ApiError::internal)?;
        progress(&day);
        after = day;
    }
    Ok(lines)
}

/// A text that sorts before the day and after every day before it.
fn day_before(day: &str) -> String {
    let mut before = day.to_owned();
    let last = before.pop().unwrap_or('0');
    match char::from_u32(u32::from(last).saturating_sub(1)) {
        Some(smaller) => before.push(smaller),
        None => return before,
    }
    before.push('~');
    before
}

fn row(settings: &Settings, day: &str, sold: &SoldRow) -> [String; 13] {
    let at = time::local(sold.opened_ms, settings.time_zone);
    let total = sold.total.unwrap_or_else(|| sold.unit_price.times(sold.quantity_milli, Rounding::HalfUp));
    [
        plain(&sold.number),
        at.format("%Y-%m-%d").to_string(),
        at.format("%H:%M:%S").to_string(),
        day.to_owned(),
        sold.service.clone(),
        sold.table.as_deref().map(plain).unwrap_or_default(),
        sold.covers.map(|covers| covers.to_string()).unwrap_or_default(),
        plain(&sold.name),
        quantity(sold.quantity_milli),
        amount(sold.unit_price, settings.currency.exponent),
        amount(total, settings.currency.exponent),
        quantity(sold.tax_rate_bp * 10),
        settings.currency.code.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_begins_with_its_first_day() {
        for (day, before) in [("2026-11-21", "2026-11-20"), ("2026-11-10", "2026-11-09"), ("2026-01-01", "2025-12-31")]
        {
            let bound = day_before(day);
            assert!(bound.as_str() < day && before < bound.as_str(), "{before} < {bound} < {day}");
        }
    }

    #[test]
    fn a_name_is_never_a_formula() {
        assert_eq!(plain("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(plain("Margherita"), "Margherita");
    }
}
