//! Two restores that are confirmed one right after the other: both take place, one after the other, and nothing of
//! either is lost.

use std::path::Path;

use comanda_engine::command::Book;
use comanda_engine::{commands, tables};
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::backups::{Safe, live_file};

/// Once is luck: what two swaps share is in the wrong hands only now and then.
const ROUNDS: usize = 4;

/// Epochs of the restores a file records, in their order.
fn recorded(file: &Path) -> Vec<u64> {
    let conn = Connection::open(file).unwrap();
    let sql = "SELECT answer FROM ledger WHERE name = 'record_restore' ORDER BY seq";
    let mut statement = conn.prepare(sql).unwrap();
    let answers = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    answers.map(|answer| serde_json::from_slice(&answer.unwrap()).unwrap()).collect()
}

/// A closed file is whole: opened, every record followed.
fn is_whole(file: &Path) {
    let book = Book::new(commands::RESTAURANT);
    let db = comanda_db::Database::open(file, tables::RESTAURANT, book, comanda_db::Options::default()).unwrap();
    let report = db.check().unwrap();
    assert!(report.is_clean(), "{}: {:#?}", file.display(), report.findings);
    db.close();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_restores_at_once_take_place_one_after_the_other_and_lose_nothing() {
    let safe = Safe::open().await;
    let (house, mut epoch) = (&safe.house, 1);
    for round in 0..ROUNDS {
        house.finished("card").await;
        safe.shipped_in_time().await;
        let ready = [safe.prepare(json!({})).await, safe.prepare(json!({})).await];
        assert!(ready.iter().all(|restore| restore["state"] == "ready"), "{ready:#?}");
        let [one, two] = &ready;
        let (one, two) = futures::join!(safe.place(one), safe.place(two));
        for placed in [&one, &two] {
            assert_eq!(placed["state"], "placed", "round {round}: {placed:#}");
        }
        let aside: Vec<String> = [&one, &two].iter().map(|placed| text(&placed["set_aside"])).collect();
        assert_ne!(aside[0], aside[1], "each set aside a present of its own");
        // The later one is the present and says so; what the earlier one wrote was set aside with it.
        let now = recorded(&live_file(house));
        assert_eq!(now.last(), Some(&(epoch + 2)), "round {round}: {now:?}");
        let folder = house.app.folder.path().join("backups/safety");
        let kept: Vec<_> = aside.iter().map(|name| recorded(&folder.join(name)).last().copied()).collect();
        assert!(kept.contains(&Some(epoch + 1)), "round {round}: {kept:?}");
        epoch += 2;
        assert!(house.app.running.app().restaurants()[0].db.check().unwrap().is_clean());
        for name in &aside {
            let copy = tempfile::tempdir().unwrap();
            let file = copy.path().join("aside.db");
            std::fs::copy(folder.join(name), &file).unwrap();
            is_whole(&file);
        }
        // The restaurant works, and is backed up again.
        house.order().await;
        safe.shipped_in_time().await;
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
