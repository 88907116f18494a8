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
    owner.post("/till/z", json!({})).await.refused("illegal_step");
    house.app.pass_ms(24 * 3_600_000);
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
    let error = house.owner.post("/till/z", json!({})).await.refused("illegal_step");
    assert_eq!(error["message"], "This day is closed, and nothing was rung up since.");
    house.finished("card").await;
    let z = house.owner.post("/till/z", json!({})).await.created();
    assert_eq!((&z["number"], &z["orders"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn cash_taken_while_the_till_is_closed_is_flagged_once_for_each_closing() {
    let house = House::open().await;
    let owner = &house.owner;
    let flags = async || owner.get("/inbox").await.ok()["items"].as_array().unwrap().len();
    house.finished("cash").await;
    assert_eq!(flags().await, 0, "who never counts a drawer is not nagged");
    for closings in 1..3 {
        owner.post("/till/open", json!({ "float_minor": 0 })).await.created();
        house.finished("cash").await;
        assert_eq!(flags().await, closings - 1);
        owner.post("/till/close", json!({ "counted_minor": 1710 })).await.ok();
        house.finished("card").await;
        assert_eq!(flags().await, closings - 1);
        house.finished("cash").await;
        house.finished("cash").await;
        assert_eq!(flags().await, closings);
    }
    assert_eq!(owner.get("/inbox").await.ok()["items"][0]["kind"], "cash_without_till");
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

#[tokio::test]
async fn cash_goes_in_and_out_with_a_reason_and_the_drawer_still_adds_up() {
    let house = House::open().await;
    let owner = &house.owner;
    let go = |kind: &str, amount: i64, reason: &str| {
        let body = json!({ "kind": kind, "amount_minor": amount, "reason": reason });
        owner.post("/till/moves", body)
    };
    assert_eq!(allowed(&go("pay_in", 1, "Early").await.refused("illegal_step")), ["open", "z"]);
    let float = json!([{ "value_minor": 5000, "count": 1 }, { "value_minor": 500, "count": 10 }]);
    owner.post("/till/open", json!({ "float_minor": 9_000, "counts": float })).await.invalid("float_minor");
    let opened = owner.post("/till/open", json!({ "counts": float })).await.created();
    assert_eq!((&opened["float_minor"], &opened["float_counts"]), (&json!(10_000), &float));
    house.finished("cash").await;
    go("pay_in", 5_000, "Change from the bank").await.created();
    go("pay_out", 1_250, "Lemons").await.created();
    let session = go("drop", 8_000, "To the safe").await.created();
    assert_eq!((&session["cash_minor"], &session["expected_minor"]), (&json!(1710), &json!(7_460)));
    let moves: Vec<_> = session["moves"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(moves, ["pay_in", "pay_out", "drop"]);
    assert_eq!(session["moves"][1]["reason"], "Lemons");
    go("pay_out", 0, "Nothing").await.invalid("amount_minor");
    go("pay_out", 100, " ").await.invalid("reason");
    go("steal", 100, "No").await.invalid("kind");
    // 7.41 in coins and notes: five cents short.
    let counts = json!([{ "value_minor": 5000, "count": 1 }, { "value_minor": 200, "count": 12 }, { "value_minor": 1, "count": 11 }]);
    owner.post("/till/close", json!({ "counted_minor": 7_410, "counts": counts })).await.invalid("counted_minor");
    owner.post("/till/close", json!({})).await.invalid("counted_minor");
    owner
        .post("/till/close", json!({ "counts": [{ "value_minor": 5, "count": -1 }] }))
        .await
        .invalid("counts[0].count");
    let closed = owner.post("/till/close", json!({ "counts": counts })).await.ok()["session"].clone();
    assert_eq!((&closed["counted_minor"], &closed["over_short_minor"]), (&json!(7_411), &json!(-49)));
    assert_eq!(closed["counts"], counts);
    let z = owner.post("/till/z", json!({})).await.created();
    assert_eq!(
        (&z["pay_ins_minor"], &z["pay_outs_minor"], &z["drops_minor"], &z["cash_minor"], &z["over_short_minor"]),
        (&json!(5_000), &json!(1_250), &json!(8_000), &json!(1710), &json!(-49))
    );
    house.app.pass_ms(24 * 3_600_000);
    let next = owner.post("/till/z", json!({})).await.created();
    assert_eq!((&next["pay_ins_minor"], &next["drops_minor"]), (&json!(0), &json!(0)));
}

#[tokio::test]
async fn tips_stand_in_the_report_of_who_took_them() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let tip = |tip: i64| json!({ "tender": "card", "amount_minor": 1710, "tip_minor": tip });
    for minor in [150, 100] {
        let order = house.order().await;
        let path = format!("/orders/{}/payments", order["id"].as_str().unwrap());
        waiter.post(&path, tip(minor)).await.created();
    }
    let order = house.order().await;
    house.step(&order, "payments", tip(90)).await.created();
    let z = house.owner.post("/till/z", json!({})).await.created();
    let tips: Vec<_> = z["tips_by"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), &one["tips_minor"]))
        .collect();
    assert_eq!(tips, [("A waiter", &json!(250)), ("Lucia Rossi", &json!(90))]);
    assert_eq!(z["tips_minor"], 340);
    house.app.pass_ms(24 * 3_600_000);
    assert_eq!(house.owner.post("/till/z", json!({})).await.created()["tips_by"], json!([]));
}
