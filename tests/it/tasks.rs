//! Tasks: given to a person, a role or anybody; done once, or once every business day.

use serde_json::{Value, json};

use crate::support::{EVENING, Person, TestApp, instant};
use crate::trade::id;

async fn titles(person: &Person, query: &str) -> Vec<String> {
    let tasks = person.get(&format!("/tasks{query}")).await.ok();
    tasks["items"].as_array().unwrap().iter().map(|task| task["title"].as_str().unwrap().to_owned()).collect()
}

async fn give(owner: &Person, task: Value) -> String {
    id(&owner.post("/tasks", task).await.created())
}

#[tokio::test]
async fn everybody_sees_what_is_theirs_their_roles_or_anybodys() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let (waiter, chef) = (app.staff(&owner, "waiter").await, app.staff(&owner, "chef").await);
    let me = waiter.get("/clock").await.ok()["week"]["staff_id"].clone();
    give(&owner, json!({ "title": "Polish glasses", "staff_id": me })).await;
    give(&owner, json!({ "title": "Ovens off", "role": "chef", "repeats": "closing" })).await;
    give(&owner, json!({ "title": "Lights off" })).await;
    assert_eq!(titles(&waiter, "").await, ["Polish glasses", "Lights off"]);
    assert_eq!(titles(&chef, "").await, ["Ovens off", "Lights off"]);
    assert_eq!(titles(&owner, "?whose=all").await.len(), 3);
    waiter.get("/tasks?whose=all").await.refused("forbidden");
    waiter.post("/tasks", json!({ "title": "X" })).await.refused("forbidden");
}

#[tokio::test]
async fn a_repeating_task_is_done_once_a_business_day() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let chef = app.staff(&owner, "chef").await;
    let task = give(&owner, json!({ "title": "Ovens off", "role": "chef", "repeats": "closing" })).await;
    let done = chef.post(&format!("/tasks/{task}/done"), json!({})).await.ok();
    assert_eq!(done["done_by_name"], "A chef");
    owner.post(&format!("/tasks/{task}/done"), json!({})).await.refused("illegal_step");
    // Two in the morning is still that business day.
    app.at("2026-06-13T02:00:00+02:00");
    assert!(chef.get("/tasks").await.ok()["items"][0]["done_ms"].is_i64());
    app.at("2026-06-13T05:00:00+02:00");
    assert_eq!(chef.get("/tasks").await.ok()["items"][0]["done_ms"], json!(null));
    chef.post(&format!("/tasks/{task}/done"), json!({})).await.ok();
    chef.post(&format!("/tasks/{task}/reopen"), json!({})).await.ok();
    chef.post(&format!("/tasks/{task}/reopen"), json!({})).await.refused("illegal_step");
}

#[tokio::test]
async fn a_single_task_is_late_then_done_and_gone_the_day_after() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    let due = instant(EVENING) + 1000;
    let task = give(&owner, json!({ "title": "Call the brewery", "role": "waiter", "due_ms": due })).await;
    assert_eq!(waiter.get("/tasks").await.ok()["items"][0]["late"], false);
    app.pass_ms(2000);
    assert_eq!(waiter.get("/tasks").await.ok()["items"][0]["late"], true);
    assert_eq!(waiter.post(&format!("/tasks/{task}/done"), json!({})).await.ok()["late"], false);
    let other = app.staff(&owner, "waiter").await;
    other.post(&format!("/tasks/{task}/reopen"), json!({})).await.refused("forbidden");
    assert_eq!(titles(&waiter, "").await.len(), 1);
    app.at("2026-06-13T05:00:00+02:00");
    assert_eq!(titles(&waiter, "").await.len(), 0);
}

#[tokio::test]
async fn tasks_change_and_go_and_bad_ones_are_refused_by_field() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let chef = app.staff(&owner, "chef").await;
    let task = give(&owner, json!({ "title": "Ovens off" })).await;
    let path = format!("/tasks/{task}");
    let changed = owner.put(&path, json!({ "title": "Ovens off, gas off", "role": "waiter" })).await.ok();
    assert_eq!((&changed["title"], &changed["role"]), (&json!("Ovens off, gas off"), &json!("waiter")));
    chef.post(&format!("{path}/done"), json!({})).await.refused("forbidden");
    owner.delete(&path).await.gone();
    owner.post(&format!("{path}/done"), json!({})).await.refused("not_found");
    owner.post("/tasks", json!({ "title": " " })).await.invalid("title");
    owner.post("/tasks", json!({ "title": "A", "repeats": "yearly" })).await.invalid("repeats");
    let nobody = json!({ "title": "A", "staff_id": uuid::Uuid::now_v7() });
    assert_eq!(owner.post("/tasks", nobody).await.refused("not_found")["field"], "staff_id");
}

#[tokio::test]
async fn a_weekly_task_is_there_on_its_days() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let chef = app.staff(&owner, "chef").await;
    let friday = json!({ "title": "Clean the hood", "role": "chef", "repeats": "closing", "days": [5] });
    let task = give(&owner, friday).await;
    give(&owner, json!({ "title": "Order fish", "role": "chef", "repeats": "daily", "days": [2, 4] })).await;
    give(&owner, json!({ "title": "Taste", "role": "chef", "repeats": "daily", "days": [1, 2, 3, 4, 5, 6, 7] })).await;
    assert_eq!(titles(&chef, "").await, ["Clean the hood", "Taste"]);
    let all = owner.get("/tasks?whose=all").await.ok();
    let seen: Vec<_> = all["items"].as_array().unwrap().iter().map(|task| (&task["days"], &task["today"])).collect();
    assert_eq!(seen, [(&json!([5]), &json!(true)), (&json!([2, 4]), &json!(false)), (&json!([]), &json!(true))]);
    chef.post(&format!("/tasks/{task}/done"), json!({})).await.ok();
    // Two in the morning of Saturday is still Friday's business day; the evening is not.
    app.at("2026-06-13T02:00:00+02:00");
    assert!(chef.get("/tasks").await.ok()["items"][0]["done_ms"].is_i64());
    app.at("2026-06-13T19:00:00+02:00");
    assert_eq!(titles(&chef, "").await, ["Taste"]);
    chef.post(&format!("/tasks/{task}/done"), json!({})).await.refused("rule_violated");
    app.at("2026-06-19T19:00:00+02:00");
    assert_eq!(chef.get("/tasks").await.ok()["items"][0]["done_ms"], json!(null));
    owner.post("/tasks", json!({ "title": "A", "repeats": "daily", "days": [0] })).await.invalid("days[0]");
}
