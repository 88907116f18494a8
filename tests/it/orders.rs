use futures::future::join_all;
use serde_json::{Value, json};

use crate::trade::{House, allowed, id, states};

#[tokio::test]
async fn covers_and_note_of_an_open_order_change_and_what_is_left_out_stays() {
    let house = crate::trade::House::open().await;
    let order = house.order().await;
    let path = format!("/orders/{}", id(&order));
    let four = house.owner.patch(&path, json!({ "covers": 4 })).await.ok();
    assert_eq!((&four["covers"], &four["note"], &four["table"]), (&json!(4), &json!(null), &json!("4")));
    let noted = house.owner.patch(&path, json!({ "note": "  A   birthday " })).await.ok();
    assert_eq!((&noted["covers"], &noted["note"]), (&json!(4), &json!("A birthday")));
    let none = house.owner.patch(&path, json!({ "covers": 0, "note": "" })).await.ok();
    assert_eq!((&none["covers"], &none["note"]), (&json!(null), &json!(null)));
    house.owner.patch(&path, json!({ "covers": 1001 })).await.invalid("covers");
    let history = house.step_get(&order, "history").await;
    assert_eq!(history["items"][0]["action"], "change_order");
    let before = &history["items"][0]["changes"][0]["before"];
    assert_eq!((&before["covers"], &before["note"]), (&json!(4), &json!("A birthday")));
    let audit = house.owner.get("/audit?action=change_order").await.ok();
    assert_eq!((audit["items"].as_array().unwrap().len(), &audit["items"][0]["about"]["name"]), (3, &order["number"]));
    let chef = house.app.staff(&house.owner, "chef").await;
    chef.patch(&path, json!({ "covers": 2 })).await.refused("forbidden");
    house.step(&order, "cancel", json!({ "reason": "Left" })).await.ok();
    house.owner.patch(&path, json!({ "covers": 2 })).await.refused("illegal_step");
}

#[tokio::test]
async fn an_order_goes_from_open_to_completed() {
    let house = House::open().await;
    let order = house.order().await;
    assert_eq!((order["number"].as_str(), order["stage"].as_str()), (Some("A-0001"), Some("taking")));
    assert_eq!(order["business_date"], "2026-06-12");
    assert_eq!((&order["total_minor"], &order["due_minor"]), (&json!(1710), &json!(1710)));
    assert_eq!(order["totals"]["taxes"], json!([{ "rate_bp": 1000, "base_minor": 1555, "tax_minor": 155 }]));
    assert_eq!(states(&order), ["held", "held"]);
    assert_eq!(order["opened_by_name"], "Lucia Rossi");
    let fired = house.step(&order, "fire", json!({})).await.ok();
    assert_eq!((states(&fired), &fired["stage"]), (vec!["fired".into(), "fired".into()], &json!("kitchen")));
    let served = house.step(&order, "serve", json!({})).await.ok();
    assert_eq!((&served["stage"], &served["state"]), (&json!("to_pay"), &json!("open")));
    let paid = house.pay(&order, "card", 1710).await.created();
    assert_eq!((&paid["state"], &paid["stage"], &paid["due_minor"]), (&json!("completed"), &json!("done"), &json!(0)));
    assert_eq!(paid["payments"][0]["state"], "captured");
    assert_eq!(house.order().await["number"], "A-0002");
}

#[tokio::test]
async fn a_paid_order_stays_in_the_kitchen_until_it_is_served() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let paid = house.pay(&order, "card", 1710).await.created();
    assert_eq!((&paid["state"], &paid["stage"]), (&json!("open"), &json!("kitchen")));
    let served = house.step(&order, "serve", json!({})).await.ok();
    assert_eq!(served["state"], "completed");
}

#[tokio::test]
async fn two_people_adding_lines_to_one_order_both_get_theirs() {
    let house = House::open().await;
    let order = house.order().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let path = format!("/orders/{}/lines", id(&order));
    let add = |person: &crate::support::Person, item: &str| {
        let (person, path, lines) = (person.clone(), path.clone(), json!({ "lines": [{ "item_id": item }] }));
        async move { person.post(&path, lines).await.created() }
    };
    let both = (0..20).map(|at| if at % 2 == 0 { add(&house.owner, &house.pizza) } else { add(&waiter, &house.cola) });
    join_all(both).await;
    let order = house.fresh(&order).await;
    let lines = order["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 22);
    let by_waiter = lines.iter().filter(|line| line["added_by_name"] == "A waiter").count();
    assert_eq!(by_waiter, 10);
    assert_eq!(order["total_minor"], 1710 + 10 * 950 + 10 * 380);
}

#[tokio::test]
async fn a_repeated_request_does_its_work_once() {
    let house = House::open().await;
    let key = uuid::Uuid::now_v7().to_string();
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    let first = house.owner.post_keyed(&key, "/orders", new.clone()).await;
    assert!(!first.replayed());
    let again = house.owner.post_keyed(&key, "/orders", new).await;
    assert!(again.replayed());
    assert_eq!(first.json(), again.json());
    house.owner.post_keyed(&key, "/orders", json!({ "service": "dine_in" })).await.refused("idempotency_key_reused");
    assert_eq!(house.owner.get("/orders").await.ok()["items"].as_array().unwrap().len(), 1);
    // A payment that was sent twice is one payment, and the second answer is no refusal.
    let order = first.json();
    let path = format!("/orders/{}/payments", id(&order));
    let key = uuid::Uuid::now_v7().to_string();
    let pay = json!({ "tender": "card", "amount_minor": 950 });
    house.owner.post_keyed(&key, &path, pay.clone()).await.created();
    let again = house.owner.post_keyed(&key, &path, pay).await;
    assert!(again.replayed());
    assert_eq!(again.created()["payments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_line_is_voided_with_a_reason_until_it_is_served() {
    let house = House::open().await;
    let order = house.order().await;
    let line = |at: usize| format!("lines/{}/void", id(&order["lines"][at]));
    house.step(&order, &line(0), json!({})).await.invalid("reason");
    let voided = house.step(&order, &line(0), json!({ "reason": "Wrong table" })).await.ok();
    assert_eq!(
        (&voided["lines"][0]["state"], &voided["lines"][0]["void_reason"]),
        (&json!("voided"), &json!("Wrong table"))
    );
    assert_eq!(voided["total_minor"], 760);
    let error = house.step(&order, &line(0), json!({ "reason": "Again" })).await.refused("illegal_step");
    assert_eq!(allowed(&error), [""; 0]);
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    let error = house.step(&order, &line(1), json!({ "reason": "Cold" })).await.refused("illegal_step");
    assert_eq!(allowed(&error), ["fired"]);
}

#[tokio::test]
async fn a_waiter_voids_what_the_kitchen_does_not_have_yet() {
    let house = House::open().await;
    let waiter = house.app.staff(&house.owner, "waiter").await;
    let order = house.order().await;
    let path = |at: usize| format!("/orders/{}/lines/{}/void", id(&order), id(&order["lines"][at]));
    waiter.post(&path(0), json!({ "reason": "Typo" })).await.ok();
    house.step(&order, "fire", json!({})).await.ok();
    waiter.post(&path(1), json!({ "reason": "Typo" })).await.refused("forbidden");
    house.owner.post(&path(1), json!({ "reason": "Burnt" })).await.ok();
}

#[tokio::test]
async fn a_line_is_fired_once() {
    let house = House::open().await;
    let order = house.order().await;
    let first = json!({ "line_ids": [id(&order["lines"][0])] });
    let fired = house.step(&order, "fire", first.clone()).await.ok();
    assert_eq!(states(&fired), ["fired", "held"]);
    house.app.pass_ms(60_000);
    let error = house.step(&order, "fire", first).await.refused("illegal_step");
    assert_eq!(
        allowed(&error),
        ["lines", "fire", "serve", "payments", "transfer", "merge", "split", "discounts", "cancel"]
    );
    let fired_again = house.step(&order, "fire", json!({})).await.ok();
    assert_eq!(fired_again["lines"][0]["fired_at_ms"], fired["lines"][0]["fired_at_ms"]);
    assert_ne!(fired_again["lines"][1]["fired_at_ms"], fired["lines"][0]["fired_at_ms"]);
    house.step(&order, "fire", json!({})).await.refused("illegal_step");
}

#[tokio::test]
async fn what_needs_no_preparation_is_ready_when_it_is_fired() {
    let house = House::open().await;
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.water }] });
    let order = house.owner.post("/orders", new).await.created();
    let fired = house.step(&order, "fire", json!({})).await.ok();
    assert_eq!(states(&fired), ["ready"]);
    assert_eq!(house.owner.get("/kitchen").await.ok()["tickets"], json!([]));
}

#[tokio::test]
async fn an_order_nobody_paid_of_is_cancelled_with_a_trace() {
    let house = House::open().await;
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.post(&format!("/orders/{}/cancel", id(&order)), json!({ "reason": "Left" })).await.refused("forbidden");
    let cancelled = house.step(&order, "cancel", json!({ "reason": "Left" })).await.ok();
    assert_eq!((&cancelled["state"], &cancelled["cancel_reason"]), (&json!("cancelled"), &json!("Left")));
    assert_eq!(states(&cancelled), ["voided", "voided"]);
    assert_eq!(house.owner.get("/kitchen").await.ok()["tickets"], json!([]));
    for (step, body) in [
        ("lines", json!({ "lines": [{ "item_id": house.pizza }] })),
        ("fire", json!({})),
        ("serve", json!({})),
        ("cancel", json!({ "reason": "Again" })),
        ("payments", json!({ "tender": "card", "amount_minor": 1 })),
    ] {
        let error = house.step(&order, step, body).await.refused("illegal_step");
        assert_eq!(allowed(&error), [""; 0], "{step}");
    }
    let paid = house.order().await;
    house.pay(&paid, "cash", 100).await.created();
    let error = house.step(&paid, "cancel", json!({ "reason": "Left" })).await.refused("illegal_step");
    assert_eq!(allowed(&error), ["lines", "fire", "payments", "transfer", "split", "discounts"]);
}

#[tokio::test]
async fn lists_are_paged_and_filtered() {
    let house = House::open().await;
    for _ in 0..5 {
        house.order().await;
    }
    let done = house.finished("card").await;
    let numbers = |page: &Value| -> Vec<String> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|order| order["number"].as_str().unwrap().to_owned()).collect()
    };
    let mut seen = Vec::new();
    let mut path = "/orders?state=open&limit=2".to_owned();
    loop {
        let page = house.owner.get(&path).await.ok();
        seen.extend(numbers(&page));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/orders?state=open&limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, ["A-0005", "A-0004", "A-0003", "A-0002", "A-0001"]);
    let completed = house.owner.get("/orders?state=completed").await.ok();
    assert_eq!(numbers(&completed), [done["number"].as_str().unwrap()]);
    assert_eq!(completed["items"][0]["item_names"], "Margherita, 2 × Cola");
    assert_eq!(numbers(&house.owner.get("/orders?q=0003").await.ok()), ["A-0003"]);
    assert_eq!(numbers(&house.owner.get("/orders?q=nobody").await.ok()), [""; 0]);
    assert_eq!(numbers(&house.owner.get("/orders?q=2026-06-12%20a-0003").await.ok()), ["A-0003"], "a day is meant");
    assert_eq!(numbers(&house.owner.get("/orders?q=a-0003%202026-06-11").await.ok()), [""; 0]);
    assert_eq!(numbers(&house.owner.get("/orders?business_date=2026-06-12").await.ok()).len(), 6);
    assert_eq!(numbers(&house.owner.get("/orders?business_date=2026-06-11").await.ok()), [""; 0]);
    house.owner.get("/orders?state=lost").await.invalid("state");
    house.owner.get("/orders?business_date=12/06/2026").await.invalid("business_date");
    house.owner.get("/orders?limit=0").await.invalid("limit");
    house.owner.get("/orders?cursor=x").await.invalid("cursor");
    house.owner.get("/orders?sort=up").await.invalid("sort");
}

#[tokio::test]
async fn the_history_says_who_did_what_with_before_and_after() {
    let house = House::open().await;
    let order = house.finished("card").await;
    let history = house.owner.get(&format!("/orders/{}/history", id(&order))).await.ok();
    let items = history["items"].as_array().unwrap();
    let actions: Vec<_> = items.iter().map(|item| item["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["take_payment", "serve_lines", "fire_lines", "open_order"]);
    assert!(items.iter().all(|item| item["actor_name"] == "Lucia Rossi" && item["outcome"] == "done"));
    let completed = items[0]["changes"].as_array().unwrap().iter().find(|change| change["table"] == "orders").unwrap();
    assert_eq!((&completed["op"], &completed["before"]["total_minor"]), (&json!("update"), &Value::Null));
    assert_eq!(completed["after"]["total_minor"], 1710);
}

#[tokio::test]
async fn night_orders_belong_to_the_evening_and_numbers_start_anew_each_business_day() {
    let house = House::open().await;
    assert_eq!(house.order().await["number"], "A-0001");
    house.app.at("2026-06-13T01:30:00+02:00");
    let night = house.order().await;
    assert_eq!((&night["number"], &night["business_date"]), (&json!("A-0002"), &json!("2026-06-12")));
    house.app.at("2026-06-13T04:00:00+02:00");
    let morning = house.order().await;
    assert_eq!((&morning["number"], &morning["business_date"]), (&json!("A-0001"), &json!("2026-06-13")));
}

#[tokio::test]
async fn bad_input_is_named_and_nothing_is_lost() {
    let house = House::open().await;
    let order = house.order().await;
    let owner = &house.owner;
    owner.post("/orders", json!({})).await.invalid("service");
    owner.post("/orders", json!({ "service": "drone" })).await.invalid("service");
    owner.post("/orders", json!({ "service": "dine_in", "covers": 0 })).await.invalid("covers");
    owner.post("/orders", json!({ "service": "dine_in", "table": "x".repeat(41) })).await.invalid("table");
    owner
        .post("/orders", json!({ "service": "dine_in", "lines": [{ "item_id": uuid::Uuid::now_v7() }] }))
        .await
        .invalid("lines[0].item_id");
    let line = |change: Value| json!({ "lines": [change] });
    let pizza = &house.pizza;
    house.step(&order, "lines", json!({ "lines": [] })).await.invalid("lines");
    house
        .step(&order, "lines", line(json!({ "item_id": pizza, "quantity_milli": 0 })))
        .await
        .invalid("lines[0].quantity_milli");
    house
        .step(&order, "lines", line(json!({ "item_id": pizza, "quantity_milli": 10_000_000 })))
        .await
        .invalid("lines[0].quantity_milli");
    house
        .step(&order, "lines", line(json!({ "item_id": pizza, "price_minor": 1 })))
        .await
        .invalid("lines[0].price_minor");
    house
        .step(&order, "lines", line(json!({ "item_id": pizza, "note": "x".repeat(501) })))
        .await
        .invalid("lines[0].note");
    house.step(&order, "payments", json!({ "tender": "gold", "amount_minor": 1 })).await.invalid("tender");
    house.step(&order, "payments", json!({ "tender": "card", "amount_minor": 0 })).await.invalid("amount_minor");
    house.step(&order, "payments", json!({ "tender": "card", "amount_minor": -5 })).await.invalid("amount_minor");
    house.step(&order, "cancel", json!({ "reason": " " })).await.invalid("reason");
    house.step(&order, "fire", json!({ "line_ids": [uuid::Uuid::now_v7()] })).await.refused("not_found");
    let nobody = json!({ "id": uuid::Uuid::now_v7() });
    for (step, body) in [("fire", json!({})), ("serve", json!({})), ("cancel", json!({ "reason": "x" }))] {
        house.step(&nobody, step, body).await.refused("not_found");
    }
    house.pay(&nobody, "card", 1).await.refused("not_found");
    owner.get(&format!("/orders/{}", id(&nobody))).await.refused("not_found");
    owner.get(&format!("/orders/{}/history", id(&nobody))).await.refused("not_found");
    owner.get("/orders/nope").await.invalid("order_id");
    assert_eq!(house.fresh(&order).await, order);
}

#[tokio::test]
async fn markup_in_notes_is_text() {
    let house = House::open().await;
    let new =
        json!({ "service": "dine_in", "table": "<b>4</b>", "note": "'; DROP TABLE orders; --<script>x</script>" });
    let order = house.owner.post("/orders", new).await.created();
    assert_eq!((&order["table"], &order["note"]), (&json!("4"), &json!("'; DROP TABLE orders; --x")));
    assert_eq!(house.owner.get("/orders?q=%27%20OR%201=1%20--").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_chef_reads_orders_and_takes_no_money() {
    let house = House::open().await;
    let order = house.order().await;
    let chef = house.app.staff(&house.owner, "chef").await;
    chef.get("/orders").await.ok();
    chef.post(&format!("/orders/{}/payments", id(&order)), json!({ "tender": "card", "amount_minor": 1 }))
        .await
        .refused("forbidden");
    chef.post("/orders", json!({ "service": "dine_in" })).await.refused("forbidden");
}
