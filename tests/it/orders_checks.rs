//! Dividing an order: by line, by part of a line, in equal shares; tables and orders that change places.

use serde_json::{Value, json};

use crate::support::{TestApp, setup_request};
use crate::trade::{House, allowed, id, states};

fn sum(checks: &Value, field: &str) -> i64 {
    checks.as_array().unwrap().iter().map(|check| check[field].as_i64().unwrap()).sum()
}

/// Tax by rate over all checks.
fn taxes(checks: &Value) -> Vec<(i64, i64, i64)> {
    let mut taxes: Vec<(i64, i64, i64)> = Vec::new();
    for tax in checks.as_array().unwrap().iter().flat_map(|check| check["taxes"].as_array().unwrap()) {
        let of = |field: &str| tax[field].as_i64().unwrap();
        match taxes.iter_mut().find(|other| other.0 == of("rate_bp")) {
            Some(other) => *other = (other.0, other.1 + of("base_minor"), other.2 + of("tax_minor")),
            None => taxes.push((of("rate_bp"), of("base_minor"), of("tax_minor"))),
        }
    }
    taxes.sort_unstable();
    taxes
}

#[track_caller]
fn adds_up(order: &Value) {
    let (checks, totals) = (&order["checks"], &order["totals"]);
    assert_eq!(sum(checks, "total_minor"), totals["gross_minor"]);
    assert_eq!(sum(checks, "items_minor"), totals["items_minor"]);
    assert_eq!(sum(checks, "discount_minor"), totals["discount_minor"]);
    assert_eq!(sum(checks, "service_charge_minor"), totals["service_charge_minor"]);
    assert_eq!(sum(checks, "due_minor"), totals["due_minor"]);
    let whole = json!([{ "taxes": totals["taxes"] }]);
    assert_eq!(taxes(checks), taxes(&whole));
}

#[tokio::test]
async fn a_split_by_item_gives_each_check_its_lines_and_nothing_changes_in_sum() {
    let house = House::open().await;
    let order = house.order().await;
    assert_eq!(order["checks"], json!([]));
    let cola = id(&order["lines"][1]);
    // One of the two colas goes to another check.
    let split = json!({ "lines": [{ "line_id": cola, "quantity_milli": 1000 }] });
    let order = house.step(&order, "split", split).await.ok();
    adds_up(&order);
    assert_eq!(order["total_minor"], 1710);
    let checks = order["checks"].as_array().unwrap();
    assert_eq!((&checks[0]["number"], &checks[0]["total_minor"]), (&json!("A-0001/1"), &json!(1330)));
    assert_eq!((&checks[1]["number"], &checks[1]["total_minor"]), (&json!("A-0001/2"), &json!(380)));
    assert_eq!(order["lines"].as_array().unwrap().len(), 3);
    // The rest of it follows to the same check, then all comes back together.
    let split = json!({ "lines": [{ "line_id": cola }], "check_id": checks[1]["id"] });
    let order = house.step(&order, "split", split).await.ok();
    assert_eq!(order["checks"][1]["total_minor"], 760);
    let order = house.step(&order, "unsplit", json!({})).await.ok();
    assert_eq!((&order["checks"], &order["total_minor"]), (&json!([]), &json!(1710)));
    let error = house.step(&order, "unsplit", json!({})).await.refused("illegal_step");
    assert!(allowed(&error).contains(&"split"));
}

#[tokio::test]
async fn a_check_that_loses_its_last_line_is_gone() {
    let house = House::open().await;
    let order = house.order().await;
    let cola = id(&order["lines"][1]);
    let order = house.step(&order, "split", json!({ "lines": [{ "line_id": cola }] })).await.ok();
    assert_eq!(order["checks"].as_array().unwrap().len(), 2);
    let back = json!({ "lines": [{ "line_id": cola }], "check_id": id(&order) });
    assert_eq!(house.step(&order, "split", back).await.ok()["checks"], json!([]));
}

#[tokio::test]
async fn equal_shares_differ_by_a_cent_at_most_and_each_is_paid_by_itself() {
    let house = House::open().await;
    let order = house.order().await;
    let order = house.step(&order, "share", json!({ "shares": 7 })).await.ok();
    adds_up(&order);
    let totals: Vec<i64> =
        order["checks"].as_array().unwrap().iter().map(|check| check["total_minor"].as_i64().unwrap()).collect();
    assert_eq!(totals, [245, 245, 244, 244, 244, 244, 244]);
    let error = house.step(&order, "share", json!({ "shares": 2 })).await.refused("illegal_step");
    assert!(allowed(&error).contains(&"payments"));
    house.step(&order, "share", json!({ "shares": 1 })).await.invalid("shares");
    house.step(&order, "share", json!({ "shares": 51 })).await.invalid("shares");
    let share = json!({ "lines": [{ "line_id": id(&order["lines"][0]) }], "check_id": order["checks"][3]["id"] });
    assert_eq!(house.step(&order, "split", share).await.refused("rule_violated")["field"], "check_id");
}

#[tokio::test]
async fn a_split_by_seat_makes_a_check_of_each_and_what_is_for_nobody_stays_on_the_first() {
    let house = House::open().await;
    let line = |item: &str, seat: Value| json!({ "item_id": item, "seat": seat });
    let lines = json!([
        line(&house.pizza, json!(2)),
        line(&house.cola, json!(3)),
        line(&house.water, json!(1)),
        line(&house.water, json!(null)),
        line(&house.cola, json!(3))
    ]);
    let body = json!({ "service": "dine_in", "lines": lines });
    let order = house.owner.post("/orders", body).await.created();
    let order = house.step(&order, "split-by-seat", json!({})).await.ok();
    adds_up(&order);
    let totals: Vec<_> = order["checks"].as_array().unwrap().iter().map(|check| &check["total_minor"]).collect();
    assert_eq!(totals, [&json!(600), &json!(950), &json!(760)]);
    let of = |at: usize| &order["lines"][at]["check_id"];
    assert_eq!(
        (of(0), of(1), of(4)),
        (&order["checks"][1]["id"], &order["checks"][2]["id"], &order["checks"][2]["id"])
    );
    house.step(&order, "split-by-seat", json!({})).await.refused("illegal_step");
    // One seat alone is no split, and what is paid stays where it was paid.
    house.step(&house.order().await, "split-by-seat", json!({})).await.refused("rule_violated");
    let order = house.step(&order, "unsplit", json!({})).await.ok();
    house.pay(&order, "card", 2000).await.created();
    house.step(&order, "split-by-seat", json!({})).await.refused("illegal_step");
}

#[tokio::test]
async fn an_order_that_was_merged_away_is_no_cancelled_one() {
    let house = House::open().await;
    let (from, into, off) = (house.order().await, house.order().await, house.order().await);
    house.step(&from, "merge", json!({ "into": id(&into) })).await.ok();
    house.step(&off, "cancel", json!({ "reason": "Left" })).await.ok();
    let gone = house.fresh(&from).await;
    assert_eq!((&gone["state"], &gone["merged_into"]), (&json!("cancelled"), &into["id"]));
    let report = house.owner.get("/reports/summary?from=2026-06-12&to=2026-06-12").await.ok();
    assert_eq!(report["states"]["cancelled"], 1);
}

#[tokio::test]
async fn tax_on_top_of_prices_adds_up_over_the_checks() {
    let app = TestApp::start().await;
    app.at(crate::support::EVENING);
    let mut request = setup_request();
    request["restaurant"]["tax_mode"] = json!("exclusive");
    request["restaurant"]["tax_rate_bp"] = json!(2100);
    let owner = app.set_up_as(request).await;
    let house = House::with(app, owner).await;
    let beer = json!({ "category_id": house.category().await, "name": "Beer", "price_minor": 333, "tax_rate_bp": 550 });
    let beer = id(&house.owner.post("/menu/items", beer).await.created());
    let lines = json!([{ "item_id": house.pizza }, { "item_id": house.cola, "quantity_milli": 2000 },
        { "item_id": beer, "quantity_milli": 3000 }]);
    let order = house.owner.post("/orders", json!({ "service": "dine_in", "lines": lines })).await.created();
    let whole = order["total_minor"].clone();
    house.step(&order, "discounts", json!({ "rate_bp": 1250, "reason": "Waited" })).await.created();
    let beer = id(&order["lines"][2]);
    let order =
        house.step(&order, "split", json!({ "lines": [{ "line_id": beer, "quantity_milli": 333 }] })).await.ok();
    adds_up(&order);
    assert!(order["total_minor"].as_i64() < whole.as_i64());
    let first = json!({ "shares": 3, "check_id": order["checks"][0]["id"] });
    let order = house.step(&order, "share", first).await.ok();
    assert_eq!(order["checks"].as_array().unwrap().len(), 4);
    adds_up(&order);
}

#[tokio::test]
async fn what_is_paid_stays_on_its_check() {
    let house = House::open().await;
    let order = house.order().await;
    house.pay(&order, "card", 1000).await.created();
    let pizza = json!({ "lines": [{ "line_id": id(&order["lines"][0]) }] });
    let error = house.step(&order, "split", pizza).await.refused("illegal_step");
    assert!(error["message"].as_str().unwrap().contains("already paid"), "{error}");
    // What is not paid may go: 7.10 of the colas is open.
    let cola = json!({ "lines": [{ "line_id": id(&order["lines"][1]), "quantity_milli": 1000 }] });
    let order = house.step(&order, "split", cola).await.ok();
    assert_eq!(order["due_minor"], 710);
    adds_up(&order);
    house.step(&order, "share", json!({ "shares": 2 })).await.refused("illegal_step");
}

#[tokio::test]
async fn splitting_names_what_is_wrong() {
    let house = House::open().await;
    let order = house.order().await;
    let unknown = uuid::Uuid::now_v7();
    let cola = id(&order["lines"][1]);
    let split = |lines: Value| house.step(&order, "split", json!({ "lines": lines }));
    split(json!([])).await.invalid("lines");
    assert_eq!(split(json!([{ "line_id": unknown }])).await.refused("not_found")["field"], "lines[0].line_id");
    let much = split(json!([{ "line_id": cola, "quantity_milli": 2001 }])).await.refused("rule_violated");
    assert_eq!(much["field"], "lines[0].quantity_milli");
    let to = json!({ "lines": [{ "line_id": cola }], "check_id": unknown });
    assert_eq!(house.step(&order, "split", to).await.refused("not_found")["field"], "check_id");
    let chef = house.app.staff(&house.owner, "chef").await;
    chef.post(&format!("/orders/{}/split", id(&order)), json!({})).await.refused("forbidden");
}

#[tokio::test]
async fn a_party_moves_to_another_table() {
    let house = House::open().await;
    let order = house.order().await;
    assert_eq!(house.step(&order, "transfer", json!({ "table": "9" })).await.ok()["table"], "9");
    assert_eq!(house.step(&order, "transfer", json!({})).await.ok()["table"], Value::Null);
    let long = "x".repeat(41);
    house.step(&order, "transfer", json!({ "table": long })).await.invalid("table");
}

#[tokio::test]
async fn merged_orders_fire_nothing_twice_and_lose_no_line() {
    let house = House::open().await;
    let (first, second) = (house.order().await, house.order().await);
    let pizza = json!({ "line_ids": [id(&second["lines"][0])] });
    house.step(&second, "fire", pizza).await.ok();
    let before = house.fresh(&second).await;
    let merged = house.step(&second, "merge", json!({ "into": id(&first) })).await.ok();
    assert_eq!((merged["id"].clone(), merged["total_minor"].clone()), (first["id"].clone(), json!(3420)));
    assert_eq!(merged["covers"], 4);
    assert_eq!(states(&merged), ["held", "held", "fired", "held"]);
    for line in before["lines"].as_array().unwrap() {
        let now = merged["lines"].as_array().unwrap().iter().find(|other| other["id"] == line["id"]).unwrap();
        assert_eq!(now, line, "a line comes as it was");
    }
    let gone = house.fresh(&second).await;
    assert_eq!((&gone["state"], &gone["cancel_reason"]), (&json!("cancelled"), &json!("merged into A-0001")));
    assert_eq!(gone["lines"], json!([]));
    let error = house.step(&merged, "fire", json!({ "line_ids": [before["lines"][0]["id"]] })).await;
    error.refused("illegal_step");
    // The kitchen has the pizza once.
    let kitchen = house.owner.get("/kitchen").await.ok();
    assert_eq!(kitchen["tickets"].as_array().unwrap().len(), 1);
    assert_eq!(kitchen["tickets"][0]["order_id"], first["id"]);
    house.step(&second, "merge", json!({ "into": id(&first) })).await.refused("illegal_step");
}

#[tokio::test]
async fn an_order_with_a_payment_is_not_merged_away() {
    let house = House::open().await;
    let (first, second) = (house.order().await, house.order().await);
    house.pay(&second, "card", 500).await.created();
    let error = house.step(&second, "merge", json!({ "into": id(&first) })).await.refused("illegal_step");
    assert!(!allowed(&error).contains(&"merge"));
    // The other way round it takes the lines and keeps its payment.
    let merged = house.step(&first, "merge", json!({ "into": id(&second) })).await.ok();
    assert_eq!((&merged["total_minor"], &merged["due_minor"]), (&json!(3420), &json!(2920)));
    house.step(&second, "merge", json!({ "into": id(&second) })).await.refused("rule_violated");
    house.step(&second, "merge", json!({ "into": uuid::Uuid::now_v7() })).await.refused("not_found");
}
