//! The cash drawer, by what reaches the printer it hangs on.

use serde_json::{Value, json};

use crate::support::Person;
use crate::support::paper::Paper;
use crate::trade::House;

/// ESC p: the pin, and the two times without which a printer takes the next bytes for them.
const PULSE: [u8; 5] = [0x1b, b'p', 0, 25, 250];

fn counter(address: &str) -> Value {
    let (name, language) = ("Counter", "escpos");
    json!({ "name": name, "address": address, "language": language, "columns": 32, "guests": true, "drawer": true })
}

/// A house with a drawer on the printer at the counter.
async fn with_drawer() -> (House, Paper) {
    let (house, paper) = (House::open().await, Paper::new().await);
    house.owner.post("/printers", counter(&paper.address())).await.created();
    (house, paper)
}

/// What is printed next is this page and nothing before it.
async fn next_is_a_test_page(owner: &Person, paper: &Paper) {
    let printers = owner.get("/print-jobs").await.ok()["printers"].clone();
    let path = format!("/printers/{}/test", printers[0]["id"].as_str().unwrap());
    let (test, bytes) = tokio::join!(owner.post(&path, json!({})), paper.bytes());
    test.ok();
    assert!(bytes.starts_with(b"\x1b@"), "{bytes:?}");
}

#[tokio::test]
async fn the_drawer_opens_for_cash_once_before_the_receipt_and_not_for_a_card() {
    let (house, paper) = with_drawer().await;
    let order = house.order().await;
    house.pay(&order, "card", 710).await.created();
    next_is_a_test_page(&house.owner, &paper).await;
    let path = format!("/orders/{}/payments", order["id"].as_str().unwrap());
    let key = uuid::Uuid::now_v7().to_string();
    let cash = json!({ "tender": "cash", "amount_minor": 1000 });
    house.owner.post_keyed(&key, &path, cash.clone()).await.created();
    assert_eq!(paper.bytes().await, PULSE);
    assert!(house.owner.post_keyed(&key, &path, cash).await.replayed());
    next_is_a_test_page(&house.owner, &paper).await;
}

#[tokio::test]
async fn opened_without_a_sale_it_says_who_and_why_and_only_to_whom_may() {
    let (house, paper) = with_drawer().await;
    let cashier = house.app.staff(&house.owner, "cashier").await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let why = json!({ "reason": "Change for a guest" });
    waiter.post("/till/drawer", why.clone()).await.refused("forbidden");
    house.owner.post("/till/drawer", json!({ "reason": " " })).await.invalid("reason");
    cashier.post("/till/drawer", why.clone()).await.gone();
    assert_eq!(paper.bytes().await, PULSE);
    let found = house.owner.get("/audit?action=open_drawer").await.ok()["items"].clone();
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["actor_name"], "A cashier", "{found}");
    assert!(found[0].to_string().contains("Change for a guest"), "{found}");
    // Cash that is moved opens it too.
    house.owner.post("/till/open", json!({ "float_minor": 10_000 })).await.created();
    house.owner.post("/till/moves", json!({ "kind": "drop", "amount_minor": 500, "reason": "Safe" })).await.created();
    assert_eq!(paper.bytes().await, PULSE);
}

#[tokio::test]
async fn without_a_drawer_nothing_opens_and_a_printer_of_text_alone_has_none() {
    let house = House::open().await;
    house.owner.post("/till/drawer", json!({ "reason": "Change" })).await.refused("rule_violated");
    assert_eq!(house.owner.get("/audit?action=open_drawer").await.ok()["items"], json!([]));
    let plain =
        json!({ "name": "Bar", "address": "bar", "language": "plain", "columns": 32, "guests": true, "drawer": true });
    house.owner.post("/printers", plain).await.invalid("drawer");
}
