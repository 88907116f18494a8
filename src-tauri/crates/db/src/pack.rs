//! Packing: old rows of both records into zstd blocks, still one chain.
//!
//! Ids (`ledger_id`) and the history index (`touched`) stay outside, so a repeated command is known and a
//! row's history found without opening blocks. A block keeps the chain's hash after its last row only:
//! the others follow from the rows. Body: zstd of a CBOR sequence, one array a row.

use minicbor::{Decoder, Encoder};
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use crate::command::{Outcome, WriteError};
use crate::core::Core;
use crate::database::Database;
use crate::records::{Cause, JOURNAL_COLUMNS, JournalRow, LEDGER_COLUMNS, LedgerRow, journal_from, ledger_from};

/// Rows in a block: large enough to compress well, small enough to open for one row.
const BLOCK_ROWS: usize = 1024;
/// Blocks written in one transaction, so that the till never waits long.
const BLOCKS_A_STEP: usize = 8;
const LEVEL: i32 = 12;
/// A block from the disk may not unpack to more than this.
const BODY_MAX_BYTES: usize = 256 << 20;

type Encoded = Result<(), minicbor::encode::Error<core::convert::Infallible>>;
type Decoded<T> = Result<T, minicbor::decode::Error>;

impl Database {
    /// Packs rows prepared before `before_ms`. Pending commands and what follows them stay as they are.
    /// Returns how many rows went into blocks.
    pub fn pack(&self, before_ms: i64) -> Result<u64, WriteError> {
        let mut packed = 0;
        loop {
            let step = self.exclusive(move |core| step(core, before_ms).map_err(|error| core.trouble(&error)))?;
            if step == 0 {
                return Ok(packed);
            }
            packed += step;
        }
    }
}

fn step(core: &Core, before_ms: i64) -> rusqlite::Result<u64> {
    let conn = &core.conn;
    let stop: Option<(u64, u64)> = conn
        .query_row(
            "SELECT seq, entry FROM ledger
             WHERE at_ms >= ?1 OR (device_seq IS NOT NULL AND position IS NULL) ORDER BY seq LIMIT 1",
            [before_ms],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let (stop_seq, stop_entry) = stop.unwrap_or((core.head.seq + 1, core.head.entry + 1));
    let mut packed = 0;
    for _ in 0..BLOCKS_A_STEP {
        let ledger: Vec<LedgerRow> = conn
            .prepare_cached(&format!("SELECT {LEDGER_COLUMNS} FROM ledger WHERE seq < ?1 ORDER BY seq LIMIT ?2"))?
            .query_map((stop_seq, BLOCK_ROWS), ledger_from)?
            .collect::<rusqlite::Result<_>>()?;
        let journal: Vec<JournalRow> = conn
            .prepare_cached(&format!("SELECT {JOURNAL_COLUMNS} FROM journal WHERE entry < ?1 ORDER BY entry LIMIT ?2"))?
            .query_map((stop_entry, BLOCK_ROWS), journal_from)?
            .collect::<rusqlite::Result<_>>()?;
        if let (Some(first), Some(last)) = (ledger.first(), ledger.last()) {
            insert(conn, "ledger", first.seq, last.seq, &ledger_body(&ledger))?;
            conn.execute("DELETE FROM ledger WHERE seq BETWEEN ?1 AND ?2", (first.seq, last.seq))?;
        }
        if let (Some(first), Some(last)) = (journal.first(), journal.last()) {
            insert(conn, "journal", first.entry, last.entry, &journal_body(&journal))?;
            conn.execute("DELETE FROM journal WHERE entry BETWEEN ?1 AND ?2", (first.entry, last.entry))?;
        }
        packed += (ledger.len() + journal.len()) as u64;
    }
    Ok(packed)
}

fn insert(conn: &Connection, record: &str, first: u64, last: u64, body: &[u8]) -> rusqlite::Result<()> {
    let packed = zstd::bulk::compress(body, LEVEL).map_err(unreadable)?;
    let hash = *blake3::hash(&packed).as_bytes();
    conn.execute(
        "INSERT INTO block (record, first, last, body, hash) VALUES (?1, ?2, ?3, ?4, ?5)",
        (record, first, last, packed, hash),
    )?;
    Ok(())
}

/// The ledger row of this number, if a block holds it.
pub(crate) fn find_ledger(conn: &Connection, seq: u64) -> rusqlite::Result<Option<LedgerRow>> {
    let Some((first, body)) = open(conn, "ledger", seq)? else { return Ok(None) };
    Ok(ledger_rows(first, &body)?.into_iter().find(|row| row.seq == seq))
}

/// The journal row of this number, if a block holds it.
pub(crate) fn find_journal(conn: &Connection, entry: u64) -> rusqlite::Result<Option<JournalRow>> {
    let Some((first, body)) = open(conn, "journal", entry)? else { return Ok(None) };
    Ok(journal_rows(first, &body)?.into_iter().find(|row| row.entry == entry))
}

fn open(conn: &Connection, record: &str, number: u64) -> rusqlite::Result<Option<(u64, Vec<u8>)>> {
    let found: Option<(u64, Vec<u8>, [u8; 32])> = conn
        .prepare_cached("SELECT first, body, hash FROM block WHERE record = ?1 AND first <= ?2 AND last >= ?2 ORDER BY first DESC LIMIT 1")?
        .query_row((record, number), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    found.map_or(Ok(None), |(first, packed, hash)| Ok(Some((first, unpack(&packed, hash)?))))
}

/// What a block holds, as it was before compression.
pub(crate) fn unpack(packed: &[u8], hash: [u8; 32]) -> rusqlite::Result<Vec<u8>> {
    if *blake3::hash(packed).as_bytes() != hash {
        return Err(unreadable("its bytes are not those that were written"));
    }
    zstd::bulk::decompress(packed, BODY_MAX_BYTES).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> rusqlite::Error {
    rusqlite::Error::InvalidParameterName(format!("a packed block is unreadable: {error}"))
}

fn ledger_body(rows: &[LedgerRow]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Encoder::new(&mut bytes);
    for row in rows {
        let written = (|| -> Encoded {
            out.array(13)?.bytes(row.id.as_bytes())?.bytes(row.device.as_bytes())?;
            optional(&mut out, row.device_seq)?;
            out.bytes(row.actor.as_bytes())?.str(&row.name)?.u16(row.version)?.i64(row.at_ms)?;
            out.bytes(&row.request)?.bytes(&row.args)?.u8(row.outcome.code())?.bytes(&row.answer)?.u64(row.entry)?;
            optional(&mut out, row.position)
        })();
        debug_assert!(written.is_ok(), "writing into memory cannot fail");
    }
    bytes
}

/// The rows of a ledger block; the numbers are dense from `first`.
pub(crate) fn ledger_rows(first: u64, body: &[u8]) -> rusqlite::Result<Vec<LedgerRow>> {
    let mut input = Decoder::new(body);
    let mut rows = Vec::new();
    while input.position() < body.len() {
        rows.push(ledger_row(&mut input, first + rows.len() as u64).map_err(unreadable)?);
    }
    Ok(rows)
}

fn ledger_row(input: &mut Decoder<'_>, seq: u64) -> Decoded<LedgerRow> {
    expect_array(input, 13)?;
    Ok(LedgerRow {
        seq,
        id: Uuid::from_bytes(fixed(input)?),
        device: Uuid::from_bytes(fixed(input)?),
        device_seq: read_optional(input)?,
        actor: Uuid::from_bytes(fixed(input)?),
        name: input.str()?.to_owned(),
        version: input.u16()?,
        at_ms: input.i64()?,
        request: fixed(input)?,
        args: input.bytes()?.to_vec(),
        outcome: Outcome::from_code(input.u8()?),
        answer: input.bytes()?.to_vec(),
        entry: input.u64()?,
        position: read_optional(input)?,
    })
}

fn journal_body(rows: &[JournalRow]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = Encoder::new(&mut bytes);
    for (number, row) in rows.iter().enumerate() {
        let last = number + 1 == rows.len();
        let written = (|| -> Encoded {
            out.array(6)?.u8(row.cause.code())?.u64(row.seq)?;
            optional(&mut out, row.position)?;
            out.bytes(&row.changes)?.bytes(&row.state)?;
            match row.hash.filter(|_| last) {
                Some(hash) => out.bytes(&hash)?,
                None => out.null()?,
            };
            Ok(())
        })();
        debug_assert!(written.is_ok(), "writing into memory cannot fail");
    }
    bytes
}

/// The rows of a journal block; the numbers are dense from `first`.
pub(crate) fn journal_rows(first: u64, body: &[u8]) -> rusqlite::Result<Vec<JournalRow>> {
    let mut input = Decoder::new(body);
    let mut rows = Vec::new();
    while input.position() < body.len() {
        rows.push(journal_row(&mut input, first + rows.len() as u64).map_err(unreadable)?);
    }
    Ok(rows)
}

fn journal_row(input: &mut Decoder<'_>, entry: u64) -> Decoded<JournalRow> {
    expect_array(input, 6)?;
    let cause = Cause::from_code(input.u8()?).ok_or_else(|| minicbor::decode::Error::message("no such cause"))?;
    Ok(JournalRow {
        entry,
        cause,
        seq: input.u64()?,
        position: read_optional(input)?,
        changes: input.bytes()?.to_vec(),
        state: fixed(input)?,
        hash: match input.datatype()? {
            minicbor::data::Type::Null => {
                input.null()?;
                None
            }
            _ => Some(fixed(input)?),
        },
    })
}

fn optional(out: &mut Encoder<&mut Vec<u8>>, value: Option<u64>) -> Encoded {
    match value {
        Some(n) => out.u64(n)?,
        None => out.null()?,
    };
    Ok(())
}

fn read_optional(input: &mut Decoder<'_>) -> Decoded<Option<u64>> {
    if input.datatype()? == minicbor::data::Type::Null {
        input.null()?;
        return Ok(None);
    }
    input.u64().map(Some)
}

fn fixed<const N: usize>(input: &mut Decoder<'_>) -> Decoded<[u8; N]> {
    input.bytes()?.try_into().map_err(|_| minicbor::decode::Error::message("bytes of another length"))
}

fn expect_array(input: &mut Decoder<'_>, parts: u64) -> Decoded<()> {
    if input.array()? == Some(parts) {
        return Ok(());
    }
    Err(minicbor::decode::Error::message("a row with another number of parts"))
}
