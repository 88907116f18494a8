//! What one thread counted in one second: a histogram a step, errors by kind, how late it began.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::wire::Broken;

/// Longest latency that is told apart, in microseconds: above every time-out.
const LATENCY_US_MAX: u64 = 1_200_000_000;
/// Three digits: a figure is off by at most 0.1 %.
const DIGITS: u8 = 3;
/// Different sentences kept of one second.
const SAMPLES_MAX: usize = 20;

/// Why a request does not count as answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    Connect,
    Tls,
    Timeout,
    /// The connection ended before the answer.
    Reset,
    Status,
    Check,
    Body,
    /// It could not be asked: too many were waiting.
    Dropped,
}

impl ErrorKind {
    pub const ALL: [Self; 8] =
        [Self::Connect, Self::Tls, Self::Timeout, Self::Reset, Self::Status, Self::Check, Self::Body, Self::Dropped];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Reset => "reset",
            Self::Status => "status",
            Self::Check => "check",
            Self::Body => "body",
            Self::Dropped => "dropped",
        }
    }
}

pub fn histogram() -> Histogram<u32> {
    // Bounds and digits are constants that fit: there is nothing to go wrong.
    Histogram::new_with_bounds(1, LATENCY_US_MAX, DIGITS).unwrap_or_else(|_| unreachable!("1 < max, digits <= 5"))
}

#[derive(Clone)]
pub struct StepTally {
    /// From the intended start, in microseconds.
    pub latency: Histogram<u32>,
    pub errors: [u64; ErrorKind::ALL.len()],
    /// Told to listeners.
    pub events: u64,
    /// From when an event happened until it was told; none before the first listener came.
    pub delay: Option<Histogram<u32>>,
}

#[derive(Clone)]
pub struct Tally {
    pub steps: Vec<StepTally>,
    /// From when the request really went out: what a closed test would say.
    pub service: Histogram<u32>,
    /// How late arrivals began, in microseconds: the generator's own fault.
    pub lag: Histogram<u32>,
    pub begun: u64,
    pub samples: Vec<(usize, Broken, u64)>,
    pub in_flight: u64,
    pub connections: u64,
    pub cpu: Duration,
}

impl Tally {
    pub fn new(steps: usize) -> Self {
        Self {
            steps: vec![StepTally { latency: histogram(), errors: Default::default(), events: 0, delay: None }; steps],
            service: histogram(),
            lag: histogram(),
            begun: 0,
            samples: Vec::new(),
            in_flight: 0,
            connections: 0,
            cpu: Duration::ZERO,
        }
    }

    pub fn answered(&mut self, step: usize, latency: Duration, service: Duration) {
        self.steps[step].latency.saturating_record(micros(latency));
        self.service.saturating_record(micros(service));
    }

    pub fn failed(&mut self, step: usize, broken: Broken) {
        self.steps[step].errors[broken.kind as usize] += 1;
        if let Some(known) = self.samples.iter_mut().find(|known| known.0 == step && known.1 == broken) {
            known.2 += 1;
        } else if self.samples.len() < SAMPLES_MAX {
            self.samples.push((step, broken, 1));
        }
    }

    /// An event, and how late it was when that is known.
    pub fn told(&mut self, step: usize, delay: Option<Duration>) {
        self.steps[step].events += 1;
        let delays = self.steps[step].delay.get_or_insert_with(histogram);
        if let Some(delay) = delay {
            delays.saturating_record(micros(delay));
        }
    }

    pub fn add(&mut self, other: &Self) {
        for (own, other) in self.steps.iter_mut().zip(&other.steps) {
            sum(&mut own.latency, &other.latency);
            own.events += other.events;
            if let Some(delay) = &other.delay {
                sum(own.delay.get_or_insert_with(histogram), delay);
            }
            for (own, other) in own.errors.iter_mut().zip(other.errors) {
                *own += other;
            }
        }
        sum(&mut self.service, &other.service);
        sum(&mut self.lag, &other.lag);
        self.begun += other.begun;
        self.in_flight += other.in_flight;
        self.connections += other.connections;
        self.cpu += other.cpu;
        for (step, broken, times) in &other.samples {
            match self.samples.iter().position(|known| known.0 == *step && known.1 == *broken) {
                Some(at) => self.samples[at].2 += times,
                None if self.samples.len() < SAMPLES_MAX * 5 => self.samples.push((*step, broken.clone(), *times)),
                None => {}
            }
        }
    }

    /// Every step's latencies together.
    pub fn latency(&self) -> Histogram<u32> {
        let mut all = histogram();
        for step in &self.steps {
            sum(&mut all, &step.latency);
        }
        all
    }

    pub fn errors(&self) -> [u64; ErrorKind::ALL.len()] {
        let mut all = [0; ErrorKind::ALL.len()];
        for step in &self.steps {
            for (sum, errors) in all.iter_mut().zip(step.errors) {
                *sum += errors;
            }
        }
        all
    }
}

/// Both have the same bounds, so nothing can fall outside.
fn sum(own: &mut Histogram<u32>, other: &Histogram<u32>) {
    if !other.is_empty() {
        let _ = own.add(other);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1)
}
