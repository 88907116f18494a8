//! A card payment in steps, and a payment that is taken back.

use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::Answer;
use crate::trade::{House, allowed, id};

async fn begin(house: &House, order: &Value, amount: i64) -> Value {
    house.step(order, "payment-attempts", json!({ "amount_minor": amount })).await.created()
}

async fn end(house: &House, order: &Value, attempt: &Value, how: &str) -> Answer {
    let body = if how == "capture" { json!({ "reference": "4711" }) } else { json!({ "reason": "Declined" }) };
    house.step(order, &format!("payment-attempts/{}/{how}", id(attempt)), body).await
}

async fn void(house: &House, order: &Value, payment: &Value) -> Answer {
    let body = json!({ "reason": "Wrong card" });
    house.step(order, &format!("payments/{}/void", id(payment)), body).await
}

#[tokio::test]
async fn a_card_payment_is_pending_until_it_is_captured_and_is_then_one_payment() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    let order = begin(&house, &order, 1710).await;
    let attempt = order["attempts"][0].clone();
    assert_eq!(
        (&attempt["state"], &order["paid_minor"], &order["state"]),
        (&json!("pending"), &json!(0), &json!("open"))
    );
    // The books know nothing of it; Today does.
    assert_eq!(house.owner.get("/till").await.ok()["x"]["card_minor"], 0);
    let waits = house.owner.get("/today").await.ok()["pending_payments"].clone();
    assert_eq!((&waits[0]["amount_minor"], &waits[0]["number"]), (&json!(1710), &order["number"]));
    let paid = end(&house, &order, &attempt, "capture").await.ok();
    assert_eq!((&paid["state"], &paid["payments"][0]["id"]), (&json!("completed"), &attempt["id"]));
    assert_eq!(
        (&paid["payments"][0]["reference"], &paid["attempts"][0]["state"]),
        (&json!("4711"), &json!("captured"))
    );
    assert_eq!(house.owner.get("/till").await.ok()["x"]["card_minor"], 1710);
    assert_eq!(house.owner.get("/today").await.ok()["pending_payments"], json!([]));
    for how in ["capture", "fail", "void"] {
        let error = end(&house, &order, &attempt, how).await.refused("illegal_step");
        assert_eq!(allowed(&error), ["payments/void", "refunds"], "{how}");
    }
    assert_eq!(house.fresh(&order).await["payments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_asked_of_a_card_is_due_to_nobody_else_and_the_order_stays_open() {
    let house = House::open().await;
    let order = house.order().await;
    let order = begin(&house, &order, 1000).await;
    let attempt = &order["attempts"][0];
    let error = house.pay(&order, "cash", 711).await.refused("rule_violated");
    assert_eq!(error["details"], json!({ "due_minor": 710 }));
    house.pay(&order, "cash", 710).await.created();
    let error = house.pay(&order, "card", 1000).await.refused("illegal_step");
    let steps = allowed(&error);
    for step in ["capture", "fail", "void"] {
        assert!(steps.contains(&step), "{steps:?}");
    }
    assert!(!steps.contains(&"payments") && error["message"].as_str().unwrap().contains("waits for its answer"));
    house.step(&order, "payment-attempts", json!({ "amount_minor": 1 })).await.refused("illegal_step");
    house.step(&order, "discounts", json!({ "amount_minor": 10, "reason": "No" })).await.refused("illegal_step");
    house.step(&order, "fire", json!({})).await.ok();
    assert_eq!(house.step(&order, "serve", json!({})).await.ok()["state"], "open");
    // Declined: it is due again.
    let failed = end(&house, &order, attempt, "fail").await.ok();
    assert_eq!(
        (&failed["attempts"][0]["state"], &failed["attempts"][0]["reason"]),
        (&json!("failed"), &json!("Declined"))
    );
    assert_eq!(failed["due_minor"], 1000);
    assert_eq!(allowed(&end(&house, &order, attempt, "capture").await.refused("illegal_step")), ["payments"]);
    assert_eq!(house.pay(&order, "card", 1000).await.created()["state"], "completed");
}

#[tokio::test]
async fn an_order_a_card_was_asked_for_is_not_cancelled_or_merged_until_that_is_given_up() {
    let house = House::open().await;
    let (order, other) = (house.order().await, house.order().await);
    let order = begin(&house, &order, 1710).await;
    house.step(&order, "cancel", json!({ "reason": "Left" })).await.refused("illegal_step");
    house.step(&order, "merge", json!({ "into": other["id"] })).await.refused("illegal_step");
    let given_up = end(&house, &order, &order["attempts"][0], "void").await.ok();
    assert_eq!(given_up["attempts"][0]["state"], "voided");
    assert_eq!(house.step(&order, "cancel", json!({ "reason": "Left" })).await.ok()["state"], "cancelled");
}

#[tokio::test]
async fn of_many_captures_and_payments_at_once_one_takes_the_money() {
    let house = House::open().await;
    let order = house.order().await;
    let order = begin(&house, &order, 1710).await;
    let attempt = &order["attempts"][0];
    let captures = join_all((0..20).map(|_| end(&house, &order, attempt, "capture")));
    let payments = join_all((0..20).map(|_| house.pay(&order, "cash", 1710)));
    let (captures, payments) = futures::join!(captures, payments);
    assert_eq!(captures.iter().filter(|answer| answer.status == 200).count(), 1);
    assert_eq!(payments.iter().filter(|answer| answer.status == 201).count(), 0);
    let order = house.fresh(&order).await;
    assert_eq!((&order["paid_minor"], &order["flags"]), (&json!(1710), &json!([])));
}

#[tokio::test]
async fn a_capture_that_is_sent_again_is_answered_as_the_first_time() {
    let house = House::open().await;
    let order = house.order().await;
    let order = begin(&house, &order, 1710).await;
    let path = format!("/orders/{}/payment-attempts/{}/capture", id(&order), id(&order["attempts"][0]));
    let key = uuid::Uuid::now_v7().to_string();
    house.owner.post_keyed(&key, &path, json!({ "tip_minor": 90 })).await.ok();
    let again = house.owner.post_keyed(&key, &path, json!({ "tip_minor": 90 })).await;
    assert!(again.replayed());
    assert_eq!(again.ok()["payments"].as_array().unwrap().len(), 1);
    assert_eq!(house.owner.get("/till").await.ok()["x"]["tips_minor"], 90);
}

#[tokio::test]
async fn each_check_of_a_split_order_waits_for_its_own_card() {
    let house = House::open().await;
    let order = house.order().await;
    let order = house.step(&order, "split", json!({ "lines": [{ "line_id": order["lines"][1]["id"] }] })).await.ok();
    let second = &order["checks"][1]["id"];
    let wish = |amount: i64| json!({ "amount_minor": amount, "check_id": second });
    house.step(&order, "payment-attempts", wish(761)).await.refused("rule_violated");
    let order = house.step(&order, "payment-attempts", wish(760)).await.created();
    assert_eq!(order["checks"][1]["pending_minor"], 760);
    house.pay(&order, "card", 950).await.created();
    house.app.pass_ms(1_000);
    let paid = end(&house, &order, &order["attempts"][0], "capture").await.ok();
    assert_eq!((&paid["due_minor"], &paid["payments"][1]["check_id"]), (&json!(0), second));
}

#[tokio::test]
async fn a_payment_is_taken_back_in_its_drawer_by_the_same_sums_the_other_way() {
    let house = House::open().await;
    house.owner.post("/till/open", json!({ "float_minor": 1000 })).await.created();
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    let path = format!("/orders/{}/payments", id(&order));
    let pay = json!({ "tender": "card", "amount_minor": 2000, "tip_minor": 100, "cash_back_minor": 290 });
    let order = waiter.post(&path, pay).await.created();
    assert_eq!(order["state"], "completed");
    let card = &order["payments"][0];
    // The cash given back goes with its card, and a waiter asks somebody.
    void(&house, &order, &order["payments"][1]).await.refused("illegal_step");
    let body = json!({ "reason": "Wrong card" });
    let error = waiter.post(&format!("{path}/{}/void", id(card)), body).await.refused("forbidden");
    assert_eq!(error["field"], "approval");
    let after = void(&house, &order, card).await.ok();
    assert_eq!((&after["state"], &after["due_minor"], &after["paid_minor"]), (&json!("open"), &json!(1710), &json!(0)));
    let states: Vec<_> = after["payments"].as_array().unwrap().iter().map(|payment| &payment["state"]).collect();
    assert_eq!(states, ["voided"; 4]);
    let till = house.owner.get("/till").await.ok();
    assert_eq!(
        (&till["x"]["card_minor"], &till["x"]["cash_minor"], &till["x"]["tips_minor"]),
        (&json!(0), &json!(0), &json!(0))
    );
    assert_eq!((&till["session"]["expected_minor"], &till["x"]["gross_minor"]), (&json!(1000), &json!(0)));
    assert_eq!(till["x"]["tips_by"], json!([]), "the tip is taken back from who took it");
    void(&house, &after, card).await.refused("illegal_step");
    // Paid anew, the day is as if it had been paid once.
    assert_eq!(house.pay(&order, "cash", 1710).await.created()["state"], "completed");
    house.owner.post("/till/close", json!({ "counted_minor": 2710 })).await.ok();
    let paid = house.fresh(&order).await;
    let error = void(&house, &order, &paid["payments"][4]).await.refused("illegal_step");
    assert_eq!(allowed(&error), ["refunds"]);
    let z = house.owner.post("/till/z", json!({})).await.created();
    assert_eq!(
        (&z["orders"], &z["gross_minor"], &z["cash_minor"], &z["over_short_minor"]),
        (&json!(1), &json!(1710), &json!(1710), &json!(0))
    );
    let tenders = house.owner.get("/reports/tenders?from=2026-06-12&to=2026-06-12").await.ok();
    let card = tenders["rows"].as_array().unwrap().iter().find(|row| row["tender"] == "card");
    assert!(card.is_none_or(|row| row["payments"] == 0), "{tenders}");
}

#[tokio::test]
async fn an_order_whose_payment_was_taken_back_can_be_cancelled() {
    let house = House::open().await;
    let order = house.order().await;
    let order = house.pay(&order, "card", 500).await.created();
    house.step(&order, "cancel", json!({ "reason": "Left" })).await.refused("illegal_step");
    void(&house, &order, &order["payments"][0]).await.ok();
    assert_eq!(house.step(&order, "cancel", json!({ "reason": "Left" })).await.ok()["state"], "cancelled");
    assert_eq!(house.owner.get("/till").await.ok()["x"]["card_minor"], 0);
}

#[tokio::test]
async fn bad_wishes_and_unknown_ids_are_refused_by_field() {
    let house = House::open().await;
    let order = house.order().await;
    let ask = |body: Value| house.step(&order, "payment-attempts", body);
    ask(json!({ "amount_minor": 0 })).await.invalid("amount_minor");
    ask(json!({ "amount_minor": 100, "tender": "cash" })).await.invalid("tender");
    ask(json!({ "amount_minor": 100, "check_id": uuid::Uuid::now_v7() })).await.invalid("check_id");
    let unknown = json!({ "id": uuid::Uuid::now_v7() });
    end(&house, &order, &unknown, "capture").await.refused("not_found");
    end(&house, &order, &unknown, "fail").await.refused("not_found");
    void(&house, &order, &unknown).await.refused("not_found");
    let chef = house.app.staff(&house.owner, "chef").await;
    chef.post(&format!("/orders/{}/payment-attempts", id(&order)), json!({ "amount_minor": 1 }))
        .await
        .refused("forbidden");
}
