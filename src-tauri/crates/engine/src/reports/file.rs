//! A report as CSV, as a spreadsheet, or as pages to print.

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::table::Table;
use crate::error::ApiError;
use crate::exports::cells::{self, Cell, FileKind, Formats};
use crate::printing::paper::{Row, Style};
use crate::printing::pdf;

/// Longest cell of a page, in characters: the rest of a name is left out.
const CELL_MAX: usize = 40;

/// `heading`: what a page says above the table; `exponent`: decimals of the currency.
pub fn write(kind: FileKind, table: &Table, heading: &str, exponent: u8) -> Result<Vec<u8>, ApiError> {
    match kind {
        FileKind::Csv => csv(table, exponent),
        FileKind::Xlsx => xlsx(table, exponent).map_err(ApiError::internal),
        FileKind::Pdf => pages(table, heading, exponent),
    }
}

/// Names at the left, figures at the right, the sums below.
fn pages(table: &Table, heading: &str, exponent: u8) -> Result<Vec<u8>, ApiError> {
    let written = |cell: &Cell| cells::text(cell, exponent).chars().take(CELL_MAX).collect::<String>();
    let names: Vec<String> = table.columns.iter().map(|name| name.replace('_', " ")).collect();
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row.iter().map(written).collect()).collect();
    let totals: Vec<String> = table.totals().iter().map(|sum| sum.as_ref().map(written).unwrap_or_default()).collect();
    let width = |column: usize| {
        let cells = rows.iter().chain([&names, &totals]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let is_text = |column: usize| matches!(table.rows.first().and_then(|row| row.get(column)), Some(Cell::Text(_)));
    let laid = |style, cells: &[String]| {
        let cells = cells.iter().enumerate().map(|(column, cell)| match (is_text(column), width(column)) {
            (true, width) => format!("{cell:<width$}"),
            (false, width) => format!("{cell:>width$}"),
        });
        Row { text: cells.collect::<Vec<_>>().join("  "), style }
    };
    let title = Row { text: heading.to_owned(), style: Style::Strong };
    let head = [title, Row { text: String::new(), style: Style::Plain }, laid(Style::Strong, &names)];
    let sums = (!rows.is_empty()).then(|| laid(Style::Strong, &totals));
    let rows: Vec<Row> = rows.iter().map(|row| laid(Style::Plain, row)).chain(sums).collect();
    pdf::sheet(heading, &head, &rows)
}

fn csv(table: &Table, exponent: u8) -> Result<Vec<u8>, ApiError> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(&table.columns).map_err(ApiError::internal)?;
    for row in &table.rows {
        csv.write_record(row.iter().map(|cell| cells::text(cell, exponent))).map_err(ApiError::internal)?;
    }
    csv.into_inner().map_err(ApiError::internal)
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
    let (plain, sums) = (Formats::on(&Format::new(), exponent), Formats::on(&bold, exponent));
    let mut at = 1;
    for row in &table.rows {
        for (column, cell) in (0..).zip(row) {
            cells::write(sheet, (at, column), cell, &plain)?;
        }
        at += 1;
    }
    if !table.rows.is_empty() {
        for (column, sum) in (0..).zip(table.totals()) {
            if let Some(sum) = sum {
                cells::write(sheet, (at, column), &sum, &sums)?;
            }
        }
    }
    sheet.autofit();
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exports::cells::Cell;
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
        let csv = String::from_utf8(write(FileKind::Csv, &table(), "", 2).unwrap()).unwrap();
        assert_eq!(csv, "item,quantity,gross,share\n'=1+1,1.5,-1.05,22.5\nCola,2,7.60,77.5\n");
    }

    #[test]
    fn a_spreadsheet_is_a_zip_with_one_sheet() {
        let bytes = write(FileKind::Xlsx, &table(), "", 2).unwrap();
        assert!(bytes.starts_with(b"PK\x03\x04") && bytes.len() > 2_000);
    }
}
