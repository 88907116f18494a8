//! A cashier counts the drawer without being told what should lie in it: no answer says so while it is open.

use serde_json::{Value, json};

use crate::support::Person;
use crate::support::paper::Paper;
use crate::trade::{House, id};

/// What tells what was taken, wherever it stands.
const TELLING: &[&str] = &["expected_minor", "cash_minor", "card_minor", "voucher_minor"];
const ON_PAPER: &[&str] = &["Should be in the drawer", "Cash", "Card", "Voucher"];

/// Of those fields, the ones of an answer that say a figure, and those that say none.
fn told(answer: &Value) -> (Vec<String>, Vec<String>) {
    let (mut said, mut kept) = (Vec::new(), Vec::new());
    let mut left = vec![(String::new(), answer)];
    while let Some((path, value)) = left.pop() {
        match value {
            Value::Object(fields) => left.extend(fields.iter().map(|(name, value)| (format!("{path}/{name}"), value))),
            Value::Array(items) => left.extend(items.iter().map(|value| (path.clone(), value))),
            _ if !TELLING.contains(&path.rsplit('/').next().unwrap_or_default()) => {}
            Value::Null => kept.push(path),
            _ => said.push(path),
        }
    }
    (said, kept)
}

fn text(paper: &Value) -> String {
    let rows = paper["rows"].as_array().unwrap();
    rows.iter().map(|row| row["text"].as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

fn on_paper(shown: &str) -> Vec<&'static str> {
    ON_PAPER.iter().copied().filter(|word| shown.lines().any(|line| line.starts_with(word))).collect()
}

async fn asked(person: &Person, path: &str) -> Value {
    person.get(path).await.ok()
}

/// The routes that tell of a till as it stands, each with how many such figures it has, while a drawer is open.
const ROUTES: [(&str, usize); 2] = [("/till", 5), ("/today", 3)];

#[tokio::test]
async fn nobody_who_reads_no_reports_is_told_what_lies_in_an_open_drawer() {
    let house = House::open().await;
    let paper = Paper::new().await;
    let printer =
        json!({ "name": "Counter", "address": paper.address(), "language": "plain", "columns": 32, "guests": true });
    house.owner.post("/printers", printer).await.created();
    let cashier = house.app.staff(&house.owner, "cashier").await;
    let manager = house.app.staff(&house.owner, "manager").await;
    house.finished("cash").await;
    for (path, _) in ROUTES {
        let (said, kept) = told(&asked(&cashier, path).await);
        assert_eq!((said.len(), kept), (3, Vec::new()), "{path} while no drawer is open");
    }

    let opened = cashier.post("/till/open", json!({ "float_minor": 20_000 })).await.created();
    house.finished("cash").await;
    house.finished("card").await;
    let moved = json!({ "kind": "pay_out", "amount_minor": 1_250, "reason": "Lemons" });
    let by_cashier = cashier.post("/till/moves", moved.clone()).await.created();
    for answer in [&opened, &by_cashier] {
        assert_eq!((&answer["cash_minor"], &answer["expected_minor"]), (&json!(null), &json!(null)));
    }
    let by_manager = manager.post("/till/moves", moved).await.created();
    assert_eq!((&by_manager["cash_minor"], &by_manager["expected_minor"]), (&json!(1_710), &json!(19_210)));
    for (path, figures) in ROUTES {
        let (said, kept) = told(&asked(&cashier, path).await);
        assert_eq!((said, kept.len()), (Vec::new(), figures), "{path} to a cashier");
        let (said, kept) = told(&asked(&manager, path).await);
        assert_eq!((said.len(), kept), (figures, Vec::new()), "{path} to a manager");
    }
    let x = asked(&cashier, "/till").await;
    assert_eq!((&x["session"]["float_minor"], &x["x"]["gross_minor"]), (&json!(20_000), &json!(5_130)));

    let seen = text(&asked(&cashier, "/till/paper").await);
    assert!(seen.contains("51.30") && seen.contains("200.00"), "the rest is there: {seen}");
    assert_eq!(on_paper(&seen), [""; 0], "{seen}");
    assert_eq!(on_paper(&text(&asked(&manager, "/till/paper").await)), ON_PAPER);
    manager.post("/till/print", json!({})).await.ok();
    assert_eq!(on_paper(&paper.slip().await), ON_PAPER);
    let x = printed(&cashier).await;
    cashier.post(&format!("/print-jobs/{x}/send"), json!({})).await.refused("rule_violated");
    cashier.post("/till/print", json!({})).await.ok();
    let slip = paper.slip().await;
    assert_eq!(on_paper(&slip), [""; 0], "{slip}");

    for path in ["/reports/summary?from=2026-06-12&to=2026-06-12", "/rewind"] {
        cashier.get(path).await.refused("forbidden");
    }
    let closed = cashier.post("/till/close", json!({ "counted_minor": 19_200 })).await.ok();
    let session = &closed["session"];
    assert_eq!(
        (&session["cash_minor"], &session["expected_minor"], &session["over_short_minor"]),
        (&json!(1_710), &json!(19_210), &json!(-10))
    );
    for (path, _) in ROUTES {
        let (said, kept) = told(&asked(&cashier, path).await);
        assert_eq!((said.len(), kept), (3, Vec::new()), "{path} after the count");
    }
    assert_eq!(on_paper(&text(&asked(&cashier, "/till/paper").await)), ["Cash", "Card", "Voucher"]);
}

#[tokio::test]
async fn more_than_lies_in_the_drawer_is_asked_about_and_who_counts_blind_learns_nothing_by_it() {
    let house = House::open().await;
    let cashier = house.app.staff(&house.owner, "cashier").await;
    house.owner.post("/till/open", json!({ "float_minor": 20_000 })).await.created();
    house.finished("cash").await;
    let out = |amount: i64| json!({ "kind": "pay_out", "amount_minor": amount, "reason": "Bank" });
    let no = house.owner.post("/till/moves", out(21_711)).await.refused("rule_violated");
    assert_eq!(
        (&no["field"], &no["details"]),
        (&json!("amount_minor"), &json!({ "confirm": true, "expected_minor": 21_710 }))
    );
    // A cashier is asked above a sum that has nothing to do with what was taken.
    let no = cashier.post("/till/moves", out(100_001)).await.refused("rule_violated");
    assert_eq!(no["details"], json!({ "confirm": true, "expected_minor": null }));
    cashier.post("/till/moves", out(21_711)).await.created();
    let no = house.owner.post("/till/moves", json!({ "kind": "drop", "amount_minor": 1, "reason": "Safe" })).await;
    no.refused("rule_violated");
    house
        .owner
        .post("/till/moves", json!({ "kind": "pay_in", "amount_minor": 5_000_000, "reason": "Bank" }))
        .await
        .created();
    let mut meant = out(50_000_000);
    meant["confirmed"] = json!(true);
    house.owner.post("/till/moves", meant).await.created();
}

/// The document that is on paper, as soon as it is.
async fn printed(person: &Person) -> String {
    for _ in 0..1000 {
        let done = asked(person, "/print-jobs?which=done").await["items"].clone();
        if done != json!([]) {
            return id(&done[0]);
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("never printed");
}
