//! How a file is opened, and why it does not.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::meter::Meter;
use crate::upstream::Upstream;
use crate::writer::{AnswerOn, OnCommit};

/// How a file is opened. The defaults are the product's.
pub struct Options {
    /// Writes that may wait; one more is refused with `Overloaded`.
    pub queue: usize,
    /// Writes in one commit, at most.
    pub group: usize,
    /// Read-only connections, at most.
    pub readers: usize,
    /// Told after every commit that changed synced rows, on the writer's thread: be quick.
    pub on_commit: Option<OnCommit>,
    /// Where answers are given; `None`: on the writer's thread, which wakes each waiting task by itself.
    pub answer_on: Option<AnswerOn>,
    /// Answer, wait this long, commit: the control that shows the kill test can see a lost write.
    pub answer_early: Option<Duration>,
    /// Whether this disk places commands itself (the default) or another engine does.
    pub sequencer: bool,
    /// Where a whole copy is kept before a migration changes the file; without one it stays as it is. `None`: no copy.
    pub copies: Option<PathBuf>,
    /// Where the file's turns are kept, if this disk is one copy of several; and the tables, outside the records, whose
    /// rows go along.
    pub upstream: Option<(Arc<dyn Upstream>, &'static [&'static str])>,
    /// Thrown away after use, or synced by whoever keeps it: nobody waits for the disk.
    pub scratch: bool,
    /// Times what the file does. `None`: nobody wants to know.
    pub meter: Option<Meter>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue: 4096,
            group: 256,
            readers: 8,
            on_commit: None,
            answer_on: None,
            answer_early: None,
            sequencer: true,
            copies: None,
            upstream: None,
            scratch: false,
            meter: None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("{path} cannot be opened: {source}")]
    Sqlite { path: PathBuf, source: rusqlite::Error },
    #[error("{path} was made by a newer version (schema {there}, this program knows {known})")]
    Newer { path: PathBuf, there: usize, known: usize },
    #[error("{path} was made by an older version and stays as it is: it could not be copied first: {why}")]
    Uncopied { path: PathBuf, why: String },
    #[error("the writer cannot start: {0}")]
    Thread(#[from] std::io::Error),
}
