//! What is wrong is told once, seen by somebody, and over by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use comanda_engine::alerts::watch;
use comanda_engine::kernel::time::Clock;
use serde_json::{Value, json};

use crate::backups::{Safe, until};
use crate::support::{EVENING, Person, TestApp, instant};

async fn look(app: &TestApp) {
    let asked = app.running.app().clone();
    tokio::task::spawn_blocking(move || watch::look(&asked)).await.unwrap().unwrap();
}

async fn set(person: &Person, rule: &str, on: bool, threshold: i64, for_s: u32) -> Value {
    let change = json!({ "on": on, "threshold": threshold, "for_s": for_s });
    person.put(&format!("/alerts/rules/{rule}"), change).await.ok()
}

fn named<'a>(all: &'a Value, rule: &str) -> Vec<&'a Value> {
    all.as_array().unwrap().iter().filter(|alert| alert["rule"] == rule).collect()
}

/// This machine uses some of its memory, so a limit of nothing is always passed, and one of everything never.
const PASSED: i64 = 0;
const NEVER: i64 = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_fires_once_is_seen_by_somebody_and_is_over_by_itself() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let manager = app.staff(&owner, "manager").await;
    set(&owner, "memory_high", true, PASSED, 0).await;
    // The task looks by itself when a rule was changed.
    let began = Instant::now();
    let alert = loop {
        let all = owner.get("/alerts").await.ok();
        if let Some(alert) = named(&all["active"], "memory_high").first() {
            break (*alert).clone();
        }
        assert!(began.elapsed() < Duration::from_secs(20), "nothing fires: {all}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!((&alert["severity"], &alert["unit"], &alert["bad"]), (&json!("warning"), &json!("bp"), &json!("above")));
    assert!(alert["value"].as_i64().unwrap() > 0 && alert["threshold"] == 0, "{alert}");
    for _ in 0..5 {
        look(&app).await;
    }
    let all = manager.get("/alerts").await.ok();
    assert_eq!(named(&all["active"], "memory_high").len(), 1, "{all}");

    let path = format!("/alerts/{}/acknowledge", alert["id"].as_str().unwrap());
    let seen = manager.post(&path, json!({})).await.ok();
    assert_eq!(seen["acknowledged_by"], "A manager");
    let again = owner.post(&path, json!({})).await.ok();
    assert_eq!(again["acknowledged_by"], "A manager", "who saw it first stays");

    set(&owner, "memory_high", true, NEVER, 0).await;
    look(&app).await;
    let all = owner.get("/alerts").await.ok();
    assert_eq!(named(&all["active"], "memory_high").len(), 0, "{all}");
    let over = named(&all["history"], "memory_high");
    assert_eq!(over.len(), 1, "{all}");
    assert_eq!(over[0]["acknowledged_by"], "A manager");
    assert!(over[0]["ended_ms"].as_i64() >= over[0]["fired_ms"].as_i64(), "{all}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alert_that_is_on_when_the_engine_stops_is_the_same_one_after_the_start() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    set(&owner, "memory_high", true, PASSED, 0).await;
    look(&app).await;
    let before = owner.get("/alerts").await.ok();
    let app = app.restart().await;
    let owner = app.again(&owner);
    look(&app).await;
    look(&app).await;
    let after = owner.get("/alerts").await.ok();
    assert_eq!(named(&after["active"], "memory_high"), named(&before["active"], "memory_high"));
    assert_eq!(named(&after["history"], "memory_high").len(), 0, "{after}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_fires_nothing_and_time_that_passes_does() {
    let (wall, steady) = (Arc::new(AtomicI64::new(instant(EVENING))), Arc::new(AtomicI64::new(1_000_000)));
    let (shown, passed) = (wall.clone(), steady.clone());
    let clock = Clock::from_fns(move || shown.load(Ordering::SeqCst), move || passed.load(Ordering::SeqCst));
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.clock = clock).await;
    let owner = app.set_up().await;
    set(&owner, "memory_high", true, PASSED, 60).await;
    let on = async || named(&owner.get("/alerts").await.ok()["active"], "memory_high").len();
    look(&app).await;
    wall.fetch_add(3_600_000, Ordering::SeqCst);
    steady.fetch_add(15_000, Ordering::SeqCst);
    look(&app).await;
    assert_eq!(on().await, 0, "an hour that was set is no hour that passed");
    steady.fetch_add(8 * 3_600_000, Ordering::SeqCst);
    look(&app).await;
    assert_eq!(on().await, 0, "nobody knows what was while the computer slept");
    for _ in 0..4 {
        steady.fetch_add(15_000, Ordering::SeqCst);
        look(&app).await;
    }
    assert_eq!(on().await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_is_off_fires_nothing_and_ends_what_it_fired() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    set(&owner, "memory_high", true, PASSED, 0).await;
    look(&app).await;
    assert_eq!(named(&owner.get("/alerts").await.ok()["active"], "memory_high").len(), 1);
    let rules = set(&owner, "memory_high", false, PASSED, 0).await;
    let rule = rules["items"].as_array().unwrap().iter().find(|rule| rule["name"] == "memory_high").unwrap();
    assert_eq!((&rule["on"], &rule["threshold"], &rule["usual_threshold"]), (&json!(false), &json!(0), &json!(8_000)));
    look(&app).await;
    look(&app).await;
    let all = owner.get("/alerts").await.ok();
    assert_eq!((named(&all["active"], "memory_high").len(), named(&all["history"], "memory_high").len()), (0, 1));
}

#[tokio::test]
async fn rules_name_their_limits_and_refuse_what_means_nothing() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let rules = owner.get("/alerts/rules").await.ok();
    assert!(rules["items"].as_array().unwrap().len() >= 14, "{rules}");
    let put = async |rule: &str, body: Value| owner.put(&format!("/alerts/rules/{rule}"), body).await;
    put("memory_high", json!({ "on": true, "threshold": 10_001 })).await.invalid("threshold");
    put("memory_high", json!({ "on": true, "threshold": -1 })).await.invalid("threshold");
    put("memory_high", json!({ "on": true, "for_s": 90_000 })).await.invalid("for_s");
    put("memory_high", json!({ "threshold": 5 })).await.invalid("on");
    put("kettle", json!({ "on": true })).await.invalid("rule");
    owner.post(&format!("/alerts/{}/acknowledge", uuid::Uuid::now_v7()), json!({})).await.refused("not_found");
}

#[tokio::test]
async fn who_may_see_how_it_is_sees_alerts_and_who_answers_for_the_house_sets_rules() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let (manager, waiter) = (app.staff(&owner, "manager").await, app.staff(&owner, "waiter").await);
    let change = json!({ "on": false });
    manager.get("/alerts").await.ok();
    manager.get("/alerts/rules").await.ok();
    manager.put("/alerts/rules/disk_low", change.clone()).await.refused("forbidden");
    waiter.get("/alerts").await.refused("forbidden");
    waiter.get("/alerts/rules").await.refused("forbidden");
    waiter.put("/alerts/rules/disk_low", change).await.refused("forbidden");
}

#[tokio::test]
async fn backups_that_fail_are_told_with_the_place_they_fail_in() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let second = tempfile::tempdir().unwrap();
    owner.post("/backups/targets", json!({ "name": "Cellar", "folder": second.path() })).await.created();
    until(owner, "/backups", |b| b["targets"][1]["bases"] == 1).await;
    set(owner, "backups_failing", true, 0, 0).await;
    look(&safe.house.app).await;
    assert_eq!(named(&owner.get("/alerts").await.ok()["active"], "backups_failing").len(), 0);
    std::fs::remove_file(safe.folder.path().join("comanda.json")).unwrap();
    let app = safe.house.app.running.app();
    app.backups.shelves.forget(comanda_engine::backups::unit::Unit::Restaurant(app.restaurants()[0].id));
    assert_eq!(safe.back_up().await["state"], "failed");
    look(&safe.house.app).await;
    let all = owner.get("/alerts").await.ok();
    let [alert] = named(&all["active"], "backups_failing")[..] else { panic!("one place fails: {all:#}") };
    assert_eq!(alert["subject"]["name"], "Pantry");
}
