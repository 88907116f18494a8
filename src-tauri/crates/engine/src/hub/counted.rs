//! What a process counts of its part in a hub, for `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

#[derive(Default)]
pub struct Counted {
    /// Turns the ledger took.
    pub taken: AtomicU64,
    /// Turns it did not take, because another process was faster.
    pub moved: AtomicU64,
    /// Turns that were sent again: a connection was lost, or the database asked for it.
    pub again: AtomicU64,
    /// Groups that went without an answer.
    pub failed: AtomicU64,
    /// How long groups waited for the ledger: the way, the lock and its flush.
    pub waited_us: AtomicU64,
    /// Turns the furthest copy was behind when it was last looked at.
    pub behind: AtomicU64,
}

impl Counted {
    pub fn add(of: &AtomicU64) {
        of.fetch_add(1, Ordering::Relaxed);
    }

    pub fn waited(&self, took: Duration) {
        self.waited_us.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}
