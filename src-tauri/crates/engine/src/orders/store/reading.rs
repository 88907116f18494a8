//! Reading orders: one with all its parts, a list.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, OptionalExtension, Result, Row, params};

use super::super::model::{Check, Discount, Line, Off, Order, OrderState, ServiceCharge, Station};
use crate::kernel::ids::{AccountId, OrderId};
use crate::kernel::money::{Minor, Rounding};
use crate::menu::model::Chosen;
use crate::payments;

/// A search looks at this many of the newest orders of its list.
const SEARCHED_MAX: i64 = 10_000;
/// Open orders that are added up at most, the newest ones.
const SUMMED_MAX: i64 = 5_000;

macro_rules! order_sql {
    ($($rest:literal),+) => {
        concat!(
            "SELECT id, number, business_date, service, table_name, covers, note, terms, opened_ms,
                    COALESCE((SELECT name FROM staff WHERE account_id = opened_by), ''), batch_id IS NOT NULL,
                    closed_ms, cancel_reason, service_bp, service_tax_bp, divided, attempted, service_reason,
                    merged_into
             FROM ", $($rest),+
        )
    };
}

fn order_row(row: &Row<'_>) -> Result<Order> {
    Ok(Order {
        id: row.get(0)?,
        number: row.get(1)?,
        business_date: row.get(2)?,
        service: row.get(3)?,
        table: row.get(4)?,
        covers: row.get(5)?,
        note: row.get(6)?,
        terms: row.get(7)?,
        opened_ms: row.get(8)?,
        opened_by_name: row.get(9)?,
        imported: row.get(10)?,
        closed_ms: row.get(11)?,
        cancel_reason: row.get(12)?,
        service_charge: match (row.get(13)?, row.get::<_, Option<i64>>(14)?) {
            (Some(rate_bp), tax) => Some(ServiceCharge { rate_bp, tax_rate_bp: tax.unwrap_or_default() }),
            (None, _) => None,
        },
        divided: row.get::<_, Option<bool>>(15)?.unwrap_or_default(),
        attempted: row.get::<_, Option<bool>>(16)?.unwrap_or_default(),
        service_reason: row.get(17)?,
        merged_into: row.get(18)?,
        checks: Vec::new(),
        discounts: Vec::new(),
        lines: Vec::new(),
        payments: Vec::new(),
        attempts: Vec::new(),
    })
}

/// An order with its lines and payments.
pub fn order(conn: &Connection, id: OrderId) -> Result<Option<Order>> {
    let mut statement = conn.prepare_cached(order_sql!("orders WHERE id = ?1"))?;
    let order = statement.query_row([id], order_row).optional()?;
    order.map(|order| with_parts(conn, order)).transpose()
}

fn with_parts(conn: &Connection, mut order: Order) -> Result<Order> {
    order = with_lines(conn, order)?;
    order.payments = payments::store::of_order(conn, order.id)?;
    if order.attempted {
        order.attempts = payments::store::attempts::of_order(conn, order.id)?;
    }
    Ok(order)
}

/// All that decides what it comes to.
fn with_lines(conn: &Connection, mut order: Order) -> Result<Order> {
    order.lines = lines(conn, &order)?;
    if order.divided {
        order.checks = checks(conn, order.id)?;
        order.discounts = discounts(conn, order.id)?;
    }
    Ok(order)
}

fn lines(conn: &Connection, order: &Order) -> Result<Vec<Line>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, item_id, name, quantity_milli, unit_price_minor, total_minor, tax_rate_bp, station, seat, note,
                added_ms, (SELECT name FROM staff WHERE account_id = added_by), fired_ms, started_ms, ready_ms, served_ms,
                voided_ms, void_reason, variant_id, modifiers, course, check_id, discount_minor, discount_reason,
                comped_ms, comp_minor, comp_reason, station_id
         FROM order_line WHERE order_id = ?1",
    )?;
    let line = |row: &Row<'_>| -> Result<Line> {
        let quantity_milli = row.get::<_, Option<i64>>(3)?.unwrap_or(1000);
        let unit_price: Minor = row.get(4)?;
        Ok(Line {
            id: row.get(0)?,
            item_id: row.get(1)?,
            name: row.get(2)?,
            quantity_milli,
            unit_price,
            total: row
                .get::<_, Option<Minor>>(5)?
                .unwrap_or_else(|| unit_price.times(quantity_milli, Rounding::HalfUp)),
            tax_rate_bp: row.get(6)?,
            station: row.get::<_, Option<Station>>(7)?.unwrap_or_default(),
            seat: row.get(8)?,
            note: row.get(9)?,
            added_ms: row.get::<_, Option<i64>>(10)?.unwrap_or(order.opened_ms),
            added_by_name: row.get::<_, Option<String>>(11)?.unwrap_or_else(|| order.opened_by_name.clone()),
            fired_ms: row.get(12)?,
            started_ms: row.get(13)?,
            ready_ms: row.get(14)?,
            served_ms: row.get(15)?,
            voided_ms: row.get(16)?,
            void_reason: row.get(17)?,
            variant_id: row.get(18)?,
            modifiers: modifiers(row, 19)?,
            course: row.get(20)?,
            check: row.get(21)?,
            discount: row.get::<_, Option<Minor>>(22)?.unwrap_or_default(),
            discount_reason: row.get(23)?,
            comped_ms: row.get(24)?,
            comp: row.get::<_, Option<Minor>>(25)?.unwrap_or_default(),
            comp_reason: row.get(26)?,
            station_id: row.get(27)?,
        })
    };
    statement.query_map([order.id], line)?.collect()
}

fn modifiers(row: &Row<'_>, at: usize) -> Result<Vec<Chosen>> {
    let text = row.get_ref(at)?.as_str_or_null()?;
    text.map_or(Ok(Vec::new()), |text| {
        serde_json::from_str(text).map_err(|error| Error::FromSqlConversionFailure(at, Type::Text, Box::new(error)))
    })
}

fn checks(conn: &Connection, order: OrderId) -> Result<Vec<Check>> {
    let mut statement =
        conn.prepare_cached("SELECT id, number, shares FROM order_check WHERE order_id = ?1 ORDER BY number, id")?;
    let check = |row: &Row<'_>| Ok(Check { id: row.get(0)?, number: row.get(1)?, shares: row.get(2)? });
    statement.query_map([order], check)?.collect()
}

fn discounts(conn: &Connection, order: OrderId) -> Result<Vec<Discount>> {
    let mut statement = conn.prepare_cached(
        "SELECT id, check_id, rate_bp, amount_minor, reason, given_ms,
                COALESCE((SELECT name FROM staff WHERE account_id = given_by), '')
         FROM order_discount WHERE order_id = ?1",
    )?;
    let discount = |row: &Row<'_>| -> Result<Discount> {
        Ok(Discount {
            id: row.get(0)?,
            check: row.get(1)?,
            off: match row.get(2)? {
                Some(rate_bp) => Off::Rate(rate_bp),
                None => Off::Amount(row.get::<_, Option<Minor>>(3)?.unwrap_or_default()),
            },
            reason: row.get(4)?,
            given_ms: row.get(5)?,
            given_by_name: row.get(6)?,
        })
    };
    statement.query_map([order], discount)?.collect()
}

/// Which orders, newest first.
#[derive(Debug, Clone, Default)]
pub struct List {
    pub state: Option<OrderState>,
    pub business_date: Option<String>,
    /// In number, table or note.
    pub search: Option<String>,
    pub after: Option<OrderId>,
    pub limit: i64,
}

/// The index is named, because a planner without statistics may walk a million orders instead.
fn list_sql(wanted: &List) -> String {
    let index = match (&wanted.business_date, wanted.state) {
        (Some(_), _) => " INDEXED BY orders_day",
        (None, Some(OrderState::Open)) => " INDEXED BY orders_open",
        (None, Some(OrderState::Cancelled)) => " INDEXED BY orders_cancelled",
        (None, _) => "",
    };
    let mut from = format!("orders{index} WHERE id < :after");
    from += match wanted.state {
        None => "",
        Some(OrderState::Open) => " AND closed_ms IS NULL",
        Some(OrderState::Completed) => " AND closed_ms IS NOT NULL AND cancel_reason IS NULL",
        Some(OrderState::Cancelled) => " AND cancel_reason IS NOT NULL",
    };
    if wanted.business_date.is_some() {
        from += " AND business_date = :date";
    }
    if wanted.search.is_some() {
        from = format!(
            "(SELECT * FROM {from} ORDER BY id DESC LIMIT {SEARCHED_MAX})
             WHERE instr(lower(number), :search) OR instr(lower(COALESCE(table_name, '')), :search)
                OR instr(lower(COALESCE(note, '')), :search)"
        );
    }
    format!("{}{from} ORDER BY id DESC LIMIT :limit", order_sql!(""))
}

pub fn list(conn: &Connection, wanted: &List) -> Result<Vec<Order>> {
    let mut statement = conn.prepare_cached(&list_sql(wanted))?;
    let after: &[u8] = wanted.after.as_ref().map_or(&[0xff; 17], |id| id.0.as_bytes().as_slice());
    let mut bind: Vec<(&str, &dyn rusqlite::ToSql)> = vec![(":after", &after), (":limit", &wanted.limit)];
    let search = wanted.search.as_ref().map(|search| search.to_lowercase());
    if let Some(date) = &wanted.business_date {
        bind.push((":date", date));
    }
    if let Some(search) = &search {
        bind.push((":search", search));
    }
    let orders = statement.query_map(bind.as_slice(), order_row)?.collect::<Result<Vec<_>>>()?;
    orders.into_iter().map(|order| with_parts(conn, order)).collect()
}

/// How many orders are open, and their guests.
pub fn open_counts(conn: &Connection) -> Result<(i64, i64)> {
    conn.prepare_cached(
        "SELECT COUNT(*), COALESCE(SUM(covers), 0) FROM orders INDEXED BY orders_open WHERE closed_ms IS NULL",
    )?
    .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What open orders come to, by the one calculation.
pub fn summed(conn: &Connection) -> Result<Minor> {
    let mut statement = conn.prepare_cached(order_sql!(
        "orders INDEXED BY orders_open WHERE closed_ms IS NULL ORDER BY id DESC LIMIT ?1"
    ))?;
    let open = statement.query_map(params![SUMMED_MAX], order_row)?.collect::<Result<Vec<_>>>()?;
    let mut sum = Minor::ZERO;
    for order in open {
        sum += with_lines(conn, order)?.totals().gross;
    }
    Ok(sum)
}

/// The name of who did something.
pub fn actor_name(conn: &Connection, account: AccountId) -> Result<Option<String>> {
    conn.prepare_cached("SELECT name FROM staff WHERE account_id = ?1")?
        .query_row([account], |row| row.get(0))
        .optional()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::RESTAURANT;

    /// However long the restaurant has stood: found by an index, in the order it is asked for, nothing sorted.
    #[test]
    fn a_list_and_a_search_walk_no_more_than_they_show_or_look_through() {
        let conn = Connection::open_in_memory().unwrap();
        for migration in RESTAURANT.migrations {
            conn.execute_batch(migration.sql).unwrap();
        }
        let check = |state: Option<OrderState>, date: Option<&str>, search: Option<&str>, by: &str| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let wanted = List { state, business_date: owned(date), search: owned(search), ..List::default() };
            let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", list_sql(&wanted))).unwrap();
            // A plan needs no values.
            let steps = statement.raw_query().mapped(|row| row.get::<_, String>(3));
            let plan: Vec<String> = steps.map(Result::unwrap).collect();
            assert!(plan.iter().any(|step| step.starts_with("SEARCH orders") && step.contains(by)), "{plan:?}");
            assert!(!plan.iter().any(|step| step.contains("SCAN orders") || step.contains("B-TREE")), "{plan:?}");
        };
        for search in [None, Some("a-0042")] {
            check(None, None, search, "PRIMARY KEY");
            check(Some(OrderState::Completed), None, search, "PRIMARY KEY");
            check(Some(OrderState::Open), None, search, "orders_open");
            check(Some(OrderState::Cancelled), None, search, "orders_cancelled");
            check(Some(OrderState::Completed), Some("2026-06-12"), search, "orders_day");
        }
    }
}
