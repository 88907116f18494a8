//! What a command changed, as values by column *name*: the body of a journal row.
//!
//! Encoding (for ever): CBOR (RFC 8949), a sequence of items without an outer array, one item a change:
//! `[op, table, {key}, {old}, {new}]`. op: 0 insert, 1 update, 2 delete, 3 migration.
//! An insert has no old, a delete no new; an update names only the columns that differ.
//! A column that is NULL is left out of an insert and a delete, so that a later nullable column
//! changes neither old entries nor state hashes. Values: null, integer, float64, text, bytes.
//! A migration is `[3, name, {}, {}, {}]`: replay runs the migration of that name itself.

use minicbor::data::Type;
use minicbor::encode::write::Write;
use minicbor::{Decoder, Encoder};
use rusqlite::types::{Value, ValueRef};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Insert,
    Update,
    Delete,
    Migration,
}

impl Op {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Insert => 0,
            Self::Update => 1,
            Self::Delete => 2,
            Self::Migration => 3,
        }
    }

    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Insert),
            1 => Some(Self::Update),
            2 => Some(Self::Delete),
            3 => Some(Self::Migration),
            _ => None,
        }
    }
}

/// Columns by name, in the order of the table.
pub type Columns = Vec<(String, Value)>;

/// One row that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub op: Op,
    pub table: String,
    pub key: Columns,
    pub old: Columns,
    pub new: Columns,
}

impl Change {
    /// The change that takes this one back. A migration has none.
    pub fn inverse(self) -> Option<Self> {
        let op = match self.op {
            Op::Insert => Op::Delete,
            Op::Update => Op::Update,
            Op::Delete => Op::Insert,
            Op::Migration => return None,
        };
        Some(Self { op, old: self.new, new: self.old, ..self })
    }
}

/// The bytes are no sequence of changes.
#[derive(Debug, thiserror::Error)]
#[error("unreadable changes: {0}")]
pub struct Unreadable(String);

impl From<minicbor::decode::Error> for Unreadable {
    fn from(error: minicbor::decode::Error) -> Self {
        Self(error.to_string())
    }
}

/// Reads the body of a journal row.
pub fn decode(bytes: &[u8]) -> Result<Vec<Change>, Unreadable> {
    let mut decoder = Decoder::new(bytes);
    let mut changes = Vec::new();
    while decoder.position() < bytes.len() {
        if decoder.array()? != Some(5) {
            return Err(Unreadable("a change has five parts".into()));
        }
        let op = decoder.u8()?;
        let op = Op::from_code(op).ok_or_else(|| Unreadable(format!("no operation {op}")))?;
        let table = decoder.str()?.to_owned();
        let key = columns(&mut decoder)?;
        let old = columns(&mut decoder)?;
        let new = columns(&mut decoder)?;
        changes.push(Change { op, table, key, old, new });
    }
    Ok(changes)
}

fn columns(decoder: &mut Decoder<'_>) -> Result<Columns, Unreadable> {
    let count = decoder.map()?.ok_or_else(|| Unreadable("a map of unknown length".into()))?;
    // The count comes from the disk: it must not decide how much is set aside.
    let mut columns = Vec::with_capacity(count.min(64) as usize);
    for _ in 0..count {
        columns.push((decoder.str()?.to_owned(), value(decoder)?));
    }
    Ok(columns)
}

fn value(decoder: &mut Decoder<'_>) -> Result<Value, Unreadable> {
    Ok(match decoder.datatype()? {
        Type::Null => {
            decoder.null()?;
            Value::Null
        }
        Type::F64 => Value::Real(decoder.f64()?),
        Type::String => Value::Text(decoder.str()?.to_owned()),
        Type::Bytes => Value::Blob(decoder.bytes()?.to_vec()),
        _ => Value::Integer(decoder.i64()?),
    })
}

/// Writing into memory cannot fail, so the encoder's error type is empty here.
type Never = minicbor::encode::Error<core::convert::Infallible>;

/// Appends one value.
pub(crate) fn put_value<W>(out: &mut Encoder<W>, value: ValueRef<'_>) -> Result<(), Never>
where
    W: Write<Error = core::convert::Infallible>,
{
    match value {
        ValueRef::Null => out.null()?,
        ValueRef::Integer(n) => out.i64(n)?,
        ValueRef::Real(x) => out.f64(x)?,
        // SQLite may hold text that is not UTF-8; it is kept as bytes rather than lost.
        ValueRef::Text(t) => match core::str::from_utf8(t) {
            Ok(t) => out.str(t)?,
            Err(_) => out.bytes(t)?,
        },
        ValueRef::Blob(b) => out.bytes(b)?,
    };
    Ok(())
}

/// The body of a migration's entry.
pub(crate) fn migration(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Encoder::new(&mut bytes);
    let written: Result<(), Never> = (|| {
        out.array(5)?.u8(Op::Migration.code())?.str(name)?;
        out.map(0)?.map(0)?.map(0)?;
        Ok(())
    })();
    debug_assert!(written.is_ok(), "writing into memory cannot fail");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_taken_twice_is_the_change_itself() {
        let change = Change {
            op: Op::Update,
            table: "orders".into(),
            key: vec![("id".into(), Value::Blob(vec![1]))],
            old: vec![("state".into(), Value::Text("open".into()))],
            new: vec![("state".into(), Value::Text("paid".into()))],
        };
        let back = change.clone().inverse().and_then(Change::inverse);
        assert_eq!(back, Some(change));
    }

    #[test]
    fn a_migration_reads_back_and_has_no_inverse() {
        let read = decode(&migration("0002_tips")).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!((read[0].op, read[0].table.as_str()), (Op::Migration, "0002_tips"));
        assert_eq!(read[0].clone().inverse(), None);
    }

    #[test]
    fn broken_bytes_are_refused_not_believed() {
        let good = migration("x");
        assert!(decode(&good[..good.len() - 1]).is_err());
        assert!(decode(&[0xff]).is_err());
        // A map that claims four billion columns.
        assert!(decode(&[0x85, 0, 0x61, b't', 0xba, 0xff, 0xff, 0xff, 0xff]).is_err());
    }
}
