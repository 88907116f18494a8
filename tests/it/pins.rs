//! PINs: who is at the till, the wait after wrong ones, and that a PIN is written nowhere.

use serde_json::{Value, json};

use crate::support::{EVENING, PASSWORD, Person, TestApp};
use crate::trade::id;

async fn enter(person: &Person, pin: &str) -> crate::support::Answer {
    person.put("~/sessions/current/person", json!({ "restaurant_id": person.restaurant_id(), "pin": pin })).await
}

async fn waiter(owner: &Person, name: &str, pin: &str) -> Value {
    owner.post("/staff", json!({ "name": name, "role": "waiter", "pin": pin })).await.created()
}

#[tokio::test]
async fn a_waiter_without_a_log_in_takes_over_with_a_pin_and_is_the_author_of_what_they_do() {
    let app = TestApp::start().await;
    let till = app.set_up().await;
    let marco = waiter(&till, "Marco", "4711").await;
    assert_eq!((&marco["email"], &marco["active"]), (&json!(null), &json!(true)));
    assert!(marco["pin_set_ms"].is_i64() && marco.get("pin").is_none());
    let me = enter(&till, "4711").await.ok();
    assert_eq!((&me["name"], &me["by_pin"], &me["email"]), (&json!("Marco"), &json!(true), &json!(null)));
    assert_eq!(me["restaurants"][0]["role"], "waiter");
    till.get("/staff").await.refused("forbidden");
    let order = till.post("/orders", json!({ "service": "takeaway" })).await.created();
    assert_eq!(order["opened_by_name"], "Marco");
    // The owner logged in here, and comes back with their own PIN only.
    let owner = app.log_in("lucia@example.com", till.restaurant_id()).await;
    owner.put("/staff/me/pin", json!({ "pin": "90210" })).await.ok();
    let me = enter(&till, "90210").await.ok();
    assert_eq!((&me["name"], &me["by_pin"]), (&json!("Lucia Rossi"), &json!(false)));
    till.get("/staff").await.ok();
}

#[tokio::test]
async fn a_locked_screen_answers_nothing_until_somebody_enters_a_pin() {
    let app = TestApp::start().await;
    let till = app.set_up().await;
    waiter(&till, "Marco", "4711").await;
    till.post("~/sessions/current/lock", json!({})).await.gone();
    till.get("/menu").await.refused("locked");
    till.post("/orders", json!({ "service": "takeaway" })).await.refused("locked");
    let me = till.get("~/me").await.ok();
    assert_eq!((&me["locked"], &me["restaurants"][0]["name"]), (&json!(true), &json!("Trattoria da Lucia")));
    let app = app.restart().await;
    let till = app.again(&till);
    till.get("/menu").await.refused("locked");
    assert_eq!(enter(&till, "4711").await.ok()["locked"], false);
    till.get("/menu").await.ok();
}

#[tokio::test]
async fn five_wrong_pins_make_a_wait_that_grows_and_outlives_a_restart() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let till = app.set_up().await;
    waiter(&till, "Marco", "4711").await;
    for left in [4, 3, 2, 1, 0] {
        let error = enter(&till, "0000").await.refused("forbidden");
        assert_eq!((&error["details"]["tries_left"], &error["field"]), (&json!(left), &json!("pin")));
        // A right PIN in between gives no try back but its own.
        if left == 2 {
            enter(&till, "4711").await.ok();
        }
    }
    let error = enter(&till, "4711").await.refused("too_many_requests");
    assert_eq!(error["details"]["wait_s"], 30);
    let app = app.restart().await;
    app.at(EVENING);
    let till = app.again(&till);
    assert_eq!(enter(&till, "4711").await.refused("too_many_requests")["details"]["wait_s"], 30);
    app.pass_ms(30_000);
    enter(&till, "0000").await.refused("forbidden");
    assert_eq!(enter(&till, "4711").await.refused("too_many_requests")["details"]["wait_s"], 60);
    app.pass_ms(60_000);
    enter(&till, "4711").await.ok();
}

#[tokio::test]
async fn logging_in_again_is_no_way_around_the_wait_and_a_manager_ends_it() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    waiter(&owner, "Marco", "4711").await;
    let new = json!({ "name": "C", "email": "c@example.com", "role": "cashier", "password": PASSWORD });
    owner.post("/staff", new).await.created();
    for _ in 0..4 {
        let session = app.log_in("c@example.com", owner.restaurant_id()).await;
        for _ in 0..5 {
            enter(&session, "0000").await.refused("forbidden");
        }
    }
    let fresh = app.log_in("c@example.com", owner.restaurant_id()).await;
    enter(&fresh, "4711").await.refused("too_many_requests");
    fresh.delete("/staff/pin-wait").await.refused("forbidden");
    owner.delete("/staff/pin-wait").await.gone();
    enter(&fresh, "4711").await.ok();
}

#[tokio::test]
async fn many_wrong_pins_at_once_are_no_way_around_the_wait() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let till = app.set_up().await;
    waiter(&till, "Marco", "4711").await;
    let all = futures::future::join_all((0..12).map(|n| {
        let till = till.clone();
        async move { enter(&till, &format!("{n:04}")).await.status.as_u16() }
    }));
    let looked_at = all.await.into_iter().filter(|status| *status == 403).count();
    assert_eq!(looked_at, 5, "the rest waits");
}

#[tokio::test]
async fn equal_pins_are_refused_without_a_word_on_whose_and_asking_is_counted() {
    let app = TestApp::start().await;
    app.at(EVENING);
    let owner = app.set_up().await;
    let marco = waiter(&owner, "Marco", "4711").await;
    let same = json!({ "name": "Ada", "role": "chef", "pin": "4711" });
    let error = owner.post("/staff", same).await.refused("rule_violated");
    assert_eq!(error["field"], "pin");
    assert!(!error.to_string().contains("Marco"));
    let ada = id(&waiter(&owner, "Ada", "4712").await);
    let cashier = app.staff(&owner, "cashier").await;
    for _ in 0..5 {
        cashier.put("/staff/me/pin", json!({ "pin": "4711" })).await.refused("rule_violated");
    }
    cashier.put("/staff/me/pin", json!({ "pin": "4713" })).await.refused("too_many_requests");
    // One's own may be set again, a colleague's only by who may appoint them.
    owner.put(&format!("/staff/{}/pin", id(&marco)), json!({ "pin": "4711" })).await.ok();
    cashier.put(&format!("/staff/{ada}/pin"), json!({ "pin": "9999" })).await.refused("forbidden");
    let manager = app.staff(&owner, "manager").await;
    let lucia = owner.get("/staff").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    manager.put(&format!("/staff/{lucia}/pin"), json!({ "pin": "9999" })).await.refused("forbidden");
    manager.delete(&format!("/staff/{ada}/pin")).await.ok();
    enter(&owner, "4712").await.refused("forbidden");
}

#[tokio::test]
async fn who_leaves_takes_the_pin_along_and_leaves_a_locked_screen() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let till = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let marco = id(&waiter(&owner, "Marco", "4711").await);
    enter(&till, "4711").await.ok();
    till.get("/menu").await.ok();
    owner.patch(&format!("/staff/{marco}"), json!({ "active": false })).await.ok();
    till.get("/menu").await.refused("locked");
    enter(&till, "4711").await.refused("forbidden");
    waiter(&owner, "Ada", "4711").await;
    assert_eq!(enter(&till, "4711").await.ok()["name"], "Ada");
}

#[tokio::test]
async fn a_pin_and_a_password_are_in_no_file_and_no_log_in_any_form_that_can_be_guessed() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let key = uuid::Uuid::now_v7().to_string();
    let new = json!({ "name": "Marco", "email": "m@example.com", "role": "waiter", "password": "Trattoria-77", "pin": "80137264" });
    let first = owner.post_keyed(&key, "/staff", new.clone()).await.created();
    assert_eq!(owner.post_keyed(&key, "/staff", new).await.created(), first, "asked again, answered again");
    owner.put(&format!("/staff/{}/pin", id(&first)), json!({ "pin": "50362719" })).await.ok();
    enter(&owner, "50362719").await.ok();
    enter(&owner, "61948203").await.refused("forbidden");
    let folder = app.stop_and_keep().await;
    let mut looked_at = 0;
    let mut folders = vec![folder.path().to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            looked_at += bytes.len();
            for secret in ["80137264", "50362719", "61948203", "Trattoria-77", PASSWORD] {
                let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
                assert!(!found, "{secret} is in {}", path.display());
            }
        }
    }
    assert!(looked_at > 50_000, "{looked_at} bytes: looked at nothing");
}

/// A short secret could be guessed from the fingerprint of its request, which the ledger keeps.
#[tokio::test]
async fn what_knows_a_repeated_request_again_is_not_made_of_the_pin() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let key = uuid::Uuid::now_v7().to_string();
    let new = |name: &str, pin: &str| json!({ "name": name, "role": "waiter", "pin": pin });
    let first = owner.post_keyed(&key, "/staff", new("Marco", "4711")).await.created();
    let again = owner.post_keyed(&key, "/staff", new("Marco", "4712")).await;
    assert!(again.replayed());
    assert_eq!(again.created(), first);
    owner.post_keyed(&key, "/staff", new("Maria", "4711")).await.refused("idempotency_key_reused");
    enter(&owner, "4711").await.ok();
}

#[tokio::test]
async fn who_has_a_pin_only_can_be_given_a_log_in_once() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let path = format!("/staff/{}/log-in", id(&waiter(&owner, "Marco", "4711").await));
    owner.post(&path, json!({ "email": "lucia@example.com", "password": PASSWORD })).await.refused("conflict");
    let given = owner.post(&path, json!({ "email": "marco@example.com", "password": PASSWORD })).await.ok();
    assert_eq!(given["email"], "marco@example.com");
    owner.post(&path, json!({ "email": "m2@example.com", "password": PASSWORD })).await.refused("conflict");
    let marco = app.log_in("marco@example.com", owner.restaurant_id()).await;
    assert_eq!(marco.get("~/me").await.ok()["name"], "Marco");
}

#[tokio::test]
async fn bad_pins_and_half_given_log_ins_are_refused_by_field() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let add = |body: Value| owner.post("/staff", body);
    add(json!({ "name": "A", "role": "waiter" })).await.invalid("pin");
    add(json!({ "name": "A", "role": "waiter", "pin": "123" })).await.invalid("pin");
    add(json!({ "name": "A", "role": "waiter", "pin": 4711 })).await.invalid("pin");
    add(json!({ "name": "A", "role": "waiter", "password": PASSWORD })).await.invalid("email");
    add(json!({ "name": "A", "role": "waiter", "email": "a@example.com" })).await.invalid("password");
    enter(&owner, "12a4").await.invalid("pin");
    let other = json!({ "restaurant_id": uuid::Uuid::now_v7(), "pin": "4711" });
    owner.put("~/sessions/current/person", other).await.refused("not_found");
    app.stranger().put("/sessions/current/person", json!({})).await.refused("unauthenticated");
    owner.patch("", json!({ "lock_after_minutes": 241 })).await.invalid("lock_after_minutes");
    assert_eq!(owner.patch("", json!({ "lock_after_minutes": 5 })).await.ok()["lock_after_minutes"], 5);
    assert_eq!(owner.patch("", json!({ "name": "Da L" })).await.ok()["lock_after_minutes"], 5);
    assert_eq!(owner.patch("", json!({ "lock_after_minutes": 0 })).await.ok()["lock_after_minutes"], json!(null));
}
