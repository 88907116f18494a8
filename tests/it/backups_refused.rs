//! What is asked of backups and cannot be: told with its field, and nothing is touched.

use serde_json::json;

use crate::backups::{Safe, until};
use crate::trade::House;

#[tokio::test]
async fn a_place_or_a_moment_that_cannot_be_is_told_with_its_field() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let folder = safe.folder.path().to_str().unwrap();
    owner.post("/backups/targets", json!({ "name": "Again", "folder": folder })).await.refused("conflict");
    owner.post("/backups/targets", json!({ "name": "Mine", "folder": "relative" })).await.invalid("folder");
    owner.post("/backups/targets", json!({ "name": "Mine" })).await.invalid("folder");
    owner.post("/backups/targets", json!({ "name": "", "folder": "/tmp/x" })).await.invalid("name");
    let inside = safe.house.app.folder.path().join("copies");
    owner.post("/backups/targets", json!({ "name": "Inside", "folder": inside })).await.invalid("folder");
    owner.post("/backups/targets", json!({ "name": "Proc", "folder": "/proc/nothing/here" })).await.invalid("folder");
    let unplugged = safe.house.app.folder.path().with_extension("stick");
    let on_it = unplugged.join("comanda");
    let refused = owner.post("/backups/targets", json!({ "name": "Stick", "folder": on_it })).await;
    assert!(refused.text.contains("Plug the disk in"), "{}", refused.text);
    refused.invalid("folder");
    assert!(!unplugged.exists());
    let store = json!({ "endpoint": "nowhere", "region": "x", "bucket": "b", "access_key": "k", "secret_key": "s" });
    owner.post("/backups/targets", json!({ "name": "S3", "s3": store })).await.invalid("s3.endpoint");
    let now_ms = owner.get("/backups").await.ok()["now_ms"].as_i64().unwrap();
    owner.post("/backups/restores", json!({ "at_ms": now_ms + 1 })).await.invalid("at_ms");
    let nobody = uuid::Uuid::now_v7();
    owner.post("/backups/restores", json!({ "target_id": nobody })).await.refused("not_found");
    let restore = safe.prepare(json!({ "base_id": nobody })).await;
    assert!(restore["failure"].as_str().unwrap().contains("no backup"), "{restore}");
    let restore = safe.prepare(json!({ "at_ms": 1 })).await;
    assert!(restore["failure"].as_str().unwrap().contains("begin later"), "{restore}");
    owner.post("/backups/tests", json!({ "base_id": nobody })).await.refused("not_found");
    owner.post("/backups/roll-back", json!({ "set_aside": "../../etc/passwd" })).await.refused("not_found");
    owner.get(&format!("/backups/runs/{nobody}")).await.refused("not_found");
    owner.delete(&format!("/backups/runs/{nobody}")).await.refused("not_found");
    owner.delete(&format!("/backups/targets/{nobody}")).await.refused("not_found");
    owner.get(&format!("/backups/restores/{nobody}")).await.refused("not_found");
}

#[tokio::test]
async fn what_is_on_its_way_to_a_place_that_is_removed_ends() {
    let house = House::open().await;
    let owner = &house.owner;
    // The first base of a place waits behind somebody else's long work.
    let busy = house.app.running.app().backups.alone.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let new = json!({ "name": "Pantry", "folder": folder.path() });
    let added = owner.post("/backups/targets", new).await.created();
    let begun = until(owner, "/backups", |b| b["runs"][0]["state"] == "running").await;
    let run = format!("/backups/runs/{}", begun["runs"][0]["id"].as_str().unwrap());
    owner.delete(&format!("/backups/targets/{}", added["targets"][0]["id"].as_str().unwrap())).await.gone();
    let ended = until(owner, &run, |run| run["state"] != "running").await;
    assert_eq!((&ended["state"], &ended["failure"]), (&json!("stopped"), &json!(null)), "{ended:#}");
    assert!(ended["ended_ms"].is_number());
    drop(busy);
}
