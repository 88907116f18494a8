//! Packing: old rows of both records into blocks, still one chain.
//!
//! A block knows its rows as columns (`body`), its ids each once (`ids`). Most ids carry the clock of their
//! making, so a block says from when to when its own were made and the indexes of ids and of history keep
//! only what that does not find: a repeated command is known for ever and a row's history found, at next to
//! no bytes. A block that is not full is filled up by the next packing. Blocks are made on a reader's
//! snapshot; the writer only puts them in their place.

mod body;
mod bytes;
mod columns;
mod ids;
#[cfg(test)]
mod tests;
mod tokens;

use rusqlite::{Connection, OptionalExtension, Row};
use uuid::Uuid;

pub(crate) use body::Unit;
use bytes::Corrupt;

use crate::capture;
use crate::changes;
use crate::command::WriteError;
use crate::core::Core;
use crate::database::Database;
use crate::records::{Head, JOURNAL_COLUMNS, JournalRow, LEDGER_COLUMNS, LedgerRow, journal_from, ledger_from};

/// Journal rows in a block: many compress well, few are opened fast for one of them.
const BLOCK_ROWS: usize = 1024;
/// A block's clock reaches at least this far beyond the bulk of its ids.
const MARGIN_MS: i64 = 3_600_000;
const COLUMNS: &str = "entry, last, seq, seqs, low, high, ids, body, hash";

impl Database {
    /// Packs rows prepared before `before_ms`. Pending commands and what follows them stay as they are.
    /// Returns how many rows went into blocks.
    pub fn pack(&self, before_ms: i64) -> Result<u64, WriteError> {
        let mut packed = 0;
        loop {
            let next = self.read(|conn| next(conn, before_ms));
            let Some(new) = next.map_err(|error| WriteError::Unavailable(error.to_string()))? else {
                return Ok(packed);
            };
            packed += self.exclusive(move |core| place(core, &new).map_err(|error| core.trouble(&error)))?;
        }
    }
}

/// From when to when (ms) the ids were made that only the block itself knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    low: i64,
    high: i64,
}

impl Window {
    /// Around most of the commands' ids: a device with a wrong clock does not widen it.
    fn around(units: &[Unit]) -> Self {
        let commands = units.iter().filter_map(|(_, ledger)| ids::minted_ms(*ledger.as_ref()?.id.as_bytes()));
        let mut made: Vec<i64> = commands.collect();
        made.sort_unstable();
        let odd = made.len() / 20;
        let (Some(early), Some(late)) = (made.get(odd), made.iter().rev().nth(odd)) else {
            return Self { low: 1, high: 0 };
        };
        let margin = (late - early).max(MARGIN_MS);
        let within = |ms: &&i64| (early - margin..=late + margin).contains(*ms);
        let low = made.iter().find(within).copied().unwrap_or(*early);
        Self { low, high: made.iter().rev().find(within).copied().unwrap_or(*late) }
    }

    /// Whether an id of this block is found by its clock.
    pub fn covers(&self, id: &[u8]) -> bool {
        let made = id.try_into().ok().and_then(ids::minted_ms);
        made.is_some_and(|ms| (self.low..=self.high).contains(&ms))
    }
}

/// A block that was opened.
pub(crate) struct Block {
    pub window: Window,
    pub units: Vec<Unit>,
}

/// A block as it lies in the file.
struct Sealed {
    entry: u64,
    last: u64,
    seq: u64,
    seqs: u64,
    window: Window,
    ids: Vec<u8>,
    body: Vec<u8>,
}

impl Sealed {
    fn close(units: &[Unit]) -> rusqlite::Result<Self> {
        let (Some((first, _)), Some((last, _))) = (units.first(), units.last()) else {
            return Err(unreadable(Corrupt("it has no rows")));
        };
        let mut seqs = units.iter().filter_map(|(_, ledger)| ledger.as_ref()).map(|row| row.seq);
        let seq = seqs.next();
        let (ids, body) = body::write(units);
        let sealed = Self {
            entry: first.entry,
            last: last.entry,
            seq: seq.unwrap_or(0),
            seqs: seq.map_or(0, |_| 1 + seqs.count() as u64),
            window: Window::around(units),
            ids,
            body,
        };
        // Nothing is thrown away that does not come back.
        let same = |(read, kept): (&Unit, &Unit)| read.1 == kept.1 && without_marks(&read.0) == without_marks(&kept.0);
        let read = sealed.open()?;
        if read.units.len() != units.len() || !read.units.iter().zip(units).all(same) {
            return Err(unreadable(Corrupt("it does not read back as it was written")));
        }
        Ok(sealed)
    }

    fn hash(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for number in [self.entry, self.last, self.seq, self.seqs, self.ids.len() as u64] {
            hasher.update(&number.to_le_bytes());
        }
        hasher.update(&self.window.low.to_le_bytes());
        hasher.update(&self.window.high.to_le_bytes());
        hasher.update(&self.ids);
        hasher.update(&self.body);
        *hasher.finalize().as_bytes()
    }

    /// One row of `COLUMNS`, believed only if its bytes are those that were written.
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let sealed = Self {
            entry: row.get(0)?,
            last: row.get(1)?,
            seq: row.get(2)?,
            seqs: row.get(3)?,
            window: Window { low: row.get(4)?, high: row.get(5)? },
            ids: row.get(6)?,
            body: row.get(7)?,
        };
        if row.get::<_, [u8; 32]>(8)? != sealed.hash() {
            return Err(unreadable(Corrupt("its bytes are not those that were written")));
        }
        Ok(sealed)
    }

    fn open(&self) -> rusqlite::Result<Block> {
        let units = body::read(self.entry, self.seq, &self.ids, &self.body).map_err(unreadable)?;
        let rows = units.iter().filter(|(_, ledger)| ledger.is_some()).count() as u64;
        if units.last().is_none_or(|(row, _)| row.entry != self.last) || rows != self.seqs {
            return Err(unreadable(Corrupt("it has other rows than it says")));
        }
        Ok(Block { window: self.window, units })
    }

    fn knows(&self, id: &[u8]) -> rusqlite::Result<bool> {
        Ok(ids::read(&self.ids).map_err(unreadable)?.iter().any(|known| known == id))
    }
}

fn without_marks(row: &JournalRow) -> JournalRow {
    JournalRow { state: None, hash: None, ..row.clone() }
}

fn unreadable(error: Corrupt) -> rusqlite::Error {
    rusqlite::Error::InvalidParameterName(format!("a packed block is unreadable: {error}"))
}

/// A block to be placed, and what the indexes keep of it.
struct New {
    sealed: Sealed,
    hash: [u8; 32],
    /// First entry and row that are not in a block yet.
    from: (u64, u64),
    commands: Vec<(Uuid, u64)>,
    touched: Vec<(Vec<u8>, u64)>,
}

fn next(conn: &Connection, before_ms: i64) -> rusqlite::Result<Option<New>> {
    let stop: Option<(u64, u64)> = conn
        .query_row(
            "SELECT seq, entry FROM ledger
             WHERE at_ms >= ?1 OR (device_seq IS NOT NULL AND position IS NULL) ORDER BY seq LIMIT 1",
            [before_ms],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let head = Head::read(conn)?;
    let (stop_seq, stop_entry) = stop.unwrap_or((head.seq + 1, head.entry + 1));
    let last: Option<Sealed> = conn
        .query_row(&format!("SELECT {COLUMNS} FROM block ORDER BY entry DESC LIMIT 1"), [], Sealed::from_row)
        .optional()?;
    let mut units = match last {
        Some(last) if last.last + 1 - last.entry < BLOCK_ROWS as u64 => last.open()?.units,
        _ => Vec::new(),
    };
    let journal: Vec<JournalRow> = conn
        .prepare_cached(&format!("SELECT {JOURNAL_COLUMNS} FROM journal WHERE entry < ?1 ORDER BY entry LIMIT ?2"))?
        .query_map((stop_entry, BLOCK_ROWS - units.len()), journal_from)?
        .collect::<rusqlite::Result<_>>()?;
    let (Some(first), Some(end)) = (journal.first().map(|row| row.entry), journal.last().map(|row| row.entry)) else {
        return Ok(None);
    };
    let ledger: Vec<LedgerRow> = conn
        .prepare_cached(&format!("SELECT {LEDGER_COLUMNS} FROM ledger WHERE seq < ?1 ORDER BY seq LIMIT ?2"))?
        .query_map((stop_seq, journal.len()), ledger_from)?
        .filter(|row| row.as_ref().map_or(true, |row| row.entry <= end))
        .collect::<rusqlite::Result<_>>()?;
    let from_seq = ledger.first().map_or(head.seq + 1, |row| row.seq);
    let mut ledger = ledger.into_iter().peekable();
    for row in journal {
        let own = ledger.next_if(|own| own.entry == row.entry);
        units.push((row, own));
    }
    if ledger.peek().is_some() {
        return Err(unreadable(Corrupt("the two records do not fit together")));
    }
    let sealed = Sealed::close(&units)?;
    let mut touched = Vec::new();
    for (row, _) in &units {
        let entities = entities(row).map_err(|_| unreadable(Corrupt("an entry's changes cannot be read")))?;
        touched.extend(entities.into_iter().map(|entity| (entity, row.entry)));
    }
    let commands = units.iter().filter_map(|(_, ledger)| ledger.as_ref()).map(|row| (row.id, row.seq)).collect();
    Ok(Some(New { hash: sealed.hash(), sealed, from: (first, from_seq), commands, touched }))
}

fn place(core: &Core, new: &New) -> rusqlite::Result<u64> {
    let (conn, sealed) = (&core.conn, &new.sealed);
    conn.execute("DELETE FROM block WHERE entry = ?1", [sealed.entry])?;
    let window = sealed.window;
    conn.execute(
        &format!("INSERT INTO block ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
        rusqlite::params![
            sealed.entry,
            sealed.last,
            sealed.seq,
            sealed.seqs,
            window.low,
            window.high,
            sealed.ids,
            sealed.body,
            new.hash
        ],
    )?;
    let entries = conn.execute("DELETE FROM journal WHERE entry BETWEEN ?1 AND ?2", (new.from.0, sealed.last))?;
    let end = sealed.seq + sealed.seqs;
    let rows = conn.execute("DELETE FROM ledger WHERE seq >= ?1 AND seq < ?2", (new.from.1, end))?;
    if (entries as u64, rows as u64) != (sealed.last + 1 - new.from.0, end.saturating_sub(new.from.1)) {
        return Err(unreadable(Corrupt("its rows are gone already")));
    }
    for (id, seq) in &new.commands {
        let sql = if window.covers(id.as_bytes()) {
            "DELETE FROM ledger_id WHERE id = ?1 AND seq = ?2"
        } else {
            "INSERT OR IGNORE INTO ledger_id (id, seq) VALUES (?1, ?2)"
        };
        conn.prepare_cached(sql)?.execute((id, seq))?;
    }
    for (entity, entry) in &new.touched {
        let sql = if window.covers(entity) {
            "DELETE FROM touched WHERE entity = ?1 AND entry = ?2"
        } else {
            "INSERT OR IGNORE INTO touched (entity, entry) VALUES (?1, ?2)"
        };
        conn.prepare_cached(sql)?.execute((entity, entry))?;
    }
    Ok((entries + rows) as u64)
}

/// The things a journal row touched, each once: what the history index knows of it.
pub(crate) fn entities(row: &JournalRow) -> Result<Vec<Vec<u8>>, changes::Unreadable> {
    let changes = changes::decode(&row.changes)?;
    let keys = changes.iter().filter_map(|change| change.key.first());
    let mut entities: Vec<_> = keys.filter_map(|(_, value)| capture::entity(value.into())).collect();
    entities.sort_unstable();
    entities.dedup();
    Ok(entities)
}

/// The block that holds this journal entry.
pub(crate) fn holding_entry(conn: &Connection, entry: u64) -> rusqlite::Result<Option<Block>> {
    let sql = format!("SELECT {COLUMNS} FROM block WHERE entry <= ?1 AND last >= ?1 ORDER BY entry DESC LIMIT 1");
    opened(conn.prepare_cached(&sql)?.query_row([entry], Sealed::from_row).optional()?)
}

/// The block that holds this ledger row.
pub(crate) fn holding_seq(conn: &Connection, seq: u64) -> rusqlite::Result<Option<Block>> {
    let sql = format!("SELECT {COLUMNS} FROM block WHERE seq <= ?1 AND seq + seqs > ?1 ORDER BY seq DESC LIMIT 1");
    opened(conn.prepare_cached(&sql)?.query_row([seq], Sealed::from_row).optional()?)
}

fn opened(sealed: Option<Sealed>) -> rusqlite::Result<Option<Block>> {
    sealed.map(|sealed| sealed.open()).transpose()
}

/// The blocks that know an id by its clock, oldest first.
pub(crate) fn knowing(conn: &Connection, id: &[u8]) -> rusqlite::Result<Vec<Block>> {
    let Some(ms) = id.try_into().ok().and_then(ids::minted_ms) else { return Ok(Vec::new()) };
    let mut statement =
        conn.prepare_cached(&format!("SELECT {COLUMNS} FROM block WHERE high >= ?1 AND low <= ?1 ORDER BY entry"))?;
    let mut blocks = Vec::new();
    for sealed in statement.query_map([ms], Sealed::from_row)? {
        let sealed = sealed?;
        if sealed.knows(id)? {
            blocks.push(sealed.open()?);
        }
    }
    Ok(blocks)
}

/// The ledger row of a command that only blocks know.
pub(crate) fn find_command(conn: &Connection, id: Uuid) -> rusqlite::Result<Option<LedgerRow>> {
    let rows = knowing(conn, id.as_bytes())?.into_iter().flat_map(|block| block.units);
    Ok(rows.filter_map(|(_, ledger)| ledger).find(|row| row.id == id))
}

/// Opens every block in turn; one that cannot be read is handed over as its first entry and the reason.
pub(crate) fn each(
    conn: &Connection,
    mut f: impl FnMut(Result<Block, (u64, rusqlite::Error)>) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let mut statement = conn.prepare(&format!("SELECT {COLUMNS} FROM block ORDER BY entry"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let entry = row.get(0)?;
        f(Sealed::from_row(row).and_then(|sealed| sealed.open()).map_err(|error| (entry, error)))?;
    }
    Ok(())
}
