//! Any moment of the past, from a snapshot and the journal.

use comanda_db::replay::ReplayError;
use comanda_db::{Database, Options, Way};
use proptest::prelude::*;

use crate::support::{SHOP, SHOP_V2, Shop, ShopRules, sql};

fn write(shop: &Shop, from: usize, to: usize) -> Vec<Vec<u8>> {
    (from..to)
        .map(|n| {
            shop.sql(&match n % 4 {
                0 | 1 => format!("INSERT INTO note (id, body) VALUES ({n}, 'body {n}')"),
                2 => format!("UPDATE note SET body = body || '+' WHERE id % 3 = {}", n % 3),
                _ => format!("DELETE FROM note WHERE id = {}", n - 3),
            });
            shop.state()
        })
        .collect()
}

fn state_of(path: &std::path::Path, schema: comanda_db::Schema) -> Vec<u8> {
    let db = Database::open(path, schema, ShopRules::default(), Options::default()).unwrap();
    let report = db.check().unwrap();
    assert!(report.is_clean(), "{:#?}", report.findings);
    db.read(|conn| conn.query_row("SELECT state FROM journal ORDER BY entry DESC LIMIT 1", [], |row| row.get(0)))
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_copy_brought_to_any_entry_has_the_state_recorded_there(base in 0usize..60, more in 0usize..60, packed: bool) {
        let shop = Shop::new();
        let mut states = write(&shop, 0, base);
        let copy = shop.folder().join("copy.db");
        shop.db.snapshot(&copy).unwrap();
        states.extend(write(&shop, base, 120));
        if packed {
            shop.db.pack(i64::MAX).unwrap();
        }
        let target = base + more;
        let entry = target as u64 + 1; // the migration is entry 1
        let replayed = shop.db.replay_into(&copy, entry).unwrap();
        prop_assert_eq!(replayed.to, entry);
        if target > 0 {
            prop_assert_eq!(state_of(&copy, SHOP), states[target - 1].clone());
        }
    }
}

#[test]
fn a_migration_in_mid_history_is_run_by_the_replay() {
    let shop = Shop::new();
    write(&shop, 0, 20);
    let copy = shop.folder().join("copy.db");
    shop.db.snapshot(&copy).unwrap();
    write(&shop, 20, 40);
    let shop = shop.migrate(Options::default());
    write(&shop, 40, 60);
    shop.sql("UPDATE note SET colour = 'red' WHERE id = 40");
    shop.db.replay_into(&copy, shop.db.entry().unwrap()).unwrap();
    assert_eq!(state_of(&copy, SHOP_V2), shop.state());
}

#[test]
fn a_replay_over_rows_that_are_not_the_recorded_ones_is_refused() {
    let shop = Shop::new();
    write(&shop, 0, 20);
    let copy = shop.folder().join("copy.db");
    shop.db.snapshot(&copy).unwrap();
    write(&shop, 20, 40);
    let conn = rusqlite::Connection::open(&copy).unwrap();
    conn.execute("INSERT INTO note VALUES (5000, 'slipped in')", []).unwrap();
    drop(conn);
    let refused = shop.db.replay_into(&copy, 35);
    assert!(matches!(refused, Err(ReplayError::State { .. })), "{refused:?}");
}

#[test]
fn a_missing_entry_stops_the_replay() {
    let shop = Shop::new();
    let copy = shop.folder().join("copy.db");
    shop.db.snapshot(&copy).unwrap();
    write(&shop, 0, 10);
    let conn = rusqlite::Connection::open(shop.path()).unwrap();
    conn.execute("DELETE FROM journal WHERE entry = 5", []).unwrap();
    assert!(matches!(shop.db.replay_into(&copy, 9), Err(ReplayError::Missing { entry: 5 })));
}

#[test]
fn a_row_deleted_and_made_again_is_followed() {
    let shop = Shop::new();
    let copy = shop.folder().join("copy.db");
    shop.db.snapshot(&copy).unwrap();
    shop.run(sql("INSERT INTO note VALUES (1, 'a'); DELETE FROM note; INSERT INTO note VALUES (1, 'b')")).unwrap();
    shop.db.replay_into(&copy, shop.db.entry().unwrap()).unwrap();
    assert_eq!(state_of(&copy, SHOP), shop.state());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]
    #[test]
    fn a_moment_in_a_file_of_its_own_has_the_state_recorded_there(target in 1usize..=120, packed: bool, more: bool) {
        let shop = Shop::new();
        let mut states = write(&shop, 0, 120);
        if packed {
            shop.db.pack(i64::MAX).unwrap();
        }
        if more {
            states.extend(write(&shop, 120, 160));
        }
        let past = shop.folder().join("past.db");
        let mut heard = Vec::new();
        let entry = target as u64 + 1; // the migration is entry 1
        let way = shop.db.past_into(&past, entry, |done| { heard.push(done); true }).unwrap();
        prop_assert!(heard.is_sorted() && heard.iter().all(|done| (0.0..=1.0).contains(done)), "{:?}", heard);
        if target < 40 { prop_assert_eq!(way, Way::Forward) }
        if target > 100 && !packed && !more { prop_assert_eq!(way, Way::Back) }
        // Opening it checks every row of both records.
        prop_assert_eq!(state_of(&past, SHOP), states[target - 1].clone());
        shop.assert_clean();
    }
}

#[test]
fn a_moment_before_a_migration_is_reached_from_the_beginning_and_brought_to_the_schema() {
    let shop = Shop::new();
    write(&shop, 0, 40);
    let shop = shop.migrate(Options::default());
    shop.sql("UPDATE note SET colour = 'red' WHERE id = 40");
    let past = shop.folder().join("past.db");
    assert_eq!(shop.db.past_into(&past, 39, |_| true).unwrap(), Way::Forward);
    let db = Database::open_to_read(&past, SHOP_V2, 2).unwrap();
    let plain: i64 =
        db.read(|c| c.query_row("SELECT count(*) FROM note WHERE colour = 'plain'", [], |r| r.get(0))).unwrap();
    assert!(plain > 0);
}

#[test]
fn a_moment_has_no_secrets_and_the_local_rows_of_now() {
    for (first, past_of, way) in [(2, 40, Way::Back), (40, 3, Way::Forward)] {
        let shop = Shop::new();
        write(&shop, 0, first);
        shop.run(comanda_db::Command { secret: Some(b"4711".to_vec()), ..crate::support::command("secret", "") })
            .unwrap();
        write(&shop, first, 60);
        shop.db.local_blocking(|tx| tx.execute("INSERT INTO cursor VALUES ('read', 7)", [])).unwrap();
        let past = shop.folder().join("past.db");
        assert_eq!(shop.db.past_into(&past, past_of, |_| true).unwrap(), way);
        let db = Database::open_to_read(&past, SHOP, 2).unwrap();
        let count = |sql: &str| -> i64 { db.read(|conn| conn.query_row(sql, [], |row| row.get(0))).unwrap() };
        assert_eq!(count("SELECT count(*) FROM secret"), 0);
        assert_eq!(count("SELECT value FROM cursor"), 7);
        assert!(db.execute_blocking(sql("DELETE FROM note")).is_err());
    }
}

#[test]
fn a_moment_is_made_while_writes_go_on_and_stops_when_told_to() {
    let shop = Shop::new();
    let states = write(&shop, 0, 40);
    let big = "x".repeat(60_000);
    for n in 1_000..1_600 {
        shop.sql(&format!("INSERT INTO note VALUES ({n}, '{big}')"));
    }
    let stopped = shop.db.past_into(&shop.folder().join("stopped.db"), 600, |done| done < 0.2);
    assert!(matches!(stopped, Err(ReplayError::Stopped)), "{stopped:?}");
    let (mut n, past) = (10_000, shop.folder().join("past.db"));
    let way = shop.db.past_into(&past, 630, |_| {
        n += 1;
        shop.sql(&format!("INSERT INTO note VALUES ({n}, 'meanwhile')"));
        n < 10_200
    });
    assert_eq!(way.unwrap(), Way::Back, "a write makes the copy begin again");
    assert_ne!(state_of(&past, SHOP), states[39]);
}

#[test]
fn a_row_that_was_changed_behind_the_records_stops_the_way_back() {
    let shop = Shop::new();
    write(&shop, 0, 60);
    let conn = rusqlite::Connection::open(shop.path()).unwrap();
    conn.execute("UPDATE note SET body = 'slipped in' WHERE id = 57", []).unwrap();
    let refused = shop.db.past_into(&shop.folder().join("past.db"), 50, |_| true);
    assert!(matches!(refused, Err(ReplayError::State { .. } | ReplayError::Misfit { .. })), "{refused:?}");
}

#[test]
fn there_is_no_moment_after_the_last_entry_or_before_the_first() {
    let shop = Shop::new();
    for entry in [0, shop.db.entry().unwrap() + 1] {
        let refused = shop.db.past_into(&shop.folder().join("past.db"), entry, |_| true);
        assert!(matches!(refused, Err(ReplayError::Missing { .. })), "{refused:?}");
    }
}
