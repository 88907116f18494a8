//! What is done at start with files that cannot be opened, or that belong to nobody.

use std::path::{Path, PathBuf};

use comanda_engine::serve::{self, Options};
use serde_json::json;

use crate::support::{Person, TestApp};

fn file_of(folder: &Path, person: &Person) -> PathBuf {
    folder.join("restaurants").join(format!("{}.db", person.restaurant_id()))
}

/// A second restaurant in the same installation, made as setting up makes one.
async fn second(app: &TestApp, owner: &Person) -> Person {
    let id = uuid::Uuid::now_v7();
    let first = file_of(app.folder.path(), owner);
    let second = app.folder.path().join("restaurants").join(format!("{id}.db"));
    rusqlite::Connection::open(&first).unwrap().execute("VACUUM INTO ?1", [second.to_string_lossy()]).unwrap();
    let installation = rusqlite::Connection::open(app.folder.path().join("installation.db")).unwrap();
    installation.execute("INSERT INTO restaurant (id, made_ms) VALUES (?1, 0)", [id.as_bytes().as_slice()]).unwrap();
    owner.at(&id.to_string())
}

async fn damaged(damage: impl FnOnce(&Path)) -> (TestApp, Person, Person) {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let other = second(&app, &owner).await;
    let folder = app.stop_and_keep().await;
    damage(&file_of(folder.path(), &other));
    let app = TestApp::start_in(folder).await;
    let (owner, other) = (app.again(&owner), app.again(&other));
    (app, owner, other)
}

async fn assert_closed(owner: &Person, other: &Person, reason: &str) {
    owner.get("/orders").await.ok();
    let refused = other.get("/orders").await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.header("retry-after"), "");
    let error = refused.refused("restaurant_unreadable");
    assert_eq!(error["details"]["reason"], reason);
    let me = owner.get("~/me").await.ok();
    assert_eq!(me["restaurants"].as_array().unwrap().len(), 1);
    assert_eq!(me["unreadable"][0]["id"], other.restaurant_id());
    assert_eq!(me["unreadable"][0]["reason"], reason);
    assert!(me["unreadable"][0]["message"].as_str().unwrap().contains("This restaurant's file"));
    let posted = other.post("/orders", json!({ "service": "takeaway" })).await.refused("restaurant_unreadable");
    assert_eq!(posted["details"]["reason"], reason);
}

#[tokio::test]
async fn a_file_that_is_no_database_harms_its_own_restaurant_only() {
    let garbage = vec![b'?'; 8192];
    let (_app, owner, other) = damaged(|path| std::fs::write(path, &garbage).unwrap()).await;
    assert_closed(&owner, &other, "damaged").await;
}

#[tokio::test]
async fn a_damaged_file_is_left_as_it_is() {
    let garbage = vec![b'?'; 8192];
    let (app, _, other) = damaged(|path| std::fs::write(path, &garbage).unwrap()).await;
    assert_eq!(std::fs::read(file_of(app.folder.path(), &other)).unwrap(), garbage);
}

#[tokio::test]
async fn a_file_that_is_gone_is_not_made_anew() {
    let (app, owner, other) = damaged(|path| std::fs::remove_file(path).unwrap()).await;
    assert_closed(&owner, &other, "missing").await;
    assert!(!file_of(app.folder.path(), &other).exists());
}

#[tokio::test]
async fn an_empty_file_is_not_taken_for_a_new_restaurant() {
    let (app, owner, other) = damaged(|path| std::fs::write(path, b"").unwrap()).await;
    assert_closed(&owner, &other, "damaged").await;
    assert_eq!(std::fs::metadata(file_of(app.folder.path(), &other)).unwrap().len(), 0);
}

#[tokio::test]
async fn a_file_of_a_newer_program_waits_for_it() {
    let newer = |path: &Path| {
        rusqlite::Connection::open(path).unwrap().pragma_update(None, "user_version", 999).unwrap();
    };
    let (_app, owner, other) = damaged(newer).await;
    assert_closed(&owner, &other, "newer").await;
}

#[tokio::test]
async fn when_the_only_restaurant_is_unreadable_its_owner_logs_in_and_is_told() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let folder = app.stop_and_keep().await;
    std::fs::write(file_of(folder.path(), &owner), b"not a database, not at all, but long enough to be looked at")
        .unwrap();
    let app = TestApp::start_in(folder).await;
    let again = app.log_in("lucia@example.com", owner.restaurant_id()).await;
    let me = again.get("~/me").await.ok();
    assert_eq!((me["restaurants"].as_array().unwrap().len(), &me["unreadable"][0]["reason"]), (0, &json!("damaged")));
    let code = app.running.one_time_code(serve::Purpose::Console);
    app.stranger().post("/codes/exchange", json!({ "code": code })).await.refused("restaurant_unreadable");
    assert_eq!(app.stranger().get("/setup").await.ok()["needed"], false, "it is not set up over it");
}

#[tokio::test]
async fn what_setting_up_left_half_done_is_set_aside_and_nothing_else() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let folder = app.stop_and_keep().await;
    let restaurants = folder.path().join("restaurants");
    let orphan = format!("{}.db", uuid::Uuid::now_v7());
    for name in [orphan.clone(), format!("{orphan}-wal"), "notes.txt".to_owned(), "copy of lucia.db".to_owned()] {
        std::fs::write(restaurants.join(name), b"half done").unwrap();
    }
    let app = TestApp::start_in(folder).await;
    app.again(&owner).get("/orders").await.ok();
    let aside = app.folder.path().join("set-aside");
    for name in [orphan.clone(), format!("{orphan}-wal")] {
        assert!(!restaurants.join(&name).exists());
        assert_eq!(std::fs::read(aside.join(&name)).unwrap(), b"half done");
    }
    for name in ["notes.txt", "copy of lucia.db"] {
        assert!(restaurants.join(name).exists(), "{name} is somebody's own");
    }
    assert_eq!(std::fs::read_dir(&aside).unwrap().count(), 2);
}

#[tokio::test]
async fn setting_up_goes_on_after_a_run_that_ended_half_way() {
    let folder = tempfile::tempdir().unwrap();
    let restaurants = folder.path().join("restaurants");
    std::fs::create_dir(&restaurants).unwrap();
    // Twice: the second file of the same name may not write over the first.
    let orphan = format!("{}.db", uuid::Uuid::now_v7());
    for text in ["once", "twice"] {
        std::fs::write(restaurants.join(&orphan), text).unwrap();
        let running = serve::start(Options { data_dir: folder.path().to_owned(), ..Options::default() }).await.unwrap();
        assert!(running.needs_setup());
        running.stop().await;
    }
    let aside = folder.path().join("set-aside");
    assert_eq!(std::fs::read_to_string(aside.join(&orphan)).unwrap(), "once");
    assert_eq!(std::fs::read_to_string(aside.join(format!("2-{orphan}"))).unwrap(), "twice");
    TestApp::start_in(folder).await.set_up().await.get("/orders").await.ok();
}
