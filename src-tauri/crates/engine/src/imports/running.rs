//! Imports on their way in: how far each is, and how it is stopped.
//!
//! Kept in memory: an import that the engine's end cuts off has brought in nothing.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use comanda_db::Watch;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Those of one restaurant.
#[derive(Debug, Default)]
pub struct Running(Mutex<Vec<Arc<Run>>>);

#[derive(Debug)]
pub struct Run {
    /// Of the command that will say it took place.
    id: Uuid,
    name: String,
    began_ms: i64,
    /// 0 while the file is read.
    orders: AtomicU64,
    written: AtomicU64,
    stopped: AtomicBool,
}

/// How far an import is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportRun)]
pub struct RunView {
    pub id: Uuid,
    /// The file's.
    pub name: String,
    pub began_ms: i64,
    /// Null while the file is read.
    pub orders: Option<u64>,
    pub written: u64,
    /// It will bring in nothing.
    pub stopped: bool,
}

/// Takes the import off the list when it ends, however it ends.
pub struct Begun<'a> {
    running: &'a Running,
    run: Arc<Run>,
}

impl Running {
    pub fn begin(&self, id: Uuid, name: &str, began_ms: i64) -> Begun<'_> {
        let run = Arc::new(Run {
            id,
            name: name.to_owned(),
            began_ms,
            orders: AtomicU64::new(0),
            written: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        });
        self.runs().push(run.clone());
        Begun { running: self, run }
    }

    pub fn list(&self) -> Vec<RunView> {
        let view = |run: &Arc<Run>| RunView {
            id: run.id,
            name: run.name.clone(),
            began_ms: run.began_ms,
            orders: Some(run.orders.load(Ordering::Relaxed)).filter(|orders| *orders > 0),
            written: run.written.load(Ordering::Relaxed),
            stopped: run.stopped.load(Ordering::Relaxed),
        };
        self.runs().iter().map(view).collect()
    }

    /// Asks an import to stop. False: none of this id is on its way.
    pub fn stop(&self, id: Uuid) -> bool {
        let runs = self.runs();
        let mut named = runs.iter().filter(|run| run.id == id).peekable();
        let known = named.peek().is_some();
        named.for_each(|run| run.stopped.store(true, Ordering::Relaxed));
        known
    }

    fn runs(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Run>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Begun<'_> {
    pub fn is_stopped(&self) -> bool {
        self.run.stopped.load(Ordering::Relaxed)
    }

    /// The file is read; each command that follows writes so many orders.
    pub fn writes(&self, orders_of_each: Vec<u64>) -> Watch {
        self.run.orders.store(orders_of_each.iter().sum(), Ordering::Relaxed);
        let run = self.run.clone();
        Box::new(move |done| {
            run.written.fetch_add(orders_of_each.get(done - 1).copied().unwrap_or_default(), Ordering::Relaxed);
            if run.stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
    }
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        self.running.runs().retain(|run| !Arc::ptr_eq(run, &self.run));
    }
}
