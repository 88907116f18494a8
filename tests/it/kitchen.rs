use serde_json::{Value, json};

use crate::stations::BAR;
use crate::trade::{House, allowed, id, states};

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
    let bar = house.owner.get(&format!("/kitchen?station={BAR}")).await.ok();
    assert_eq!(bar["all_day"], json!([{ "name": "Cola", "quantity_milli": 4000 }]));
    let on: Vec<_> = bar["stations"].as_array().unwrap().iter().map(|at| (&at["name"], &at["to_make"])).collect();
    assert_eq!(on, [(&json!("Kitchen"), &json!(2)), (&json!("Bar"), &json!(2))]);
    house.owner.get("/kitchen?station=cellar").await.invalid("station");
    let nowhere = format!("/kitchen?station={}", uuid::Uuid::now_v7());
    assert_eq!(house.owner.get(&nowhere).await.refused("not_found")["field"], "station");
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
async fn a_ticket_is_bumped_at_once_without_what_was_fired_meanwhile() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let seen = json!([order["lines"][0]["id"], order["lines"][1]["id"]]);
    let more = house.step(&order, "lines", json!({ "lines": [{ "item_id": house.pizza }] })).await.created();
    house.step(&order, "fire", json!({})).await.ok();
    let path = format!("/kitchen/{}/bump", id(&order));
    let bumped = house.owner.post(&path, json!({ "to": "ready", "line_ids": seen })).await.ok();
    assert_eq!(bumped["lines"].as_array().unwrap().len(), 2);
    assert_eq!(states(&house.fresh(&order).await), ["ready", "ready", "fired"]);
    // The second cook was a moment later: nothing is left to do, and nothing is done twice.
    let error = house.owner.post(&path, json!({ "to": "ready", "line_ids": seen })).await.refused("illegal_step");
    assert!(allowed(&error).contains(&"serve"));
    let held = json!([more["lines"][2]["id"]]);
    house.owner.post(&path, json!({ "to": "served", "line_ids": held })).await.ok();
    house.owner.post(&path, json!({ "to": "ready", "line_ids": [] })).await.invalid("line_ids");
    house.owner.post(&path, json!({ "to": "held", "line_ids": seen })).await.invalid("to");
    let strange = json!({ "to": "ready", "line_ids": [uuid::Uuid::now_v7()] });
    assert_eq!(house.owner.post(&path, strange).await.refused("not_found")["field"], "line_ids[0]");
}

#[tokio::test]
async fn a_held_line_is_not_made_ready_with_the_others() {
    let house = House::open().await;
    let order = house.order().await;
    let (first, second) = (&order["lines"][0]["id"], &order["lines"][1]["id"]);
    house.step(&order, "fire", json!({ "line_ids": [first] })).await.ok();
    let path = format!("/kitchen/{}/bump", id(&order));
    house.owner.post(&path, json!({ "to": "ready", "line_ids": [first, second] })).await.ok();
    assert_eq!(states(&house.fresh(&order).await), ["ready", "held"]);
}

#[tokio::test]
async fn what_was_brought_is_listed_by_station_and_called_back() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let lines = json!([order["lines"][0]["id"], order["lines"][1]["id"]]);
    house.owner.post(&format!("/kitchen/{}/bump", id(&order)), json!({ "to": "served", "line_ids": lines })).await.ok();
    let brought = house.owner.get("/kitchen/brought").await.ok();
    assert_eq!(brought["items"][0]["lines"].as_array().unwrap().len(), 2);
    let bar = house.owner.get(&format!("/kitchen/brought?station={BAR}")).await.ok();
    assert_eq!(bar["items"][0]["lines"][0]["name"], "Cola");
    let path = format!("/kitchen/{}/recall", id(&order));
    let cola = json!({ "line_ids": [order["lines"][1]["id"]] });
    let back = house.owner.post(&path, cola.clone()).await.ok();
    assert_eq!(back["lines"][0]["state"], "fired");
    house.owner.post(&path, cola).await.refused("illegal_step");
    let brought = house.owner.get("/kitchen/brought").await.ok();
    assert_eq!(brought["items"][0]["lines"].as_array().unwrap().len(), 1);
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.post(&path, json!({ "line_ids": lines })).await.refused("forbidden");
    house.pay(&order, "card", 1710).await.created();
    house.owner.post(&format!("/kitchen/{}/bump", id(&order)), json!({ "to": "served", "line_ids": lines })).await.ok();
    assert_eq!(house.owner.get("/kitchen/brought").await.ok()["items"], json!([]), "a completed order stays so");
}

#[tokio::test]
async fn the_cook_reads_what_was_chosen_with_it() {
    let house = House::open().await;
    let extra = json!({ "name": "Extras", "modifiers": [{ "name": "Buffalo mozzarella", "price_minor": 200 }] });
    let group = house.owner.post("/menu/modifier-groups", extra).await.created();
    let item = format!("/menu/items/{}", house.pizza);
    house.owner.patch(&item, json!({ "group_ids": [group["id"]] })).await.ok();
    let wish = json!([{ "modifier_id": group["modifiers"][0]["id"], "count": 2 }]);
    let line = json!({ "item_id": house.pizza, "modifiers": wish, "course": 2 });
    let order = house.owner.post("/orders", json!({ "service": "takeaway", "lines": [line] })).await.created();
    house.step(&order, "fire", json!({})).await.ok();
    let kitchen = house.owner.get("/kitchen").await.ok();
    let line = &kitchen["tickets"][0]["lines"][0];
    assert_eq!(line["modifiers"], json!([{ "name": "Buffalo mozzarella", "count": 2 }]));
    assert_eq!(line["course"], 2);
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
