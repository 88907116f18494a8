//! The register of deployments and their probes, against real sockets: dead, slow, wrong and endless ones too.

mod drift;
mod trigger;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Person, TestApp};

const TOKEN: &str = "tok-3nSecret-value";

/// Answers every request with these bytes, and keeps what was asked.
async fn server(answer: &'static [u8]) -> (String, std::sync::Arc<std::sync::Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/health", listener.local_addr().unwrap());
    let asked = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let kept = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let kept = kept.clone();
            tokio::spawn(async move {
                let mut request = vec![0; 4096];
                let read = stream.read(&mut request).await.unwrap_or(0);
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&request[..read]));
                stream.write_all(answer).await.ok();
            });
        }
    });
    (address, asked)
}

async fn register(person: &Person, name: &str, kind: &str, address: &str) -> Value {
    let wish = json!({ "name": name, "kind": kind, "address": address, "every_s": 3600 });
    person.post("/deployments", wish).await.created()
}

fn path(of: &Value) -> String {
    format!("/deployments/{}", of["id"].as_str().unwrap())
}

async fn probe(person: &Person, of: &Value) -> Value {
    person.post(&format!("{}/probe", path(of)), json!({})).await.ok()
}

/// Why a service at this address is not well.
async fn reason(person: &Person, kind: &str, address: &str) -> Value {
    let of = register(person, address, kind, address).await;
    let began = Instant::now();
    let shown = probe(person, &of).await;
    assert!(began.elapsed() < Duration::from_secs(20), "{address} hangs");
    assert_eq!((&shown["state"], &shown["last"]["good"]), (&json!("down"), &json!(false)), "{shown}");
    shown["last"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_comanda_is_watched_by_itself_and_says_its_version() {
    let (here, there) = (TestApp::start().await, TestApp::start().await);
    let owner = here.set_up().await;
    let made = register(&owner, "Via Roma", "comanda", &there.origin()).await;
    assert_eq!((&made["environment"], &made["has_token"]), (&json!("production"), &json!(false)));
    let began = Instant::now();
    let shown = loop {
        let all = owner.get("/deployments").await.ok();
        if all["items"][0]["state"] != "unknown" {
            break all["items"][0].clone();
        }
        assert!(began.elapsed() < Duration::from_secs(20), "nobody asks: {all}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!((&shown["state"], &shown["version"]), (&json!("up"), &json!(env!("CARGO_PKG_VERSION"))));
    assert_eq!((&shown["uptime_day_bp"], &shown["last"]["status"]), (&json!(10_000), &json!(200)), "{shown}");
    assert!(shown["p95_ms"].as_f64().unwrap() > 0.0, "{shown}");

    there.running.stop().await;
    assert_eq!(probe(&owner, &made).await["state"], "up", "one bad answer is not yet believed");
    let down = probe(&owner, &made).await;
    assert_eq!((&down["state"], &down["last"]["reason"]), (&json!("down"), &json!("refused")), "{down}");
    let detail = owner.get(&format!("{}?days=90", path(&made))).await.ok();
    assert_eq!(detail["outages"][0]["reason"], "refused");
    assert_eq!(detail["outages"][0]["to_ms"], Value::Null);
    let probes: u64 = detail["spans"].as_array().unwrap().iter().map(|span| span["probes"].as_u64().unwrap()).sum();
    assert_eq!(probes, 3, "{detail}");
    assert_eq!(down["uptime_day_bp"], 3_333);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_wrong_is_said_in_a_word_and_nothing_hangs() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let (down, _) = server(b"HTTP/1.1 500 Oh\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    let (redirect, _) =
        server(b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n").await;
    let (strange, _) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello").await;
    let (cut, _) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhello").await;
    let (noise, _) = server(b"SSH-2.0-OpenSSH\r\n").await;
    assert_eq!(reason(&owner, "http", "http://127.0.0.1:1/health").await["reason"], "refused");
    // No name has a part that long: nobody has to be asked to know it.
    let nameless = format!("http://{}.invalid/", "x".repeat(64));
    assert_eq!(reason(&owner, "http", &nameless).await["reason"], "name_not_found");
    let said = reason(&owner, "http", &down).await;
    assert_eq!((&said["reason"], &said["status"]), (&json!("status"), &json!(500)));
    assert_eq!(reason(&owner, "http", &redirect).await["reason"], "redirected");
    assert_eq!(reason(&owner, "http", &cut).await["reason"], "cut_off");
    assert_eq!(reason(&owner, "http", &noise).await["reason"], "cut_off");
    assert_eq!(reason(&owner, "comanda", strange.trim_end_matches("/health")).await["reason"], "not_comanda");
    let shut = strange.replace("http://", "https://");
    assert_eq!(reason(&owner, "http", &shut).await["reason"], "no_tls");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_answer_and_one_that_never_comes_end_by_themselves() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endless = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 1024];
                drop(stream.read(&mut asked).await);
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok();
                while stream.write_all(&[b'x'; 65_536]).await.is_ok() {}
            });
        }
    });
    // It takes the connection and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let never = format!("http://{}/", silent.local_addr().unwrap());
    assert_eq!(reason(&owner, "http", &endless).await["reason"], "too_big");
    assert_eq!(reason(&owner, "http", &never).await["reason"], "timed_out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_goes_where_it_was_given_for_and_is_shown_to_nobody() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let (first, asked) = server(b"HTTP/1.1 204 Fine\r\n\r\n").await;
    let (other, asked_there) = server(b"HTTP/1.1 204 Fine\r\n\r\n").await;
    let wish = json!({ "name": "Shop", "kind": "http", "address": first, "token": TOKEN, "every_s": 3600 });
    let made = owner.post("/deployments", wish).await;
    assert!(!made.text.contains(TOKEN));
    let made = made.created();
    assert_eq!(made["has_token"], true);
    assert_eq!(probe(&owner, &made).await["state"], "up");
    assert!(asked.lock().unwrap().contains(&format!("authorization: Bearer {TOKEN}")), "{}", asked.lock().unwrap());

    let moved = owner.patch(&path(&made), json!({ "address": other })).await.ok();
    assert_eq!((&moved["has_token"], &moved["state"]), (&json!(false), &json!("unknown")), "{moved}");
    probe(&owner, &made).await;
    assert!(asked_there.lock().unwrap().contains("GET /health"));
    assert!(!asked_there.lock().unwrap().contains("tok-"), "the token went to another server");

    owner.patch(&path(&made), json!({ "token": TOKEN })).await.ok();
    let all = owner.get("/deployments").await;
    assert!(!all.text.contains(TOKEN) && all.text.contains("\"has_token\":true"), "{}", all.text);
    let kept = app.folder.path().join("deployments").join("tokens.json");
    assert!(std::fs::read_to_string(&kept).unwrap().contains(TOKEN));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&kept).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let id = made["id"].as_str().unwrap().to_owned();
    let folder = app.stop_and_keep().await;
    // Nowhere else on the disk: no record, no log.
    let mut folders = vec![folder.path().to_owned()];
    while let Some(inside) = folders.pop() {
        for entry in std::fs::read_dir(inside).unwrap() {
            let entry = entry.unwrap().path();
            if entry.is_dir() {
                folders.push(entry);
            } else if entry != kept {
                let bytes = std::fs::read(&entry).unwrap();
                assert!(!bytes.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes()), "{}", entry.display());
            }
        }
    }
    let app = TestApp::start_in(folder).await;
    let owner = app.again(&owner);
    assert_eq!(owner.get(&format!("/deployments/{id}")).await.ok()["deployment"]["has_token"], true);
    owner.delete(&format!("/deployments/{id}")).await.gone();
    assert!(!std::fs::read_to_string(app.folder.path().join("deployments/tokens.json")).unwrap().contains(TOKEN));
    owner.get(&format!("/deployments/{id}")).await.refused("not_found");
}

#[tokio::test]
async fn what_cannot_be_registered_is_told_at_its_field() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let wish = |change: Value| {
        let mut wish = json!({ "name": "Hub", "kind": "http", "address": "http://127.0.0.1:1/", "every_s": 3600 });
        for (key, value) in change.as_object().unwrap() {
            wish[key] = value.clone();
        }
        let owner = owner.clone();
        async move { owner.post("/deployments", wish).await }
    };
    for (change, field) in [
        (json!({"name": " "}), "name"),
        (json!({"address": "ftp://hub"}), "address"),
        (json!({"address": "https://me:pw@hub.example"}), "address"),
        (json!({"address": "not an address"}), "address"),
        (json!({"address": "http://hub.example/health", "token": TOKEN}), "token"),
        (json!({"token": "two words"}), "token"),
        (json!({"tags": ["fine", ""]}), "tags[1]"),
        (json!({"every_s": 1}), "every_s"),
    ] {
        let answer = wish(change).await;
        assert!(!answer.text.contains(TOKEN), "{}", answer.text);
        answer.invalid(field);
    }
    wish(json!({"kind": "ftp"})).await.refused("invalid_input");
    wish(json!({"secret": "x"})).await.refused("invalid_input");
    wish(json!({})).await.created();
    let taken = wish(json!({"name": "HUB"})).await.refused("conflict");
    assert_eq!(taken["field"], "name");
    let key = "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11";
    let twice = json!({ "name": "Twice", "kind": "http", "address": "http://127.0.0.1:1/", "every_s": 3600 });
    let first = owner.post_keyed(key, "/deployments", twice.clone()).await.created();
    let again = owner.post_keyed(key, "/deployments", twice).await.created();
    assert_eq!(first["id"], again["id"]);
}

#[tokio::test]
async fn a_manager_looks_and_the_house_registers() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let made = register(&owner, "Shop", "http", "http://127.0.0.1:1/").await;
    let manager = app.staff(&owner, "manager").await;
    assert_eq!(manager.get("/deployments").await.ok()["items"][0]["name"], "Shop");
    probe(&manager, &made).await;
    manager.delete(&path(&made)).await.refused("forbidden");
    manager.get(&format!("{}/inside", path(&made))).await.refused("forbidden");
    app.staff(&owner, "waiter").await.get("/deployments").await.refused("forbidden");
    app.staff(&owner, "admin").await.patch(&path(&made), json!({"name": "Web shop"})).await.ok();
}
