//! Many desks of one restaurant: one of them is its sequencer, the others are linked to it.
//!
//! Commands go up, effects come down (`docs/decisions/0006`, `0016`; the work on one disk is the kit's `rebase`). Any
//! engine is the sequencer of the restaurants that are its own: `sequencer` is what linked devices ask of it. The other
//! side is `follow` (push, then pull, for ever), `join` (the first copy) and `afresh` (another copy, where this disk's
//! rows are no longer the sequencer's); `client` asks, `wire` is the form of what travels, `handover` what people need
//! to log in on another desk. One desk may be the `spare`: it can `takeover`, and `fence` is how the former sequencer and
//! everybody else find out. `routes` and `routes_spare` are for the window.
//!
//! Invariants: a device reaches the restaurant it was linked to and no other; letters are leased once and never again;
//! nothing is answered as placed before it is on the sequencer's disk; a link code never travels.
//!
//! Deliberately absent: finding each other in the house, a spare that takes over by itself, restaurants of a chain, a
//! certificate of the restaurant: use an address with https where the network is not yours.

pub mod afresh;
pub mod client;
pub mod codes;
pub mod commands;
pub mod fence;
pub mod follow;
pub mod handover;
pub mod join;
pub mod model;
pub mod routes;
pub mod routes_spare;
pub mod sequencer;
pub mod spare;
pub mod store;
pub mod takeover;
pub mod wire;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, Semaphore, watch};
use uuid::Uuid;

use self::codes::Codes;
use self::join::Joining;
use self::model::Status;
use crate::app::App;
use crate::kernel::ids::RestaurantId;

/// A device's last contact is written down at most this often.
const CONTACT_KEPT_MS: i64 = 60_000;

/// What the engine holds of its links while it runs.
pub struct Desks {
    pub codes: Codes,
    /// A link came or went.
    pub links: Notify,
    /// Copies are made for one device at a time: each is as large as the restaurant.
    pub copying: Semaphore,
    /// Held while a restaurant's file, or who its sequencer is, changes.
    pub changing: tokio::sync::Mutex<()>,
    /// Somebody spoke as if another engine had taken over.
    pub suspect: Notify,
    /// There is something to tell devices besides commands.
    pub told: watch::Sender<u64>,
    stopping: watch::Sender<bool>,
    /// When a device was last heard, and when that was written down.
    heard: Mutex<HashMap<Uuid, (i64, i64)>>,
    status: Mutex<HashMap<RestaurantId, Status>>,
    joining: Mutex<Option<Joining>>,
}

impl Default for Desks {
    fn default() -> Self {
        Self {
            codes: Codes::default(),
            links: Notify::new(),
            copying: Semaphore::new(1),
            changing: tokio::sync::Mutex::default(),
            suspect: Notify::new(),
            told: watch::Sender::new(0),
            stopping: watch::Sender::new(false),
            heard: Mutex::default(),
            status: Mutex::default(),
            joining: Mutex::default(),
        }
    }
}

impl Desks {
    /// Nobody waits for news any more.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// For those who wait: true from the moment the engine stops.
    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    /// A device was heard. True: it is time to write that down.
    pub fn hear(&self, device: Uuid, now_ms: i64) -> bool {
        let mut heard = guard(&self.heard);
        let (last, kept) = heard.entry(device).or_insert((now_ms, 0));
        *last = now_ms;
        let due = now_ms - *kept >= CONTACT_KEPT_MS;
        if due {
            *kept = now_ms;
        }
        due
    }

    /// When a device was last heard since this engine runs.
    pub fn heard_ms(&self, device: Uuid) -> Option<i64> {
        guard(&self.heard).get(&device).map(|(last, _)| *last)
    }

    /// How this engine's link of a restaurant is.
    pub fn status(&self, id: RestaurantId) -> Status {
        guard(&self.status).get(&id).cloned().unwrap_or_default()
    }

    /// Says how a link is from now on. False: it was so before.
    pub fn note(&self, id: RestaurantId, change: impl FnOnce(&mut Status)) -> bool {
        let mut all = guard(&self.status);
        let status = all.entry(id).or_default();
        let before = status.clone();
        change(status);
        before.state != status.state || before.error != status.error
    }

    pub fn forget(&self, id: RestaurantId) {
        guard(&self.status).remove(&id);
    }

    pub fn joining(&self) -> Option<Joining> {
        guard(&self.joining).clone()
    }

    pub fn set_joining(&self, joining: Option<Joining>) {
        *guard(&self.joining) = joining;
    }

    pub fn at_joining(&self, change: impl FnOnce(&mut Joining)) {
        if let Some(joining) = guard(&self.joining).as_mut() {
            change(joining);
        }
    }
}

impl App {
    /// How desks stand to each other became another.
    pub fn tell_sync(&self, id: RestaurantId) {
        let entry = self.restaurant(id).and_then(|restaurant| restaurant.db.entry().ok());
        self.changes.touch(id, "sync", entry.unwrap_or_default());
        self.desks.told.send_modify(|told| *told += 1);
    }
}

fn guard<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
