//! What is found damaged in a place: it counts for nothing from then on, it is told, and the place protects again by
//! itself. A place that is slow keeps none of the others from theirs.

use std::path::{Path, PathBuf};

use comanda_engine::backups::plan::Wanted;
use comanda_engine::backups::unit::Unit;
use comanda_engine::backups::{elsewhere, settings};
use serde_json::{Value, json};

use crate::backups::{Safe, files, until};
use crate::support::TestApp;
use crate::trade::House;

fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

/// Four evenings, one segment or more each, and the moment after each of them.
async fn evenings(safe: &Safe) -> Vec<i64> {
    let mut moments = Vec::new();
    for tender in ["cash", "card", "cash", "card"] {
        safe.house.app.pass_ms(60_000);
        safe.house.finished(tender).await;
        moments.push(safe.shipped().await["now_ms"].as_i64().unwrap());
    }
    moments
}

fn journal(safe: &Safe, epoch: u64) -> Vec<PathBuf> {
    files(&safe.unit().join("journal").join(format!("{epoch:06}")), "")
}

async fn tells_of_it(safe: &Safe) {
    let is_told = |inbox: &Value| {
        let items = inbox["items"].as_array().unwrap();
        items.iter().any(|item| item["kind"] == "backup_unproven" && item["params"]["name"] == "Pantry")
    };
    until(&safe.house.owner, "/inbox", is_told).await;
}

#[tokio::test]
async fn a_damaged_segment_is_told_put_there_again_and_a_new_base_protects_at_once() {
    let safe = Safe::open().await;
    let moments = evenings(&safe).await;
    let owner = &safe.house.owner;
    let base = owner.get("/backups").await.ok()["bases"][0]["id"].clone();
    let segments = journal(&safe, 1);
    assert!(segments.len() >= 4, "{segments:?}");
    flip(&segments[1]);
    safe.house.app.pass_ms(60_000);
    assert_eq!(owner.post("/backups/tests", json!({ "base_id": base })).await.status, 202);
    tells_of_it(&safe).await;
    let mended = until(owner, "/backups", |b| {
        let failed = b["bases"].as_array().unwrap().iter().any(|of| of["id"] == base && is(of, "failed"));
        // A test that failed measures nothing.
        assert!(!failed || is(&b["bases"][0], "verified") || b["restore_ms"].is_null(), "{b:#}");
        // What tells of it is an entry too: the base has it at once, the journal a moment later.
        let whole = b["windows"].as_array().unwrap().len() == 1;
        b["bases"][0]["id"] != base && is(&b["bases"][0], "verified") && b["exposure_ms"] == 0 && whole
    })
    .await;
    let run = mended["runs"].as_array().unwrap().iter().find(|run| run["state"] == "failed").unwrap();
    let why = run["failure"].as_str().unwrap();
    assert!(why.starts_with("the journal from entry") && why.contains("2026-06-12 "), "{why}");
    // The engine has the journal: every moment is within reach again, and what was damaged can still be looked at.
    let windows = mended["windows"].as_array().unwrap();
    assert_eq!(windows[0]["missing"], Value::Null, "{windows:?}");
    assert_eq!(mended["targets"][0]["trouble"], Value::Null);
    for at_ms in moments {
        let restore = safe.prepare(json!({ "at_ms": at_ms })).await;
        assert_eq!(restore["state"], "ready", "{restore:#}");
    }
    let aside = files(&safe.unit().join("damaged"), "");
    assert_eq!(aside.iter().map(|path| path.file_name()).collect::<Vec<_>>(), [segments[1].file_name()]);
}

fn is(base: &Value, state: &str) -> bool {
    base["targets"][0]["state"] == state
}

#[tokio::test]
async fn what_is_damaged_in_a_former_epoch_is_a_gap_on_the_page_and_stays_one() {
    let safe = Safe::open().await;
    let moments = evenings(&safe).await;
    let restore = safe.prepare(json!({})).await;
    assert_eq!(safe.place(&restore).await["state"], "placed");
    let owner = &safe.house.owner;
    until(owner, "/backups", |b| b["bases"][0]["epoch"] == 2 && is(&b["bases"][0], "verified")).await;
    let segments = journal(&safe, 1);
    flip(&segments[1]);
    let failed = safe.prepare(json!({ "at_ms": moments[2] })).await;
    assert_eq!(failed["state"], "failed", "{failed:#}");
    assert!(failed["failure"].as_str().unwrap().contains("does not open"), "{failed:#}");
    tells_of_it(&safe).await;
    let broken = |b: &Value| b["windows"][0]["epoch"] == 1 && b["windows"][0]["missing"].is_u64();
    let backups = until(owner, "/backups", broken).await;
    // What is written now is as safe as it was.
    assert_eq!(backups["exposure_ms"], 0);
    let again = safe.prepare(json!({ "at_ms": moments[2] })).await;
    assert!(again["failure"].as_str().unwrap().contains("the journal has a gap"), "{again:#}");
    assert_eq!(safe.prepare(json!({ "at_ms": moments[0] })).await["state"], "ready");
}

#[tokio::test]
async fn a_base_that_does_not_come_back_is_passed_over_and_another_one_is_made() {
    let safe = Safe::open().await;
    let moments = evenings(&safe).await;
    let owner = &safe.house.owner;
    let run = safe.back_up().await;
    assert_eq!(run["state"], "done");
    let file = safe.unit().join("bases").join(run["base"].as_str().unwrap()).join("base");
    std::fs::remove_file(file).unwrap();
    safe.house.app.pass_ms(60_000);
    assert_eq!(owner.post("/backups/tests", json!({ "base_id": run["base"] })).await.status, 202);
    let is_new = |b: &Value| b["bases"][0]["id"] != run["base"] && is(&b["bases"][0], "verified");
    let backups = until(owner, "/backups", is_new).await;
    let bad = backups["bases"].as_array().unwrap().iter().find(|base| base["id"] == run["base"]).unwrap();
    assert!(is(bad, "failed"), "{bad:#}");
    // From the one before, and the journal, as if it had never been.
    let now_ms = backups["now_ms"].as_i64().unwrap();
    for at_ms in [moments[3], now_ms - 30_000] {
        assert_eq!(safe.prepare(json!({ "at_ms": at_ms })).await["state"], "ready");
    }
}

/// A store that takes calls and never answers.
fn silent() -> (std::net::TcpListener, settings::Target) {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let s3 = settings::S3 {
        endpoint: Some(format!("http://{}", listener.local_addr().unwrap())),
        region: "eu-south-1".into(),
        bucket: "house".into(),
        prefix: String::new(),
        access_key: "lucia".into(),
        secret_key: "a secret of hers".into(),
    };
    let place = settings::Place::S3(s3);
    (listener, settings::Target { id: uuid::Uuid::now_v7(), name: "Silent".into(), place })
}

#[tokio::test]
async fn a_place_that_does_not_answer_keeps_none_of_the_others_from_theirs() {
    let safe = Safe::open().await;
    let (_listener, silent) = silent();
    let app = safe.house.app.running.app();
    let add = |settings: &mut settings::Settings| {
        settings.targets.push(silent);
        Ok(())
    };
    assert!(app.backups.change(add).is_ok());
    // Its first turn has begun.
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let began = std::time::Instant::now();
    for _ in 0..3 {
        safe.house.app.pass_ms(1_000);
        safe.house.finished("cash").await;
        safe.shipped().await;
    }
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_second_place_hides_nothing_of_what_the_first_can_go_back_to() {
    let safe = Safe::open().await;
    let moments = evenings(&safe).await;
    let owner = &safe.house.owner;
    let before = owner.get("/backups").await.ok()["windows"][0]["from_ms"].clone();
    safe.house.app.pass_ms(60_000);
    let second = tempfile::tempdir().unwrap();
    owner.post("/backups/targets", json!({ "name": "Cellar", "folder": second.path() })).await.created();
    let both = |b: &Value| b["targets"][1]["entry"] == b["entry"] && b["targets"][1]["bases"] == 1;
    let backups = until(owner, "/backups", both).await;
    assert_eq!(backups["windows"].as_array().unwrap().len(), 1, "{:#}", backups["windows"]);
    assert_eq!(backups["windows"][0]["from_ms"], before);
    // The place that reaches it is found, whichever comes first.
    let app = safe.house.app.running.app();
    let turned = |settings: &mut settings::Settings| {
        settings.targets.reverse();
        Ok(())
    };
    assert!(app.backups.change(turned).is_ok());
    assert_eq!(safe.prepare(json!({ "at_ms": moments[0] })).await["state"], "ready");
}

#[tokio::test]
async fn a_computer_another_one_goes_on_for_says_so_and_calls_nothing_safe() {
    let safe = Safe::open().await;
    evenings(&safe).await;
    let owner = &safe.house.owner;
    // Another computer was made from this place and has put its first base there.
    let other = tempfile::tempdir().unwrap();
    let from = crate::backups::target(safe.folder.path());
    elsewhere::bring_back(other.path(), &from, safe.key(), Wanted::Latest, 1).await.unwrap();
    let theirs = TestApp::start_in(other).await;
    theirs.at("2026-06-12T23:30:00+02:00");
    let journal = safe.unit().join("bases");
    let began = std::time::Instant::now();
    while files(&journal, "manifest.json").len() < 2 {
        assert!(began.elapsed().as_secs() < 20);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    drop(theirs.stop_and_keep().await);
    // This one looks at the place anew, and sells on.
    let app = safe.house.app.running.app();
    app.backups.shelves.forget(Unit::Restaurant(app.restaurants()[0].id));
    safe.house.app.pass_ms(1_000);
    safe.house.finished("cash").await;
    let backups = until(owner, "/backups", |b| b["fenced"] == true).await;
    assert!(backups["exposure_ms"].is_null() && backups["targets"][0]["trouble"].is_string(), "{backups:#}");
    let is_told = |inbox: &Value| {
        inbox["items"].as_array().unwrap().iter().any(|item| {
            item["kind"] == "backup_behind" && item["params"]["message"].as_str().unwrap().contains("another computer")
        })
    };
    until(owner, "/inbox", is_told).await;
}

#[tokio::test]
async fn a_house_where_guests_have_paid_is_not_well_without_a_place_for_backups() {
    let house = House::open().await;
    assert_eq!(house.owner.get("~/health/backups").await.ok()["status"], "ok", "there is nothing to lose yet");
    house.finished("cash").await;
    let part = house.owner.get("~/health/backups").await.ok();
    assert_eq!((&part["status"], &part["error"]), (&json!("warn"), &json!("backups_none")), "{part}");
    let data = house.app.folder.path().join("backups/../backups");
    let inside = json!({ "name": "Here", "folder": data });
    house.owner.post("/backups/targets", inside).await.invalid("folder");
}
