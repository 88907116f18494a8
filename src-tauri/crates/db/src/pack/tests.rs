//! Blocks made anew around altered rows, every hash of the block right: only the chain can tell.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::Value;
use uuid::Uuid;

use super::{COLUMNS, Sealed, Unit, body};
use crate::records::Cause;
use crate::{Class, Command, Database, Migration, Options, Outcome, Rules, Schema, Stop, Table, Tx};

const SCHEMA: Schema = Schema {
    tables: &[Table { name: "note", class: Class::Synced }],
    migrations: &[Migration {
        name: "0001_note",
        sql: "CREATE TABLE note (id BLOB PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID",
    }],
};

struct Sql;

impl Rules for Sql {
    fn accept(&self, tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop> {
        self.run(tx, command)
    }

    fn run(&self, tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop> {
        let text = std::str::from_utf8(&command.args).map_err(|error| Stop::Broken(error.to_string()))?;
        tx.execute(text, [])?;
        Ok(br#"{"done":true}"#.to_vec())
    }
}

fn opened(path: &Path) -> Result<Database, crate::OpenError> {
    Database::open(path, SCHEMA, Sql, Options::default())
}

/// A closed file: a migration and 8 commands in a block, one after it.
fn made(folder: &Path) -> PathBuf {
    let path = folder.join("made.db");
    let db = opened(&path).unwrap();
    for n in 0..9 {
        let id = Uuid::now_v7().simple();
        db.execute_blocking(Command {
            id: Uuid::now_v7(),
            actor: Uuid::from_u128(7),
            name: "write".into(),
            version: 1,
            at_ms: n,
            request: [n as u8; 8],
            args: format!("INSERT INTO note VALUES (x'{id}', 'note {n}')").into(),
            secret: None,
        })
        .unwrap();
    }
    assert_eq!(db.pack(8).unwrap(), 17);
    db.close();
    path
}

/// Whether `check` finds something after the block has been made anew.
fn is_found(made: &Path, alter: impl FnOnce(&mut Vec<Unit>)) -> bool {
    let copy = made.with_extension("altered");
    drop(std::fs::remove_file(made.with_extension("altered-wal")));
    std::fs::copy(made, &copy).unwrap();
    let conn = Connection::open(&copy).unwrap();
    let mut sealed = conn.query_row(&format!("SELECT {COLUMNS} FROM block"), [], Sealed::from_row).unwrap();
    let mut units = sealed.open().unwrap().units;
    alter(&mut units);
    sealed.last = sealed.entry + units.len() as u64 - 1;
    sealed.seqs = units.iter().filter(|(_, ledger)| ledger.is_some()).count() as u64;
    (sealed.ids, sealed.body) = body::write(&units);
    let set = "UPDATE block SET last = ?1, seqs = ?2, ids = ?3, body = ?4, hash = ?5";
    conn.execute(set, rusqlite::params![sealed.last, sealed.seqs, sealed.ids, sealed.body, sealed.hash()]).unwrap();
    drop(conn);
    opened(&copy).map_or(true, |db| db.check().map_or(true, |report| !report.is_clean()))
}

type Alter = fn(&mut Unit);

const ALTERATIONS: &[(&str, Alter)] = &[
    ("cause", |(journal, _)| journal.cause = Cause::Undo),
    ("changes", |(journal, _)| *journal.changes.last_mut().unwrap() ^= 1),
    ("position", |(journal, _)| journal.position = Some(journal.position.unwrap_or(0) + 1)),
    ("id", |(_, ledger)| ledger.as_mut().unwrap().id = Uuid::now_v7()),
    ("device", |(_, ledger)| ledger.as_mut().unwrap().device = Uuid::from_u128(1)),
    ("device_seq", |(_, ledger)| ledger.as_mut().unwrap().device_seq = Some(77)),
    ("actor", |(_, ledger)| ledger.as_mut().unwrap().actor = Uuid::from_u128(1)),
    ("name", |(_, ledger)| ledger.as_mut().unwrap().name.push('x')),
    ("version", |(_, ledger)| ledger.as_mut().unwrap().version += 1),
    ("at_ms", |(_, ledger)| ledger.as_mut().unwrap().at_ms += 1),
    ("request", |(_, ledger)| ledger.as_mut().unwrap().request[7] ^= 1),
    ("args", |(_, ledger)| ledger.as_mut().unwrap().args[0] ^= 1),
    ("outcome", |(_, ledger)| ledger.as_mut().unwrap().outcome = Outcome::Refused),
    ("answer", |(_, ledger)| ledger.as_mut().unwrap().answer.push(b' ')),
    ("placing", |(_, ledger)| {
        let row = ledger.as_mut().unwrap();
        row.position = Some(row.position.unwrap_or(0) + 1);
    }),
];

#[test]
fn a_block_made_anew_without_a_change_is_clean() {
    let folder = tempfile::tempdir().unwrap();
    assert!(!is_found(&made(folder.path()), |_| {}));
}

#[test]
fn every_flipped_bit_of_a_block_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let conn = Connection::open(made(folder.path())).unwrap();
    let sql = format!("SELECT {COLUMNS} FROM block");
    let mut values: Vec<Value> =
        conn.query_row(&sql, [], |row| (0..9).map(|column| row.get(column)).collect()).unwrap();
    let marks = "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9";
    let read = |values: &[Value]| {
        let mut statement = conn.prepare_cached(marks).unwrap();
        statement.query_row(rusqlite::params_from_iter(values), Sealed::from_row).is_ok()
    };
    assert!(read(&values));
    let mut flipped = 0;
    for column in 0..9 {
        let bits = if let Value::Blob(bytes) = &values[column] { bytes.len() * 8 } else { 63 };
        for bit in 0..bits {
            flip(&mut values[column], bit);
            assert!(!read(&values), "column {column}, bit {bit}");
            flip(&mut values[column], bit);
            flipped += 1;
        }
    }
    assert!(flipped > 4_000, "{flipped}");
}

fn flip(value: &mut Value, bit: usize) {
    match value {
        Value::Integer(n) => *n ^= 1 << bit,
        Value::Blob(bytes) => bytes[bit / 8] ^= 1 << (bit % 8),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_altered_value_of_every_packed_row_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let made = made(folder.path());
    for at in 0..9 {
        // The migration's entry has no command.
        for (what, alter) in &ALTERATIONS[..if at == 0 { 2 } else { ALTERATIONS.len() }] {
            assert!(is_found(&made, |units| alter(&mut units[at])), "{what} of packed entry {}", at + 1);
        }
    }
    assert!(is_found(&made, |units| units[8].0.state.as_mut().unwrap()[3] ^= 4), "the state after the last");
    assert!(is_found(&made, |units| units[8].0.hash.as_mut().unwrap()[3] ^= 4), "the hash of the last");
}

#[test]
fn every_missing_or_swapped_packed_row_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let made = made(folder.path());
    for at in 0..9 {
        assert!(is_found(&made, |units| drop(units.remove(at))), "without packed entry {}", at + 1);
    }
    for at in 0..8 {
        assert!(is_found(&made, |units| units.swap(at, at + 1)), "packed entries {} and {} swapped", at + 1, at + 2);
        let commands = |units: &mut Vec<Unit>| {
            let one = units[at].1.take();
            let two = std::mem::replace(&mut units[at + 1].1, one);
            units[at].1 = two;
        };
        assert!(is_found(&made, commands), "commands {} and {} swapped", at, at + 1);
    }
}
