//! Looks every fifteen seconds, and at once when a rule was changed.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use uuid::Uuid;

use super::measure::{self, Earlier};
use super::model::{Bad, Event, GAP_MS, Phase, RULES, Rule, RuleName, step};
use super::store::{self, Alert, Subject};
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
    /// Of this computer, or of a deployment. What is fine is left out.
    phases: HashMap<(RuleName, Option<Uuid>), Phase>,
    values: HashMap<(RuleName, Option<Uuid>), i64>,
    /// Changed since the last look.
    afresh: HashSet<RuleName>,
    earlier: Earlier,
}

impl Alerts {
    /// What was measured last; of several, the worst.
    pub fn value(&self, rule: Rule) -> Option<i64> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let values = state.values.iter().filter(|((name, _), _)| *name == rule.name).map(|(_, value)| *value);
        match rule.bad {
            Bad::Above => values.max(),
            Bad::Below => values.min(),
        }
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
        let firing = Phase::Firing { well_since_ms: None };
        state.phases.extend(on.into_iter().map(|alert| ((alert.rule, alert.subject.map(|of| of.id)), firing)));
    }
    let gap = state.looked_ms.is_some_and(|before_ms| !(0..=GAP_MS).contains(&(steady_ms - before_ms)));
    state.looked_ms = Some(steady_ms);
    let own = measure::all(app, &mut state.earlier);
    state.values = own.into_iter().map(|(name, value)| ((name, None), value)).collect();
    let mut names = HashMap::new();
    for (rule, subject, value) in measure::deployments(app)?.into_iter().chain(measure::places(app)) {
        state.values.insert((rule, Some(subject.id)), value);
        names.insert(subject.id, subject.name);
    }
    let changes = app.installation.read(store::changes)?;
    let afresh = std::mem::take(&mut state.afresh);
    for rule in RULES {
        let change = changes.get(&rule.name).copied().unwrap_or_default();
        for subject in state.subjects(rule.name) {
            let at = (rule.name, subject);
            let (value, phase) = (state.values.get(&at).copied(), state.phases.get(&at).copied());
            let (rule, phase) = (rule.changed(change), phase.unwrap_or_default());
            let ends = change.off || (afresh.contains(&rule.name) && !rule.is_bad(value));
            let (next, event) = judged(rule, phase, value, ends, (steady_ms, gap));
            if let Some(event) = event {
                // It stands so when it is written down, and not before.
                let subject = subject.map(|id| Subject { id, name: names.get(&id).cloned().unwrap_or_default() });
                write(app, (rule, subject), event, value.unwrap_or_default(), now_ms)?;
                tell(app);
            }
            match next {
                Phase::Fine => state.phases.remove(&at),
                _ => state.phases.insert(at, next),
            };
        }
    }
    Ok(())
}

impl State {
    /// What a rule is judged of: this computer, or each deployment or place that is known or was.
    fn subjects(&self, rule: RuleName) -> Vec<Option<Uuid>> {
        if !rule.has_subjects() {
            return vec![None];
        }
        let all = self.values.keys().chain(self.phases.keys()).filter(|(name, _)| *name == rule);
        let all: BTreeSet<_> = all.map(|(_, subject)| *subject).collect();
        all.into_iter().collect()
    }
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

fn write(
    app: &App,
    (rule, subject): (Rule, Option<Subject>),
    event: Event,
    value: i64,
    now_ms: i64,
) -> Result<(), ApiError> {
    let of = subject.as_ref().map(|of| of.id);
    let (name, severity, threshold) = (rule.name, rule.severity, rule.threshold);
    match event {
        Event::Fired => {
            tracing::warn!(rule = name.as_str(), value, threshold, "an alert fires");
            let alert = Alert {
                id: ids::mint(),
                rule: name,
                subject,
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
                let is_it = |alert: &Alert| alert.rule == name && alert.subject.as_ref().map(|of| of.id) == of;
                let over = store::active(tx.conn())?.into_iter().find(is_it);
                store::end(tx, name, of, now_ms)?;
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
