//! `kill -9` while backups are made, shipped, cleaned up and put back: never a lost base, a half-restored file or a
//! target that does not open.

use std::path::Path;
use std::process::Child;
use std::time::Duration;

use comanda_engine::backups::elsewhere;
use comanda_engine::backups::keys;
use comanda_engine::backups::plan::Wanted;
use comanda_engine::backups::settings::{Place, Target};
use comanda_engine::command::Book;
use comanda_engine::kernel::time::Clock;
use comanda_engine::{commands, tables};
use rand::RngExt;
use serde_json::{Value, json};

use crate::kill::start;
use crate::support::TestApp;

fn rounds() -> usize {
    std::env::var("COMANDA_BACKUP_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}

/// Who works with the engine until it is gone.
struct Admin {
    http: reqwest::Client,
    base: String,
}

impl Admin {
    async fn get(&self, path: &str) -> Option<Value> {
        self.http.get(format!("{}{path}", self.base)).send().await.ok()?.json().await.ok()
    }

    async fn post(&self, path: &str, body: Value) -> Option<Value> {
        self.http.post(format!("{}{path}", self.base)).json(&body).send().await.ok()?.json().await.ok()
    }

    /// One thing after the other; None: nobody answers any more.
    async fn work(&self, item: &str) -> Option<()> {
        let sections = ["order", "order", "backup", "clean", "restore"];
        loop {
            let what = sections[rand::rng().random_range(0..sections.len())];
            match what {
                "order" => {
                    let new = json!({ "service": "takeaway", "lines": [{ "item_id": item }] });
                    self.post("/orders", new).await?;
                    // A backup waits for a till that never rests.
                    tokio::time::sleep(Duration::from_millis(40)).await;
                }
                "backup" => drop(self.post("/backups", json!({})).await?),
                "clean" => drop(self.post("/backups/cleanup", json!({})).await?),
                _ => self.restore().await?,
            }
        }
    }

    async fn restore(&self) -> Option<()> {
        let restore = self.post("/backups/restores", json!({})).await?;
        let path = format!("/backups/restores/{}", restore["id"].as_str().unwrap_or_default());
        for _ in 0..200 {
            let restore = self.get(&path).await?;
            match restore["state"].as_str() {
                Some("ready") => {
                    self.post(&format!("{path}/confirm"), json!({ "name": "Trattoria da Lucia" })).await?;
                    return Some(());
                }
                Some("making") => tokio::time::sleep(Duration::from_millis(10)).await,
                _ => return Some(()),
            }
        }
        Some(())
    }
}

async fn life(folder: &Path, restaurant: &str, token: &str, item: &str) {
    let engine = start(folder, 0, restaurant);
    let (mut child, base): (Child, String) = (engine.child, engine.base);
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    let http = reqwest::Client::builder().default_headers(headers).build().unwrap();
    let admin = Admin { http, base };
    let item = item.to_owned();
    let working = tokio::spawn(async move { admin.work(&item).await });
    tokio::time::sleep(Duration::from_millis(rand::rng().random_range(50..1500))).await;
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(working.await.unwrap().is_none(), "it works until nobody answers");
}

/// The live file is whole, whichever of the two it is.
fn opens(folder: &Path, restaurant: &str) {
    let file = folder.join("restaurants").join(format!("{restaurant}.db"));
    let book = Book::new(commands::RESTAURANT);
    let db = comanda_db::Database::open(&file, tables::RESTAURANT, book, comanda_db::Options::default()).unwrap();
    let report = db.check().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    db.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_at_any_moment_leaves_a_whole_file_and_a_target_that_brings_everything_back() {
    let app = TestApp::start_with(tempfile::tempdir().unwrap(), |options| options.clock = Clock::system()).await;
    let owner = app.set_up().await;
    let category = owner.post("/menu/categories", json!({ "name": "Pizza" })).await.created();
    let item = json!({ "category_id": category["id"], "name": "Margherita", "price_minor": 950 });
    let item = owner.post("/menu/items", item).await.created()["id"].as_str().unwrap().to_owned();
    let place = tempfile::tempdir().unwrap();
    owner.post("/backups/targets", json!({ "name": "Folder", "folder": place.path() })).await.created();
    let retention = json!({ "rule": "tiers", "daily": 1, "weekly": 0, "monthly": 0 });
    owner.put("/backups/rule", json!({ "retention": retention })).await.ok();
    crate::backups::until(&owner, "/backups", |b| b["exposure_ms"] == 0 && b["targets"][0]["known"] == true).await;
    crate::backups::until(&owner, "/backups", |_| place.path().join("installation/bases").exists()).await;
    // Everything of the first backups, its manifest too.
    crate::backups::until(&owner, "/backups", |b| b["bases"][0]["targets"][0]["state"] == "verified").await;
    let (token, restaurant) = (owner.token().to_owned(), owner.restaurant_id().to_owned());
    let folder = app.stop_and_keep().await;
    let (mut epochs, mut entries) = (0, 0);
    for round in 0..rounds() {
        life(folder.path(), &restaurant, &token, &item).await;
        opens(folder.path(), &restaurant);
        let fresh = tempfile::tempdir().unwrap();
        let path = place.path().to_str().unwrap().to_owned();
        let target = Target { id: uuid::Uuid::now_v7(), name: "Folder".into(), place: Place::Folder { path } };
        let key = keys::held(&folder.path().join("backups/key.json")).unwrap().unwrap().key;
        let back = elsewhere::bring_back(fresh.path(), &target, key, Wanted::Latest, 1).await;
        let back = back.unwrap_or_else(|failure| panic!("round {round}: {failure}"));
        opens(fresh.path(), &restaurant);
        entries += back.iter().map(|one| one.entry).max().unwrap();
        let journal = std::fs::read_dir(place.path().join(&restaurant).join("journal"));
        epochs = journal.map_or(epochs, |epochs| epochs.count());
    }
    assert!(epochs > 1 && entries > 0, "nothing was ever put back: {epochs} epochs, {entries} entries");
}
