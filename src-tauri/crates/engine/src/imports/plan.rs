//! From what was read to the commands that record it: chunks of sales, the batch, what the menu lacks.
//!
//! Ids follow from the batch, so the same file makes the same rows; an order's id holds the time it
//! was made, so past orders stand before today's in every list.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, NaiveDateTime, TimeZone, Timelike};
use chrono_tz::Tz;
use comanda_db::Command;
use uuid::Uuid;

use super::commands::RecordImport;
use super::reading::{PastOrder, Reading, Thing};
use crate::command::{Write, freeze};
use crate::error::ApiError;
use crate::kernel::ids::{self, AccountId, CategoryId, ImportId, ItemId, OrderId};
use crate::kernel::money::{Minor, Rounding, TaxMode, Terms};
use crate::kernel::time;
use crate::menu::commands::{FillMenu, Found};
use crate::orders::commands::{Dish, RecordSales, SALES_MAX, Sale};
use crate::restaurant::model::Settings;

/// Category of what the file gives none.
const NO_CATEGORY: &str = "Imported";

/// What an import will do.
pub struct Plan {
    pub batch: RecordImport,
    pub menu: FillMenu,
    pub chunks: Vec<RecordSales>,
}

/// The batch a file under a mapping becomes.
pub fn batch_id(fingerprint: &str) -> ImportId {
    ImportId(ids::derived(&[b"import", fingerprint.as_bytes()]))
}

/// An order's id: its time, and the rest from what it is.
pub fn order_id(batch: ImportId, at_ms: i64, place: usize) -> OrderId {
    let seed = ids::derived(&[batch.0.as_bytes(), &place.to_le_bytes()]);
    let mut tail = [0; 10];
    tail.copy_from_slice(&seed.as_bytes()[..10]);
    OrderId(uuid::Builder::from_unix_timestamp_millis(at_ms.max(0).unsigned_abs(), &tail).into_uuid())
}

/// The instant of a wall clock. In the hour that comes twice, the first; in the one that is left out, the next.
pub fn instant(at: NaiveDateTime, zone: Tz) -> i64 {
    let local = |at: NaiveDateTime| zone.from_local_datetime(&at).earliest().map(|at| at.timestamp_millis());
    local(at).or_else(|| local(at + Duration::hours(1))).unwrap_or_else(|| at.and_utc().timestamp_millis())
}

/// The file says what was charged: tax is inside, whatever the restaurant does now.
pub fn terms(settings: &Settings) -> Terms {
    Terms { tax_mode: TaxMode::Inclusive, ..settings.terms() }
}

/// What the sales of a file come to.
pub fn total(reading: &Reading, rounding: Rounding) -> Minor {
    let lines = reading.orders.iter().flat_map(|order| &order.lines);
    lines.map(|&(thing, milli)| Minor(reading.things[thing].price).times(milli, rounding)).sum()
}

pub fn plan(reading: &Reading, settings: &Settings, name: String) -> Plan {
    let id = batch_id(&reading.fingerprint);
    let terms = terms(settings);
    let (mut first, mut last) = (None, None);
    let mut chunks = Vec::new();
    for (at, orders) in reading.orders.chunks(SALES_MAX).enumerate() {
        let mut chunk = Chunk::new(&reading.things);
        let sales = orders.iter().enumerate().map(|(place, order)| {
            let sale = chunk.sale(settings, id, at * SALES_MAX + place, order);
            first = first.take().map_or(Some(sale.date.clone()), |first: String| Some(first.min(sale.date.clone())));
            last = last.take().map_or(Some(sale.date.clone()), |last: String| Some(last.max(sale.date.clone())));
            sale
        });
        let sales = sales.collect();
        chunks.push(RecordSales { batch: id, terms: terms.to_string(), dishes: chunk.dishes, sales });
    }
    let batch = RecordImport {
        id,
        kind: "csv".into(),
        name,
        fingerprint: reading.fingerprint.clone(),
        orders: reading.orders.len() as u64,
        lines: reading.lines() as u64,
        skipped: reading.dirty_count,
        total: total(reading, terms.rounding),
        first: first.unwrap_or_default(),
        last: last.unwrap_or_default(),
    };
    Plan { batch, menu: fill_menu(id, &reading.things), chunks }
}

/// Every thing sold, once by name: the last price stands.
fn fill_menu(batch: ImportId, things: &[Thing]) -> FillMenu {
    let mut seen = HashSet::new();
    let derive = |kind: &[u8], name: &str| ids::derived(&[batch.0.as_bytes(), kind, name.as_bytes()]);
    let found = things.iter().rev().filter(|thing| seen.insert(thing.name.as_str())).map(|thing| {
        let category = thing.category.clone().unwrap_or_else(|| NO_CATEGORY.to_owned());
        Found {
            id: ItemId(derive(b"item", &thing.name)),
            category_id: CategoryId(derive(b"category", &category)),
            category,
            name: thing.name.clone(),
            price: Minor(thing.price),
            rate: thing.rate_bp,
            station: crate::orders::model::Station::Kitchen,
        }
    });
    let mut found: Vec<Found> = found.collect();
    found.sort_by(|a, b| (&a.category, &a.name).cmp(&(&b.category, &b.name)));
    FillMenu { found }
}

/// One command's worth: things are written once and named by place.
struct Chunk<'a> {
    things: &'a [Thing],
    dishes: Vec<Dish>,
    places: HashMap<usize, usize>,
}

impl<'a> Chunk<'a> {
    fn new(things: &'a [Thing]) -> Self {
        Chunk { things, dishes: Vec::new(), places: HashMap::new() }
    }

    fn dish(&mut self, thing: usize) -> usize {
        let Chunk { things, dishes, places } = self;
        *places.entry(thing).or_insert_with(|| {
            let Thing { name, price, rate_bp, .. } = &things[thing];
            dishes.push(Dish(name.clone(), Minor(*price), *rate_bp));
            dishes.len() - 1
        })
    }

    fn sale(&mut self, settings: &Settings, batch: ImportId, place: usize, order: &PastOrder) -> Sale {
        let at_ms = instant(order.at, settings.time_zone);
        Sale {
            id: order_id(batch, at_ms, place),
            no: order.source_id.clone(),
            date: time::business_date(at_ms, settings.time_zone, settings.day_cutoff_minute).to_string(),
            at: at_ms,
            hour: order.at.hour().into(),
            service: None,
            table: None,
            covers: None,
            lines: order.lines.iter().map(|&(thing, milli)| (self.dish(thing), milli)).collect(),
            paid: None,
        }
    }
}

impl Plan {
    /// How many orders each of its commands writes.
    pub fn orders_of_each(&self) -> Vec<u64> {
        let before = [0, 0]; // the batch, the menu
        before.into_iter().chain(self.chunks.iter().map(|chunk| chunk.sales.len() as u64)).collect()
    }

    /// All or nothing: to be run together. The first one carries the id the request came with.
    pub fn commands(&self, id: Uuid, request: [u8; 8], actor: AccountId, at_ms: i64) -> Result<Vec<Command>, ApiError> {
        let mut commands = Vec::with_capacity(self.chunks.len() + 2);
        commands.push(Command { request, ..frozen(id, actor, at_ms, &self.batch)? });
        let next =
            |what: &str, at: usize| ids::derived(&[self.batch.id.0.as_bytes(), what.as_bytes(), &at.to_le_bytes()]);
        commands.push(frozen(next("menu", 0), actor, at_ms, &self.menu)?);
        for (at, chunk) in self.chunks.iter().enumerate() {
            commands.push(frozen(next("sales", at), actor, at_ms, chunk)?);
        }
        Ok(commands)
    }
}

fn frozen<W: Write>(id: Uuid, actor: AccountId, at_ms: i64, write: &W) -> Result<Command, ApiError> {
    freeze(id, actor.0, at_ms, write).map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_that_is_left_out_or_comes_twice_is_an_instant_all_the_same() {
        #[track_caller]
        fn check(local: &str, expect: &str) {
            let at = NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").expect("a time");
            let expect = chrono::DateTime::parse_from_rfc3339(expect).expect("an instant");
            assert_eq!(instant(at, chrono_tz::Europe::Rome), expect.timestamp_millis());
        }
        check("2026-03-29 02:30", "2026-03-29T03:30:00+02:00");
        check("2026-10-25 02:30", "2026-10-25T02:30:00+02:00");
        check("2026-07-01 12:00", "2026-07-01T12:00:00+02:00");
    }

    #[test]
    fn an_order_of_the_past_sorts_before_one_of_today() {
        let batch = batch_id("a file");
        let past = order_id(batch, 1_420_112_316_000, 0);
        assert_eq!(past, order_id(batch, 1_420_112_316_000, 0));
        assert_ne!(past, order_id(batch, 1_420_112_316_000, 1));
        assert!(past < OrderId::mint());
        assert_eq!(past.0.get_version_num(), 7);
    }
}
