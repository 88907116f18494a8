use serde_json::{Value, json};

use crate::trade::{House, id};

/// The next morning.
const NEXT_DAY: &str = "2026-06-13T11:00:00+02:00";

async fn refund(house: &House, order: &Value, body: Value) -> crate::support::Answer {
    house.step(order, "refunds", body).await
}

#[tokio::test]
async fn a_dish_of_a_closed_day_is_given_back_today_to_the_cent() {
    let house = House::open().await;
    let order = house.finished("cash").await;
    let z = house.owner.post("/till/z", json!({})).await.created();
    assert_eq!(z["cash_minor"], 1710);
    house.app.at(NEXT_DAY);
    house.owner.post("/till/open", json!({ "float_minor": 10_000 })).await.created();
    let can = house.step_get(&order, "refundable").await;
    assert_eq!((&can["left_minor"], &can["unsold_minor"]), (&json!(1710), &json!(0)));
    assert_eq!(can["lines"][0]["left_minor"], 950);
    let colas = &order["lines"][1]["id"];
    let lines = json!([{ "line_id": colas, "quantity_milli": 1000 }]);
    let says = house.step(&order, "refunds/preview", json!({ "lines": lines })).await.ok();
    assert_eq!((&says["amount_minor"], &says["cash_minor"]), (&json!(380), &json!(380)));
    let body = json!({ "lines": lines, "tender": "cash", "reason": "Flat", "restock": true });
    let after = refund(&house, &order, body).await.created();
    assert_eq!((&after["state"], &after["due_minor"]), (&json!("completed"), &json!(0)));
    assert_eq!(after["payments"][0]["state"], "partially_refunded");
    let given = &after["refunds"][0];
    assert_eq!(
        (&given["amount_minor"], &given["reason"], &given["restock"], &given["business_date"]),
        (&json!(380), &json!("Flat"), &json!(true), &json!("2026-06-13"))
    );
    assert_eq!(given["taxes"], json!([{ "rate_bp": 1000, "base_minor": 346, "tax_minor": 34 }]));
    let till = house.owner.get("/till").await.ok();
    assert_eq!(till["session"]["expected_minor"], 9_620);
    assert_eq!(till["x"]["refunds"]["minor"], 380);
    house.owner.post("/till/close", json!({ "counted_minor": 9_620 })).await.ok();
    let second = house.owner.post("/till/z", json!({})).await.created();
    assert_eq!(
        (&second["orders"], &second["gross_minor"], &second["cash_minor"]),
        (&json!(0), &json!(0), &json!(-380))
    );
    assert_eq!(
        second["refunds"],
        json!({ "count": 1, "minor": 380, "taxes": [{ "rate_bp": 1000, "base_minor": 346, "tax_minor": 34 }] })
    );
    assert_eq!(second["over_short_minor"], 0);
    assert_eq!(house.owner.get("/till/z-reports/1").await.ok(), z, "the day it was sold on stays as it was closed");
    let history = house.owner.get(&format!("/orders/{}/history", id(&order))).await.ok();
    assert_eq!(history["items"][0]["action"], "give_refund");
}

#[tokio::test]
async fn a_line_never_brings_more_than_was_paid_for_it() {
    let house = House::open().await;
    let order = house.finished("card").await;
    let pizza = &order["lines"][0]["id"];
    let of = |line: Value| json!({ "lines": [line], "tender": "card", "reason": "Cold" });
    let too_much = refund(&house, &order, of(json!({ "line_id": pizza, "amount_minor": 951 }))).await;
    assert_eq!(too_much.refused("rule_violated")["field"], "lines[0].amount_minor");
    let too_many = refund(&house, &order, of(json!({ "line_id": pizza, "quantity_milli": 2000 }))).await;
    assert_eq!(too_many.refused("rule_violated")["field"], "lines[0].quantity_milli");
    refund(&house, &order, of(json!({ "line_id": pizza, "amount_minor": 200 }))).await.created();
    let rest = refund(&house, &order, of(json!({ "line_id": pizza }))).await.created();
    assert_eq!(rest["refunds"][1]["amount_minor"], 750);
    refund(&house, &order, of(json!({ "line_id": pizza, "amount_minor": 1 }))).await.refused("rule_violated");
    let whole = |amount: i64| json!({ "amount_minor": amount, "tender": "card", "reason": "Cold" });
    let error = refund(&house, &order, whole(761)).await.refused("rule_violated");
    assert_eq!(error["details"], json!({ "left_minor": 760 }));
    let done = refund(&house, &order, whole(760)).await.created();
    assert_eq!(done["payments"][0]["state"], "refunded");
    refund(&house, &order, whole(1)).await.refused("rule_violated");
    let x = house.owner.get("/till").await.ok()["x"].clone();
    assert_eq!((&x["card_minor"], &x["refunds"]["minor"]), (&json!(0), &json!(1710)));
    assert_eq!(x["refunds"]["taxes"], x["taxes"], "all of the tax came back");
}

#[tokio::test]
async fn fifty_refunds_at_once_give_a_dish_back_once() {
    let house = House::open().await;
    let order = house.finished("card").await;
    let body = json!({ "lines": [{ "line_id": order["lines"][0]["id"] }], "tender": "card", "reason": "Cold" });
    let all = (0..50).map(|_| refund(&house, &order, body.clone()));
    let given = futures::future::join_all(all).await.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(given, 1);
    assert_eq!(house.step_get(&order, "refundable").await["left_minor"], 760);
}

#[tokio::test]
async fn money_of_an_open_order_is_due_again() {
    let house = House::open().await;
    let order = house.order().await;
    house.pay(&order, "card", 1000).await.created();
    let line = json!({ "lines": [{ "line_id": order["lines"][0]["id"] }], "tender": "card", "reason": "Left" });
    refund(&house, &order, line).await.refused("invalid_input");
    let back = json!({ "amount_minor": 1000, "tender": "card", "reason": "Left" });
    let after = refund(&house, &order, back).await.created();
    assert_eq!((&after["state"], &after["due_minor"], &after["paid_minor"]), (&json!("open"), &json!(1710), &json!(0)));
    let void = format!("lines/{}/void", id(&order["lines"][0]));
    house.step(&order, &void, json!({ "reason": "Left" })).await.ok();
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    let done = house.pay(&order, "cash", 760).await.created();
    assert_eq!(done["state"], "completed");
    assert_eq!(house.step_get(&order, "refundable").await["left_minor"], 760);
    let x = house.owner.get("/till").await.ok()["x"].clone();
    assert_eq!(
        (&x["gross_minor"], &x["card_minor"], &x["cash_minor"], &x["refunds"]["minor"]),
        (&json!(760), &json!(0), &json!(760), &json!(1000))
    );
    assert_eq!(x["refunds"]["taxes"], json!([]), "nothing sold came back");
}

#[tokio::test]
async fn cash_comes_back_in_coins() {
    let house = House::open().await;
    house.owner.patch("", json!({ "cash_rounding_minor": 50 })).await.ok();
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    house.pay(&order, "cash", 1700).await.created();
    let body = json!({ "amount_minor": 1710, "tender": "cash", "reason": "Wrong guest" });
    let after = refund(&house, &order, body).await.created();
    assert_eq!(after["refunds"][0]["rounding_minor"], -10);
    let x = house.owner.get("/till").await.ok()["x"].clone();
    assert_eq!((&x["cash_minor"], &x["rounding_minor"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn a_refund_sent_twice_is_one_refund() {
    let house = House::open().await;
    let order = house.finished("card").await;
    let key = uuid::Uuid::now_v7().to_string();
    let path = format!("/orders/{}/refunds", id(&order));
    let body = json!({ "amount_minor": 1710, "tender": "card", "reason": "Twice" });
    house.owner.post_keyed(&key, &path, body.clone()).await.created();
    let again = house.owner.post_keyed(&key, &path, body).await;
    assert!(again.replayed());
    assert_eq!(again.created()["refunds"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refund_needs_a_reason_a_payment_and_somebody_who_may() {
    let house = House::open().await;
    let order = house.finished("card").await;
    let full = |mut more: Value| {
        let body = json!({ "amount_minor": 100, "tender": "card", "reason": "Cold" });
        for (name, value) in body.as_object().unwrap() {
            more.as_object_mut().unwrap().entry(name).or_insert(value.clone());
        }
        more
    };
    refund(&house, &order, full(json!({ "reason": " " }))).await.invalid("reason");
    refund(&house, &order, full(json!({ "amount_minor": 0 }))).await.invalid("amount_minor");
    refund(&house, &order, full(json!({ "tender": "gold" }))).await.invalid("tender");
    refund(&house, &order, full(json!({ "lines": [] }))).await.invalid("lines");
    refund(&house, &order, full(json!({ "lines": [{ "line_id": order["lines"][0]["id"] }] }))).await.invalid("lines");
    refund(&house, &order, full(json!({ "payment_id": order["id"] }))).await.invalid("payment_id");
    refund(&house, &order, full(json!({ "tender": "voucher" }))).await.invalid("reference");
    house.owner.get(&format!("/orders/{}/refundable", uuid::Uuid::now_v7())).await.refused("not_found");
    let cashier = house.app.staff(&house.owner, "cashier").await;
    cashier.post(&format!("/orders/{}/refunds", id(&order)), full(json!({}))).await.refused("forbidden");
    assert_eq!(house.fresh(&order).await["refunds"], json!([]));
}

#[tokio::test]
async fn a_line_comes_back_on_the_payment_of_its_check() {
    let house = House::open().await;
    let order = house.order().await;
    let (pizza, cola) = (id(&order["lines"][0]), id(&order["lines"][1]));
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    let order = house.step(&order, "split", json!({ "lines": [{ "line_id": cola }] })).await.ok();
    let checks = [&order["checks"][0]["id"], &order["checks"][1]["id"]];
    for (check, tender, amount) in [(checks[0], "cash", 950), (checks[1], "card", 760)] {
        let payment = json!({ "tender": tender, "amount_minor": amount, "check_id": check });
        house.step(&order, "payments", payment).await.created();
    }
    // Also when it is given back another way than it came.
    let back = json!({ "lines": [{ "line_id": pizza }], "tender": "card", "reason": "Burnt" });
    let after = refund(&house, &order, back).await.created();
    let refunded: Vec<_> =
        after["payments"].as_array().unwrap().iter().map(|payment| &payment["refunded_minor"]).collect();
    assert_eq!(refunded, [&json!(950), &json!(0)], "{after}");
    // An amount of no line comes off the payment of the same kind.
    let back = json!({ "amount_minor": 100, "tender": "card", "reason": "Sorry" });
    let after = refund(&house, &order, back).await.created();
    assert_eq!(after["payments"][1]["refunded_minor"], 100);
}

#[tokio::test]
async fn half_on_a_card_and_half_in_cash_goes_back_the_way_it_came() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    house.pay(&order, "card", 900).await.created();
    let paid = house.pay(&order, "cash", 810).await.created();
    let card = &paid["payments"][0]["id"];
    let whole = json!({ "amount_minor": 1710, "tender": "card", "reason": "All" });
    assert_eq!(refund(&house, &order, whole).await.refused("rule_violated")["field"], "payment_id");
    let part = json!({ "amount_minor": 900, "tender": "card", "payment_id": card, "reason": "All" });
    refund(&house, &order, part).await.created();
    let rest = json!({ "amount_minor": 810, "tender": "cash", "reason": "All" });
    let after = refund(&house, &order, rest).await.created();
    let states: Vec<_> = after["payments"].as_array().unwrap().iter().map(|payment| &payment["state"]).collect();
    assert_eq!(states, ["refunded", "refunded"]);
}

#[tokio::test]
async fn what_there_is_no_coin_for_is_not_given_back_in_cash() {
    let house = House::open().await;
    house.owner.patch("", json!({ "cash_rounding_minor": 5 })).await.ok();
    let order = house.finished("cash").await;
    let two = |tender: &str| json!({ "amount_minor": 2, "tender": tender, "reason": "Odd" });
    let no = refund(&house, &order, two("cash")).await.refused("rule_violated");
    assert_eq!((&no["field"], &no["details"]["cash_rounding_minor"]), (&json!("amount_minor"), &json!(5)));
    assert_eq!(house.fresh(&order).await["refunds"], json!([]));
    let three = json!({ "amount_minor": 3, "tender": "cash", "reason": "Odd" });
    assert_eq!(refund(&house, &order, three).await.created()["refunds"][0]["rounding_minor"], 2);
    refund(&house, &order, two("card")).await.created();
}
