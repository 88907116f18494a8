//! What is wrong with a server that is watched is told once, by its name, and is over by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Datelike, Days};
use comanda_engine::alerts::watch;
use comanda_engine::kernel::time::Clock;
use rcgen::{KeyPair, date_time_ymd};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::backups::until;
use crate::deployments_backups::Reach;
use crate::deployments_tls;
use crate::support::{EVENING, Person, TestApp, instant};
use crate::trade::id;

/// A house whose clocks go when the test says so.
struct Watch {
    app: TestApp,
    owner: Person,
    wall: Arc<AtomicI64>,
    steady: Arc<AtomicI64>,
}

impl Watch {
    async fn open() -> Self {
        let (wall, steady) = (Arc::new(AtomicI64::new(instant(EVENING))), Arc::new(AtomicI64::new(1_000_000)));
        let (shown, passed) = (wall.clone(), steady.clone());
        let clock = Clock::from_fns(move || shown.load(Ordering::SeqCst), move || passed.load(Ordering::SeqCst));
        let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.clock = clock).await;
        let owner = app.set_up().await;
        Self { app, owner, wall, steady }
    }

    async fn look(&self) {
        let asked = self.app.running.app().clone();
        tokio::task::spawn_blocking(move || watch::look(&asked)).await.unwrap().unwrap();
    }

    /// Half a minute after half a minute, with a look at each.
    async fn pass(&self, halves: u32) {
        for _ in 0..halves {
            self.wall.fetch_add(30_000, Ordering::SeqCst);
            self.steady.fetch_add(30_000, Ordering::SeqCst);
            self.look().await;
        }
    }

    async fn watched(&self, name: &str, address: &str) -> String {
        let new = json!({ "name": name, "kind": "http", "address": address, "every_s": 3600 });
        let of = format!("/deployments/{}", id(&self.owner.post("/deployments", new).await.created()));
        // It is asked once by itself.
        until(&self.owner, &of, |detail| detail["deployment"]["state"] != "unknown").await;
        of
    }

    async fn probe(&self, of: &str, times: u32) {
        for _ in 0..times {
            self.wall.fetch_add(1, Ordering::SeqCst);
            self.owner.post(&format!("{of}/probe"), json!({})).await.ok();
        }
    }

    /// Names of the deployments a rule is on for, and those it was.
    async fn told(&self, rule: &str) -> (Vec<String>, Vec<String>) {
        let all = self.owner.get("/alerts").await.ok();
        let names = |of: &Value| -> Vec<String> {
            let alerts = of.as_array().unwrap().iter().filter(|alert| alert["rule"] == rule);
            alerts.map(|alert| alert["subject"]["name"].as_str().unwrap().to_owned()).collect()
        };
        (names(&all["active"]), names(&all["history"]))
    }
}

/// Answers well after so long, or not well.
async fn server(is_well: Arc<AtomicBool>, after: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/health", listener.local_addr().unwrap());
    let answer = async move |State(is_well): State<Arc<AtomicBool>>| {
        tokio::time::sleep(after).await;
        if is_well.load(Ordering::SeqCst) { StatusCode::NO_CONTENT } else { StatusCode::INTERNAL_SERVER_ERROR }
    };
    let router = axum::Router::new().fallback(answer).with_state(is_well);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

fn none() -> Vec<String> {
    Vec::new()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_server_that_goes_down_is_told_once_and_again_when_it_is_up() {
    let watch = Watch::open().await;
    let is_well = Arc::new(AtomicBool::new(true));
    let shop = watch.watched("Shop", &server(is_well.clone(), Duration::ZERO).await).await;
    let gone = watch.watched("Till", "http://127.0.0.1:1/").await;
    watch.look().await;
    assert_eq!(watch.told("deployment_down").await, (vec!["Till".to_owned()], none()));
    is_well.store(false, Ordering::SeqCst);
    watch.probe(&shop, 1).await;
    watch.look().await;
    assert_eq!(watch.told("deployment_down").await.0, ["Till"], "one bad answer is not yet believed");
    watch.probe(&shop, 1).await;
    watch.pass(3).await;
    let (on, _) = watch.told("deployment_down").await;
    assert_eq!(on, ["Shop", "Till"], "each by itself, each once");

    is_well.store(true, Ordering::SeqCst);
    watch.probe(&shop, 2).await;
    watch.look().await;
    assert_eq!(watch.told("deployment_down").await.0, ["Shop", "Till"], "well for a minute before it is over");
    watch.pass(3).await;
    assert_eq!(watch.told("deployment_down").await, (vec!["Till".to_owned()], vec!["Shop".to_owned()]));
    watch.owner.delete(&gone).await.gone();
    watch.pass(3).await;
    let (on, over) = watch.told("deployment_down").await;
    assert_eq!((on, over.len()), (none(), 2), "what nobody watches any more is over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_ends_within_two_weeks_is_told_until_it_is_renewed() {
    let watch = Watch::open().await;
    let until = |days: u64| {
        let day = DateTime::from_timestamp_millis(instant(EVENING)).unwrap().checked_add_days(Days::new(days)).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = deployments_tls::params(2046);
        params.not_after = date_time_ymd(day.year(), day.month() as u8, day.day() as u8);
        (params.self_signed(&key).unwrap().der().clone(), key)
    };
    let (address, shown) = deployments_tls::server(until(20)).await;
    let hub = watch.watched("Hub", &address).await;
    watch.look().await;
    assert_eq!(watch.told("deployment_certificate").await, (none(), none()));
    shown.set(until(10));
    watch.probe(&hub, 1).await;
    watch.pass(2).await;
    assert_eq!(watch.told("deployment_certificate").await, (vec!["Hub".to_owned()], none()));
    shown.set(until(90));
    watch.probe(&hub, 1).await;
    watch.pass(4).await;
    assert_eq!(watch.told("deployment_certificate").await, (none(), vec!["Hub".to_owned()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_answers_slowly_is_told_above_the_limit_somebody_set() {
    let watch = Watch::open().await;
    let slow = watch.watched("Slow", &server(Arc::new(AtomicBool::new(true)), Duration::from_millis(40)).await).await;
    let set = async |threshold: i64| {
        let rule = json!({ "on": true, "threshold": threshold, "for_s": 0 });
        watch.owner.put("/alerts/rules/deployment_slow", rule).await.ok();
        watch.look().await;
    };
    watch.probe(&slow, 3).await;
    set(20).await;
    assert_eq!(watch.told("deployment_slow").await.0, none(), "four answers say nothing of a share");
    watch.probe(&slow, 2).await;
    watch.look().await;
    assert_eq!(watch.told("deployment_slow").await.0, ["Slow"]);
    let alert = watch.owner.get("/alerts").await.ok()["active"][0].clone();
    assert!(alert["value"].as_i64().unwrap() >= 40 && alert["threshold"] == 20, "{alert}");
    set(30_000).await;
    assert_eq!(watch.told("deployment_slow").await, (none(), vec!["Slow".to_owned()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_comanda_is_alarmed_of_itself_is_seen_from_here() {
    let reach = Reach::open().await;
    let inside = async || reach.owner.get(&format!("{}/inside", reach.of)).await.ok()["alerts"].clone();
    let named = |alerts: Value| alerts.as_array().unwrap().iter().any(|alert| alert["rule"] == "memory_high");
    assert!(!named(inside().await));
    let always = json!({ "on": true, "threshold": 0, "for_s": 0 });
    reach.there.house.owner.put("/alerts/rules/memory_high", always).await.ok();
    let app = reach.there.house.app.running.app().clone();
    tokio::task::spawn_blocking(move || watch::look(&app)).await.unwrap().unwrap();
    assert!(named(inside().await));
}
