//! Backups: what lies in a target brings any moment back, what was altered brings back nothing, and putting a
//! restaurant back is told apart and can be taken back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use comanda_engine::backups::plan::Wanted;
use comanda_engine::backups::seal::DataKey;
use comanda_engine::backups::settings::{Place, Target};
use comanda_engine::backups::{elsewhere, keys};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Person, TestApp, instant};
use crate::trade::{House, id};

/// How long a test waits for something that happens by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks until it is as it should be.
pub async fn until(person: &Person, path: &str, is: impl Fn(&Value) -> bool) -> Value {
    let began = std::time::Instant::now();
    loop {
        let value = person.get(path).await.ok();
        if is(&value) {
            return value;
        }
        assert!(began.elapsed() < PATIENCE, "{path} stays {value:#}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn is_up_to_date(backups: &Value) -> bool {
    backups["targets"][0]["entry"] == backups["entry"] && backups["exposure_ms"] == 0
}

/// A house with a folder its backups go to, up to date.
pub struct Safe {
    pub house: House,
    pub folder: TempDir,
}

impl Safe {
    pub async fn open() -> Self {
        Self::of(House::open().await).await
    }

    pub async fn of(house: House) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let new = json!({ "name": "Pantry", "folder": folder.path() });
        house.owner.post("/backups/targets", new).await.created();
        let safe = Self { house, folder };
        safe.shipped().await;
        // The test of the first base follows by itself.
        until(&safe.house.owner, "/backups", |b| b["bases"][0]["targets"][0]["state"] == "verified").await;
        safe
    }

    /// Waits until nothing would be lost.
    pub async fn shipped(&self) -> Value {
        until(&self.house.owner, "/backups", is_up_to_date).await
    }

    /// The same on a clock that goes on: what failed, because the file was being exchanged, is tried again by it.
    pub async fn shipped_in_time(&self) {
        let began = std::time::Instant::now();
        loop {
            let backups = self.house.owner.get("/backups").await.ok();
            if is_up_to_date(&backups) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "/backups stays {backups:#}");
            self.house.app.pass_ms(100);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    pub async fn back_up(&self) -> Value {
        let run = self.house.owner.post("/backups", json!({})).await;
        assert_eq!(run.status, 202, "{}", run.text);
        let path = format!("/backups/runs/{}", id(&run.json()));
        until(&self.house.owner, &path, |run| run["state"] != "running").await
    }

    /// Makes a moment ready, however that ends.
    pub async fn prepare(&self, asked: Value) -> Value {
        let restore = self.house.owner.post("/backups/restores", asked).await;
        assert_eq!(restore.status, 202, "{}", restore.text);
        let path = format!("/backups/restores/{}", id(&restore.json()));
        until(&self.house.owner, &path, |restore| restore["state"] != "making").await
    }

    pub async fn place(&self, restore: &Value) -> Value {
        let path = format!("/backups/restores/{}", id(restore));
        let name = json!({ "name": "Trattoria da Lucia" });
        let placing = self.house.owner.post(&format!("{path}/confirm"), name).await;
        assert_eq!(placing.status, 202, "{}", placing.text);
        until_not(&self.house.owner, &path, "placing").await
    }

    /// Waits until who works there is backed up too, and that was tested: a test that is on its way when the engine goes
    /// with its folder finds nothing but what is gone.
    pub async fn whole(&self) {
        let bases = self.folder.path().join("installation/bases");
        let is_tested = |path: &PathBuf| path.ends_with("verdict.json");
        let is_there = |_: &Value| bases.exists() && files(&bases, "verdict.json").iter().any(is_tested);
        until(&self.house.owner, "/backups", is_there).await;
    }

    pub fn unit(&self) -> PathBuf {
        self.folder.path().join(self.house.owner.restaurant_id())
    }

    pub fn key(&self) -> DataKey {
        self.house.app.running.app().backups.key().unwrap()
    }
}

/// While a file takes the other's place, readings are told to come back, and that there is nothing is never said.
pub async fn until_not(owner: &Person, path: &str, passing: &str) -> Value {
    let began = std::time::Instant::now();
    loop {
        let answer = owner.get(path).await;
        if answer.status == 200 && answer.json()["state"] != passing {
            return answer.json();
        }
        let comes_back = answer.status == 503 && answer.headers.contains_key("retry-after");
        assert!(answer.status == 200 || comes_back, "{} {}", answer.status, answer.text);
        assert!(began.elapsed() < PATIENCE, "{}", answer.text);
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

pub fn live_file(house: &House) -> PathBuf {
    house.app.folder.path().join("restaurants").join(format!("{}.db", house.owner.restaurant_id()))
}

/// The last entry of a file and the state recorded there.
pub fn state(file: &Path) -> (u64, Vec<u8>) {
    let conn = Connection::open(file).unwrap();
    let sql = "SELECT entry, state FROM journal ORDER BY entry DESC LIMIT 1";
    conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

/// A folder as a target.
pub fn target(folder: &Path) -> Target {
    let place = Place::Folder { path: folder.to_str().unwrap().to_owned() };
    Target { id: uuid::Uuid::now_v7(), name: "Folder".into(), place }
}

/// Every file below a folder whose path holds `what`, in order.
pub fn files(folder: &Path, what: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
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

#[tokio::test]
async fn a_house_with_a_place_for_backups_is_safe_within_seconds_and_says_so() {
    let house = House::open().await;
    let none = house.owner.get("/backups").await.ok();
    assert_eq!((&none["exposure_ms"], &none["targets"], &none["key"]["id"]), (&Value::Null, &json!([]), &Value::Null));
    house.owner.post("/backups", json!({})).await.refused("conflict");
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    safe.house.finished("card").await;
    let backups = safe.shipped().await;
    assert_eq!(backups["targets"][0]["entries_behind"], 0);
    assert_eq!(backups["bases"][0]["kind"], "first");
    assert_eq!(backups["windows"].as_array().unwrap().len(), 1);
    assert_eq!(backups["windows"][0]["missing"], Value::Null);
    let run = safe.back_up().await;
    assert_eq!((&run["state"], &run["failure"]), (&json!("done"), &Value::Null), "{run:#}");
    let backups = owner.get("/backups").await.ok();
    assert_eq!(backups["bases"].as_array().unwrap().len(), 2);
    let newest = &backups["bases"][0];
    assert_eq!((&newest["kind"], &newest["targets"][0]["state"]), (&json!("manual"), &json!("verified")));
    assert!(backups["restore_ms"].as_u64().is_some());
    // What lies there says nothing to who has no key.
    for file in files(&safe.unit(), "") {
        let bytes = std::fs::read(&file).unwrap();
        let tells = bytes.windows(10).any(|window| window == b"Margherita" || window == b"open_order");
        assert!(!tells, "{}", file.display());
    }
}

#[tokio::test]
async fn a_restaurant_that_is_put_back_is_told_apart_and_can_be_taken_back() {
    let safe = Safe::open().await;
    let (house, owner) = (&safe.house, &safe.house.owner);
    house.finished("card").await;
    house.app.pass_ms(60_000);
    let then = owner.get("/backups").await.ok()["now_ms"].as_i64().unwrap();
    house.app.pass_ms(60_000);
    house.finished("cash").await;
    safe.shipped().await;
    let restore = safe.prepare(json!({ "at_ms": then })).await;
    assert_eq!(restore["state"], "ready", "{restore:#}");
    assert_eq!((&restore["then"]["orders"], &restore["now"]["orders"]), (&json!(1), &json!(2)));
    assert_eq!((&restore["then"]["paid_minor"], &restore["now"]["paid_minor"]), (&json!(1710), &json!(3420)));
    // Nothing has changed by looking.
    assert_eq!(completed(owner).await, 2);
    let look = owner.post(&format!("/backups/restores/{}/look", id(&restore)), json!({})).await.created();
    let view = owner
        .request(reqwest::Method::GET, "/orders?state=completed")
        .header("x-rewind", look["view_id"].as_str().unwrap());
    assert_eq!(crate::support::Answer::of(view).await.ok()["items"].as_array().unwrap().len(), 1);
    let path = format!("/backups/restores/{}/confirm", id(&restore));
    owner.post(&path, json!({ "name": "Trattoria" })).await.invalid("name");
    let placed = safe.place(&restore).await;
    assert_eq!(placed["state"], "placed", "{placed:#}");
    assert_eq!(completed(owner).await, 1);
    // Other letters: the slip of the order that is gone may still be in somebody's hand.
    let third = house.order().await;
    assert!(third["number"].as_str().unwrap().starts_with('B'), "{third}");
    let audit = owner.get("/audit?action=record_restore").await.ok();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1);
    assert!(house.app.running.app().restaurants()[0].db.check().unwrap().is_clean());
    // It stands on a base of its own at once, and the time before can still be gone back to.
    let backups = until(owner, "/backups", |b| b["bases"][0]["epoch"] == 2 && b["exposure_ms"] == 0).await;
    assert_eq!(backups["windows"].as_array().unwrap().len(), 2, "{backups:#}");
    let kinds: Vec<_> = backups["bases"].as_array().unwrap().iter().map(|base| base["kind"].clone()).collect();
    assert!(kinds.contains(&json!("before_restore")), "{kinds:?}");
    // Taken back: both orders are there again, and neither letter is used again.
    let name = placed["set_aside"].as_str().unwrap();
    let back = owner.post("/backups/roll-back", json!({ "set_aside": name })).await;
    assert_eq!(back.status, 202, "{}", back.text);
    let run = until_not(owner, &format!("/backups/runs/{}", id(&back.json())), "running").await;
    assert_eq!(run["state"], "done", "{run:#}");
    assert_eq!(completed(owner).await, 2);
    assert!(house.order().await["number"].as_str().unwrap().starts_with('C'));
    owner.get(&format!("/orders/{}", id(&third))).await.refused("not_found");
}

async fn completed(owner: &Person) -> usize {
    owner.get("/orders?state=completed").await.ok()["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn when_the_computer_died_another_one_goes_on_with_all_of_it() {
    let house = House::open().await;
    let new = json!({ "name": "Accountant", "tier": "free", "scopes": ["menu.read"] });
    let key_made = house.owner.post("/api-keys", new).await.created();
    let safe = Safe::of(house).await;
    let order = safe.house.order().await;
    let shown = safe.house.owner.post("/backups/key", json!({})).await.ok();
    let recovery = shown["recovery_key"].as_str().unwrap().to_owned();
    // Seen is not kept: it is shown until somebody reads its end from the paper.
    let owner = &safe.house.owner;
    assert_eq!(owner.get("/backups").await.ok()["key"]["seen"], false);
    assert_eq!(owner.post("/backups/key", json!({})).await.ok()["recovery_key"], shown["recovery_key"]);
    for wrong in ["", "0000-0000", &recovery[..9], &recovery[recovery.len() - 4..]] {
        owner.post("/backups/key/confirm", json!({ "last_groups": wrong })).await.invalid("last_groups");
    }
    assert_eq!(owner.get("/backups").await.ok()["key"]["seen"], false);
    let end = recovery[recovery.len() - 9..].to_lowercase();
    let kept = owner.post("/backups/key/confirm", json!({ "last_groups": end })).await.ok();
    assert_eq!(kept["key"]["seen"], true);
    assert_eq!(owner.post("/backups/key", json!({})).await.ok()["recovery_key"], Value::Null);
    let path = "/backups/key/passphrase";
    safe.house.owner.put(path, json!({ "passphrase": "short" })).await.invalid("passphrase");
    safe.house.owner.put(path, json!({ "passphrase": "four blue plates of soup" })).await.ok();
    safe.shipped().await;
    safe.whole().await;
    let restaurant = safe.house.owner.restaurant_id().to_owned();
    let Safe { house, folder } = safe;
    let stale = house.owner.clone();
    drop(house.app.stop_and_keep().await);
    let fresh = tempfile::tempdir().unwrap();
    let wrapped = serde_json::from_slice(&std::fs::read(folder.path().join("key.json")).unwrap()).unwrap();
    let key = keys::unwrap_with(&wrapped, "four blue plates of soup").unwrap();
    assert!(keys::from_recovery(&recovery).unwrap() == key);
    let other = elsewhere::bring_back(fresh.path(), &target(folder.path()), DataKey::mint(), Wanted::Latest, 1).await;
    assert!(other.unwrap_err().to_string().contains("another key"));
    assert!(!fresh.path().join("installation.db").exists());
    let back = elsewhere::bring_back(fresh.path(), &target(folder.path()), key, Wanted::Latest, 1).await.unwrap();
    assert_eq!(back.len(), 2);
    let app = TestApp::start_in(fresh).await;
    app.at("2026-06-12T20:00:00+02:00");
    app.again(&stale).get("~/me").await.refused("unauthenticated");
    let owner = app.log_in("lucia@example.com", &restaurant).await;
    assert_eq!(owner.get(&format!("/orders/{}", id(&order))).await.status, 200, "{order}");
    // A key may have been revoked since: it waits for a person's word.
    let accountant = app.person(key_made["key"].as_str().unwrap(), &restaurant);
    accountant.get("/menu").await.refused("unauthenticated");
    let keys = owner.get("/api-keys").await.ok();
    assert_eq!(keys["items"][0]["standing"], "paused", "{keys}");
    let path = format!("/api-keys/{}/resume", id(&keys["items"][0]));
    assert_eq!(owner.post(&path, json!({})).await.ok()["standing"], "works");
    accountant.get("/menu").await.ok();
    let house = House { pizza: house.pizza, cola: house.cola, water: house.water, app, owner };
    assert!(house.order().await["number"].as_str().unwrap().starts_with('B'));
    // Backing up goes on, on a base of its own.
    until(&house.owner, "/backups", |b| b["bases"][0]["epoch"] == 2 && b["exposure_ms"] == 0).await;
}

#[tokio::test]
async fn shipping_goes_on_without_a_gap_after_an_interruption() {
    let safe = Safe::open().await;
    safe.house.finished("card").await;
    safe.shipped().await;
    // The disk is pulled out: nothing is written into the empty folder, and it is said.
    let (folder, aside) = (safe.folder.path().to_owned(), safe.folder.path().with_extension("aside"));
    std::fs::rename(&folder, &aside).unwrap();
    std::fs::create_dir(&folder).unwrap();
    safe.house.app.pass_ms(60_000);
    safe.house.finished("cash").await;
    let behind = until(&safe.house.owner, "/backups", |b| b["targets"][0]["trouble"].is_string()).await;
    assert!(behind["targets"][0]["trouble"].as_str().unwrap().contains("unplugged"), "{behind:#}");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
    // And back in, with a piece of the journal lost meanwhile.
    std::fs::remove_dir(&folder).unwrap();
    std::fs::rename(&aside, &folder).unwrap();
    let segments = files(&safe.unit().join("journal"), "");
    std::fs::remove_file(&segments[0]).unwrap();
    safe.house.app.pass_ms(120_000);
    safe.house.finished("card").await;
    let backups = safe.shipped().await;
    assert_eq!(backups["windows"][0]["missing"], Value::Null, "{backups:#}");
    let live = state(&live_file(&safe.house));
    let restore = safe.prepare(json!({})).await;
    assert_eq!((&restore["state"], &restore["then"]["entry"]), (&json!("ready"), &json!(live.0)), "{restore:#}");
}

#[tokio::test]
async fn what_the_retention_no_longer_keeps_goes_after_it_was_shown() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    for _ in 0..3 {
        safe.house.app.pass_ms(3_600_000);
        safe.house.finished("card").await;
        safe.shipped().await;
        assert_eq!(safe.back_up().await["state"], "done");
    }
    let one_a_day = json!({ "rule": "tiers", "daily": 1, "weekly": 0, "monthly": 0 });
    let preview = owner.post("/backups/cleanup/preview", json!({ "retention": one_a_day })).await.ok();
    assert_eq!(preview["bases"].as_array().unwrap().len(), 3, "{preview}");
    assert!(preview["segments"].as_u64().unwrap() >= 3);
    assert_eq!(owner.get("/backups").await.ok()["bases"].as_array().unwrap().len(), 4);
    owner.put("/backups/rule", json!({ "retention": one_a_day })).await.ok();
    // Others than those shown are not let go of: nothing goes.
    let fewer = json!({ "bases": [preview["bases"][0]] });
    let refused = owner.post("/backups/cleanup", fewer).await;
    assert!(refused.status == 409 && refused.text.contains("Look at it again"), "{}", refused.text);
    assert_eq!(owner.get("/backups").await.ok()["bases"].as_array().unwrap().len(), 4);
    let gone = owner.post("/backups/cleanup", json!({ "bases": preview["bases"] })).await.ok();
    assert_eq!(gone["bases"], preview["bases"]);
    let left = owner.get("/backups").await.ok();
    assert_eq!(left["bases"].as_array().unwrap().len(), 1);
    assert_eq!(left["going"]["bases"], json!([]));
    assert_eq!(files(&safe.unit(), "manifest.json").len(), 1);
    assert_eq!(files(&safe.unit(), "/base").iter().filter(|path| path.ends_with("base")).count(), 1);
    assert_eq!(safe.prepare(json!({})).await["state"], "ready");
    owner.put("/backups/rule", json!({ "retention": { "rule": "days", "days": 0 } })).await.invalid("retention");
    owner.put("/backups/rule", json!({ "retention": { "rule": "never" } })).await.refused("invalid_input");
}

#[tokio::test]
async fn the_base_of_the_night_is_made_at_its_hour_and_tested() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let backups = owner.get("/backups").await.ok();
    assert_eq!(backups["next_ms"], instant("2026-06-13T02:00:00+02:00"));
    safe.house.app.at("2026-06-13T02:00:01+02:00");
    let owner = safe.house.app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let backups = until(&owner, "/backups", |b| {
        b["bases"][0]["kind"] == "nightly" && b["bases"][0]["targets"][0]["state"] == "verified"
    })
    .await;
    assert_eq!(backups["next_ms"], instant("2026-06-14T02:00:00+02:00"));
}

#[tokio::test]
async fn only_who_answers_for_the_house_backs_up_and_restores() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let manager = safe.house.app.staff(owner, "manager").await;
    manager.get("/backups").await.ok();
    manager.post("/backups", json!({})).await.refused("forbidden");
    manager.post("/backups/restores", json!({})).await.refused("forbidden");
    manager.post("/backups/key", json!({})).await.refused("forbidden");
    manager.post("/backups/targets", json!({ "name": "Mine", "folder": "/tmp" })).await.refused("forbidden");
    let waiter = safe.house.app.staff(owner, "waiter").await;
    waiter.get("/backups").await.refused("forbidden");
    let admin = safe.house.app.staff(owner, "admin").await;
    admin.post("/backups/key", json!({})).await.ok();
}
