//! What is being put together, and the last step undone.

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Answer, Person};
use crate::trade::{House, allowed, id, states};

async fn save(person: &Person, draft: Uuid, body: Value) -> Answer {
    person.send(Method::PUT, &format!("/order-drafts/{draft}"), Some(body), None).await
}

async fn step(person: &Person, draft: Uuid, step: &str) -> Answer {
    person.post(&format!("/order-drafts/{draft}/{step}"), json!({})).await
}

#[tokio::test]
async fn a_draft_survives_a_restart_and_becomes_an_order_with_its_id() {
    let house = House::open().await;
    let draft = Uuid::now_v7();
    let body = json!({ "service": "dine_in", "table": "4", "lines": [{ "item_id": house.pizza, "course": 2 }] });
    let saved = save(&house.owner, draft, body.clone()).await.ok();
    assert_eq!((&saved["id"], &saved["table"]), (&json!(draft), &json!("4")));
    let mut more = body;
    more["lines"][0]["quantity_milli"] = json!(2000);
    save(&house.owner, draft, more).await.ok();
    // It is in no list and has no number.
    assert_eq!(house.owner.get("/orders").await.ok()["items"], json!([]));
    assert_eq!(house.owner.get("/kitchen").await.ok()["tickets"], json!([]));
    let House { app, owner, pizza, cola, water } = house;
    let restaurant = owner.restaurant_id().to_owned();
    let app = app.restart().await;
    let owner = app.log_in("lucia@example.com", &restaurant).await;
    let house = House { app, owner, pizza, cola, water };
    let kept = house.owner.get("/order-drafts").await.ok();
    assert_eq!(kept["items"][0]["lines"][0]["quantity_milli"], 2000);
    let order = step(&house.owner, draft, "submit").await.created();
    assert_eq!((id(&order), &order["number"]), (draft.to_string(), &json!("A-0001")));
    assert_eq!((&order["total_minor"], &order["lines"][0]["course"]), (&json!(1900), &json!(2)));
    assert_eq!(house.owner.get("/order-drafts").await.ok()["items"], json!([]));
    let again = step(&house.owner, draft, "submit").await.refused("illegal_step");
    assert_eq!(again["message"], "This was submitted already: it is on order A-0001.");
    let error = save(&house.owner, draft, json!({ "service": "dine_in" })).await.refused("illegal_step");
    assert_eq!(allowed(&error), [""; 0]);
}

#[tokio::test]
async fn an_abandoned_draft_stays_abandoned() {
    let house = House::open().await;
    let draft = Uuid::now_v7();
    save(&house.owner, draft, json!({ "service": "takeaway" })).await.ok();
    step(&house.owner, draft, "abandon").await.ok();
    assert_eq!(house.owner.get("/order-drafts").await.ok()["items"], json!([]));
    step(&house.owner, draft, "submit").await.refused("illegal_step");
    step(&house.owner, draft, "abandon").await.refused("illegal_step");
    save(&house.owner, draft, json!({ "service": "takeaway" })).await.refused("illegal_step");
}

#[tokio::test]
async fn a_draft_of_more_lines_goes_to_its_order_once() {
    let house = House::open().await;
    let order = house.order().await;
    let draft = Uuid::now_v7();
    let body = |lines: Value| json!({ "service": "dine_in", "order_id": order["id"], "lines": lines });
    save(&house.owner, draft, body(json!([]))).await.ok();
    step(&house.owner, draft, "submit").await.refused("rule_violated");
    save(&house.owner, draft, body(json!([{ "item_id": house.water }]))).await.ok();
    save(&house.owner, draft, json!({ "service": "dine_in", "lines": [] })).await.refused("rule_violated");
    let path = format!("/order-drafts/{draft}/submit");
    let key = Uuid::now_v7().to_string();
    let now = house.owner.post_keyed(&key, &path, json!({})).await.created();
    assert_eq!((&now["id"], &now["total_minor"]), (&order["id"], &json!(2010)));
    let again = house.owner.post_keyed(&key, &path, json!({})).await;
    assert!(again.replayed());
    assert_eq!(again.created()["lines"].as_array().unwrap().len(), 3);
    // Another window still shows it: what it saves does not bring it back to life.
    let late = save(&house.owner, draft, body(json!([{ "item_id": house.cola }]))).await.refused("illegal_step");
    assert_eq!(late["message"], "This was submitted already: it is on order A-0001.");
    step(&house.owner, draft, "submit").await.refused("not_found");
}

#[tokio::test]
async fn a_draft_is_its_owners_and_checked_like_an_order() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let draft = Uuid::now_v7();
    let bad = json!({ "service": "dine_in", "lines": [{ "item_id": house.pizza, "quantity_milli": 0 }] });
    save(&house.owner, draft, bad).await.invalid("lines[0].quantity_milli");
    save(&house.owner, draft, json!({ "service": "dine_in", "colour": "red" })).await.refused("invalid_input");
    save(&house.owner, draft, json!({ "service": "dine_in" })).await.ok();
    save(&waiter, draft, json!({ "service": "dine_in" })).await.refused("not_found");
    step(&waiter, draft, "submit").await.refused("not_found");
    assert_eq!(waiter.get("/order-drafts").await.ok()["items"], json!([]));
    let chef = house.app.staff(&house.owner, "chef").await;
    chef.get("/order-drafts").await.refused("forbidden");
}

#[tokio::test]
async fn the_last_step_is_undone_by_whoever_did_it_for_a_short_time() {
    let house = House::open().await;
    let order = house.order().await;
    let undo = || house.step(&order, "undo", json!({}));
    undo().await.refused("illegal_step");
    // A void comes back, once.
    house.step(&order, &format!("lines/{}/void", id(&order["lines"][0])), json!({ "reason": "Typo" })).await.ok();
    assert_eq!(undo().await.ok()["total_minor"], 1710);
    undo().await.refused("illegal_step");
    // Fired by mistake: held again, and out of the kitchen.
    house.step(&order, "fire", json!({})).await.ok();
    assert_eq!(states(&undo().await.ok()), ["held", "held"]);
    assert_eq!(house.owner.get("/kitchen").await.ok()["tickets"], json!([]));
    // A discount, a comp, a transfer.
    house.step(&order, "discounts", json!({ "rate_bp": 1000, "reason": "Odd" })).await.created();
    assert_eq!(undo().await.ok()["total_minor"], 1710);
    let line = json!({ "line_id": order["lines"][0]["id"], "amount_minor": 50, "reason": "Odd" });
    house.step(&order, "discounts", line).await.created();
    assert_eq!(undo().await.ok()["total_minor"], 1710);
    house.step(&order, "comp", json!({ "reason": "Odd" })).await.ok();
    assert_eq!(undo().await.ok()["total_minor"], 1710);
    house.step(&order, "transfer", json!({ "table": "9" })).await.ok();
    assert_eq!(undo().await.ok()["table"], "4");
    // Not somebody else's step, and not for ever.
    house.step(&order, "transfer", json!({ "table": "9" })).await.ok();
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.post(&format!("/orders/{}/undo", id(&order)), json!({})).await.refused("illegal_step");
    house.app.pass_ms(6 * 60_000);
    undo().await.refused("illegal_step");
    let history = house.owner.get(&format!("/orders/{}/history", id(&order))).await.ok();
    let undone = history["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "undo_step").count();
    assert_eq!(undone, 6);
}

#[tokio::test]
async fn what_the_kitchen_has_begun_is_not_held_again() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let path = format!("/kitchen/{}/lines/{}/bump", id(&order), id(&order["lines"][0]));
    house.owner.post(&path, json!({ "to": "preparing" })).await.ok();
    house.step(&order, "undo", json!({})).await.refused("illegal_step");
}

#[tokio::test]
async fn split_and_discounted_orders_are_read_like_others() {
    let house = House::open().await;
    let order = house.order().await;
    let split = json!({ "lines": [{ "line_id": order["lines"][1]["id"] }] });
    house.step(&order, "split", split).await.ok();
    let one = house.step(&order, "discounts", json!({ "rate_bp": 1000, "reason": "Odd" })).await.created();
    assert_eq!(house.fresh(&order).await, one);
    assert_eq!(house.owner.get("/orders").await.ok()["items"][0]["total_minor"], one["total_minor"]);
    let two = house.step(&order, "discounts", json!({ "rate_bp": 1000, "reason": "Again" })).await.created();
    assert_eq!(house.fresh(&order).await, two, "a second discount is seen at once");
    assert_eq!(house.owner.get("/today").await.ok()["open"]["minor"], two["total_minor"]);
}

#[tokio::test]
async fn more_lines_go_to_the_check_their_draft_names() {
    let house = House::open().await;
    let order = house.order().await;
    let order = house.step(&order, "split", json!({ "lines": [{ "line_id": order["lines"][1]["id"] }] })).await.ok();
    let second = &order["checks"][1]["id"];
    let draft = uuid::Uuid::now_v7();
    let lines = json!([{ "item_id": house.water }]);
    let body = json!({ "service": "dine_in", "order_id": order["id"], "check_id": second, "lines": lines });
    house.owner.put(&format!("/order-drafts/{draft}"), body).await.ok();
    let after = house.owner.post(&format!("/order-drafts/{draft}/submit"), json!({})).await.created();
    assert_eq!(&after["lines"][2]["check_id"], second);
    assert_eq!((&after["checks"][0]["total_minor"], &after["checks"][1]["total_minor"]), (&json!(950), &json!(1060)));
}
