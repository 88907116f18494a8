//! Jobs: what the engine does by itself, on a schedule or when somebody asks, one after the other.
//!
//! Invariants. A run is on disk before it begins, so one that the engine did not live to end is found and tried again.
//! Of each job at most one run waits or runs. One that fails is tried again later and later, and after its last try is
//! set aside as dead, where a person sees it. A schedule that passed while the engine was off is made up for once.
//!
//! `list` (every job), `model` (states, pauses, schedules), `desk` (does them), `store`, `routes`.
//! Deliberately absent: backups at night, which have a schedule and runs of their own (`backups`).

pub mod desk;
pub mod list;
pub mod model;
pub mod routes;
mod store;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::Notify;

use self::list::Kind;

/// What runs, and who is to look.
#[derive(Default)]
pub struct Jobs {
    known: OnceLock<Vec<Kind>>,
    changed: Notify,
    running: Mutex<Option<(i64, Stop)>>,
}

impl Jobs {
    pub fn known(&self) -> &[Kind] {
        self.known.get().map_or(&[], Vec::as_slice)
    }

    fn kind(&self, name: &str) -> Option<&Kind> {
        self.known().iter().find(|kind| kind.name == name)
    }

    /// Asks a run to end at its next step. False: it is not the one that runs.
    fn stop(&self, id: i64) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let stop = running.as_ref().filter(|(runs, _)| *runs == id).map(|(_, stop)| stop);
        stop.inspect(|stop| stop.0.store(true, Ordering::Relaxed)).is_some()
    }
}

/// Somebody wants a job to end: it looks between its steps.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
