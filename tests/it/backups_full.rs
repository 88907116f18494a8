//! A place that fills up: it is told, nothing half-written counts, what is there still comes back, and the restaurant
//! goes on as if nothing were.
//!
//! The place is a small file system in memory, which only the machine's administrator may mount; where the tests are
//! run by somebody else, that is said and nothing is shown.

use serde_json::{Value, json};

use crate::backups::{Safe, files, until};
use crate::support::small::Small;

#[tokio::test]
async fn a_place_that_fills_up_is_told_and_loses_nothing_that_is_there() {
    let Some(small) = Small::mount(1024) else {
        eprintln!("not shown: a small file system can be mounted by the administrator only");
        return;
    };
    let safe = Safe::open().await;
    let new = json!({ "name": "Small", "folder": small.path() });
    safe.house.owner.post("/backups/targets", new).await.created();
    let here = |b: &Value| b["targets"][1]["entry"] == b["entry"] && b["targets"][1]["trouble"].is_null();
    until(&safe.house.owner, "/backups", |b| here(b) && b["targets"][1]["bases"] == 1).await;
    until(&safe.house.owner, "/backups", |b| {
        b["bases"]
            .as_array()
            .unwrap()
            .iter()
            .all(|base| base["targets"].as_array().unwrap().iter().all(|at| at["state"] == "verified"))
    })
    .await;
    // Somebody puts something large beside it.
    let large = small.path().join("holiday.mov");
    drop(std::fs::write(&large, vec![7; 4 * 1024 * 1024]));
    let run = safe.back_up().await;
    assert_eq!(run["state"], "failed", "{run:#}");
    assert!(run["failure"].as_str().unwrap().starts_with("Small: its disk is full"), "{run:#}");
    safe.house.app.pass_ms(60_000);
    safe.house.finished("card").await;
    let backups = until(&safe.house.owner, "/backups", |b| b["targets"][1]["trouble"].is_string()).await;
    assert!(backups["targets"][1]["entries_behind"].as_u64().unwrap() > 0);
    // The other place has all of it, and the new backup too.
    safe.shipped().await;
    assert_eq!(backups["targets"][0]["trouble"], Value::Null);
    // What lies in the full one still comes back.
    let target = &backups["targets"][1]["id"];
    let restore = safe.prepare(json!({ "target_id": target })).await;
    assert_eq!((&restore["state"], &restore["then"]["orders"]), (&json!("ready"), &json!(0)), "{restore:#}");
    // Room is made: it goes on without a gap, and what was half written is swept away.
    std::fs::remove_file(&large).unwrap();
    safe.house.app.pass_ms(120_000);
    until(&safe.house.owner, "/backups", here).await;
    assert_eq!(safe.back_up().await["state"], "done");
    let restore = safe.prepare(json!({ "target_id": target })).await;
    assert_eq!((&restore["state"], &restore["then"]["orders"]), (&json!("ready"), &json!(1)), "{restore:#}");
    let unit = small.path().join(safe.house.owner.restaurant_id());
    safe.house.owner.post("/backups/cleanup", json!({})).await.ok();
    let bases = files(&unit, "/bases/");
    let whole = bases.iter().filter(|path| path.ends_with("manifest.json")).count();
    assert_eq!(bases.iter().filter(|path| path.ends_with("base")).count(), whole, "{bases:#?}");
}
