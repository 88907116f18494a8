//! When paired devices were heard last: in memory, and on disk now and then.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::store;
use crate::app::App;
use crate::kernel::ids::SessionId;

/// Between two notes on disk.
const NOTED_EVERY_MS: i64 = 5 * 60 * 1000;

#[derive(Default)]
pub struct Contacts(Mutex<HashMap<SessionId, Heard>>);

#[derive(Clone, Copy)]
struct Heard {
    last_ms: i64,
    noted_ms: i64,
}

impl Contacts {
    pub fn last_ms(&self, id: SessionId) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&id).map(|heard| heard.last_ms)
    }

    pub fn forget(&self, id: SessionId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Whether it is to be written down.
    fn note(&self, id: SessionId, now_ms: i64) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = all.entry(id).or_insert(Heard { last_ms: now_ms, noted_ms: i64::MIN });
        heard.last_ms = now_ms;
        let is_due = heard.noted_ms.saturating_add(NOTED_EVERY_MS) <= now_ms;
        if is_due {
            heard.noted_ms = now_ms;
        }
        is_due
    }
}

impl App {
    /// Remembers that a paired device asked.
    pub fn note_contact(&self, id: SessionId) {
        let now_ms = self.clock.now_ms();
        if !self.house.contacts.note(id, now_ms) {
            return;
        }
        let app = self.clone();
        tokio::spawn(async move {
            if let Err(error) = app.installation.local(move |tx| store::note_contact(tx, id, now_ms)).await {
                tracing::warn!(%error, "the contact of a device was not noted");
            }
        });
    }
}
