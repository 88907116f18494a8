//! Reading the roll-ups for reports; `today::store` reads them for one day.

use std::collections::HashMap;

use rusqlite::{Connection, Result, Row, params};

use super::model::{
    Before, CategoryRow, DayRow, HourRow, ItemRow, Range, StaffRow, States, TaxRow, TenderRow, WeekRow, each, share_bp,
};
use crate::kernel::ids::ItemId;
use crate::kernel::money::Minor;

/// Most items in one report, best sellers first.
pub const ITEMS_MAX: usize = 2_000;

/// Days with sales, orders that took time, and how long they took together.
pub struct Turns {
    pub days: i64,
    pub turns: i64,
    pub turn_ms: i64,
}

pub fn turns(conn: &Connection, range: &Range) -> Result<Turns> {
    conn.prepare_cached(
        "SELECT COUNT(DISTINCT iif(orders > 0, business_date, NULL)), COALESCE(SUM(turns), 0), COALESCE(SUM(turn_ms), 0)
         FROM day_total WHERE business_date BETWEEN ?1 AND ?2",
    )?
    .query_row(range.words(), |row| Ok(Turns { days: row.get(0)?, turns: row.get(1)?, turn_ms: row.get(2)? }))
}

/// The plus keeps the planner off the index of days: what is open is few, what the days hold is everything.
const OPEN: &str = "SELECT COUNT(*) FROM orders WHERE closed_ms IS NULL AND +business_date BETWEEN ?1 AND ?2";

pub fn states(conn: &Connection, range: &Range) -> Result<States> {
    let open = conn.prepare_cached(OPEN)?.query_row(range.words(), |row| row.get(0))?;
    conn.prepare_cached(
        "SELECT COALESCE(SUM(orders), 0), COALESCE(SUM(cancelled), 0) FROM day_total
         WHERE business_date BETWEEN ?1 AND ?2",
    )?
    .query_row(range.words(), |row| Ok(States { open, completed: row.get(0)?, cancelled: row.get(1)? }))
}

pub fn before(conn: &Connection, range: &Range) -> Result<Before> {
    let (from, to) = range.words();
    let mut statement = conn.prepare_cached(
        "SELECT COALESCE(SUM(orders), 0), COALESCE(SUM(covers), 0), COALESCE(SUM(gross_minor), 0) FROM day_total
         WHERE business_date BETWEEN ?1 AND ?2",
    )?;
    statement.query_row([&from, &to], |row| {
        let (orders, gross_minor) = (row.get(0)?, row.get(2)?);
        let average_minor = each(gross_minor, orders).unwrap_or_default();
        let (from, to) = (from.clone(), to.clone());
        Ok(Before { from, to, orders, covers: row.get(1)?, gross_minor, average_minor })
    })
}

/// Days on which anything happened.
pub fn by_day(conn: &Connection, range: &Range) -> Result<Vec<DayRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT d.business_date, SUM(d.orders), SUM(d.covers), SUM(d.gross_minor), SUM(d.tax_minor),
                SUM(d.discounts_minor), SUM(d.comps_minor), SUM(d.service_minor), SUM(d.refunds_minor), SUM(d.voids),
                SUM(d.voids_minor), SUM(d.tips_minor),
                (SELECT COALESCE(SUM(b.gross_minor), 0) FROM day_total b WHERE b.business_date = date(d.business_date, '-7 days'))
         FROM day_total d WHERE d.business_date BETWEEN ?1 AND ?2
         GROUP BY d.business_date
         HAVING SUM(d.orders) <> 0 OR SUM(d.refunds) <> 0 OR SUM(d.voids) <> 0 OR SUM(d.tips_minor) <> 0
         ORDER BY d.business_date",
    )?;
    let day = |row: &Row<'_>| {
        let (orders, gross_minor, tax_minor): (i64, Minor, Minor) = (row.get(1)?, row.get(3)?, row.get(4)?);
        Ok(DayRow {
            business_date: row.get(0)?,
            orders,
            covers: row.get(2)?,
            gross_minor,
            net_minor: gross_minor - tax_minor,
            tax_minor,
            average_minor: each(gross_minor, orders).unwrap_or_default(),
            discounts_minor: row.get(5)?,
            comps_minor: row.get(6)?,
            service_charge_minor: row.get(7)?,
            refunds_minor: row.get(8)?,
            voids: row.get(9)?,
            voids_minor: row.get(10)?,
            tips_minor: row.get(11)?,
            before_minor: row.get(12)?,
        })
    };
    statement.query_map(range.words(), day)?.collect()
}

/// In the order of a business day, which ends at the cut-off.
pub fn by_hour(conn: &Connection, range: &Range, cutoff_minute: u16) -> Result<Vec<HourRow>> {
    let ((from, to), (before_from, before_to)) = (range.words(), range.before().words());
    let mut statement = conn.prepare_cached(
        "SELECT hour, SUM(now * orders), SUM(now * covers), SUM(now * gross_minor), SUM((1 - now) * gross_minor)
         FROM (SELECT hour, 1 AS now, orders, covers, gross_minor FROM hour_total WHERE business_date BETWEEN ?1 AND ?2
               UNION ALL
               SELECT hour, 0, orders, covers, gross_minor FROM hour_total WHERE business_date BETWEEN ?3 AND ?4)
         GROUP BY hour HAVING SUM(orders) <> 0 ORDER BY (hour + 24 - ?5) % 24",
    )?;
    let hour = |row: &Row<'_>| {
        let (orders, gross_minor) = (row.get(1)?, row.get(3)?);
        Ok(HourRow {
            hour: row.get(0)?,
            orders,
            covers: row.get(2)?,
            gross_minor,
            average_minor: each(gross_minor, orders).unwrap_or_default(),
            before_minor: row.get(4)?,
        })
    };
    let first_hour = i64::from(cutoff_minute / 60);
    statement.query_map(params![from, to, before_from, before_to, first_hour], hour)?.collect()
}

/// Hour by weekday.
pub fn by_weekday(conn: &Connection, range: &Range) -> Result<Vec<WeekRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT (strftime('%w', business_date) + 6) % 7 + 1 AS weekday, hour, COUNT(*), SUM(orders), SUM(gross_minor)
         FROM hour_total WHERE business_date BETWEEN ?1 AND ?2 AND orders <> 0
         GROUP BY weekday, hour ORDER BY weekday, hour",
    )?;
    let hour = |row: &Row<'_>| {
        Ok(WeekRow {
            weekday: row.get(0)?,
            hour: row.get(1)?,
            days: row.get(2)?,
            orders: row.get(3)?,
            gross_minor: row.get(4)?,
        })
    };
    statement.query_map(range.words(), hour)?.collect()
}

/// Where items are and were on the menu: by id, and by name for what was sold without one.
struct Menu {
    by_id: HashMap<ItemId, String>,
    by_name: HashMap<String, String>,
    /// The categories an item was in before it moved, the first first.
    before: HashMap<ItemId, Vec<Option<String>>>,
}

impl Menu {
    /// The category of what was sold when the item had moved so often.
    fn category(&self, id: Option<ItemId>, name: &str, moves: i64) -> Option<&String> {
        let before = id.and_then(|id| self.before.get(&id)?.get(usize::try_from(moves).ok()?)?.as_ref());
        before.or_else(|| self.by_id.get(&id?)).or_else(|| self.by_name.get(name))
    }
}

fn menu(conn: &Connection) -> Result<Menu> {
    let mut statement = conn.prepare_cached(
        "SELECT i.id, i.name, c.name FROM menu_item i JOIN menu_category c ON c.id = i.category_id
         ORDER BY i.archived_ms IS NULL",
    )?;
    let (mut by_id, mut by_name) = (HashMap::new(), HashMap::new());
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))? {
        let (id, name, category): (ItemId, String, String) = row?;
        by_id.insert(id, category.clone());
        // What is on the menu comes last and wins over what was archived.
        by_name.insert(name, category);
    }
    let mut statement = conn.prepare_cached(
        "SELECT m.item_id, c.name FROM menu_move m LEFT JOIN menu_category c ON c.id = m.from_id
         ORDER BY m.item_id, m.at_ms",
    )?;
    let mut before: HashMap<ItemId, Vec<Option<String>>> = HashMap::new();
    for row in statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (id, category) = row?;
        before.entry(id).or_default().push(category);
    }
    Ok(Menu { by_id, by_name, before })
}

/// What guests who were counted had.
pub fn covered(conn: &Connection, range: &Range) -> Result<Minor> {
    let (from, to) = range.words();
    let sql = "SELECT COALESCE(SUM(covered_minor), 0) FROM day_total WHERE business_date BETWEEN ?1 AND ?2";
    conn.prepare_cached(sql)?.query_row([from, to], |row| row.get(0))
}

/// Everything sold, by name and the category it was sold in, best sellers first.
pub fn by_item(conn: &Connection, range: &Range, limit: usize) -> Result<Vec<ItemRow>> {
    let (from, to) = range.words();
    let whole: Minor = conn
        .prepare_cached("SELECT COALESCE(SUM(gross_minor), 0) FROM item_day WHERE business_date BETWEEN ?1 AND ?2")?
        .query_row([&from, &to], |row| row.get(0))?;
    let menu = menu(conn)?;
    let mut statement = conn.prepare_cached(
        "SELECT name, item_id, moves, SUM(quantity_milli), SUM(gross_minor) FROM item_day
         WHERE business_date BETWEEN ?1 AND ?2 GROUP BY name, item_id, moves",
    )?;
    let item = |row: &Row<'_>| {
        let (name, gross_minor): (String, Minor) = (row.get(0)?, row.get(4)?);
        // Sold without an item: an empty id.
        let id: Option<ItemId> = row.get(1).ok();
        let category = menu.category(id, &name, row.get(2)?).cloned();
        Ok(ItemRow { name, category, quantity_milli: row.get(3)?, gross_minor, share_bp: 0 })
    };
    let rows = statement.query_map([from, to], item)?.collect::<Result<_>>()?;
    let mut items = together(rows);
    items.truncate(limit);
    for item in &mut items {
        item.share_bp = share_bp(item.gross_minor, whole);
    }
    Ok(items)
}

/// A dish is one row, whether it was rung up here or brought in, and also when it moved away and came back.
fn together(rows: Vec<ItemRow>) -> Vec<ItemRow> {
    let mut places = HashMap::new();
    let mut items: Vec<ItemRow> = Vec::with_capacity(rows.len());
    for row in rows {
        let at = *places.entry((row.name.clone(), row.category.clone())).or_insert(items.len());
        match items.get_mut(at) {
            Some(item) => {
                item.quantity_milli += row.quantity_milli;
                item.gross_minor += row.gross_minor;
            }
            None => items.push(row),
        }
    }
    items.retain(|item| item.quantity_milli != 0);
    items.sort_by(|a, b| b.gross_minor.cmp(&a.gross_minor).then_with(|| a.name.cmp(&b.name)));
    items
}

/// The items, put together by category.
pub fn by_category(conn: &Connection, range: &Range) -> Result<Vec<CategoryRow>> {
    let mut rows: HashMap<Option<String>, CategoryRow> = HashMap::new();
    let mut whole = Minor::ZERO;
    for item in by_item(conn, range, usize::MAX)? {
        whole += item.gross_minor;
        let row = rows.entry(item.category.clone()).or_insert_with(|| CategoryRow {
            category: item.category,
            items: 0,
            quantity_milli: 0,
            gross_minor: Minor::ZERO,
            share_bp: 0,
        });
        row.items += 1;
        row.quantity_milli += item.quantity_milli;
        row.gross_minor += item.gross_minor;
    }
    let mut rows: Vec<CategoryRow> = rows.into_values().collect();
    for row in &mut rows {
        row.share_bp = share_bp(row.gross_minor, whole);
    }
    rows.sort_by(|a, b| b.gross_minor.cmp(&a.gross_minor).then_with(|| a.category.cmp(&b.category)));
    Ok(rows)
}

pub fn by_staff(conn: &Connection, range: &Range) -> Result<Vec<StaffRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT account_id, COALESCE((SELECT name FROM staff s WHERE s.account_id = d.account_id), ''), SUM(orders),
                SUM(covers), SUM(gross_minor) AS gross, SUM(discounts_minor), SUM(comps_minor), SUM(voids),
                SUM(voids_minor), SUM(payments), SUM(taken_minor) AS taken, SUM(tips_minor), SUM(refunds),
                SUM(refunds_minor)
         FROM staff_day d WHERE business_date BETWEEN ?1 AND ?2 GROUP BY account_id
         HAVING SUM(orders) <> 0 OR SUM(payments) <> 0 OR SUM(voids) <> 0 OR SUM(refunds) <> 0
         ORDER BY gross DESC, taken DESC, 2",
    )?;
    let person = |row: &Row<'_>| {
        let (orders, gross_minor) = (row.get(2)?, row.get(4)?);
        Ok(StaffRow {
            account_id: row.get(0)?,
            name: row.get(1)?,
            orders,
            covers: row.get(3)?,
            gross_minor,
            average_minor: each(gross_minor, orders).unwrap_or_default(),
            discounts_minor: row.get(5)?,
            comps_minor: row.get(6)?,
            voids: row.get(7)?,
            voids_minor: row.get(8)?,
            payments: row.get(9)?,
            taken_minor: row.get(10)?,
            tips_minor: row.get(11)?,
            refunds: row.get(12)?,
            refunds_minor: row.get(13)?,
        })
    };
    statement.query_map(range.words(), person)?.collect()
}

pub fn by_tender(conn: &Connection, range: &Range) -> Result<Vec<TenderRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT tender, SUM(payments), SUM(settled_minor) AS settled, SUM(rounding_minor), SUM(tips_minor),
                SUM(refunds), SUM(refunds_minor)
         FROM tender_day WHERE business_date BETWEEN ?1 AND ?2 GROUP BY tender
         HAVING SUM(payments) <> 0 OR SUM(refunds) <> 0 ORDER BY settled DESC, tender",
    )?;
    let tender = |row: &Row<'_>| {
        let (settled_minor, rounding_minor, tips_minor): (Minor, Minor, Minor) =
            (row.get(2)?, row.get(3)?, row.get(4)?);
        let refunds_minor = row.get(6)?;
        Ok(TenderRow {
            tender: row.get(0)?,
            payments: row.get(1)?,
            settled_minor,
            rounding_minor,
            tips_minor,
            refunds: row.get(5)?,
            refunds_minor,
            taken_minor: settled_minor + rounding_minor + tips_minor - refunds_minor,
            share_bp: 0,
        })
    };
    let mut rows = statement.query_map(range.words(), tender)?.collect::<Result<Vec<TenderRow>>>()?;
    let whole = rows.iter().map(|row| row.settled_minor).sum();
    for row in &mut rows {
        row.share_bp = share_bp(row.settled_minor, whole);
    }
    Ok(rows)
}

pub fn by_tax(conn: &Connection, range: &Range) -> Result<Vec<TaxRow>> {
    let mut statement = conn.prepare_cached(
        "SELECT rate_bp, SUM(base_minor), SUM(tax_minor), SUM(back_base_minor), SUM(back_tax_minor) FROM day_tax
         WHERE business_date BETWEEN ?1 AND ?2 GROUP BY rate_bp
         HAVING SUM(base_minor) <> 0 OR SUM(back_base_minor) <> 0 ORDER BY rate_bp",
    )?;
    let rate = |row: &Row<'_>| {
        Ok(TaxRow {
            rate_bp: row.get(0)?,
            base_minor: row.get(1)?,
            tax_minor: row.get(2)?,
            back_base_minor: row.get(3)?,
            back_tax_minor: row.get(4)?,
        })
    };
    statement.query_map(range.words(), rate)?.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::RESTAURANT;

    #[test]
    fn open_orders_are_counted_without_looking_at_closed_ones() {
        let conn = Connection::open_in_memory().unwrap();
        for migration in RESTAURANT.migrations {
            conn.execute_batch(migration.sql).unwrap();
        }
        let plan: String = conn
            .query_row(&format!("EXPLAIN QUERY PLAN {OPEN}"), ["2026-01-01", "2026-12-31"], |row| row.get(3))
            .unwrap();
        assert!(plan.contains("orders_open"), "{plan}");
    }
}
