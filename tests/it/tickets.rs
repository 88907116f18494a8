//! Tickets on paper: a printer's port, one that refuses, one that hangs up half-way.

use crate::stations::{BAR, KITCHEN};
use crate::support::EVENING;
use crate::support::paper::Paper;
use crate::trade::{House, id};
use serde_json::{Value, json};

/// Gives a station a printer of its own that takes plain text; returns the printer's id.
async fn printer(house: &House, station: &str, address: &str) -> String {
    let body = json!({ "name": station, "address": address, "language": "plain", "columns": 42, "guests": false });
    let printer = house.owner.post("/printers", body).await.created();
    let path = format!("/stations/{station}/printer");
    house.owner.put(&path, json!({ "printer_id": printer["id"] })).await.ok();
    id(&printer).to_owned()
}

/// An order of one pizza, fired.
async fn pizza(house: &House) -> Value {
    let lines = json!([{ "item_id": house.pizza, "note": "no basil" }]);
    let order =
        house.owner.post("/orders", json!({ "service": "dine_in", "table": "4", "lines": lines })).await.created();
    house.step(&order, "fire", json!({})).await.ok()
}

/// Asks until the tickets are as they must become; they are printed by a task of its own.
async fn until(house: &House, which: &str, meets: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    for _ in 0..1000 {
        let tickets = house.owner.get(&format!("/print-jobs?which={which}")).await.ok();
        let items = tickets["items"].as_array().unwrap().clone();
        if meets(&items) {
            return items;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("never: {}", house.owner.get("/print-jobs").await.text);
}

async fn alarm(house: &House, state: &str) -> Value {
    let meets = |items: &[Value]| items.len() == 1 && items[0]["state"] == state && !items[0]["trouble"].is_null();
    until(house, "open", meets).await.remove(0)
}

async fn send(house: &House, ticket: &Value, body: Value) -> Value {
    house.owner.post(&format!("/print-jobs/{}/send", id(ticket)), body).await.ok()
}

#[tokio::test]
async fn what_is_fired_comes_out_at_its_station_once() {
    let house = House::open().await;
    let (kitchen, bar) = (Paper::new().await, Paper::new().await);
    printer(&house, KITCHEN, &kitchen.address()).await;
    printer(&house, BAR, &bar.address()).await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let (food, drinks) = (kitchen.slip().await, bar.slip().await);
    let expect = format!(
        "       KITCHEN\n{}  19:00\nTable 4\n{dash}\n1 Margherita\n{dash}\n\n\n\n\n",
        order["number"].as_str().unwrap(),
        dash = "-".repeat(42)
    );
    assert_eq!(food.replace("\r\n", "\n"), expect);
    assert!(drinks.contains("2 Cola") && !drinks.contains("Margherita"), "{drinks}");
    until(&house, "open", |items| items.is_empty()).await;
    // Cut, brought to another table, called back: it is the same food.
    let half = json!({ "lines": [{ "line_id": order["lines"][1]["id"], "quantity_milli": 1000 }] });
    house.step(&order, "split", half).await.ok();
    let other = house.owner.post("/orders", json!({ "service": "dine_in", "table": "9" })).await.created();
    house.step(&order, "merge", json!({ "into": id(&other) })).await.ok();
    let more = json!({ "lines": [{ "item_id": house.cola, "note": "with ice" }] });
    house.step(&other, "lines", more).await.created();
    house.step(&other, "fire", json!({})).await.ok();
    let next = bar.slip().await;
    assert!(next.contains("Table 9") && next.contains("! with ice") && next.matches("Cola").count() == 1, "{next}");
    assert_eq!(until(&house, "done", |items| items.len() == 3).await.len(), 3);
}

#[tokio::test]
async fn a_line_that_is_fired_again_says_copy() {
    let house = House::open().await;
    let paper = Paper::new().await;
    printer(&house, KITCHEN, &paper.address()).await;
    let order = pizza(&house).await;
    assert!(!paper.slip().await.contains("COPY"));
    house.app.pass_ms(1000);
    house.step(&order, "undo", json!({})).await.ok();
    house.step(&order, "fire", json!({})).await.ok();
    let slip = paper.slip().await;
    assert!(slip.starts_with("       COPY 1\r\n") && slip.contains("! no basil"), "{slip}");
}

#[tokio::test]
async fn a_printer_that_refuses_raises_an_alarm_and_another_one_takes_the_ticket() {
    let house = House::open().await;
    let (gone, bar) = (Paper::new().await.address(), Paper::new().await);
    printer(&house, KITCHEN, &gone).await;
    let at_the_bar = printer(&house, BAR, &bar.address()).await;
    let order = pizza(&house).await;
    let ticket = alarm(&house, "waiting").await;
    assert_eq!((&ticket["trouble"], &ticket["title"]), (&json!("refused"), &order["number"]));
    assert!(ticket["failing_since_ms"].is_i64() && ticket["copies"] == 0, "{ticket}");
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let path = format!("/print-jobs/{}/send", id(&ticket));
    let sent = waiter.post(&path, json!({ "printer_id": at_the_bar })).await.ok();
    assert_eq!((&sent["printer_id"], &sent["station_id"]), (&json!(at_the_bar), &json!(KITCHEN)));
    let slip = bar.slip().await;
    assert!(slip.starts_with("       KITCHEN\r\n") && slip.contains("Margherita"), "{slip}");
    until(&house, "open", |items| items.is_empty()).await;
    let done = until(&house, "done", |items| items.len() == 1).await;
    assert_eq!((&done[0]["state"], &done[0]["failing_since_ms"]), (&json!("printed"), &Value::Null));
}

#[tokio::test]
async fn what_surely_did_not_go_out_is_tried_again_and_is_no_copy() {
    let house = House::open().await;
    let address = Paper::new().await.address();
    printer(&house, KITCHEN, &address).await;
    pizza(&house).await;
    alarm(&house, "waiting").await;
    let mended = Paper::at(&address).await;
    house.app.pass_ms(60_000);
    assert!(mended.slip().await.starts_with("       KITCHEN"));
    let done = until(&house, "done", |items| items.len() == 1).await;
    assert_eq!(done[0]["copies"], 1, "once on paper");
    assert!(done[0]["attempts"].as_i64() >= Some(2), "{done:?}");
}

#[tokio::test]
async fn an_old_ticket_does_not_come_out_by_itself() {
    let house = House::open().await;
    let address = Paper::new().await.address();
    printer(&house, KITCHEN, &address).await;
    pizza(&house).await;
    alarm(&house, "waiting").await;
    house.app.pass_ms(10 * 60_000);
    let ticket = alarm(&house, "failed").await;
    let mended = Paper::at(&address).await;
    let second = pizza(&house).await;
    let slip = mended.slip().await;
    assert!(slip.contains(second["number"].as_str().unwrap()), "what is new is not held up: {slip}");
    send(&house, &ticket, json!({})).await;
    assert!(!mended.slip().await.contains("COPY"));
}

/// A printer that tore off in the middle of a ticket: nobody knows what is on paper.
async fn torn_off() -> (House, Paper, Value) {
    let house = House::open().await;
    let paper = Paper::new().await;
    printer(&house, KITCHEN, &paper.address()).await;
    pizza(&house).await;
    paper.tear().await;
    let ticket = alarm(&house, "unsure").await;
    (house, paper, ticket)
}

#[tokio::test]
async fn what_was_cut_off_half_way_waits_for_a_person_and_says_copy() {
    let (house, paper, ticket) = torn_off().await;
    assert_eq!((&ticket["trouble"], &ticket["copies"]), (&json!("cut_off"), &json!(1)));
    house.app.pass_ms(60_000);
    let second = pizza(&house).await;
    let slip = paper.slip().await;
    assert!(slip.contains(second["number"].as_str().unwrap()), "nothing is printed twice by itself: {slip}");
    send(&house, &ticket, json!({})).await;
    assert!(paper.slip().await.starts_with("       COPY 1\r\n"));
    until(&house, "open", |items| items.is_empty()).await;
}

#[tokio::test]
async fn an_engine_that_stopped_while_it_printed_does_not_know_and_says_so() {
    let mut house = House::open().await;
    let paper = Paper::new().await;
    printer(&house, KITCHEN, &paper.address()).await;
    pizza(&house).await;
    let held = paper.call().await;
    until(&house, "open", |items| items.len() == 1 && items[0]["state"] == "sending").await;
    let owner = house.owner.clone();
    house.app = house.app.restart().await;
    drop(held);
    house.app.at(EVENING);
    house.owner = house.app.again(&owner);
    let ticket = alarm(&house, "unsure").await;
    assert_eq!(ticket["trouble"], "stopped");
    send(&house, &ticket, json!({})).await;
    assert!(paper.slip().await.starts_with("       COPY 1\r\n"));
}

#[tokio::test]
async fn the_same_request_again_prints_nothing_again() {
    let (house, paper, ticket) = torn_off().await;
    let path = format!("/print-jobs/{}/send", id(&ticket));
    house.owner.post_keyed("once", &path, json!({})).await.ok();
    paper.slip().await;
    until(&house, "open", |items| items.is_empty()).await;
    assert_eq!(house.owner.post_keyed("once", &path, json!({})).await.ok()["state"], "printed");
    pizza(&house).await;
    assert!(!paper.slip().await.contains("COPY"), "the next to come out is the next order");
}

#[tokio::test]
async fn somebody_sees_to_a_ticket_by_hand() {
    let house = House::open().await;
    let address = Paper::new().await.address();
    printer(&house, KITCHEN, &address).await;
    pizza(&house).await;
    let ticket = alarm(&house, "waiting").await;
    let chef = house.app.staff(&house.owner, "chef").await;
    let path = format!("/print-jobs/{}/by-hand", id(&ticket));
    let done = chef.post(&path, json!({})).await.ok();
    assert_eq!((&done["state"], &done["done_by_name"]), (&json!("by_hand"), &json!("A chef")));
    until(&house, "open", |items| items.is_empty()).await;
    let paper = Paper::at(&address).await;
    house.app.pass_ms(60_000);
    pizza(&house).await;
    assert!(!paper.slip().await.contains("COPY"), "what was seen to does not come out");
}

#[tokio::test]
async fn a_ticket_whose_printer_was_taken_away_is_a_persons() {
    let house = House::open().await;
    let address = Paper::new().await.address();
    let printer = printer(&house, KITCHEN, &address).await;
    pizza(&house).await;
    let ticket = alarm(&house, "waiting").await;
    let send = format!("/print-jobs/{}/send", id(&ticket));
    let chef = house.app.staff(&house.owner, "chef").await;
    let nobody = json!({ "printer_id": uuid::Uuid::now_v7() });
    assert_eq!(chef.post(&send, nobody).await.refused("rule_violated")["field"], "printer_id");
    chef.post(&format!("/print-jobs/{}/send", uuid::Uuid::now_v7()), json!({})).await.refused("not_found");
    chef.get("/print-jobs?which=all").await.invalid("which");
    house.owner.delete(&format!("/printers/{printer}")).await.gone();
    assert_eq!(alarm(&house, "failed").await["trouble"], "no_printer");
    assert_eq!(chef.get("/print-jobs").await.ok()["printers"], json!([]));
}
