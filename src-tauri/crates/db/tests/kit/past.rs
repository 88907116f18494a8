//! Any moment of the past, from a snapshot and the journal.

use comanda_db::replay::ReplayError;
use comanda_db::{Database, Options};
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
