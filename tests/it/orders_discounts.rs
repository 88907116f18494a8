//! What is not charged, and the service charge that is.

use serde_json::{Value, json};

use crate::support::{PASSWORD, Person};
use crate::trade::{House, id};

#[tokio::test]
async fn a_percentage_off_rounds_what_is_left_on_a_line_and_on_a_check() {
    let house = House::open().await;
    let item = json!({ "category_id": house.category().await, "name": "Espresso", "price_minor": 230 });
    let espresso = id(&house.owner.post("/menu/items", item).await.created());
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": espresso }] });
    let five = json!({ "rate_bp": 500, "reason": "Regular" });
    let order = house.owner.post("/orders", new.clone()).await.created();
    assert_eq!(house.step(&order, "discounts", five.clone()).await.created()["total_minor"], 219);
    let order = house.owner.post("/orders", new).await.created();
    let mut on_line = five;
    on_line["line_id"] = order["lines"][0]["id"].clone();
    let order = house.step(&order, "discounts", on_line.clone()).await.created();
    assert_eq!((&order["total_minor"], &order["lines"][0]["discount_minor"]), (&json!(219), &json!(11)));
    house.step(&order, "discounts", on_line).await.refused("illegal_step");
    let path = format!("/orders/{}/lines/{}/discount", id(&order), id(&order["lines"][0]));
    assert_eq!(house.owner.delete(&path).await.ok()["total_minor"], 230);
    house.owner.delete(&path).await.refused("not_found");
}

#[tokio::test]
async fn an_amount_off_is_at_most_the_price_and_comes_off_again() {
    let house = House::open().await;
    let order = house.order().await;
    let off = |amount: i64| json!({ "amount_minor": amount, "reason": "Spilt" });
    assert_eq!(house.step(&order, "discounts", off(1711)).await.refused("rule_violated")["field"], "amount_minor");
    let order = house.step(&order, "discounts", off(700)).await.created();
    assert_eq!((&order["total_minor"], &order["totals"]["discount_minor"]), (&json!(1010), &json!(700)));
    house.step(&order, "discounts", json!({ "reason": "Nothing" })).await.invalid("rate_bp");
    let path = format!("/orders/{}/discounts/{}", id(&order), id(&order["discounts"][0]));
    let order = house.owner.delete(&path).await.ok();
    assert_eq!((&order["total_minor"], &order["discounts"]), (&json!(1710), &json!([])));
}

#[tokio::test]
async fn nothing_is_taken_off_that_is_paid_already() {
    let house = House::open().await;
    let order = house.order().await;
    house.pay(&order, "card", 1500).await.created();
    let off = |amount: i64| json!({ "amount_minor": amount, "reason": "Spilt" });
    house.step(&order, "discounts", off(211)).await.refused("illegal_step");
    assert_eq!(house.step(&order, "discounts", off(210)).await.created()["due_minor"], 0);
    let comp = json!({ "line_ids": [order["lines"][0]["id"]], "reason": "Late" });
    house.step(&order, "comp", comp).await.refused("illegal_step");
}

async fn email_of(person: &Person) -> String {
    person.get("~/me").await.ok()["email"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn beyond_the_cap_of_a_role_somebody_else_approves_and_is_recorded() {
    let house = House::open().await;
    let cashier = house.app.staff(&house.owner, "cashier").await;
    let order = house.order().await;
    let path = format!("/orders/{}/discounts", id(&order));
    let off = |rate: i64| json!({ "rate_bp": rate, "reason": "Regular" });
    let error = cashier.post(&path, off(1001)).await.refused("forbidden");
    assert_eq!((&error["field"], &error["details"]["cap_bp"]), (&json!("approval"), &json!(1000)));
    let with = |email: &str, secret: &str| {
        let mut body = off(5000);
        body["approval"] = json!({ "email": email, "secret": secret });
        body
    };
    // Neither a wrong secret nor somebody who may not.
    cashier.post(&path, with("lucia@example.com", "Wrong-Wrong-1")).await.refused("forbidden");
    cashier.post(&path, with("nobody@example.com", PASSWORD)).await.refused("forbidden");
    cashier.post(&path, with(&email_of(&cashier).await, PASSWORD)).await.refused("forbidden");
    assert_eq!(cashier.post(&path, with("lucia@example.com", PASSWORD)).await.created()["total_minor"], 855);
    // An amount is held against the same cap: 10 % of 17.10.
    let path = format!("/orders/{}/discounts", id(&house.order().await));
    cashier.post(&path, json!({ "amount_minor": 172, "reason": "Odd" })).await.refused("forbidden");
    cashier.post(&path, json!({ "amount_minor": 171, "reason": "Odd" })).await.created();
    // The records know who, and not with what.
    let file = house.app.folder.path().join("restaurants").join(format!("{}.db", house.owner.restaurant_id()));
    let text = String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned();
    assert!(!text.contains(PASSWORD));
    let caps = json!({ "discount_caps": { "cashier_bp": 2000, "waiter_bp": 500 } });
    assert_eq!(house.owner.patch("", caps).await.ok()["discount_caps"]["cashier_bp"], 2000);
    cashier.post(&path, off(2000)).await.created();
}

#[tokio::test]
async fn a_comp_is_served_costs_the_guest_nothing_and_counts_as_cost() {
    let house = House::open().await;
    let order = house.order().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let path = format!("/orders/{}/comp", id(&order));
    let body = json!({ "line_ids": [order["lines"][0]["id"]], "reason": "On the house" });
    assert_eq!(waiter.post(&path, body.clone()).await.refused("forbidden")["field"], "approval");
    let mut approved = body.clone();
    approved["approval"] = json!({ "email": "lucia@example.com", "secret": PASSWORD });
    let order = waiter.post(&path, approved).await.ok();
    assert_eq!((&order["total_minor"], &order["totals"]["comp_minor"]), (&json!(760), &json!(950)));
    assert_eq!(order["lines"][0]["comp_reason"], "On the house");
    house.step(&order, "comp", body).await.refused("illegal_step");
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    // After serving too; with nothing left to pay the order is complete.
    let order = house.step(&order, "comp", json!({ "reason": "Bad evening" })).await.ok();
    assert_eq!((&order["state"], &order["total_minor"]), (&json!("completed"), &json!(0)));
    assert_eq!(order["totals"]["comp_minor"], 1710);
}

#[tokio::test]
async fn the_service_charge_is_a_row_of_its_own_taxed_and_no_tip() {
    let house = House::open().await;
    let charges = json!({ "dine_in_bp": 1250, "takeaway_bp": 0, "delivery_bp": 0, "tax_rate_bp": 2200 });
    house.owner.patch("", json!({ "service_charges": charges })).await.ok();
    let order = house.order().await;
    // 12.5 % of 17.10 is 2.1375.
    assert_eq!((&order["total_minor"], &order["totals"]["service_charge_minor"]), (&json!(1924), &json!(214)));
    assert_eq!(order["totals"]["tips_minor"], 0);
    let taxes = json!([{ "rate_bp": 1000, "base_minor": 1555, "tax_minor": 155 },
        { "rate_bp": 2200, "base_minor": 175, "tax_minor": 39 }]);
    assert_eq!(order["totals"]["taxes"], taxes);
    assert_eq!(house.fresh(&order).await, order);
    let takeaway = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    assert_eq!(house.owner.post("/orders", takeaway).await.created()["total_minor"], 950);
    // Settings change; this order keeps what it was opened with, until somebody waives it.
    let none = json!({ "dine_in_bp": 0, "takeaway_bp": 0, "delivery_bp": 0, "tax_rate_bp": null });
    house.owner.patch("", json!({ "service_charges": none })).await.ok();
    assert_eq!(house.fresh(&order).await["total_minor"], 1924);
    house.step(&order, "service-charge", json!({ "rate_bp": 0 })).await.invalid("reason");
    let order = house.step(&order, "service-charge", json!({ "rate_bp": 0, "reason": "Waited" })).await.ok();
    assert_eq!((&order["total_minor"], &order["service_charge_bp"]), (&json!(1710), &json!(null)));
    assert_eq!(order["service_charge_reason"], "Waited");
    let history = house.step_get(&order, "history").await;
    let change = &history["items"][0]["changes"][0];
    assert_eq!((&change["before"]["service_bp"], &change["after"]["service_reason"]), (&json!(1250), &json!("Waited")));
}

#[tokio::test]
async fn a_service_charge_is_put_back_as_the_restaurant_charges_it_by_who_may_or_with_an_approval() {
    let house = House::open().await;
    let charges = json!({ "dine_in_bp": 1000, "takeaway_bp": 0, "delivery_bp": 0, "tax_rate_bp": null });
    house.owner.patch("", json!({ "service_charges": charges })).await.ok();
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let order = house.order().await;
    let path = format!("/orders/{}/service-charge", id(&order));
    let off = json!({ "rate_bp": 0, "reason": "A friend" });
    assert_eq!(waiter.post(&path, off.clone()).await.refused("forbidden")["field"], "approval");
    let mut approved = off;
    approved["approval"] = json!({ "email": "lucia@example.com", "secret": PASSWORD });
    assert_eq!(waiter.post(&path, approved).await.ok()["total_minor"], 1710);
    let back = house.step(&order, "service-charge", json!({ "reason": "Not a friend" })).await.ok();
    assert_eq!((&back["total_minor"], &back["service_charge_bp"]), (&json!(1881), &json!(1000)));
    house.pay(&order, "card", 1881).await.created();
    let late = json!({ "rate_bp": 0, "reason": "Late" });
    house.step(&order, "service-charge", late).await.refused("illegal_step");
}

#[tokio::test]
async fn a_fired_line_is_voided_with_somebody_elses_approval() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let path = format!("/orders/{}/lines/{}/void", id(&order), id(&order["lines"][0]));
    let error = waiter.post(&path, json!({ "reason": "Typo" })).await.refused("forbidden");
    assert_eq!(error["field"], "approval");
    let approval = json!({ "email": "lucia@example.com", "secret": PASSWORD });
    let order = waiter.post(&path, json!({ "reason": "Typo", "approval": approval })).await.ok();
    assert_eq!(order["lines"][0]["state"], "voided");
}

#[tokio::test]
async fn a_course_is_held_until_it_is_fired() {
    let house = House::open().await;
    let line = |item: &str, course: Value| json!({ "item_id": item, "course": course, "seat": 2 });
    let lines = json!([line(&house.cola, json!(1)), line(&house.pizza, json!(2)), line(&house.pizza, Value::Null)]);
    let order = house.owner.post("/orders", json!({ "service": "dine_in", "lines": lines })).await.created();
    assert_eq!(order["lines"][1]["course"], 2);
    let fired = house.step(&order, "fire", json!({ "course": 1 })).await.ok();
    assert_eq!(crate::trade::states(&fired), ["fired", "held", "held"]);
    let kitchen = house.owner.get("/kitchen").await.ok();
    assert_eq!(kitchen["tickets"][0]["lines"].as_array().unwrap().len(), 1);
    house.step(&order, "fire", json!({ "course": 1 })).await.refused("illegal_step");
    house.step(&order, "fire", json!({ "course": 0 })).await.invalid("course");
    let fired = house.step(&order, "fire", json!({})).await.ok();
    assert_eq!(crate::trade::states(&fired), ["fired", "fired", "fired"]);
}

#[tokio::test]
async fn a_held_line_goes_with_another_course_and_one_in_the_kitchen_does_not() {
    let house = House::open().await;
    let line = |item: &str, course: Value| json!({ "item_id": item, "course": course });
    let lines = json!([line(&house.pizza, json!(1)), line(&house.cola, json!(null))]);
    let body = json!({ "service": "dine_in", "lines": lines });
    let order = house.owner.post("/orders", body).await.created();
    let (pizza, cola) = (order["lines"][0]["id"].clone(), order["lines"][1]["id"].clone());
    let set = json!({ "line_ids": [pizza, cola], "course": 2 });
    let moved = house.step(&order, "course", set.clone()).await.ok();
    assert_eq!((&moved["lines"][0]["course"], &moved["lines"][1]["course"]), (&json!(2), &json!(2)));
    let none = house.step(&order, "course", json!({ "line_ids": [cola], "course": null })).await.ok();
    assert_eq!((&none["lines"][0]["course"], &none["lines"][1]["course"]), (&json!(2), &json!(null)));
    house.step(&order, "fire", json!({ "line_ids": [pizza] })).await.ok();
    // One that can still go somewhere else goes, the one on the stove stays.
    let some = house.step(&order, "course", json!({ "line_ids": [pizza, cola], "course": 3 })).await.ok();
    assert_eq!((&some["lines"][0]["course"], &some["lines"][1]["course"]), (&json!(2), &json!(3)));
    house.step(&order, "course", json!({ "line_ids": [pizza], "course": 4 })).await.refused("illegal_step");
    house.step(&order, "course", json!({ "line_ids": [cola], "course": 21 })).await.invalid("course");
    house.step(&order, "course", json!({ "line_ids": [], "course": 1 })).await.invalid("line_ids");
    house.step(&order, "course", json!({ "line_ids": [uuid::Uuid::now_v7()], "course": 1 })).await.refused("not_found");
}
