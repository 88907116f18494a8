//! Live updates, spoken as Socket.IO over plain HTTP polling.

use serde_json::{Value, json};

use crate::support::{Answer, Person, TestApp};

/// A screen that listens.
struct Screen {
    http: reqwest::Client,
    url: String,
}

impl Screen {
    async fn open(app: &TestApp, auth: Value) -> Self {
        let url = format!("{}/socket.io/?EIO=4&transport=polling", app.origin());
        let opened = app.http.get(&url).send().await.unwrap().text().await.unwrap();
        let opened: Value = serde_json::from_str(opened.strip_prefix('0').expect("an open packet")).unwrap();
        let screen = Self { http: app.http.clone(), url: format!("{url}&sid={}", opened["sid"].as_str().unwrap()) };
        let sent = screen.http.post(&screen.url).body(format!("40{auth}")).send().await.unwrap();
        assert_eq!(sent.status(), 200);
        screen
    }

    /// The packets of the next poll.
    async fn poll(&self) -> Vec<String> {
        let text = Answer::of(self.http.get(&self.url)).await.text;
        text.split('\u{1e}').map(str::to_owned).collect()
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
