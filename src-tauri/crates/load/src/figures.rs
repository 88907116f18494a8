//! What a run says: a window a second while it goes, a summary at its end. Numbers a person and a program can read.
//!
//! Latencies count from the intended start. Warm-up phases are in the windows and not in the summary's figures.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::tally::{ErrorKind, StepTally, Tally};
use crate::verdict::Verdict;
use crate::wire::Target;

/// The form of a summary's file.
pub const FORMAT: u32 = 1;
/// Rows of the heat map: four a tenfold from 0.1 ms, the last takes the rest.
pub const HEAT_ROWS: usize = 22;

/// One second.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Seconds since the run began.
    pub at_s: u64,
    pub phase: u32,
    /// Arrivals (for users: how many) that were wanted in it.
    pub asked: f64,
    pub begun: u64,
    pub requests: u64,
    pub errors: u64,
    /// In the sequence of `ErrorKind::ALL`.
    pub errors_by_kind: [u64; ErrorKind::ALL.len()],
    pub p50_ms: f64,
    pub p90_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
    pub mean_ms: f64,
    pub in_flight: u64,
    /// How late arrivals began, at the 99th percentile.
    pub lag_ms: f64,
    /// Of the generator's threads, 1 is all of them.
    pub cpu: f64,
    /// Requests by latency, the quickest first; without the empty rows at the end.
    pub heat: Vec<u32>,
    /// Told to listeners.
    #[serde(default)]
    pub events: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    pub requests: u64,
    pub errors: u64,
    pub errors_percent: f64,
    pub per_s: f64,
    pub p50_ms: f64,
    pub p90_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    #[serde(rename = "p99.9_ms")]
    pub p999_ms: f64,
    pub max_ms: f64,
    pub mean_ms: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepFigures {
    pub name: String,
    #[serde(flatten)]
    pub figures: Figures,
    pub errors_by_kind: [u64; ErrorKind::ALL.len()],
    /// Of a step that listens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard: Option<Heard>,
}

/// What the listeners of a step were told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    pub events: u64,
    pub per_s: f64,
    /// Of these it is known when they happened; the delays are theirs.
    pub timed: u64,
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
    pub max_ms: f64,
}

fn heard(step: &StepTally, for_s: f64) -> Option<Heard> {
    let delay = step.delay.as_ref()?;
    let per_s = if for_s > 0.0 { step.events as f64 / for_s } else { 0.0 };
    let of = |quantile: f64| at(delay, quantile);
    let (p50_ms, p95_ms, p99_ms, max_ms) = (of(0.5), of(0.95), of(0.99), of(1.0));
    Some(Heard { events: step.events, per_s, timed: delay.len(), p50_ms, p95_ms, p99_ms, max_ms })
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhaseSpan {
    pub name: String,
    pub begins_s: f64,
    pub for_s: f64,
    pub warm_up: bool,
}

/// A kind of failure in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorLine {
    pub step: String,
    pub kind: ErrorKind,
    pub text: String,
    pub times: u64,
}

/// How the run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Finished,
    /// By a person.
    Stopped,
    /// By itself: too many errors.
    StoppedItself,
}

/// What the generator says of itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Generator {
    pub threads: u64,
    pub connections: u64,
    /// Mean of its threads, 1 is all of them.
    pub cpu: f64,
    pub cpu_s: f64,
    pub lag_p99_ms: f64,
    pub lag_max_ms: f64,
    /// p99 from when a request really went out: what a closed test would have said.
    pub service_p99_ms: f64,
    /// It could not keep up: the figures say more of it than of the target.
    pub is_bottleneck: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub format: u32,
    pub plan: String,
    /// Without path or secrets.
    pub target: String,
    /// Unix milliseconds.
    pub began_ms: i64,
    pub planned_s: f64,
    pub for_s: f64,
    pub is_closed: bool,
    pub seed: u64,
    pub outcome: Outcome,
    /// Arrivals (for users: scenarios) begun.
    pub begun: u64,
    /// Arrivals the plan wanted up to its end. 0 for users.
    pub asked: u64,
    pub totals: Figures,
    pub errors_by_kind: [u64; ErrorKind::ALL.len()],
    pub steps: Vec<StepFigures>,
    pub phases: Vec<PhaseSpan>,
    pub errors: Vec<ErrorLine>,
    pub generator: Generator,
    pub thresholds: Vec<Verdict>,
    /// What stands out, in words.
    pub notes: Vec<String>,
    pub windows: Vec<Window>,
}

impl Summary {
    /// It ran to its end and kept every threshold.
    pub fn is_good(&self) -> bool {
        self.outcome == Outcome::Finished && self.thresholds.iter().all(|verdict| verdict.kept)
    }
}

fn ms(us: u64) -> f64 {
    us as f64 / 1000.0
}

fn at(histogram: &Histogram<u32>, quantile: f64) -> f64 {
    if histogram.is_empty() { 0.0 } else { ms(histogram.value_at_quantile(quantile)) }
}

pub fn figures(latency: &Histogram<u32>, errors: u64, for_s: f64) -> Figures {
    let requests = latency.len();
    Figures {
        requests,
        errors,
        errors_percent: if requests == 0 { 0.0 } else { 100.0 * errors as f64 / requests.max(errors) as f64 },
        per_s: if for_s > 0.0 { requests as f64 / for_s } else { 0.0 },
        p50_ms: at(latency, 0.5),
        p90_ms: at(latency, 0.9),
        p95_ms: at(latency, 0.95),
        p99_ms: at(latency, 0.99),
        p999_ms: at(latency, 0.999),
        max_ms: if requests == 0 { 0.0 } else { ms(latency.max()) },
        mean_ms: if requests == 0 { 0.0 } else { latency.mean() / 1000.0 },
    }
}

pub fn step_figures(name: &str, step: &StepTally, for_s: f64) -> StepFigures {
    let errors = step.errors.iter().sum();
    StepFigures {
        name: name.to_owned(),
        figures: figures(&step.latency, errors, for_s),
        errors_by_kind: step.errors,
        heard: heard(step, for_s),
    }
}

/// Where a window stands in the run.
pub struct Place {
    pub at_s: u64,
    pub phase: u32,
    pub asked: f64,
    pub threads: usize,
}

pub fn window(place: &Place, tally: &Tally) -> Window {
    let latency = tally.latency();
    let errors_by_kind = tally.errors();
    let all = figures(&latency, errors_by_kind.iter().sum(), 1.0);
    Window {
        at_s: place.at_s,
        phase: place.phase,
        asked: place.asked,
        begun: tally.begun,
        requests: all.requests,
        errors: all.errors,
        errors_by_kind,
        p50_ms: all.p50_ms,
        p90_ms: all.p90_ms,
        p95_ms: all.p95_ms,
        p99_ms: all.p99_ms,
        max_ms: all.max_ms,
        mean_ms: all.mean_ms,
        in_flight: tally.in_flight,
        lag_ms: at(&tally.lag, 0.99),
        cpu: tally.cpu.as_secs_f64() / place.threads.max(1) as f64,
        heat: heat(&latency),
        events: tally.steps.iter().map(|step| step.events).sum(),
    }
}

fn heat(latency: &Histogram<u32>) -> Vec<u32> {
    let mut rows = vec![0_u32; HEAT_ROWS];
    for value in latency.iter_recorded() {
        let row = (value.value_iterated_to().max(1) as f64 / 100.0).log10() * 4.0;
        let row = (row.floor().max(0.0) as usize).min(HEAT_ROWS - 1);
        rows[row] = rows[row].saturating_add(value.count_at_value());
    }
    rows.truncate(rows.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1));
    rows
}

/// Upper edge of a heat row, in milliseconds.
pub fn heat_edge_ms(row: usize) -> f64 {
    0.1 * 10_f64.powf((row + 1) as f64 / 4.0)
}

pub fn generator(all: &Tally, threads: usize, connections: u64, for_s: f64) -> Generator {
    let cpu_s = all.cpu.as_secs_f64();
    let cpu = if for_s > 0.0 { cpu_s / for_s / threads.max(1) as f64 } else { 0.0 };
    let lag_p99_ms = at(&all.lag, 0.99);
    Generator {
        threads: threads as u64,
        connections,
        cpu,
        cpu_s,
        lag_p99_ms,
        lag_max_ms: if all.lag.is_empty() { 0.0 } else { ms(all.lag.max()) },
        service_p99_ms: at(&all.service, 0.99),
        is_bottleneck: lag_p99_ms > 20.0 || cpu > 0.9,
    }
}

/// What a person should know before they believe the figures.
pub fn notes(summary: &Summary) -> Vec<String> {
    let mut notes = Vec::new();
    let Generator { cpu, lag_p99_ms, service_p99_ms, threads, .. } = summary.generator;
    if summary.generator.is_bottleneck {
        let why = if cpu > 0.7 {
            format!("its {threads} threads were busy {:.0} % of the time", cpu * 100.0)
        } else {
            "this machine had other work".to_owned()
        };
        notes.push(format!(
            "The generator is the bottleneck: {why}, and one arrival in a hundred began more than {lag_p99_ms:.1} ms \
             late. Use more threads or another machine before believing this."
        ));
    }
    if summary.asked > 0 && (summary.begun as f64) < summary.asked as f64 * 0.99 && summary.outcome == Outcome::Finished
    {
        let missing = summary.asked - summary.begun;
        notes.push(format!("{missing} of {} arrivals were never begun.", summary.asked));
    }
    let p99 = summary.totals.p99_ms;
    if !summary.is_closed && !summary.generator.is_bottleneck && p99 > 2.0 * service_p99_ms && p99 > 10.0 {
        notes.push(format!(
            "Arrivals queued: p99 is {p99:.0} ms from the intended start and {service_p99_ms:.0} ms from when the request \
             went out. The target, or the number of connections, did not keep up with the rate."
        ));
    }
    let kind = |kind: ErrorKind| summary.errors_by_kind[kind as usize];
    if kind(ErrorKind::Status) > 0 && summary.errors.iter().any(|line| line.text.contains("429")) {
        notes.push("The target limits how often it may be asked (429): this measures its limit, not its speed.".into());
    }
    let is_timed = summary.steps.iter().any(|step| step.heard.as_ref().is_some_and(|heard| heard.timed > 0));
    if is_timed && !Target::parse(&summary.target).is_ok_and(|target| target.is_here()) {
        notes.push(
            "Delays of events are between two clocks, the target's and this machine's: as true as these agree.".into(),
        );
    }
    if summary.outcome == Outcome::StoppedItself {
        notes.push("The run ended by itself: too many requests failed.".into());
    }
    notes
}
