//! A newer version changed the files and is not well: this one puts them back, and says what came since.
//!
//! The newer version is the kit with one migration more: it copies the file first and changes it, as any version does.
//! What it takes on afterwards is written beside it, because there is no newer program.

use std::path::{Path, PathBuf};

use comanda_db::{Database, Migration, Schema};
use comanda_engine::backups::unit::Unit;
use comanda_engine::way_back::{self, Order};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::backups::live_file;
use crate::support::{Person, TestApp};
use crate::trade::House;

/// A folder as a newer version leaves it: the restaurant with one order of before and one rung up since.
struct Newer {
    folder: TempDir,
    owner: Person,
    file: PathBuf,
}

impl Newer {
    async fn left() -> Self {
        let house = House::open().await;
        house.finished("cash").await;
        let (owner, file) = (house.owner.clone(), live_file(&house));
        let folder = house.app.stop_and_keep().await;
        migrate(folder.path(), Unit::Installation, &folder.path().join("installation.db"), "ALTER TABLE account ADD x");
        let id = Unit::parse(owner.restaurant_id()).unwrap();
        migrate(folder.path(), id, &file, "ALTER TABLE orders ADD COLUMN pace INTEGER");
        let rung_up = "CREATE TEMP TABLE new AS SELECT * FROM orders;
            UPDATE new SET id = randomblob(16), number = 'A-0002', opened_ms = opened_ms + 1, pace = 3;
            INSERT INTO orders SELECT * FROM new";
        Connection::open(&file).unwrap().execute_batch(rung_up).unwrap();
        Self { folder, owner, file }
    }

    /// This version starts on it.
    async fn start(self) -> (TestApp, Person) {
        let app = TestApp::start_in(self.folder).await;
        let owner = app.again(&self.owner);
        (app, owner)
    }
}

fn migrate(data_dir: &Path, unit: Unit, file: &Path, sql: &'static str) {
    let Schema { tables, migrations } = unit.schema();
    let more = [migrations, &[Migration { name: "newer_0001", sql }]].concat();
    let schema = Schema { tables, migrations: more.leak() };
    let copies = Some(comanda_engine::backups::before_update(data_dir));
    let options = comanda_db::Options { copies, ..comanda_db::Options::default() };
    Database::open(file, schema, unit.book(), options).unwrap().close();
}

fn numbers(file: &Path) -> Vec<String> {
    let conn = Connection::open(file).unwrap();
    let mut numbers = conn.prepare("SELECT number FROM orders ORDER BY number").unwrap();
    numbers.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn what_a_newer_version_changed_is_put_back_and_what_came_since_is_named_and_kept() {
    let newer = Newer::left().await;
    let data_dir = newer.folder.path().to_owned();
    let found = way_back::look(&data_dir).unwrap();
    assert_eq!(
        found.iter().map(|newer| newer.unit.name()).collect::<Vec<_>>(),
        ["installation", newer.owner.restaurant_id()]
    );
    assert_eq!(numbers(&newer.file), ["A-0001", "A-0002"], "looking changes nothing");
    let report = way_back::go_back(&data_dir, 1_781_290_000_000).unwrap();
    let put = &report.put_back[1];
    let since = put.since.clone().unwrap();
    let named = Order { number: "A-0002".into(), business_date: "2026-06-12".into() };
    // The migration is an entry of the journal.
    assert_eq!((since.orders, since.orders_more, since.entries), (vec![named], 0, 1));
    assert_eq!((put.name.as_deref(), put.epoch), (Some("Trattoria da Lucia"), 2));
    assert_eq!(numbers(&put.safety), ["A-0001", "A-0002"], "set aside whole");
    assert_eq!(numbers(&newer.file), ["A-0001"]);
    assert_eq!(way_back::report(&data_dir), Some(report.clone()));

    let restaurant = newer.owner.restaurant_id().to_owned();
    let (app, _) = newer.start().await;
    let (engine, written) = (app.running.app().clone(), report.clone());
    tokio::task::spawn_blocking(move || way_back::record(&engine, &written)).await.unwrap().unwrap();
    let owner = app.log_in("lucia@example.com", &restaurant).await;
    assert_eq!(owner.get("/orders").await.ok()["items"].as_array().unwrap().len(), 1);
    let set_aside = owner.get("/backups").await.ok()["set_aside"].clone();
    assert_eq!(set_aside[0]["name"], put.safety.file_name().unwrap().to_str().unwrap());
    let audit = owner.get("/audit?action=record_restore").await.ok();
    assert_eq!(audit["items"].as_array().unwrap().len(), 1, "{audit}");
    way_back::seen(&data_dir).unwrap();
    assert_eq!(way_back::report(&data_dir), None);
    assert!(way_back::look(&data_dir).unwrap().is_empty());
}

#[tokio::test]
async fn without_a_copy_of_before_nothing_is_touched_and_it_says_so() {
    let newer = Newer::left().await;
    let (data_dir, id) = (newer.folder.path(), newer.owner.restaurant_id());
    let copy = data_dir.join(format!("backups/before-update/{id}-v1.db"));
    std::fs::remove_file(&copy).unwrap();
    let refused = way_back::go_back(data_dir, 1_781_290_000_000).unwrap_err().to_string();
    assert!(refused.contains("no copy of before is there"), "{refused}");
    // Not even the installation's file, which could have been.
    assert_eq!(way_back::look(data_dir).unwrap().len(), 2);
    // A copy that is damaged is none either.
    std::fs::write(&copy, vec![7; 4096]).unwrap();
    way_back::go_back(data_dir, 1_781_290_000_000).unwrap_err();
    assert_eq!(numbers(&newer.file), ["A-0001", "A-0002"]);
}

#[tokio::test]
async fn killed_between_two_files_the_next_call_puts_back_the_other_and_reports_both() {
    let newer = Newer::left().await;
    let data_dir = newer.folder.path();
    way_back::go_back(data_dir, 1_781_290_000_000).unwrap();
    // The first rename happened and the second did not.
    let kept = way_back::report(data_dir).unwrap().put_back[1].safety.clone();
    std::fs::copy(kept, &newer.file).unwrap();
    let report = way_back::go_back(data_dir, 1_781_290_000_001).unwrap();
    assert_eq!(report.put_back.len(), 2, "{report:?}");
    assert_eq!(numbers(&newer.file), ["A-0001"]);
}
