//! Somebody else's yes by PIN or password, and the wait after wrong ones.

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Person};
use crate::trade::{House, id};

/// A waiter wants a fired line off, and enters what somebody else gave.
async fn void(waiter: &Person, order: &Value, line: usize, approval: Value) -> Answer {
    let path = format!("/orders/{}/lines/{}/void", id(order), id(&order["lines"][line]));
    waiter.post(&path, json!({ "reason": "Typo", "approval": approval })).await
}

async fn fired(house: &House) -> Value {
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok()
}

#[tokio::test]
async fn a_pin_approves_what_its_person_may_and_is_written_nowhere() {
    let house = House::open().await;
    house.owner.put("/staff/me/pin", json!({ "pin": "80137264" })).await.ok();
    house.owner.post("/staff", json!({ "name": "Marco", "role": "waiter", "pin": "50362719" })).await.created();
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let order = fired(&house).await;
    let error = void(&waiter, &order, 0, json!({ "pin": "50362719" })).await.refused("forbidden");
    assert_eq!((&error["field"], &error["details"]["tries_left"]), (&json!("approval"), &json!(4)));
    let after = void(&waiter, &order, 0, json!({ "pin": "80137264" })).await.ok();
    assert_eq!(after["lines"][0]["state"], "voided");
    let cashier = house.app.staff(&house.owner, "cashier").await;
    let path = format!("/orders/{}/discounts", id(&order));
    let half = json!({ "rate_bp": 5000, "reason": "Regular", "approval": { "pin": "80137264" } });
    assert_eq!(cashier.post(&path, half).await.created()["total_minor"], 380);
    // Who asked did it; who approved is recorded with it.
    let history = house.step_get(&order, "history").await.to_string();
    assert!(history.contains("A waiter") && !history.contains("80137264"), "{history}");
    let file = house.app.folder.path().join("restaurants").join(format!("{}.db", house.owner.restaurant_id()));
    let bytes = std::fs::read(file).unwrap();
    assert!(!bytes.windows(8).any(|window| window == b"80137264"));
}

#[tokio::test]
async fn wrong_approvals_wait_whichever_way_they_are_given_and_keep_nobody_from_the_till() {
    let house = House::open().await;
    house.owner.put("/staff/me/pin", json!({ "pin": "90210" })).await.ok();
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let order = fired(&house).await;
    let wrong_password = json!({ "email": "lucia@example.com", "secret": "Wrong-Wrong-1" });
    for (left, wrong) in [(4, json!({ "pin": "0000" })), (3, wrong_password.clone()), (2, json!({ "pin": "0001" }))] {
        let error = void(&waiter, &order, 0, wrong).await.refused("forbidden");
        assert_eq!(error["details"]["tries_left"], left);
    }
    // A right one gives back its own try and no other.
    void(&waiter, &order, 0, json!({ "pin": "90210" })).await.ok();
    void(&waiter, &order, 1, wrong_password.clone()).await.refused("forbidden");
    let last = void(&waiter, &order, 1, wrong_password).await.refused("forbidden");
    assert_eq!(last["details"]["tries_left"], 0);
    // Now not even the right password; the till is another matter.
    let right = json!({ "email": "lucia@example.com", "secret": PASSWORD });
    let error = void(&waiter, &order, 1, right.clone()).await.refused("too_many_requests");
    assert_eq!((&error["field"], &error["details"]["wait_s"]), (&json!("approval"), &json!(30)));
    let entry = json!({ "restaurant_id": waiter.restaurant_id(), "pin": "90210" });
    waiter.put("~/sessions/current/person", entry).await.ok();
    house.app.pass_ms(30_000);
    void(&waiter, &order, 1, right).await.ok();
}

#[tokio::test]
async fn a_wrong_pin_is_a_line_of_the_audit_and_says_who_was_at_the_till() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let order = fired(&house).await;
    let entry = json!({ "restaurant_id": waiter.restaurant_id(), "pin": "80137264" });
    waiter.put("~/sessions/current/person", entry.clone()).await.refused("forbidden");
    void(&waiter, &order, 0, json!({ "pin": "0001" })).await.refused("forbidden");
    waiter.post("~/sessions/current/lock", json!({})).await.gone();
    waiter.put("~/sessions/current/person", entry).await.refused("forbidden");
    let audit = house.owner.get("/audit?action=wrong_pin").await.ok();
    let who: Vec<_> =
        audit["items"].as_array().unwrap().iter().map(|line| line["actor_name"].as_str().unwrap()).collect();
    assert_eq!(who, ["", "A waiter", "A waiter"], "behind a locked screen it is nobody");
    assert!(!audit.to_string().contains("80137264"));
}

#[tokio::test]
async fn a_discount_in_the_audit_names_its_order() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "discounts", json!({ "rate_bp": 1000, "reason": "Regular" })).await.created();
    let audit = house.owner.get("/audit?action=give_discount").await.ok();
    assert_eq!(audit["items"][0]["about"], json!({ "table": "orders", "id": order["id"], "name": order["number"] }));
}

#[tokio::test]
async fn an_approval_is_a_pin_or_an_address_with_its_password() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let order = fired(&house).await;
    for (approval, field) in [
        (json!({}), "approval"),
        (json!({ "email": "lucia@example.com" }), "approval"),
        (json!({ "secret": PASSWORD }), "approval"),
        (json!({ "pin": "4711", "email": "lucia@example.com", "secret": PASSWORD }), "approval"),
        (json!({ "pin": "12" }), "approval.pin"),
        (json!({ "pin": 4711 }), "approval.pin"),
        (json!({ "pin": "4711", "why": "so" }), "approval.why"),
    ] {
        void(&waiter, &order, 0, approval).await.invalid(field);
    }
    // None of these was a try.
    let error = void(&waiter, &order, 0, json!({ "pin": "0000" })).await.refused("forbidden");
    assert_eq!(error["details"]["tries_left"], 4);
}
