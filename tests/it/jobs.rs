//! What the engine does by itself: on time, when asked, again when it fails, and never lost when it is cut off.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::Duration;

use comanda_engine::jobs::desk::SETTLE_MS;
use comanda_engine::jobs::list::Kind;
use comanda_engine::kernel::time::Clock;
use comanda_engine::serve::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Answer, EVENING, Person, TestApp, instant};

/// A job that fails so many times, and then says how often it was tried.
fn failing(times: u32) -> (Kind, Arc<AtomicU32>) {
    let tried = Arc::new(AtomicU32::new(0));
    let counted = tried.clone();
    let kind = Kind::blocking("count_spoons", "0 12 * * *", 3, move |_, _| {
        let tries = counted.fetch_add(1, Ordering::SeqCst) + 1;
        if tries <= times { Err("a spoon is missing".to_owned()) } else { Ok(tries.into()) }
    });
    (kind, tried)
}

async fn start(kinds: Vec<Kind>) -> TestApp {
    TestApp::start_with(TempDir::new().unwrap(), |options: &mut Options| options.jobs = kinds).await
}

async fn ask(app: &TestApp, who: &Person, method: Method, path: &str, body: Option<Value>) -> Answer {
    let mut request = app.http.request(method, app.url(path)).bearer_auth(who.token());
    if let Some(body) = body {
        request = request.json(&body);
    }
    Answer::of(request).await
}

async fn job(app: &TestApp, who: &Person, name: &str) -> Value {
    let jobs = ask(app, who, Method::GET, "/jobs", None).await.ok();
    jobs["items"].as_array().unwrap().iter().find(|job| job["name"] == name).expect("the job").clone()
}

async fn until(app: &TestApp, who: &Person, name: &str, holds: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..1_200 {
        let now = job(app, who, name).await;
        if holds(&now) {
            return now;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it did not come: {}", job(app, who, name).await);
}

#[tokio::test]
async fn what_every_engine_does_is_listed_with_its_time_and_runs_when_asked() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let jobs = ask(&app, &owner, Method::GET, "/jobs", None).await.ok();
    let names: Vec<_> = jobs["items"].as_array().unwrap().iter().map(|job| job["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["pack_records", "check_records", "tend_indexes", "clean_up"]);
    for job in jobs["items"].as_array().unwrap() {
        assert!(job["next_ms"].as_i64() > jobs["now_ms"].as_i64(), "{job}");
    }
    for name in names {
        let run = ask(&app, &owner, Method::POST, &format!("/jobs/{name}/run"), None).await.created();
        assert_eq!((&run["job"], &run["why"]), (&json!(name), &json!("person")));
        let done = until(&app, &owner, name, |job| job["last"]["id"] == run["id"]).await;
        assert_eq!(done["last"]["state"], "done", "{done}");
    }
    let runs = ask(&app, &owner, Method::GET, "/jobs/runs?limit=3", None).await.ok();
    assert_eq!(runs["items"].as_array().unwrap().len(), 3);
    let cursor = runs["next_cursor"].as_str().unwrap();
    let rest = ask(&app, &owner, Method::GET, &format!("/jobs/runs?limit=3&cursor={cursor}"), None).await.ok();
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_later_and_done_in_the_end() {
    let (kind, tried) = failing(2);
    let app = start(vec![kind]).await;
    app.at(EVENING);
    let owner = app.set_up().await;
    ask(&app, &owner, Method::POST, "/jobs/count_spoons/run", None).await.created();
    for attempt in 1..=2 {
        let waits = until(&app, &owner, "count_spoons", |job| job["open"]["attempts"] == attempt).await;
        let waits = until(&app, &owner, "count_spoons", |job| {
            job["open"]["state"] == "waiting" && waits["open"]["attempts"] == attempt
        })
        .await;
        assert_eq!(waits["open"]["trouble"], "a spoon is missing");
        app.pass_ms(10 * 60 * 1000);
    }
    let done = until(&app, &owner, "count_spoons", |job| job["last"]["state"] == "done").await;
    assert_eq!((&done["last"]["amount"], &done["last"]["attempts"]), (&json!(3), &json!(3)));
    assert_eq!(tried.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn one_that_never_works_is_given_up_and_a_person_can_try_it_again() {
    let (kind, tried) = failing(3);
    let app = start(vec![kind]).await;
    let owner = app.set_up().await;
    // A person who does not want to wait for the next try.
    for attempt in 1..=3 {
        ask(&app, &owner, Method::POST, "/jobs/count_spoons/run", None).await.created();
        until(&app, &owner, "count_spoons", |job| {
            job["open"]["attempts"] == attempt && job["open"]["state"] == "waiting" || job["last"]["state"] == "dead"
        })
        .await;
    }
    let dead = until(&app, &owner, "count_spoons", |job| job["last"]["state"] == "dead").await;
    assert_eq!((&dead["last"]["attempts"], &dead["open"]), (&json!(3), &Value::Null));
    let again = format!("/jobs/runs/{}/repeat", dead["last"]["id"]);
    ask(&app, &owner, Method::POST, &again, None).await.created();
    let done = until(&app, &owner, "count_spoons", |job| job["last"]["state"] == "done").await;
    assert_eq!(tried.load(Ordering::SeqCst), 4);
    let done = format!("/jobs/runs/{}/repeat", done["last"]["id"]);
    ask(&app, &owner, Method::POST, &done, None).await.refused("rule_violated");
}

#[tokio::test]
async fn a_schedule_strikes_once_and_is_made_up_for_once_after_nights_that_were_off() {
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let now_ms = Arc::new(AtomicI64::new(instant(EVENING)));
    let clock = || {
        let now_ms = now_ms.clone();
        Clock::from_fn(move || now_ms.load(Ordering::SeqCst))
    };
    let app = TestApp::start_with(TempDir::new().unwrap(), |options| options.clock = clock()).await;
    let owner = app.set_up().await;
    // At five past three, where the restaurant is.
    let next = instant("2026-06-13T03:05:00+02:00");
    until(&app, &owner, "clean_up", |job| job["next_ms"] == next).await;
    now_ms.store(next, Ordering::SeqCst);
    let struck = until(&app, &owner, "clean_up", |job| job["last"]["why"] == "schedule").await;
    assert_eq!((&struck["last"]["state"], &struck["open"]), (&json!("done"), &Value::Null));
    assert_eq!(struck["next_ms"].as_i64().unwrap() - next, DAY_MS);
    let folder = app.stop_and_keep().await;
    now_ms.fetch_add(3 * DAY_MS + 1, Ordering::SeqCst);
    let app = TestApp::start_with(folder, |options| options.clock = clock()).await;
    let owner = app.again(&owner);
    let soon = now_ms.load(Ordering::SeqCst) + SETTLE_MS;
    until(&app, &owner, "clean_up", |job| job["next_ms"] == soon).await;
    now_ms.store(soon, Ordering::SeqCst);
    until(&app, &owner, "clean_up", |job| job["last"]["id"] != struck["last"]["id"]).await;
    let runs = ask(&app, &owner, Method::GET, "/jobs/runs?job=clean_up", None).await.ok();
    assert_eq!(runs["items"].as_array().unwrap().len(), 2, "{runs}");
}

#[tokio::test]
async fn schedules_are_checked_and_kept() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let put = async |body: Value| ask(&app, &owner, Method::PUT, "/jobs/pack_records/schedule", Some(body)).await;
    for bad in ["", "* * * *", "99 * * * *", "0 0 30 2 *", "tomorrow"] {
        put(json!({ "pattern": bad, "paused": false })).await.invalid("pattern");
    }
    let at_three = put(json!({ "pattern": "0 3 * * *", "paused": false })).await.ok();
    assert_eq!((&at_three["pattern"], &at_three["usual_pattern"]), (&json!("0 3 * * *"), &json!("25 */6 * * *")));
    let paused = put(json!({ "pattern": "0 3 * * *", "paused": true })).await.ok();
    assert_eq!((&paused["paused"], &paused["next_ms"]), (&json!(true), &Value::Null));
    let app = app.restart().await;
    let owner = app.again(&owner);
    let kept = job(&app, &owner, "pack_records").await;
    assert_eq!(
        (&kept["pattern"], &kept["paused"], &kept["next_ms"]),
        (&json!("0 3 * * *"), &json!(true), &Value::Null)
    );
}

#[tokio::test]
async fn a_run_is_cancelled_while_it_waits_and_while_it_runs() {
    let looks = Kind::blocking("watch_the_oven", "0 12 * * *", 3, |_, stop| {
        while !stop.is_asked() {
            std::thread::sleep(Duration::from_millis(5));
        }
        Err("it burnt".to_owned())
    });
    let (fails, _) = failing(9);
    let app = start(vec![looks, fails]).await;
    let owner = app.set_up().await;
    let cancel = async |run: &Value| {
        let path = format!("/jobs/runs/{}/cancel", run["id"]);
        ask(&app, &owner, Method::POST, &path, None).await.ok()
    };
    ask(&app, &owner, Method::POST, "/jobs/count_spoons/run", None).await.created();
    let waits =
        until(&app, &owner, "count_spoons", |job| job["open"]["attempts"] == 1 && job["open"]["state"] == "waiting")
            .await;
    assert_eq!(cancel(&waits["open"]).await["state"], "cancelled");
    let run = ask(&app, &owner, Method::POST, "/jobs/watch_the_oven/run", None).await.created();
    until(&app, &owner, "watch_the_oven", |job| job["open"]["state"] == "running").await;
    cancel(&run).await;
    let ended = until(&app, &owner, "watch_the_oven", |job| job["last"]["id"] == run["id"]).await;
    assert_eq!(ended["last"]["state"], "cancelled");
}

#[tokio::test]
async fn a_run_that_was_cut_off_is_tried_again_after_the_start() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let folder = app.stop_and_keep().await;
    // As a process leaves it that is killed in the middle.
    let conn = rusqlite::Connection::open(folder.path().join("installation.db")).unwrap();
    conn.execute(
        "INSERT INTO job_run (job, state, why, due_ms, attempts, begun_ms) VALUES ('clean_up', 'running', 'schedule', 1, 1, 1)",
        [],
    )
    .unwrap();
    drop(conn);
    let app = TestApp::start_in(folder).await;
    let owner = app.again(&owner);
    let waits = until(&app, &owner, "clean_up", |job| job["open"]["state"] == "waiting").await;
    assert_eq!(waits["open"]["trouble"], "the engine ended while it ran");
    ask(&app, &owner, Method::POST, "/jobs/clean_up/run", None).await.created();
    let done = until(&app, &owner, "clean_up", |job| job["last"]["state"] == "done").await;
    assert_eq!(done["last"]["attempts"], 2);
}

#[tokio::test]
async fn who_may_look_and_who_may_change() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    let manager = app.staff(&owner, "manager").await;
    ask(&app, &waiter, Method::GET, "/jobs", None).await.refused("forbidden");
    ask(&app, &manager, Method::GET, "/jobs", None).await.ok();
    ask(&app, &manager, Method::POST, "/jobs/clean_up/run", None).await.refused("forbidden");
    ask(&app, &owner, Method::POST, "/jobs/wash_up/run", None).await.refused("not_found");
    ask(&app, &owner, Method::POST, "/jobs/runs/99/cancel", None).await.refused("not_found");
    ask(&app, &owner, Method::POST, "/jobs/runs/x/cancel", None).await;
}
