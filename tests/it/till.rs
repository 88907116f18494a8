use serde_json::json;

use crate::trade::{House, allowed};

#[tokio::test]
async fn a_drawer_is_opened_counted_and_over_or_short() {
    let house = House::open().await;
    let owner = &house.owner;
    assert_eq!(owner.get("/till").await.ok()["session"], json!(null));
    let opened = owner.post("/till/open", json!({ "float_minor": 20_000 })).await.created();
    assert_eq!((&opened["state"], &opened["expected_minor"]), (&json!("opened"), &json!(20_000)));
    let again = owner.post("/till/open", json!({ "float_minor": 1 })).await.refused("illegal_step");
    assert_eq!(allowed(&again), ["close"]);
    house.finished("cash").await;
    house.finished("card").await;
    let order = house.order().await;
    let cash = json!({ "tender": "cash", "amount_minor": 500, "tip_minor": 40, "tendered_minor": 1000 });
    house.step(&order, "payments", cash).await.created();
    let till = owner.get("/till").await.ok();
    assert_eq!((&till["session"]["cash_minor"], &till["session"]["expected_minor"]), (&json!(2250), &json!(22_250)));
    assert_eq!(till["open_orders"], 1);
    let closed = owner.post("/till/close", json!({ "counted_minor": 22_200 })).await.ok();
    assert_eq!((&closed["session"]["over_short_minor"], &closed["session"]["state"]), (&json!(-50), &json!("closed")));
    owner.post("/till/close", json!({ "counted_minor": 1 })).await.refused("illegal_step");
    let z = owner.post("/till/z", json!({})).await.created();
    assert_eq!((&z["over_short_minor"], &z["handed_over_orders"]), (&json!(-50), &json!(1)));
}

#[tokio::test]
async fn a_z_counts_what_no_z_before_it_counted_and_numbers_have_no_gap() {
    let house = House::open().await;
    let owner = &house.owner;
    house.finished("cash").await;
    let late = house.finished("card").await;
    let open = house.order().await;
    house.step(&open, "fire", json!({})).await.ok();
    let void = format!("lines/{}/void", open["lines"][1]["id"].as_str().unwrap());
    house.step(&open, &void, json!({ "reason": "Spilt" })).await.ok();
    let x = owner.get("/till").await.ok()["x"].clone();
    let first = owner.post("/till/z", json!({})).await.created();
    for field in [
        "orders",
        "gross_minor",
        "net_minor",
        "tax_minor",
        "cash_minor",
        "card_minor",
        "voids",
        "taxes",
        "average_minor",
    ] {
        assert_eq!(first[field], x[field], "the Z says what the X said: {field}");
    }
    assert_eq!((&first["number"], &first["orders"], &first["covers"]), (&json!(1), &json!(2), &json!(4)));
    assert_eq!(
        (&first["gross_minor"], &first["net_minor"], &first["tax_minor"]),
        (&json!(3420), &json!(3110), &json!(310))
    );
    assert_eq!((&first["cash_minor"], &first["card_minor"]), (&json!(1710), &json!(1710)));
    assert_eq!(first["voids"], json!({ "count": 1, "minor": 760 }));
    assert_eq!(first["taxes"], json!([{ "rate_bp": 1000, "base_minor": 3110, "tax_minor": 310 }]));
    assert_eq!((&first["handed_over_orders"], &first["business_date"]), (&json!(1), &json!("2026-06-12")));
    // What was handed over is counted when it completes, once.
    house.step(&open, "serve", json!({})).await.ok();
    house.pay(&open, "card", 950).await.created();
    let second = owner.post("/till/z", json!({})).await.created();
    assert_eq!((&second["number"], &second["orders"], &second["gross_minor"]), (&json!(2), &json!(1), &json!(950)));
    assert_eq!(second["voids"], json!({ "count": 0, "minor": 0 }));
    let third = owner.post("/till/z", json!({})).await.created();
    assert_eq!((&third["number"], &third["orders"], &third["taxes"]), (&json!(3), &json!(0), &json!([])));
    assert_eq!(owner.get("/till/z-reports/1").await.ok(), first, "a report never changes");
    let page = owner.get("/till/z-reports?limit=2").await.ok();
    assert_eq!(page["items"], json!([third, second]));
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = owner.get(&format!("/till/z-reports?limit=2&cursor={cursor}")).await.ok();
    assert_eq!((&rest["items"], &rest["next_cursor"]), (&json!([first]), &json!(null)));
    assert_eq!(house.fresh(&late).await["state"], "completed");
}

#[tokio::test]
async fn the_day_is_closed_after_the_till() {
    let house = House::open().await;
    house.owner.post("/till/open", json!({ "float_minor": 0 })).await.created();
    let error = house.owner.post("/till/z", json!({})).await.refused("illegal_step");
    assert_eq!(allowed(&error), ["close"]);
    house.owner.post("/till/close", json!({ "counted_minor": 0 })).await.ok();
    house.owner.post("/till/z", json!({})).await.created();
}

#[tokio::test]
async fn closing_in_the_morning_closes_the_evening_before() {
    let house = House::open().await;
    house.finished("card").await;
    house.app.at("2026-06-13T05:00:00+02:00");
    let z = house.owner.post("/till/z", json!({})).await.created();
    assert_eq!((&z["business_date"], &z["orders"]), (&json!("2026-06-12"), &json!(1)));
    let z = house.owner.post("/till/z", json!({})).await.created();
    assert_eq!((&z["business_date"], &z["orders"]), (&json!("2026-06-13"), &json!(0)));
}

#[tokio::test]
async fn a_repeated_closing_is_one_report() {
    let house = House::open().await;
    let key = uuid::Uuid::now_v7().to_string();
    let first = house.owner.post_keyed(&key, "/till/z", json!({})).await;
    let again = house.owner.post_keyed(&key, "/till/z", json!({})).await;
    assert!(again.replayed());
    assert_eq!(first.created(), again.created());
    assert_eq!(house.owner.get("/till/z-reports").await.ok()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn bad_input_and_the_wrong_role_are_refused() {
    let house = House::open().await;
    house.owner.post("/till/open", json!({ "float_minor": -1 })).await.invalid("float_minor");
    house.owner.post("/till/open", json!({})).await.invalid("float_minor");
    house.owner.post("/till/close", json!({ "counted_minor": "much" })).await.invalid("counted_minor");
    house.owner.get("/till/z-reports/9").await.refused("not_found");
    house.owner.get("/till/z-reports/x").await.invalid("number");
    let cashier = house.app.staff(&house.owner, "cashier").await;
    cashier.post("/till/open", json!({ "float_minor": 0 })).await.created();
    cashier.post("/till/z", json!({})).await.refused("forbidden");
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.get("/till").await.refused("forbidden");
}
