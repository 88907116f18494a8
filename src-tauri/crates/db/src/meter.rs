//! How busy a file is: what waits, what is lent out, and how long its work takes.
//!
//! The kit has no clock: whoever wants times brings one. Without a meter nothing is timed.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

/// One piece of work that was timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A reading: as long as its connection was lent out.
    Read,
    /// Commands that share a commit: their checks and runs, without the commit.
    Run { commands: usize },
    /// Until a commit was durable.
    Commit,
}

/// Told of a statement and how long it took; its text costs something, so it is given to who asks for it.
pub type OnStatement = Box<dyn Fn(&dyn Fn() -> String, Duration) + Send + Sync>;

/// Times a file's work; it is called on the thread that did it: be quick.
pub struct Meter {
    /// Passes as time does, from any beginning.
    pub now: Box<dyn Fn() -> Duration + Send + Sync>,
    pub took: Box<dyn Fn(Work, Duration) + Send + Sync>,
    /// A statement ended: its text with `?` for what was bound, and how long it took, in whole milliseconds.
    pub statement: OnStatement,
}

/// A meter, if somebody wants to know.
#[derive(Clone, Default)]
pub(crate) struct Metered(pub Option<Arc<Meter>>);

impl Metered {
    pub fn now(&self) -> Option<Duration> {
        self.0.as_ref().map(|meter| (meter.now)())
    }

    /// Hears of every statement of this connection.
    pub fn listen(&self, conn: &mut Connection) -> rusqlite::Result<()> {
        let Some(meter) = self.0.clone() else { return Ok(()) };
        let told = move |event: TraceEvent<'_>| {
            if let TraceEvent::Profile(statement, took) = event {
                (meter.statement)(&|| statement.sql().into_owned(), took);
            }
        };
        conn.trace_v2(TraceEventCodes::SQLITE_TRACE_PROFILE, Some(told))
    }

    /// What was done since `began`.
    pub fn took(&self, work: Work, began: Option<Duration>) {
        if let (Some(meter), Some(began)) = (&self.0, began) {
            (meter.took)(work, (meter.now)().saturating_sub(began));
        }
    }
}

/// What is asked of a file now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Writes that wait, of so many that may.
    pub queued: usize,
    pub queue_max: usize,
    /// Reading connections that are lent out, that are open, and that may be.
    pub lent: usize,
    pub open: usize,
    pub open_max: usize,
}
