//! People, roles, and what a change of either does at once.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{PASSWORD, TestApp};

fn new(name: &str, email: &str, role: &str) -> Value {
    json!({ "name": name, "email": email, "role": role, "password": PASSWORD })
}

#[tokio::test]
async fn somebody_new_can_log_in_and_do_their_work_and_no_more() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let added = owner.post("/staff", new("Marco", "Marco@Example.com", "waiter")).await.created();
    assert_eq!(added["role"], "waiter");
    assert_eq!(added["active"], true);
    let marco = app.log_in("marco@example.com", owner.restaurant_id()).await;
    marco.get("/menu").await.ok();
    let error = marco.get("/staff").await.refused("forbidden");
    assert_eq!(error["details"]["permission"], "staff.read");
    marco.post("/staff", new("Ada", "ada@example.com", "waiter")).await.refused("forbidden");
}

#[tokio::test]
async fn a_new_role_holds_from_the_next_request_on_and_who_leaves_is_out() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let id = owner.post("/staff", new("Marco", "marco@example.com", "waiter")).await.created()["id"].clone();
    let path = format!("/staff/{}", id.as_str().unwrap());
    let marco = app.log_in("marco@example.com", owner.restaurant_id()).await;
    marco.get("/staff").await.refused("forbidden");
    owner.patch(&path, json!({ "role": "manager", "name": "Marco B." })).await.ok();
    marco.get("/staff").await.ok();
    let left = owner.patch(&path, json!({ "active": false })).await.ok();
    assert_eq!((&left["active"], &left["name"]), (&json!(false), &json!("Marco B.")));
    marco.get("/staff").await.refused("not_found");
    assert_eq!(marco.get("~/me").await.ok()["restaurants"], json!([]));
    let back = owner.post("/staff", new("Marco", "marco@example.com", "chef")).await.created();
    assert_eq!(back["id"], id, "the same person");
    marco.get("/kitchen").await.ok();
}

#[tokio::test]
async fn staff_is_listed_page_by_page() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    for n in 0..4 {
        owner.post("/staff", new(&format!("P{n}"), &format!("p{n}@example.com"), "waiter")).await.created();
    }
    let mut names = vec![];
    let mut path = "/staff?limit=2".to_owned();
    loop {
        let page = owner.get(&path).await.ok();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        names.extend(items.iter().map(|item| item["name"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/staff?limit=2&cursor={cursor}");
    }
    assert_eq!(names, ["Lucia Rossi", "P0", "P1", "P2", "P3"]);
    owner.get("/staff?limit=0").await.invalid("limit");
    owner.get("/staff?limit=201").await.invalid("limit");
    owner.get("/staff?limit=many").await.invalid("limit");
    owner.get("/staff?cursor=xyz").await.invalid("cursor");
    owner.get("/staff?sort=name").await.invalid("sort");
}

#[tokio::test]
async fn the_last_owner_stays_and_a_manager_makes_no_owner() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let owner_id = owner.get("/staff").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    let own = format!("/staff/{owner_id}");
    owner.patch(&own, json!({ "active": false })).await.refused("rule_violated");
    owner.patch(&own, json!({ "role": "waiter" })).await.refused("rule_violated");
    let manager = app.staff(&owner, "manager").await;
    manager.post("/staff", new("Ada", "ada@example.com", "owner")).await.refused("forbidden");
    manager.patch(&own, json!({ "name": "X" })).await.refused("forbidden");
    let ada = manager.post("/staff", new("Ada", "ada@example.com", "cashier")).await.created();
    let ada = format!("/staff/{}", ada["id"].as_str().unwrap());
    manager.patch(&ada, json!({ "role": "admin" })).await.refused("forbidden");
    owner.patch(&ada, json!({ "role": "owner" })).await.ok();
    owner.patch(&own, json!({ "role": "waiter" })).await.ok();
}

#[tokio::test]
async fn adding_somebody_twice_with_one_key_adds_them_once() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let key = Uuid::now_v7().to_string();
    let marco = new("Marco", "marco@example.com", "waiter");
    let first = owner.post_keyed(&key, "/staff", marco.clone()).await;
    assert!(!first.replayed());
    let first = first.created();
    let again = owner.post_keyed(&key, "/staff", marco.clone()).await;
    assert!(again.replayed());
    assert_eq!(again.created(), first);
    owner.post_keyed(&key, "/staff", new("Marco", "marco@example.com", "chef")).await.refused("idempotency_key_reused");
    let error = owner.post("/staff", marco).await.refused("conflict");
    assert_eq!(error["field"], "email");
    let refused = owner.post_keyed("any text", "/staff", new("M", "marco@example.com", "chef")).await;
    assert!(!refused.replayed());
    refused.refused("conflict");
    let refused = owner.post_keyed("any text", "/staff", new("M", "marco@example.com", "chef")).await;
    assert!(refused.replayed(), "a refusal is an answer too");
    refused.refused("conflict");
}

#[tokio::test]
async fn people_that_cannot_be_are_refused_by_field() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    owner.post("/staff", new("", "a@example.com", "waiter")).await.invalid("name");
    owner.post("/staff", new("A", "a@", "waiter")).await.invalid("email");
    owner.post("/staff", new("A", "a@example.com", "pirate")).await.invalid("role");
    let weak = json!({ "name": "A", "email": "a@example.com", "role": "chef", "password": "short" });
    owner.post("/staff", weak).await.invalid("password");
    let more = json!({ "name": "A", "email": "a@example.com", "role": "chef", "password": PASSWORD, "pin": 1 });
    owner.post("/staff", more).await.invalid("pin");
    owner.patch("/staff/nobody", json!({ "name": "A" })).await.invalid("staff_id");
    owner.patch(&format!("/staff/{}", Uuid::now_v7()), json!({ "name": "A" })).await.refused("not_found");
    let id = owner.get("/staff").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    owner.patch(&format!("/staff/{id}"), json!({ "name": "" })).await.invalid("name");
    owner.patch(&format!("/staff/{id}"), json!({ "active": "yes" })).await.invalid("active");
}
