//! Rewind: what is read at a moment of the past is what was there, and nothing is changed by looking.

use std::path::PathBuf;
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{Answer, Person, instant};
use crate::trade::{House, id};

/// Waits until a moment is open.
async fn open(owner: &Person, asked: Value) -> Value {
    let answer = owner.post("/rewind", asked).await;
    assert_eq!(answer.status, 202, "{}", answer.text);
    let view = id(&answer.json());
    loop {
        let view = owner.get(&format!("/rewind/{view}")).await.ok();
        match view["state"].as_str().unwrap() {
            "ready" => return view,
            "making" => tokio::time::sleep(Duration::from_millis(10)).await,
            other => panic!("{other}: {view}"),
        }
    }
}

async fn then(person: &Person, view: &Value, path: &str) -> Answer {
    Answer::of(person.request(Method::GET, path).header("x-rewind", id(view))).await
}

fn live_file(house: &House) -> PathBuf {
    house.app.folder.path().join("restaurants").join(format!("{}.db", house.owner.restaurant_id()))
}

/// What a reading says of the restaurant. The key to its pictures is one of now, also in the past; when an answer
/// was made may be some minutes before it is given.
fn said(answer: Answer) -> Value {
    let mut value = answer.ok();
    if let Some(said) = value.as_object_mut() {
        said.remove("image_key");
        said.remove("now_ms");
    }
    value
}

/// The last entry of a file and the state recorded there.
fn state(file: &std::path::Path) -> (u64, Vec<u8>) {
    let conn = Connection::open(file).unwrap();
    let sql = "SELECT entry, state FROM journal ORDER BY entry DESC LIMIT 1";
    conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

const READINGS: &[&str] = &[
    "/today",
    "/orders",
    "/orders?state=completed",
    "/menu",
    "/menu/now",
    "/kitchen",
    "/till",
    "/staff",
    "/inbox",
    "/reports/days?from=2026-06-12&to=2026-06-12",
    "/reports/summary?from=2026-06-12&to=2026-06-12",
    "/reports/items?from=2026-06-12&to=2026-06-12",
    "/reports/tenders?from=2026-06-12&to=2026-06-12",
    "/reports/hours?from=2026-06-12&to=2026-06-12",
    "/reports/staff?from=2026-06-12&to=2026-06-12",
];

/// One thing that happens in a house, and whether there was anything to do it to.
async fn something(house: &House, rng: &mut StdRng, orders: &mut Vec<Value>) {
    let owner = &house.owner;
    let any = |rng: &mut StdRng, orders: &[Value]| orders[rng.random_range(0..orders.len())].clone();
    match rng.random_range(0..10) {
        0..3 => orders.push(house.order().await),
        3 if !orders.is_empty() => {
            let (order, line) = (any(rng, orders), json!({ "lines": [{ "item_id": house.water }] }));
            house.step(&order, "lines", line).await;
        }
        4 if !orders.is_empty() => drop(house.step(&any(rng, orders), "fire", json!({})).await),
        5 if !orders.is_empty() => {
            let order = house.fresh(&any(rng, orders)).await;
            let void = json!({ "reason": "Dropped" });
            house.step(&order, &format!("lines/{}/void", id(&order["lines"][0])), void).await;
        }
        6 => {
            let price = rng.random_range(900..1200);
            owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "price_minor": price })).await.ok();
        }
        7 if !orders.is_empty() => drop(house.step(&any(rng, orders), "cancel", json!({ "reason": "Left" })).await),
        _ if !orders.is_empty() => {
            let order = house.fresh(&any(rng, orders)).await;
            house.step(&order, "fire", json!({})).await;
            house.step(&order, "serve", json!({})).await;
            let tender = ["cash", "card", "voucher"][rng.random_range(0..3)];
            let due = order["due_minor"].as_i64().or(order["totals"]["due_minor"].as_i64()).unwrap_or(500);
            house.pay(&order, tender, due.max(1)).await;
        }
        _ => {}
    }
}

#[tokio::test]
async fn at_twenty_moments_of_a_day_everything_reads_as_it_did_then() {
    let house = House::open().await;
    let owner = house.owner.clone();
    owner.post("/till/open", json!({ "float_minor": 10_000 })).await;
    let mut rng = StdRng::seed_from_u64(26);
    let (mut orders, mut moments) = (Vec::new(), Vec::new());
    for step in 0..60 {
        house.app.pass_ms(rng.random_range(1_000..240_000));
        something(&house, &mut rng, &mut orders).await;
        if step % 3 == 2 {
            let at_ms = owner.get("/rewind").await.ok()["now_ms"].as_i64().unwrap();
            let mut read = Vec::new();
            for path in READINGS {
                read.push(said(owner.get(path).await));
            }
            moments.push((at_ms, read, state(&live_file(&house))));
        }
    }
    assert_eq!(moments.len(), 20);
    assert!(orders.len() > 8);
    let (entry, last) = state(&live_file(&house));
    let newest: Vec<Value> = moments.last().unwrap().1.clone();
    for (at_ms, read, recorded) in &moments {
        // A second later is the same moment: nothing has happened in between.
        let view = open(&owner, json!({ "at_ms": at_ms })).await;
        assert_eq!(view["entry"], recorded.0);
        for (path, before) in READINGS.iter().zip(read) {
            assert_eq!(&said(then(&owner, &view, path).await), before, "{path} at {at_ms}");
        }
        let file = house.app.folder.path().join("rewind").join(format!("{}.db", id(&view)));
        assert_eq!(&state(&file), recorded);
    }
    assert_eq!(state(&live_file(&house)), (entry, last), "the live file was touched");
    let mut now = Vec::new();
    for path in READINGS {
        now.push(said(owner.get(path).await));
    }
    assert_eq!(now, newest);
}

#[tokio::test]
async fn an_order_is_seen_as_it_was_with_the_history_it_had() {
    let house = House::open().await;
    let owner = &house.owner;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let view = open(owner, json!({ "entry": owner.get("/rewind").await.ok()["entry"] })).await;
    house.app.pass_ms(600_000);
    house.step(&order, "serve", json!({})).await.ok();
    house.pay(&order, "card", 1710).await.created();
    let path = format!("/orders/{}", id(&order));
    let (was, is) = (then(owner, &view, &path).await.ok(), owner.get(&path).await.ok());
    assert_eq!((&was["state"], &was["payments"]), (&json!("open"), &json!([])));
    assert_eq!((&is["state"], is["payments"].as_array().unwrap().len()), (&json!("completed"), 1));
    let history = |value: Value| -> Vec<String> {
        value["items"].as_array().unwrap().iter().map(|entry| entry["summary_key"].to_string()).collect()
    };
    let was = history(then(owner, &view, &format!("{path}/history")).await.ok());
    assert_eq!(was.len(), 2, "{was:?}");
    assert_eq!(history(owner.get(&format!("{path}/history")).await.ok()).len(), 4);
    let audit = then(owner, &view, "/audit").await.ok();
    assert_eq!(audit["items"][0]["action"], "fire_lines");
}

#[tokio::test]
async fn a_moment_stands_beside_now_with_its_figures() {
    let house = House::open().await;
    let owner = &house.owner;
    house.finished("card").await;
    let view = open(owner, json!({ "entry": owner.get("/rewind").await.ok()["entry"] })).await;
    house.app.pass_ms(60_000);
    house.finished("cash").await;
    house.order().await;
    let compared = owner.get(&format!("/rewind/{}/compare", id(&view))).await.ok();
    let sums = |side: &str| (compared[side]["totals"]["gross_minor"].clone(), compared[side]["open_orders"].clone());
    assert_eq!((sums("then"), sums("now")), ((json!(1710), json!(0)), (json!(3420), json!(1))));
    assert_eq!(compared["business_date"], "2026-06-12");
    assert_eq!(compared["entries_since"], 5);
}

#[tokio::test]
async fn the_past_takes_no_writes() {
    let house = House::open().await;
    let owner = &house.owner;
    let order = house.order().await;
    let view = open(owner, json!({ "entry": owner.get("/rewind").await.ok()["entry"] })).await;
    let before = state(&live_file(&house));
    for (method, path, body) in [
        (Method::POST, "/orders".to_owned(), json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] })),
        (Method::POST, format!("/orders/{}/fire", id(&order)), json!({})),
        (Method::PATCH, format!("/menu/items/{}", house.pizza), json!({ "price_minor": 1 })),
        (Method::DELETE, format!("/menu/items/{}", house.pizza), json!({})),
        (Method::PATCH, String::new(), json!({ "name": "Other" })),
        (Method::POST, "/till/open".to_owned(), json!({ "float_minor": 1 })),
        (Method::POST, "/rewind".to_owned(), json!({ "entry": 1 })),
    ] {
        let request = owner.request(method.clone(), &path).header("x-rewind", id(&view)).json(&body);
        let error = Answer::of(request).await.refused("rule_violated");
        assert!(error["message"].as_str().unwrap().contains("past"), "{method} {path}: {error}");
    }
    assert_eq!(state(&live_file(&house)), before);
}

#[tokio::test]
async fn only_who_may_rewind_reads_the_past_and_only_their_own_restaurants() {
    let house = House::open().await;
    let owner = &house.owner;
    let view = open(owner, json!({ "entry": owner.get("/rewind").await.ok()["entry"] })).await;
    for role in ["waiter", "cashier", "chef"] {
        let person = house.app.staff(owner, role).await;
        person.get("/rewind").await.refused("forbidden");
        person.post("/rewind", json!({ "entry": 2 })).await.refused("forbidden");
        let refused = then(&person, &view, "/orders").await.refused("forbidden");
        assert_eq!(refused["details"]["permission"], "rewind.read");
    }
    let manager = house.app.staff(owner, "manager").await;
    then(&manager, &view, "/orders").await.ok();
    then(&house.app.stranger().at(owner.restaurant_id()), &view, "/orders").await.refused("unauthenticated");
    then(owner, &json!({ "id": "moon" }), "/orders").await.invalid("x-rewind");
    let none = json!({ "id": uuid::Uuid::now_v7().to_string() });
    then(owner, &none, "/orders").await.refused("not_found");
}

#[tokio::test]
async fn a_moment_that_is_no_moment_is_told_apart() {
    let house = House::open().await;
    let owner = &house.owner;
    let now = owner.get("/rewind").await.ok();
    let (begins, now_ms, entry) = (now["begins_ms"].as_i64().unwrap(), now["now_ms"].as_i64().unwrap(), &now["entry"]);
    owner.post("/rewind", json!({ "at_ms": now_ms + 1 })).await.invalid("at_ms");
    owner.post("/rewind", json!({ "at_ms": begins - 1 })).await.invalid("at_ms");
    owner.post("/rewind", json!({ "at_ms": i64::MIN })).await.invalid("at_ms");
    owner.post("/rewind", json!({ "entry": entry.as_u64().unwrap() + 1 })).await.invalid("entry");
    owner.post("/rewind", json!({ "entry": 0 })).await.invalid("entry");
    // The migration: nobody asked for it.
    owner.post("/rewind", json!({ "entry": 1 })).await.invalid("entry");
    owner.post("/rewind", json!({ "entry": 2, "at_ms": now_ms })).await.invalid("at_ms");
    owner.post("/rewind", json!({})).await.invalid("at_ms");
    owner.get("/rewind/day?date=moon").await.invalid("date");
    owner.get(&format!("/rewind/{}", uuid::Uuid::now_v7())).await.refused("not_found");
}

#[tokio::test]
async fn few_moments_are_open_and_what_nobody_looks_at_is_closed_with_its_file() {
    let house = House::open().await;
    let owner = &house.owner;
    house.finished("card").await;
    let files = || match std::fs::read_dir(house.app.folder.path().join("rewind")) {
        Ok(files) => files.count(),
        Err(_) => 0,
    };
    let mut views = Vec::new();
    for entry in 2..8 {
        house.app.pass_ms(1_000);
        views.push(open(owner, json!({ "entry": entry })).await);
    }
    let again = open(owner, json!({ "entry": 7 })).await;
    assert_eq!(again["id"], views[5]["id"], "the same moment is made once");
    assert_eq!(owner.get("/rewind").await.ok()["views"].as_array().unwrap().len(), 4);
    then(owner, &views[0], "/orders").await.refused("not_found");
    owner.delete(&format!("/rewind/{}", id(&views[5]))).await.gone();
    then(owner, &views[5], "/orders").await.refused("not_found");
    assert_eq!(files(), 3);
    house.app.pass_ms(29 * 60_000);
    then(owner, &views[4], "/orders").await.ok();
    house.app.pass_ms(2 * 60_000);
    let left = owner.get("/rewind").await.ok();
    assert_eq!(left["views"].as_array().unwrap().len(), 1, "{left}");
    assert_eq!((left["views"][0]["id"].clone(), files()), (views[4]["id"].clone(), 1));
    let folder = house.app.stop_and_keep().await;
    assert_eq!(std::fs::read_dir(folder.path().join("rewind")).map_or(0, Iterator::count), 0);
}

#[tokio::test]
async fn a_day_on_the_time_line_says_what_happened_when() {
    let house = House::open().await;
    let owner = &house.owner;
    house.order().await;
    house.app.pass_ms(16 * 60_000);
    house.finished("card").await;
    let day = owner.get("/rewind/day").await.ok();
    assert_eq!(day["business_date"], "2026-06-12");
    assert_eq!(day["from_ms"], instant("2026-06-12T04:00:00+02:00"));
    assert_eq!(day["to_ms"], instant("2026-06-13T04:00:00+02:00"));
    let [first, second] = day["bins"].as_array().unwrap().as_slice() else { panic!("{day}") };
    assert_eq!(first["from_ms"], instant("2026-06-12T19:00:00+02:00"));
    assert_eq!(first["actions"]["open_order"], 1);
    let after = json!({ "open_order": 1, "fire_lines": 1, "serve_lines": 1, "take_payment": 1 });
    assert_eq!((&second["from_ms"], &second["actions"]), (&json!(instant("2026-06-12T19:15:00+02:00")), &after));
    assert_eq!(owner.get("/rewind/day?date=2026-06-11").await.ok()["bins"], json!([]));
}
