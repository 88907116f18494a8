//! One file that is carried by hand, and copies that stay beside under a name.

use comanda_engine::backups::plan::Wanted;
use comanda_engine::backups::{carried, elsewhere, keys};
use reqwest::Method;
use serde_json::{Value, json};

use crate::backups::{Safe, live_file, state, until};
use crate::support::{Answer, Person, TestApp};
use crate::trade::{House, id};

/// Writes the file and fetches it.
pub async fn written(owner: &Person) -> Vec<u8> {
    let run = owner.post("/backups/files", json!({})).await;
    assert_eq!(run.status, 202, "{}", run.text);
    let file = id(&run.json());
    let run = until(owner, &format!("/backups/runs/{file}"), |run| run["state"] != "running").await;
    assert_eq!((&run["state"], &run["what"]), (&json!("done"), &json!("export")), "{run:#}");
    let fetch = owner.request(Method::GET, &format!("/backups/files/{file}")).header("accept-encoding", "gzip");
    let answer = fetch.send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/octet-stream");
    assert!(!answer.headers().contains_key("content-encoding"), "what is sealed does not get smaller");
    let bytes = answer.bytes().await.unwrap().to_vec();
    owner.delete(&format!("/backups/files/{file}")).await.gone();
    owner.get(&format!("/backups/files/{file}")).await.refused("not_found");
    bytes
}

async fn brought(owner: &Person, bytes: Vec<u8>) -> Answer {
    let request = owner.request(Method::PUT, "/backups/files");
    Answer::of(request.header("content-type", "application/octet-stream").body(bytes)).await
}

async fn prepared(owner: &Person, asked: Value) -> Value {
    let restore = owner.post("/backups/restores", asked).await;
    assert_eq!(restore.status, 202, "{}", restore.text);
    until(owner, &format!("/backups/restores/{}", id(&restore.json())), |r| r["state"] != "making").await
}

#[tokio::test]
async fn a_file_is_written_without_any_place_and_brought_back_like_any_backup() {
    let house = House::open().await;
    let owner = &house.owner;
    house.finished("card").await;
    let then = state(&live_file(&house));
    let bytes = written(owner).await;
    let tells = bytes.windows(10).any(|window| window == b"Margherita" || window == b"open_order");
    assert!(!tells, "what is carried says nothing to who has no key");
    house.finished("cash").await;
    let file = brought(owner, bytes.clone()).await.created();
    assert_eq!((&file["key_here"], &file["passphrase"]), (&json!(true), &json!(false)), "{file}");
    let restore = prepared(owner, json!({ "file_id": file["id"] })).await;
    assert_eq!(restore["state"], "ready", "{restore:#}");
    assert_eq!((&restore["then"]["orders"], &restore["now"]["orders"]), (&json!(1), &json!(2)));
    assert_eq!(restore["then"]["entry"], then.0);
    let safe = Safe { house, folder: tempfile::tempdir().unwrap() };
    let placed = safe.place(&restore).await;
    assert_eq!(placed["state"], "placed", "{placed:#}");
    let orders = safe.house.owner.get("/orders?state=completed").await.ok();
    assert_eq!(orders["items"].as_array().unwrap().len(), 1);
    // A place of its own says whether it could be brought; a byte that is another is found before that.
    let owner = &safe.house.owner;
    let mut altered = bytes.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    brought(owner, altered).await.refused("conflict");
    brought(owner, bytes[..bytes.len() - 1].to_vec()).await.refused("conflict");
    brought(owner, b"a picture of a cat".to_vec()).await.refused("conflict");
    brought(owner, Vec::new()).await.refused("conflict");
    owner.post("/backups/restores", json!({ "file_id": uuid::Uuid::now_v7() })).await.refused("not_found");
    let manager = safe.house.app.staff(owner, "manager").await;
    manager.post("/backups/files", json!({})).await.refused("forbidden");
    brought(&manager, bytes).await.refused("forbidden");
}

#[tokio::test]
async fn where_its_key_is_not_it_opens_with_the_recovery_key_or_the_passphrase_alone() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let shown = owner.post("/backups/key", json!({})).await.ok();
    let recovery = shown["recovery_key"].as_str().unwrap().to_owned();
    let passphrase = "four blue plates of soup";
    owner.put("/backups/key/passphrase", json!({ "passphrase": passphrase })).await.ok();
    let order = safe.house.order().await;
    let bytes = written(owner).await;
    // Another key holds here now: the computer lost its own.
    let restaurant = owner.restaurant_id().to_owned();
    let folder = safe.house.app.stop_and_keep().await;
    std::fs::remove_file(folder.path().join("backups/key.json")).unwrap();
    let app = TestApp::start_in(folder).await;
    app.at("2026-06-12T20:00:00+02:00");
    let owner = app.log_in("lucia@example.com", &restaurant).await;
    let file = brought(&owner, bytes.clone()).await.created();
    assert_eq!((&file["key_here"], &file["passphrase"]), (&json!(false), &json!(true)), "{file}");
    let ask = |more: Value| {
        let mut asked = json!({ "file_id": file["id"] });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asked
    };
    owner.post("/backups/restores", ask(json!({}))).await.invalid("recovery_key");
    owner.post("/backups/restores", ask(json!({ "recovery_key": "AAAA-BBBB" }))).await.invalid("recovery_key");
    owner.post("/backups/restores", ask(json!({ "passphrase": "four blue plates" }))).await.invalid("passphrase");
    for opens in [json!({ "passphrase": passphrase }), json!({ "recovery_key": recovery })] {
        let restore = prepared(&owner, ask(opens)).await;
        assert_eq!((&restore["state"], &restore["then"]["orders"]), (&json!("ready"), &json!(1)), "{restore:#}");
    }
    // And on a computer that has nothing: everything in it, with who works there.
    let fresh = tempfile::tempdir().unwrap();
    let carried_here = fresh.path().join("restaurant.comanda");
    std::fs::write(&carried_here, &bytes).unwrap();
    let data = fresh.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let unpacked = carried::Unpacked::of(&carried_here, &data).unwrap();
    let key = keys::from_recovery(&recovery).unwrap();
    let back = elsewhere::bring_back_file(&data, &unpacked, key, Wanted::Latest, 1).await.unwrap();
    assert_eq!(back.len(), 2);
    drop(unpacked);
    let left: Vec<_> = std::fs::read_dir(&data).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_str().unwrap().starts_with("unpacked")), "{left:?}");
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::rename(&data, elsewhere.path().join("data")).unwrap();
    let app = TestApp::start_with(elsewhere, |options| options.data_dir = options.data_dir.join("data")).await;
    app.at("2026-06-12T20:30:00+02:00");
    let owner = app.log_in("lucia@example.com", &restaurant).await;
    assert_eq!(owner.get(&format!("/orders/{}", id(&order))).await.status, 200);
    assert_eq!(owner.get("/backups").await.ok()["targets"], json!([]), "the file is no place to back up to");
}

#[tokio::test]
async fn a_moment_is_kept_beside_under_a_name_looked_at_and_let_go() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    safe.house.finished("card").await;
    safe.shipped().await;
    let restore = safe.prepare(json!({})).await;
    safe.house.app.pass_ms(60_000);
    safe.house.finished("cash").await;
    let keep = |name: &str| json!({ "restore_id": restore["id"], "name": name });
    let copy = owner.post("/backups/copies", keep("  Before the new menu ")).await.created();
    assert_eq!(copy["name"], "Before the new menu");
    owner.post("/backups/copies", keep("Before the new menu")).await.refused("conflict");
    owner.post("/backups/copies", keep("")).await.invalid("name");
    owner
        .post("/backups/copies", json!({ "restore_id": uuid::Uuid::now_v7(), "name": "x" }))
        .await
        .refused("not_found");
    // The moment it was made from goes; the copy stays, also over a restart.
    owner.delete(&format!("/backups/restores/{}", id(&restore))).await.gone();
    let Safe { house, folder } = safe;
    let restaurant = house.owner.restaurant_id().to_owned();
    let app = house.app.restart().await;
    app.at("2026-06-12T20:00:00+02:00");
    let owner = app.log_in("lucia@example.com", &restaurant).await;
    let listed = owner.get("/backups").await.ok()["copies"].clone();
    assert_eq!(listed, json!([copy]));
    let look = owner.post(&format!("/backups/copies/{}/look", id(&copy)), json!({})).await.created();
    let view =
        owner.request(Method::GET, "/orders?state=completed").header("x-rewind", look["view_id"].as_str().unwrap());
    assert_eq!(Answer::of(view).await.ok()["items"].as_array().unwrap().len(), 1);
    let now = owner.get("/orders?state=completed").await.ok();
    assert_eq!(now["items"].as_array().unwrap().len(), 2);
    let written = owner.request(Method::POST, "/orders").header("x-rewind", look["view_id"].as_str().unwrap());
    assert!(Answer::of(written.json(&json!({}))).await.status.is_client_error(), "a copy is looked at, not worked in");
    let manager = app.staff(&owner, "manager").await;
    manager.post(&format!("/backups/copies/{}/look", id(&copy)), json!({})).await.refused("forbidden");
    owner.delete(&format!("/backups/copies/{}", id(&copy))).await.gone();
    owner.delete(&format!("/backups/copies/{}", id(&copy))).await.refused("not_found");
    owner.post(&format!("/backups/copies/{}/look", id(&copy)), json!({})).await.refused("not_found");
    assert_eq!(owner.get("/backups").await.ok()["copies"], json!([]));
    drop(folder);
}
