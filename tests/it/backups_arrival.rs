//! A new computer: a backup is brought back on the first screen, out of a file or a place, and its people sign in.

use comanda_engine::backups::manifest::{self, Verdict};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::backups::{Safe, files, until, until_not};
use crate::backups_carried::written;
use crate::support::{Answer, Person, TestApp};
use crate::trade::id;

/// Another computer, on its first screen.
async fn fresh() -> (TestApp, Person) {
    let app = TestApp::start().await;
    app.at("2026-06-12T23:30:00+02:00");
    let setup = app.person(&app.setup_token().await, "");
    (app, setup)
}

async fn brought(setup: &Person, bytes: Vec<u8>) -> Answer {
    let request = setup.request(Method::PUT, "/setup/restore/file");
    Answer::of(request.header("content-type", "application/octet-stream").body(bytes)).await
}

/// Asks for it, and waits until it stands ready or did not come back.
async fn made_ready(setup: &Person, wish: Value) -> Value {
    let begun = setup.post("/setup/restore", wish).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
    until(setup, "/setup/restore", |restore| restore["state"] != "making").await
}

async fn placed(setup: &Person) -> Value {
    let begun = setup.post("/setup/restore/confirm", json!({})).await;
    assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.text);
    until_not(setup, "/setup/restore", "placing").await
}

async fn recovery_key(owner: &Person) -> String {
    let shown = owner.post("/backups/key", json!({})).await.ok();
    shown["recovery_key"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_that_was_carried_is_brought_back_on_the_first_screen_of_another_computer() {
    let safe = Safe::open().await;
    let (owner, restaurant) = (&safe.house.owner, safe.house.owner.restaurant_id().to_owned());
    safe.house.app.staff(owner, "waiter").await;
    let order = safe.house.order().await;
    let recovery = recovery_key(owner).await;
    let bytes = written(owner).await;

    let (other, setup) = fresh().await;
    brought(&other.stranger(), bytes.clone()).await.refused("unauthenticated");
    brought(&setup, b"a picture of a cat".to_vec()).await.refused("conflict");
    let file = brought(&setup, bytes.clone()).await.created();
    assert_eq!((&file["key_here"], &file["passphrase"]), (&json!(false), &json!(false)), "{file}");
    let open = |key: &str| json!({ "file_id": file["id"], "recovery_key": key });
    setup.post("/setup/restore", json!({ "file_id": file["id"] })).await.invalid("recovery_key");
    setup.post("/setup/restore", open("AAAA-BBBB")).await.invalid("recovery_key");
    // A whole key, of another restaurant.
    let stranger = comanda_engine::backups::keys::recovery(&comanda_engine::backups::seal::DataKey::mint());
    let refused = setup.post("/setup/restore", open(&stranger)).await;
    assert!(refused.text.contains("other backups"), "{}", refused.text);
    refused.invalid("recovery_key");
    setup.get("/setup/restore").await.refused("not_found");

    let ready = made_ready(&setup, open(&recovery.to_lowercase().replace('-', " "))).await;
    assert_eq!((&ready["state"], &ready["keeps_place"]), (&json!("ready"), &json!(false)), "{ready:#}");
    let found = &ready["restaurants"][0];
    assert_eq!((&found["name"], &found["figures"]["orders"]), (&json!("Trattoria da Lucia"), &json!(1)), "{found:#}");
    assert_eq!((&found["figures"]["staff"], &found["time_zone"]), (&json!(2), &json!("Europe/Rome")));
    assert_eq!(other.stranger().get("/setup").await.ok()["needed"], true, "nothing is in its place yet");

    let placed = placed(&setup).await;
    assert_eq!(placed["state"], "placed", "{placed:#}");
    assert_eq!(other.stranger().get("/setup").await.ok()["needed"], false);
    let there = other.log_in("lucia@example.com", &restaurant).await;
    assert_eq!(there.get(&format!("/orders/{}", id(&order))).await.status, 200);
    let backups = there.get("/backups").await.ok();
    assert_eq!((&backups["targets"], &backups["key"]["seen"]), (&json!([]), &json!(true)), "{:#}", backups["key"]);
    // It is sold on as on any computer, and nobody brings another one in its place.
    there.post("/orders", json!({ "service": "dine_in", "table": "9" })).await.created();
    setup.post("/setup/restore", open(&recovery)).await.refused("conflict");
    setup.post("/setup/restore/confirm", json!({})).await.refused("conflict");
    brought(&setup, bytes).await.refused("conflict");
    // It is all in the files, not in this process alone.
    let other = other.restart().await;
    let there = other.log_in("lucia@example.com", &restaurant).await;
    assert_eq!(there.get("/orders").await.ok()["items"].as_array().unwrap().len(), 2);
    let left: Vec<_> = std::fs::read_dir(other.folder.path().join("restaurants")).unwrap().collect();
    assert_eq!(left.len(), 3, "one restaurant, and what SQLite keeps beside it: {left:?}");
}

#[tokio::test]
async fn a_folder_is_brought_back_as_of_a_moment_and_goes_on_being_backed_up_to() {
    let safe = Safe::open().await;
    safe.house.finished("card").await;
    safe.house.app.pass_ms(60_000);
    let then = safe.house.app.now_ms();
    safe.house.app.pass_ms(60_000);
    safe.house.finished("cash").await;
    safe.shipped().await;
    safe.whole().await;
    let recovery = recovery_key(&safe.house.owner).await;
    let restaurant = safe.house.owner.restaurant_id().to_owned();
    let Safe { house, folder } = safe;
    drop(house.app.stop_and_keep().await);

    let (other, setup) = fresh().await;
    let nowhere = json!({ "folder": folder.path().join("nowhere"), "recovery_key": recovery });
    setup.post("/setup/restore", nowhere).await.invalid("folder");
    let wish = |at_ms: Option<i64>| json!({ "folder": folder.path(), "recovery_key": recovery, "at_ms": at_ms });
    let early = made_ready(&setup, wish(Some(1_000))).await;
    assert_eq!(early["state"], "failed", "{early:#}");
    let earlier = made_ready(&setup, wish(Some(then))).await;
    assert_eq!(earlier["restaurants"][0]["figures"]["orders"], 1, "{earlier:#}");
    let latest = made_ready(&setup, wish(None)).await;
    let found = &latest["restaurants"][0];
    assert_eq!((&found["figures"]["orders"], &latest["keeps_place"]), (&json!(2), &json!(true)), "{latest:#}");
    assert!(found["from_ms"].as_i64().unwrap() < then && found["to_ms"].as_i64().unwrap() > then, "{found:#}");
    setup.post("/setup/restore", wish(Some(other.now_ms() + 60_000))).await.invalid("at_ms");
    assert_eq!(placed(&setup).await["state"], "placed");
    let owner = other.log_in("lucia@example.com", &restaurant).await;
    assert_eq!(owner.get("/orders?state=completed").await.ok()["items"].as_array().unwrap().len(), 2);
    // On a base of its own, in a later epoch.
    until(&owner, "/backups", |b| b["bases"][0]["epoch"] == 2 && b["exposure_ms"] == 0).await;
}

#[tokio::test]
async fn a_restaurant_that_was_set_up_meanwhile_is_not_written_over() {
    let safe = Safe::open().await;
    safe.house.finished("card").await;
    let recovery = recovery_key(&safe.house.owner).await;
    let bytes = written(&safe.house.owner).await;
    let (other, setup) = fresh().await;
    let file = brought(&setup, bytes).await.created();
    let ready = made_ready(&setup, json!({ "file_id": file["id"], "recovery_key": recovery })).await;
    assert_eq!(ready["state"], "ready", "{ready:#}");
    // Past the first look: what decides is the file itself, once nobody can write to it any more.
    let owner = other.set_up().await;
    let app = other.running.app();
    let arrival = app.backups.arrivals.now().unwrap();
    assert!(comanda_engine::backups::arrival::place(app, &arrival).is_ok());
    let ended = until_not(&setup, "/setup/restore", "placing").await;
    assert_eq!(ended["state"], "failed", "{ended:#}");
    let again = other.log_in("lucia@example.com", owner.restaurant_id()).await;
    assert_eq!(again.get("/orders").await.ok()["items"], json!([]), "the new one is as it was");
    setup.post("/setup/restore/confirm", json!({})).await.refused("conflict");
}

#[tokio::test]
async fn where_every_backup_failed_its_test_it_is_still_tried_and_checked() {
    let safe = Safe::open().await;
    safe.house.finished("card").await;
    safe.shipped().await;
    safe.whole().await;
    let recovery = recovery_key(&safe.house.owner).await;
    let key = safe.key();
    let Safe { house, folder } = safe;
    drop(house.app.stop_and_keep().await);
    // The disk of the old computer failed while it tested, and it took that for the backup's fault.
    for path in files(folder.path(), "verdict.json") {
        let name = path.strip_prefix(folder.path()).unwrap().to_str().unwrap().to_owned();
        let mut verdict: Verdict = manifest::read(&key, &name, &std::fs::read(&path).unwrap()).unwrap();
        (verdict.entry, verdict.findings) = (0, vec!["the file cannot be read".to_owned()]);
        std::fs::write(&path, manifest::write(&key, &name, &verdict).unwrap()).unwrap();
    }
    let (_other, setup) = fresh().await;
    let ready = made_ready(&setup, json!({ "folder": folder.path(), "recovery_key": recovery })).await;
    assert_eq!(
        (&ready["state"], &ready["restaurants"][0]["figures"]["orders"]),
        (&json!("ready"), &json!(1)),
        "{ready:#}"
    );
}
