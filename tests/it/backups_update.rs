//! A file of an older version is copied whole before it is changed, and left as it is where it cannot be.
//!
//! There is one version so far: a file is made to say that it has none of its migrations behind it. Its copy is made
//! and the migration then fails on the tables that are there; the kit's own tests follow a migration to its end.

use comanda_engine::kernel::ids::RestaurantId;
use rusqlite::Connection;

use crate::support::TestApp;

fn says(file: &std::path::Path, version: usize) {
    Connection::open(file).unwrap().pragma_update(None, "user_version", version).unwrap();
}

#[tokio::test]
async fn before_an_update_changes_a_file_a_whole_copy_of_it_is_kept() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let id = RestaurantId(owner.restaurant_id().parse().unwrap());
    let file = app.running.app().restaurant_path(id);
    let folder = app.stop_and_keep().await;
    let copy = folder.path().join(format!("backups/before-update/{id}-v0.db"));
    says(&file, 0);
    let app = TestApp::start_in(folder).await;
    let again = app.again(&owner);
    assert_eq!(again.get("/backups").await.refused("restaurant_unreadable")["details"]["reason"], "damaged");
    let name: String =
        Connection::open(&copy).unwrap().query_row("SELECT name FROM restaurant", [], |row| row.get(0)).unwrap();
    assert_eq!(name, "Trattoria da Lucia");
    // The copy is the file, and is listed when the restaurant is open.
    let folder = app.stop_and_keep().await;
    std::fs::copy(&copy, &file).unwrap();
    says(&file, 1);
    let app = TestApp::start_in(folder).await;
    let listed = app.again(&owner).get("/backups").await.ok()["before_update"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["name"]), (1, &format!("{id}-v0.db").into()));
}

#[tokio::test]
async fn a_file_that_cannot_be_copied_before_an_update_is_left_as_it_is() {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    let id = RestaurantId(owner.restaurant_id().parse().unwrap());
    let file = app.running.app().restaurant_path(id);
    let folder = app.stop_and_keep().await;
    says(&file, 0);
    std::fs::create_dir_all(folder.path().join("backups")).unwrap();
    std::fs::write(folder.path().join("backups/before-update"), "in the way").unwrap();
    let app = TestApp::start_in(folder).await;
    let refused = app.again(&owner).get("/backups").await.refused("restaurant_unreadable");
    assert_eq!(refused["details"]["reason"], "uncopied");
    assert!(refused["message"].as_str().unwrap().contains("could not be copied"), "{refused}");
    let folder = app.stop_and_keep().await;
    says(&file, 1);
    let app = TestApp::start_in(folder).await;
    app.again(&owner).get("/backups").await.ok();
}
