//! Live updates: what changed is told to the screens of a restaurant, and they refetch it.
//!
//! After a commit its tables become features (`tables::features_of`) and are gathered here; a task
//! sends what has gathered. Nothing grows while a restaurant is busy: there is one mark for each
//! restaurant and feature, and a screen never needs more than "refetch orders".

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use comanda_db::Commit;
use tokio::sync::Notify;

use crate::kernel::ids::RestaurantId;
use crate::tables;

/// What gathered since it was last sent.
#[derive(Default)]
pub struct Changes {
    waiting: Mutex<HashMap<RestaurantId, Change>>,
    some: Notify,
}

/// Features as bits in the order of `tables::FEATURES`, and the last journal entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    bits: u16,
    pub entry: u64,
}

impl Change {
    fn of(commit: &Commit) -> Self {
        let mut bits = 0;
        for table in &commit.tables {
            for feature in tables::features_of(table) {
                bits |= tables::FEATURES.iter().position(|known| known == feature).map_or(0, |at| 1 << at);
            }
        }
        Self { bits, entry: commit.entry }
    }

    pub fn features(self) -> Vec<&'static str> {
        tables::FEATURES.iter().enumerate().filter(|(at, _)| self.bits & (1 << at) != 0).map(|(_, f)| *f).collect()
    }
}

impl Changes {
    /// Called on the writer's thread.
    pub fn announce(&self, restaurant: RestaurantId, commit: &Commit) {
        let change = Change::of(commit);
        if change.bits == 0 {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let gathered = waiting.entry(restaurant).or_default();
        gathered.bits |= change.bits;
        gathered.entry = gathered.entry.max(change.entry);
        drop(waiting);
        self.some.notify_one();
    }

    /// Waits until there is something, and takes it.
    pub async fn next(&self) -> Vec<(RestaurantId, Change)> {
        loop {
            let taken = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            if !taken.is_empty() {
                return taken.into_iter().collect();
            }
            self.some.notified().await;
        }
    }
}
