//! The only SQL for `floor_area`, `floor_table` and `floor_call`.

use comanda_db::Tx;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::model::{Area, Shape, Spot, Table, Wants};
use crate::kernel::ids::{AccountId, AreaId, CallId, OrderId, StaffId, TableId};

/// A table as it is shown.
#[derive(Debug, Clone)]
pub struct Standing {
    pub table: Table,
    /// Who serves it, if they still work here.
    pub waiter: Option<Waiter>,
    pub call: Option<Call>,
}

#[derive(Debug, Clone)]
pub struct Waiter {
    pub staff_id: StaffId,
    pub account_id: AccountId,
    pub name: String,
}

/// The last time a table called.
#[derive(Debug, Clone)]
pub struct Call {
    pub wants: Wants,
    pub called_ms: i64,
    pub called_by_name: String,
    pub answered_ms: Option<i64>,
    pub answered_by_name: Option<String>,
}

/// An open order that says it is at a table.
#[derive(Debug, Clone)]
pub struct Party {
    pub order_id: OrderId,
    pub number: String,
    pub table: String,
}

fn area_row(row: &Row<'_>) -> Result<Area> {
    Ok(Area { id: row.get(0)?, name: row.get(1)?, width_cm: row.get(2)?, height_cm: row.get(3)? })
}

pub fn areas(conn: &Connection) -> Result<Vec<Area>> {
    conn.prepare_cached("SELECT id, name, width_cm, height_cm FROM floor_area WHERE archived_ms IS NULL ORDER BY id")?
        .query_map([], area_row)?
        .collect()
}

pub fn area(conn: &Connection, id: AreaId) -> Result<Option<Area>> {
    conn.prepare_cached("SELECT id, name, width_cm, height_cm FROM floor_area WHERE id = ?1 AND archived_ms IS NULL")?
        .query_row([id], area_row)
        .optional()
}

const TABLE: &str =
    "SELECT t.id, t.area_id, t.name, t.shape, t.seats, t.x_cm, t.y_cm, t.width_cm, t.height_cm, t.turn_deg
                     FROM floor_table t";

fn table_row(row: &Row<'_>) -> Result<Table> {
    Ok(Table {
        id: row.get(0)?,
        area_id: row.get(1)?,
        name: row.get(2)?,
        shape: row.get::<_, Option<Shape>>(3)?.unwrap_or(Shape::Square),
        seats: row.get(4)?,
        spot: Spot { x: row.get(5)?, y: row.get(6)?, w: row.get(7)?, h: row.get(8)?, turn: row.get(9)? },
    })
}

/// One that stands.
pub fn table(conn: &Connection, id: TableId) -> Result<Option<Table>> {
    conn.prepare_cached(&format!("{TABLE} WHERE t.id = ?1 AND t.archived_ms IS NULL"))?
        .query_row([id], table_row)
        .optional()
}

/// All that stand.
pub fn tables(conn: &Connection) -> Result<Vec<Table>> {
    conn.prepare_cached(&format!("{TABLE} WHERE t.archived_ms IS NULL ORDER BY t.id"))?
        .query_map([], table_row)?
        .collect()
}

/// All that stand, each with its waiter and its last call.
pub fn standing(conn: &Connection) -> Result<Vec<Standing>> {
    let row = |row: &Row<'_>| -> Result<Standing> {
        let waiter = match (row.get(10)?, row.get(11)?, row.get(12)?) {
            (Some(staff_id), Some(account_id), Some(name)) => Some(Waiter { staff_id, account_id, name }),
            _ => None,
        };
        let call = match row.get(13)? {
            Some(called_ms) => Some(Call {
                called_ms,
                wants: row.get::<_, Option<Wants>>(14)?.unwrap_or_default(),
                called_by_name: row.get::<_, Option<String>>(15)?.unwrap_or_default(),
                answered_ms: row.get(16)?,
                answered_by_name: row.get(17)?,
            }),
            None => None,
        };
        Ok(Standing { table: table_row(row)?, waiter, call })
    };
    conn.prepare_cached(
        "SELECT t.id, t.area_id, t.name, t.shape, t.seats, t.x_cm, t.y_cm, t.width_cm, t.height_cm, t.turn_deg,
                s.id, s.account_id, s.name,
                c.called_ms, c.wants, (SELECT name FROM staff WHERE account_id = c.called_by),
                c.answered_ms, (SELECT name FROM staff WHERE account_id = c.answered_by)
         FROM floor_table t
         LEFT JOIN staff s ON s.id = t.staff_id AND s.archived_ms IS NULL
         LEFT JOIN floor_call c ON c.table_id = t.id AND c.id = (SELECT MAX(id) FROM floor_call WHERE table_id = t.id)
         WHERE t.archived_ms IS NULL ORDER BY t.id",
    )?
    .query_map([], row)?
    .collect()
}

/// Where parties sit, as their open orders say.
pub fn parties(conn: &Connection) -> Result<Vec<Party>> {
    let party = |row: &Row<'_>| Ok(Party { order_id: row.get(0)?, number: row.get(1)?, table: row.get(2)? });
    conn.prepare_cached(
        "SELECT id, number, table_name FROM orders INDEXED BY orders_open
         WHERE closed_ms IS NULL AND service = 'dine_in' AND table_name IS NOT NULL ORDER BY id",
    )?
    .query_map([], party)?
    .collect()
}

/// What the last call wants, while nobody has answered it.
pub fn waiting(conn: &Connection, table: TableId) -> Result<Option<Wants>> {
    let last = conn
        .prepare_cached("SELECT wants, answered_ms FROM floor_call WHERE table_id = ?1 ORDER BY id DESC LIMIT 1")?
        .query_row([table], |row| Ok((row.get::<_, Option<Wants>>(0)?, row.get::<_, Option<i64>>(1)?)))
        .optional()?;
    Ok(last.filter(|(_, answered)| answered.is_none()).map(|(wants, _)| wants.unwrap_or_default()))
}

pub fn insert_area(tx: &Tx<'_>, area: &Area) -> Result<()> {
    let Area { id, name, width_cm, height_cm } = area;
    tx.execute(
        "INSERT INTO floor_area (id, name, width_cm, height_cm) VALUES (?1, ?2, ?3, ?4)",
        params![id, name, width_cm, height_cm],
    )
    .map(drop)
}

pub fn update_area(tx: &Tx<'_>, area: &Area) -> Result<()> {
    let Area { id, name, width_cm, height_cm } = area;
    tx.execute(
        "UPDATE floor_area SET name = ?2, width_cm = ?3, height_cm = ?4 WHERE id = ?1",
        params![id, name, width_cm, height_cm],
    )
    .map(drop)
}

pub fn archive_area(tx: &Tx<'_>, id: AreaId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE floor_area SET archived_ms = ?2 WHERE id = ?1", (id, at_ms)).map(drop)
}

/// How a shape stands in its column: the usual one costs nothing.
fn named(shape: Shape) -> Option<Shape> {
    (shape != Shape::Square).then_some(shape)
}

pub fn insert_table(tx: &Tx<'_>, table: &Table) -> Result<()> {
    let Table { id, area_id, name, shape, seats, spot } = table;
    let Spot { x, y, w, h, turn } = spot;
    tx.execute(
        "INSERT INTO floor_table (id, area_id, name, shape, seats, x_cm, y_cm, width_cm, height_cm, turn_deg)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![id, area_id, name, named(*shape), seats, x, y, w, h, turn],
    )
    .map(drop)
}

pub fn update_table(tx: &Tx<'_>, table: &Table) -> Result<()> {
    let Table { id, area_id, name, shape, seats, spot } = table;
    let Spot { x, y, w, h, turn } = spot;
    tx.execute(
        "UPDATE floor_table SET area_id = ?2, name = ?3, shape = ?4, seats = ?5, x_cm = ?6, y_cm = ?7, width_cm = ?8,
                height_cm = ?9, turn_deg = ?10
         WHERE id = ?1",
        params![id, area_id, name, named(*shape), seats, x, y, w, h, turn],
    )
    .map(drop)
}

pub fn archive_table(tx: &Tx<'_>, id: TableId, at_ms: i64) -> Result<()> {
    tx.execute("UPDATE floor_table SET archived_ms = ?2, staff_id = NULL WHERE id = ?1", (id, at_ms)).map(drop)
}

pub fn assign(tx: &Tx<'_>, id: TableId, staff: Option<StaffId>) -> Result<()> {
    tx.execute("UPDATE floor_table SET staff_id = ?2 WHERE id = ?1 AND archived_ms IS NULL", (id, staff)).map(drop)
}

pub fn insert_call(
    tx: &Tx<'_>,
    table: TableId,
    id: CallId,
    wants: Wants,
    called_ms: i64,
    called_by: AccountId,
) -> Result<()> {
    let wants = (wants != Wants::Waiter).then_some(wants);
    tx.execute(
        "INSERT INTO floor_call (table_id, id, wants, called_ms, called_by) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![table, id, wants, called_ms, called_by],
    )
    .map(drop)
}

/// Whoever was first has answered.
pub fn answer_calls(tx: &Tx<'_>, table: TableId, at_ms: i64, by: AccountId) -> Result<()> {
    tx.execute(
        "UPDATE floor_call SET answered_ms = ?2, answered_by = ?3 WHERE table_id = ?1 AND answered_ms IS NULL",
        (table, at_ms, by),
    )
    .map(drop)
}
