//! The log: brought home beside the writer, and never in anybody's way.

use rusqlite::Connection;

use crate::support::{Shop, sql};

/// Commands that leave some 50 pages each in the log.
fn fill(shop: &Shop, from: u32, to: u32) {
    for n in from..to {
        shop.run(sql(&format!("INSERT INTO note VALUES ({n}, hex(zeroblob(50000)))"))).unwrap();
    }
}

fn log_megabytes(shop: &Shop) -> u64 {
    let log = format!("{}-wal", shop.db.path().display());
    std::fs::metadata(log).map_or(0, |log| log.len() / 1_000_000)
}

#[test]
fn it_begins_anew_while_writes_go_on() {
    let shop = Shop::new();
    fill(&shop, 0, 1000);
    // What was written is some 200 MB.
    assert!(log_megabytes(&shop) < 80, "the log has {} MB", log_megabytes(&shop));
    shop.assert_clean();
}

#[test]
fn a_long_reading_makes_it_grow_and_nobody_wait_and_then_it_begins_anew() {
    let shop = Shop::new();
    fill(&shop, 0, 10);
    let reading = Connection::open(shop.db.path()).unwrap();
    reading.execute_batch("BEGIN; SELECT count(*) FROM note").unwrap();
    fill(&shop, 10, 300);
    let seen: u32 = reading.query_row("SELECT count(*) FROM note", [], |row| row.get(0)).unwrap();
    assert_eq!(seen, 10, "a reading sees one moment");
    let grown = log_megabytes(&shop);
    assert!(grown > 40, "what is read lies in the way: {grown} MB");
    reading.execute_batch("COMMIT").unwrap();
    fill(&shop, 300, 900);
    assert!(log_megabytes(&shop) < grown + 80, "the log has {} MB", log_megabytes(&shop));
    shop.assert_clean();
}

#[test]
fn a_closed_file_has_nothing_in_its_log() {
    let shop = Shop::new();
    fill(&shop, 0, 200);
    shop.db.close();
    assert_eq!(log_megabytes(&shop), 0);
    let copy = shop.db.path().with_extension("copy");
    std::fs::copy(shop.db.path(), &copy).unwrap();
    let there: u32 = Connection::open(copy).unwrap().query_row("SELECT count(*) FROM note", [], |r| r.get(0)).unwrap();
    assert_eq!(there, 200);
}
