//! Each report as columns and cells, for a file.

use rusqlite::Connection;
use serde::Deserialize;
use utoipa::ToSchema;

use super::model::Range;
use super::store;
use crate::error::ApiError;
use crate::exports::cells::Cell;

/// The reports there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    Days,
    Hours,
    Week,
    Items,
    Categories,
    Staff,
    Tenders,
    Taxes,
}

impl Name {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Week => "week",
            Self::Items => "items",
            Self::Categories => "categories",
            Self::Staff => "staff",
            Self::Tenders => "tenders",
            Self::Taxes => "taxes",
        }
    }
}

/// A report ready to be written.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    fn of<T>(name: Name, columns: &[&'static str], rows: Vec<T>, cells: impl Fn(T) -> Vec<Cell>) -> Self {
        Self { name: name.as_str(), columns: columns.to_vec(), rows: rows.into_iter().map(cells).collect() }
    }

    /// Sums of the columns that can be added up; None in the others.
    pub fn totals(&self) -> Vec<Option<Cell>> {
        let adds = |column: usize| {
            // An average, a rate or an hour is no part of a whole.
            let name = self.columns.get(column).copied().unwrap_or_default();
            let alone = name.contains("average") || matches!(name, "hour" | "weekday" | "items" | "days");
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.fold(None, |sum, cell| match (sum, cell) {
                _ if alone => None,
                (None, Cell::Count(_) | Cell::Money(_) | Cell::Milli(_)) => Some(cell.clone()),
                (Some(Cell::Count(sum)), Cell::Count(more)) => Some(Cell::Count(sum + more)),
                (Some(Cell::Money(sum)), Cell::Money(more)) => Some(Cell::Money(sum + *more)),
                (Some(Cell::Milli(sum)), Cell::Milli(more)) => Some(Cell::Milli(sum + more)),
                _ => None,
            })
        };
        (0..self.columns.len()).map(adds).collect()
    }
}

/// Reads a report as a table.
pub fn table(conn: &Connection, name: Name, range: &Range, cutoff_minute: u16) -> Result<Table, ApiError> {
    use Cell::{Count, Date, Milli, Money, Rate, Text};
    Ok(match name {
        Name::Days => Table::of(
            name,
            &[
                "business_date",
                "orders",
                "covers",
                "gross",
                "net",
                "tax",
                "average",
                "discounts",
                "comps",
                "service_charge",
                "refunds",
                "voids",
                "voided",
                "tips",
                "gross_week_before",
            ],
            store::by_day(conn, range)?,
            |day| {
                vec![
                    Date(day.business_date),
                    Count(day.orders),
                    Count(day.covers),
                    Money(day.gross_minor),
                    Money(day.net_minor),
                    Money(day.tax_minor),
                    Money(day.average_minor),
                    Money(day.discounts_minor),
                    Money(day.comps_minor),
                    Money(day.service_charge_minor),
                    Money(day.refunds_minor),
                    Count(day.voids),
                    Money(day.voids_minor),
                    Money(day.tips_minor),
                    Money(day.before_minor),
                ]
            },
        ),
        Name::Hours => Table::of(
            name,
            &["hour", "orders", "covers", "gross", "average", "gross_before"],
            store::by_hour(conn, range, cutoff_minute)?,
            |hour| {
                vec![
                    Count(hour.hour),
                    Count(hour.orders),
                    Count(hour.covers),
                    Money(hour.gross_minor),
                    Money(hour.average_minor),
                    Money(hour.before_minor),
                ]
            },
        ),
        Name::Week => {
            Table::of(name, &["weekday", "hour", "days", "orders", "gross"], store::by_weekday(conn, range)?, |hour| {
                vec![
                    Count(hour.weekday),
                    Count(hour.hour),
                    Count(hour.days),
                    Count(hour.orders),
                    Money(hour.gross_minor),
                ]
            })
        }
        Name::Items => Table::of(
            name,
            &["item", "category", "quantity", "gross", "share"],
            store::by_item(conn, range, store::ITEMS_MAX)?,
            |item| {
                vec![
                    Text(item.name),
                    Text(item.category.unwrap_or_default()),
                    Milli(item.quantity_milli),
                    Money(item.gross_minor),
                    Rate(item.share_bp),
                ]
            },
        ),
        Name::Categories => Table::of(
            name,
            &["category", "items", "quantity", "gross", "share"],
            store::by_category(conn, range)?,
            |category| {
                vec![
                    Text(category.category.unwrap_or_default()),
                    Count(category.items),
                    Milli(category.quantity_milli),
                    Money(category.gross_minor),
                    Rate(category.share_bp),
                ]
            },
        ),
        Name::Staff => Table::of(
            name,
            &[
                "name",
                "orders",
                "covers",
                "gross",
                "average",
                "discounts",
                "comps",
                "voids",
                "voided",
                "payments",
                "taken",
                "tips",
                "refunds",
                "refunded",
            ],
            store::by_staff(conn, range)?,
            |person| {
                vec![
                    Text(person.name),
                    Count(person.orders),
                    Count(person.covers),
                    Money(person.gross_minor),
                    Money(person.average_minor),
                    Money(person.discounts_minor),
                    Money(person.comps_minor),
                    Count(person.voids),
                    Money(person.voids_minor),
                    Count(person.payments),
                    Money(person.taken_minor),
                    Money(person.tips_minor),
                    Count(person.refunds),
                    Money(person.refunds_minor),
                ]
            },
        ),
        Name::Tenders => Table::of(
            name,
            &["tender", "payments", "settled", "rounding", "tips", "refunds", "refunded", "taken", "share"],
            store::by_tender(conn, range)?,
            |tender| {
                vec![
                    Text(tender.tender),
                    Count(tender.payments),
                    Money(tender.settled_minor),
                    Money(tender.rounding_minor),
                    Money(tender.tips_minor),
                    Count(tender.refunds),
                    Money(tender.refunds_minor),
                    Money(tender.taken_minor),
                    Rate(tender.share_bp),
                ]
            },
        ),
        Name::Taxes => {
            Table::of(name, &["rate", "base", "tax", "base_back", "tax_back"], store::by_tax(conn, range)?, |tax| {
                vec![
                    Rate(tax.rate_bp),
                    Money(tax.base_minor),
                    Money(tax.tax_minor),
                    Money(tax.back_base_minor),
                    Money(tax.back_tax_minor),
                ]
            })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Minor;

    #[test]
    fn columns_are_added_up_where_a_sum_says_something() {
        let table = Table::of(Name::Hours, &["hour", "orders", "gross", "average"], vec![1, 2], |n| {
            vec![Cell::Count(18), Cell::Count(n), Cell::Money(Minor(100 * n)), Cell::Money(Minor(100))]
        });
        assert_eq!(table.totals(), [None, Some(Cell::Count(3)), Some(Cell::Money(Minor(300))), None]);
    }
}
