//! Asks every deployment when it is due, for as long as the engine runs. One that is slow keeps no other waiting.

use std::collections::HashMap;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;
use uuid::Uuid;

use super::probe::probe;
use super::store::{self, Deployment, Found};
use super::{drift, tell};
use crate::app::App;
use crate::error::ApiError;

/// So many are asked at once.
const AT_ONCE: usize = 16;
/// The register is read again at least this often.
const LOOK: Duration = Duration::from_secs(30);

/// What was asked, where, and when it is due.
struct Due {
    address: String,
    at: Instant,
}

/// Runs for as long as the engine does; what is on its way ends with it.
pub async fn keep_watch(app: App) {
    let mut due: HashMap<Uuid, Due> = HashMap::new();
    let mut asking = JoinSet::new();
    let mut woke = app.wall_clock.woke();
    loop {
        let known = app.installation.read(store::deployments).unwrap_or_default();
        due.retain(|id, _| known.iter().any(|of| of.id == *id));
        let now = Instant::now();
        for of in known {
            let next = now + Duration::from_secs(of.every_s.into());
            // A new address is looked at at once, and a shorter pace holds at once.
            let is_due = due.get(&of.id).is_none_or(|due| due.address != of.address || due.at <= now);
            if is_due && asking.len() < AT_ONCE {
                due.insert(of.id, Due { address: of.address.clone(), at: next });
                let app = app.clone();
                asking.spawn(async move {
                    let asked = ask(&app, &of).await;
                    if let Err(error) = asked.and(drift::look(&app, &of).await) {
                        tracing::warn!(%error, deployment = %of.id, "an answer could not be written down");
                    }
                });
            } else if let Some(due) = due.get_mut(&of.id) {
                due.at = due.at.min(next);
            }
        }
        let full = asking.len() >= AT_ONCE;
        let first = due.values().map(|due| due.at).min().unwrap_or(now + LOOK);
        tokio::select! {
            _ = asking.join_next(), if !asking.is_empty() => {}
            () = app.deployments.changed.notified() => {}
            // What was to be looked at while the computer slept is looked at now, once.
            Ok(()) = woke.changed() => due.clear(),
            () = tokio::time::sleep_until(first.min(now + LOOK)), if !full => {}
        }
    }
}

/// Asks one, and keeps what it said.
pub async fn ask(app: &App, of: &Deployment) -> Result<Found, ApiError> {
    let found = probe(&app.outward, of, app.deployments.tokens.of(of.id), app.clock.now_ms()).await;
    let (id, kept) = (of.id, found.clone());
    if app.installation.local(move |tx| store::record(tx, id, &kept)).await? {
        tell(app);
    }
    Ok(found)
}
