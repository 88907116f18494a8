//! Price lists and the prices in them. SQL.

use chrono::NaiveDate;
use rusqlite::{Connection, Result, Row};

use super::super::model::{Hours, ListPrice};
use crate::kernel::ids::{ItemId, VariantId};

fn hours(row: &Row<'_>, at: usize) -> Result<Hours> {
    let date = |at: usize| -> Result<Option<NaiveDate>> {
        Ok(row.get::<_, Option<String>>(at)?.and_then(|text| text.parse().ok()))
    };
    let (from, to): (Option<i64>, Option<i64>) = (row.get(at + 1)?, row.get(at + 2)?);
    Ok(Hours { days: row.get(at)?, minutes: from.zip(to), from_date: date(at + 3)?, to_date: date(at + 4)? })
}

/// What lists say an item costs, the most urgent first; of equals the one made last.
pub fn prices_of(conn: &Connection, item: ItemId) -> Result<Vec<ListPrice>> {
    let mut statement = conn.prepare_cached(
        "SELECT l.id, p.variant_id, p.price_minor, l.days, l.from_minute, l.to_minute, l.from_date, l.to_date
         FROM price_list_price p JOIN price_list l ON l.id = p.list_id
         WHERE p.item_id = ?1 AND l.archived_ms IS NULL AND l.paused IS NULL
         ORDER BY COALESCE(l.priority, 0) DESC, l.id DESC",
    )?;
    let price = |row: &Row<'_>| {
        let variant: VariantId = row.get(1)?;
        Ok(ListPrice {
            list: row.get(0)?,
            hours: hours(row, 3)?,
            variant: (variant.0 != item.0).then_some(variant),
            price: row.get(2)?,
        })
    };
    statement.query_map([item], price)?.collect()
}
