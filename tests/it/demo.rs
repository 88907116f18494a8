use serde_json::{Value, json};

use crate::support::{EVENING, Person, TestApp, setup_request};

async fn demo(app: &TestApp, orders: u32) -> Person {
    app.at(EVENING);
    let mut request = setup_request();
    request["start"] = json!("demo");
    request["demo_orders"] = json!(orders);
    app.set_up_as(request).await
}

#[tokio::test]
async fn a_demo_is_a_day_in_full_swing() {
    let app = TestApp::start().await;
    let owner = demo(&app, 600).await;
    let today = owner.get("/today").await.ok();
    assert!(today["totals"]["orders"].as_i64().unwrap() > 10, "{today}");
    assert!(today["open"]["orders"].as_i64().unwrap() >= 9);
    let past: i64 = today["last_days"].as_array().unwrap().iter().map(|day| day["orders"].as_i64().unwrap()).sum();
    assert_eq!(past, 600 + today["totals"]["orders"].as_i64().unwrap());
    assert!(!today["last_week_by_hour"].as_array().unwrap().is_empty());
    let till = owner.get("/till").await.ok();
    assert_eq!((&till["session"]["state"], &till["x"]["orders"]), (&json!("opened"), &today["totals"]["orders"]));
    let stages: std::collections::BTreeSet<String> = owner.get("/orders?state=open").await.ok()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| order["stage"].as_str().unwrap().to_owned())
        .collect();
    assert!(stages.contains("kitchen") && stages.contains("to_pay") && stages.contains("taking"), "{stages:?}");
    assert!(!owner.get("/kitchen").await.ok()["tickets"].as_array().unwrap().is_empty());
    assert_eq!(owner.get("/menu").await.ok()["categories"].as_array().unwrap().len(), 6);
    assert_eq!(owner.get("/staff").await.ok()["items"].as_array().unwrap().len(), 6);
    let floor = owner.get("/floor").await.ok();
    let tables = floor["tables"].as_array().unwrap();
    assert_eq!((tables.len(), &floor["elsewhere"]), (21, &json!([])), "every order is at a table of the floor");
    assert!(tables.iter().all(|table| table["orders"].as_array().unwrap().len() < 2 && table["waiter"].is_object()));
    let calls = tables.iter().filter(|table| table["call"].is_object()).count();
    assert_eq!(calls, 1, "somebody looks for a waiter");
    assert_eq!(owner.get("/inbox").await.ok()["items"], json!([]), "nothing in a demo is wrong");
}

#[tokio::test]
async fn the_books_of_a_demo_balance() {
    let app = TestApp::start().await;
    let owner = demo(&app, 300).await;
    let mut path = "/orders?state=completed&limit=200".to_owned();
    let (mut gross, mut count) = (0, 0);
    loop {
        let page: Value = owner.get(&path).await.ok();
        for order in page["items"].as_array().unwrap() {
            assert_eq!(order["total_minor"], order["paid_minor"], "{order}");
            gross += order["total_minor"].as_i64().unwrap();
            count += 1;
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/orders?state=completed&limit=200&cursor={cursor}"),
            None => break,
        }
    }
    let days = owner.get("/today").await.ok()["last_days"].clone();
    let of = |field: &str| days.as_array().unwrap().iter().map(|day| day[field].as_i64().unwrap()).sum::<i64>();
    assert_eq!((of("orders"), of("gross_minor")), (count, gross), "the roll-ups say what the orders say");
}
