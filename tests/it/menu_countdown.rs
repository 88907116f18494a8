//! Portions counted down while they are sold.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Answer;
use crate::trade::{House, id};

async fn left(house: &House) -> Value {
    house.owner.get("/menu/now").await.ok()["countdowns"].clone()
}

async fn set(house: &House, left: i64) {
    let path = format!("/menu/items/{}/countdown", house.pizza);
    let set = house.owner.send(reqwest::Method::PUT, &path, Some(json!({ "left": left })), None).await.ok();
    assert_eq!(set["left"], left);
}

fn pizzas(house: &House, milli: i64) -> Value {
    json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza, "quantity_milli": milli }] })
}

#[tokio::test]
async fn selling_lowers_what_is_left_and_the_last_one_is_the_last() {
    let house = House::open().await;
    set(&house, 3).await;
    let order = house.owner.post("/orders", pizzas(&house, 2000)).await.created();
    assert_eq!(left(&house).await, json!([{ "item_id": house.pizza, "left": 1 }]));
    let error = house.owner.post("/orders", pizzas(&house, 2000)).await.refused("rule_violated");
    assert_eq!(
        (&error["field"], &error["message"]),
        (&json!("lines[0].item_id"), &json!("Only 1 of Margherita left."))
    );
    assert_eq!(error["details"]["left"], 1);
    let lines = json!({ "lines": [{ "item_id": house.cola }, { "item_id": house.pizza }] });
    house.owner.post(&format!("/orders/{}/lines", id(&order)), lines.clone()).await.created();
    assert_eq!(left(&house).await[0]["left"], 0);
    let error = house.owner.post(&format!("/orders/{}/lines", id(&order)), lines).await.refused("rule_violated");
    assert_eq!((&error["field"], &error["message"]), (&json!("lines[1].item_id"), &json!("Margherita is sold out.")));
}

#[tokio::test]
async fn two_lines_of_one_request_share_what_is_left() {
    let house = House::open().await;
    set(&house, 3).await;
    let line = json!({ "item_id": house.pizza, "quantity_milli": 2000 });
    let error = house.owner.post("/orders", json!({ "service": "takeaway", "lines": [line, line] })).await;
    assert_eq!(error.refused("rule_violated")["field"], "lines[1].item_id");
    assert_eq!(left(&house).await[0]["left"], 3, "a refused order takes nothing");
    // Half a portion leaves none for another guest.
    house.owner.post("/orders", pizzas(&house, 2500)).await.created();
    assert_eq!(left(&house).await[0]["left"], 0);
}

#[tokio::test]
async fn a_line_voided_before_it_was_fired_can_be_sold_again() {
    let house = House::open().await;
    set(&house, 2).await;
    let order = house.owner.post("/orders", pizzas(&house, 2000)).await.created();
    let void = format!("/orders/{}/lines/{}/void", id(&order), id(&order["lines"][0]));
    house.owner.post(&void, json!({ "reason": "Changed their mind" })).await.ok();
    assert_eq!(left(&house).await[0]["left"], 2);
    let order = house.owner.post("/orders", pizzas(&house, 1000)).await.created();
    house.step(&order, "fire", json!({})).await.ok();
    let void = format!("/orders/{}/lines/{}/void", id(&order), id(&order["lines"][0]));
    house.owner.post(&void, json!({ "reason": "Burnt" })).await.ok();
    assert_eq!(left(&house).await[0]["left"], 1, "what was made is gone");
}

#[tokio::test]
async fn what_was_sold_before_it_was_counted_gives_nothing_back() {
    let house = House::open().await;
    let order = house.owner.post("/orders", pizzas(&house, 2000)).await.created();
    house.app.pass_ms(60_000);
    set(&house, 5).await;
    let void = format!("/orders/{}/lines/{}/void", id(&order), id(&order["lines"][0]));
    house.owner.post(&void, json!({ "reason": "Changed their mind" })).await.ok();
    assert_eq!(left(&house).await[0]["left"], 5);
}

/// A draft of so many thousandths of a pizza, submitted.
async fn submitted(house: &House, milli: i64) -> (String, Answer) {
    let draft = format!("/order-drafts/{}", Uuid::now_v7());
    house.owner.put(&draft, pizzas(house, milli)).await.ok();
    let answer = house.owner.post(&format!("{draft}/submit"), json!({})).await;
    (draft, answer)
}

#[tokio::test]
async fn a_draft_that_is_submitted_takes_portions_like_any_order() {
    let house = House::open().await;
    set(&house, 2).await;
    let (_, answer) = submitted(&house, 2000).await;
    let order = answer.created();
    assert_eq!(left(&house).await[0]["left"], 0);
    let (draft, answer) = submitted(&house, 1000).await;
    let error = answer.refused("rule_violated");
    assert_eq!((&error["field"], &error["message"]), (&json!("lines[0].item_id"), &json!("Margherita is sold out.")));
    // It waits as it was, and goes through once there is some again.
    set(&house, 1).await;
    house.owner.post(&format!("{draft}/submit"), json!({})).await.created();
    assert_eq!(left(&house).await[0]["left"], 0);

    // More lines for an order that is there.
    let draft = format!("/order-drafts/{}", Uuid::now_v7());
    let more = json!({ "order_id": order["id"], "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    house.owner.put(&draft, more).await.ok();
    let submit = format!("{draft}/submit");
    house.owner.post(&submit, json!({})).await.refused("rule_violated");
    set(&house, 5).await;
    house.owner.post(&submit, json!({})).await.created();
    assert_eq!(left(&house).await[0]["left"], 4);
}

#[tokio::test]
async fn a_draft_of_what_is_86_now_is_refused_and_stays_a_draft() {
    let house = House::open().await;
    let draft = format!("/order-drafts/{}", Uuid::now_v7());
    house.owner.put(&draft, pizzas(&house, 1000)).await.ok();
    let sold_out = json!({ "available": false });
    house.owner.patch(&format!("/menu/items/{}", house.pizza), sold_out).await.ok();
    let error = house.owner.post(&format!("{draft}/submit"), json!({})).await.refused("rule_violated");
    assert_eq!(error["field"], "lines[0].item_id");
    assert_eq!(house.owner.get("/order-drafts").await.ok()["items"].as_array().unwrap().len(), 1);
    assert_eq!(house.owner.get("/orders").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn fifty_drafts_submitted_at_once_sell_what_there_is() {
    let house = House::open().await;
    set(&house, 30).await;
    let all = futures::future::join_all((0..50).map(|_| submitted(&house, 1000))).await;
    let sold = all.iter().filter(|(_, answer)| answer.status == 201).count();
    assert_eq!((sold, left(&house).await[0]["left"].clone()), (30, json!(0)));
}

#[tokio::test]
async fn a_chef_counts_and_a_waiter_does_not() {
    let house = House::open().await;
    let path = format!("/menu/items/{}/countdown", house.pizza);
    let put = |person: crate::support::Person, body: Value| {
        let path = path.clone();
        async move { person.send(reqwest::Method::PUT, &path, Some(body), None).await }
    };
    let (chef, waiter) = (house.app.staff(&house.owner, "chef").await, house.app.staff(&house.owner, "waiter").await);
    put(chef.clone(), json!({ "left": 0 })).await.ok();
    house.owner.post("/orders", pizzas(&house, 1000)).await.refused("rule_violated");
    put(waiter.clone(), json!({ "left": 9 })).await.refused("forbidden");
    waiter.delete(&path).await.refused("forbidden");
    put(chef.clone(), json!({ "left": -1 })).await.invalid("left");
    put(chef.clone(), json!({})).await.invalid("left");
    chef.delete(&path).await.gone();
    assert_eq!(left(&house).await, json!([]));
    house.owner.post("/orders", pizzas(&house, 1000)).await.created();
    let gone = format!("/menu/items/{}/countdown", uuid::Uuid::now_v7());
    chef.delete(&gone).await.refused("not_found");
}

#[tokio::test]
async fn two_hundred_who_want_the_last_fifty_get_fifty() {
    let house = House::open().await;
    set(&house, 50).await;
    let asked = (0..200).map(|_| {
        let (owner, order) = (house.owner.clone(), pizzas(&house, 1000));
        tokio::spawn(async move { owner.post("/orders", order).await.status.as_u16() })
    });
    let asked: Vec<_> = asked.collect();
    let mut sold = 0;
    for answer in asked {
        match answer.await.unwrap() {
            201 => sold += 1,
            status => assert_eq!(status, 422),
        }
    }
    assert_eq!(sold, 50);
    assert_eq!(left(&house).await[0]["left"], 0);
}
