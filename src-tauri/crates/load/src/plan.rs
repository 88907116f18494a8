//! What to do, as data: phases of arrivals, scenarios of steps, thresholds. `check` holds its rules.
//!
//! Times are in seconds (`_s`), latencies in milliseconds (`_ms`), rates in arrivals a second. An arrival begins one
//! scenario, chosen by weight.

mod check;
mod read;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use check::check;
pub(crate) use check::resolved;
pub use read::{Problem, read};

use crate::arrivals::Arrivals;

/// Largest plan that is read.
pub const PLAN_BYTES_MAX: usize = 1024 * 1024;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// `http://host:port` or `https://…`, with a path that goes before every step's if there is one.
    pub target: String,
    #[serde(default)]
    pub protocol: Protocol,
    /// Values for templates; they may name each other.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    /// Names of values that are given when a run begins and written nowhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// Rows of data; each walk through a scenario takes one of each feed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub feeds: BTreeMap<String, Feed>,
    /// Sent with every request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Done once before the first arrival; what it extracts is there for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub setup: Vec<Step>,
    pub phases: Vec<Phase>,
    pub scenarios: Vec<Scenario>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thresholds: Vec<Threshold>,
    /// The run ends by itself above this share of errors in ten seconds. 100: never.
    #[serde(default = "stop_at_usual")]
    pub stop_at_errors_percent: f64,
    /// A request that takes longer has failed.
    #[serde(default = "timeout_usual")]
    pub timeout_s: f64,
    /// Open connections at most. Arrivals wait for one, and the wait counts.
    #[serde(default = "connections_usual")]
    pub connections_max: u32,
    /// The same seed makes the same choices.
    #[serde(default)]
    pub seed: u64,
}

fn stop_at_usual() -> f64 {
    50.0
}

fn timeout_usual() -> f64 {
    10.0
}

fn connections_usual() -> u32 {
    256
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    #[default]
    Http1,
    /// Over TLS as agreed on connecting, in plain text from the first byte.
    Http2,
}

/// A stretch of the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
pub enum Phase {
    Constant(Constant),
    Ramp(Ramp),
    /// A third at the base, a third at the peak, a third at the base again.
    Spike(Spike),
    /// Equal stretches, one a rate.
    Steps(Steps),
    /// Closed: so many users, each waiting for its answer before it goes on.
    Users(Users),
}

macro_rules! phase {
    ($name:ident { $($field:ident: $kind:ty),+ }) => {
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            pub name: String,
            pub for_s: f64,
            /// Left out of thresholds, percentiles and comparisons.
            #[serde(default, skip_serializing_if = "std::ops::Not::not")]
            pub warm_up: bool,
            $(pub $field: $kind),+
        }
    };
}

phase!(Constant { rate: f64 });
phase!(Ramp { from: f64, to: f64 });
phase!(Spike { base: f64, peak: f64 });
phase!(Steps { rates: Vec<f64> });

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Users {
    pub name: String,
    pub for_s: f64,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warm_up: bool,
    pub users: u32,
    /// Where the number of users begins; left out: at once all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    /// Beside those of the others.
    pub weight: f64,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Steps of one name are counted together.
    pub name: String,
    #[serde(default = "get")]
    pub method: String,
    pub path: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// Name -> JSON pointer into the answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extract: BTreeMap<String, String>,
    /// In setup: feed -> where its rows are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gather: BTreeMap<String, Gather>,
    #[serde(default, skip_serializing_if = "Check::is_empty")]
    pub check: Check,
    /// Waited after the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub think_s: Option<Think>,
    /// It is no request: somebody connects here and is told of events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listen: Option<Listen>,
}

/// A Socket.IO client on a WebSocket, at the step's path. Until it is let in counts as the step's latency; then it stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listen {
    /// Said when it connects.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub auth: Value,
    /// Stays so long; left out: to the end of the phase it came in. Never longer than the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_s: Option<f64>,
    /// JSON pointer into an event to the Unix milliseconds it happened at: its delay is measured. Left out: events
    /// are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
}

fn get() -> String {
    "GET".into()
}

/// Rows for a feed, out of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gather {
    /// JSON pointer, with `*` for every element of a list.
    pub rows: String,
    /// Only rows that have nothing at these pointers: null, an empty list or text, false, or no such field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<String>,
}

/// What the answer must be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Left out: any 2xx.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
    /// JSON pointer -> value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub json: BTreeMap<String, Value>,
}

impl Check {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A fixed pause, or one between two.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Think {
    Fixed(f64),
    Between([f64; 2]),
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    #[serde(default)]
    pub pick: Pick,
    /// None: a step of the setup gathers them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<BTreeMap<String, Value>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    #[default]
    Cycle,
    Random,
}

/// A limit the run is held against.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    pub metric: Metric,
    /// One step by its name; left out: all together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// Milliseconds for latencies, percent for errors, requests a second for throughput.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    P50,
    P90,
    P95,
    P99,
    #[serde(rename = "p99.9")]
    P999,
    Max,
    Mean,
    Errors,
    Throughput,
    /// From when an event happened until a listener was told, for 95 of 100.
    EventP95,
}

impl Metric {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P50 => "p50",
            Self::P90 => "p90",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::P999 => "p99.9",
            Self::Max => "max",
            Self::Mean => "mean",
            Self::Errors => "errors",
            Self::Throughput => "throughput",
            Self::EventP95 => "event_p95",
        }
    }

    pub const fn unit(self) -> &'static str {
        match self {
            Self::Errors => "%",
            Self::Throughput => "/s",
            _ => "ms",
        }
    }
}

impl Phase {
    pub fn name(&self) -> &str {
        match self {
            Self::Constant(phase) => &phase.name,
            Self::Ramp(phase) => &phase.name,
            Self::Spike(phase) => &phase.name,
            Self::Steps(phase) => &phase.name,
            Self::Users(phase) => &phase.name,
        }
    }

    pub fn for_s(&self) -> f64 {
        match self {
            Self::Constant(phase) => phase.for_s,
            Self::Ramp(phase) => phase.for_s,
            Self::Spike(phase) => phase.for_s,
            Self::Steps(phase) => phase.for_s,
            Self::Users(phase) => phase.for_s,
        }
    }

    pub fn is_warm_up(&self) -> bool {
        match self {
            Self::Constant(phase) => phase.warm_up,
            Self::Ramp(phase) => phase.warm_up,
            Self::Spike(phase) => phase.warm_up,
            Self::Steps(phase) => phase.warm_up,
            Self::Users(phase) => phase.warm_up,
        }
    }
}

impl Plan {
    /// Closed: users that wait for their answers. Else arrivals come whether or not there is an answer.
    pub fn is_closed(&self) -> bool {
        matches!(self.phases.first(), Some(Phase::Users(_)))
    }

    pub fn for_s(&self) -> f64 {
        self.phases.iter().map(Phase::for_s).sum()
    }

    /// The whole plan shorter or longer; rates stay.
    pub fn scale_time(&mut self, factor: f64) {
        for phase in &mut self.phases {
            let for_s = match phase {
                Phase::Constant(phase) => &mut phase.for_s,
                Phase::Ramp(phase) => &mut phase.for_s,
                Phase::Spike(phase) => &mut phase.for_s,
                Phase::Steps(phase) => &mut phase.for_s,
                Phase::Users(phase) => &mut phase.for_s,
            };
            *for_s *= factor;
        }
    }

    /// Listeners there may be at once: each stays to the end of the plan, or as long as it says.
    pub fn listeners(&self) -> f64 {
        let weights: f64 = self.scenarios.iter().map(|scenario| scenario.weight).sum();
        let arrivals = Arrivals::of(self);
        let of = |scenario: &Scenario| {
            let stays = scenario.steps.iter().filter_map(|step| step.listen.as_ref());
            let stays_s = stays.map(|listen| listen.for_s.unwrap_or(f64::MAX).min(self.for_s())).fold(0.0, f64::max);
            let arrive = (arrivals.peak() * stays_s).min(arrivals.area_to(self.for_s()));
            scenario.weight / weights.max(f64::MIN_POSITIVE) * arrive
        };
        if self.is_closed() { 0.0 } else { self.scenarios.iter().map(of).sum() }
    }

    /// Every name of a step that is counted, setup left out.
    pub fn step_names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for step in self.scenarios.iter().flat_map(|scenario| &scenario.steps) {
            if !names.contains(&step.name.as_str()) {
                names.push(&step.name);
            }
        }
        names
    }
}
