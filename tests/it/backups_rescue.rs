//! A restaurant whose file is damaged or gone comes back out of its backups, and only who may puts it back.

use std::path::Path;

use serde_json::{Value, json};

use crate::backups::{Safe, files, live_file, until};
use crate::support::Person;
use crate::trade::House;

/// A restaurant with a paid order in its backups, whose file something happened to while nobody had it open. A waiter's
/// session outlives the restart as the owner's does.
async fn harmed(harm: impl FnOnce(&Path)) -> (Safe, Person) {
    let safe = Safe::open().await;
    safe.house.finished("cash").await;
    let waiter = safe.house.app.staff(&safe.house.owner, "waiter").await;
    safe.shipped().await;
    let Safe { house, folder } = safe;
    let file = live_file(&house);
    let app = house.app.restart_after(|_| harm(&file)).await;
    let (owner, waiter) = (app.again(&house.owner), app.again(&waiter));
    (Safe { house: House { app, owner, ..house }, folder }, waiter)
}

fn way(person: &Person) -> String {
    format!("~/unreadable/{}/restore", person.restaurant_id())
}

async fn fetched(owner: &Person) -> Value {
    assert_eq!(owner.post(&way(owner), json!({})).await.status, 202);
    until(owner, &way(owner), |restore| restore["state"] != "making").await
}

#[tokio::test]
async fn a_damaged_file_is_set_aside_and_its_restaurant_comes_back_with_every_paid_order() {
    let garbage = vec![b'?'; 8192];
    let (safe, waiter) = harmed(|file| std::fs::write(file, &garbage).unwrap()).await;
    let owner = &safe.house.owner;
    owner.get("/orders").await.refused("restaurant_unreadable");
    let ready = fetched(owner).await;
    assert_eq!((&ready["state"], &ready["then"]["orders"], &ready["now"]), (&json!("ready"), &json!(1), &Value::Null));
    // Who they are is known now, and what they may.
    for asked in [waiter.get(&way(&waiter)).await, waiter.post(&way(&waiter), json!({})).await] {
        asked.refused("forbidden");
    }
    waiter.post(&format!("{}/confirm", way(&waiter)), json!({})).await.refused("forbidden");
    safe.house.app.stranger().get(&way(owner)).await.refused("unauthenticated");
    assert_eq!(std::fs::read(live_file(&safe.house)).unwrap(), garbage, "nothing was changed yet");
    let placing = owner.post(&format!("{}/confirm", way(owner)), json!({})).await;
    assert_eq!(placing.status, 202, "{}", placing.text);
    until(owner, "~/me", |me| me["unreadable"] == json!([])).await;
    let orders = owner.get("/orders?state=completed").await.ok();
    assert_eq!(orders["items"].as_array().unwrap().len(), 1, "{orders:#}");
    safe.house.finished("card").await;
    // A press that comes late finds it open.
    owner.post(&way(owner), json!({})).await.refused("not_found");
    let aside = files(&safe.house.app.folder.path().join("backups/safety"), owner.restaurant_id());
    let aside: Vec<_> = aside.iter().filter(|path| path.extension().is_some_and(|kind| kind == "db")).collect();
    assert_eq!(std::fs::read(aside[0]).unwrap(), garbage, "what was there is kept");
    assert_eq!(aside.len(), 1);
}

#[tokio::test]
async fn a_file_that_is_gone_comes_back_and_nothing_is_invented_where_no_place_has_it() {
    let (safe, _) = harmed(|file| std::fs::remove_file(file).unwrap()).await;
    let owner = &safe.house.owner;
    let lost = safe.folder.path().with_extension("away");
    std::fs::rename(safe.folder.path(), &lost).unwrap();
    let refused = owner.post(&way(owner), json!({})).await.refused("conflict");
    assert!(refused["message"].as_str().unwrap().contains("Pantry"), "{refused:#}");
    owner.get(&way(owner)).await.refused("not_found");
    owner.post(&format!("{}/confirm", way(owner)), json!({})).await.refused("not_found");
    std::fs::rename(&lost, safe.folder.path()).unwrap();
    assert_eq!(fetched(owner).await["state"], "ready");
    assert_eq!(owner.post(&format!("{}/confirm", way(owner)), json!({})).await.status, 202);
    until(owner, "~/me", |me| me["unreadable"] == json!([])).await;
    assert_eq!(owner.get("/orders?state=completed").await.ok()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_whole_and_stays() {
    let newer = |file: &Path| {
        let conn = rusqlite::Connection::open(file).unwrap();
        conn.pragma_update(None, "user_version", 9_999).unwrap();
    };
    let (safe, _) = harmed(newer).await;
    let owner = &safe.house.owner;
    let refused = owner.post(&way(owner), json!({})).await.refused("rule_violated");
    assert!(refused["message"].as_str().unwrap().contains("newer version"), "{refused:#}");
}
