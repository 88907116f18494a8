//! What a run has counted so far: seconds as they become whole, and the summary in the end.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::arrivals::Arrivals;
use crate::figures::{self, ErrorLine, FORMAT, Outcome, PhaseSpan, Place, Summary, Window};
use crate::plan::Plan;
use crate::tally::Tally;
use crate::verdict::judge;
use crate::wire::Target;

/// Seconds over which the share of errors is looked at.
const ERRORS_OVER_S: usize = 10;
/// Fewer requests say nothing about a share.
const ERRORS_FROM: u64 = 20;
/// Seconds kept of a long run: more than the twelve hours of an endurance test. Then the first ones go.
const WINDOWS_MAX: usize = 50_000;

/// What was counted so far.
pub struct Book {
    arrivals: Arrivals,
    threads: usize,
    phases: Vec<PhaseSpan>,
    /// Seconds of which not every thread has told: tally, threads heard.
    open: BTreeMap<u64, Tally>,
    windows: Vec<Window>,
    /// Without warm-up.
    counted: Tally,
    connections: BTreeMap<u64, u64>,
    all_cpu: Duration,
    begun: u64,
    pub stopped_itself: bool,
}

impl Book {
    pub fn new(plan: &Plan, arrivals: Arrivals, threads: usize, steps: usize) -> Self {
        let mut begins_s = 0.0;
        let mut phases = Vec::new();
        for phase in &plan.phases {
            let (name, for_s, warm_up) = (phase.name().to_owned(), phase.for_s(), phase.is_warm_up());
            phases.push(PhaseSpan { name, begins_s, for_s, warm_up });
            begins_s += for_s;
        }
        Self {
            arrivals,
            threads,
            phases,
            open: BTreeMap::new(),
            windows: Vec::new(),
            counted: Tally::new(steps),
            connections: BTreeMap::new(),
            all_cpu: Duration::ZERO,
            begun: 0,
            stopped_itself: false,
        }
    }

    fn phase_at(&self, s: f64) -> usize {
        self.phases.iter().rposition(|phase| phase.begins_s <= s).unwrap_or_default()
    }

    pub fn add(&mut self, second: u64, tally: &Tally) {
        self.begun += tally.begun;
        self.all_cpu += tally.cpu;
        let warm_up = self.phases.get(self.phase_at(second as f64)).is_some_and(|phase| phase.warm_up);
        if !warm_up {
            self.counted.add(tally);
        }
        *self.connections.entry(second).or_default() += tally.connections;
        match self.open.get_mut(&second) {
            Some(open) => open.add(tally),
            None => {
                self.open.insert(second, tally.clone());
            }
        }
    }

    /// Seconds that are over, with half a second for threads that tell late.
    pub fn complete(&mut self, elapsed: Duration) -> Vec<Window> {
        let is_over = |second: u64| elapsed >= Duration::from_secs(second + 1) + Duration::from_millis(150);
        let over: Vec<u64> = self.open.keys().copied().filter(|second| is_over(*second)).collect();
        let windows = over.into_iter().filter_map(|second| {
            let tally = self.open.remove(&second)?;
            let s = second as f64;
            // After the end, when nobody is on the way any more, there is nothing to show.
            if s >= self.arrivals.for_s() && tally.begun == 0 && tally.steps.iter().all(|step| step.latency.is_empty())
            {
                return None;
            }
            let asked = if self.arrivals.for_s() <= s { 0.0 } else { self.asked_in(s) };
            let phase = u32::try_from(self.phase_at(s)).unwrap_or_default();
            Some(figures::window(&Place { at_s: second, phase, asked, threads: self.threads }, &tally))
        });
        windows.collect()
    }

    fn asked_in(&self, s: f64) -> f64 {
        self.arrivals.area_to(s + 1.0) - self.arrivals.area_to(s)
    }

    /// True: too many errors.
    pub fn keep(&mut self, window: Window, errors_percent: f64) -> bool {
        // A thread that told too late for its second makes a second line of it: put together.
        match self.windows.iter_mut().rev().find(|known| known.at_s == window.at_s) {
            Some(known) => {
                known.begun += window.begun;
                known.requests += window.requests;
                known.errors += window.errors;
                known.max_ms = known.max_ms.max(window.max_ms);
            }
            None => self.windows.push(window),
        }
        if self.windows.len() > WINDOWS_MAX {
            self.windows.remove(0);
        }
        let last = &self.windows[self.windows.len().saturating_sub(ERRORS_OVER_S)..];
        let (requests, errors) = last.iter().fold((0, 0), |(r, e), w| (r + w.requests, e + w.errors));
        requests >= ERRORS_FROM && errors_percent < 100.0 && errors as f64 * 100.0 > requests as f64 * errors_percent
    }

    pub fn summary(
        self,
        plan: &Plan,
        target: &Target,
        names: &[String],
        began_ms: i64,
        for_s: f64,
        is_stopped: bool,
    ) -> Summary {
        // Requests of the counted phases, over the time those phases took.
        let planned: f64 = self.phases.iter().filter(|phase| !phase.warm_up).map(|phase| phase.for_s).sum();
        let warm: f64 = self.phases.iter().filter(|phase| phase.warm_up).map(|phase| phase.for_s).sum();
        let counted_s = if is_stopped { (for_s - warm).max(0.001) } else { planned.max(0.001) };
        let errors_by_kind = self.counted.errors();
        let totals = figures::figures(&self.counted.latency(), errors_by_kind.iter().sum(), counted_s);
        let steps = names.iter().zip(&self.counted.steps);
        let mut errors: Vec<ErrorLine> = self
            .counted
            .samples
            .iter()
            .map(|(step, broken, times)| ErrorLine {
                step: names[*step].clone(),
                kind: broken.kind,
                text: broken.text.clone(),
                times: *times,
            })
            .collect();
        errors.sort_by_key(|line| std::cmp::Reverse(line.times));
        let connections = self.connections.values().copied().max().unwrap_or_default();
        let mut own = self.counted.clone();
        own.cpu = self.all_cpu;
        let mut summary = Summary {
            format: FORMAT,
            plan: plan.name.clone(),
            target: target.origin(),
            began_ms,
            planned_s: plan.for_s(),
            for_s,
            is_closed: plan.is_closed(),
            seed: plan.seed,
            outcome: match (self.stopped_itself, is_stopped) {
                (true, _) => Outcome::StoppedItself,
                (_, true) => Outcome::Stopped,
                _ => Outcome::Finished,
            },
            begun: self.begun,
            asked: if plan.is_closed() { 0 } else { self.arrivals.count() },
            totals,
            errors_by_kind,
            steps: steps.map(|(name, step)| figures::step_figures(name, step, counted_s)).collect(),
            phases: self.phases,
            errors,
            generator: figures::generator(&own, self.threads, connections, for_s),
            thresholds: Vec::new(),
            notes: Vec::new(),
            windows: self.windows,
        };
        summary.thresholds = judge(&plan.thresholds, &summary);
        summary.notes = figures::notes(&summary);
        summary
    }
}
