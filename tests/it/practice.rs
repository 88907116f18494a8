//! Practice: whatever is done there, nothing of the restaurant moves; and nobody serves a guest there unaware.

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Answer, EVENING, Person, TestApp};
use crate::trade::{House, id};

/// Somebody whose device says that it practises.
struct Trainee(Person);

impl Trainee {
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.0.request(method, path).header("x-practice", "1");
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::of(request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn step(&self, order: &Value, step: &str, body: Value) -> Answer {
        self.post(&format!("/orders/{}/{step}", id(order)), body).await
    }
}

async fn practising(person: &Person) -> Trainee {
    assert_eq!(person.post("/practice", json!({})).await.created()["practising"], true);
    Trainee(person.clone())
}

/// Every sum, list and series a sale could be in.
const READINGS: &[&str] = &[
    "/today",
    "/orders",
    "/orders?state=completed",
    "/menu",
    "/menu/now",
    "/kitchen",
    "/till",
    "/till/z-reports",
    "/floor",
    "/inbox",
    "/tasks",
    "/order-drafts",
    "/print-jobs",
    "/journal?from=2026-06-12&to=2026-06-12",
    "/export/sales.csv?from=2026-06-12&to=2026-06-12",
    "/reports/summary?from=2026-06-12&to=2026-06-12",
    "/reports/days?from=2026-06-12&to=2026-06-12",
    "/reports/hours?from=2026-06-12&to=2026-06-12",
    "/reports/items?from=2026-06-12&to=2026-06-12",
    "/reports/categories?from=2026-06-12&to=2026-06-12",
    "/reports/staff?from=2026-06-12&to=2026-06-12",
    "/reports/tenders?from=2026-06-12&to=2026-06-12",
    "/reports/taxes?from=2026-06-12&to=2026-06-12",
];

async fn readings(person: &Person) -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for path in READINGS {
        let answer = person.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let mut value = serde_json::from_str(&answer.text).unwrap_or(Value::String(answer.text));
        if let Some(said) = value.as_object_mut() {
            said.remove("image_key");
            said.remove("now_ms");
        }
        all.push((*path, value));
    }
    all
}

/// The state of every synced table of the restaurant's file, and the files it could have left things in.
fn state(app: &TestApp, person: &Person) -> Vec<u8> {
    let file = app.folder.path().join("restaurants").join(format!("{}.db", person.restaurant_id()));
    let conn = Connection::open(file).unwrap();
    conn.query_row("SELECT state FROM journal ORDER BY entry DESC LIMIT 1", [], |row| row.get(0)).unwrap()
}

fn practice_files(app: &TestApp) -> usize {
    std::fs::read_dir(app.folder.path().join("practice")).map_or(0, Iterator::count)
}

/// A whole day in practice: everything that makes a sum, a number or a piece of paper.
async fn a_day(trainee: &Trainee, house: &House) {
    trainee.post("/till/open", json!({ "float_minor": 10_000 })).await.created();
    trainee.post("/till/moves", json!({ "kind": "pay_out", "amount_minor": 500, "reason": "Lemons" })).await.created();
    let lines = json!([{ "item_id": house.pizza }, { "item_id": house.cola, "quantity_milli": 2000 }]);
    let new = json!({ "service": "dine_in", "table": "4", "covers": 2, "lines": lines });
    let order = trainee.post("/orders", new.clone()).await.created();
    assert!(order["number"].as_str().unwrap().starts_with("PRACTICE-"), "{order}");
    trainee.step(&order, "fire", json!({})).await.ok();
    let tickets = trainee.get("/kitchen").await.ok()["tickets"].as_array().unwrap().len();
    assert_eq!(tickets, 1, "the kitchen of practice");
    trainee.step(&order, "serve", json!({})).await.ok();
    let paid = json!({ "tender": "cash", "amount_minor": 1710 });
    trainee.step(&order, "payments", paid).await.created();
    trainee.step(&order, "invoices", json!({})).await.created();
    let refund = json!({ "tender": "cash", "amount_minor": 300, "reason": "Cold" });
    trainee.step(&order, "refunds", refund).await.created();
    let cancelled = trainee.post("/orders", new).await.created();
    trainee.step(&cancelled, "cancel", json!({ "reason": "Left" })).await.ok();
    let path = format!("/menu/items/{}/countdown", house.pizza);
    trainee.send(Method::PUT, &path, Some(json!({ "left": 3 }))).await;
    let expected = trainee.get("/till").await.ok()["session"]["expected_minor"].clone();
    trainee.post("/till/close", json!({ "counted_minor": expected })).await.ok();
    assert_eq!(trainee.post("/till/z", json!({})).await.created()["number"], 1);
    let refused = trainee.post("/till/print", json!({ "z": 1 })).await.refused("rule_violated");
    assert_eq!(refused["message"], "Nothing is printed in practice.");
    let today = trainee.get("/today").await.ok();
    assert_eq!(today["totals"]["gross_minor"], 1710, "practice has its own sums");
}

#[tokio::test]
async fn a_whole_day_in_practice_moves_no_sum_no_series_and_no_row() {
    let house = House::open().await;
    let owner = &house.owner;
    owner.post("/till/open", json!({ "float_minor": 20_000 })).await.created();
    house.finished("cash").await;
    house.order().await;
    let before = (readings(owner).await, state(&house.app, owner));

    let trainee = practising(owner).await;
    a_day(&trainee, &house).await;

    let after = (readings(owner).await, state(&house.app, owner));
    for (was, is) in before.0.iter().zip(&after.0) {
        assert_eq!(was, is);
    }
    assert_eq!(before.1, after.1, "no row of the restaurant's file changed");
    // The next number is the one after the last guest's.
    assert_eq!(house.order().await["number"], "A-0003");
}

#[tokio::test]
async fn practice_has_the_house_and_none_of_its_business() {
    let house = House::open().await;
    let owner = &house.owner;
    owner.post("/floor/tables/lay-out", json!({})).await;
    house.finished("cash").await;
    let trainee = practising(owner).await;
    let menu = |mut menu: Value| {
        menu.as_object_mut().unwrap().remove("image_key");
        menu
    };
    assert_eq!(menu(trainee.get("/menu").await.ok()), menu(owner.get("/menu").await.ok()));
    assert_eq!(trainee.get("/floor").await.ok(), owner.get("/floor").await.ok());
    assert_eq!(trainee.get("/orders?state=completed").await.ok()["items"], json!([]));
    assert_eq!(trainee.get("/today").await.ok()["totals"]["orders"], 0);
    assert_eq!(trainee.get("/till").await.ok()["session"], Value::Null);
}

#[tokio::test]
async fn only_a_device_that_was_put_into_practice_by_somebody_who_may_is_in_it() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.post("/practice", json!({})).await.refused("forbidden");
    let trainee = Trainee(waiter.clone());
    trainee.get("/orders").await.refused("not_found");
    practising(&house.owner).await;
    // Another device practises: this one still does not.
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    assert_eq!(trainee.post("/orders", new).await.refused("not_found")["field"], "x-practice");
    assert_eq!(house.owner.get("/orders").await.ok()["items"], json!([]), "and did nothing at work");
    assert_eq!(waiter.get("/practice").await.ok()["practising"], false);
    waiter.delete("/practice").await.refused("not_found");
    let both = waiter.request(Method::GET, "/orders").header("x-practice", "1").header("x-rewind", "1");
    Answer::of(both).await.invalid("x-practice");
}

#[tokio::test]
async fn people_menu_and_settings_are_not_changed_in_practice() {
    let house = House::open().await;
    let trainee = practising(&house.owner).await;
    let person = json!({ "name": "Eve", "email": "eve@example.com", "role": "owner", "password": "Trattoria-27" });
    for (method, path, body) in [
        (Method::POST, "/staff", person),
        (Method::PATCH, "", json!({ "name": "Other" })),
        (Method::POST, "/menu/categories", json!({ "name": "Other" })),
        (Method::POST, "/rewind", json!({ "at_ms": 0 })),
        (Method::PUT, "/staff/me/pin", json!({ "pin": "1234" })),
    ] {
        let refused = trainee.send(method, path, Some(body)).await.refused("rule_violated");
        assert_eq!(refused["field"], "x-practice", "{path}");
    }
}

#[tokio::test]
async fn devices_practise_together_until_the_last_one_leaves_or_somebody_starts_afresh() {
    let house = House::open().await;
    let one = practising(&house.owner).await;
    let manager = house.app.staff(&house.owner, "manager").await;
    let other = practising(&manager).await;
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    let order = one.post("/orders", new).await.created();
    assert_eq!(id(&other.get("/orders").await.ok()["items"][0]), id(&order));
    assert_eq!(manager.get("/practice").await.ok()["devices"], 2);

    let answer = manager.post("/practice", json!({ "afresh": true })).await.created();
    assert_eq!(answer["devices"], 2, "everybody is in the new house");
    assert_eq!(one.get("/orders").await.ok()["items"], json!([]));

    house.owner.delete("/practice").await.gone();
    one.get("/orders").await.refused("not_found");
    other.get("/orders").await.ok();
    assert!(practice_files(&house.app) > 0);
    manager.delete("/practice").await.gone();
    assert_eq!(practice_files(&house.app), 0, "its files went with the last device");
    manager.post("/practice", json!({ "often": true })).await.invalid("often");
}

#[tokio::test]
async fn who_practised_and_for_how_much_is_in_the_restaurants_audit() {
    let house = House::open().await;
    let trainee = practising(&house.owner).await;
    a_day(&trainee, &house).await;
    house.owner.delete("/practice").await.gone();
    let audit = house.owner.get("/audit").await.ok();
    let actions: Vec<_> = audit["items"].as_array().unwrap().iter().map(|row| row["action"].clone()).collect();
    assert_eq!(&actions[..2], &[json!("end_practice"), json!("begin_practice")]);
    let file = house.app.folder.path().join("restaurants").join(format!("{}.db", house.owner.restaurant_id()));
    let conn = Connection::open(file).unwrap();
    let sql = "SELECT args FROM ledger WHERE name = 'end_practice'";
    let args: Vec<u8> = conn.query_row(sql, [], |row| row.get(0)).unwrap();
    let args: Value = serde_json::from_slice(&args).unwrap();
    assert_eq!(args, json!({ "orders": 1, "gross": 1710 }));
}

#[tokio::test]
async fn an_approval_in_practice_is_by_the_pins_of_the_house() {
    let house = House::open().await;
    house.owner.put("/staff/me/pin", json!({ "pin": "4711" })).await.ok();
    let waiter = house.app.staff(&house.owner, "waiter").await;
    // The manager puts the waiter's device into practice and hands it back.
    let rid = house.owner.restaurant_id();
    waiter.put("~/sessions/current/person", json!({ "restaurant_id": rid, "pin": "4711" })).await.ok();
    let trainee = practising(&waiter).await;
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    let order = trainee.post("/orders", new).await.created();
    let comp =
        |pin: &str| json!({ "line_ids": [id(&order["lines"][0])], "reason": "Burnt", "approval": { "pin": pin } });
    trainee.step(&order, "comp", comp("0815")).await.refused("forbidden");
    trainee.step(&order, "comp", comp("4711")).await.ok();
}

#[tokio::test]
async fn a_restart_ends_practice_and_nobody_falls_into_the_restaurant() {
    let house = House::open().await;
    practising(&house.owner).await;
    let (owner, pizza) = (house.owner.clone(), house.pizza.clone());
    let app = house.app.restart().await;
    app.at(EVENING);
    let trainee = Trainee(app.again(&owner));
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": pizza }] });
    trainee.post("/orders", new).await.refused("not_found");
    assert_eq!(practice_files(&app), 0);
    assert_eq!(app.again(&owner).get("/orders").await.ok()["items"], json!([]));
}
