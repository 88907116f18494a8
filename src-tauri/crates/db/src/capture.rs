//! Capture: every change of a synced row lands in a buffer as it happens.
//!
//! SQLite's pre-update hook hands over old and new values, by whatever statement or trigger they come. The buffer is
//! cut back to a mark whenever a statement or a command fails: SQLite takes the rows back but a call cannot be taken
//! back, so without the cut a failed multi-row insert leaves phantom changes. A hook cannot refuse a change (of a key,
//! for one); it marks the buffer as spoilt, and a spoilt command is undone.
//!
//! Absent on purpose: changing a key, generated columns.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use std::collections::HashMap;

use minicbor::Encoder;
use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::changes::{self, Op};
use crate::preupdate::{self, RowChange};
use crate::schema::Schema;
use crate::shape::Shape;
use crate::state::{self, Sum, TableState};

/// What has been captured since the buffer was last emptied.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    /// CBOR, see `changes.rs`.
    pub bytes: Vec<u8>,
    /// First key column of each change, as bytes: the history index. Repeats are dropped where easy.
    pub touched: Vec<Vec<u8>>,
    /// Kept state per table, in the order of the shapes.
    pub states: Vec<TableState>,
    /// Which tables changed since `forget`, by position.
    pub dirty: Vec<bool>,
    /// A change that must not be; it stands until the command is undone.
    pub spoilt: Option<String>,
    /// Changed rows of the tables that go along apart, until the commit. CBOR, see `changes.rs`.
    pub apart: Vec<u8>,
    scratch: Vec<u8>,
}

/// A place to cut back to.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    bytes: usize,
    touched: usize,
    apart: usize,
    states: Vec<TableState>,
}

impl Buffer {
    pub fn mark(&self) -> Mark {
        Mark {
            bytes: self.bytes.len(),
            touched: self.touched.len(),
            apart: self.apart.len(),
            states: self.states.clone(),
        }
    }

    /// Nothing captured since the mark stays. `dirty` may stay set: it only costs a row written twice.
    pub fn cut(&mut self, mark: &Mark) {
        self.bytes.truncate(mark.bytes);
        self.touched.truncate(mark.touched);
        self.apart.truncate(mark.apart);
        self.states.clone_from(&mark.states);
        self.spoilt = None;
    }

    /// The changes were written to the journal (or thrown away): start the next command.
    pub fn forget(&mut self) {
        self.bytes.clear();
        self.touched.clear();
        self.spoilt = None;
    }

    /// The state over all tables.
    pub fn total(&self) -> Sum {
        let mut total = Sum::default();
        for state in &self.states {
            total.add(state.sum);
        }
        total
    }
}

fn kept(conn: &Connection, shapes: &[Shape]) -> rusqlite::Result<Vec<TableState>> {
    let kept = state::kept(conn)?;
    Ok(shapes.iter().map(|shape| kept.get(&shape.table).copied().unwrap_or_default()).collect())
}

/// The writer's capture: the shapes of all synced tables and the buffer their changes fill.
#[derive(Debug, Clone)]
pub(crate) struct Capture {
    pub shapes: Arc<Vec<Shape>>,
    /// Of tables that go along apart; their numbers follow those of `shapes`.
    apart: Arc<Vec<Shape>>,
    buffer: Arc<Mutex<Buffer>>,
}

impl Capture {
    /// Watches every synced table of this connection.
    pub fn install(conn: &Connection, schema: &Schema, apart: &[&str]) -> rusqlite::Result<Self> {
        let shape = |table: &str| {
            Shape::read(conn, table)?.ok_or_else(|| {
                rusqlite::Error::InvalidParameterName(format!(
                    "captured table {table} is missing or has no primary key"
                ))
            })
        };
        let shapes = schema.synced().map(shape).collect::<rusqlite::Result<Vec<_>>>()?;
        let apart = apart.iter().map(|table| shape(table)).collect::<rusqlite::Result<Vec<_>>>()?;
        let buffer = Buffer { states: kept(conn, &shapes)?, dirty: vec![false; shapes.len()], ..Buffer::default() };
        let capture = Self { shapes: Arc::new(shapes), apart: Arc::new(apart), buffer: Arc::new(Mutex::new(buffer)) };
        let numbers: HashMap<Vec<u8>, usize> = capture
            .shapes
            .iter()
            .chain(capture.apart.iter())
            .enumerate()
            .map(|(number, shape)| (shape.table.clone().into_bytes(), number))
            .collect();
        let told = capture.clone();
        preupdate::watch(
            conn,
            Box::new(move |table| numbers.get(table).copied()),
            Box::new(move |number, change| told.record(number, change)),
        )?;
        Ok(capture)
    }

    /// Forgets what is open: the states are those of the file.
    pub fn begin_anew(&self, conn: &Connection) -> rusqlite::Result<()> {
        let states = kept(conn, &self.shapes)?;
        let dirty = vec![false; states.len()];
        *self.buffer() = Buffer { states, dirty, ..Buffer::default() };
        Ok(())
    }

    pub fn buffer(&self) -> MutexGuard<'_, Buffer> {
        // A panic while the lock was held belongs to one command; its changes were cut back.
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self, number: usize, change: rusqlite::Result<RowChange<'_>>) {
        let mut buffer = self.buffer();
        if let Err(why) =
            change.map_err(|error| error.to_string()).and_then(|change| self.take(&mut buffer, number, &change))
        {
            buffer.spoilt = Some(why);
        }
    }

    fn take(&self, buffer: &mut Buffer, number: usize, change: &RowChange<'_>) -> Result<(), String> {
        let RowChange { op, old, new } = change;
        let goes_apart = number >= self.shapes.len();
        let shape = if goes_apart { &self.apart[number - self.shapes.len()] } else { &self.shapes[number] };
        let width = shape.columns.len();
        if [old, new].iter().any(|row| !row.is_empty() && row.len() != width) {
            return Err(format!("{} has other columns than it had when it was opened", shape.table));
        }
        if *op == Op::Update {
            if shape.key.iter().any(|&column| old[column] != new[column]) {
                return Err(format!("the key of {} must not change", shape.table));
            }
            if old == new {
                return Ok(());
            }
        }
        if goes_apart {
            encode(&mut buffer.apart, shape, change);
            return Ok(());
        }
        encode(&mut buffer.bytes, shape, change);
        let kept = &mut buffer.states[number];
        if !old.is_empty() {
            kept.sum.take(state::row_hash(shape, &mut buffer.scratch, |column| old[column]));
            kept.rows -= 1;
        }
        if !new.is_empty() {
            kept.sum.add(state::row_hash(shape, &mut buffer.scratch, |column| new[column]));
            kept.rows += 1;
        }
        buffer.dirty[number] = true;
        if let Some(entity) = entity(change.row()[shape.key[0]])
            && buffer.touched.last() != Some(&entity)
        {
            buffer.touched.push(entity);
        }
        Ok(())
    }
}

/// How a key value stands in the history index. Things have ids; a row keyed by words (a counter, a
/// setting) has no history of its own worth a mark with every command.
pub(crate) fn entity(value: ValueRef<'_>) -> Option<Vec<u8>> {
    match value {
        ValueRef::Integer(n) => Some(n.to_string().into_bytes()),
        ValueRef::Blob(bytes) => Some(bytes.to_vec()),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Text(_) => None,
    }
}

fn encode(bytes: &mut Vec<u8>, shape: &Shape, change: &RowChange<'_>) {
    let mut out = Encoder::new(bytes);
    let RowChange { op, old, new } = change;
    let wanted = |column: usize| match op {
        Op::Update => old[column] != new[column],
        _ => change.row()[column] != ValueRef::Null,
    };
    let written = (|| -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        out.array(5)?.u8(op.code())?.str(&shape.table)?;
        out.map(shape.key.len() as u64)?;
        for &column in &shape.key {
            out.str(&shape.columns[column])?;
            changes::put_value(&mut out, change.row()[column])?;
        }
        let count = (0..shape.columns.len()).filter(|&c| !shape.is_key(c) && wanted(c)).count() as u64;
        for row in [old, new] {
            if row.is_empty() {
                out.map(0)?;
                continue;
            }
            out.map(count)?;
            for (column, value) in row.iter().enumerate() {
                if !shape.is_key(column) && wanted(column) {
                    out.str(&shape.columns[column])?;
                    changes::put_value(&mut out, *value)?;
                }
            }
        }
        Ok(())
    })();
    debug_assert!(written.is_ok(), "writing into memory cannot fail");
}
