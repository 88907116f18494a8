//! Whatever is altered in either record, `check` finds it.

use std::path::{Path, PathBuf};

use comanda_db::{Database, Options};
use rusqlite::Connection;

use crate::support::{SHOP, Shop, ShopRules, command, sql};

/// A closed file with both records live and packed, in its own folder.
fn made(packed: bool) -> (Shop, PathBuf) {
    let shop = Shop::new();
    for n in 0..12 {
        let mut each = sql(&format!("INSERT INTO note VALUES ({n}, 'note {n}')"));
        each.at_ms = n;
        shop.run(each).unwrap();
    }
    shop.run(comanda_db::Command { at_ms: 20, ..command("refuse", "") }).unwrap();
    shop.run(comanda_db::Command { at_ms: 21, ..sql("UPDATE note SET body = 'x' WHERE id = 3") }).unwrap();
    if packed {
        shop.db.pack(20).unwrap();
    }
    shop.assert_clean();
    let path = shop.folder().join("made.db");
    shop.db.snapshot(&path).unwrap();
    (shop, path)
}

fn findings(path: &Path) -> u64 {
    match Database::open(path, SHOP, ShopRules::default(), Options::default()) {
        Ok(db) => db.check().map_or(1, |report| report.findings_total),
        // A file that does not even open was found out too.
        Err(_) => 1,
    }
}

/// Applies one alteration to a fresh copy and says whether it was found.
fn is_found(made: &Path, alter: impl FnOnce(&Connection)) -> bool {
    let copy = made.with_extension("altered.db");
    for extension in ["altered.db", "altered.db-wal", "altered.db-shm"] {
        drop(std::fs::remove_file(made.with_extension(extension)));
    }
    std::fs::copy(made, &copy).unwrap();
    let conn = Connection::open(&copy).unwrap();
    alter(&conn);
    drop(conn);
    findings(&copy) > 0
}

fn numbers(path: &Path, query: &str) -> Vec<i64> {
    let conn = Connection::open(path).unwrap();
    let mut statement = conn.prepare(query).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

const LEDGER: &[&str] = &[
    "id",
    "device",
    "device_seq",
    "actor",
    "name",
    "version",
    "at_ms",
    "request",
    "args",
    "outcome",
    "answer",
    "entry",
    "position",
];
const JOURNAL: &[&str] = &["cause", "seq", "position", "changes", "state", "hash"];

#[test]
fn the_untouched_copy_is_clean() {
    for packed in [false, true] {
        let (_shop, path) = made(packed);
        assert!(!is_found(&path, |_| {}));
    }
}

#[test]
fn every_altered_column_of_every_row_is_found() {
    let (_shop, path) = made(false);
    for (table, key, columns) in [("ledger", "seq", LEDGER), ("journal", "entry", JOURNAL)] {
        for row in numbers(&path, &format!("SELECT {key} FROM {table}")) {
            for column in columns {
                let alter = |conn: &Connection| {
                    // One bit of a blob or a text, one more of a number, 7 where nothing was.
                    let value: rusqlite::types::Value = conn
                        .query_row(&format!("SELECT {column} FROM {table} WHERE {key} = ?1"), [row], |r| r.get(0))
                        .unwrap();
                    use rusqlite::types::Value::{Blob, Integer, Null, Real, Text};
                    let other = match value {
                        Null => Integer(7),
                        Integer(n) => Integer(n ^ 1),
                        Real(x) => Real(x + 1.0),
                        Text(t) => Text(format!("{t}x")),
                        Blob(mut b) if b.is_empty() => {
                            b.push(0);
                            Blob(b)
                        }
                        Blob(mut b) => {
                            let middle = b.len() / 2;
                            b[middle] ^= 0x10;
                            Blob(b)
                        }
                    };
                    conn.execute(&format!("UPDATE {table} SET {column} = ?2 WHERE {key} = ?1"), (row, other)).unwrap();
                };
                assert!(is_found(&path, alter), "{table}.{column} of row {row}");
            }
        }
    }
}

#[test]
fn every_missing_row_is_found_also_the_last() {
    let (_shop, path) = made(false);
    for (table, key) in
        [("ledger", "seq"), ("journal", "entry"), ("ledger_id", "seq"), ("touched", "entry"), ("note", "id")]
    {
        for row in numbers(&path, &format!("SELECT {key} FROM {table}")) {
            let alter = |conn: &Connection| {
                conn.execute(&format!("DELETE FROM {table} WHERE {key} = ?1"), [row]).unwrap();
            };
            assert!(is_found(&path, alter), "{table} without row {row}");
        }
    }
}

#[test]
fn a_command_missing_from_both_records_is_found() {
    let (_shop, path) = made(false);
    for seq in numbers(&path, "SELECT seq FROM ledger") {
        let alter = |conn: &Connection| {
            conn.execute("DELETE FROM journal WHERE seq = ?1", [seq]).unwrap();
            conn.execute("DELETE FROM ledger WHERE seq = ?1", [seq]).unwrap();
            conn.execute("DELETE FROM ledger_id WHERE seq = ?1", [seq]).unwrap();
        };
        assert!(is_found(&path, alter), "command {seq}");
    }
}

#[test]
fn swapped_rows_are_found() {
    let (_shop, path) = made(false);
    for (table, key) in [("ledger", "seq"), ("journal", "entry")] {
        let rows = numbers(&path, &format!("SELECT {key} FROM {table} ORDER BY {key}"));
        for pair in rows.windows(2) {
            let alter = |conn: &Connection| {
                for (from, to) in [(pair[0], 1_000_000), (pair[1], pair[0]), (1_000_000, pair[1])] {
                    conn.execute(&format!("UPDATE {table} SET {key} = ?2 WHERE {key} = ?1"), (from, to)).unwrap();
                }
            };
            assert!(is_found(&path, alter), "{table} rows {pair:?}");
        }
    }
}

#[test]
fn a_row_changed_behind_the_records_is_found() {
    let (_shop, path) = made(false);
    assert!(is_found(&path, |conn| assert_eq!(
        conn.execute("UPDATE note SET body = 'forged' WHERE id = 5", []).unwrap(),
        1
    )));
    assert!(is_found(&path, |conn| assert_eq!(conn.execute("INSERT INTO note VALUES (99, 'forged')", []).unwrap(), 1)));
}

const BLOCK: &[&str] = &["entry", "last", "seq", "seqs", "low", "high", "ids", "body", "hash"];

#[test]
fn every_altered_column_of_a_block_is_found() {
    let (_shop, path) = made(true);
    for column in BLOCK {
        let value = |conn: &Connection| -> rusqlite::types::Value {
            conn.query_row(&format!("SELECT {column} FROM block"), [], |r| r.get(0)).unwrap()
        };
        let set = |conn: &Connection, value: rusqlite::types::Value| {
            conn.execute(&format!("UPDATE block SET {column} = ?1"), [value]).unwrap();
        };
        match value(&Connection::open(&path).unwrap()) {
            rusqlite::types::Value::Integer(n) => {
                for other in [n ^ 1, n + 1, n - 1, 0, i64::MAX].into_iter().filter(|other| *other != n) {
                    assert!(is_found(&path, |conn| set(conn, other.into())), "block.{column} = {other}");
                }
            }
            rusqlite::types::Value::Blob(bytes) => {
                for bit in (0..bytes.len() * 8).step_by(37) {
                    let mut other = bytes.clone();
                    other[bit / 8] ^= 1 << (bit % 8);
                    assert!(is_found(&path, |conn| set(conn, other.into())), "block.{column}, bit {bit}");
                }
            }
            other => panic!("{column}: {other:?}"),
        }
    }
}

#[test]
fn a_missing_block_is_found() {
    let (_shop, path) = made(true);
    assert!(is_found(&path, |conn| assert_eq!(conn.execute("DELETE FROM block", []).unwrap(), 1)));
}

#[test]
fn a_missing_mark_of_packed_rows_is_found() {
    let (_shop, path) = made(true);
    for (table, key) in [("ledger_id", "seq"), ("touched", "entry")] {
        let rows = numbers(&path, &format!("SELECT {key} FROM {table}"));
        assert!(!rows.is_empty(), "{table}");
        for row in rows {
            let alter = |conn: &Connection| {
                conn.execute(&format!("DELETE FROM {table} WHERE {key} = ?1"), [row]).unwrap();
            };
            assert!(is_found(&path, alter), "{table} without row {row}");
        }
    }
    let more = |conn: &Connection| {
        conn.execute("INSERT INTO ledger_id VALUES (randomblob(16), 3)", []).unwrap();
    };
    assert!(is_found(&path, more), "an id too many");
}

#[test]
fn a_journal_from_another_file_does_not_fit() {
    let (_shop, path) = made(false);
    let (_other, foreign) = made(false);
    let alter = |conn: &Connection| {
        conn.execute("ATTACH ?1 AS foreign_file", [foreign.to_string_lossy()]).unwrap();
        conn.execute_batch(
            "DELETE FROM main.journal; INSERT INTO main.journal SELECT * FROM foreign_file.journal;
             DELETE FROM main.head; INSERT INTO main.head SELECT * FROM foreign_file.head;",
        )
        .unwrap();
    };
    assert!(is_found(&path, alter));
}
