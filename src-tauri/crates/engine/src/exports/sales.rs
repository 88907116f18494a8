//! Sales as CSV or as a spreadsheet. The page and the command line both come here.

use std::io::Write;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::cells::{self, Cell, Formats};
use super::store::{self, SoldRow};
use crate::app::Restaurant;
use crate::error::{ApiError, Refusal};
use crate::kernel::money::Rounding;
use crate::kernel::time;
use crate::restaurant::model::Settings;

/// What a column is called, and how wide a spreadsheet shows it, in characters.
const COLUMNS: [(&str, u8); 13] = [
    ("order_number", 14),
    ("date", 11),
    ("time", 9),
    ("business_date", 14),
    ("service", 10),
    ("table", 10),
    ("covers", 7),
    ("item", 34),
    ("quantity", 9),
    ("unit_price", 11),
    ("line_total", 11),
    ("tax_rate", 9),
    ("currency", 9),
];
/// Lines in a spreadsheet: more would take seconds to open, and a sheet ends at a million. CSV has no such end.
pub const SHEET_LINES_MAX: u32 = 250_000;

type Line = [Cell; COLUMNS.len()];

/// Business days from `from` to `to`, both in; `progress` hears of each that is written.
pub fn write(
    restaurant: &Restaurant,
    days: (&str, &str),
    out: impl Write,
    mut progress: impl FnMut(&str),
) -> Result<u64, ApiError> {
    let exponent = restaurant.settings()?.currency.exponent;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS.map(|(name, _)| name)).map_err(ApiError::internal)?;
    each_day(restaurant, days, |day, lines| {
        for line in lines {
            csv.write_record(line.iter().map(|cell| cells::text(cell, exponent))).map_err(ApiError::internal)?;
        }
        csv.flush().map_err(ApiError::internal)?;
        progress(day);
        Ok(())
    })
}

/// The same as a spreadsheet; refused where it would be too long for one.
pub fn write_sheet(
    restaurant: &Restaurant,
    days: (&str, &str),
    out: impl Write + Send,
    mut progress: impl FnMut(&str),
) -> Result<u64, ApiError> {
    let formats = Formats::on(&Format::new(), restaurant.settings()?.currency.exponent);
    let mut book = Workbook::new();
    // Rows go to the disk as they are written.
    let sheet = book.add_worksheet_with_constant_memory().map_err(ApiError::internal)?;
    heading(sheet).map_err(ApiError::internal)?;
    let mut row = 0;
    let written = each_day(restaurant, days, |day, lines| {
        for line in lines {
            row += 1;
            if row > SHEET_LINES_MAX {
                let text = format!("A spreadsheet has at most {SHEET_LINES_MAX} lines: choose fewer days, or CSV.");
                return Err(Refusal::rule(text).at("from").into());
            }
            for (column, cell) in (0..).zip(line) {
                cells::write(sheet, (row, column), cell, &formats).map_err(ApiError::internal)?;
            }
        }
        progress(day);
        Ok(())
    })?;
    book.save_to_writer(out).map_err(ApiError::internal)?;
    Ok(written)
}

fn heading(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("sales")?;
    let bold = Format::new().set_bold();
    for (column, (name, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_with_format(0, column, name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0).map(drop)
}

/// The lines sold, day by day; how many they were.
fn each_day(
    restaurant: &Restaurant,
    (from, to): (&str, &str),
    mut write: impl FnMut(&str, &[Line]) -> Result<(), ApiError>,
) -> Result<u64, ApiError> {
    let settings = restaurant.settings()?;
    // Days before the first are passed over: `day_before` sorts right before it.
    let mut after = day_before(from);
    let mut written = 0;
    while let Some(day) = restaurant.read::<_, ApiError>(|conn| Ok(store::next_day(conn, &after, to)?))? {
        let sold = restaurant.read::<_, ApiError>(|conn| Ok(store::sold_on(conn, &day)?))?;
        let lines: Vec<Line> = sold.into_iter().map(|sold| line(&settings, &day, sold)).collect();
        write(&day, &lines)?;
        written += lines.len() as u64;
        after = day;
    }
    Ok(written)
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

fn line(settings: &Settings, day: &str, sold: SoldRow) -> Line {
    use Cell::{Count, Date, Milli, Money, Nothing, Rate, Text};
    let at = time::local(sold.opened_ms, settings.time_zone);
    let total = sold.total.unwrap_or_else(|| sold.unit_price.times(sold.quantity_milli, Rounding::HalfUp));
    [
        Text(sold.number),
        Date(at.format("%Y-%m-%d").to_string()),
        Text(at.format("%H:%M:%S").to_string()),
        Date(day.to_owned()),
        Text(sold.service),
        sold.table.map_or(Nothing, Text),
        sold.covers.map_or(Nothing, Count),
        Text(sold.name),
        Milli(sold.quantity_milli),
        Money(sold.unit_price),
        Money(total),
        Rate(sold.tax_rate_bp),
        Text(settings.currency.code.to_owned()),
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
        let text = |name: &str| cells::text(&Cell::Text(name.to_owned()), 2);
        assert_eq!(text("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(text("Margherita"), "Margherita");
    }
}
