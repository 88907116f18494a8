//! What commands changed, in the order of this disk, each command once.
//!
//! For whoever wants to hear of everything that happened. What sync takes back and runs again is passed over: its
//! command was told of when it ran first, or when the sequencer's effects of somebody else's came in.

use rusqlite::Connection;
use uuid::Uuid;

use crate::changes::{self, Change};
use crate::records::{Cause, Head, Records};

/// A command that changes more than this is passed on without its changes.
const CHANGES_BYTES_MAX: usize = 256 * 1024;

/// One command that changed something.
#[derive(Debug, Clone)]
pub struct Step {
    pub entry: u64,
    pub actor: Uuid,
    pub at_ms: i64,
    /// None: too many to go through one by one, an import.
    pub changes: Option<Vec<Change>>,
}

/// What lies behind an entry.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    pub steps: Vec<Step>,
    /// Everything up to here was looked at.
    pub reached: u64,
}

/// Looks at the next `limit` entries after one.
pub fn after(conn: &Connection, entry: u64, limit: u64) -> rusqlite::Result<Steps> {
    let reached = Head::read(conn)?.entry.min(entry.saturating_add(limit)).max(entry);
    let mut records = Records::new(conn);
    let mut steps = Vec::new();
    for entry in entry + 1..=reached {
        let Some(row) = records.journal(entry)? else { continue };
        if row.seq == 0 || row.changes.is_empty() || !matches!(row.cause, Cause::Run | Cause::Apply) {
            continue;
        }
        // Effects of a command that ran here first come with another entry than its own.
        let Some(ledger) = records.ledger(row.seq)?.filter(|ledger| ledger.entry == entry) else { continue };
        let changes = (row.changes.len() <= CHANGES_BYTES_MAX).then(|| changes::decode(&row.changes)).transpose();
        let changes =
            changes.map_err(|error| rusqlite::Error::InvalidParameterName(format!("entry {entry}: {error}")))?;
        steps.push(Step { entry, actor: ledger.actor, at_ms: ledger.at_ms, changes });
    }
    Ok(Steps { steps, reached })
}
