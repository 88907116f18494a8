//! Stations: made by a manager, given categories and items, and a line goes to one of them once.

use serde_json::{Value, json};

use crate::support::Person;
use crate::trade::{House, id, states};

/// The two every restaurant begins with.
pub const KITCHEN: &str = "00000000-0000-7000-8000-000000000001";
pub const BAR: &str = "00000000-0000-7000-8000-000000000002";

pub async fn station(owner: &Person, name: &str) -> String {
    id(&owner.post("/stations", json!({ "name": name })).await.created())
}

async fn route(owner: &Person, station: &str, categories: Value, items: Value) -> Value {
    let routes = json!({ "category_ids": categories, "item_ids": items });
    owner.put(&format!("/stations/{station}/routes"), routes).await.ok()
}

/// What a station has on, by name.
async fn on(owner: &Person, station: &str) -> Vec<String> {
    let kitchen = owner.get(&format!("/kitchen?station={station}")).await.ok();
    let lines = kitchen["tickets"].as_array().unwrap().iter().flat_map(|ticket| ticket["lines"].as_array().unwrap());
    lines.map(|line| line["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_restaurant_begins_with_a_kitchen_and_a_bar_in_its_language() {
    let house = House::open().await;
    let stations = house.owner.get("/stations").await.ok();
    let seen: Vec<_> = stations["items"].as_array().unwrap().iter().map(|s| (&s["id"], &s["name"])).collect();
    assert_eq!(seen, [(&json!(KITCHEN), &json!("Kitchen")), (&json!(BAR), &json!("Bar"))]);
    assert_eq!(stations["items"][0]["is_default"], true);
}

#[tokio::test]
async fn an_item_goes_to_its_own_station_before_its_categorys_and_the_rest_to_the_word_on_the_menu() {
    let house = House::open().await;
    let owner = &house.owner;
    let (grill, oven) = (station(owner, "Grill").await, station(owner, "Oven").await);
    route(owner, &grill, json!([house.category().await]), json!([])).await;
    let routed = route(owner, &oven, json!([]), json!([house.pizza])).await;
    assert_eq!(routed["item_ids"], json!([house.pizza]));
    let lines = json!([{ "item_id": house.pizza }, { "item_id": house.cola }, { "item_id": house.water }]);
    let order = owner.post("/orders", json!({ "service": "dine_in", "lines": lines })).await.created();
    house.step(&order, "fire", json!({})).await.ok();
    assert_eq!(on(owner, &oven).await, ["Margherita"]);
    assert_eq!(on(owner, &grill).await, ["Cola"], "its category goes before the word bar");
    assert_eq!(states(&house.fresh(&order).await)[2], "ready", "water is made nowhere");
    assert_eq!((on(owner, KITCHEN).await.len(), on(owner, BAR).await.len()), (0, 0));
    // A route that moves takes the item with it.
    route(owner, &grill, json!([]), json!([house.pizza])).await;
    let stations = owner.get("/stations").await.ok();
    assert_eq!(
        (&stations["items"][3]["item_ids"], &stations["items"][2]["item_ids"]),
        (&json!([]), &json!([house.pizza]))
    );
}

#[tokio::test]
async fn what_was_fired_stays_where_it_is_when_its_category_moves_and_what_is_held_goes_to_the_new_place() {
    let house = House::open().await;
    let owner = &house.owner;
    let oven = station(owner, "Oven").await;
    let (fired, held) = (house.order().await, house.order().await);
    house.step(&fired, "fire", json!({})).await.ok();
    route(owner, &oven, json!([]), json!([house.pizza])).await;
    assert_eq!(on(owner, KITCHEN).await, ["Margherita"], "nothing leaves a cook's screen");
    house.step(&held, "fire", json!({})).await.ok();
    assert_eq!((on(owner, KITCHEN).await.len(), on(owner, &oven).await.len()), (1, 1));
    // Undone and fired again, it goes where it goes now.
    house.step(&fired, "undo", json!({})).await.ok();
    house.step(&fired, "fire", json!({})).await.ok();
    assert_eq!((on(owner, KITCHEN).await.len(), on(owner, &oven).await.len()), (0, 2));
}

#[tokio::test]
async fn a_line_two_waiters_fire_at_once_is_at_one_station_once() {
    let house = House::open().await;
    let owner = &house.owner;
    let oven = station(owner, "Oven").await;
    route(owner, &oven, json!([]), json!([house.pizza])).await;
    let order = house.order().await;
    let fire = || async { house.step(&order, "fire", json!({})).await.status.as_u16() };
    let mut seen = Vec::from(<[u16; 4]>::from(tokio::join!(fire(), fire(), fire(), fire())));
    seen.sort_unstable();
    assert_eq!(seen[0], 200, "{seen:?}");
    assert!(seen.iter().all(|status| [200, 409].contains(status)), "{seen:?}");
    assert_eq!((on(owner, &oven).await.len(), on(owner, BAR).await.len(), on(owner, KITCHEN).await.len()), (1, 1, 0));
    let first = house.fresh(&order).await["lines"][0]["fired_ms"].clone();
    house.app.pass_ms(1000);
    house.step(&order, "fire", json!({})).await.refused("illegal_step");
    assert_eq!(house.fresh(&order).await["lines"][0]["fired_ms"], first);
}

#[tokio::test]
async fn splitting_and_merging_keep_a_line_at_its_station() {
    let house = House::open().await;
    let owner = &house.owner;
    let oven = station(owner, "Oven").await;
    route(owner, &oven, json!([]), json!([house.cola])).await;
    let (order, other) = (house.order().await, house.order().await);
    house.step(&order, "fire", json!({})).await.ok();
    let half = json!({ "lines": [{ "line_id": order["lines"][1]["id"], "quantity_milli": 1000 }] });
    house.step(&order, "split", half).await.ok();
    assert_eq!(on(owner, &oven).await, ["Cola", "Cola"]);
    house.step(&order, "merge", json!({ "into": id(&other) })).await.ok();
    assert_eq!(on(owner, &oven).await, ["Cola", "Cola"]);
}

#[tokio::test]
async fn a_station_with_something_to_make_stays_and_one_without_goes() {
    let house = House::open().await;
    let owner = &house.owner;
    let oven = station(owner, "Oven").await;
    route(owner, &oven, json!([house.category().await]), json!([])).await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let path = format!("/stations/{oven}");
    let error = owner.delete(&path).await.refused("rule_violated");
    assert_eq!(error["message"], "Oven still has 2 lines to make.");
    house.step(&order, "serve", json!({})).await.ok();
    owner.delete(&path).await.gone();
    owner.get(&format!("/kitchen?station={oven}")).await.refused("not_found");
    // Its routes are gone with it.
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    assert_eq!(on(owner, KITCHEN).await, ["Margherita"]);
    // Something called back to a station that is gone is made in the kitchen.
    let bar = owner.delete(&format!("/stations/{BAR}")).await.refused("rule_violated");
    assert_eq!(bar["message"], "Bar still has a line to make.");
    let cola = json!({ "to": "ready", "line_ids": [order["lines"][1]["id"]] });
    owner.post(&format!("/kitchen/{}/bump", id(&order)), cola).await.ok();
    owner.delete(&format!("/stations/{BAR}")).await.gone();
    assert_eq!(on(owner, KITCHEN).await, ["Margherita", "Cola"]);
    owner.delete(&format!("/stations/{KITCHEN}")).await.refused("rule_violated");
}

#[tokio::test]
async fn stations_are_renamed_by_managers_and_bad_ones_are_refused_by_field() {
    let house = House::open().await;
    let owner = &house.owner;
    let grill = station(owner, "Grill").await;
    let path = format!("/stations/{grill}");
    assert_eq!(owner.patch(&path, json!({ "name": "Parrilla" })).await.ok()["name"], "Parrilla");
    assert_eq!(owner.patch(&path, json!({ "name": "bar" })).await.refused("rule_violated")["field"], "name");
    owner.patch(&path, json!({ "name": "parrilla" })).await.ok();
    owner.post("/stations", json!({ "name": " " })).await.invalid("name");
    let nowhere = format!("/stations/{}", uuid::Uuid::now_v7());
    owner.patch(&nowhere, json!({ "name": "X" })).await.refused("not_found");
    let routes = json!({ "category_ids": [], "item_ids": [house.pizza, uuid::Uuid::now_v7()] });
    let error = owner.put(&format!("{path}/routes"), routes).await.refused("not_found");
    assert_eq!(error["field"], "item_ids[1]");
    let chef = house.app.staff(owner, "chef").await;
    chef.get("/stations").await.ok();
    chef.post("/stations", json!({ "name": "Mine" })).await.refused("forbidden");
    for at in 3..20 {
        station(owner, &format!("Station {at}")).await;
    }
    owner.post("/stations", json!({ "name": "One more" })).await.refused("rule_violated");
}

#[tokio::test]
async fn a_restaurant_sets_when_its_timers_turn() {
    let house = House::open().await;
    let owner = &house.owner;
    let at_first = owner.get("").await.ok();
    assert_eq!(at_first["kitchen_times"], json!({ "amber_minutes": 10, "red_minutes": 15 }));
    let times = json!({ "amber_minutes": 8, "red_minutes": 12 });
    assert_eq!(owner.patch("", json!({ "kitchen_times": times })).await.ok()["kitchen_times"], times);
    owner.patch("", json!({ "name": "Da Lucia" })).await.ok();
    assert_eq!(owner.get("").await.ok()["kitchen_times"], times);
    let wrong = json!({ "kitchen_times": { "amber_minutes": 12, "red_minutes": 8 } });
    owner.patch("", wrong).await.invalid("kitchen_times.red_minutes");
    let never = json!({ "kitchen_times": { "amber_minutes": 0, "red_minutes": 8 } });
    owner.patch("", never).await.invalid("kitchen_times.amber_minutes");
}

#[tokio::test]
async fn an_item_says_itself_where_it_is_made_and_goes_back_to_its_category() {
    let house = House::open().await;
    let owner = &house.owner;
    let (grill, oven) = (station(owner, "Grill").await, station(owner, "Oven").await);
    route(owner, &grill, json!([house.category().await]), json!([])).await;
    let items = |stations: &Value, at: usize| stations["items"][at]["item_ids"].clone();
    let path = format!("/menu/items/{}", house.pizza);
    owner.patch(&path, json!({ "made_at": { "station_id": oven } })).await.ok();
    assert_eq!(items(&owner.get("/stations").await.ok(), 3), json!([house.pizza]));
    owner.patch(&path, json!({ "made_at": { "station_id": uuid::Uuid::now_v7() } })).await.refused("not_found");
    owner.patch(&path, json!({ "price_minor": 1000 })).await.ok();
    assert_eq!(items(&owner.get("/stations").await.ok(), 3), json!([house.pizza]), "what is not named stays");
    owner.patch(&path, json!({ "made_at": { "station_id": null } })).await.ok();
    assert_eq!(items(&owner.get("/stations").await.ok(), 3), json!([]));
    let new = json!({ "category_id": house.category().await, "name": "Bread", "price_minor": 200,
        "made_at": { "station_id": oven } });
    let bread = id(&owner.post("/menu/items", new).await.created());
    assert_eq!(items(&owner.get("/stations").await.ok(), 3), json!([bread]));
}
