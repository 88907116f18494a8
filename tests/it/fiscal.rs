//! Numbered invoices, their signature, and the accountant's journal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use comanda_engine::fiscal::signing::Hook;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, EVENING, TestApp};
use crate::trade::{House, id};

async fn ask(house: &House, order: &Value, body: Value) -> Answer {
    house.step(order, "invoices", body).await
}

#[tokio::test]
async fn an_invoice_has_the_next_number_of_its_series_and_asked_for_again_the_same() {
    let mut house = House::open().await;
    let (first, second, open) = (house.finished("card").await, house.finished("cash").await, house.order().await);
    let one = ask(&house, &first, json!({})).await.created();
    assert_eq!((&one["number"], &one["total_minor"]), (&json!("F2026-000001"), &json!(1710)));
    assert_eq!(one["taxes"], json!([{ "rate_bp": 1000, "base_minor": 1555, "tax_minor": 155 }]));
    assert_eq!(ask(&house, &first, json!({})).await.created(), one);
    assert_eq!(ask(&house, &first, json!({ "check_id": first["id"] })).await.created(), one);
    let two = ask(&house, &second, json!({})).await.created();
    assert_eq!(two["number"], "F2026-000002");
    assert_ne!(one["hash"], two["hash"]);
    // Of what is not sold and paid there is none, and a refusal takes no number.
    ask(&house, &open, json!({})).await.refused("illegal_step");
    ask(&house, &first, json!({ "check_id": uuid::Uuid::now_v7() })).await.invalid("check_id");
    house.app.at("2027-01-02T12:00:00+01:00");
    house.owner = house.app.log_in("lucia@example.com", house.owner.restaurant_id()).await;
    let third = house.finished("card").await;
    assert_eq!(ask(&house, &third, json!({})).await.created()["number"], "F2027-000001");
    let series = json!({ "invoices": "T", "credit_notes": "TC", "yearly": false });
    house.owner.patch("", json!({ "invoice_series": series })).await.ok();
    let fourth = house.finished("card").await;
    assert_eq!(ask(&house, &fourth, json!({})).await.created()["number"], "T-000001");
    let listed = house.step_get(&first, "invoices").await;
    assert_eq!(listed["items"], json!([one]));
}

#[tokio::test]
async fn of_many_asked_for_at_once_no_number_is_missing_or_given_twice() {
    let house = House::open().await;
    let mut orders = Vec::new();
    for _ in 0..12 {
        orders.push(house.finished("card").await);
    }
    // Each is asked for three times.
    let answers = join_all((0..36).map(|at| ask(&house, &orders[at % 12], json!({})))).await;
    let mut numbers: Vec<_> =
        answers.into_iter().map(|answer| answer.created()["number"].as_str().unwrap().to_owned()).collect();
    numbers.sort();
    numbers.dedup();
    let expected: Vec<_> = (1..=12).map(|number| format!("F2026-{number:06}")).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn a_refund_is_answered_by_a_credit_note_in_a_series_of_its_own() {
    let house = House::open().await;
    let order = house.finished("card").await;
    let back = json!({ "amount_minor": 500, "tender": "card", "reason": "Cold" });
    let order = house.step(&order, "refunds", back).await.created();
    let refund = json!({ "refund_id": id(&order["refunds"][0]) });
    ask(&house, &order, refund.clone()).await.refused("illegal_step");
    let invoice = ask(&house, &order, json!({})).await.created();
    let note = ask(&house, &order, refund.clone()).await.created();
    assert_eq!((&note["number"], &note["corrects"]), (&json!("C2026-000001"), &invoice["number"]));
    assert_eq!(note["total_minor"], -500);
    let tax: i64 = note["taxes"][0]["base_minor"].as_i64().unwrap() + note["taxes"][0]["tax_minor"].as_i64().unwrap();
    assert_eq!(tax, -500);
    assert_eq!(ask(&house, &order, refund).await.created(), note);
    ask(&house, &order, json!({ "refund_id": uuid::Uuid::now_v7() })).await.refused("not_found");
    // What is on an invoice is not taken back in silence.
    let paid = house.finished("card").await;
    ask(&house, &paid, json!({})).await.created();
    let void = format!("payments/{}/void", id(&paid["payments"][0]));
    house.step(&paid, &void, json!({ "reason": "No" })).await.refused("illegal_step");
}

#[tokio::test]
async fn each_check_of_a_split_order_has_an_invoice_of_its_own() {
    let house = House::open().await;
    let order = house.order().await;
    let order = house.step(&order, "split", json!({ "lines": [{ "line_id": order["lines"][1]["id"] }] })).await.ok();
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    for check in order["checks"].as_array().unwrap() {
        let pay = json!({ "tender": "card", "amount_minor": check["total_minor"], "check_id": check["id"] });
        house.step(&order, "payments", pay).await.created();
    }
    let second = json!({ "check_id": order["checks"][1]["id"] });
    assert_eq!(ask(&house, &order, second).await.created()["total_minor"], 760);
    let first = ask(&house, &order, json!({})).await.created();
    assert_eq!((&first["number"], &first["total_minor"]), (&json!("F2026-000002"), &json!(950)));
}

#[tokio::test]
async fn a_signature_that_fails_blocks_nothing_is_flagged_and_tried_again() {
    let works = Arc::new(AtomicBool::new(false));
    let asked = works.clone();
    let hook = Hook::from_fn(move |document| match asked.load(Ordering::SeqCst) {
        true => Ok(format!("signed {} bytes", document.len())),
        false => Err("The box is off.".to_owned()),
    });
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.signing = hook).await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let house = House::with(app, owner).await;
    let order = house.finished("card").await;
    let invoice = ask(&house, &order, json!({})).await.created();
    assert_eq!(invoice["signature"], json!(null));
    let flag = loop {
        let inbox = house.owner.get("/inbox?open=true").await.ok();
        if let Some(flag) = inbox["items"].as_array().unwrap().first() {
            break flag.clone();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    assert_eq!((&flag["kind"], &flag["params"]["message"]), (&json!("unsigned"), &json!("The box is off.")));
    assert_eq!(flag["params"]["document"], "F2026-000001");
    works.store(true, Ordering::SeqCst);
    house.owner.post("/till/z", json!({})).await.created();
    // The next document brings the one before it along, and the flag is answered.
    loop {
        let signed = house.step_get(&order, "invoices").await["items"][0]["signature"].clone();
        if signed.is_string() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    loop {
        if house.owner.get("/inbox?open=true").await.ok()["items"] == json!([]) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The entries as (kind, rate, debit, credit), and that they balance.
async fn journal(house: &House, query: &str) -> Vec<(String, Value, i64, i64)> {
    let journal = house.owner.get(&format!("/journal{query}")).await.ok();
    assert_eq!(journal["debit_minor"], journal["credit_minor"], "{journal}");
    let line = |line: &Value| {
        let minor = |field: &str| line[field].as_i64().unwrap();
        let kind = line["kind"].as_str().unwrap().to_owned();
        (kind, line["tax_rate_bp"].clone(), minor("debit_minor"), minor("credit_minor"))
    };
    journal["lines"].as_array().unwrap().iter().map(line).collect()
}

/// 174.99 with 75 by card and 100 in cash, smallest coin 0.05; a tip, a refund, moved cash, a short drawer.
#[tokio::test]
async fn the_accountants_journal_says_what_the_day_was_and_debits_equal_credits() {
    let house = House::open().await;
    house.owner.patch("", json!({ "cash_rounding_minor": 5 })).await.ok();
    house.owner.post("/till/open", json!({ "float_minor": 5000 })).await.created();
    let order = house.order_of(17_499).await;
    house.pay(&order, "card", 7500).await.created();
    house.pay(&order, "cash", 10_000).await.created();
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    let line = |kind: &str, rate: Value, debit: i64, credit: i64| (kind.to_owned(), rate, debit, credit);
    let expected = [
        line("cash", Value::Null, 10_000, 0),
        line("card", Value::Null, 7500, 0),
        line("sales", json!(1000), 0, 15_908),
        line("tax", json!(1000), 0, 1591),
        line("rounding", Value::Null, 0, 1),
    ];
    assert_eq!(journal(&house, "").await, expected);
    // Paid and not sold yet: on an account of its own, until the order completes.
    let open = house.order().await;
    let tip = json!({ "tender": "card", "amount_minor": 1710, "tip_minor": 90 });
    house.step(&open, "payments", tip).await.created();
    let now = journal(&house, "").await;
    assert!(now.contains(&line("open_bills", Value::Null, 0, 1710)) && now.contains(&line("tips", Value::Null, 0, 90)));
    house.step(&open, "fire", json!({})).await.ok();
    house.step(&open, "serve", json!({})).await.ok();
    assert!(!journal(&house, "").await.iter().any(|line| line.0 == "open_bills"));
    house.step(&open, "refunds", json!({ "amount_minor": 110, "tender": "cash", "reason": "Cold" })).await.created();
    house.owner.post("/till/moves", json!({ "kind": "drop", "amount_minor": 8000, "reason": "Safe" })).await.created();
    house.owner.post("/till/close", json!({ "counted_minor": 6850 })).await.ok();
    let now = journal(&house, "").await;
    // 100.00 less 1.10 back, less 80.00 to the safe, less 0.40 short.
    assert!(now.contains(&line("cash", Value::Null, 1850, 0)), "{now:?}");
    assert!(now.contains(&line("over_short", Value::Null, 40, 0)) && now.contains(&line("safe", Value::Null, 8000, 0)));
    assert!(now.contains(&line("sales", json!(1000), 100, 0)) && now.contains(&line("tax", json!(1000), 10, 0)));
    assert!(!now.iter().any(|line| line.0 == "open_bills"), "{now:?}");
}

#[tokio::test]
async fn the_journal_is_a_file_with_the_accounts_of_the_settings() {
    let house = House::open().await;
    let charges = json!({ "dine_in_bp": 1000, "takeaway_bp": 0, "delivery_bp": 0 });
    house.owner.patch("", json!({ "service_charges": charges })).await.ok();
    let order = house.order().await;
    house.step(&order, "fire", json!({})).await.ok();
    house.step(&order, "serve", json!({})).await.ok();
    house.pay(&order, "card", 1881).await.created();
    let accounts = house.owner.patch("", json!({ "accounts": { "card": "572", "sales": "705" } })).await.ok();
    assert_eq!((&accounts["accounts"]["card"], &accounts["accounts"]["cash"]), (&json!("572"), &json!("1000")));
    let csv = house.owner.get("/journal.csv?from=2026-06-12&to=2026-06-12").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    // 1.71 of service charge holds 0.16 of tax.
    let expected = "business_date,account,kind,tax_rate,debit,credit\n\
                    2026-06-12,572,card,,18.81,0.00\n\
                    2026-06-12,705,sales,10,0.00,15.55\n\
                    2026-06-12,4100,service_charge,10,0.00,1.55\n\
                    2026-06-12,2200,tax,10,0.00,1.71\n";
    assert_eq!(csv.text, expected);
    house.owner.patch("", json!({ "accounts": { "card": "" } })).await.invalid("accounts");
    house.owner.patch("", json!({ "accounts": { "gold": "1" } })).await.refused("invalid_input");
    let same = json!({ "invoices": "A", "credit_notes": "A", "yearly": true });
    house.owner.patch("", json!({ "invoice_series": same })).await.invalid("invoice_series.credit_notes");
    let bad = json!({ "invoices": "A B", "credit_notes": "C", "yearly": true });
    house.owner.patch("", json!({ "invoice_series": bad })).await.invalid("invoice_series.invoices");
    house.owner.get("/journal?from=2026-06-13&to=2026-06-12").await.refused("invalid_input");
    let waiter = house.app.staff(&house.owner, "waiter").await;
    waiter.get("/journal").await.refused("forbidden");
}
