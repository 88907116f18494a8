//! Answers that are kept ready: never stale, never somebody else's, and no more of them than there is room for.

use std::sync::Arc;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp};
use crate::trade::{House, id};

/// Asks with the tag of an answer that is at hand.
async fn revalidate(person: &Person, path: &str, etag: &str) -> Answer {
    Answer::of(person.request(reqwest::Method::GET, path).header("if-none-match", etag)).await
}

fn names(menu: &Value) -> Vec<String> {
    let items = menu["categories"][0]["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_change_is_seen_by_the_very_next_reading() {
    let house = House::open().await;
    let owner = &house.owner;
    for round in 0..5 {
        let order = house.order().await;
        let path = format!("/orders/{}", id(&order));
        // Read twice each time: the second answer is the kept one.
        for _ in 0..2 {
            assert_eq!(owner.get(&path).await.ok()["stage"], order["stage"]);
            assert_eq!(owner.get("/orders?limit=1").await.ok()["items"][0]["id"], order["id"]);
            assert_eq!(owner.get("/today").await.ok()["totals"]["orders"], round);
        }
        house.step(&order, "fire", json!({})).await.ok();
        assert_eq!(owner.get(&path).await.ok()["lines_fired"], 2);
        assert_eq!(owner.get("/orders?limit=1").await.ok()["items"][0]["lines_fired"], 2);
        house.step(&order, "serve", json!({})).await.ok();
        house.pay(&order, "card", 1710).await.created();
        assert_eq!(owner.get(&path).await.ok()["state"], "completed");
        assert_eq!(owner.get("/orders?limit=1").await.ok()["items"][0]["due_minor"], 0);
        assert_eq!(owner.get("/today").await.ok()["totals"]["orders"], round + 1);
        let name = format!("Pizza {round}");
        owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "name": name })).await.ok();
        assert!(names(&owner.get("/menu").await.ok()).contains(&name));
        let name = format!("Trattoria {round}");
        owner.patch("", json!({ "name": name })).await.ok();
        assert_eq!(owner.get("").await.ok()["name"], name);
    }
}

#[tokio::test]
async fn a_name_that_changes_changes_on_the_orders_that_show_it() {
    let house = House::open().await;
    let order = house.order().await;
    assert_eq!(house.fresh(&order).await["opened_by_name"], "Lucia Rossi");
    let staff = house.owner.get("/staff").await.ok()["items"][0].clone();
    house.owner.patch(&format!("/staff/{}", id(&staff)), json!({ "name": "Lucia Verdi" })).await.ok();
    assert_eq!(house.fresh(&order).await["opened_by_name"], "Lucia Verdi");
    assert_eq!(house.owner.get("/orders").await.ok()["items"][0]["opened_by_name"], "Lucia Verdi");
}

#[tokio::test]
async fn what_comes_off_an_order_or_divides_it_is_seen_wherever_the_order_shows() {
    let house = House::open().await;
    let order = house.order().await;
    let seen = async |total: i64, checks: usize| {
        for _ in 0..2 {
            let fresh = house.fresh(&order).await;
            assert_eq!((&fresh["total_minor"], fresh["checks"].as_array().unwrap().len()), (&json!(total), checks));
            assert_eq!(house.owner.get("/orders").await.ok()["items"][0]["total_minor"], total);
            assert_eq!(house.owner.get("/today").await.ok()["open"]["minor"], total);
        }
    };
    let before = house.fresh(&order).await["checks"].as_array().unwrap().len();
    seen(1710, before).await;
    for (cents, total) in [(110, 1600), (100, 1500)] {
        let off = json!({ "amount_minor": cents, "reason": "Regular" });
        house.step(&order, "discounts", off).await.created();
        seen(total, before).await;
    }
    let line = json!([{ "line_id": order["lines"][1]["id"], "quantity_milli": 1000 }]);
    let split = house.step(&order, "split", json!({ "lines": line })).await.ok();
    let (checks, total) = (split["checks"].as_array().unwrap().len(), split["total_minor"].as_i64().unwrap());
    assert!(checks > before);
    seen(total, checks).await;
}

/// Everybody reads what everybody writes: whoever was answered must find his own write in the next answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_reading_after_an_answered_write_is_stale_while_many_write() {
    const PEOPLE: usize = 8;
    const ROUNDS: i64 = 40;
    let house = Arc::new(House::open().await);
    let mut people = Vec::new();
    for person in 0..PEOPLE {
        let house = house.clone();
        people.push(tokio::spawn(async move {
            let owner = &house.owner;
            let category = owner.get("/menu").await.ok()["categories"][0]["id"].clone();
            let new = json!({ "category_id": category, "name": format!("Dish {person}"), "price_minor": 1 });
            let item = id(&owner.post("/menu/items", new).await.created());
            for round in 2..ROUNDS {
                owner.patch(&format!("/menu/items/{item}"), json!({ "price_minor": round })).await.ok();
                let menu = owner.get("/menu").await.ok();
                let items = menu["categories"][0]["items"].as_array().unwrap();
                let mine = items.iter().find(|one| one["id"] == item.as_str()).unwrap();
                assert_eq!(mine["price_minor"], round, "person {person}");
                let lines = json!([{ "item_id": item }]);
                let order = owner.post("/orders", json!({ "service": "takeaway", "lines": lines })).await.created();
                let listed = owner.get("/orders?limit=200&state=open").await.ok();
                let mine = listed["items"].as_array().unwrap().iter().any(|one| one["id"] == order["id"]);
                assert!(mine, "person {person} does not see the order of round {round}");
                owner.get(&format!("/orders/{}", id(&order))).await.ok();
                house.step(&order, "cancel", json!({ "reason": "Changed their mind" })).await.ok();
                assert_eq!(house.fresh(&order).await["state"], "cancelled");
            }
        }));
    }
    for person in people {
        person.await.unwrap();
    }
}

#[tokio::test]
async fn nobody_gets_what_was_made_for_another_role() {
    let house = House::open().await;
    let (owner, waiter) = (&house.owner, house.app.staff(&house.owner, "waiter").await);
    for _ in 0..2 {
        let (theirs, mine) = (owner.get("").await, waiter.get("").await);
        assert_ne!(theirs.header("etag"), mine.header("etag"));
        assert_eq!((&theirs.json()["role"], &mine.json()["role"]), (&json!("owner"), &json!("waiter")));
        assert_ne!(theirs.json()["permissions"], mine.json()["permissions"]);
        owner.get("/today").await.ok();
        waiter.get("/today").await.refused("forbidden");
    }
    // A tag from the owner's answer opens nothing either.
    let tag = owner.get("/today").await.header("etag").to_owned();
    revalidate(&waiter, "/today", &tag).await.refused("forbidden");
    let tag = owner.get("").await.header("etag").to_owned();
    assert_eq!(revalidate(&waiter, "", &tag).await.ok()["role"], "waiter");
}

#[tokio::test]
async fn who_was_sent_away_gets_no_kept_answer() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let tag = waiter.get("/menu").await.header("etag").to_owned();
    waiter.delete("~/sessions/current").await.gone();
    waiter.get("/menu").await.refused("unauthenticated");
    revalidate(&waiter, "/menu", &tag).await.refused("unauthenticated");
    // Off the staff, and in another role: from the next request on.
    let waiter = house.app.staff(&house.owner, "waiter").await;
    assert_eq!(waiter.get("").await.ok()["role"], "waiter");
    let staff = house.owner.get("/staff").await.ok();
    let member = staff["items"].as_array().unwrap().last().unwrap().clone();
    house.owner.patch(&format!("/staff/{}", id(&member)), json!({ "role": "cashier" })).await.ok();
    assert_eq!(waiter.get("").await.ok()["role"], "cashier");
    house.owner.patch(&format!("/staff/{}", id(&member)), json!({ "active": false })).await.ok();
    waiter.get("").await.refused("not_found");
    waiter.get("/menu").await.refused("not_found");
}

#[tokio::test]
async fn not_modified_is_said_only_while_nothing_has_changed() {
    let house = House::open().await;
    let owner = &house.owner;
    let order = house.order().await;
    let one = format!("/orders/{}", id(&order));
    let paths = ["/menu", "/orders?limit=30", "/today", "", one.as_str()];
    let mut tags = Vec::new();
    for path in paths {
        let full = owner.get(path).await;
        assert_eq!(full.header("cache-control"), "private, no-cache", "{path}");
        assert!(full.header("vary").contains("authorization"), "{path}");
        let tag = full.header("etag").to_owned();
        let same = revalidate(owner, path, &tag).await;
        assert_eq!((same.status, same.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!((same.header("etag"), same.header("content-type")), (tag.as_str(), ""), "{path}");
        // One of several, and strong where ours is weak.
        let list = format!("\"other\", {}", tag.trim_start_matches("W/"));
        assert_eq!(revalidate(owner, path, &list).await.status, StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(revalidate(owner, path, "\"other\"").await.status, StatusCode::OK, "{path}");
        tags.push(tag);
    }
    let changed = async |path: &str, at: usize| revalidate(owner, path, &tags[at]).await.status == StatusCode::OK;
    house.step(&order, "fire", json!({})).await.ok();
    assert!(!changed("/menu", 0).await && !changed("", 3).await);
    assert!(changed("/orders?limit=30", 1).await && changed("/today", 2).await && changed(&one, 4).await);
    owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "available": false })).await.ok();
    owner.patch("", json!({ "locale": "es" })).await.ok();
    assert!(changed("/menu", 0).await && changed("", 3).await);
}

#[tokio::test]
async fn the_next_business_day_is_another_answer_though_nothing_was_written() {
    let house = House::open().await;
    let owner = &house.owner;
    house.finished("card").await;
    let (first, today) = (owner.get("").await, owner.get("/today").await);
    assert_eq!(first.json()["business_date"], "2026-06-12");
    house.app.at("2026-06-13T04:00:00+02:00");
    let (next, tomorrow) = (owner.get("").await, owner.get("/today").await);
    assert_eq!(next.json()["business_date"], "2026-06-13");
    assert_eq!(
        (&tomorrow.json()["business_date"], &tomorrow.json()["totals"]["orders"]),
        (&json!("2026-06-13"), &json!(0))
    );
    assert_ne!((first.header("etag"), today.header("etag")), (next.header("etag"), tomorrow.header("etag")));
    assert_eq!(revalidate(owner, "", first.header("etag")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_tag_from_before_a_restart_is_not_believed() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let tag = owner.get("/menu").await.header("etag").to_owned();
    let app = app.restart().await;
    let owner = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    assert_eq!(revalidate(&owner, "/menu", &tag).await.status, StatusCode::OK);
}

#[tokio::test]
async fn errors_are_not_kept() {
    let house = House::open().await;
    let owner = &house.owner;
    let nobody = format!("/orders/{}", uuid::Uuid::now_v7());
    for _ in 0..2 {
        let missing = owner.get(&nobody).await;
        assert_eq!((missing.header("etag"), missing.header("cache-control")), ("", "no-store"));
        missing.refused("not_found");
        owner.get("/orders?limit=0").await.invalid("limit");
        owner.get("/orders?colour=red").await.invalid("colour");
        owner.get("/orders/12").await.refused("invalid_input");
    }
}

#[tokio::test]
async fn who_takes_gzip_gets_the_same_answer_smaller() {
    let house = House::open().await;
    let owner = &house.owner;
    for _ in 0..12 {
        house.order().await;
    }
    let plain = owner.get("/orders").await;
    assert_eq!(plain.header("content-encoding"), "");
    for _ in 0..2 {
        let request = owner.request(reqwest::Method::GET, "/orders").header("accept-encoding", "br, gzip;q=0.8");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], "gzip");
        assert_eq!(answer.headers()["etag"], plain.header("etag"));
        let bytes = answer.bytes().await.unwrap();
        assert!(bytes.len() < plain.text.len() / 3);
        let mut text = String::new();
        std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text).unwrap();
        assert_eq!(text, plain.text);
    }
    let refusing = owner.request(reqwest::Method::GET, "/orders").header("accept-encoding", "gzip;q=0");
    assert_eq!(Answer::of(refusing).await.header("content-encoding"), "");
}
