//! Backups in a store that speaks S3: a real server of the protocol, which works, fails, is slow, and lies.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use comanda_engine::backups::plan::Wanted;
use comanda_engine::backups::{elsewhere, settings};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::backups::{until, until_not};
use crate::support::TestApp;
use crate::trade::House;

const WORKS: u8 = 0;
/// Hangs up on everybody.
const FAILS: u8 = 1;
/// Takes its time for each connection.
const IS_SLOW: u8 = 2;

struct Store {
    endpoint: String,
    mood: Arc<AtomicU8>,
    folder: TempDir,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Store {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Store {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("house")).unwrap();
        let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
        service.set_auth(SimpleAuth::from_single("lucia", "a secret of hers"));
        let service = service.build();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let mood = Arc::new(AtomicU8::new(WORKS));
        let feels = mood.clone();
        let serving = tokio::spawn(async move {
            loop {
                let Ok((socket, _)) = listener.accept().await else { return };
                let (service, feels) = (service.clone(), feels.clone());
                tokio::spawn(async move {
                    match feels.load(Ordering::SeqCst) {
                        FAILS => return,
                        IS_SLOW => tokio::time::sleep(Duration::from_millis(400)).await,
                        _ => {}
                    }
                    let builder = Builder::new(TokioExecutor::new());
                    let serving = builder.serve_connection(TokioIo::new(socket), service).into_owned();
                    tokio::pin!(serving);
                    // A connection that is open when the store begins to fail is cut too.
                    loop {
                        tokio::select! {
                            _ = &mut serving => return,
                            () = tokio::time::sleep(Duration::from_millis(20)) => {
                                if feels.load(Ordering::SeqCst) == FAILS { return; }
                            }
                        }
                    }
                });
            }
        });
        Self { endpoint, mood, folder, serving }
    }

    fn becomes(&self, mood: u8) {
        self.mood.store(mood, Ordering::SeqCst);
    }

    fn target(&self, secret_key: &str) -> serde_json::Value {
        json!({ "name": "Cloud", "s3": {
            "endpoint": self.endpoint, "region": "eu-south-1", "bucket": "house", "prefix": "luna/till",
            "access_key": "lucia", "secret_key": secret_key,
        } })
    }

    /// The files behind the objects.
    fn objects(&self, what: &str) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.folder.path().join("house")]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.to_str().unwrap().contains(what) {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }
}

fn lie(object: &Path) {
    let mut bytes = std::fs::read(object).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(object, bytes).unwrap();
}

#[tokio::test]
async fn a_store_on_the_network_holds_everything_and_its_moods_are_told() {
    let (house, store) = (House::open().await, Store::open().await);
    let owner = &house.owner;
    // Whoever has not the right secret is told when the place is added, not at night.
    let refused = owner.post("/backups/targets", store.target("a guess")).await;
    assert!(refused.text.contains("does not let Comanda in"), "{}", refused.text);
    refused.invalid("s3");
    owner.post("/backups/targets", store.target("a secret of hers")).await.created();
    until(owner, "/backups", |b| b["bases"][0]["targets"][0]["state"] == "verified").await;
    house.finished("card").await;
    let safe = until(owner, "/backups", |b| b["targets"][0]["entry"] == b["entry"]).await;
    assert_eq!(safe["exposure_ms"], 0);
    // Neither what opens the store nor the data key is told to anybody.
    assert!(!safe.to_string().contains("a secret of hers"));

    store.becomes(FAILS);
    house.app.pass_ms(60_000);
    house.finished("cash").await;
    let behind = until(owner, "/backups", |b| b["targets"][0]["trouble"].is_string()).await;
    assert!(behind["targets"][0]["entries_behind"].as_u64().unwrap() > 0);
    assert!(behind["exposure_ms"].is_number(), "{behind:#}");
    let why = behind["targets"][0]["trouble"].as_str().unwrap();
    assert!(why.starts_with("Cloud: it cannot be reached"), "{why}");

    store.becomes(IS_SLOW);
    house.app.pass_ms(120_000);
    let again = until(owner, "/backups", |b| b["targets"][0]["entry"] == b["entry"] && b["exposure_ms"] == 0).await;
    assert_eq!(again["windows"][0]["missing"], serde_json::Value::Null);

    store.becomes(WORKS);
    let latest = prepared(owner).await;
    assert_eq!((&latest["state"], &latest["then"]["orders"]), (&json!("ready"), &json!(2)), "{latest:#}");

    // It gives other bytes than it was given.
    let objects = store.objects("/journal/");
    lie(objects.last().unwrap());
    let lied = prepared(owner).await;
    assert_eq!(lied["state"], "failed", "{lied:#}");
    let base = store.objects("/bases/").into_iter().find(|path| path.ends_with("base")).unwrap();
    lie(&base);
    let id = &again["bases"][0]["id"];
    assert_eq!(owner.post("/backups/tests", json!({ "base_id": id })).await.status, 202);
    let is_it = |base: &serde_json::Value| base["id"] == *id && base["targets"][0]["state"] == "failed";
    until(owner, "/backups", |b| b["bases"].as_array().unwrap().iter().any(is_it)).await;
}

#[tokio::test]
async fn everything_comes_back_on_another_computer_straight_from_a_store() {
    let (house, store) = (House::open().await, Store::open().await);
    let owner = &house.owner;
    owner.post("/backups/targets", store.target("a secret of hers")).await.created();
    until(owner, "/backups", |b| b["bases"][0]["targets"][0]["state"] == "verified").await;
    house.finished("card").await;
    until(owner, "/backups", |b| b["targets"][0]["entry"] == b["entry"]).await;
    until(owner, "/backups", |_| !store.objects("installation/bases").is_empty()).await;
    until(owner, "/backups", |_| store.objects("manifest.json").len() >= 2).await;
    let (restaurant, key) = (owner.restaurant_id().to_owned(), house.app.running.app().backups.key().unwrap());
    drop(house.app.stop_and_keep().await);
    let from = |secret_key: &str| settings::Target {
        id: uuid::Uuid::now_v7(),
        name: "Cloud".into(),
        place: settings::Place::S3(settings::S3 {
            endpoint: Some(store.endpoint.clone()),
            region: "eu-south-1".into(),
            bucket: "house".into(),
            prefix: "luna/till".into(),
            access_key: "lucia".into(),
            secret_key: secret_key.into(),
        }),
    };
    let fresh = tempfile::tempdir().unwrap();
    let wrong = elsewhere::bring_back(fresh.path(), &from("a guess"), key.clone(), Wanted::Latest, 1).await;
    assert!(wrong.is_err() && !fresh.path().join("installation.db").exists());
    let back = elsewhere::bring_back(fresh.path(), &from("a secret of hers"), key, Wanted::Latest, 1).await.unwrap();
    assert_eq!(back.len(), 2);
    let app = TestApp::start_in(fresh).await;
    app.at("2026-06-12T20:00:00+02:00");
    let owner = app.log_in("lucia@example.com", &restaurant).await;
    assert_eq!(owner.get("/orders?state=completed").await.ok()["items"].as_array().unwrap().len(), 1);
    // Backing up goes on into the same store, on a base of its own.
    until(&owner, "/backups", |b| b["bases"][0]["epoch"] == 2 && b["exposure_ms"] == 0).await;
}

#[tokio::test]
async fn a_store_is_brought_back_on_the_first_screen_and_backed_up_to_again() {
    let (house, store) = (House::open().await, Store::open().await);
    let owner = &house.owner;
    owner.post("/backups/targets", store.target("a secret of hers")).await.created();
    until(owner, "/backups", |b| b["bases"][0]["targets"][0]["state"] == "verified").await;
    house.finished("card").await;
    until(owner, "/backups", |b| b["targets"][0]["entry"] == b["entry"]).await;
    until(owner, "/backups", |_| store.objects("manifest.json").len() >= 2).await;
    let shown = owner.post("/backups/key", json!({})).await.ok();
    let restaurant = owner.restaurant_id().to_owned();
    drop(house.app.stop_and_keep().await);

    let app = TestApp::start().await;
    app.at("2026-06-12T23:30:00+02:00");
    let setup = app.person(&app.setup_token().await, "");
    let wish = |secret: &str| json!({ "s3": store.target(secret)["s3"], "recovery_key": shown["recovery_key"] });
    let refused = setup.post("/setup/restore", wish("a guess")).await;
    assert!(refused.text.contains("It does not let Comanda in"), "{}", refused.text);
    refused.invalid("s3");
    let begun = setup.post("/setup/restore", wish("a secret of hers")).await;
    assert_eq!(begun.status, 202, "{}", begun.text);
    let ready = until(&setup, "/setup/restore", |restore| restore["state"] != "making").await;
    assert_eq!(ready["restaurants"][0]["figures"]["orders"], 1, "{ready:#}");
    setup.post("/setup/restore/confirm", json!({})).await;
    let placed = until_not(&setup, "/setup/restore", "placing").await;
    assert_eq!((&placed["state"], &placed["keeps_place"]), (&json!("placed"), &json!(true)), "{placed:#}");
    let owner = app.log_in("lucia@example.com", &restaurant).await;
    until(&owner, "/backups", |b| b["bases"][0]["epoch"] == 2 && b["exposure_ms"] == 0).await;
}

async fn prepared(owner: &crate::support::Person) -> serde_json::Value {
    let restore = owner.post("/backups/restores", json!({})).await;
    let path = format!("/backups/restores/{}", restore.json()["id"].as_str().unwrap());
    until(owner, &path, |restore| restore["state"] != "making").await
}
