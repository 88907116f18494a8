//! Deployments: the servers this computer watches, ours and any other with a health address; how they were lately; and
//! the backups of another Comanda or of any other service, run from here.
//!
//! Invariants: the register is of this computer and in no restaurant's records. A token lies in a file of its own that
//! only its owner may read (`tokens`), goes to no other origin than the one it was given for, follows no redirect, and is
//! in no answer, log or error. Nothing that is asked outside is waited for without end, and no more of an answer is
//! read than a cap. A deployment is down when two answers in a row were bad, and up again after two good ones.
//!
//! Deliberately absent: alarms by mail, a certificate authority of one's own, putting a remote restaurant back in the
//! place of its present (that is done where people stand beside it).

pub mod certificate;
pub mod drift;
pub mod latency;
pub mod model;
pub mod probe;
mod remote;
pub mod routes;
mod routes_backups;
mod routes_logs;
mod routes_remote;
pub mod store;
mod tokens;
pub mod trigger;
mod view;
pub mod watch;

use std::path::Path;

use tokio::sync::{Mutex, Notify};

/// What is open while the engine runs.
pub struct Deployments {
    pub tokens: tokens::Tokens,
    /// Wakes the task that probes: the register has changed.
    pub changed: Notify,
    /// Backups of other services that are under way.
    pub runs: trigger::Runs,
    /// A trigger and the secrets that go with it are read and written as one.
    pub trigger: Mutex<()>,
}

impl Deployments {
    pub fn open(data_dir: &Path) -> std::io::Result<Self> {
        let tokens = tokens::Tokens::open(data_dir.join("deployments").join("tokens.json"))?;
        Ok(Self { tokens, changed: Notify::new(), runs: trigger::Runs::default(), trigger: Mutex::default() })
    }
}

/// Tells the screens of every restaurant. The register is in no record, so the position stays.
pub fn tell(app: &crate::app::App) {
    for restaurant in app.restaurants() {
        app.changes.touch(restaurant.id, "deployments", restaurant.db.entry().unwrap_or_default());
    }
}
