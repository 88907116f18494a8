//! Live updates, spoken as Socket.IO over plain HTTP polling.

use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp};
use crate::trade::{House, id};

/// A screen that listens.
pub struct Screen {
    http: reqwest::Client,
    url: String,
    /// Events that came with one that was asked for.
    heard: VecDeque<(String, Value)>,
}

impl Screen {
    pub async fn open(app: &TestApp, auth: Value) -> Self {
        let url = format!("{}/socket.io/?EIO=4&transport=polling", app.origin());
        let opened = app.http.get(&url).send().await.unwrap().text().await.unwrap();
        let opened: Value = serde_json::from_str(opened.strip_prefix('0').expect("an open packet")).unwrap();
        let url = format!("{url}&sid={}", opened["sid"].as_str().unwrap());
        let screen = Self { http: app.http.clone(), url, heard: VecDeque::new() };
        let sent = screen.http.post(&screen.url).body(format!("40{auth}")).send().await.unwrap();
        assert_eq!(sent.status(), 200);
        screen
    }

    /// The packets of the next poll.
    pub async fn poll(&self) -> Vec<String> {
        let answer = Answer::of(self.http.get(&self.url)).await;
        assert_eq!(answer.status, 200, "the connection is closed: {}", answer.text);
        answer.text.split('\u{1e}').map(str::to_owned).collect()
    }

    /// The next event of any name, in the order they are sent.
    pub async fn next(&mut self) -> (String, Value) {
        loop {
            if let Some(event) = self.heard.pop_front() {
                return event;
            }
            for packet in self.poll().await {
                assert!(!packet.starts_with("44") && packet != "41", "the connection was refused: {packet}");
                let Some(event) = packet.strip_prefix("42") else { continue };
                let (name, says) = serde_json::from_str(event).unwrap();
                self.heard.push_back((name, says));
            }
        }
    }

    /// Waits for an event and gives what it says.
    async fn event(&self, name: &str) -> Value {
        loop {
            for packet in self.poll().await {
                assert!(!packet.starts_with("44") && packet != "41", "the connection was refused: {packet}");
                let Some(event) = packet.strip_prefix("42") else { continue };
                let event: Value = serde_json::from_str(event).unwrap();
                if event[0] == name {
                    return event[1].clone();
                }
            }
        }
    }
}

fn auth(person: &Person) -> Value {
    json!({ "token": person.token(), "restaurant_id": person.restaurant_id() })
}

#[tokio::test]
async fn a_table_that_calls_is_told_by_its_own_name_and_once() {
    let house = House::open().await;
    let owner = &house.owner;
    let area = json!({ "name": "Room", "width_cm": 600, "height_cm": 400 });
    let area = owner.post("/floor/areas", area).await.created();
    let table = json!({ "area_id": area["id"], "name": "7", "shape": "square", "seats": 4,
        "spot": { "x_cm": 0, "y_cm": 0, "width_cm": 80, "height_cm": 80 } });
    let table = id(&owner.post("/floor/tables", table).await.created());
    let screen = Screen::open(&house.app, auth(owner)).await;
    screen.event("hello").await;
    let path = format!("/floor/tables/{table}/call");
    let key = uuid::Uuid::now_v7().to_string();
    let call = || owner.post_keyed(&key, &path, json!({ "wants": "bill" }));
    let (called, told) = tokio::join!(call(), screen.event("table:call_waiter"));
    called.ok();
    assert_eq!(told, json!({ "table_id": table, "table": "7", "wants": "bill" }));
    // The same request again is the same call: the next event is the next table's.
    assert!(call().await.replayed());
    owner.post(&format!("/floor/tables/{table}/answer"), json!({})).await.ok();
    let (_, told) = tokio::join!(owner.post(&path, json!({})), screen.event("table:call_waiter"));
    assert_eq!(told["wants"], "waiter");
}

#[tokio::test]
async fn screens_in_practice_and_at_work_hear_of_their_own_house_only() {
    let house = House::open().await;
    let owner = &house.owner;
    let mut practising = auth(owner);
    practising["practice"] = json!(true);
    owner.post("/practice", json!({})).await.created();
    let (work, practice) = (Screen::open(&house.app, auth(owner)).await, Screen::open(&house.app, practising).await);
    work.event("hello").await;
    practice.event("hello").await;
    let new = json!({ "service": "takeaway", "lines": [{ "item_id": house.pizza }] });
    let request = owner.request(reqwest::Method::POST, "/orders").header("x-practice", "1").json(&new);
    let told_of_orders = async {
        // The furnishing of the house may be told of first.
        while !practice.event("changed").await["features"].as_array().unwrap().contains(&json!("orders")) {}
    };
    let (answer, ()) = tokio::join!(Answer::of(request), told_of_orders);
    answer.created();
    // What the screen at work hears first is what happened at work.
    let (_, changed) = tokio::join!(owner.post("/menu/categories", json!({ "name": "Wine" })), work.event("changed"));
    assert_eq!(changed["features"], json!(["menu", "menu_now"]));
}

#[tokio::test]
async fn a_screen_is_greeted_and_told_what_changed() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let screen = Screen::open(&app, auth(&owner)).await;
    let hello = screen.event("hello").await;
    let (_, changed) =
        tokio::join!(owner.post("/menu/categories", json!({ "name": "Pizza" })), screen.event("changed"));
    assert_eq!(changed["features"], json!(["menu", "menu_now"]));
    assert!(changed["entry"].as_u64() > hello["entry"].as_u64(), "{hello} {changed}");
}

#[tokio::test]
async fn a_stranger_does_not_listen() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let refused = async |auth: Value| {
        let packets = Screen::open(&app, auth).await.poll().await;
        assert!(packets.iter().any(|packet| packet.starts_with("44")), "{packets:?}");
    };
    refused(json!({ "token": "guess", "restaurant_id": owner.restaurant_id() })).await;
    refused(json!({ "token": owner.token(), "restaurant_id": uuid::Uuid::now_v7() })).await;
    refused(json!({})).await;
    // A program follows the events its key is for, and is no screen.
    let new = json!({ "name": "Shop", "tier": "free", "scopes": ["menu.read"] });
    let key = owner.post("/api-keys", new).await.created()["key"].clone();
    refused(json!({ "token": key, "restaurant_id": owner.restaurant_id() })).await;
}

#[tokio::test]
async fn who_leaves_the_staff_stops_listening() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let waiter = app.staff(&owner, "waiter").await;
    let screen = Screen::open(&app, auth(&waiter)).await;
    screen.event("hello").await;
    let id = owner.get("/staff").await.ok()["items"][1]["id"].as_str().unwrap().to_owned();
    owner.patch(&format!("/staff/{id}"), json!({ "active": false })).await.ok();
    let mut packets = vec![];
    while !packets.iter().any(|packet: &String| packet == "41") {
        packets = screen.poll().await;
        assert!(!packets.iter().any(|packet| packet.starts_with("42")), "{packets:?}");
    }
}

#[tokio::test]
async fn an_engine_that_stops_does_not_wait_for_its_screens() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let screen = Screen::open(&app, auth(&owner)).await;
    screen.event("hello").await;
    let waits = tokio::spawn(async move { screen.poll().await });
    let begun = std::time::Instant::now();
    app.stop_and_keep().await;
    assert!(begun.elapsed().as_secs() < 5, "it took {:?}", begun.elapsed());
    waits.abort();
}
