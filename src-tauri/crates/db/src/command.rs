//! A command on its way through the write door, and what comes back.

use std::borrow::Cow;

use uuid::Uuid;

use crate::tx::Tx;

/// What is asked. Everything but `secret` goes into the ledger as it stands.
#[derive(Debug, Clone)]
pub struct Command {
    /// Minted by the client when the person pressed the button; asking twice gives the first answer again.
    pub id: Uuid,
    pub actor: Uuid,
    pub name: Cow<'static, str>,
    pub version: u16,
    /// When the accepting engine prepared it: the only "now" a run may know. Unix milliseconds.
    pub at_ms: i64,
    /// Fingerprint of the client's request: the same id with another one is refused.
    pub request: [u8; 8],
    /// Frozen arguments, JSON.
    pub args: Vec<u8>,
    /// Reaches `run` on the accepting engine and is recorded nowhere.
    pub secret: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Refused,
}

impl Outcome {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
        }
    }

    pub(crate) const fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Done,
            _ => Self::Refused,
        }
    }
}

/// The answer to a command, durable when it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub outcome: Outcome,
    /// JSON.
    pub body: Vec<u8>,
    /// It was given before and is given again.
    pub replayed: bool,
    /// The journal entry that holds its changes.
    pub entry: u64,
    /// Its row in the ledger.
    pub seq: u64,
}

/// Why a check or run ends without doing it.
#[derive(Debug)]
pub enum Stop {
    /// A rule says no. The body (JSON) is kept as the answer.
    Refused(Vec<u8>),
    /// The database said no in a way no rule foresaw.
    Sql(rusqlite::Error),
    /// Arguments nobody can read, or another bug. Not stored as an answer.
    Broken(String),
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

/// What the commands of a file mean. The kit knows none of them by name.
pub trait Rules: Send + Sync + 'static {
    /// Asks the strict rules, then runs: only on the engine that accepts the command.
    fn accept(&self, tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop>;
    /// Does it. Deterministic: arguments and transaction only; no clock, no randomness.
    fn run(&self, tx: &Tx<'_>, command: &Command) -> Result<Vec<u8>, Stop>;
}

/// Why a write got no answer. Nothing was done, unless it says otherwise.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    #[error("the queue of writes is full")]
    Overloaded,
    #[error("the disk did not take the write: {0}")]
    Unavailable(String),
    /// Where the file's turns are kept did not take it. It may have been done: ask again with the same id.
    #[error("upstream did not take the write: {0}")]
    Upstream(String),
    #[error("this id was used for another request")]
    Reused,
    #[error("stopped on the way by whoever asked for it")]
    Stopped,
    #[error("the command broke: {0}")]
    Broken(String),
    /// The engine is stopping. The write may or may not have been done: ask again with the same id.
    #[error("the database is closed")]
    Closed,
}
