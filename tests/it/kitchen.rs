use serde_json::{Value, json};

use crate::trade::{House, allowed, id};

fn bump(order: &Value, at: usize, step: &str) -> String {
    format!("/kitchen/{}/lines/{}/{step}", id(order), id(&order["lines"][at]))
}

#[tokio::test]
async fn tickets_show_what_was_fired_and_all_day_counts() {
    let house = House::open().await;
    let first = house.order().await;
    house.order().await;
    assert_eq!(house.owner.get("/kitchen").await.ok()["tickets"], json!([]), "held lines do not show");
    house.step(&first, "fire", json!({})).await.ok();
    house.app.pass_ms(90_000);
    let second = house.order().await;
    house.step(&second, "fire", json!({})).await.ok();
    let kitchen = house.owner.get("/kitchen").await.ok();
    let tickets = kitchen["tickets"].as_array().unwrap();
    assert_eq!(tickets.len(), 2);
    assert_eq!((&tickets[0]["number"], &tickets[0]["table"]), (&first["number"], &json!("4")));
    assert_eq!(kitchen["now_ms"].as_i64().unwrap() - tickets[0]["fired_at_ms"].as_i64().unwrap(), 90_000);
    let all_day = json!([{ "name": "Cola", "quantity_milli": 4000 }, { "name": "Margherita", "quantity_milli": 2000 }]);
    assert_eq!(kitchen["all_day"], all_day);
    let bar = house.owner.get("/kitchen?station=bar").await.ok();
    assert_eq!(bar["all_day"], json!([{ "name": "Cola", "quantity_milli": 4000 }]));
    house.owner.get("/kitchen?station=cellar").await.invalid("station");
}

#[tokio::test]
async fn a_chef_bumps_a_line_to_ready_and_serving_it_completes_a_paid_order() {
    let house = House::open().await;
    let chef = house.app.staff(&house.owner, "chef").await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    house.pay(&order, "card", 1710).await.created();
    assert_eq!(chef.post(&bump(&order, 0, "bump"), json!({ "to": "preparing" })).await.ok()["state"], "preparing");
    assert_eq!(chef.post(&bump(&order, 0, "bump"), json!({ "to": "ready" })).await.ok()["state"], "ready");
    assert_eq!(house.fresh(&order).await["lines_ready"], 1);
    chef.post(&bump(&order, 0, "bump"), json!({ "to": "served" })).await.ok();
    assert_eq!(house.fresh(&order).await["state"], "open");
    chef.post(&bump(&order, 1, "bump"), json!({ "to": "served" })).await.ok();
    assert_eq!(house.fresh(&order).await["state"], "completed");
    assert_eq!(house.owner.get("/kitchen").await.ok()["tickets"], json!([]));
}

#[tokio::test]
async fn a_recalled_line_is_fired_again_under_its_first_time() {
    let house = House::open().await;
    let order = house.order().await;
    let fired = house.step(&order, "fire", json!({})).await.ok();
    house.app.pass_ms(60_000);
    house.owner.post(&bump(&order, 0, "bump"), json!({ "to": "ready" })).await.ok();
    let recalled = house.owner.post(&bump(&order, 0, "recall"), json!({})).await.ok();
    assert_eq!((&recalled["state"], &recalled["fired_at_ms"]), (&json!("fired"), &fired["lines"][0]["fired_at_ms"]));
    let error = house.owner.post(&bump(&order, 0, "recall"), json!({})).await.refused("illegal_step");
    assert_eq!(allowed(&error), ["preparing", "ready", "served", "voided"]);
}

#[tokio::test]
async fn a_step_a_line_cannot_take_is_refused_with_those_it_can() {
    let house = House::open().await;
    let order = house.order().await;
    let held = house.owner.post(&bump(&order, 0, "bump"), json!({ "to": "ready" })).await.refused("illegal_step");
    assert_eq!(allowed(&held), ["fired", "voided"]);
    let held = house.owner.post(&bump(&order, 0, "recall"), json!({})).await.refused("illegal_step");
    assert_eq!(allowed(&held), ["fired", "voided"]);
    house.step(&order, "fire", json!({})).await.ok();
    house.owner.post(&bump(&order, 0, "bump"), json!({ "to": "ready" })).await.ok();
    let back = house.owner.post(&bump(&order, 0, "bump"), json!({ "to": "preparing" })).await.refused("illegal_step");
    assert_eq!(allowed(&back), ["fired", "served", "voided"]);
}

#[tokio::test]
async fn bad_input_and_the_wrong_role_are_refused() {
    let house = House::open().await;
    let order = house.order().await;
    house.owner.post(&bump(&order, 0, "bump"), json!({ "to": "held" })).await.invalid("to");
    house.owner.post(&bump(&order, 0, "bump"), json!({})).await.invalid("to");
    let nowhere = format!("/kitchen/{}/lines/{}/bump", id(&order), uuid::Uuid::now_v7());
    house.owner.post(&nowhere, json!({ "to": "ready" })).await.refused("not_found");
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.get("/kitchen").await.ok();
    waiter.post(&bump(&order, 0, "bump"), json!({ "to": "ready" })).await.refused("forbidden");
}
