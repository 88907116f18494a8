//! Two hundred clients at once, at the same few orders.

use std::collections::HashSet;

use futures::future::join_all;
use serde_json::{Value, json};

use crate::trade::{House, id};

const CLIENTS: usize = 200;
/// Fewer than are asked for.
const PORTIONS: i64 = 25;

fn refused_as_it_must_be(answer: &crate::support::Answer) {
    assert!(answer.status.is_success() || answer.status.is_client_error(), "{}: {}", answer.status, answer.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_clients_pay_split_add_and_86_the_same_orders() {
    let house = House::open().await;
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(house.order().await);
    }
    let countdown = format!("/menu/items/{}/countdown", house.water);
    house.owner.send(reqwest::Method::PUT, &countdown, Some(json!({ "left": PORTIONS })), None).await.ok();
    let added = join_all((0..CLIENTS).map(|client| {
        let (house, order) = (&house, &orders[client % orders.len()]);
        async move {
            match client / 4 % 5 {
                0 => {
                    let lines = json!({ "lines": [{ "item_id": house.water, "note": client.to_string() }] });
                    let answer = house.step(order, "lines", lines).await;
                    refused_as_it_must_be(&answer);
                    return answer.status.is_success().then_some(client);
                }
                1 => {
                    let line = json!({ "lines": [{ "line_id": order["lines"][1]["id"], "quantity_milli": 1000 }] });
                    refused_as_it_must_be(&house.step(order, "split", line).await);
                }
                2 => refused_as_it_must_be(&house.step(order, "share", json!({ "shares": 2 + client % 3 })).await),
                3 => {
                    let now = house.fresh(order).await;
                    let due = now["checks"][0]["due_minor"].as_i64().or(now["due_minor"].as_i64()).unwrap_or(0).max(1);
                    let pay = json!({ "tender": "card", "amount_minor": due });
                    refused_as_it_must_be(&house.step(order, "payments", pay).await);
                }
                _ => {
                    let path = format!("/menu/items/{}", house.cola);
                    refused_as_it_must_be(&house.owner.patch(&path, json!({ "available": client % 2 == 0 })).await);
                    refused_as_it_must_be(&house.step(order, "fire", json!({})).await);
                }
            }
            None
        }
    }))
    .await;
    let added: HashSet<String> = added.into_iter().flatten().map(|client| client.to_string()).collect();
    assert!(!added.is_empty());
    let (mut paid, mut waters, mut seen) = (0, HashSet::new(), HashSet::new());
    for order in &orders {
        let now = house.fresh(order).await;
        balanced(&now);
        paid += now["paid_minor"].as_i64().unwrap();
        for line in now["lines"].as_array().unwrap() {
            assert!(seen.insert(id(line)), "a line stands twice");
            if line["name"] == "Water" {
                assert!(waters.insert(line["note"].as_str().unwrap().to_owned()));
            }
        }
    }
    assert_eq!(waters, added, "every line that was acknowledged is there, once");
    let left = house.owner.get("/menu/now").await.ok();
    assert_eq!((added.len(), &left["countdowns"][0]["left"]), (25, &json!(0)), "the last portion is the last");
    assert_eq!(house.owner.get("/till").await.ok()["x"]["card_minor"], paid);
}

/// Nobody paid more than a check comes to, and the checks are the order.
fn balanced(order: &Value) {
    assert_eq!(order["flags"], json!([]), "no double payment");
    let (total, paid) = (order["total_minor"].as_i64().unwrap(), order["paid_minor"].as_i64().unwrap());
    let payments = order["payments"].as_array().unwrap();
    let taken: i64 = payments.iter().map(|payment| payment["amount_minor"].as_i64().unwrap()).sum();
    assert_eq!(taken, paid);
    assert!(paid <= total, "{order}");
    let checks = order["checks"].as_array().unwrap();
    for check in checks {
        assert!(check["paid_minor"].as_i64() <= check["total_minor"].as_i64(), "{order}");
    }
    if !checks.is_empty() {
        let sum = |field: &str| checks.iter().map(|check| check[field].as_i64().unwrap()).sum::<i64>();
        assert_eq!((sum("total_minor"), sum("paid_minor")), (total, paid));
    }
    if order["state"] == "open" {
        assert_eq!(order["due_minor"].as_i64().unwrap(), total - paid);
    }
}
