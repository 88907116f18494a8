//! Segments of a busy hour become few: every moment of it stays within reach, also where merging was cut off.

use std::path::Path;

use comanda_engine::backups::compact;
use comanda_engine::backups::unit::Unit;
use serde_json::{Value, json};

use crate::backups::{Safe, files, live_file, state, until};

/// One segment after the other: what was asked for, when, and the state after it.
async fn busy(safe: &Safe, steps: usize) -> Vec<(i64, (u64, Vec<u8>))> {
    let mut recorded = Vec::new();
    for _ in 0..steps {
        safe.house.app.pass_ms(2_000);
        safe.house.order().await;
        safe.shipped().await;
        let now_ms = safe.house.owner.get("/backups").await.ok()["now_ms"].as_i64().unwrap();
        recorded.push((now_ms, state(&live_file(&safe.house))));
    }
    recorded
}

async fn merged(safe: &Safe) -> usize {
    let app = safe.house.app.running.app();
    let unit = Unit::Restaurant(app.restaurants()[0].id);
    compact::compact(app, unit, &app.backups.settings().targets[0]).await.unwrap()
}

async fn comes_back(safe: &Safe, at_ms: i64, expected: &(u64, Vec<u8>)) {
    let restore = safe.prepare(json!({ "at_ms": at_ms })).await;
    assert_eq!(restore["state"], "ready", "{restore:#}");
    assert_eq!(restore["then"]["entry"], expected.0, "{at_ms}");
}

fn journal(safe: &Safe) -> Vec<std::path::PathBuf> {
    files(&safe.unit().join("journal"), "")
}

fn kept(segments: &[std::path::PathBuf]) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    segments.iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[tokio::test]
async fn old_segments_become_one_and_every_moment_in_them_still_comes_back() {
    let safe = Safe::open().await;
    let recorded = busy(&safe, 12).await;
    let small = kept(&journal(&safe));
    assert!(small.len() >= 12, "{small:?}");
    assert_eq!(merged(&safe).await, 0, "what is young stays as it is");
    safe.house.app.pass_ms(2 * compact::AGE_MIN_MS);
    let young = busy(&safe, 1).await;
    // The engine does it by itself every hour; here it is done when this is.
    merged(&safe).await;
    let few = journal(&safe);
    assert!(few.len() <= small.len() / 4, "{few:?}");
    for (at_ms, expected) in recorded.iter().step_by(4).chain(&young) {
        comes_back(&safe, *at_ms, expected).await;
    }
    let backups = safe.house.owner.get("/backups").await.ok();
    assert_eq!((backups["windows"].as_array().unwrap().len(), &backups["windows"][0]["missing"]), (1, &Value::Null));
    // Merging was cut off before the small ones went: both are there, nothing is believed twice, and they go later.
    for (path, bytes) in &small {
        std::fs::write(path, bytes).unwrap();
    }
    let (at_ms, expected) = &recorded[5];
    comes_back(&safe, *at_ms, expected).await;
    assert_eq!(merged(&safe).await, small.len());
    assert_eq!(journal(&safe), few);
    comes_back(&safe, *at_ms, expected).await;
    // What is merged goes like any segment when no base needs it, and shipping goes on behind it.
    safe.house.app.pass_ms(2_000);
    assert_eq!(safe.back_up().await["state"], "done");
    let one_a_day = json!({ "retention": { "rule": "tiers", "daily": 1, "weekly": 0, "monthly": 0 } });
    safe.house.owner.put("/backups/rule", one_a_day).await.ok();
    safe.house.owner.post("/backups/cleanup", json!({})).await.ok();
    assert!(journal(&safe).len() < few.len() + 3);
    let last = busy(&safe, 1).await;
    comes_back(&safe, last[0].0, &last[0].1).await;
}

#[tokio::test]
async fn the_small_segments_stay_where_the_one_that_holds_them_does_not_open() {
    let safe = Safe::open().await;
    let recorded = busy(&safe, 10).await;
    let small = kept(&journal(&safe));
    safe.house.app.pass_ms(2 * compact::AGE_MIN_MS);
    merged(&safe).await;
    let large: Vec<_> =
        journal(&safe).into_iter().filter(|path| !small.iter().any(|(known, _)| known == path)).collect();
    assert_eq!(large.len(), 1);
    for (path, bytes) in &small {
        std::fs::write(path, bytes).unwrap();
    }
    flip(&large[0]);
    // A restart reads the place anew; the altered one is not worth the ones it would replace.
    assert_eq!(merged(&safe).await, 0);
    let still = journal(&safe);
    assert!(small.iter().all(|(path, _)| still.contains(path)), "{still:?}");
    // Without it they lead to every moment again.
    std::fs::remove_file(&large[0]).unwrap();
    let Safe { house, folder } = safe;
    let owner = house.owner.clone();
    let app = house.app.restart().await;
    app.at("2026-06-12T23:00:00+02:00");
    let owner = app.again(&owner);
    let safe = Safe { house: crate::trade::House { app, owner, ..house }, folder };
    until(&safe.house.owner, "/backups", |b| b["targets"][0]["known"] == true).await;
    comes_back(&safe, recorded[6].0, &recorded[6].1).await;
}

fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}
