//! Looks every fifteen seconds, and at once when a rule was changed.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::measure::{self, Earlier};
use super::model::{Event, GAP_MS, Phase, RULES, Rule, RuleName, step};
use super::store::{self, Alert};
use crate::app::App;
use crate::error::ApiError;
use crate::kernel::ids;
use crate::notices;
use crate::notices::model::Kind;

const EVERY: Duration = Duration::from_secs(15);

/// How the rules stand.
#[derive(Default)]
pub struct Alerts {
    state: Mutex<State>,
    /// Wakes the task that looks.
    pub changed: Notify,
    /// Said when the engine starts.
    pub listener: OnceLock<Listener>,
}

type Hear = dyn Fn(Event, &Alert) + Send + Sync;

/// Whoever else in this process wants to know, once for each alert that fires or ends, after it is written down.
/// The usual one is nobody.
#[derive(Clone, Default)]
pub struct Listener(Option<Arc<Hear>>);

impl Listener {
    /// Called on the thread that looks: it must not take long.
    pub fn from_fn(hear: impl Fn(Event, &Alert) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(hear)))
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Listener" } else { "Listener(nobody)" })
    }
}

#[derive(Default)]
struct State {
    /// When somebody looked last, on the steady clock. None: nobody has since the start.
    looked_ms: Option<i64>,
    phases: HashMap<RuleName, Phase>,
    values: HashMap<RuleName, i64>,
    /// Changed since the last look.
    afresh: HashSet<RuleName>,
    earlier: Earlier,
}

impl Alerts {
    /// What was measured last.
    pub fn value(&self, rule: RuleName) -> Option<i64> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).values.get(&rule).copied()
    }

    /// A rule was changed: the next look judges it afresh, without waiting for it to be calm.
    pub fn judge_afresh(&self, rule: RuleName) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).afresh.insert(rule);
        self.changed.notify_one();
    }
}

/// Runs for as long as the engine does.
pub async fn keep_watch(app: App) {
    loop {
        let asked = app.clone();
        match tokio::task::spawn_blocking(move || look(&asked)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(?error, "what is wrong could not be written down"),
            Err(error) => tracing::error!(%error, "looking for what is wrong broke"),
        }
        tokio::select! {
            () = app.wall_clock.pause(EVERY) => {}
            () = app.alerts.changed.notified() => {}
        }
    }
}

/// Looks at every rule once. Blocking.
pub fn look(app: &App) -> Result<(), ApiError> {
    let mut state = app.alerts.state.lock().unwrap_or_else(PoisonError::into_inner);
    let state = &mut *state;
    let (steady_ms, now_ms) = (app.clock.steady_ms(), app.clock.now_ms());
    if state.looked_ms.is_none() {
        // What was on when the engine stopped is still that alert.
        let on = app.installation.read(store::active)?;
        state.phases.extend(on.into_iter().map(|alert| (alert.rule, Phase::Firing { well_since_ms: None })));
    }
    let gap = state.looked_ms.is_some_and(|before_ms| !(0..=GAP_MS).contains(&(steady_ms - before_ms)));
    state.looked_ms = Some(steady_ms);
    state.values = measure::all(app, &mut state.earlier).into_iter().collect();
    let changes = app.installation.read(store::changes)?;
    let afresh = std::mem::take(&mut state.afresh);
    for rule in RULES {
        let change = changes.get(&rule.name).copied().unwrap_or_default();
        let (value, phase) = (state.values.get(&rule.name).copied(), state.phases.get(&rule.name).copied());
        let (rule, phase) = (rule.changed(change), phase.unwrap_or_default());
        let ends = change.off || (afresh.contains(&rule.name) && !rule.is_bad(value));
        let (next, event) = judged(rule, phase, value, ends, (steady_ms, gap));
        if let Some(event) = event {
            // It stands so when it is written down, and not before.
            write(app, rule, event, value.unwrap_or_default(), now_ms)?;
            tell(app);
        }
        state.phases.insert(rule.name, next);
    }
    Ok(())
}

/// A rule that is off is fine, and what it had fired is over; so is what a changed limit makes well.
fn judged(rule: Rule, phase: Phase, value: Option<i64>, ends: bool, (now_ms, gap): (i64, bool)) -> Judged {
    match phase {
        Phase::Firing { .. } if ends => (Phase::Fine, Some(Event::Ended)),
        _ if ends => (Phase::Fine, None),
        phase => step(rule, phase, value, now_ms, gap),
    }
}

type Judged = (Phase, Option<Event>);

fn write(app: &App, rule: Rule, event: Event, value: i64, now_ms: i64) -> Result<(), ApiError> {
    let (name, severity, threshold) = (rule.name, rule.severity, rule.threshold);
    match event {
        Event::Fired => {
            tracing::warn!(rule = name.as_str(), value, threshold, "an alert fires");
            let alert = Alert {
                id: ids::mint(),
                rule: name,
                severity,
                threshold,
                value,
                fired_ms: now_ms,
                ended_ms: None,
                acknowledged: None,
            };
            let says = notices::model::body(Kind::Fired, &alert, rule.unit, now_ms);
            let fired = alert.clone();
            app.installation.local_blocking(move |tx| {
                store::fire(tx, &fired)?;
                notices::store::enqueue(tx, Kind::Fired, severity, &says, now_ms)
            })?;
            listen(app, event, Some(&alert));
        }
        Event::Ended => {
            tracing::info!(rule = name.as_str(), value, threshold, "an alert is over");
            let over = app.installation.local_blocking(move |tx| {
                let over = store::active(tx.conn())?.into_iter().find(|alert| alert.rule == name);
                store::end(tx, name, now_ms)?;
                let Some(alert) = over.map(|alert| Alert { ended_ms: Some(now_ms), ..alert }) else { return Ok(None) };
                let says = notices::model::body(Kind::Ended, &alert, rule.unit, now_ms);
                notices::store::enqueue(tx, Kind::Ended, alert.severity, &says, now_ms)?;
                Ok(Some(alert))
            })?;
            listen(app, event, over.as_ref());
        }
    }
    app.notices.notify_one();
    Ok(())
}

fn listen(app: &App, event: Event, alert: Option<&Alert>) {
    let listener = app.alerts.listener.get().and_then(|listener| listener.0.as_deref());
    if let (Some(hear), Some(alert)) = (listener, alert) {
        hear(event, alert);
    }
}

/// Tells the screens of every restaurant. Alerts are in no record, so the position stays.
pub fn tell(app: &App) {
    for restaurant in app.restaurants() {
        app.changes.touch(restaurant.id, "alerts", restaurant.db.entry().unwrap_or_default());
    }
}
