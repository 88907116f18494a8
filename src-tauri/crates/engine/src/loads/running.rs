//! The run that is going on: how far it is, its seconds so far, and how it is stopped.
//!
//! Kept in memory; when it ends it is written down. A run that the engine's end cuts off is stopped and not kept.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use comanda_load::figures::{Outcome, Window};
use comanda_load::run::{Given, Stop, prepare};
use comanda_load::{Plan, Summary};
use uuid::Uuid;

use super::store::{self, Run};
use crate::app::App;
use crate::error::Refusal;
use crate::kernel::ids::RestaurantId;

/// One at a time: two would measure each other.
#[derive(Default)]
pub struct Running(Mutex<Option<Arc<Going>>>);

pub struct Going {
    pub id: Uuid,
    pub restaurant: RestaurantId,
    pub plan: Plan,
    pub by_name: String,
    pub began_ms: i64,
    pub stop: Stop,
    windows: Mutex<Vec<Window>>,
    began: AtomicBool,
}

impl Going {
    /// The seconds from that one on.
    pub fn windows_from(&self, second: u64) -> Vec<Window> {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let from = windows.partition_point(|window| window.at_s < second);
        windows[from..].to_vec()
    }

    /// False: it still looks the target up, or does its setup.
    pub fn has_begun(&self) -> bool {
        self.began.load(Ordering::Relaxed)
    }
}

impl Running {
    pub fn current(&self) -> Option<Arc<Going>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The engine stops: so does the traffic.
    pub fn stop(&self) {
        if let Some(going) = self.current() {
            going.stop.stop();
        }
    }
}

/// Begins a run on a thread of its own.
pub fn begin(
    app: &App,
    restaurant: RestaurantId,
    plan: Plan,
    given: Given,
    id: Uuid,
    by_name: String,
) -> Result<Arc<Going>, Refusal> {
    let mut current = app.loads.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(going) = current.as_ref().filter(|going| going.id == id && going.restaurant == restaurant) {
        // The same press once more.
        return Ok(going.clone());
    }
    if current.is_some() {
        return Err(Refusal::conflict("A load test is going on. Stop it, or wait for its end."));
    }
    let going = Arc::new(Going {
        id,
        restaurant,
        plan,
        by_name,
        began_ms: given.began_ms,
        stop: Stop::default(),
        windows: Mutex::default(),
        began: AtomicBool::new(false),
    });
    let (app_then, running) = (app.clone(), going.clone());
    let thread = std::thread::Builder::new().name("load".into()).spawn(move || {
        go(&app_then, &running, &given);
        *app_then.loads.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        tell(&app_then, restaurant);
    });
    thread.map_err(|_| Refusal::conflict("This machine has no room for another thread."))?;
    *current = Some(going.clone());
    drop(current);
    tell(app, restaurant);
    Ok(going)
}

/// Tells the screens. Load tests are in no record, so the position stays.
pub fn tell(app: &App, restaurant: RestaurantId) {
    let entry = app.restaurant(restaurant).and_then(|restaurant| restaurant.db.entry().ok());
    app.changes.touch(restaurant, "loads", entry.unwrap_or_default());
}

fn go(app: &App, going: &Arc<Going>, given: &Given) {
    let (run, summary) = match prepare(going.plan.clone(), given, going.stop.clone()) {
        Err(why) => (failed(app, going, why), None),
        Ok(ready) => {
            going.began.store(true, Ordering::Relaxed);
            let summary = ready.run(|window| {
                going.windows.lock().unwrap_or_else(PoisonError::into_inner).push(window.clone());
            });
            (ended(app, going, &summary), Some(comanda_load::report::json(&summary)))
        }
    };
    let restaurant = going.restaurant;
    let written =
        app.installation.local_blocking(move |tx| store::insert_run(tx, restaurant, &run, summary.as_deref()));
    if let Err(error) = written {
        tracing::error!(%error, run = %going.id, "a load test could not be written down");
    }
}

fn failed(app: &App, going: &Going, why: String) -> Run {
    Run {
        id: going.id,
        plan: going.plan.name.clone(),
        target: going.plan.target.clone(),
        began_ms: going.began_ms,
        ended_ms: app.clock.now_ms(),
        by_name: going.by_name.clone(),
        outcome: "failed".into(),
        failure: Some(why),
        good: false,
        requests: 0,
        per_s: 0.0,
        p95_ms: 0.0,
        p99_ms: 0.0,
        errors_percent: 0.0,
    }
}

fn ended(app: &App, going: &Going, summary: &Summary) -> Run {
    let outcome = match summary.outcome {
        Outcome::Finished => "finished",
        Outcome::Stopped => "stopped",
        Outcome::StoppedItself => "stopped_itself",
    };
    let totals = &summary.totals;
    Run {
        target: summary.target.clone(),
        outcome: outcome.into(),
        failure: None,
        good: summary.is_good(),
        requests: i64::try_from(totals.requests).unwrap_or(i64::MAX),
        per_s: totals.per_s,
        p95_ms: totals.p95_ms,
        p99_ms: totals.p99_ms,
        errors_percent: totals.errors_percent,
        ..failed(app, going, String::new())
    }
}
