//! The rows of the two records, how they are chained, and how they are read back.
//!
//! The chain: `link = blake3(previous link ‖ entry ‖ cause ‖ seq ‖ position ‖ ledger digest ‖ changes)`,
//! numbers little-endian in 8 bytes, variable parts behind their length; the link before the first is
//! derived from the file's own id, so that no entry can stand in another file's chain. The ledger row is
//! part of it by its digest, so one chain holds both records. A row's `hash` is its link with the state
//! folded in: it vouches for the state while it stands there, and the chain goes on without it when the
//! row is packed.

use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

use crate::command::Outcome;
use crate::pack::{self, Block};

/// Why the journal has an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A command ran here first.
    Run,
    /// Taken back, to make room for what the sequencer placed before it.
    Undo,
    /// The sequencer's effects.
    Apply,
    /// Run again after an undo.
    Rerun,
    Migration,
}

impl Cause {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Run => 0,
            Self::Undo => 1,
            Self::Apply => 2,
            Self::Rerun => 3,
            Self::Migration => 4,
        }
    }

    pub(crate) const fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::Run),
            1 => Some(Self::Undo),
            2 => Some(Self::Apply),
            3 => Some(Self::Rerun),
            4 => Some(Self::Migration),
            _ => None,
        }
    }
}

/// What was asked and answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    pub seq: u64,
    pub id: Uuid,
    pub device: Uuid,
    /// Dense per device; none: refused where it was accepted, never shipped.
    pub device_seq: Option<u64>,
    pub actor: Uuid,
    pub name: String,
    pub version: u16,
    pub at_ms: i64,
    pub request: [u8; 8],
    pub args: Vec<u8>,
    pub outcome: Outcome,
    pub answer: Vec<u8>,
    pub entry: u64,
    /// The sequencer's; none while pending. Filled in once, so it stands outside the digest.
    pub position: Option<u64>,
}

/// What changed on this disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    pub entry: u64,
    pub cause: Cause,
    /// 0: none.
    pub seq: u64,
    pub position: Option<u64>,
    /// See `changes.rs`.
    pub changes: Vec<u8>,
    /// Hash of all synced rows after it. A block keeps it and the next for its last row only.
    pub state: Option<[u8; 16]>,
    pub hash: Option<[u8; 32]>,
}

/// The digest of a ledger row's unchanging part.
pub(crate) fn digest(row: &LedgerRow) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut fixed = [0u8; 98];
    fixed[..8].copy_from_slice(&row.seq.to_le_bytes());
    fixed[8..24].copy_from_slice(row.id.as_bytes());
    fixed[24..40].copy_from_slice(row.device.as_bytes());
    fixed[40..48].copy_from_slice(&row.device_seq.unwrap_or(0).to_le_bytes());
    fixed[48..64].copy_from_slice(row.actor.as_bytes());
    fixed[64..66].copy_from_slice(&row.version.to_le_bytes());
    fixed[66..74].copy_from_slice(&row.at_ms.to_le_bytes());
    fixed[74..82].copy_from_slice(&row.request);
    fixed[82] = row.outcome.code();
    fixed[83..91].copy_from_slice(&row.entry.to_le_bytes());
    hasher.update(&fixed);
    for part in [row.name.as_bytes(), &row.args, &row.answer] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// The hash before the first entry of a file.
pub(crate) fn genesis(file: Uuid) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("comanda journal 2026-11 genesis");
    hasher.update(file.as_bytes());
    *hasher.finalize().as_bytes()
}

/// The chain's next link. The row's state and hash are not looked at.
pub(crate) fn chain(previous: &[u8; 32], row: &JournalRow, ledger: Option<&[u8; 32]>) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(previous);
    let mut fixed = [0u8; 34];
    fixed[..8].copy_from_slice(&row.entry.to_le_bytes());
    fixed[8] = row.cause.code();
    fixed[9..17].copy_from_slice(&row.seq.to_le_bytes());
    fixed[17] = u8::from(row.position.is_some());
    fixed[18..26].copy_from_slice(&row.position.unwrap_or(0).to_le_bytes());
    fixed[26..].copy_from_slice(&(row.changes.len() as u64).to_le_bytes());
    hasher.update(&fixed);
    hasher.update(ledger.unwrap_or(&[0; 32]));
    hasher.update(&row.changes);
    *hasher.finalize().as_bytes()
}

/// The hash that stands in a row of this link and state.
pub(crate) fn hash(link: &[u8; 32], state: Option<&[u8; 16]>) -> [u8; 32] {
    let mut folded = state.map_or([0; 32], |state| *blake3::hash(state).as_bytes());
    for (byte, of_link) in folded.iter_mut().zip(link) {
        *byte ^= of_link;
    }
    folded
}

/// The link that a row's hash and state stand for: folding it twice undoes it.
pub(crate) fn link(hash: &[u8; 32], state: Option<&[u8; 16]>) -> [u8; 32] {
    self::hash(hash, state)
}

pub(crate) fn insert_ledger(conn: &Connection, row: &LedgerRow) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO ledger (seq, id, device, device_seq, actor, name, version, at_ms, request, args, outcome, answer, entry, position)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .execute(rusqlite::params![
        row.seq, row.id, row.device, row.device_seq, row.actor, row.name, row.version, row.at_ms, row.request,
        row.args, row.outcome.code(), row.answer, row.entry, row.position
    ])?;
    conn.prepare_cached("INSERT INTO ledger_id (id, seq) VALUES (?1, ?2)")?.execute((row.id, row.seq))?;
    Ok(())
}

pub(crate) fn insert_journal(conn: &Connection, row: &JournalRow) -> rusqlite::Result<()> {
    conn.prepare_cached(
        "INSERT INTO journal (entry, cause, seq, position, changes, state, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(rusqlite::params![
        row.entry,
        row.cause.code(),
        row.seq,
        row.position,
        row.changes,
        row.state,
        row.hash
    ])?;
    Ok(())
}

pub(crate) const LEDGER_COLUMNS: &str =
    "seq, id, device, device_seq, actor, name, version, at_ms, request, args, outcome, answer, entry, position";

pub(crate) fn ledger_from(row: &Row<'_>) -> rusqlite::Result<LedgerRow> {
    Ok(LedgerRow {
        seq: row.get(0)?,
        id: row.get(1)?,
        device: row.get(2)?,
        device_seq: row.get(3)?,
        actor: row.get(4)?,
        name: row.get(5)?,
        version: row.get(6)?,
        at_ms: row.get(7)?,
        request: row.get(8)?,
        args: row.get(9)?,
        outcome: Outcome::from_code(row.get(10)?),
        answer: row.get(11)?,
        entry: row.get(12)?,
        position: row.get(13)?,
    })
}

pub(crate) const JOURNAL_COLUMNS: &str = "entry, cause, seq, position, changes, state, hash";

pub(crate) fn journal_from(row: &Row<'_>) -> rusqlite::Result<JournalRow> {
    let cause: u8 = row.get(1)?;
    Ok(JournalRow {
        entry: row.get(0)?,
        cause: Cause::from_code(cause).ok_or(rusqlite::Error::IntegralValueOutOfRange(1, i64::from(cause)))?,
        seq: row.get(2)?,
        position: row.get(3)?,
        changes: row.get(4)?,
        state: row.get(5)?,
        hash: row.get(6)?,
    })
}

/// Rows of either record, wherever they lie. The block last opened is kept open for its neighbours.
pub(crate) struct Records<'c> {
    conn: &'c Connection,
    held: Option<Block>,
}

impl<'c> Records<'c> {
    pub const fn new(conn: &'c Connection) -> Self {
        Self { conn, held: None }
    }

    pub fn ledger(&mut self, seq: u64) -> rusqlite::Result<Option<LedgerRow>> {
        if let Some(row) = self.held_ledger(seq) {
            return Ok(Some(row));
        }
        let live = self
            .conn
            .prepare_cached(&format!("SELECT {LEDGER_COLUMNS} FROM ledger WHERE seq = ?1"))?
            .query_row([seq], ledger_from)
            .optional()?;
        if live.is_some() {
            return Ok(live);
        }
        self.held = pack::holding_seq(self.conn, seq)?.or(self.held.take());
        Ok(self.held_ledger(seq))
    }

    pub fn journal(&mut self, entry: u64) -> rusqlite::Result<Option<JournalRow>> {
        if let Some(row) = self.held_journal(entry) {
            return Ok(Some(row));
        }
        let live = self
            .conn
            .prepare_cached(&format!("SELECT {JOURNAL_COLUMNS} FROM journal WHERE entry = ?1"))?
            .query_row([entry], journal_from)
            .optional()?;
        if live.is_some() {
            return Ok(live);
        }
        self.held = pack::holding_entry(self.conn, entry)?.or(self.held.take());
        Ok(self.held_journal(entry))
    }

    fn held_ledger(&self, seq: u64) -> Option<LedgerRow> {
        let rows = self.held.iter().flat_map(|block| &block.units).filter_map(|(_, ledger)| ledger.as_ref());
        rows.skip_while(|row| row.seq < seq).find(|row| row.seq == seq).cloned()
    }

    fn held_journal(&self, entry: u64) -> Option<JournalRow> {
        let units = &self.held.as_ref()?.units;
        let at = units.binary_search_by_key(&entry, |(row, _)| row.entry).ok()?;
        Some(units[at].0.clone())
    }
}

/// One ledger row, wherever it lies.
pub fn ledger(conn: &Connection, seq: u64) -> rusqlite::Result<Option<LedgerRow>> {
    Records::new(conn).ledger(seq)
}

/// The ledger row of a command id.
pub fn ledger_by_id(conn: &Connection, id: Uuid) -> rusqlite::Result<Option<LedgerRow>> {
    let seq: Option<u64> =
        conn.prepare_cached("SELECT seq FROM ledger_id WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?;
    match seq {
        Some(seq) => ledger(conn, seq),
        None => pack::find_command(conn, id),
    }
}

/// One journal row, wherever it lies.
pub fn journal(conn: &Connection, entry: u64) -> rusqlite::Result<Option<JournalRow>> {
    Records::new(conn).journal(entry)
}

/// Where both records end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    pub entry: u64,
    pub hash: [u8; 32],
    pub seq: u64,
    pub device_seq: u64,
    pub position: u64,
}

impl Head {
    pub fn read(conn: &Connection) -> rusqlite::Result<Self> {
        conn.query_row("SELECT entry, hash, seq, device_seq, position FROM head", [], |row| {
            Ok(Self {
                entry: row.get(0)?,
                hash: row.get(1)?,
                seq: row.get(2)?,
                device_seq: row.get(3)?,
                position: row.get(4)?,
            })
        })
    }

    pub(crate) fn write(&self, conn: &Connection) -> rusqlite::Result<()> {
        conn.prepare_cached("UPDATE head SET entry = ?1, hash = ?2, seq = ?3, device_seq = ?4, position = ?5")?
            .execute(rusqlite::params![self.entry, self.hash, self.seq, self.device_seq, self.position])?;
        Ok(())
    }
}
