//! The only SQL for stations and routes.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use uuid::Uuid;

use super::model::Station;
use crate::kernel::ids::{CategoryId, ItemId, LineId, OrderId, StationId};

fn station_row(row: &Row<'_>) -> Result<Station> {
    Ok(Station { id: row.get(0)?, name: row.get(1)? })
}

/// Those in use, in the order they were made.
pub fn stations(conn: &Connection) -> Result<Vec<Station>> {
    let sql = "SELECT id, name FROM station WHERE archived_ms IS NULL ORDER BY position, id";
    conn.prepare_cached(sql)?.query_map([], station_row)?.collect()
}

/// One in use.
pub fn station(conn: &Connection, id: StationId) -> Result<Option<Station>> {
    let sql = "SELECT id, name FROM station WHERE id = ?1 AND archived_ms IS NULL";
    conn.prepare_cached(sql)?.query_row([id], station_row).optional()
}

pub fn insert(tx: &Tx<'_>, station: &Station) -> Result<()> {
    tx.execute(
        "INSERT INTO station (id, name, position) SELECT ?1, ?2, COALESCE(MAX(position), 0) + 1 FROM station",
        params![station.id, station.name],
    )
    .map(drop)
}

pub fn rename(tx: &Tx<'_>, id: StationId, name: &str) -> Result<()> {
    tx.execute("UPDATE station SET name = ?2 WHERE id = ?1", params![id, name]).map(drop)
}

/// Archives it; what was routed to it goes where it would without.
pub fn archive(tx: &Tx<'_>, id: StationId, at_ms: i64) -> Result<()> {
    tx.execute("DELETE FROM station_route WHERE station_id = ?1", [id])?;
    tx.execute("UPDATE station SET archived_ms = ?2 WHERE id = ?1", params![id, at_ms]).map(drop)
}

/// What is made at a station by name: these categories and items, and no others.
pub fn set_routes(tx: &Tx<'_>, id: StationId, targets: &[Uuid]) -> Result<()> {
    tx.execute("DELETE FROM station_route WHERE station_id = ?1", [id])?;
    targets.iter().try_for_each(|target| set_route(tx, *target, Some(id)))
}

/// One category or item by name to a station; None: where it goes without.
pub fn set_route(tx: &Tx<'_>, target: Uuid, station: Option<StationId>) -> Result<()> {
    match station {
        None => tx.execute("DELETE FROM station_route WHERE target_id = ?1", [target]),
        Some(station) => tx.execute(
            "INSERT INTO station_route (target_id, station_id) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET station_id = excluded.station_id",
            params![target, station],
        ),
    }
    .map(drop)
}

/// Categories of the menu that go to a station by name.
pub fn categories_of(conn: &Connection, id: StationId) -> Result<Vec<CategoryId>> {
    let sql = "SELECT c.id FROM station_route r JOIN menu_category c ON c.id = r.target_id
               WHERE r.station_id = ?1 AND c.archived_ms IS NULL ORDER BY c.position, c.id";
    conn.prepare_cached(sql)?.query_map([id], |row| row.get(0))?.collect()
}

/// Items of the menu that go to a station by name.
pub fn items_of(conn: &Connection, id: StationId) -> Result<Vec<ItemId>> {
    let sql = "SELECT i.id FROM station_route r JOIN menu_item i ON i.id = r.target_id
               WHERE r.station_id = ?1 AND i.archived_ms IS NULL ORDER BY i.name, i.id";
    conn.prepare_cached(sql)?.query_map([id], |row| row.get(0))?.collect()
}

/// Lines of an order that go elsewhere than their word on the menu says, if they are fired now.
pub fn routed(conn: &Connection, order: OrderId) -> Result<Vec<(LineId, StationId)>> {
    if !conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM station_route)")?.query_row([], |row| row.get(0))? {
        return Ok(Vec::new());
    }
    let sql = "SELECT l.id, COALESCE(own.station_id, shared.station_id) AS station_id
               FROM order_line l
               LEFT JOIN menu_item i ON i.id = l.item_id
               LEFT JOIN station_route own ON own.target_id = l.item_id
               LEFT JOIN station_route shared ON shared.target_id = i.category_id
               WHERE l.order_id = ?1 AND l.fired_ms IS NULL AND COALESCE(l.station, '') <> 'none'
                 AND COALESCE(own.station_id, shared.station_id) IS NOT NULL";
    conn.prepare_cached(sql)?.query_map([order], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Lines that were fired to a station and are not made yet.
pub fn to_make(conn: &Connection, id: StationId, word: Option<&str>) -> Result<i64> {
    conn.prepare_cached(
        "SELECT COUNT(*) FROM order_line INDEXED BY order_line_fired
         WHERE fired_ms IS NOT NULL AND served_ms IS NULL AND voided_ms IS NULL AND ready_ms IS NULL
           AND (station_id = ?1 OR (station_id IS NULL AND station = ?2))",
    )?
    .query_row(params![id, word], |row| row.get(0))
}
