//! Price lists: what holds when, and what a line keeps.

use serde_json::{Value, json};

use crate::support::TestApp;
use crate::trade::{House, id};

const LISTS: &str = "/menu/price-lists";

/// What a cola costs on an order made at that moment.
async fn cola_at(house: &House, at: &str) -> i64 {
    house.app.at(at);
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.cola }] });
    house.owner.post("/orders", new).await.created()["lines"][0]["unit_price_minor"].as_i64().unwrap()
}

fn cola(house: &House, price: i64) -> Value {
    json!([{ "item_id": house.cola, "price_minor": price }])
}

#[tokio::test]
async fn a_happy_hour_holds_by_the_wall_clock_and_the_line_keeps_its_price() {
    let house = House::open().await;
    // Monday to Friday, 17:00 to 19:00.
    let list = json!({ "name": "Happy hour", "days": [1, 2, 3, 4, 5], "from_minute": 1020, "to_minute": 1140,
        "prices": cola(&house, 250) });
    let list = house.owner.post(LISTS, list).await.created();
    assert_eq!((&list["days"], &list["paused"]), (&json!([1, 2, 3, 4, 5]), &json!(false)));
    assert_eq!(cola_at(&house, "2026-06-12T16:59:59+02:00").await, 380);
    house.app.at("2026-06-12T18:59:59+02:00");
    let new = json!({ "service": "dine_in", "lines": [{ "item_id": house.cola }] });
    let order = house.owner.post("/orders", new).await.created();
    assert_eq!(order["lines"][0]["unit_price_minor"], 250);
    assert_eq!(cola_at(&house, "2026-06-12T19:00:00+02:00").await, 380);
    assert_eq!(cola_at(&house, "2026-06-13T18:00:00+02:00").await, 380, "a Saturday");
    let more = json!({ "lines": [{ "item_id": house.cola }] });
    let order = house.owner.post(&format!("/orders/{}/lines", id(&order)), more).await.created();
    let prices: Vec<_> =
        order["lines"].as_array().unwrap().iter().map(|line| line["unit_price_minor"].clone()).collect();
    assert_eq!(prices, [json!(250), json!(380)], "each as it was when it was added");
}

#[tokio::test]
async fn a_night_goes_past_midnight_also_when_the_clocks_change() {
    let app = TestApp::start().await;
    app.at("2026-10-24T12:00:00+02:00");
    let owner = app.set_up().await;
    let house = House::with(app, owner).await;
    // Saturdays 22:00 to 04:00. In Rome the clocks go back at 03:00 on the 25th of October 2026.
    let list =
        json!({ "name": "Night", "days": [6], "from_minute": 1320, "to_minute": 240, "prices": cola(&house, 500) });
    house.owner.post(LISTS, list).await.created();
    assert_eq!(cola_at(&house, "2026-10-24T21:59:00+02:00").await, 380);
    assert_eq!(cola_at(&house, "2026-10-24T23:00:00+02:00").await, 500);
    assert_eq!(cola_at(&house, "2026-10-25T02:30:00+02:00").await, 500, "half past two, the first time");
    assert_eq!(cola_at(&house, "2026-10-25T02:30:00+01:00").await, 500, "and the second");
    assert_eq!(cola_at(&house, "2026-10-25T03:59:00+01:00").await, 500);
    assert_eq!(cola_at(&house, "2026-10-25T04:00:00+01:00").await, 380);
    assert_eq!(cola_at(&house, "2026-10-25T23:00:00+01:00").await, 380, "it began on Saturdays only");
}

#[tokio::test]
async fn the_most_urgent_list_wins_and_a_paused_one_holds_never() {
    let house = House::open().await;
    let list = |name: &str, priority: i64, price: i64| json!({ "name": name, "priority": priority, "prices": cola(&house, price) });
    house.owner.post(LISTS, list("Summer", 0, 300)).await.created();
    let match_day = house.owner.post(LISTS, list("Match day", 5, 450)).await.created();
    assert_eq!(cola_at(&house, "2026-06-12T12:00:00+02:00").await, 450);
    let path = format!("{LISTS}/{}", id(&match_day));
    let mut paused = list("Match day", 5, 450);
    paused["paused"] = json!(true);
    let put = |body: Value| house.owner.send(reqwest::Method::PUT, &path, Some(body), None);
    assert_eq!(put(paused).await.ok()["paused"], true);
    assert_eq!(cola_at(&house, "2026-06-12T12:00:01+02:00").await, 300);
    put(json!({ "name": "Match day", "priority": 5, "from_date": "2026-06-14", "prices": cola(&house, 450) }))
        .await
        .ok();
    assert_eq!(cola_at(&house, "2026-06-13T12:00:01+02:00").await, 300);
    assert_eq!(cola_at(&house, "2026-06-14T00:00:00+02:00").await, 450);
    house.owner.delete(&path).await.gone();
    assert_eq!(cola_at(&house, "2026-06-14T12:00:01+02:00").await, 300);
    house.owner.delete(&path).await.refused("not_found");
    assert_eq!(house.owner.get(LISTS).await.ok()["price_lists"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_holds_now_says_until_when() {
    let house = House::open().await;
    let sizes =
        json!({ "variants": [{ "name": "small", "price_minor": 300 }, { "name": "large", "price_minor": 500 }] });
    let cola = house.owner.patch(&format!("/menu/items/{}", house.cola), sizes).await.ok();
    let large = id(&cola["variants"][1]);
    let prices = json!([{ "item_id": house.cola, "variant_id": large, "price_minor": 400 }]);
    let list = json!({ "name": "Lunch", "from_minute": 720, "to_minute": 900, "prices": prices });
    let list = house.owner.post(LISTS, list).await.created();
    house.app.at("2026-06-12T11:00:00+02:00");
    let now = house.owner.get("/menu/now").await.ok();
    assert_eq!(
        (&now["prices"], &now["until_ms"]),
        (&json!([]), &json!(crate::support::instant("2026-06-12T12:00:00+02:00")))
    );
    house.app.at("2026-06-12T12:00:00+02:00");
    let now = house.owner.get("/menu/now").await.ok();
    let held = json!([{ "item_id": house.cola, "variant_id": large, "price_minor": 400, "price_list_id": list["id"] }]);
    assert_eq!(
        (&now["prices"], &now["until_ms"]),
        (&held, &json!(crate::support::instant("2026-06-12T15:00:00+02:00")))
    );
    let line =
        |variant: &str| json!({ "service": "takeaway", "lines": [{ "item_id": house.cola, "variant_id": variant }] });
    assert_eq!(house.owner.post("/orders", line(&large)).await.created()["lines"][0]["unit_price_minor"], 400);
    let small = id(&cola["variants"][0]);
    assert_eq!(house.owner.post("/orders", line(&small)).await.created()["lines"][0]["unit_price_minor"], 300);
}

#[tokio::test]
async fn a_list_that_makes_no_sense_is_refused_by_its_field() {
    let house = House::open().await;
    let owner = &house.owner;
    let list = |change: Value| {
        let mut list = json!({ "name": "A", "prices": [] });
        list.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        list
    };
    owner.post(LISTS, list(json!({ "name": "" }))).await.invalid("name");
    owner.post(LISTS, list(json!({ "days": [0] }))).await.invalid("days[0]");
    owner.post(LISTS, list(json!({ "from_minute": 60 }))).await.invalid("to_minute");
    owner.post(LISTS, list(json!({ "to_minute": 60 }))).await.invalid("from_minute");
    owner.post(LISTS, list(json!({ "from_minute": 1440, "to_minute": 10 }))).await.invalid("from_minute");
    owner.post(LISTS, list(json!({ "from_date": "12/06/2026" }))).await.invalid("from_date");
    owner.post(LISTS, list(json!({ "from_date": "2026-06-12", "to_date": "2026-06-11" }))).await.invalid("to_date");
    owner.post(LISTS, list(json!({ "priority": 101 }))).await.invalid("priority");
    let gone = json!([{ "item_id": uuid::Uuid::now_v7(), "price_minor": 1 }]);
    let error = owner.post(LISTS, list(json!({ "prices": gone }))).await.refused("not_found");
    assert_eq!(error["field"], "prices[0].item_id");
    let sized = json!([{ "item_id": house.cola, "variant_id": uuid::Uuid::now_v7(), "price_minor": 1 }]);
    let error = owner.post(LISTS, list(json!({ "prices": sized }))).await.refused("not_found");
    assert_eq!(error["field"], "prices[0].variant_id");
    let chef = house.app.staff(owner, "chef").await;
    chef.post(LISTS, list(json!({}))).await.refused("forbidden");
    chef.get(LISTS).await.ok();
}
