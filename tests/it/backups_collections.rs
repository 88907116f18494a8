//! One part of the restaurant as it was: a command in the ledger that touches nothing that happened.

use serde_json::{Value, json};

use crate::backups::{Safe, live_file};
use crate::support::PASSWORD;
use crate::trade::id;

async fn names(safe: &Safe) -> Vec<String> {
    let menu = safe.house.owner.get("/menu").await.ok();
    let items =
        menu["categories"].as_array().unwrap().iter().flat_map(|category| category["items"].as_array().unwrap());
    let mut names: Vec<_> =
        items.map(|item| format!("{} {}", item["name"].as_str().unwrap(), item["price_minor"])).collect();
    names.sort();
    names
}

#[tokio::test]
async fn the_menu_is_put_back_alone_and_nothing_that_happened_is_touched() {
    let safe = Safe::open().await;
    let (house, owner) = (&safe.house, &safe.house.owner);
    let then = names(&safe).await;
    house.app.pass_ms(60_000);
    let at_ms = owner.get("/backups").await.ok()["now_ms"].as_i64().unwrap();
    house.app.pass_ms(60_000);
    // Since then: a price, a dish that came and was sold, a dish that went.
    owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "price_minor": 1200 })).await.ok();
    let sold = house.order_of(777).await;
    owner.delete(&format!("/menu/items/{}", house.water)).await;
    house.finished("card").await;
    safe.shipped().await;
    assert_ne!(names(&safe).await, then);
    let restore = safe.prepare(json!({ "at_ms": at_ms })).await;
    let path = format!("/backups/restores/{}/collections", id(&restore));
    let preview = owner.post(&format!("{path}/preview"), json!({ "collection": "menu" })).await.ok();
    assert_eq!(
        (&preview["comes"], &preview["changes"], &preview["goes"]),
        (&json!(1), &json!(1), &json!(1)),
        "{preview}"
    );
    let named: Vec<_> = preview["named"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(["Margherita", "Water", "Dish 777"].iter().all(|name| named.contains(name)), "{named:?}");
    let orders = owner.get("/orders?state=completed").await.ok();
    let key = uuid::Uuid::now_v7().to_string();
    owner.post_keyed(&key, &path, json!({ "collection": "menu" })).await.ok();
    assert!(owner.post_keyed(&key, &path, json!({ "collection": "menu" })).await.replayed());
    assert_eq!(names(&safe).await, then);
    assert_eq!(owner.get("/orders?state=completed").await.ok(), orders, "what happened is as it was");
    assert_eq!(owner.get(&format!("/orders/{}", id(&sold))).await.ok()["total_minor"], 777);
    // It is said who did it, it is backed up, and every record still leads to what is there.
    let audit = owner.get("/audit?action=put_back_collection").await.ok();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
    assert!(house.app.running.app().restaurants()[0].db.check().unwrap().is_clean());
    safe.shipped().await;
    let last = safe.prepare(json!({})).await;
    assert_eq!(last["then"]["entry"], crate::backups::state(&live_file(house)).0);
    let path = format!("/backups/restores/{}/collections/preview", id(&last));
    assert_eq!(owner.post(&path, json!({ "collection": "menu" })).await.ok()["named"], json!([]));
}

#[tokio::test]
async fn a_table_whose_waiter_left_since_is_told_before_and_served_by_nobody_after() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let spot = json!({ "x_cm": 100, "y_cm": 100, "width_cm": 80, "height_cm": 80 });
    let laid = json!({ "name": "12", "shape": "square", "seats": 4, "spot": spot });
    let hall = json!({ "name": "Hall", "width_cm": 800, "height_cm": 600, "tables": [laid] });
    let floor = owner.post("/floor", json!({ "areas": [hall] })).await.created();
    let table = id(&floor["tables"][0]);
    let new = json!({ "name": "Marco", "email": "marco@example.com", "role": "waiter", "password": PASSWORD });
    let person = id(&owner.post("/staff", new).await.created());
    owner.post("/floor/assign", json!({ "table_ids": [table], "staff_id": person })).await.ok();
    safe.shipped().await;
    let restore = safe.prepare(json!({})).await;
    owner.delete(&format!("/floor/tables/{table}")).await.gone();
    owner.patch(&format!("/staff/{person}"), json!({ "active": false })).await.ok();
    let path = format!("/backups/restores/{}/collections", id(&restore));
    let preview = owner.post(&format!("{path}/preview"), json!({ "collection": "floor" })).await.ok();
    assert_eq!((&preview["comes"], &preview["waiters_gone"]), (&json!(1), &json!(1)), "{preview}");
    owner.post(&path, json!({ "collection": "floor" })).await.ok();
    let floor = owner.get("/floor").await.ok();
    assert_eq!((&floor["tables"][0]["name"], &floor["tables"][0]["waiter"]), (&json!("12"), &Value::Null), "{floor}");
}

#[tokio::test]
async fn what_happened_is_not_put_back_by_itself() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let restore = safe.prepare(json!({})).await;
    let path = format!("/backups/restores/{}/collections", id(&restore));
    for fact in ["orders", "payments", "till", "invoices", "clock", "audit"] {
        let refused = owner.post(&path, json!({ "collection": fact })).await.refused("invalid_input");
        assert!(refused["message"].as_str().unwrap().contains("what happened"), "{fact}: {refused}");
    }
    owner.post(&path, json!({ "collection": "staff; DROP TABLE orders" })).await.invalid("collection");
    owner.post(&path, json!({})).await.invalid("collection");
    let nothing = format!("/backups/restores/{}/collections", uuid::Uuid::now_v7());
    owner.post(&nothing, json!({ "collection": "menu" })).await.refused("not_found");
    let manager = safe.house.app.staff(owner, "manager").await;
    manager.post(&path, json!({ "collection": "menu" })).await.refused("forbidden");
    assert_eq!(owner.get("/audit?action=put_back_collection").await.ok()["items"], Value::Array(Vec::new()));
}
