//! Places outside: what fails again and again is left alone, is on the screen, and is found well again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::State;
use axum::http::StatusCode;
use comanda_engine::kernel::time::Clock;
use comanda_engine::outward::line::State as Breaker;
use comanda_engine::outward::service::Service;
use comanda_engine::outward::{Outward, Reason};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Person, TestApp};

/// A port where nobody answers now.
async fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// Takes what comes at a port and answers well.
async fn answers_at(port: u16) {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    let router = axum::Router::new().fallback(|| async { StatusCode::NO_CONTENT });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
}

async fn place(person: &Person) -> Value {
    person.get("~/outward").await.ok()[0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_that_is_gone_is_on_the_screen_and_comes_back_with_the_first_answer() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let port = free_port().await;
    let address = format!("http://127.0.0.1:{port}/hooks/very-secret-part");
    let added = owner.post("/alerts/targets", json!({ "name": "Chat", "address": address })).await.created();
    let test = format!("/alerts/targets/{}/test", added["target"]["id"].as_str().unwrap());
    for tried in 1..=5 {
        let health = owner.get("~/health/outward").await.ok();
        assert_eq!(health["status"], "ok", "after {tried}");
        assert_eq!(owner.post(&test, json!({})).await.ok()["reason"], "refused");
    }
    let gone = place(&owner).await;
    assert_eq!((&gone["service"], &gone["state"]), (&json!("webhook"), &json!("open")), "{gone}");
    // The address opens the chat, and is shown to nobody.
    assert_eq!(gone["place"], format!("http://127.0.0.1:{port}"));
    assert_eq!((&gone["calls"], &gone["failed"], &gone["last_reason"]), (&json!(5), &json!(5), &json!("refused")));
    assert!(gone["rests_until_ms"].as_i64() > gone["last_bad_ms"].as_i64(), "{gone}");
    let health = owner.get("~/health/outward").await.ok();
    assert_eq!((&health["status"], &health["error"]), (&json!("warn"), &json!("outward_fails")), "{health}");

    answers_at(port).await;
    assert_eq!(owner.post(&test, json!({})).await.ok()["status"], 204, "a person who asks is let out");
    let back = place(&owner).await;
    assert_eq!((&back["state"], &back["rests_until_ms"]), (&json!("closed"), &Value::Null), "{back}");
    assert_eq!(owner.get("~/health/outward").await.ok()["status"], "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_that_is_taken_off_troubles_nobody_any_more() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let address = format!("http://127.0.0.1:{}/hook", free_port().await);
    let added = owner.post("/alerts/targets", json!({ "name": "Chat", "address": address })).await.created();
    let target = format!("/alerts/targets/{}", added["target"]["id"].as_str().unwrap());
    for _ in 0..5 {
        owner.post(&format!("{target}/test"), json!({})).await.ok();
    }
    assert_eq!(owner.get("~/health/outward").await.ok()["status"], "warn");
    owner.delete(&target).await.gone();
    assert_eq!(owner.get("~/outward").await.ok(), json!([]));
    assert_eq!(owner.get("~/health/outward").await.ok()["status"], "ok");
}

/// Breaks off the first two connections, then answers; counts them all.
async fn breaks_off_twice() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            if counted.fetch_add(1, Ordering::SeqCst) >= 2 {
                assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
                stream.shutdown().await.unwrap();
            }
        }
    });
    (address, count)
}

#[tokio::test]
async fn a_reading_is_tried_again_and_what_changes_something_is_not() {
    let outward = Outward::new(Clock::system()).unwrap();
    let (address, count) = breaks_off_twice().await;
    let answer = outward.send(Service::Deployment, outward.client.get(&address)).await.unwrap();
    assert_eq!((answer.status(), count.load(Ordering::SeqCst)), (StatusCode::OK, 3));

    let (address, count) = breaks_off_twice().await;
    let failure = outward.send(Service::Deployment, outward.client.post(&address).body("x")).await.unwrap_err();
    assert_eq!((failure, count.load(Ordering::SeqCst)), (Reason::CutOff, 1));
}

#[tokio::test]
async fn what_is_down_is_not_asked_until_somebody_finds_it_well() {
    let outward = Outward::new(Clock::system()).unwrap();
    let port = free_port().await;
    let address = format!("http://127.0.0.1:{port}/");
    let ask = || outward.send(Service::Deployment, outward.client.post(&address));
    for _ in 0..5 {
        assert_eq!(ask().await.unwrap_err(), Reason::Refused);
    }
    assert_eq!(ask().await.unwrap_err(), Reason::Resting);
    assert_eq!(outward.failing(), 0, "a deployment that is down is no fault here");
    answers_at(port).await;
    assert_eq!(ask().await.unwrap_err(), Reason::Resting, "nobody found out yet");
    outward.try_send(Service::Deployment, outward.client.get(&address)).await.unwrap();
    assert_eq!(ask().await.unwrap().status(), StatusCode::NO_CONTENT);
}

/// Says each time that it is broken.
async fn broken(State(count): State<Arc<AtomicUsize>>) -> StatusCode {
    count.fetch_add(1, Ordering::SeqCst);
    StatusCode::BAD_GATEWAY
}

#[tokio::test]
async fn answers_that_say_it_is_broken_count_and_answers_that_say_no_do_not() {
    let outward = Outward::new(Clock::system()).unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let router = axum::Router::new().route("/broken", axum::routing::any(broken)).with_state(count.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    for _ in 0..10 {
        let answer = outward.send(Service::Webhook, outward.client.post(format!("{origin}/nothing"))).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    }
    for _ in 0..5 {
        assert_eq!(outward.places()[0].1.state(0), Breaker::Closed);
        outward.send(Service::Webhook, outward.client.post(format!("{origin}/broken"))).await.unwrap();
    }
    assert_eq!(outward.places()[0].1.state(0), Breaker::Open);
    assert_eq!((count.load(Ordering::SeqCst), outward.failing()), (5, 1));
}
