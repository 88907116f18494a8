//! What the kitchen reads of the lines of open orders.

use rusqlite::{Connection, Result, Row, named_params};

use crate::kernel::ids::{LineId, OrderId, StationId};
use crate::orders::model::Service;
use crate::stations::model::{BAR, KITCHEN};

/// Lines the kitchen shows at most.
const LINES_MAX: i64 = 2_000;
/// Lines that were brought and can be called back, at most.
const BROUGHT_MAX: i64 = 300;

/// A line at a station: being made, made, or brought.
pub struct KitchenLine {
    pub order_id: OrderId,
    pub number: String,
    pub table: Option<String>,
    pub service: Service,
    pub id: LineId,
    pub name: String,
    /// As the line's row has them; empty: none.
    pub modifiers: String,
    pub quantity_milli: i64,
    pub note: Option<String>,
    pub seat: Option<i64>,
    pub course: Option<i64>,
    pub started: bool,
    pub ready: bool,
    pub fired_ms: i64,
    pub served_ms: i64,
    /// Where it was fired to; the kitchen, if that station is gone.
    pub station_id: StationId,
}

macro_rules! lines_sql {
    ($from:literal) => {
        concat!(
            "SELECT o.id, o.number, o.table_name, o.service, l.id, l.name, COALESCE(l.modifiers, ''),
                    COALESCE(l.quantity_milli, 1000), l.note, l.seat, l.course, l.started_ms IS NOT NULL,
                    l.ready_ms IS NOT NULL, COALESCE(l.fired_ms, 0), COALESCE(l.served_ms, 0), COALESCE(s.id, :kitchen) ",
            $from
        )
    };
}

fn line_row(row: &Row<'_>) -> Result<KitchenLine> {
    Ok(KitchenLine {
        order_id: row.get(0)?,
        number: row.get(1)?,
        table: row.get(2)?,
        service: row.get(3)?,
        id: row.get(4)?,
        name: row.get(5)?,
        modifiers: row.get(6)?,
        quantity_milli: row.get(7)?,
        note: row.get(8)?,
        seat: row.get(9)?,
        course: row.get(10)?,
        started: row.get(11)?,
        ready: row.get(12)?,
        fired_ms: row.get(13)?,
        served_ms: row.get(14)?,
        station_id: row.get(15)?,
    })
}

/// What was fired and is not served, at every station, oldest first.
pub fn in_kitchen(conn: &Connection) -> Result<Vec<KitchenLine>> {
    let mut statement = conn.prepare_cached(lines_sql!(
        "FROM order_line l INDEXED BY order_line_fired CROSS JOIN orders o ON o.id = l.order_id
         LEFT JOIN station s ON s.id = COALESCE(l.station_id, iif(l.station = 'bar', :bar, :kitchen))
                            AND s.archived_ms IS NULL
         WHERE l.fired_ms IS NOT NULL AND l.served_ms IS NULL AND l.voided_ms IS NULL
           AND COALESCE(l.station, '') <> 'none'
         ORDER BY l.fired_ms, o.id, l.id LIMIT :limit"
    ))?;
    let bind = named_params! { ":kitchen": KITCHEN, ":bar": BAR, ":limit": LINES_MAX };
    statement.query_map(bind, line_row)?.collect()
}

/// What was brought of orders that are open still, the last first: only that can be called back.
pub fn brought(conn: &Connection) -> Result<Vec<KitchenLine>> {
    let mut statement = conn.prepare_cached(lines_sql!(
        "FROM orders o INDEXED BY orders_open CROSS JOIN order_line l ON l.order_id = o.id
         LEFT JOIN station s ON s.id = COALESCE(l.station_id, iif(l.station = 'bar', :bar, :kitchen))
                            AND s.archived_ms IS NULL
         WHERE o.closed_ms IS NULL AND l.served_ms IS NOT NULL AND l.fired_ms IS NOT NULL AND l.voided_ms IS NULL
           AND COALESCE(l.station, '') <> 'none'
         ORDER BY l.served_ms DESC, o.id, l.id LIMIT :limit"
    ))?;
    let bind = named_params! { ":kitchen": KITCHEN, ":bar": BAR, ":limit": BROUGHT_MAX };
    statement.query_map(bind, line_row)?.collect()
}
