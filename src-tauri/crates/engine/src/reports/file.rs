//! A report as CSV or as a spreadsheet.
//!
//! Column names are the words of the interface, not a person's language, so that a file read by a
//! program stays readable whoever fetched it.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use serde::Deserialize;
use utoipa::ToSchema;

use super::table::{Cell, Table};
use crate::error::ApiError;
use crate::exports::fields::{amount, plain};
use crate::orders::view::quantity;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    Csv,
    Xlsx,
}

impl FileKind {
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// `exponent`: decimals of the currency.
    pub fn write(self, table: &Table, exponent: u8) -> Result<Vec<u8>, ApiError> {
        match self {
            Self::Csv => csv(table, exponent),
            Self::Xlsx => xlsx(table, exponent).map_err(ApiError::internal),
        }
    }
}

fn csv(table: &Table, exponent: u8) -> Result<Vec<u8>, ApiError> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(&table.columns).map_err(ApiError::internal)?;
    for row in &table.rows {
        csv.write_record(row.iter().map(|cell| text(cell, exponent))).map_err(ApiError::internal)?;
    }
    csv.into_inner().map_err(ApiError::internal)
}

fn text(cell: &Cell, exponent: u8) -> String {
    match cell {
        Cell::Text(text) => plain(text),
        Cell::Date(date) => date.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Money(minor) => amount(*minor, exponent),
        Cell::Milli(milli) => quantity(*milli),
        Cell::Rate(bp) => quantity(bp * 10),
    }
}

/// Dates and amounts as a spreadsheet has them, the heading kept in sight, the sums below.
fn xlsx(table: &Table, exponent: u8) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(table.name)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(&table.columns) {
        sheet.write_with_format(0, column, *name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let mut at = 1;
    for row in &table.rows {
        for (column, cell) in (0..).zip(row) {
            write_cell(sheet, (at, column), cell, exponent, Format::new())?;
        }
        at += 1;
    }
    if !table.rows.is_empty() {
        for (column, sum) in (0..).zip(table.totals()) {
            if let Some(sum) = sum {
                write_cell(sheet, (at, column), &sum, exponent, Format::new().set_bold())?;
            }
        }
    }
    sheet.autofit();
    book.save_to_buffer()
}

#[expect(clippy::cast_precision_loss, reason = "a spreadsheet has no other numbers; 2^53 minor units are enough")]
fn write_cell(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    exponent: u8,
    format: Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Text(text) => sheet.write_string_with_format(row, column, text, &format)?,
        Cell::Date(date) => match ExcelDateTime::parse_from_str(date) {
            Ok(date) => sheet.write_datetime_with_format(row, column, &date, &format.set_num_format("yyyy-mm-dd"))?,
            // Before 1900 a spreadsheet knows no dates.
            Err(_) => sheet.write_string_with_format(row, column, date, &format)?,
        },
        Cell::Count(count) => sheet.write_number_with_format(row, column, *count as f64, &format)?,
        Cell::Money(minor) => {
            let value = minor.0 as f64 / 10_f64.powi(exponent.into());
            let decimals = if exponent == 0 { String::new() } else { format!(".{}", "0".repeat(exponent.into())) };
            sheet.write_number_with_format(row, column, value, &format.set_num_format(format!("#,##0{decimals}")))?
        }
        Cell::Milli(milli) => sheet.write_number_with_format(row, column, *milli as f64 / 1_000.0, &format)?,
        Cell::Rate(bp) => {
            sheet.write_number_with_format(row, column, *bp as f64 / 10_000.0, &format.set_num_format("0.00%"))?
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Minor;

    fn table() -> Table {
        Table {
            name: "items",
            columns: vec!["item", "quantity", "gross", "share"],
            rows: vec![
                vec![Cell::Text("=1+1".to_owned()), Cell::Milli(1500), Cell::Money(Minor(-105)), Cell::Rate(2250)],
                vec![Cell::Text("Cola".to_owned()), Cell::Milli(2000), Cell::Money(Minor(760)), Cell::Rate(7750)],
            ],
        }
    }

    #[test]
    fn a_csv_has_plain_numbers_and_no_formulas() {
        let csv = String::from_utf8(FileKind::Csv.write(&table(), 2).unwrap()).unwrap();
        assert_eq!(csv, "item,quantity,gross,share\n'=1+1,1.5,-1.05,22.5\nCola,2,7.60,77.5\n");
    }

    #[test]
    fn a_spreadsheet_is_a_zip_with_one_sheet() {
        let bytes = FileKind::Xlsx.write(&table(), 2).unwrap();
        assert!(bytes.starts_with(b"PK\x03\x04") && bytes.len() > 2_000);
    }
}
