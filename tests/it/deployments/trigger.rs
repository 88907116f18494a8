//! Backups of a service that is no Comanda, asked for from here: against a server that makes them, slowly, badly or not.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::backups::until;
use crate::support::{Person, TestApp};
use crate::trade::id;

const SECRET: &str = "k-9pQ-secret-value";

/// A shop that backs itself up: what it says next of a job, the last of them for ever; and what was asked.
#[derive(Clone, Default)]
struct Shop {
    says: Arc<Mutex<Vec<Value>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Shop {
    async fn open(says: &[Value]) -> (Self, String) {
        let shop = Self { says: Arc::new(Mutex::new(says.to_vec())), asked: Arc::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let router = axum::Router::new()
            .route("/health", get(|| async { StatusCode::NO_CONTENT }))
            .route("/backups", post(Self::begin))
            .route("/jobs/{id}", get(Self::job))
            .with_state(shop.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (shop, origin)
    }

    async fn begin(State(shop): State<Self>, headers: HeaderMap, body: String) -> Response {
        let key = headers.get("x-api-key").map(|key| key.to_str().unwrap()).unwrap_or_default();
        shop.asked.lock().unwrap().push(format!("POST {key} {body}"));
        if key != SECRET {
            return (StatusCode::FORBIDDEN, format!("no key {key}")).into_response();
        }
        (StatusCode::ACCEPTED, Json(json!({ "job": { "href": "/jobs/7", "echo": key } }))).into_response()
    }

    async fn job(State(shop): State<Self>, Path(job): Path<String>, headers: HeaderMap) -> Response {
        let has_key = headers.get("x-api-key").is_some_and(|key| key == SECRET);
        shop.asked.lock().unwrap().push(format!("GET {job} {has_key}"));
        let mut says = shop.says.lock().unwrap();
        let now = if says.len() > 1 { says.remove(0) } else { says[0].clone() };
        match now["status"].as_u64() {
            Some(status) => StatusCode::from_u16(status as u16).unwrap().into_response(),
            None => Json(now).into_response(),
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn wish(origin: &str) -> Value {
    json!({
        "method": "POST", "url": format!("{origin}/backups"), "body": "{\"full\":true}",
        "headers": [
            { "name": "X-Api-Key", "value": SECRET, "secret": true }, { "name": "x-from", "value": "comanda" },
        ],
        "statuses": [202],
        "poll": {
            "pointer": "/job/href", "every_s": 1,
            "done": { "pointer": "/state", "equals": "done" }, "failed": { "pointer": "/state", "equals": "broken" },
        },
        "limit_s": 30,
    })
}

/// A shop that is registered here, and how it is backed up.
async fn shop_at(owner: &Person, origin: &str, wish: Value) -> String {
    let new = json!({ "name": origin, "kind": "http", "address": format!("{origin}/health"), "every_s": 3600 });
    let trigger = format!("/deployments/{}/trigger", id(&owner.post("/deployments", new).await.created()));
    owner.put(&trigger, wish).await.ok();
    trigger
}

async fn run(owner: &Person, trigger: &str) -> Value {
    let begun = owner.post(&format!("{trigger}/runs"), json!({})).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
    let begun = begun.json();
    assert_eq!(begun["state"], "running", "{begun}");
    let page = until(owner, trigger, |page| page["runs"][0]["state"] != "running").await;
    assert_eq!(page["runs"][0]["id"], begun["id"], "{page}");
    page["runs"][0].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_is_asked_for_once_watched_until_it_is_made_and_remembered() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let (shop, origin) = Shop::open(&[json!({ "state": "packing" }), json!({ "state": "done" })]).await;
    let trigger = shop_at(&owner, &origin, wish(&origin)).await;
    let made = run(&owner, &trigger).await;
    assert_eq!(
        (&made["state"], &made["said"], &made["fault"]),
        (&json!("done"), &json!("done"), &Value::Null),
        "{made}"
    );
    assert_eq!((&made["polls"], &made["status"], &made["by"]), (&json!(2), &json!(200), &json!("Lucia Rossi")));
    assert!(made["ended_ms"].as_i64() > made["began_ms"].as_i64(), "{made}");
    let first = format!("POST {SECRET} {{\"full\":true}}");
    assert_eq!(shop.asked(), [first, "GET 7 true".to_owned(), "GET 7 true".to_owned()]);

    let key = "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a21";
    let runs = format!("{trigger}/runs");
    let once = owner.post_keyed(key, &runs, json!({})).await.json();
    let twice = owner.post_keyed(key, &runs, json!({})).await;
    assert_eq!(
        (twice.status, &twice.json()["id"]),
        (StatusCode::ACCEPTED, &once["id"]),
        "the same press is one backup"
    );
    let page = until(&owner, &trigger, |page| page["runs"][0]["state"] != "running").await;
    assert_eq!(page["runs"].as_array().unwrap().len(), 2, "{page}");
    assert_eq!(shop.asked().iter().filter(|asked| asked.starts_with("POST")).count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_there_is_said_for_what_it_is() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let outcome = async |says: &[Value], change: Value| {
        let (_shop, origin) = Shop::open(says).await;
        let mut wish = wish(&origin);
        for (name, value) in change.as_object().unwrap() {
            wish[name] = value.clone();
        }
        let trigger = shop_at(&owner, &origin, wish).await;
        let made = run(&owner, &trigger).await;
        assert_eq!(made["state"], "failed", "{made}");
        made
    };
    let running = [json!({ "state": "packing" })];
    let made = outcome(&[json!({ "state": "packing" }), json!({ "state": "broken" })], json!({})).await;
    assert_eq!((&made["fault"], &made["said"]), (&json!("says_failed"), &json!("broken")), "{made}");
    let made = outcome(&running, json!({ "statuses": [] , "headers": [] })).await;
    assert_eq!((&made["fault"], &made["status"], &made["polls"]), (&json!("status"), &json!(403), &json!(0)), "{made}");
    let made = outcome(&running, json!({ "limit_s": 2 })).await;
    assert_eq!((&made["fault"], &made["said"]), (&json!("time_up"), &json!("packing")), "{made}");
    let made = outcome(&[json!({ "status": 500 })], json!({})).await;
    assert_eq!((&made["fault"], &made["status"], &made["polls"]), (&json!("status"), &json!(500), &json!(5)), "{made}");
    let says = json!({ "pointer": "/job/href", "equals": "elsewhere" });
    let made = outcome(&running, json!({ "says": says, "poll": null })).await;
    assert_eq!((&made["fault"], &made["said"]), (&json!("says_other"), &json!("/jobs/7")), "{made}");
    let says = json!({ "pointer": "/job", "equals": "7" });
    assert_eq!(outcome(&running, json!({ "says": says })).await["fault"], "says_nothing");
    let mut poll = wish("")["poll"].clone();
    poll["pointer"] = json!("/nothing");
    assert_eq!(outcome(&running, json!({ "poll": poll })).await["fault"], "no_poll_address");
    let made = outcome(&running, json!({ "url": "http://127.0.0.1:1/" })).await;
    assert_eq!((&made["fault"], &made["reason"]), (&json!("no_answer"), &json!("refused")), "{made}");
    // It says our secret back: that is not quoted.
    let says = json!({ "pointer": "/job/echo", "equals": "fine" });
    let made = outcome(&running, json!({ "says": says, "poll": null })).await;
    assert_eq!((&made["fault"], &made["said"]), (&json!("says_other"), &Value::Null), "{made}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_header_goes_to_its_server_alone_and_is_shown_to_nobody() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let (shop, origin) = Shop::open(&[json!({ "state": "done" })]).await;
    let (other, elsewhere) = Shop::open(&[json!({ "state": "done" })]).await;
    let trigger = shop_at(&owner, &origin, wish(&origin)).await;
    let page = owner.get(&trigger).await;
    assert!(!page.text.contains(SECRET), "{}", page.text);
    let headers = json!([{ "name": "x-api-key", "value": null }, { "name": "x-from", "value": "comanda" }]);
    assert_eq!(page.ok()["trigger"]["headers"], headers);

    // Left out it stays; at another server it has to be typed again.
    let mut again = wish(&origin);
    again["headers"] = json!([{ "name": "x-api-key", "secret": true }]);
    owner.put(&trigger, again.clone()).await.ok();
    assert_eq!(run(&owner, &trigger).await["state"], "done");
    again["url"] = json!(format!("{elsewhere}/backups"));
    owner.put(&trigger, again).await.invalid("headers[0].value");
    assert_eq!(run(&owner, &trigger).await["state"], "done", "what was refused changed nothing");
    assert_eq!((shop.asked().len(), other.asked().len()), (4, 0));

    // Where to ask on may be said by the server: only of itself.
    let mut lured = wish(&origin);
    lured["poll"]["pointer"] = json!(null);
    lured["poll"]["url"] = json!(format!("{elsewhere}/jobs/7"));
    owner.put(&trigger, lured).await.invalid("poll.url");

    let kept = app.folder.path().join("deployments").join("tokens.json");
    assert!(std::fs::read_to_string(&kept).unwrap().contains(SECRET));
    let of = trigger.trim_end_matches("/trigger").to_owned();
    let folder = app.stop_and_keep().await;
    let mut folders = vec![folder.path().to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in std::fs::read_dir(inside).unwrap() {
            let entry = entry.unwrap().path();
            if entry.is_dir() {
                folders.push(entry);
            } else if entry != kept {
                let bytes = std::fs::read(&entry).unwrap();
                assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "{}", entry.display());
            }
        }
    }
    let app = TestApp::start_in(folder).await;
    let owner = app.again(&owner);
    assert_eq!(run(&owner, &trigger).await["state"], "done");
    owner.delete(&of).await.gone();
    assert!(!std::fs::read_to_string(app.folder.path().join("deployments/tokens.json")).unwrap().contains(SECRET));
    owner.get(&trigger).await.refused("not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_is_under_way_at_a_time_is_let_go_by_a_press_and_ends_with_the_engine() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let (_shop, origin) = Shop::open(&[json!({ "state": "packing" })]).await;
    let trigger = shop_at(&owner, &origin, wish(&origin)).await;
    let runs = format!("{trigger}/runs");
    let begun = owner.post(&runs, json!({})).await.json();
    until(&owner, &trigger, |page| page["runs"][0]["said"] == "packing").await;
    owner.post(&runs, json!({})).await.refused("conflict");
    owner.delete(&format!("{runs}/{}", id(&begun))).await.gone();
    let page = owner.get(&trigger).await.ok();
    assert_eq!((&page["runs"][0]["state"], &page["runs"][0]["fault"]), (&json!("stopped"), &Value::Null), "{page}");
    owner.delete(&format!("{runs}/{}", uuid::Uuid::now_v7())).await.refused("not_found");

    let began = std::time::Instant::now();
    let second = loop {
        let answer = owner.post(&runs, json!({})).await;
        if answer.status == StatusCode::ACCEPTED {
            break answer.json();
        }
        assert!(began.elapsed().as_secs() < 10, "{}", answer.text);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    let app = app.restart().await;
    let owner = app.again(&owner);
    let run = owner.get(&trigger).await.ok()["runs"][0].clone();
    assert_eq!((&run["id"], &run["state"], &run["fault"]), (&second["id"], &json!("failed"), &json!("interrupted")));
    owner.delete(&trigger).await.gone();
    let page = owner.get(&trigger).await.ok();
    assert_eq!((&page["trigger"], page["runs"].as_array().unwrap().len()), (&Value::Null, 2), "{page}");
    owner.post(&runs, json!({})).await.refused("rule_violated");
}

#[tokio::test]
async fn what_cannot_be_a_trigger_is_told_at_its_field_and_a_comanda_has_none() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let origin = "https://shop.example";
    let trigger = shop_at(&owner, origin, wish(origin)).await;
    for (pointer, value, field) in [
        ("/url", json!("ftp://shop.example"), "url"),
        ("/url", json!("http://shop.example/backups"), "headers[0].value"),
        ("/method", json!("DELETE"), "method"),
        ("/headers/0/name", json!("two words"), "headers[0].name"),
        ("/headers/1/value", json!(""), "headers[1].value"),
        ("/headers/1/name", json!("x-api-key"), "headers[1].name"),
        ("/statuses/0", json!(99), "statuses[0]"),
        ("/poll/every_s", json!(0), "poll.every_s"),
        ("/poll/done/pointer", json!("state"), "poll.done.pointer"),
        ("/poll/pointer", json!(null), "poll.url"),
        ("/limit_s", json!(100_000), "limit_s"),
    ] {
        let mut wish = wish(origin);
        *wish.pointer_mut(pointer).unwrap() = value;
        let answer = owner.put(&trigger, wish).await;
        assert!(!answer.text.contains(SECRET), "{}", answer.text);
        answer.invalid(field);
    }
    let comanda = json!({ "name": "Via Roma", "kind": "comanda", "address": "https://roma.example", "every_s": 3600 });
    let comanda = id(&owner.post("/deployments", comanda).await.created());
    owner.put(&format!("/deployments/{comanda}/trigger"), wish(origin)).await.refused("rule_violated");
    let manager = app.staff(&owner, "manager").await;
    manager.get(&trigger).await.refused("forbidden");
    app.staff(&owner, "admin").await.get(&trigger).await.ok();
}
