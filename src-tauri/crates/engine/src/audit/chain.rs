//! Checking the records in the background: one check at a time for a restaurant.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Checked};
use crate::app::Restaurant;
use crate::error::ApiError;
use crate::front::here::Place;
use crate::kernel::time::Clock;

/// Findings that are spelled out.
const FINDINGS_MAX: usize = 50;

/// What runs for the audit of one restaurant.
#[derive(Debug, Default)]
pub struct Jobs {
    checking: Arc<AtomicBool>,
    searching: Arc<AtomicBool>,
}

/// Runs `work` on a thread of its own, unless it runs already.
fn once(running: &Arc<AtomicBool>, work: impl FnOnce() + Send + 'static) {
    if running.swap(true, Ordering::SeqCst) {
        return;
    }
    let running = running.clone();
    drop(tokio::task::spawn_blocking(move || {
        work();
        running.store(false, Ordering::SeqCst);
    }));
}

/// How the records stand.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChainState)]
pub struct ChainState {
    /// The last entry of the journal.
    pub entry: u64,
    /// A check is running.
    pub running: bool,
    /// How the last one ended; null: none has been made on this disk.
    pub checked: Option<ChainChecked>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ChainChecked {
    pub at_ms: i64,
    pub took_ms: i64,
    /// Everything up to this entry was looked at.
    pub entry: u64,
    pub commands: u64,
    pub rows: u64,
    /// 0: everything is what it was.
    pub findings_total: u64,
    /// The first of them, each a sentence.
    pub findings: Vec<String>,
}

pub fn state(restaurant: &Restaurant) -> Result<ChainState, ApiError> {
    // Asked first: a check that ends in between is then shown as running, not as never made.
    let running = restaurant.audit.checking.load(Ordering::SeqCst);
    let checked = restaurant.read(store::checked)?.map(|checked| ChainChecked {
        at_ms: checked.at_ms,
        took_ms: checked.took_ms,
        entry: checked.entry,
        commands: checked.commands,
        rows: checked.rows,
        findings_total: checked.findings_total,
        findings: serde_json::from_str(&checked.findings).unwrap_or_default(),
    });
    Ok(ChainState { entry: restaurant.db.entry()?, running, checked })
}

/// Starts a check, unless one runs.
pub fn check(place: &Place) {
    let (restaurant, clock) = (place.restaurant.clone(), place.app.clock.clone());
    once(&place.restaurant.audit.checking, move || {
        if let Err(error) = check_here(&restaurant, &clock) {
            tracing::error!(restaurant = %restaurant.id, %error, "the records could not be checked");
        }
    });
}

/// Checks the records of a restaurant and keeps what was found. Returns how many findings there are. Blocking.
pub fn check_here(restaurant: &Restaurant, clock: &Clock) -> Result<u64, ApiError> {
    let began_ms = clock.now_ms();
    let report = restaurant.db.check()?;
    if !report.is_clean() {
        tracing::error!(restaurant = %restaurant.id, findings = report.findings_total, "the records are not what they were");
    }
    let findings: Vec<_> = report.findings.iter().take(FINDINGS_MAX).collect();
    let now_ms = clock.now_ms();
    let checked = Checked {
        at_ms: now_ms,
        took_ms: (now_ms - began_ms).max(0),
        entry: report.entries,
        commands: report.commands,
        rows: report.rows,
        findings_total: report.findings_total,
        findings: serde_json::to_string(&findings).map_err(ApiError::internal)?,
    };
    let findings = checked.findings_total;
    restaurant.db.local_blocking(move |tx| store::keep_checked(tx, &checked))?;
    Ok(findings)
}

/// Writes down what runs of the ledger hold, so that searching passes over them.
pub fn note_spans(restaurant: &Arc<Restaurant>) -> Result<(), ApiError> {
    if restaurant.moment.is_some() || restaurant.db.spans_missing()? == 0 {
        return Ok(());
    }
    let noted = restaurant.clone();
    once(&restaurant.audit.searching, move || {
        loop {
            match noted.db.extend_spans() {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return tracing::warn!(%error, "searching the audit stays slow"),
            }
        }
    });
    Ok(())
}
