//! Capture: every change of a synced row lands in a buffer as it happens.
//!
//! TEMP triggers on the writer's connection, generated from the schema, hand old and new values to a
//! Rust function. The buffer is cut back to a mark whenever a statement or a savepoint fails: SQLite
//! takes the rows back but a function call cannot be taken back, so without the cut a failed multi-row
//! insert leaves phantom changes. TEMP triggers vanish silently when a migration rebuilds a table, so
//! they are generated anew after every migration and counted at open.
//!
//! Absent on purpose: REPLACE (its delete is not seen without recursive triggers; those are on, and
//! the house rules forbid it), changing a key (the function refuses it), generated columns.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minicbor::Encoder;
use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;

use crate::changes::{self, Op};
use crate::schema::Schema;
use crate::shape::{Shape, quote};
use crate::state::{self, Sum, TableState};

const FUNCTION: &str = "comanda_capture";

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
    scratch: Vec<u8>,
}

/// A place to cut back to.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    bytes: usize,
    touched: usize,
    states: Vec<TableState>,
}

impl Buffer {
    pub fn mark(&self) -> Mark {
        Mark { bytes: self.bytes.len(), touched: self.touched.len(), states: self.states.clone() }
    }

    /// Nothing captured since the mark stays. `dirty` may stay set: it only costs a row written twice.
    pub fn cut(&mut self, mark: &Mark) {
        self.bytes.truncate(mark.bytes);
        self.touched.truncate(mark.touched);
        self.states.clone_from(&mark.states);
    }

    /// The changes were written to the journal (or thrown away): start the next command.
    pub fn forget(&mut self) {
        self.bytes.clear();
        self.touched.clear();
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

/// The writer's capture: the shapes of all synced tables and the buffer their triggers fill.
#[derive(Debug, Clone)]
pub(crate) struct Capture {
    pub shapes: Arc<Vec<Shape>>,
    buffer: Arc<Mutex<Buffer>>,
}

impl Capture {
    /// Registers the function and the triggers for every synced table on this connection.
    pub fn install(conn: &Connection, schema: &Schema) -> rusqlite::Result<Self> {
        let mut shapes = Vec::new();
        for table in schema.synced() {
            shapes.push(Shape::read(conn, table)?.ok_or_else(|| {
                rusqlite::Error::InvalidParameterName(format!("synced table {table} is missing or has no primary key"))
            })?);
        }
        let kept = state::kept(conn)?;
        let states = shapes.iter().map(|s| kept.get(&s.table).copied().unwrap_or_default()).collect();
        let buffer = Buffer { states, dirty: vec![false; shapes.len()], ..Buffer::default() };
        let capture = Self { shapes: Arc::new(shapes), buffer: Arc::new(Mutex::new(buffer)) };
        capture.register(conn)?;
        Ok(capture)
    }

    pub fn buffer(&self) -> MutexGuard<'_, Buffer> {
        // A panic while the lock was held belongs to one command; its savepoint was cut back.
        self.buffer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn register(&self, conn: &Connection) -> rusqlite::Result<()> {
        let capture = self.clone();
        conn.create_scalar_function(FUNCTION, -1, FunctionFlags::SQLITE_UTF8, move |args| {
            capture.record(args).map(|()| 0)
        })?;
        for (number, shape) in self.shapes.iter().enumerate() {
            for (event, op, rows) in [
                ("INSERT", Op::Insert, &["NEW"][..]),
                ("UPDATE", Op::Update, &["OLD", "NEW"][..]),
                ("DELETE", Op::Delete, &["OLD"][..]),
            ] {
                let values = rows
                    .iter()
                    .flat_map(|row| shape.columns.iter().map(move |c| format!("{row}.{}", quote(c))))
                    .collect::<Vec<_>>()
                    .join(", ");
                let name = quote(&format!("capture_{}_{}", event.to_lowercase(), shape.table));
                conn.execute_batch(&format!(
                    "DROP TRIGGER IF EXISTS temp.{name};
                     CREATE TEMP TRIGGER {name} AFTER {event} ON main.{} BEGIN
                       SELECT {FUNCTION}({number}, {}, {values});
                     END;",
                    shape.quoted(),
                    op.code(),
                ))?;
            }
        }
        self.assert_installed(conn)
    }

    /// All triggers are there: three a table. A rebuilt table has silently lost its own.
    pub fn assert_installed(&self, conn: &Connection) -> rusqlite::Result<()> {
        let there: usize = conn.query_row(
            "SELECT count(*) FROM temp.sqlite_schema WHERE type = 'trigger' AND name LIKE 'capture\\_%' ESCAPE '\\'",
            [],
            |row| row.get(0),
        )?;
        if there == 3 * self.shapes.len() {
            return Ok(());
        }
        Err(rusqlite::Error::InvalidParameterName(format!(
            "capture has {there} triggers where {} are needed",
            3 * self.shapes.len()
        )))
    }

    /// One call of a trigger: `(table number, op, old columns…, new columns…)`.
    fn record(&self, args: &Context<'_>) -> rusqlite::Result<()> {
        let number: usize = args.get(0)?;
        let op: u8 = args.get(1)?;
        let (Some(shape), Some(op)) = (self.shapes.get(number), Op::from_code(op)) else {
            return Err(rusqlite::Error::InvalidParameterName("capture called with an unknown table".into()));
        };
        let width = shape.columns.len();
        let first = |column: usize| args.get_raw(2 + column);
        let second = |column: usize| args.get_raw(2 + width + column);
        let mut guard = self.buffer();
        let buffer = &mut *guard;
        match op {
            Op::Insert => {
                encode(&mut buffer.bytes, shape, op, &first, None, Some(&first));
                let hash = state::row_hash(shape, &mut buffer.scratch, first);
                buffer.states[number].sum.add(hash);
                buffer.states[number].rows += 1;
            }
            Op::Delete => {
                encode(&mut buffer.bytes, shape, op, &first, Some(&first), None);
                let hash = state::row_hash(shape, &mut buffer.scratch, first);
                buffer.states[number].sum.take(hash);
                buffer.states[number].rows -= 1;
            }
            Op::Update => {
                if shape.key.iter().any(|&k| first(k) != second(k)) {
                    return Err(rusqlite::Error::UserFunctionError(
                        format!("the key of {} must not change", shape.table).into(),
                    ));
                }
                if (0..width).all(|column| first(column) == second(column)) {
                    return Ok(());
                }
                encode(&mut buffer.bytes, shape, op, &first, Some(&first), Some(&second));
                let before = state::row_hash(shape, &mut buffer.scratch, first);
                let after = state::row_hash(shape, &mut buffer.scratch, second);
                buffer.states[number].sum.take(before);
                buffer.states[number].sum.add(after);
            }
            Op::Migration => return Ok(()),
        }
        buffer.dirty[number] = true;
        if let Some(entity) = entity(first(shape.key[0]))
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

type Row<'r, 'v> = &'r dyn Fn(usize) -> ValueRef<'v>;

fn encode<'v>(
    bytes: &mut Vec<u8>,
    shape: &Shape,
    op: Op,
    key: Row<'_, 'v>,
    old: Option<Row<'_, 'v>>,
    new: Option<Row<'_, 'v>>,
) {
    let mut out = Encoder::new(bytes);
    let wanted = |column: usize| match (old, new) {
        (Some(old), Some(new)) => old(column) != new(column),
        (Some(row), None) | (None, Some(row)) => row(column) != ValueRef::Null,
        (None, None) => false,
    };
    let written = (|| -> Result<(), minicbor::encode::Error<core::convert::Infallible>> {
        out.array(5)?.u8(op.code())?.str(&shape.table)?;
        out.map(shape.key.len() as u64)?;
        for &column in &shape.key {
            out.str(&shape.columns[column])?;
            changes::put_value(&mut out, key(column))?;
        }
        let count = (0..shape.columns.len()).filter(|&c| !shape.is_key(c) && wanted(c)).count() as u64;
        for row in [old, new] {
            let Some(row) = row else {
                out.map(0)?;
                continue;
            };
            out.map(count)?;
            for column in 0..shape.columns.len() {
                if !shape.is_key(column) && wanted(column) {
                    out.str(&shape.columns[column])?;
                    changes::put_value(&mut out, row(column))?;
                }
            }
        }
        Ok(())
    })();
    debug_assert!(written.is_ok(), "writing into memory cannot fail");
}
