//! The state hash: one number for all synced rows, whatever the order they came in.
//!
//! A row's hash is blake3 over its table's name and its columns sorted by name, NULLs left out.
//! A table's sum is the sum of the first 16 bytes of its row hashes as two lanes of 64 bits, wrapping; the state is the
//! sum over all tables. Adding and taking away a row costs its own hash only, so the sum is kept
//! with every change and compared with a full count by `check`. It finds divergence and accident;
//! against a forger stands the journal's chain.

use std::collections::BTreeMap;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::shape::Shape;

/// A sum of row hashes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum([u64; 2]);

impl Sum {
    pub fn add(&mut self, other: Self) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = a.wrapping_add(b);
        }
    }

    pub fn take(&mut self, other: Self) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = a.wrapping_sub(b);
        }
    }

    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        for (chunk, lane) in bytes.chunks_exact_mut(8).zip(self.0) {
            chunk.copy_from_slice(&lane.to_le_bytes());
        }
        bytes
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let mut lanes = [0; 2];
        for (lane, chunk) in lanes.iter_mut().zip(bytes.chunks_exact(8)) {
            let mut eight = [0; 8];
            eight.copy_from_slice(chunk);
            *lane = u64::from_le_bytes(eight);
        }
        Self(lanes)
    }
}

/// One table's part of the state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TableState {
    pub rows: i64,
    pub sum: Sum,
}

/// Hash of one row; `scratch` is reused so that hashing allocates nothing.
pub(crate) fn row_hash<'v>(shape: &Shape, scratch: &mut Vec<u8>, value: impl Fn(usize) -> ValueRef<'v>) -> Sum {
    scratch.clear();
    put(scratch, shape.table.as_bytes());
    for &column in &shape.by_name {
        let (tag, bytes): (u8, &[u8]) = match value(column) {
            ValueRef::Null => continue,
            ValueRef::Integer(n) => {
                put(scratch, shape.columns[column].as_bytes());
                scratch.push(1);
                scratch.extend_from_slice(&n.to_le_bytes());
                continue;
            }
            ValueRef::Real(x) => {
                put(scratch, shape.columns[column].as_bytes());
                scratch.push(2);
                scratch.extend_from_slice(&x.to_bits().to_le_bytes());
                continue;
            }
            ValueRef::Text(t) => (3, t),
            ValueRef::Blob(b) => (4, b),
        };
        put(scratch, shape.columns[column].as_bytes());
        scratch.push(tag);
        put(scratch, bytes);
    }
    let mut half = [0; 16];
    half.copy_from_slice(&blake3::hash(scratch).as_bytes()[..16]);
    Sum::from_bytes(half)
}

fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    out.extend_from_slice(bytes);
}

/// Counts one table from its rows: what `check` compares the kept sum with.
pub fn count(conn: &Connection, shape: &Shape) -> rusqlite::Result<TableState> {
    let mut statement = conn.prepare(&format!("SELECT {} FROM main.{}", shape.column_list(), shape.quoted()))?;
    let mut rows = statement.query([])?;
    let mut state = TableState::default();
    let mut scratch = Vec::new();
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(shape.columns.len());
        for column in 0..shape.columns.len() {
            values.push(row.get_ref(column)?);
        }
        state.rows += 1;
        state.sum.add(row_hash(shape, &mut scratch, |column| values[column]));
    }
    Ok(state)
}

/// The kept states, by table.
pub fn kept(conn: &Connection) -> rusqlite::Result<BTreeMap<String, TableState>> {
    conn.prepare("SELECT name, rows, sum FROM state")?
        .query_map([], |row| {
            let sum: [u8; 16] = row.get(2)?;
            Ok((row.get(0)?, TableState { rows: row.get(1)?, sum: Sum::from_bytes(sum) }))
        })?
        .collect()
}

/// Writes the kept state of one table.
pub(crate) fn keep(conn: &Connection, table: &str, state: TableState) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO state (name, rows, sum) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET rows = excluded.rows, sum = excluded.sum",
    )?
    .execute((table, state.rows, state.sum.to_bytes()))?;
    Ok(())
}
