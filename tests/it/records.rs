//! The proof of the records, with the product's own commands: two devices and one sequencer in one
//! process, apart and together again. Whatever they did, all end with the same rows and the same books.

use comanda_db::{Command, Database, Options, Outcome};
use comanda_engine::command::Book;
use comanda_engine::{commands, tables};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use uuid::Uuid;

pub const DATE: &str = "2026-11-21";
const TERMS: &str = "EUR inclusive rate half_up 0";
const PIZZA: u128 = 0x11;

pub struct Disk {
    pub db: Database,
    pub letters: &'static str,
    /// How far this disk has pulled.
    pub cursor: u64,
    /// What its clock shows.
    pub at_ms: i64,
    pub folder: tempfile::TempDir,
}

const NOW_MS: i64 = 1_795_290_000_000;

pub fn open(path: &std::path::Path, sequencer: bool) -> Database {
    let options = Options { sequencer, ..Options::default() };
    Database::open(path, tables::RESTAURANT, Book::new(commands::RESTAURANT), options).unwrap()
}

impl Disk {
    pub fn new(letters: &'static str, sequencer: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = open(&folder.path().join("restaurant.db"), sequencer);
        Self { db, letters, cursor: 0, at_ms: NOW_MS, folder }
    }

    pub fn run(&self, name: &'static str, args: Value) -> (Outcome, Value) {
        let answer = self.ask(&Command { at_ms: self.at_ms, ..command(name, args) });
        (answer.outcome, serde_json::from_slice(&answer.body).unwrap())
    }

    pub fn ask(&self, command: &Command) -> comanda_db::Answer {
        self.db.execute_blocking(command.clone()).unwrap_or_else(|e| panic!("{}: {e}", command.name))
    }

    pub fn open_order(&self, lines: usize) -> Uuid {
        let id = Uuid::now_v7();
        let line = json!({ "item": Uuid::from_u128(PIZZA), "name": "Margherita", "price": 950, "rate": 1000 });
        let (outcome, answer) = self.run(
            "open_order",
            json!({ "id": id, "letters": self.letters, "date": DATE, "hour": 20, "service": "dine_in", "table": "4",
                    "terms": TERMS, "lines": vec![line; lines] }),
        );
        assert_eq!(outcome, Outcome::Done, "{answer}");
        id
    }

    pub fn pay(&self, order: Uuid, tender: &str, amount: i64) -> (Outcome, Value) {
        let args = json!({ "order": order, "id": Uuid::now_v7(), "tender": tender, "amount": amount, "date": DATE });
        self.run("take_payment", args)
    }

    /// What is still owed, counted from the rows.
    pub fn due(&self, order: Uuid) -> i64 {
        let hex = order.simple();
        self.number(&format!(
            "SELECT (SELECT coalesce(sum(coalesce(total_minor, unit_price_minor * coalesce(quantity_milli, 1000) / 1000)), 0)
                     FROM order_line WHERE order_id = x'{hex}' AND voided_ms IS NULL)
                  - (SELECT coalesce(sum(amount_minor), 0) FROM payment WHERE order_id = x'{hex}')"
        ))
    }

    pub fn number(&self, sql: &str) -> i64 {
        self.db.read(|conn| conn.query_row(sql, [], |row| row.get(0))).unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    pub fn ids(&self, sql: &str) -> Vec<Uuid> {
        let read = |conn: &rusqlite::Connection| conn.prepare(sql)?.query_map([], |row| row.get(0))?.collect();
        self.db.read(read).unwrap_or_else(|e: rusqlite::Error| panic!("{sql}: {e}"))
    }

    pub fn state(&self) -> Vec<u8> {
        let sql = "SELECT state FROM journal ORDER BY entry DESC LIMIT 1";
        self.db.read(|conn| conn.query_row(sql, [], |row| row.get(0))).unwrap()
    }

    /// The roll-ups as text; rows of zeros are what an undone sale leaves behind.
    pub fn rollups(&self) -> Vec<String> {
        let queries = [
            "SELECT concat_ws('|', 'day', business_date, source, orders, gross_minor, tax_minor, cash_minor, card_minor, tips_minor,
                    voids, voids_minor, turns, turn_ms, cancelled) FROM day_total
             WHERE orders <> 0 OR cash_minor <> 0 OR card_minor <> 0 OR voids <> 0 OR cancelled <> 0 ORDER BY 1",
            "SELECT concat_ws('|', 'hour', business_date, hour, orders, gross_minor) FROM hour_total WHERE orders <> 0 ORDER BY 1",
            "SELECT concat_ws('|', 'item', business_date, name, moves, quantity_milli, gross_minor) FROM item_day
             WHERE quantity_milli <> 0 ORDER BY 1",
            "SELECT concat_ws('|', 'staff', business_date, source, hex(account_id), orders, gross_minor, voids, voids_minor,
                    payments, taken_minor, refunds) FROM staff_day WHERE orders <> 0 OR payments <> 0 OR voids <> 0 ORDER BY 1",
            "SELECT concat_ws('|', 'tender', business_date, tender, payments, settled_minor, tips_minor) FROM tender_day
             WHERE payments <> 0 ORDER BY 1",
            "SELECT concat_ws('|', 'tax', business_date, source, rate_bp, base_minor, tax_minor) FROM day_tax
             WHERE base_minor <> 0 ORDER BY 1",
        ];
        let read = |conn: &rusqlite::Connection| {
            let mut all = Vec::new();
            for sql in queries {
                let mut statement = conn.prepare(sql)?;
                let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
                all.extend(rows.collect::<rusqlite::Result<Vec<_>>>()?);
            }
            Ok::<_, rusqlite::Error>(all)
        };
        self.db.read(read).unwrap()
    }

    pub fn assert_clean(&self) {
        let report = self.db.check().unwrap();
        assert!(report.is_clean(), "{}: {:#?}", self.letters, report.findings);
    }
}

pub fn command(name: &'static str, args: Value) -> Command {
    Command {
        id: Uuid::now_v7(),
        actor: Uuid::from_u128(7),
        name: name.into(),
        version: 1,
        at_ms: NOW_MS,
        request: [0; 8],
        args: serde_json::to_vec(&args).unwrap(),
        secret: None,
    }
}

struct House {
    sequencer: Disk,
    devices: [Disk; 2],
}

/// A restaurant with one dish.
pub fn furnish(sequencer: &Disk) {
    let (made, answer) = sequencer.run(
        "create_restaurant",
        json!({ "id": Uuid::now_v7(), "name": "Luna", "currency": "EUR", "time_zone": "Europe/Madrid", "locale": "es",
                    "day_cutoff_minute": 300, "tax_mode": "inclusive", "tax_rounding": "rate", "rounding": "half_up",
                    "cash_rounding_minor": 0, "default_tax_rate_bp": 1000, "owner_staff_id": Uuid::now_v7(),
                    "owner_account_id": Uuid::now_v7(), "owner_name": "Olga" }),
    );
    assert_eq!(made, Outcome::Done, "{answer}");
    sequencer.run("add_category", json!({ "id": Uuid::from_u128(1), "name": "Pizza" }));
    let pizza = json!({ "id": Uuid::from_u128(PIZZA), "category": Uuid::from_u128(1), "name": "Margherita",
                            "price": 950, "rate": 1000 });
    let (made, answer) = sequencer.run("add_item", pizza);
    assert_eq!(made, Outcome::Done, "{answer}");
}

impl House {
    fn new() -> Self {
        let house = Self { sequencer: Disk::new("A", true), devices: [Disk::new("B", false), Disk::new("C", false)] };
        furnish(&house.sequencer);
        house
    }

    /// One device up and down, a few commands at a time.
    fn exchange(&mut self, device: usize, page_size: usize) {
        let device = &mut self.devices[device];
        loop {
            let batch = device.db.pending(page_size).unwrap();
            if !batch.is_empty() {
                self.sequencer.db.place(batch).unwrap();
            }
            let page = self.sequencer.db.placed_after(device.cursor, page_size).unwrap();
            device.cursor = page.next;
            let more = page.more;
            device.db.rebase(page).unwrap();
            if !more && device.db.pending(1).unwrap().is_empty() {
                return;
            }
        }
    }

    fn settle(&mut self) {
        for _ in 0..2 {
            self.exchange(0, 7);
            self.exchange(1, 7);
        }
        let rollups = self.sequencer.rollups();
        for device in &self.devices {
            assert_eq!(device.state(), self.sequencer.state(), "{} holds other rows", device.letters);
            assert_eq!(device.rollups(), rollups, "{} has other roll-ups", device.letters);
            device.assert_clean();
        }
        self.sequencer.assert_clean();
    }
}

#[test]
fn a_bill_paid_twice_while_apart_is_in_the_books_twice_and_flagged_once() {
    let mut house = House::new();
    house.settle();
    let order = house.devices[0].open_order(2);
    house.settle();
    assert_eq!(house.devices[0].pay(order, "card", 1900).0, Outcome::Done);
    assert_eq!(house.devices[0].pay(order, "card", 1900).0, Outcome::Refused, "the same engine takes it once");
    let second = command(
        "take_payment",
        json!({ "order": order, "id": Uuid::now_v7(), "tender": "cash", "amount": 1900, "date": DATE }),
    );
    let told = house.devices[1].ask(&second);
    assert_eq!(told.outcome, Outcome::Done, "it happened in the room");
    house.settle();
    for disk in house.devices.iter().chain([&house.sequencer]) {
        assert_eq!(disk.number("SELECT count(*) FROM payment"), 2);
        assert_eq!(disk.number("SELECT count(*) FROM flag WHERE kind = 'overpaid'"), 1);
        assert_eq!(disk.number("SELECT sum(amount_minor) FROM payment"), 3800, "nobody's money disappears");
    }
    let again = house.devices[1].ask(&second);
    assert_eq!((again.replayed, again.body), (true, told.body), "the first answer stays");
}

#[test]
fn an_intent_refused_by_the_sequencer_is_shown_to_its_person_and_holds_up_nobody() {
    let mut house = House::new();
    house.settle();
    house.devices[0].run("archive_item", json!({ "id": Uuid::from_u128(PIZZA) }));
    let (outcome, _) = house.devices[1].run("change_item", json!({ "id": Uuid::from_u128(PIZZA), "price": 990 }));
    assert_eq!(outcome, Outcome::Done, "fine as far as this device knows");
    let order = house.devices[1].open_order(1);
    house.settle();
    assert_eq!(house.devices[1].number("SELECT count(*) FROM inbox WHERE kind = 'refused'"), 1);
    assert_eq!(house.devices[0].number("SELECT count(*) FROM inbox"), 0);
    assert_eq!(house.devices[0].ids("SELECT id FROM orders"), [order], "a fact is never refused: the item was sold");
}

#[test]
fn two_people_on_one_order_while_apart_both_survive() {
    let mut house = House::new();
    house.settle();
    let order = house.devices[0].open_order(1);
    house.settle();
    for device in &house.devices {
        let line = json!({ "item": Uuid::from_u128(PIZZA), "name": device.letters, "price": 500, "rate": 1000 });
        let args = json!({ "order": order, "first": Uuid::now_v7(), "date": DATE, "lines": [line] });
        assert_eq!(device.run("add_lines", args).0, Outcome::Done);
    }
    house.settle();
    assert_eq!(house.sequencer.number("SELECT count(*) FROM order_line"), 3);
}

#[test]
fn printed_numbers_of_two_devices_apart_are_never_the_same() {
    let mut house = House::new();
    house.settle();
    for _ in 0..20 {
        house.devices[0].open_order(1);
        house.devices[1].open_order(1);
    }
    house.settle();
    assert_eq!(house.sequencer.number("SELECT count(DISTINCT number) FROM orders"), 40);
}

/// One random act of a shift; refusals are part of life.
pub fn act(disk: &Disk, rng: &mut StdRng) {
    let orders = disk.ids("SELECT id FROM orders WHERE closed_ms IS NULL ORDER BY id DESC LIMIT 6");
    let order = orders.get(rng.random_range(0..6usize)).copied();
    let Some(order) = order else {
        disk.open_order(rng.random_range(1..4));
        return;
    };
    let hex = order.simple();
    let all =
        disk.ids(&format!("SELECT id FROM order_line WHERE order_id = x'{hex}' AND voided_ms IS NULL ORDER BY id"));
    let Some(&line) = all.get(rng.random_range(0..all.len().max(1))) else { return };
    match rng.random_range(0..12) {
        0 => drop(disk.open_order(rng.random_range(1..4))),
        1 => {
            let new =
                json!({ "item": Uuid::from_u128(PIZZA), "name": "Focaccia", "price": 333, "rate": 400, "qty": 1500 });
            let args = json!({ "order": order, "first": Uuid::now_v7(), "date": DATE, "lines": [new] });
            drop(disk.run("add_lines", args));
        }
        2 | 3 => drop(disk.run("fire_lines", json!({ "order": order, "lines": [line] }))),
        4 => drop(disk.run("bump_line", json!({ "order": order, "line": line, "to": "ready", "date": DATE }))),
        5 | 6 => drop(disk.run("serve_lines", json!({ "order": order, "lines": all, "date": DATE }))),
        7 => drop(disk.run(
            "void_line",
            json!({ "order": order, "line": line, "reason": "dropped", "date": DATE, "fired_too": true }),
        )),
        8 | 9 => drop(disk.pay(order, ["cash", "card"][rng.random_range(0..2)], disk.due(order))),
        10 => {
            let category = Uuid::from_u128(rng.random_range(1..3));
            drop(disk.run("change_item", json!({ "id": Uuid::from_u128(PIZZA), "category": category })));
        }
        _ => drop(disk.run("cancel_order", json!({ "order": order, "reason": "guest left" }))),
    }
}

#[test]
fn random_shifts_apart_end_with_the_same_rows_and_the_same_books() {
    let (mut sales, mut flags, mut voids) = (0, 0, 0);
    for seed in 0..12 {
        let mut rng = StdRng::seed_from_u64(seed);
        let mut house = House::new();
        house.settle();
        for _ in 0..90 {
            match rng.random_range(0..12) {
                0 => house.exchange(0, rng.random_range(1..9)),
                1 => house.exchange(1, rng.random_range(1..9)),
                2 => act(&house.sequencer, &mut rng),
                n => act(&house.devices[n % 2], &mut rng),
            }
        }
        house.settle();
        let disk = &house.sequencer;
        let sold = disk.number(
            "SELECT coalesce(sum(total_minor), 0) FROM orders WHERE closed_ms IS NOT NULL AND cancel_reason IS NULL",
        );
        assert_eq!(
            sold,
            disk.number("SELECT coalesce(sum(gross_minor), 0) FROM day_total"),
            "seed {seed}: the day is not its orders"
        );
        let taken = disk.number("SELECT coalesce(sum(amount_minor), 0) FROM payment");
        assert_eq!(
            taken,
            disk.number("SELECT coalesce(sum(cash_minor + card_minor), 0) FROM day_total"),
            "seed {seed}"
        );
        sales += disk.number("SELECT coalesce(sum(orders), 0) FROM day_total");
        flags += disk.number("SELECT count(*) FROM flag");
        voids += disk.number("SELECT count(*) FROM order_line WHERE voided_ms IS NOT NULL");
    }
    assert!(sales > 5 && flags > 0 && voids > 5, "{sales} sales, {flags} flags, {voids} voids: these shifts were idle");
}

#[test]
fn a_floor_two_devices_use_apart_is_one_floor_afterwards() {
    let mut house = House::new();
    let (hall, four, spare) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    let spot = json!({ "x": 0, "y": 0, "w": 80, "h": 80 });
    let laid = json!({ "areas": [{ "id": hall, "name": "Hall", "w": 800, "h": 600, "tables": [[four, "4", "round", 4, spot]] }] });
    let (made, answer) = house.sequencer.run("lay_out_floor", laid);
    assert_eq!(made, Outcome::Done, "{answer}");
    house.settle();
    // Both hear the table call; one moves it, the other adds a table of the same name as the sequencer does.
    for device in &house.devices {
        let call = json!({ "id": Uuid::now_v7(), "table": four });
        assert_eq!(device.run("call_waiter", call).0, Outcome::Done);
    }
    let there = json!({ "x": 120, "y": 60, "w": 80, "h": 80, "turn": 45 });
    assert_eq!(house.devices[0].run("arrange_floor_tables", json!({ "spots": [[four, there]] })).0, Outcome::Done);
    let new = |id: Uuid| json!({ "id": id, "area": hall, "name": "5", "shape": "square", "seats": 2, "spot": spot });
    assert_eq!(house.sequencer.run("save_floor_table", new(Uuid::now_v7())).0, Outcome::Done);
    assert_eq!(house.devices[1].run("save_floor_table", new(spare)).0, Outcome::Done, "fine as far as it knows");
    assert_eq!(house.devices[1].run("answer_call", json!({ "table": four })).0, Outcome::Done);
    house.settle();
    let disk = &house.sequencer;
    assert_eq!(disk.number("SELECT count(*) FROM floor_call"), 2, "a call that happened is never lost");
    assert_eq!(disk.number("SELECT x_cm FROM floor_table WHERE name = '4'"), 120);
    assert_eq!(disk.number("SELECT count(*) FROM floor_table WHERE name = '5'"), 1, "one table of a name");
    assert_eq!(house.devices[1].number("SELECT count(*) FROM inbox WHERE kind = 'refused'"), 1);
}
