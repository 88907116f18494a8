//! Events by name: what each change of a day says, to whom, and that whoever was away misses nothing.

use std::time::Duration;

use serde_json::{Value, json};

use crate::backups::Safe;
use crate::live::Screen;
use crate::support::Person;
use crate::trade::{House, id};

async fn follow(house: &House, person: &Person, since: Option<&Value>) -> Screen {
    let auth =
        json!({ "token": person.token(), "restaurant_id": person.restaurant_id(), "events": true, "since": since });
    Screen::open(&house.app, auth).await
}

/// Events until one of this name.
async fn until(screen: &mut Screen, name: &str) -> Vec<(String, Value)> {
    let mut heard = vec![];
    loop {
        let (event, says) = screen.next().await;
        let last = event == name;
        heard.push((event, says));
        if last {
            return heard;
        }
    }
}

fn names(heard: &[(String, Value)]) -> Vec<&str> {
    heard.iter().map(|(name, _)| name.as_str()).collect()
}

fn said<'h>(heard: &'h [(String, Value)], name: &str) -> &'h Value {
    &heard.iter().find(|(event, _)| event == name).unwrap_or_else(|| panic!("no {name} in {:?}", names(heard))).1
}

/// Positions of what has one.
fn positions(heard: &[(String, Value)]) -> Vec<String> {
    heard.iter().filter_map(|(_, says)| says["position"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn a_day_of_an_order_is_told_by_name_from_opening_to_paying() {
    let house = House::open().await;
    let owner = &house.owner;
    let mut screen = follow(&house, owner, None).await;
    let order = house.order().await;
    let opened = until(&mut screen, "dashboard:stats_update").await;
    assert_eq!(said(&opened, "order:create")["order_id"], order["id"]);
    assert_eq!(said(&opened, "order:create")["number"], order["number"]);
    assert_eq!(said(&opened, "payment:bill_created")["check_id"], Value::Null);
    house.step(&order, "fire", json!({})).await.ok();
    let fired = until(&mut screen, "order:item_status_changed").await;
    assert_eq!(said(&fired, "order:item_status_changed")["status"], "fired");
    let line = order["lines"][0]["id"].as_str().unwrap();
    house.app.pass_ms(1);
    owner.post(&format!("/kitchen/{}/lines/{line}/bump", id(&order)), json!({ "to": "ready" })).await.ok();
    let ready = until(&mut screen, "kitchen:item_ready").await;
    assert_eq!(said(&ready, "kitchen:item_ready")["line_id"], line);
    house.step(&order, "serve", json!({})).await.ok();
    let total = house.fresh(&order).await["due_minor"].as_i64().unwrap();
    house.pay(&order, "card", total).await.created();
    let mut paid = until(&mut screen, "order:completed").await;
    paid.extend(until(&mut screen, "staff:performance_update").await);
    assert_eq!(said(&paid, "payment:received")["amount_minor"], json!(total));
    assert_eq!(said(&paid, "payment:received")["tender"], "card");
    assert_eq!(said(&paid, "order:status_changed")["status"], "completed");
    assert_eq!(said(&paid, "payment:bill_status_changed")["status"], "paid");
    assert_eq!(said(&paid, "order:completed")["total_minor"], json!(total));
}

#[tokio::test]
async fn whoever_was_away_gets_what_they_missed_in_order_and_nothing_twice() {
    let house = House::open().await;
    let owner = &house.owner;
    let mut there = follow(&house, owner, None).await;
    let mut goes = follow(&house, owner, None).await;
    house.order().await;
    let first = until(&mut goes, "payment:bill_created").await;
    let last = said(&first, "payment:bill_created")["position"].clone();
    drop(goes);
    for _ in 0..3 {
        house.order().await;
    }
    // Back in the middle: one more comes while it catches up.
    let (mut back, _) = tokio::join!(follow(&house, owner, Some(&last)), house.order());
    house.order().await;
    let mut heard = positions(&first);
    while heard.len() < 12 {
        let (_, says) = back.next().await;
        heard.extend(says["position"].as_str().map(str::to_owned));
    }
    let mut all = vec![];
    while all.len() < 12 {
        let (_, says) = there.next().await;
        all.extend(says["position"].as_str().map(str::to_owned));
    }
    assert_eq!(heard, all);
    // From the middle of one command's events: the second of two is not lost.
    let mut half = follow(&house, owner, Some(&json!(all[0]))).await;
    let (_, says) = half.next().await;
    assert_eq!(says["position"], json!(all[1]));
}

#[tokio::test]
async fn each_role_hears_what_it_may_read() {
    let house = House::open().await;
    let owner = &house.owner;
    let chef = house.app.staff(owner, "chef").await;
    let mut screen = follow(&house, &chef, None).await;
    house.finished("card").await;
    let heard = until(&mut screen, "order:completed").await;
    assert!(names(&heard).contains(&"order:create"));
    assert!(
        !names(&heard).iter().any(|name| name.starts_with("payment:") || name.starts_with("dashboard:")),
        "{heard:?}"
    );
    // A task is told to whoever has it.
    let staff = owner.get("/staff").await.ok();
    let person = |name: &str| {
        let people = staff["items"].as_array().unwrap();
        id(people.iter().find(|one| one["role"] == name).unwrap())
    };
    let task = |title: &str, staff: &str| json!({ "title": title, "staff_id": staff });
    owner.post("/tasks", task("Count the bottles", &person("owner"))).await.created();
    owner.post("/tasks", task("Sharpen the knives", &person("chef"))).await.created();
    let heard = until(&mut screen, "notification:user").await;
    assert_eq!(said(&heard, "notification:user")["title"], "Sharpen the knives");
}

#[tokio::test]
async fn a_position_of_another_life_or_too_long_ago_says_to_read_anew() {
    let house = House::open().await;
    for stale in ["9.1.0", "0.999999999.0"] {
        let mut screen = follow(&house, &house.owner, Some(&json!(stale))).await;
        let (name, says) = screen.next().await;
        assert_eq!((name.as_str(), &says["from"]), ("events:missed", &json!(stale)));
        house.order().await;
        assert_eq!(screen.next().await.0, "order:create");
    }
    let bad = follow(&house, &house.owner, Some(&json!("yesterday"))).await.poll().await;
    assert!(bad.iter().any(|packet| packet.starts_with("44")), "{bad:?}");
}

#[tokio::test]
async fn whoever_follows_a_restaurant_that_is_put_back_is_told_to_read_anew_and_hears_on() {
    let safe = Safe::open().await;
    let (house, owner) = (&safe.house, &safe.house.owner);
    house.order().await;
    safe.shipped().await;
    let mut screen = follow(house, owner, None).await;
    for _ in 0..5 {
        house.order().await;
    }
    let heard = until(&mut screen, "payment:bill_created").await;
    let last = said(&heard, "payment:bill_created")["position"].clone();
    let ready = safe.prepare(json!({})).await;
    assert_eq!(safe.place(&ready).await["state"], "placed");
    house.order().await;
    let closed = async { while !screen.poll().await.iter().any(|packet| packet == "41") {} };
    tokio::time::timeout(Duration::from_secs(30), closed).await.expect("sent away");
    let mut back = follow(house, owner, Some(&last)).await;
    let (name, says) = back.next().await;
    assert_eq!((name.as_str(), &says["from"]), ("events:missed", &last));
    let (order, heard) = tokio::join!(house.order(), until(&mut back, "order:create"));
    assert_eq!(said(&heard, "order:create")["order_id"], order["id"]);
}

#[tokio::test]
async fn the_menu_and_the_clock_and_the_floor_are_told() {
    let house = House::open().await;
    let owner = &house.owner;
    let mut screen = follow(&house, owner, None).await;
    owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "available": false })).await.ok();
    owner.post("/clock/in", json!({})).await.created();
    let area = owner.post("/floor/areas", json!({ "name": "Room", "width_cm": 600, "height_cm": 400 })).await.created();
    let table = json!({ "area_id": area["id"], "name": "7", "shape": "square", "seats": 4,
        "spot": { "x_cm": 0, "y_cm": 0, "width_cm": 80, "height_cm": 80 } });
    let table = id(&owner.post("/floor/tables", table).await.created());
    owner.post(&format!("/floor/tables/{table}/call"), json!({ "wants": "bill" })).await.ok();
    let heard = until(&mut screen, "table:call_waiter").await;
    assert_eq!(said(&heard, "table:call_waiter")["wants"], "bill");
    assert_eq!(said(&heard, "menu:item_availability")["available"], false);
    assert_eq!(said(&heard, "staff:status_change")["status"], "clocked_in");
    owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "available": true })).await.ok();
    let order = json!({ "service": "dine_in", "table": "7", "lines": [{ "item_id": house.pizza }] });
    owner.post("/orders", order).await.created();
    let heard = until(&mut screen, "table:status_changed").await;
    assert_eq!(said(&heard, "table:status_changed"), &json!({ "table": "7", "status": "occupied", "orders": 1 }));
}

#[tokio::test]
async fn the_reference_names_every_event() {
    let house = House::open().await;
    let listed = house.app.http.get(house.app.url("/events")).bearer_auth(house.owner.token()).send().await.unwrap();
    let listed: Value = listed.json().await.unwrap();
    let listed: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|kind| kind["name"].as_str().unwrap()).collect();
    assert!(listed.len() >= 21, "{listed:?}");
    for group in ["order", "table", "payment", "kitchen", "notification", "menu", "dashboard", "staff"] {
        assert!(listed.iter().any(|name| name.starts_with(&format!("{group}:"))), "{group}");
    }
}
