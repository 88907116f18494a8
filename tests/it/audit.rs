//! The audit: found by person, thing, kind and time, with before and after; and the check of the records.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{EVENING, Person, TestApp, instant};
use crate::trade::{House, id};

async fn actions(owner: &Person, query: &str) -> Vec<String> {
    let page = owner.get(&format!("/audit{query}")).await.ok();
    page["items"].as_array().unwrap().iter().map(|item| item["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_change_of_price_is_found_by_who_what_and_when_with_before_and_after() {
    let house = House::open().await;
    let owner = &house.owner;
    let manager = house.app.staff(owner, "manager").await;
    let manager_id = manager.get("/clock").await.ok()["week"]["staff_id"].as_str().unwrap().to_owned();
    house.app.pass_ms(60_000);
    manager.patch(&format!("/menu/items/{}", house.pizza), json!({ "price_minor": 1050 })).await.ok();
    house.app.pass_ms(60_000);
    house.order().await;
    let page = owner.get(&format!("/audit?person={manager_id}")).await.ok();
    let [entry] = page["items"].as_array().unwrap().as_slice() else { panic!("{page}") };
    assert_eq!((&entry["action"], &entry["actor_name"]), (&json!("change_item"), &json!("A manager")));
    assert_eq!((&entry["kind"], &entry["outcome"]), (&json!("intent"), &json!("done")));
    assert_eq!((&entry["about"]["table"], &entry["about"]["name"]), (&json!("menu_item"), &json!("Margherita")));
    let change = &entry["changes"][0];
    assert_eq!((&change["before"]["price_minor"], &change["after"]["price_minor"]), (&json!(950), &json!(1050)));
    let at = instant(EVENING);
    let between = format!("?from_ms={}&to_ms={}", at + 30_000, at + 90_000);
    assert_eq!(actions(owner, &between).await, ["change_item"]);
    assert_eq!(actions(owner, &format!("?thing={}", house.pizza)).await, ["change_item", "add_item"]);
    assert_eq!(actions(owner, &format!("?thing={}&person={manager_id}", house.pizza)).await, ["change_item"]);
    assert_eq!(actions(owner, "?action=open_order").await, ["open_order"]);
    assert_eq!(actions(owner, &format!("?action=open_order&person={manager_id}")).await, [""; 0]);
}

#[tokio::test]
async fn what_happened_to_an_order_is_found_by_it_and_a_refusal_says_why() {
    let house = House::open().await;
    let owner = &house.owner;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "cancel", json!({ "reason": "" })).await;
    house.pay(&order, "card", 1710).await.created();
    house.step(&order, "cancel", json!({ "reason": "Left" })).await;
    let of_order = actions(owner, &format!("?thing={}", id(&order))).await;
    assert_eq!(of_order, ["take_payment", "fire_lines", "open_order"]);
    let refused = owner.get("/audit?outcome=refused").await.ok();
    let entry = &refused["items"][0];
    assert_eq!((&entry["action"], &entry["outcome"]), (&json!("cancel_order"), &json!("refused")));
    assert!(entry["refusal"].as_str().unwrap().len() > 10, "{entry}");
    assert_eq!(entry["changes"], json!([]));
    let payment = owner.get("/audit?action=take_payment").await.ok()["items"][0].clone();
    assert_eq!((&payment["kind"], &payment["about"]["name"]), (&json!("fact"), &order["number"]));
}

#[tokio::test]
async fn pages_follow_each_other_and_bad_filters_are_refused_by_field() {
    let house = House::open().await;
    let owner = &house.owner;
    for _ in 0..7 {
        house.order().await;
    }
    let whole = owner.get("/audit?limit=200").await.ok();
    let all: Vec<u64> = whole["items"].as_array().unwrap().iter().map(|item| item["seq"].as_u64().unwrap()).collect();
    assert!(all.len() > 10 && all.windows(2).all(|two| two[0] == two[1] + 1), "{all:?}");
    for filter in ["", &format!("&thing={}", house.pizza), "&action=open_order"] {
        let expect = owner.get(&format!("/audit?limit=200{filter}")).await.ok()["items"].clone();
        let (mut seen, mut path) = (vec![], format!("/audit?limit=3{filter}"));
        loop {
            let page = owner.get(&path).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().cloned());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            path = format!("/audit?limit=3{filter}&cursor={cursor}");
        }
        assert_eq!(Value::Array(seen), expect, "{filter}");
    }
    owner.get("/audit?action=steal").await.invalid("action");
    owner.get("/audit?outcome=maybe").await.invalid("outcome");
    owner.get("/audit?from_ms=2&to_ms=2").await.invalid("to_ms");
    owner.get("/audit?thing=x").await.invalid("thing");
    owner.get("/audit?cursor=x").await.invalid("cursor");
    owner.get(&format!("/audit?person={}", uuid::Uuid::now_v7())).await.refused("not_found");
    assert_eq!(actions(owner, &format!("?thing={}", uuid::Uuid::now_v7())).await, [""; 0]);
}

#[tokio::test]
async fn no_secret_is_in_the_audit_nor_in_its_file() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let new = json!({ "name": "=Marco", "role": "waiter", "pin": "80137264" });
    let marco = id(&owner.post("/staff", new).await.created());
    owner.put(&format!("/staff/{marco}/pin"), json!({ "pin": "50362719" })).await.ok();
    let page = owner.get("/audit?limit=200").await.ok();
    let set = &page["items"][0];
    assert_eq!((&set["action"], &set["about"]["name"]), (&json!("set_pin"), &json!("=Marco")));
    let change = &set["changes"][0];
    assert_eq!(change["after"].as_object().unwrap().keys().collect::<Vec<_>>(), ["pin_set_ms"]);
    let csv = owner.get("/audit.csv").await;
    assert_eq!(csv.header("content-disposition"), "attachment; filename=\"audit.csv\"");
    assert!(csv.text.starts_with("entry,date,time,who,action,"), "{}", csv.text);
    assert!(csv.text.contains("set_pin") && csv.text.contains("'=Marco"), "a name is never a formula: {}", csv.text);
    for secret in ["80137264", "50362719", "argon2"] {
        assert!(!page.to_string().contains(secret) && !csv.text.contains(secret), "{secret}");
    }
    let only = owner.get("/audit.csv?action=add_staff").await;
    assert!(only.text.contains("add_staff") && !only.text.contains("set_pin"));
}

/// The result of a check, once it has ended.
async fn checked(owner: &Person) -> Value {
    assert_eq!(owner.post("/audit/chain", json!({})).await.status, 202);
    loop {
        let state = owner.get("/audit/chain").await.ok();
        if state["running"] == false && !state["checked"].is_null() {
            return state;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_check_finds_nothing_wrong_with_a_menu_that_was_searched_and_changed() {
    let house = House::open().await;
    let path = format!("/menu/items/{}", house.cola);
    for round in 0..4 {
        for change in 0..12 {
            house.owner.patch(&path, json!({ "name": format!("Cola {round} {change}") })).await.ok();
            house.owner.get("/menu/search?q=co").await.ok();
        }
        let after = checked(&house.owner).await;
        assert_eq!(after["checked"]["findings_total"], 0, "{after:#}");
    }
}

#[tokio::test]
async fn the_records_are_checked_in_the_background_and_the_result_outlives_a_restart() {
    let house = House::open().await;
    let before = house.owner.get("/audit/chain").await.ok();
    assert_eq!((&before["checked"], &before["running"]), (&json!(null), &json!(false)));
    house.order().await;
    let after = checked(&house.owner).await;
    assert_eq!(after["checked"]["findings_total"], 0);
    assert_eq!(after["checked"]["entry"], after["entry"]);
    assert!(after["checked"]["commands"].as_u64().unwrap() >= 6, "{after}");
    house.order().await;
    let newer = house.owner.get("/audit/chain").await.ok();
    assert!(newer["entry"].as_u64() > newer["checked"]["entry"].as_u64(), "it says how far it looked");
    let owner = house.owner.clone();
    let app = house.app.restart().await;
    app.at(EVENING);
    assert_eq!(app.again(&owner).get("/audit/chain").await.ok()["checked"], after["checked"]);
}

#[tokio::test]
async fn a_row_changed_behind_the_records_is_found() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let file = format!("restaurants/{}.db", owner.restaurant_id());
    let folder = app.stop_and_keep().await;
    let conn = rusqlite::Connection::open(folder.path().join(file)).unwrap();
    conn.execute("UPDATE staff SET name = 'Somebody else'", []).unwrap();
    drop(conn);
    let app = TestApp::start_in(folder).await;
    let state = checked(&app.again(&owner)).await;
    assert!(state["checked"]["findings_total"].as_u64().unwrap() > 0, "{state}");
    assert!(state["checked"]["findings"].to_string().contains("staff"), "{state}");
}

#[tokio::test]
async fn the_audit_is_for_who_leads() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let cashier = app.staff(&owner, "cashier").await;
    for path in ["/audit", "/audit.csv", "/audit/chain", "/audit/kinds"] {
        cashier.get(path).await.refused("forbidden");
    }
    cashier.post("/audit/chain", json!({})).await.refused("forbidden");
    let kinds = owner.get("/audit/kinds").await.ok();
    assert!(kinds["actions"].as_array().unwrap().contains(&json!("take_payment")));
}
