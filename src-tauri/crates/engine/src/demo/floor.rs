//! The demo's floor: the tables its orders name, who serves them, and one that calls. A restaurant that
//! has a floor keeps its own.

use comanda_db::Command;

use super::Run;
use crate::error::ApiError;
use crate::floor::commands::{AssignTables, CallWaiter, LaidArea, LaidTable, LayOutFloor};
use crate::floor::model::{Shape, Spot, key};
use crate::floor::store;
use crate::kernel::ids::{AreaId, CallId, TableId};
use crate::staff;

/// Tables orders name: 1, 2, …
pub const TABLES: u32 = 20;
/// The two waiters of the team, by their place in it.
const WAITERS: [usize; 2] = [2, 3];
/// Tables of the first waiter's section; the others are the second one's.
const FIRST_SECTION: usize = 8;
const MINUTE_MS: i64 = 60_000;

/// Shape, seats, place and size.
type Standing = (Shape, i64, i64, i64, i64, i64);
const ROOM: &[Standing] = &[
    (Shape::Square, 2, 80, 80, 80, 80),
    (Shape::Square, 2, 240, 80, 80, 80),
    (Shape::Square, 2, 400, 80, 80, 80),
    (Shape::Square, 4, 560, 80, 80, 80),
    (Shape::Round, 4, 80, 240, 100, 100),
    (Shape::Round, 4, 260, 240, 100, 100),
    (Shape::Rectangle, 6, 440, 260, 160, 80),
    (Shape::Rectangle, 6, 700, 260, 160, 80),
    (Shape::Round, 6, 80, 440, 120, 120),
    (Shape::Rectangle, 8, 280, 460, 220, 80),
    (Shape::Square, 4, 720, 80, 80, 80),
    (Shape::Square, 4, 880, 80, 80, 80),
];
const TERRACE: &[Standing] = &[
    (Shape::Square, 4, 80, 80, 80, 80),
    (Shape::Square, 4, 240, 80, 80, 80),
    (Shape::Square, 4, 400, 80, 80, 80),
    (Shape::Square, 4, 560, 80, 80, 80),
    (Shape::Round, 4, 80, 280, 100, 100),
    (Shape::Round, 4, 260, 280, 100, 100),
    (Shape::Round, 5, 440, 280, 100, 100),
    (Shape::Square, 4, 600, 290, 80, 80),
];
const BAR: Standing = (Shape::Bar, 6, 600, 540, 340, 60);

/// How many sit at a table.
pub fn seats_of(table: u32) -> i64 {
    ROOM.iter().chain(TERRACE).nth(table.saturating_sub(1) as usize).map_or(2, |standing| standing.1)
}

pub fn commands(run: &Run<'_>) -> Result<Vec<Command>, ApiError> {
    if !run.restaurant.read(store::areas)?.is_empty() {
        return Ok(Vec::new());
    }
    let id = |at: usize| TableId(run.id("table", at));
    let laid = |at: usize, name: String, &(shape, seats, x, y, w, h): &Standing| {
        LaidTable(id(at), name, shape, seats, Spot { x, y, w, h, turn: None })
    };
    let area = |at: usize, name: &str, w: i64, h: i64, tables: Vec<LaidTable>| LaidArea {
        id: AreaId(run.id("area", at)),
        name: name.to_owned(),
        w,
        h,
        tables,
    };
    let numbered = |from: usize, tables: &[Standing]| -> Vec<LaidTable> {
        tables.iter().enumerate().map(|(at, standing)| laid(from + at, (from + at + 1).to_string(), standing)).collect()
    };
    let mut room = numbered(0, ROOM);
    let last = ROOM.len() + TERRACE.len();
    room.push(laid(last, "Bar".to_owned(), &BAR));
    let areas =
        vec![area(0, "Dining room", 1_000, 680, room), area(1, "Terrace", 720, 460, numbered(ROOM.len(), TERRACE))];
    let mut commands = vec![run.frozen("floor", 0, &LayOutFloor { areas })?];
    for (nth, waiter) in WAITERS.into_iter().enumerate() {
        let section = if nth == 0 { 0..FIRST_SECTION } else { FIRST_SECTION..last + 1 };
        let person = run.restaurant.read(|conn| staff::store::by_account(conn, run.account(waiter)))?;
        let Some(person) = person.filter(|person| person.active) else { continue };
        let assign = AssignTables { tables: section.map(id).collect(), staff: Some(person.id) };
        commands.push(run.frozen("section", nth, &assign)?);
    }
    Ok(commands)
}

/// A guest of the day that is under way looks for a waiter.
pub fn call(run: &Run<'_>) -> Result<Vec<Command>, ApiError> {
    let (parties, tables) =
        run.restaurant.read(|conn| Ok::<_, rusqlite::Error>((store::parties(conn)?, store::tables(conn)?)))?;
    let table = parties.iter().find_map(|party| tables.iter().find(|table| key(&table.name) == key(&party.table)));
    let Some(table) = table else { return Ok(Vec::new()) };
    if run.restaurant.read(|conn| store::waiting(conn, table.id))?.is_some() {
        return Ok(Vec::new());
    }
    let write = CallWaiter { id: CallId(run.id("call", 0)), table: table.id, wants: None };
    Ok(vec![run.frozen_at(run.id("calling", 0), run.account(WAITERS[0]), run.now_ms - MINUTE_MS, &write)?])
}
