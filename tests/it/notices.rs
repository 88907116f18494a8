//! Alerts are told outside: signed, in order, again until they arrive, and to nobody else.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use comanda_engine::alerts::watch;
use comanda_engine::kernel::time::Clock;
use comanda_engine::wall_clock;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Person, TestApp, instant};

const FRIDAY: &str = "2100-06-11T19:00:00+02:00";

/// Somebody who is told: what came, and what it answers next (200 when nothing is said).
#[derive(Clone, Default)]
struct Receiver {
    came: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    async fn open() -> (Self, String) {
        let receiver = Self::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hooks/very-secret-part", listener.local_addr().unwrap());
        let router = axum::Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (receiver, address)
    }

    fn answers(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    fn count(&self) -> usize {
        self.came.lock().unwrap().len()
    }

    async fn until(&self, count: usize) -> Vec<(HeaderMap, Value)> {
        let began = Instant::now();
        while self.count() < count {
            assert!(began.elapsed() < Duration::from_secs(20), "{} of {count} came", self.count());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let came = self.came.lock().unwrap();
        came.iter().map(|(headers, body)| (headers.clone(), serde_json::from_str(body).unwrap())).collect()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> StatusCode {
    receiver.came.lock().unwrap().push((headers, body));
    let status = receiver.answers.lock().unwrap().pop_front().unwrap_or(200);
    StatusCode::from_u16(status).unwrap()
}

async fn look(app: &TestApp) {
    let asked = app.running.app().clone();
    tokio::task::spawn_blocking(move || watch::look(&asked)).await.unwrap().unwrap();
}

/// The memory rule with a limit that is always passed, or never.
async fn memory(person: &Person, threshold: i64) {
    let change = json!({ "on": true, "threshold": threshold, "for_s": 0 });
    person.put("/alerts/rules/memory_high", change).await.ok();
}

async fn standing(person: &Person) -> Value {
    person.get("/alerts/targets").await.ok()["items"][0].clone()
}

async fn until_standing(person: &Person, wanted: &str) -> Value {
    let began = Instant::now();
    loop {
        let target = standing(person).await;
        if target["standing"] == wanted {
            return target;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "never {wanted}: {target}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A machine whose notices found nobody twice, so that the next try is far away, and that sleeps then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_to_be_told_again_is_told_when_the_computer_wakes_up() {
    let (wall, steady) = (Arc::new(AtomicI64::new(instant(FRIDAY))), Arc::new(AtomicI64::new(1_000_000)));
    let (shown, passed) = (wall.clone(), steady.clone());
    let clock = Clock::from_fns(move || shown.load(Ordering::SeqCst), move || passed.load(Ordering::SeqCst));
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.clock = clock).await;
    let owner = app.set_up().await;
    let (receiver, address) = Receiver::open().await;
    receiver.answers(&[500, 500]);
    owner.post("/alerts/targets", json!({ "name": "Chat", "address": address })).await.created();
    memory(&owner, 0).await;
    receiver.until(1).await;
    let began = Instant::now();
    while receiver.count() < 3 {
        assert!(began.elapsed() < Duration::from_secs(20), "{} of 3 came", receiver.count());
        wall.fetch_add(40_000, Ordering::SeqCst);
        steady.fetch_add(40_000, Ordering::SeqCst);
        wall_clock::watch::look(app.running.app()).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn type_of((_, body): &(HeaderMap, Value)) -> &str {
    body["type"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fires_and_ends_is_told_once_in_order_and_signed() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let (receiver, address) = Receiver::open().await;
    let added = owner.post("/alerts/targets", json!({ "name": "Chat", "address": address })).await.created();
    assert_eq!(added["target"]["standing"], "new");
    assert!(added["secret"].as_str().unwrap().starts_with("whsec_"), "{added}");
    memory(&owner, 0).await;
    let fired = &receiver.until(1).await[0];
    assert_eq!((type_of(fired), &fired.1["alert"]["rule"]), ("alert.fired", &json!("memory_high")));
    assert!(fired.1["text"].as_str().unwrap().starts_with("Comanda: Warning: memory high. It is "), "{}", fired.1);
    assert_eq!(fired.0["webhook-id"].len(), 36);
    assert!(fired.0["webhook-signature"].to_str().unwrap().starts_with("v1,"));
    memory(&owner, 10_000).await;
    look(&app).await;
    let all = receiver.until(2).await;
    assert_eq!(all.iter().map(type_of).collect::<Vec<_>>(), ["alert.fired", "alert.ended"]);
    assert_eq!(all[1].1["alert"]["id"], all[0].1["alert"]["id"]);
    assert!(all[1].1["alert"]["ended_ms"].is_i64());
    // Both are noted as told; the answer comes back before the note is made.
    let began = Instant::now();
    while standing(&owner).await["waiting"] != 0 {
        assert!(began.elapsed() < Duration::from_secs(20), "it goes on waiting");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let target = standing(&owner).await;
    assert_eq!(
        (&target["standing"], &target["status"], &target["reason"]),
        (&json!("arrives"), &json!(200), &Value::Null)
    );
    // A chat's address opens the chat: it is shown to nobody, and in no log.
    let listed = owner.get("/alerts/targets").await;
    assert!(!listed.text.contains("very-secret-part") && !listed.text.contains("whsec_"), "{}", listed.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_arrive_is_tried_again_in_its_order_also_after_a_restart() {
    let app = TestApp::start().await;
    app.at(FRIDAY);
    let owner = app.set_up().await;
    let owner = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let (receiver, address) = Receiver::open().await;
    receiver.answers(&[500, 500]);
    owner.post("/alerts/targets", json!({ "name": "Chat", "address": address })).await.created();
    memory(&owner, 0).await;
    receiver.until(1).await;
    let target = until_standing(&owner, "failing").await;
    assert_eq!((&target["status"], &target["reason"], &target["waiting"]), (&json!(500), &json!("status"), &json!(1)));
    memory(&owner, 10_000).await;
    look(&app).await;
    // It is over meanwhile; that waits behind what is not told yet.
    assert_eq!(standing(&owner).await["waiting"], 2);
    let app = app.restart().await;
    app.at(FRIDAY);
    let owner = app.again(&owner);
    assert_eq!(receiver.count(), 1, "before its time");
    app.pass_ms(5_000);
    app.running.app().notices.notify_one();
    receiver.until(2).await;
    until_standing(&owner, "failing").await;
    app.pass_ms(30_000);
    app.running.app().notices.notify_one();
    let all = receiver.until(4).await;
    let told: Vec<_> = all.iter().map(type_of).collect();
    assert_eq!(told, ["alert.fired", "alert.fired", "alert.fired", "alert.ended"]);
    assert_eq!(all[0].0["webhook-id"], all[2].0["webhook-id"], "whoever gets it twice can tell");
    until_standing(&owner, "arrives").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_at_the_address_is_given_up_after_half_a_day_and_holds_up_no_other() {
    let app = TestApp::start().await;
    app.at(FRIDAY);
    let owner = app.set_up().await;
    let owner = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    owner.post("/alerts/targets", json!({ "name": "Nobody", "address": nobody })).await.created();
    let (receiver, address) = Receiver::open().await;
    owner.post("/alerts/targets", json!({ "name": "Chat", "address": address })).await.created();
    memory(&owner, 0).await;
    receiver.until(1).await;
    let refused = until_standing(&owner, "failing").await;
    assert_eq!((&refused["name"], &refused["reason"]), (&json!("Nobody"), &json!("refused")));
    let mut tried_ms = refused["tried_ms"].as_i64().unwrap();
    for wait_s in [5, 30, 120, 600, 1_800, 7_200, 33_600] {
        app.pass_ms(wait_s * 1_000);
        app.running.app().notices.notify_one();
        let began = Instant::now();
        while standing(&owner).await["tried_ms"].as_i64().unwrap() == tried_ms {
            assert!(began.elapsed() < Duration::from_secs(20), "not tried after {wait_s} s");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tried_ms = standing(&owner).await["tried_ms"].as_i64().unwrap();
    }
    let target = until_standing(&owner, "given_up").await;
    assert_eq!(target["waiting"], 0);
    assert_eq!(receiver.count(), 1);
}

#[tokio::test]
async fn who_is_told_is_tested_removed_and_chosen_by_how_bad_it_is() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let (receiver, address) = Receiver::open().await;
    let new = json!({ "name": "Chat", "address": address, "only_critical": true });
    let added = owner.post_keyed("one", "/alerts/targets", new.clone()).await.created();
    owner.post_keyed("one", "/alerts/targets", new).await.refused("conflict");
    let path = format!("/alerts/targets/{}", added["target"]["id"].as_str().unwrap());
    receiver.answers(&[204, 302, 404]);
    let test = async || owner.post(&format!("{path}/test"), json!({})).await.ok();
    assert_eq!(test().await, json!({ "reason": null, "status": 204 }));
    assert_eq!(test().await, json!({ "reason": "redirected", "status": 302 }));
    assert_eq!(test().await, json!({ "reason": "status", "status": 404 }));
    assert_eq!(receiver.until(3).await[0].1["type"], "test");
    // A warning is not told to who wants to hear what is critical.
    memory(&owner, 0).await;
    look(&app).await;
    assert_eq!(standing(&owner).await["waiting"], 0);
    let manager = app.staff(&owner, "manager").await;
    manager.get("/alerts/targets").await.ok();
    manager.delete(&path).await.refused("forbidden");
    owner.delete(&path).await.gone();
    owner.delete(&path).await.refused("not_found");
    owner.post(&format!("{path}/test"), json!({})).await.refused("not_found");
    for bad in ["", "ftp://x.example", "http://chat.example/hook", "https://a:b@chat.example/"] {
        owner.post("/alerts/targets", json!({ "name": "Chat", "address": bad })).await.invalid("address");
    }
    for at in 0..10 {
        let new = json!({ "name": format!("Chat {at}"), "address": address });
        owner.post("/alerts/targets", new).await.created();
    }
    owner.post("/alerts/targets", json!({ "name": "Chat", "address": address })).await.refused("rule_violated");
}

fn mail_server(port: u16) -> Value {
    json!({ "host": "127.0.0.1", "port": port, "security": "none", "user": "comanda", "password": "app-password-1",
            "sender": "Comanda <comanda@example.com>" })
}

#[tokio::test]
async fn mail_goes_through_a_server_whose_password_nobody_is_shown() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let boss = json!({ "name": "Boss", "address": "mailto:boss@example.com", "only_critical": false });
    owner.post("/alerts/targets", boss.clone()).await.refused("rule_violated");
    assert_eq!(owner.get("/alerts/mail").await.ok()["server"], Value::Null);
    let put = owner.put("/alerts/mail", mail_server(587)).await;
    assert!(!put.text.contains("app-password-1"), "{}", put.text);
    let shown = owner.get("/alerts/mail").await;
    assert_eq!((&shown.json()["server"]["user"], shown.text.contains("password")), (&json!("comanda"), false));
    let added = owner.post("/alerts/targets", boss.clone()).await.created();
    assert_eq!((&added["secret"], &added["target"]["origin"]), (&Value::Null, &json!("boss@example.com")));

    let refused = |change: Value| {
        let mut server = mail_server(587);
        for (field, value) in change.as_object().unwrap() {
            server[field] = value.clone();
        }
        let owner = owner.clone();
        async move { owner.put("/alerts/mail", server).await }
    };
    refused(json!({ "host": "mail.example.com" })).await.invalid("security");
    refused(json!({ "sender": "nobody" })).await.invalid("sender");
    refused(json!({ "port": 0 })).await.invalid("port");
    // A password goes to no other server than the one it was given for.
    refused(json!({ "host": "localhost", "password": null })).await.invalid("password");
    refused(json!({ "port": 2525, "password": null })).await.ok();
    for wrong in ["mailto:boss", "mailto:", "mailto:a@b.example\r\nBcc: c@d.example"] {
        let target = json!({ "name": "Boss", "address": wrong, "only_critical": false });
        owner.post("/alerts/targets", target).await.invalid("address");
    }
    let manager = app.staff(&owner, "manager").await;
    manager.put("/alerts/mail", mail_server(587)).await.refused("forbidden");
    owner.delete("/alerts/mail").await.gone();
    owner.delete("/alerts/mail").await.refused("not_found");
}

#[tokio::test]
async fn mail_that_does_not_leave_says_why_and_waits() {
    let app = TestApp::start().await;
    app.at(FRIDAY);
    let owner = app.set_up().await;
    // A port nobody listens on.
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    owner.put("/alerts/mail", mail_server(closed)).await.ok();
    let boss = json!({ "name": "Boss", "address": "mailto:boss@example.com", "only_critical": false });
    let target = owner.post("/alerts/targets", boss).await.created()["target"]["id"].as_str().unwrap().to_owned();
    let tried = owner.post(&format!("/alerts/targets/{target}/test"), json!({})).await.ok();
    assert_eq!(tried["reason"], "refused");
    memory(&owner, 1).await;
    look(&app).await;
    let failing = until_standing(&owner, "failing").await;
    assert_eq!((&failing["reason"], &failing["waiting"]), (&json!("refused"), &json!(1)));
    owner.delete("/alerts/mail").await.gone();
    let tried = owner.post(&format!("/alerts/targets/{target}/test"), json!({})).await.ok();
    assert_eq!(tried["reason"], "no_mail_server");
}
