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

#[tokio::test]
async fn a_voucher_pays_with_its_code_and_is_never_changed() {
    let house = House::open().await;
    let order = house.order().await;
    let pay = |body: Value| house.step(&order, "payments", body);
    pay(json!({ "tender": "voucher", "amount_minor": 1000 })).await.invalid("reference");
    let handed = json!({ "tender": "voucher", "amount_minor": 1000, "tendered_minor": 2000, "reference": "V-77" });
    pay(handed).await.invalid("tendered_minor");
    let much = json!({ "tender": "voucher", "amount_minor": 2000, "reference": "V-77" });
    pay(much).await.refused("rule_violated");
    let paid = pay(json!({ "tender": "voucher", "amount_minor": 1000, "reference": "V-77" })).await.created();
    assert_eq!((&paid["payments"][0]["change_minor"], &paid["due_minor"]), (&json!(0), &json!(710)));
    house.pay(&order, "cash", 710).await.created();
    let x = house.owner.get("/till").await.ok()["x"].clone();
    assert_eq!((&x["voucher_minor"], &x["cash_minor"], &x["card_minor"]), (&json!(1000), &json!(710), &json!(0)));
}

/// 174.99, cash 100 and card 75 with a smallest coin of 0.05; 12.91, card 15.59 and 2.70 cash back.
#[tokio::test]
async fn only_the_cash_part_is_rounded_after_every_other_tender() {
    let house = House::open().await;
    house.owner.patch("", json!({ "cash_rounding_minor": 5 })).await.ok();
    let order = house.order_of(17_499).await;
    house.pay(&order, "card", 7500).await.created();
    let paid = house.pay(&order, "cash", 10_000).await.created();
    let cash = &paid["payments"][1];
    assert_eq!((&cash["amount_minor"], &cash["rounding_minor"]), (&json!(9999), &json!(1)));
    assert_eq!((&paid["due_minor"], &paid["totals"]["rounding_minor"]), (&json!(0), &json!(1)));
    let order = house.order_of(1291).await;
    let back = |minor: i64| json!({ "tender": "card", "amount_minor": 1559, "cash_back_minor": minor });
    let error = house.step(&order, "payments", back(268)).await.refused("rule_violated");
    assert_eq!((&error["field"], &error["details"]), (&json!("cash_back_minor"), &json!({ "needed_minor": 270 })));
    let paid = house.step(&order, "payments", back(270)).await.created();
    let (card, cash) = (&paid["payments"][0], &paid["payments"][1]);
    assert_eq!((&card["amount_minor"], &card["rounding_minor"]), (&json!(1559), &json!(0)));
    assert_eq!((&cash["amount_minor"], &cash["rounding_minor"]), (&json!(-268), &json!(-2)));
    assert_eq!((&paid["due_minor"], &paid["paid_minor"]), (&json!(0), &json!(1291)));
    let x = house.owner.get("/till").await.ok()["x"].clone();
    assert_eq!((&x["cash_minor"], &x["card_minor"]), (&json!(10_000 - 270), &json!(7500 + 1559)));
}

#[tokio::test]
async fn each_check_of_a_split_order_is_paid_by_itself() {
    let house = House::open().await;
    let order = house.order().await;
    let cola = id(&order["lines"][1]);
    let order = house.step(&order, "split", json!({ "lines": [{ "line_id": cola }] })).await.ok();
    let second = &order["checks"][1]["id"];
    let pay = |check: &Value, amount: i64| {
        let body = json!({ "tender": "card", "amount_minor": amount, "check_id": check });
        house.step(&order, "payments", body)
    };
    pay(&json!(uuid::Uuid::now_v7()), 1).await.invalid("check_id");
    let error = pay(second, 761).await.refused("rule_violated");
    assert_eq!(error["details"], json!({ "due_minor": 760 }));
    let paid = pay(second, 760).await.created();
    assert_eq!((&paid["due_minor"], &paid["payments"][0]["check_id"]), (&json!(950), second));
    pay(second, 1).await.refused("illegal_step");
    let paid = pay(&order["id"], 950).await.created();
    assert_eq!((&paid["due_minor"], &paid["payments"][1]["check_id"]), (&json!(0), &json!(null)));
}
