//! A table's cells in a file: as CSV has them, or as a spreadsheet does.
//!
//! Column names are the words of the interface, not a person's language, so that a file read by a
//! program stays readable whoever fetched it.

use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};
use serde::Deserialize;
use utoipa::ToSchema;

use super::fields::{amount, plain};
use crate::kernel::money::Minor;
use crate::orders::view::quantity;

/// One cell. What is a number stays one in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Nothing,
    Text(String),
    Date(String),
    Count(i64),
    Money(Minor),
    /// Thousandths.
    Milli(i64),
    /// Basis points, shown as a percentage.
    Rate(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Csv,
    Xlsx,
    Pdf,
}

impl FileKind {
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }
}

/// As CSV has it; `exponent`: decimals of the currency.
pub fn text(cell: &Cell, exponent: u8) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Text(text) => plain(text),
        Cell::Date(date) => date.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Money(minor) => amount(*minor, exponent),
        Cell::Milli(milli) => quantity(*milli),
        Cell::Rate(bp) => quantity(bp * 10),
    }
}

/// How a spreadsheet shows each kind of cell.
pub struct Formats {
    exponent: u8,
    plain: Format,
    date: Format,
    money: Format,
    rate: Format,
}

impl Formats {
    /// All of them on top of one; `exponent`: decimals of the currency.
    pub fn on(base: &Format, exponent: u8) -> Self {
        let decimals = if exponent == 0 { String::new() } else { format!(".{}", "0".repeat(exponent.into())) };
        let shown = |as_number: &str| base.clone().set_num_format(as_number);
        Self {
            exponent,
            plain: base.clone(),
            date: shown("yyyy-mm-dd"),
            money: shown(&format!("#,##0{decimals}")),
            rate: shown("0.00%"),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers; 2^53 minor units are enough")]
pub fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let (number, format) = match cell {
        Cell::Nothing => return Ok(()),
        Cell::Text(text) => return sheet.write_string_with_format(row, column, text, &formats.plain).map(drop),
        Cell::Date(date) => {
            return match ExcelDateTime::parse_from_str(date) {
                Ok(date) => sheet.write_datetime_with_format(row, column, &date, &formats.date).map(drop),
                // Before 1900 a spreadsheet knows no dates.
                Err(_) => sheet.write_string_with_format(row, column, date, &formats.plain).map(drop),
            };
        }
        Cell::Count(count) => (*count as f64, &formats.plain),
        Cell::Money(minor) => (minor.0 as f64 / 10_f64.powi(formats.exponent.into()), &formats.money),
        Cell::Milli(milli) => (*milli as f64 / 1_000.0, &formats.plain),
        Cell::Rate(bp) => (*bp as f64 / 10_000.0, &formats.rate),
    };
    sheet.write_number_with_format(row, column, number, format).map(drop)
}
