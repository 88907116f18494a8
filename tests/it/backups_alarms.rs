//! What goes wrong with backups when nobody looks: the inbox says it, health says it, and both are calm again by
//! themselves.

use serde_json::{Value, json};

use crate::backups::{Safe, until};
use crate::support::Person;

async fn flags(owner: &Person) -> Vec<(String, bool)> {
    let inbox = owner.get("/inbox").await.ok();
    let items = inbox["items"].as_array().unwrap().iter();
    let mut flags: Vec<_> =
        items.map(|item| (item["kind"].as_str().unwrap().to_owned(), item["resolved"] == true)).collect();
    flags.retain(|(kind, _)| kind.starts_with("backup"));
    flags
}

async fn until_flags(owner: &Person, wanted: &[(&str, bool)]) {
    let began = std::time::Instant::now();
    loop {
        let flags = flags(owner).await;
        let now: Vec<_> = flags.iter().map(|(kind, resolved)| (kind.as_str(), *resolved)).collect();
        if now == wanted {
            return;
        }
        assert!(began.elapsed().as_secs() < 20, "{now:?}, not {wanted:?}");
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    }
}

fn figure(part: &Value, name: &str) -> Option<u64> {
    part["figures"].as_array().unwrap().iter().find(|figure| figure["name"] == name)?["value"].as_u64()
}

#[tokio::test]
async fn a_place_that_is_gone_for_long_stands_in_the_inbox_and_in_health_until_it_is_back() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let part = owner.get("~/health/backups").await.ok();
    assert_eq!((&part["status"], figure(&part, "places"), figure(&part, "lag_ms")), (&json!("ok"), Some(1), Some(0)));
    assert!(figure(&part, "proven_age_ms").is_some(), "{part}");
    let (folder, aside) = (safe.folder.path().to_owned(), safe.folder.path().with_extension("aside"));
    std::fs::rename(&folder, &aside).unwrap();
    std::fs::create_dir(&folder).unwrap();
    safe.house.app.pass_ms(60_000);
    safe.house.finished("cash").await;
    until(owner, "/backups", |b| b["targets"][0]["trouble"].is_string()).await;
    assert_eq!(flags(owner).await, [], "a disk may be changed");
    // Longer than that; the session is still good.
    safe.house.app.pass_ms(20 * 60_000);
    until_flags(owner, &[("backup_behind", false)]).await;
    let inbox = owner.get("/inbox?open=true").await.ok();
    let flag = &inbox["items"][0];
    assert_eq!(flag["params"]["name"], "Pantry");
    assert!(flag["params"]["message"].as_str().unwrap().contains("unplugged"), "{flag}");
    let part = owner.get("~/health/backups").await.ok();
    assert_eq!((&part["status"], &part["error"]), (&json!("warn"), &json!("backups_behind")), "{part}");
    assert!(figure(&part, "lag_ms") >= Some(20 * 60_000) && figure(&part, "places_behind") == Some(1), "{part}");
    std::fs::remove_dir(&folder).unwrap();
    std::fs::rename(&aside, &folder).unwrap();
    safe.house.app.pass_ms(120_000);
    until_flags(owner, &[("backup_behind", true)]).await;
    safe.shipped().await;
    assert_eq!(owner.get("~/health/backups").await.ok()["status"], "ok");
}

#[tokio::test]
async fn a_night_that_fails_and_a_backup_that_does_not_come_back_are_told_once_and_settled_when_it_goes_well() {
    let safe = Safe::open().await;
    let restaurant = safe.house.owner.restaurant_id().to_owned();
    // Bases cannot be put: what is in their place is no folder. The journal still goes.
    let bases = safe.unit().join("bases");
    let aside = safe.folder.path().join("aside");
    std::fs::rename(&bases, &aside).unwrap();
    std::fs::write(&bases, "in the way").unwrap();
    safe.house.app.at("2026-06-13T02:00:01+02:00");
    let owner = safe.house.app.log_in("lucia@example.com", &restaurant).await;
    until_flags(&owner, &[("backup_failed", false)]).await;
    let part = owner.get("~/health/backups").await.ok();
    assert_eq!((&part["status"], &part["error"]), (&json!("warn"), &json!("backups_fail")), "{part}");
    // Somebody has seen it: the next failures of the same night say nothing new.
    let flag = owner.get("/inbox?open=true").await.ok()["items"][0]["id"].clone();
    owner.post(&format!("/inbox/{}/resolve", flag.as_str().unwrap()), json!({})).await.gone();
    safe.house.app.pass_ms(31 * 60_000);
    until(&owner, "/backups", |b| {
        let failed = b["runs"].as_array().unwrap().iter();
        failed.filter(|run| run["what"] == "backup" && run["state"] == "failed").count() >= 2
    })
    .await;
    assert_eq!(flags(&owner).await, [("backup_failed".to_owned(), true)]);
    std::fs::remove_file(&bases).unwrap();
    std::fs::rename(&aside, &bases).unwrap();
    safe.house.app.pass_ms(31 * 60_000);
    until(&owner, "/backups", |b| b["bases"][0]["kind"] == "nightly").await;
    // What was put there is altered; its test says so.
    let base = owner.get("/backups").await.ok()["bases"][0]["id"].clone();
    let file = safe.unit().join("bases").join(base.as_str().unwrap()).join("base");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    assert_eq!(owner.post("/backups/tests", json!({ "base_id": base })).await.status, 202);
    until_flags(&owner, &[("backup_unproven", false), ("backup_failed", true)]).await;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    assert_eq!(owner.post("/backups/tests", json!({ "base_id": base })).await.status, 202);
    until_flags(&owner, &[("backup_unproven", true), ("backup_failed", true)]).await;
}

#[tokio::test]
async fn right_after_a_restore_nothing_is_called_lost_while_its_first_backup_is_made() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    safe.house.finished("card").await;
    safe.shipped().await;
    let restore = safe.prepare(json!({})).await;
    let path = format!("/backups/restores/{}/confirm", restore["id"].as_str().unwrap());
    assert_eq!(owner.post(&path, json!({ "name": "Trattoria da Lucia" })).await.status, 202);
    let began = std::time::Instant::now();
    let mut seen = Vec::new();
    loop {
        let answer = owner.get("/backups").await;
        if answer.status == 200 {
            let backups = answer.json();
            let says = (backups["exposure_ms"].is_null(), backups["beginning"].clone());
            // It never says that everything would be lost without saying what goes on.
            assert!(!(says.0 && says.1.is_null()), "{backups:#}");
            if seen.last() != Some(&says) {
                seen.push(says);
            }
            if backups["bases"][0]["epoch"] == 2 && backups["exposure_ms"] == 0 {
                break;
            }
        }
        assert!(began.elapsed().as_secs() < 20, "{seen:?}");
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    assert!(seen.len() > 1, "it was never seen beginning: {seen:?}");
}
