use futures::future::join_all;
use serde_json::{Value, json};

use crate::trade::{House, allowed, id};

#[tokio::test]
async fn nobody_pays_twice() {
    let house = House::open().await;
    let order = house.order().await;
    house.pay(&order, "card", 1710).await.created();
    let error = house.pay(&order, "cash", 1710).await.refused("illegal_step");
    assert_eq!(allowed(&error), ["lines", "fire", "transfer", "split"]);
    assert_eq!(house.fresh(&order).await["payments"].as_array().unwrap().len(), 1);
    let done = house.finished("cash").await;
    let error = house.pay(&done, "card", 1).await.refused("illegal_step");
    assert_eq!(allowed(&error), [""; 0]);
}

#[tokio::test]
async fn of_fifty_payments_at_once_exactly_one_is_captured() {
    let house = House::open().await;
    let order = house.order().await;
    let answers = join_all((0..50).map(|at| house.pay(&order, if at % 2 == 0 { "card" } else { "cash" }, 1710))).await;
    let captured = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(captured, 1);
    for answer in answers.into_iter().filter(|answer| answer.status != 201) {
        answer.refused("illegal_step");
    }
    let order = house.fresh(&order).await;
    assert_eq!((order["payments"].as_array().unwrap().len(), &order["paid_minor"]), (1, &json!(1710)));
    assert_eq!(order["flags"], json!([]));
}

#[tokio::test]
async fn a_refused_payment_sent_again_is_refused_again() {
    let house = House::open().await;
    let order = house.order().await;
    house.pay(&order, "card", 1710).await.created();
    let path = format!("/orders/{}/payments", id(&order));
    let key = uuid::Uuid::now_v7().to_string();
    let pay = json!({ "tender": "card", "amount_minor": 1710 });
    house.owner.post_keyed(&key, &path, pay.clone()).await.refused("illegal_step");
    let again = house.owner.post_keyed(&key, &path, pay).await;
    assert!(again.replayed());
    again.refused("illegal_step");
}

#[tokio::test]
async fn payments_are_at_most_what_is_due() {
    let house = House::open().await;
    let order = house.order().await;
    let error = house.pay(&order, "card", 1711).await.refused("rule_violated");
    assert_eq!((&error["field"], &error["details"]), (&json!("amount_minor"), &json!({ "due_minor": 1710 })));
    let pay = |body: Value| house.step(&order, "payments", body);
    let short = pay(json!({ "tender": "cash", "amount_minor": 1710, "tip_minor": 100, "tendered_minor": 1800 })).await;
    assert_eq!(short.refused("rule_violated")["field"], "tendered_minor");
    pay(json!({ "tender": "card", "amount_minor": 1000, "tendered_minor": 2000 })).await.invalid("tendered_minor");
    pay(json!({ "tender": "card", "amount_minor": 1000, "reference": "4711" })).await.created();
    let cash = json!({ "tender": "cash", "amount_minor": 710, "tip_minor": 90, "tendered_minor": 1000 });
    let paid = pay(cash).await.created();
    let change: Vec<_> = paid["payments"].as_array().unwrap().iter().map(|payment| &payment["change_minor"]).collect();
    assert_eq!(change, [0, 200]);
    assert_eq!((&paid["due_minor"], &paid["totals"]["tips_minor"]), (&json!(0), &json!(90)));
}

#[tokio::test]
async fn cash_is_rounded_to_the_smallest_coin_by_a_line_of_its_own() {
    let house = House::open().await;
    house.owner.patch("", json!({ "cash_rounding_minor": 50 })).await.ok();
    let order = house.order().await;
    let paid =
        house.step(&order, "payments", json!({ "tender": "cash", "amount_minor": 1700, "tendered_minor": 2000 }));
    let paid = paid.await.created();
    let payment = &paid["payments"][0];
    assert_eq!((&payment["amount_minor"], &payment["rounding_minor"]), (&json!(1710), &json!(-10)));
    assert_eq!((&payment["change_minor"], &paid["due_minor"]), (&json!(300), &json!(0)));
    let order = house.order().await;
    let paid = house.pay(&order, "card", 1710).await.created();
    assert_eq!(paid["payments"][0]["rounding_minor"], 0, "a card pays to the cent");
}

#[tokio::test]
async fn what_is_paid_is_not_voided() {
    let house = House::open().await;
    let order = house.order().await;
    house.pay(&order, "card", 1000).await.created();
    let void = format!("lines/{}/void", id(&order["lines"][0]));
    house.step(&order, &void, json!({ "reason": "Late" })).await.refused("illegal_step");
}
