//! The door of the house over real TLS: who is let in, what they are not given, pairing, and another desk.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use comanda_engine::house::authority::Authority;
use comanda_engine::house::door::{Door, Shows};
use comanda_engine::serve::Purpose;
use reqwest::header::{HOST, ORIGIN};
use reqwest::{Certificate, Client, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

use crate::backups::until;
use crate::support::{Answer, Person, TestApp};

/// A port nobody listens on, just now.
async fn free_port() -> u16 {
    TcpListener::bind("0.0.0.0:0").await.unwrap().local_addr().unwrap().port()
}

/// A restaurant whose door is open, and the way to it.
pub struct House {
    pub app: TestApp,
    pub owner: Person,
    pub port: u16,
    /// `comanda-7k2m.local`.
    pub name: String,
}

impl House {
    pub async fn open() -> Self {
        let app = TestApp::start().await;
        let owner = app.set_up().await;
        let (port, door) = opened(&owner).await;
        assert_eq!((&door["is_open"], &door["wanted"], &door["trouble"]), (&json!(true), &json!(true), &json!(null)));
        let name = door["addresses"][0].as_str().unwrap().strip_prefix("https://").unwrap();
        let name = name.rsplit_once(':').unwrap().0.to_owned();
        Self { app, owner, port, name }
    }

    pub fn root(&self) -> String {
        format!("https://{}:{}", self.name, self.port)
    }

    pub async fn authority(&self) -> Certificate {
        let answer = self.app.stranger().get("~/house/authority").await;
        assert_eq!(answer.header("content-type"), "application/x-x509-ca-cert");
        Certificate::from_pem(answer.text.as_bytes()).unwrap()
    }

    /// A machine of the house that trusts its authority.
    pub async fn guest(&self) -> Client {
        let address = SocketAddr::from(([127, 0, 0, 1], self.port));
        Client::builder().tls_certs_only([self.authority().await]).resolve(&self.name, address).build().unwrap()
    }

    /// Somebody who comes by the door.
    pub fn person(&self, http: &Client, token: Option<&str>) -> Person {
        let nobody = Person::stranger("").by(http, &format!("{}/api/v1", self.root()));
        match token {
            Some(token) => nobody.with(token, self.owner.restaurant_id()),
            None => nobody.at(self.owner.restaurant_id()),
        }
    }

    pub async fn code(&self) -> Value {
        self.owner.post("/house/codes", json!({})).await.created()
    }

    /// A device that gave its code and waits.
    pub async fn asks(&self, http: &Client, name: &str) -> (Person, Value) {
        let asked = json!({ "code": self.code().await["code"], "name": name });
        let asked = self.person(http, None).post("~/house/pairings", asked).await.created();
        (self.person(http, asked["token"].as_str()), asked)
    }

    pub async fn devices(&self) -> Value {
        self.owner.get("/house/devices").await.ok()
    }

    /// A tablet that was confirmed.
    pub async fn tablet(&self, http: &Client) -> Person {
        let (waits, _) = self.asks(http, "Terrace").await;
        let id = self.devices().await["waiting"][0]["id"].as_str().unwrap().to_owned();
        self.owner.post(&format!("/house/waiting/{id}"), json!({})).await.gone();
        let looked = waits.post("~/house/pairings/look", json!({})).await.ok();
        assert_eq!(looked["state"], "paired");
        self.person(http, looked["session"]["token"].as_str())
    }
}

/// Opens the door on a free port.
async fn opened(owner: &Person) -> (u16, Value) {
    for _ in 0..5 {
        let port = free_port().await;
        let answer = owner.put("~/house", json!({ "is_open": true, "port": port })).await;
        if answer.status == StatusCode::OK {
            return (port, answer.ok());
        }
    }
    panic!("no port is free for as long as it takes to open it");
}

#[tokio::test]
async fn the_door_is_shut_until_an_owner_opens_it_and_shuts_again_with_whoever_is_inside() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let door = owner.get("~/house").await.ok();
    assert_eq!((&door["is_open"], &door["port"], &door["fingerprint"]), (&json!(false), &json!(8788), &json!(null)));
    app.stranger().get("~/house/authority").await.refused("not_found");
    let manager = app.staff(&owner, "manager").await;
    manager.put("~/house", json!({ "is_open": true, "port": 8788 })).await.refused("forbidden");
    owner.put("~/house", json!({ "is_open": true, "port": 80 })).await.invalid("port");

    let house = House::open().await;
    let http = house.guest().await;
    assert_eq!(http.get(format!("{}/health/live", house.root())).send().await.unwrap().status(), 200);
    // A live channel is open while the door is shut.
    let channel = http.get(format!("{}/socket.io/?EIO=4&transport=websocket", house.root()));
    let channel = channel.header("connection", "upgrade").header("upgrade", "websocket").header(ORIGIN, house.root());
    let channel = channel.header("sec-websocket-version", "13").header("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA==");
    let answer = channel.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
    let mut channel = answer.upgrade().await.unwrap();
    let mut bytes = [0; 1024];
    assert!(channel.read(&mut bytes).await.unwrap() > 0, "it says hello");
    house.owner.put("~/house", json!({ "is_open": false, "port": house.port })).await.ok();
    let ended = async { while channel.read(&mut bytes).await.is_ok_and(|read| read > 0) {} };
    tokio::time::timeout(Duration::from_secs(5), ended).await.expect("the channel outlives the door");
    assert!(http.get(format!("{}/health/live", house.root())).send().await.is_err());
    assert!(TcpStream::connect(("127.0.0.1", house.port)).await.is_err());
    // Nothing of it is needed for the window, which goes on.
    assert_eq!(house.owner.get("~/house").await.ok()["is_open"], false);
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_in_a_sentence_and_changes_nothing() {
    let house = House::open().await;
    let taken = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = house.owner.put("~/house", json!({ "is_open": true, "port": port })).await.refused("conflict");
    assert!(error["message"].as_str().unwrap().contains(&format!("port {port}")), "{error}");
    let door = house.owner.get("~/house").await.ok();
    assert_eq!((&door["is_open"], &door["port"]), (&json!(true), &json!(house.port)));
    assert_eq!(house.guest().await.get(format!("{}/health/live", house.root())).send().await.unwrap().status(), 200);

    // Taken when the engine starts: it runs all the same, and says so.
    let folder = house.app.stop_and_keep().await;
    let squatter = TcpListener::bind(("0.0.0.0", house.port)).await.unwrap();
    let app = TestApp::start_in(folder).await;
    let owner = app.again(&house.owner);
    let door = until(&owner, "~/house", |door| door["trouble"].is_string()).await;
    assert_eq!((&door["wanted"], &door["is_open"]), (&json!(true), &json!(false)));
    drop(squatter);
}

#[tokio::test]
async fn only_who_trusts_the_house_s_authority_gets_through_and_it_is_the_same_after_a_restart() {
    let house = House::open().await;
    let url = format!("{}/health/live", house.root());
    let address = SocketAddr::from(([127, 0, 0, 1], house.port));
    let stranger = Client::builder().resolve(&house.name, address).build().unwrap();
    let refused = stranger.get(&url).send().await.unwrap_err();
    assert!(format!("{refused:?}").to_lowercase().contains("certificate"), "{refused:?}");
    // Another name than its own is not what it shows.
    let guest = Client::builder().tls_certs_only([house.authority().await]);
    let other = guest.resolve("comanda-0000.local", address).build().unwrap();
    assert!(other.get(format!("https://comanda-0000.local:{}/health/live", house.port)).send().await.is_err());
    let (before, pem) =
        (house.owner.get("~/house").await.ok(), house.app.stranger().get("~/house/authority").await.text);
    assert_eq!(before["fingerprint"].as_str().unwrap().split(':').count(), 32);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = house.app.folder.path().join("house/authority.key");
        assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    }

    let guest = house.guest().await;
    let app = house.app.restart().await;
    let owner = app.again(&house.owner);
    let after = until(&owner, "~/house", |door| door["is_open"] == true).await;
    assert_eq!((&after["fingerprint"], &after["addresses"]), (&before["fingerprint"], &before["addresses"]));
    assert_eq!(app.stranger().get("~/house/authority").await.text, pem);
    assert_eq!(guest.get(&url).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn the_authority_vouches_for_the_house_and_for_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::make(folder.path()).unwrap();
    let now_ms = comanda_engine::kernel::time::Clock::system().now_ms();
    let reached = async |name: &str| {
        let shown = authority.show(&[name.to_owned()], now_ms).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let shows = Shows::new(shown.key);
        let router = axum::Router::new().route("/", axum::routing::get(|| async { "in" }));
        let door = Door::open(address.port(), shows, Arc::default(), router).await.unwrap();
        let root = Certificate::from_pem(authority.pem.as_bytes()).unwrap();
        let client = Client::builder().tls_certs_only([root]).resolve(name, address).build().unwrap();
        let answer = client.get(format!("https://{name}:{}/", address.port())).send().await;
        door.close(Duration::from_millis(100)).await;
        answer.map(|answer| answer.status().as_u16()).ok()
    };
    assert_eq!(reached("comanda-7k2m.local").await, Some(200));
    assert_eq!(reached("bank.example").await, None);
    assert_eq!(reached("local.bank.example").await, None);
    // One that is over or has other names is made anew; one that is good is not.
    let day_ms = 24 * 60 * 60 * 1000;
    let names = vec!["comanda-7k2m.local".to_owned()];
    let shown = authority.show(&names, now_ms).unwrap();
    assert!(!shown.is_over(&names, now_ms) && !shown.is_over(&names, now_ms + 59 * day_ms));
    assert!(shown.is_over(&names, now_ms + 61 * day_ms) && shown.is_over(&[], now_ms));
    assert!(shown.is_over(&names, now_ms - 10 * day_ms), "a clock that was put back");
}

#[tokio::test]
async fn a_name_or_a_page_of_elsewhere_is_turned_away_also_for_a_websocket() {
    let house = House::open().await;
    let http = house.guest().await;
    let from = async |path: &str, host: &str, origin: Option<&str>| {
        let mut request = http.get(format!("{}{path}", house.root())).header(HOST, host);
        if let Some(origin) = origin {
            request = request.header(ORIGIN, origin);
        }
        request.send().await.unwrap()
    };
    let (own, live) = (format!("{}:{}", house.name, house.port), "/health/live");
    assert_eq!(from(live, &own, None).await.status(), 200);
    assert_eq!(from(live, &own, Some(&house.root())).await.status(), 200);
    for host in ["evil.example", "localhost", "127.0.0.1", &format!("{}.evil.example", house.name)] {
        assert_eq!(from(live, host, None).await.status(), 403, "{host}");
    }
    // Pages of ours at the window, too: here only what this door serves may ask.
    for origin in
        ["https://evil.example", "null", "tauri://localhost", "http://localhost:5173", &format!("http://{own}")]
    {
        assert_eq!(from(live, &own, Some(origin)).await.status(), 403, "{origin}");
        let socket = "/socket.io/?EIO=4&transport=websocket";
        assert_eq!(from(socket, &own, Some(origin)).await.status(), 403, "{origin}");
    }
    // The window's listener knows none of the house's names.
    let window = house.app.http.get(house.app.url("/health")).header(HOST, &own);
    Answer::of(window).await.refused("forbidden");
}

#[tokio::test]
async fn whoever_comes_by_the_door_gets_nothing_that_is_for_this_computer() {
    let house = House::open().await;
    let http = house.guest().await;
    let outside = house.person(&http, None);
    // The window's own codes open nothing there, and are not used up.
    let code = house.app.running.one_time_code(Purpose::Console);
    outside.post("~/codes/exchange", json!({ "code": code })).await.refused("forbidden");
    assert_eq!(house.app.stranger().post("~/codes/exchange", json!({ "code": code })).await.ok()["kind"], "session");
    let setup = house.app.running.app().codes.mint_setup_token(house.app.now_ms());
    let setup = house.person(&http, Some(setup.as_str()));
    setup.post("~/setup", json!({})).await.refused("forbidden");
    setup.get("~/setup/join").await.refused("forbidden");
    setup.get("~/house/nearby").await.refused("forbidden");
    // Also the owner, logged in with a password, opens no door and lets no device in from there.
    let owner = house.person(&http, Some(house.owner.token()));
    owner.get("~/me").await.ok();
    owner.put("~/house", json!({ "is_open": false, "port": house.port })).await.refused("forbidden");
    owner.post("/house/codes", json!({})).await.refused("forbidden");
    let (waits, _) = house.asks(&http, "Mine").await;
    let id = house.devices().await["waiting"][0]["id"].as_str().unwrap().to_owned();
    owner.post(&format!("/house/waiting/{id}"), json!({})).await.refused("forbidden");
    assert_eq!(waits.post("~/house/pairings/look", json!({})).await.ok()["state"], "waiting");
    // What is asked without a token answers as everywhere.
    outside.get("/menu").await.refused("unauthenticated");
    outside.get("~/me").await.refused("unauthenticated");
}

#[tokio::test]
async fn another_desk_finds_the_door_by_its_name_links_and_trusts_the_house_s_authority_alone() {
    let house = House::open().await;
    let bar = TestApp::start().await;
    let setup = bar.person(&bar.setup_token().await, "");
    let near = setup.get("~/house/nearby").await.ok();
    let found =
        near["items"].as_array().unwrap().iter().find(|one| house.name.starts_with(one["name"].as_str().unwrap()));
    let Some(found) = found else {
        eprintln!("nobody is heard here: no multicast, so linking by name was not tried: {near}");
        return;
    };
    assert_eq!(found["addresses"][0], house.root());
    assert!(!near.to_string().contains("Lucia"), "{near}");
    let code = house.owner.post("/sync/codes", json!({})).await.created();
    let joined = bar.join(&house.root(), code["code"].as_str().unwrap()).await;
    assert_eq!(joined["step"], "done", "{joined}");
    let there = bar.log_in("lucia@example.com", house.owner.restaurant_id()).await;
    there.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
    until(&house.owner, "/menu", |menu| menu.to_string().contains("Pizza")).await;
}

#[tokio::test]
async fn who_stands_between_two_desks_and_hands_everything_on_is_found_out_before_anything_is_asked() {
    let house = House::open().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (to, http, told) = (house.app.url("/sync/link"), house.app.http.clone(), seen.clone());
    let hand_on = async move |request: axum::extract::Request| {
        let path = request.uri().path().to_owned();
        told.lock().unwrap().push(path.clone());
        if !path.ends_with("/sync/link") {
            return (StatusCode::OK, String::new());
        }
        let body = axum::body::to_bytes(request.into_body(), 10_000).await.unwrap();
        let answer = http.post(to).header("content-type", "application/json").body(body).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    let folder = tempfile::tempdir().unwrap();
    let own = Authority::make(folder.path()).unwrap().show(&["192.168.1.20".into()], house.app.now_ms()).unwrap();
    let port = free_port().await;
    let router = axum::Router::new().fallback(hand_on);
    let door = Door::open(port, Shows::new(own.key), Arc::default(), router).await.unwrap();

    let bar = TestApp::start().await;
    let code = house.owner.post("/sync/codes", json!({})).await.created();
    let joined = bar.join(&format!("https://127.0.0.1:{port}"), code["code"].as_str().unwrap()).await;
    assert_eq!(joined["step"], "failed", "{joined}");
    assert!(joined["failure"].as_str().unwrap().starts_with("somebody else answers there"), "{joined}");
    // It saw the proof of a code that is used up, and what only the code opens; never a key.
    assert_eq!(*seen.lock().unwrap(), ["/api/v1/sync/link"]);
    assert!(!bar.folder.path().join("sync").read_dir().is_ok_and(|mut files| files.next().is_some()));
    door.close(Duration::ZERO).await;
}
