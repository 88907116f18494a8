use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp, setup_request};

fn pizzaplace() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/pizzaplace.csv.gz")).unwrap()
}

async fn send(person: &Person, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
    Answer::of(person.request(Method::POST, path).header("content-type", kind).body(body)).await
}

async fn csv(person: &Person, path: &str, body: &str) -> Answer {
    send(person, path, "text/csv", body.to_owned()).await
}

/// A restaurant in New York that counts in dollars.
async fn dollars(app: &TestApp) -> Person {
    let mut request = setup_request();
    request["restaurant"]["currency"] = json!("USD");
    request["restaurant"]["time_zone"] = json!("America/New_York");
    app.set_up_as(request).await
}

const SALES: &str = "id,date,time,name,price\n1,2015-01-01,11:38:36,Soup,5.00\n1,2015-01-01,11:38:36,Bread,1.50\n";

#[tokio::test]
async fn pizzaplace_comes_in_to_the_cent_and_once() {
    let app = TestApp::start().await;
    let owner = dollars(&app).await;
    let preview = send(&owner, "/imports/preview", "application/gzip", pizzaplace()).await.ok();
    assert_eq!((&preview["orders"], &preview["total_minor"]), (&json!(21_350), &json!(81_786_005)));
    assert_eq!((&preview["rows"], &preview["dirty_count"]), (&json!(49_574), &json!(0)));
    assert_eq!(preview["mapping"]["order_id"], "id");
    assert_eq!(preview["already_imported"], false);
    let imported = send(&owner, "/imports?name=pizzaplace.csv.gz", "application/gzip", pizzaplace()).await.created();
    assert_eq!((&imported["orders"], &imported["lines"]), (&json!(21_350), &json!(49_574)));
    assert_eq!((&imported["total_minor"], &imported["created"]), (&json!(81_786_005), &json!(true)));
    assert_eq!((&imported["first_date"], &imported["last_date"]), (&json!("2015-01-01"), &json!("2015-12-31")));
    let again = send(&owner, "/imports", "application/gzip", pizzaplace()).await.created();
    assert_eq!((&again["created"], &again["id"], &again["orders"]), (&json!(false), &imported["id"], &json!(21_350)));
    assert_eq!(owner.get("/imports").await.ok()["items"].as_array().unwrap().len(), 1);
    let menu = owner.get("/menu").await.ok();
    let categories = menu["categories"].as_array().unwrap();
    assert_eq!(categories.len(), 4);
    assert_eq!(categories.iter().map(|category| category["items"].as_array().unwrap().len()).sum::<usize>(), 91);
    assert_eq!(owner.get("/till").await.ok()["x"]["orders"], 0, "a Z counts what was rung up here");
    let order = &owner.get("/orders?q=2015-000002").await.ok()["items"][0];
    assert_eq!(*order, json!(null), "a search looks at the newest");
    let day = owner.get("/orders?business_date=2015-01-01&q=2015-000002").await.ok();
    let order = &day["items"][0];
    assert_eq!(
        (&order["state"], &order["lines_count"], &order["due_minor"]),
        (&json!("completed"), &json!(5), &json!(0))
    );
    assert_eq!(order["total_minor"], 9200);
    sums_are_those_of_the_file(&app, &owner).await;
}

#[tokio::test]
async fn an_import_on_its_way_is_seen_and_can_be_stopped() {
    let app = TestApp::start().await;
    let owner = dollars(&app).await;
    let row = |n: u32| format!("{n},2015-01-{:02},12:00:00,Soup,5.00\n", n % 28 + 1);
    let year = format!("id,date,time,name,price\n{}", (1..=4_000).map(row).collect::<String>());
    let sending = {
        let (owner, year) = (owner.clone(), year.clone());
        tokio::spawn(async move { csv(&owner, "/imports?name=year.csv", &year).await })
    };
    let run = loop {
        let runs = owner.get("/imports/running").await.ok();
        if runs[0]["written"].as_u64().is_some_and(|written| written > 0) {
            break runs[0].clone();
        }
        assert!(!sending.is_finished(), "it was never seen");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    assert_eq!((&run["name"], &run["orders"], &run["stopped"]), (&json!("year.csv"), &json!(4_000), &json!(false)));
    owner.delete(&format!("/imports/running/{}", run["id"].as_str().unwrap())).await.gone();
    sending.await.unwrap().refused("conflict");
    assert_eq!(owner.get("/imports/running").await.ok(), json!([]));
    assert_eq!(owner.get("/imports").await.ok()["items"], json!([]));
    assert_eq!(owner.get("/menu").await.ok()["categories"], json!([]));
    assert_eq!(owner.get("/orders").await.ok()["items"], json!([]));
    let gone = owner.delete(&format!("/imports/running/{}", run["id"].as_str().unwrap())).await;
    gone.refused("not_found");
    let again = csv(&owner, "/imports", &year).await.created();
    assert_eq!(again["created"], true, "stopped is not done");
}

/// By day and item, straight from the file, against the roll-ups and against the rows.
async fn sums_are_those_of_the_file(app: &TestApp, owner: &Person) {
    let mut text = String::new();
    flate2::read::GzDecoder::new(pizzaplace().as_slice()).read_to_string(&mut text).unwrap();
    let mut straight: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        let row: BTreeMap<String, String> = row.unwrap();
        let name = format!("{} {}", row["name"], row["size"]);
        let cents = (row["price"].parse::<f64>().unwrap() * 100.0).round() as i64;
        let sum = straight.entry((row["date"].clone(), name)).or_default();
        *sum = (sum.0 + 1000, sum.1 + cents);
    }
    let path = app.folder.path().join(format!("restaurants/{}.db", owner.restaurant_id()));
    let conn = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sums = |sql: &str| -> BTreeMap<(String, String), (i64, i64)> {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert_eq!(sums("SELECT business_date, name, quantity_milli, gross_minor FROM item_day"), straight);
    let rows = sums(
        "SELECT o.business_date, l.name, COUNT(*) * 1000, SUM(l.unit_price_minor)
         FROM orders o JOIN order_line l ON l.order_id = o.id GROUP BY 1, 2",
    );
    assert_eq!(rows, straight);
    let total: i64 = conn.query_row("SELECT SUM(gross_minor) FROM day_total", [], |row| row.get(0)).unwrap();
    assert_eq!(total, 81_786_005);
}

#[tokio::test]
async fn dirty_rows_refuse_the_file_unless_they_are_left_out() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let dirty =
        format!("{SALES}2,2015-01-01,12:00,Soup,five\n,2015-01-01,12:00,Soup,5.00\n3,2015-01-02,12:00,Soup,5.00\n");
    let preview = csv(&owner, "/imports/preview", &dirty).await.ok();
    assert_eq!(
        (&preview["clean_rows"], &preview["dirty_count"], &preview["orders"]),
        (&json!(3), &json!(2), &json!(2))
    );
    assert_eq!(
        preview["dirty"],
        json!([
            { "line": 4, "kind": "bad_price", "params": { "value": "five", "allowed": 2 }, "reason": "\"five\" is not a price with at most 2 decimals", "raw": "2,2015-01-01,12:00,Soup,five" },
            { "line": 5, "kind": "missing_id", "params": {}, "reason": "the order has no id", "raw": ",2015-01-01,12:00,Soup,5.00" },
        ])
    );
    let error = csv(&owner, "/imports", &dirty).await.refused("rule_violated");
    assert_eq!(error["details"]["dirty"], preview["dirty"]);
    assert_eq!(owner.get("/orders").await.ok()["items"], json!([]), "nothing of it came in");
    let imported = csv(&owner, "/imports?skip_dirty=true&name=dirty.csv", &dirty).await.created();
    assert_eq!((&imported["orders"], &imported["total_minor"]), (&json!(2), &json!(1150)));
    let past = owner.get("/imports").await.ok();
    assert_eq!((&past["items"][0]["name"], &past["items"][0]["skipped"]), (&json!("dirty.csv"), &json!(2)));
}

#[tokio::test]
async fn columns_can_be_named() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let file = "Foo;Bar;Baz;Qux;N\nT1;31/12/2025;Paella;12,50;2\n";
    let error = csv(&owner, "/imports/preview", file).await.refused("invalid_input");
    assert_eq!(
        (&error["field"], &error["details"]["columns"]),
        (&json!("order_id"), &json!(["Foo", "Bar", "Baz", "Qux", "N"]))
    );
    let query = "order_id=Foo&date=Bar&item=Baz&price=Qux&quantity=N";
    let preview = csv(&owner, &format!("/imports/preview?{query}"), file).await.ok();
    assert_eq!((&preview["total_minor"], &preview["first_date"]), (&json!(2500), &json!("2025-12-31")));
    csv(&owner, &format!("/imports?{query}"), file).await.created();
    assert_eq!(csv(&owner, &format!("/imports/preview?{query}"), file).await.ok()["already_imported"], true);
    csv(&owner, "/imports/preview?order_id=Nope", file).await.invalid("order_id");
    csv(&owner, "/imports/preview?colour=Foo", file).await.invalid("colour");
}

#[tokio::test]
async fn imports_at_once_bring_the_file_in_once() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let answers = futures::future::join_all((0..8).map(|_| csv(&owner, "/imports", SALES))).await;
    let created: Vec<Value> = answers.into_iter().map(Answer::created).collect();
    assert_eq!(created.iter().filter(|answer| answer["created"] == true).count(), 1);
    assert_eq!(owner.get("/orders").await.ok()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_key_gives_the_first_answer_again() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let keyed = |body: &str| {
        let request = owner.request(Method::POST, "/imports").header("content-type", "text/csv");
        Answer::of(request.header("idempotency-key", "0190b2e4-0000-7000-8000-000000000001").body(body.to_owned()))
    };
    assert_eq!(keyed(SALES).await.created()["created"], true);
    let again = keyed(SALES).await;
    assert!(again.replayed());
    assert_eq!(again.created()["created"], true);
    keyed(&SALES.replace("Soup", "Stew")).await.refused("idempotency_key_reused");
}

#[tokio::test]
async fn what_is_no_file_of_sales_is_refused() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.post("/imports", json!({ "file": 1 })).await.refused("unsupported_media_type");
    csv(&owner, "/imports", "").await.refused("invalid_input");
    csv(&owner, "/imports", "a,b\n1,2\n").await.invalid("order_id");
    csv(&owner, "/imports", "id,date,name,price\n").await.refused("rule_violated");
    send(&owner, "/imports", "application/gzip", vec![0x1f, 0x8b, 0, 0]).await.refused("invalid_input");
    let waiter = app.staff(&owner, "waiter").await;
    csv(&waiter, "/imports", SALES).await.refused("forbidden");
    csv(&waiter, "/imports/preview", SALES).await.refused("forbidden");
    owner.get("/imports?limit=999").await.invalid("limit");
}

#[tokio::test]
async fn night_sales_of_a_file_belong_to_the_evening() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let file = "id,date,time,name,price\n1,2015-01-02,01:30,Soup,5.00\n";
    assert_eq!(csv(&owner, "/imports", file).await.created()["first_date"], "2015-01-01");
}

#[tokio::test]
async fn a_file_may_be_larger_than_other_bodies_and_has_a_limit_too() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let file = format!("id,date,name,price,memo\n1,2015-01-02,Soup,5.00,{}\n", "x".repeat(1_500_000));
    assert_eq!(csv(&owner, "/imports/preview", &file).await.ok()["orders"], 1);
    send(&owner, "/imports", "text/csv", vec![b'x'; 64 * 1024 * 1024 + 1]).await.refused("too_large");
}
