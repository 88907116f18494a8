//! Traps of SQLite that were met before, and the guards against them.

use comanda_db::{Class, Migration, OpenError, Options, Schema, Table, WriteError};

use crate::support::{SHOP, Shop, command, sql};

/// Fills the queue behind a held writer, so that all of them share one commit.
fn in_one_group(shop: &Shop, commands: Vec<comanda_db::Command>) -> Vec<Result<comanda_db::Answer, WriteError>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut writes: Vec<_> = std::iter::once(command("gate", ""))
            .chain(commands)
            .map(|command| Box::pin(shop.db.execute(command)))
            .collect();
        // The gate is taken up alone or with them; either way nothing commits before it opens.
        for write in &mut writes {
            std::future::poll_fn(|cx| {
                assert!(write.as_mut().poll(cx).is_pending());
                std::task::Poll::Ready(())
            })
            .await;
        }
        shop.gate.open();
        let mut answers = Vec::new();
        for write in writes.into_iter().skip(1) {
            answers.push(write.await);
        }
        answers
    })
}

/// A write that finds no room: SQLite takes back the statement alone where triggers made it keep a statement
/// journal, and everybody's transaction where not. Wherever it happens, nothing acknowledged may be missing.
fn a_full_disk(command_without_room: comanda_db::Command) {
    let shop = Shop::new();
    shop.sql("INSERT INTO note VALUES (1, 'before')");
    let answers = in_one_group(
        &shop,
        vec![
            sql("INSERT INTO note VALUES (2, 'innocent')"),
            command_without_room,
            sql("INSERT INTO note VALUES (3, 'behind')"),
        ],
    );
    let done = answers.iter().filter(|a| a.is_ok()).count();
    let unavailable = answers.iter().filter(|a| matches!(a, Err(WriteError::Unavailable(_)))).count();
    assert_eq!((unavailable + done, unavailable > 0), (3, true), "{answers:?}");
    assert_eq!(shop.count("note"), 1 + done as i64, "acknowledged and stored are the same");
    shop.run(command("roomy", "")).unwrap();
    shop.sql("INSERT INTO note VALUES (5, 'after')");
    shop.assert_clean();
}

#[test]
fn a_disk_that_fills_in_a_captured_table_fails_nobody_silently() {
    a_full_disk(command("full", "INSERT INTO note VALUES (4, hex(zeroblob(4000000)))"));
}

#[test]
fn a_disk_that_fills_in_an_uncaptured_table_fails_the_whole_group() {
    a_full_disk(command("full", "INSERT INTO secret (value) VALUES (zeroblob(4000000))"));
}

#[test]
fn a_disk_that_fills_while_the_record_is_written_fails_the_whole_group() {
    a_full_disk(command("full", &format!("SELECT {}", "1 ".repeat(2_000_000))));
}

#[test]
fn a_violation_that_shows_only_at_commit_is_nobodys_success() {
    let shop = Shop::new();
    let answers = in_one_group(
        &shop,
        vec![
            sql("INSERT INTO note VALUES (1, 'innocent')"),
            command("deferred", "INSERT INTO part VALUES (x'99', 1, 'orphan')"),
        ],
    );
    assert!(answers.iter().any(Result::is_err), "{answers:?}");
    let acknowledged = answers.iter().filter(|a| a.is_ok()).count() as i64;
    assert_eq!(shop.count("note") + shop.count("part"), acknowledged);
    shop.sql("INSERT INTO note VALUES (2, 'after')");
    shop.assert_clean();
}

#[test]
fn a_schema_with_a_deferred_foreign_key_is_refused() {
    const TABLES: &[Table] = &[Table { name: "a", class: Class::Synced }, Table { name: "b", class: Class::Synced }];
    const DEFERRED: Migration = Migration {
        name: "0001",
        sql: "CREATE TABLE a (id INTEGER PRIMARY KEY);
              CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED)",
    };
    let opened = Shop::with(Schema { tables: TABLES, migrations: &[DEFERRED] }, Options::default());
    assert!(matches!(opened.err(), Some(OpenError::Sqlite { .. })));
}

#[test]
fn a_table_without_a_class_is_refused() {
    const NONE: Schema = Schema { tables: &[], migrations: SHOP.migrations };
    assert!(matches!(Shop::with(NONE, Options::default()).err(), Some(OpenError::Sqlite { .. })));
}

#[test]
fn a_failed_statement_leaves_no_phantom_in_the_capture() {
    let shop = Shop::new();
    // The third row breaks the check; SQLite takes back the first two, a function call cannot be.
    shop.run(command(
        "lenient",
        "INSERT INTO item (id, name, qty) VALUES (x'01', 'a', 1), (x'02', 'b', 1), (x'03', 'c', -1);
         INSERT INTO note VALUES (1, 'goes on')",
    ))
    .unwrap();
    assert_eq!((shop.count("item"), shop.count("note")), (0, 1));
    shop.assert_clean();
}

#[test]
fn a_refused_command_leaves_no_phantom_in_the_capture() {
    let shop = Shop::new();
    shop.run(command("refuse", "INSERT INTO note VALUES (1, 'a')")).unwrap();
    shop.sql("INSERT INTO note VALUES (2, 'b')");
    shop.assert_clean();
}

#[test]
fn a_replace_does_not_lose_its_delete() {
    let shop = Shop::new();
    shop.sql("INSERT INTO note VALUES (1, 'a')");
    shop.sql("REPLACE INTO note VALUES (1, 'b')");
    shop.assert_clean();
}

#[test]
fn a_key_does_not_change() {
    let shop = Shop::new();
    shop.sql("INSERT INTO item (id, name, qty) VALUES (x'01', 'a', 1)");
    assert!(shop.run(sql("UPDATE item SET id = x'02'")).is_err());
    shop.assert_clean();
}

#[test]
fn a_rebuilt_table_is_still_captured() {
    let shop = Shop::new();
    shop.sql("INSERT INTO note VALUES (1, 'a')");
    let shop = shop.migrate(Options::default());
    shop.sql("UPDATE note SET colour = 'red'; INSERT INTO note VALUES (2, 'b', NULL); DELETE FROM note WHERE id = 1");
    shop.assert_clean();
}

#[test]
fn an_update_that_changes_nothing_is_no_change() {
    let shop = Shop::new();
    shop.sql("INSERT INTO note VALUES (1, 'a')");
    let recorded = || {
        let last = "SELECT changes FROM journal ORDER BY entry DESC LIMIT 1";
        shop.db.read::<Vec<u8>, rusqlite::Error>(|conn| conn.query_row(last, [], |row| row.get(0))).unwrap()
    };
    shop.sql("SELECT 'nothing'");
    let (nothing, state) = (recorded(), shop.state());
    shop.sql("UPDATE note SET body = 'a'");
    assert_eq!((recorded(), shop.state()), (nothing, state));
    shop.assert_clean();
}

#[test]
fn a_snapshot_under_writes_ends_and_is_whole() {
    let shop = Shop::new();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let copy = shop.folder().join("copy.db");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut number = 0;
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                number += 1;
                shop.sql(&format!("INSERT INTO note VALUES ({number}, 'under way')"));
            }
        });
        while shop.count("note") < 50 {
            std::thread::yield_now();
        }
        shop.db.snapshot(&copy).unwrap();
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    let opened =
        comanda_db::Database::open(&copy, SHOP, crate::support::ShopRules::default(), Options::default()).unwrap();
    let report = opened.check().unwrap();
    assert!(report.is_clean() && report.rows >= 50, "{report:?}");
}
