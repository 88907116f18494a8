//! Engines that count together in a real Redis, and each by itself when it is gone.

use std::time::{Duration, Instant};

use comanda_engine::alerts::watch;
use comanda_engine::limits::pace::Wanted;
use serde_json::{Value, json};

use crate::support::redis::Redis;
use crate::support::{Answer, PASSWORD, Person, TestApp};

async fn with(redis: &Redis) -> (TestApp, Person) {
    let limits = Wanted { redis: Some(redis.url()), ..Wanted::default() };
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.limits = limits).await;
    let owner = app.set_up().await;
    (app, owner)
}

async fn log_in(app: &TestApp, password: &str) -> Answer {
    app.stranger().post("/sessions", json!({ "email": "lucia@example.com", "password": password })).await
}

/// What is left of tries to get in, as the answer says it.
async fn left_after_a_wrong_password(app: &TestApp) -> String {
    let answer = log_in(app, "Osteria-99").await;
    let standing = answer.headers.get_all("ratelimit").iter().map(|value| value.to_str().unwrap().to_owned());
    let auth = standing.filter_map(|one| Some(one.strip_prefix("\"auth\";r=")?.split(';').next()?.to_owned())).next();
    answer.refused("unauthenticated");
    auth.expect("a standing")
}

async fn redis_place(owner: &Person) -> Value {
    let places = owner.get("~/outward").await.ok();
    let found = places.as_array().unwrap().iter().find(|place| place["service"] == "redis");
    found.expect("Redis was asked").clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_engines_count_as_one() {
    let redis = Redis::start();
    let ((one, _), (other, _)) = (with(&redis).await, with(&redis).await);
    for _ in 0..4 {
        log_in(&one, PASSWORD).await.created();
        log_in(&other, PASSWORD).await.created();
    }
    for (app, left) in [(&one, "4"), (&other, "3"), (&one, "2"), (&other, "1"), (&one, "0")] {
        assert_eq!(left_after_a_wrong_password(app).await, left);
    }
    for app in [&one, &other] {
        let refused = log_in(app, PASSWORD).await;
        let wait_s: u32 = refused.header("retry-after").parse().unwrap();
        assert!((150..=180).contains(&wait_s), "{wait_s}");
        refused.refused("too_many_requests");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_each_counts_by_itself_and_an_alert_says_so_once() {
    let mut redis = Redis::start();
    let (app, owner) = with(&redis).await;
    assert_eq!(redis_place(&owner).await["state"], "closed");
    let rule = json!({ "on": true, "threshold": 0, "for_s": 0 });
    owner.put("/alerts/rules/outward_failing", rule).await.ok();
    redis.kill();
    let began = Instant::now();
    for _ in 0..50 {
        owner.get("/orders?state=open").await.ok();
    }
    assert!(began.elapsed() < Duration::from_secs(10), "nobody waits for what is gone");
    let place = redis_place(&owner).await;
    assert_eq!((&place["state"], &place["failed"]), (&json!("open"), &json!(3)), "{place}");
    assert_eq!(owner.get("~/health/outward").await.ok()["status"], "warn");
    for _ in 0..3 {
        let asked = app.running.app().clone();
        tokio::task::spawn_blocking(move || watch::look(&asked)).await.unwrap().unwrap();
    }
    let alerts = owner.get("/alerts").await.ok();
    let fired = alerts["active"].as_array().unwrap().iter().filter(|alert| alert["rule"] == "outward_failing");
    assert_eq!(fired.count(), 1, "{alerts}");
    // Somebody who guesses is stopped all the same.
    for left in ["4", "3", "2", "1", "0"] {
        assert_eq!(left_after_a_wrong_password(&app).await, left);
    }
    log_in(&app, PASSWORD).await.refused("too_many_requests");

    redis.again();
    let began = Instant::now();
    while redis_place(&owner).await["state"] != "closed" {
        assert!(began.elapsed() < Duration::from_secs(20), "it is not asked again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(owner.get("~/health/outward").await.ok()["status"], "ok");
}

#[tokio::test]
async fn an_address_that_is_none_stops_the_start_and_is_not_repeated() {
    let limits = Wanted { redis: Some("http://user:geheim@host".into()), ..Wanted::default() };
    let folder = tempfile::tempdir().unwrap();
    let options = comanda_engine::serve::Options {
        data_dir: folder.path().to_owned(),
        limits,
        ..comanda_engine::serve::Options::default()
    };
    let error = comanda_engine::serve::start(options).await.err().unwrap().to_string();
    assert!(error.contains("redis://127.0.0.1:6379") && !error.contains("geheim"), "{error}");
}
