//! What is counted when it happens: requests by route, and what the files do.
//!
//! A handle is made when a route first answers with a status; after that a request costs one look-up and one record.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::extract::MatchedPath;
use axum::http::Method;
use comanda_db::{Meter, Work};
use metrics::{Histogram, Key, Label, Level, Metadata, Recorder, Unit};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use super::collect::Business;
use crate::queries::heard::Queries;

pub const REQUESTS: &str = "http_request_duration_seconds";
pub const QUERIES: &str = "database_query_duration_seconds";
pub const GROUPS: &str = "database_commit_commands";
/// What no route was made for, and files of the screens.
pub const UNMATCHED: &str = "unmatched";
/// The status of those who ask too often.
const LIMITED: u16 = 429;
/// Seconds. 50, 100, 200 and 500 ms are what requests are held against.
const SECONDS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Commands of one commit; 256 is the most.
const COMMANDS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];
const META: Metadata<'static> = Metadata::new("comanda", Level::INFO, None);

/// Requests by how they ended, the first digit of their status.
#[derive(Default)]
pub struct Ended([AtomicU64; 5]);

impl Ended {
    pub fn all(&self) -> impl Iterator<Item = (String, u64)> {
        self.0.iter().zip(1..).map(|(count, digit)| (format!("{digit}xx"), count.load(Ordering::Relaxed)))
    }
}

pub struct Instruments {
    recorder: PrometheusRecorder,
    handle: PrometheusHandle,
    /// By route; each has few methods and statuses.
    routes: RwLock<HashMap<Box<str>, Times>>,
    pub ended: Ended,
    /// Requests that were told they ask too often.
    pub limited: AtomicU64,
    /// The longest work of any file since somebody last asked.
    pub slowest_us: Arc<AtomicU64>,
    /// How long the writers of all files have been at work.
    pub busy_us: Arc<AtomicU64>,
    /// Statements of every file.
    pub queries: Arc<Queries>,
    /// Figures of the business, and when they were read.
    pub business: Mutex<Option<(Instant, Arc<Vec<Business>>)>>,
}

impl Default for Instruments {
    fn default() -> Self {
        let plain = PrometheusBuilder::new;
        let set = |names: [(&str, &[f64]); 3]| {
            names.into_iter().try_fold(plain(), |builder, (name, buckets)| {
                builder.set_buckets_for_metric(Matcher::Full(name.to_owned()), buckets)
            })
        };
        // Refused only for an empty list, which none of these is; without buckets there are quantiles instead.
        let builder = set([(REQUESTS, SECONDS), (QUERIES, SECONDS), (GROUPS, COMMANDS)]).unwrap_or_else(|_| plain());
        let recorder = builder.build_recorder();
        let describe = |name: &'static str, unit, text: &'static str| {
            recorder.describe_histogram(name.into(), Some(unit), text.into());
        };
        describe(REQUESTS, Unit::Seconds, "How long requests took, by route, method and status.");
        describe(QUERIES, Unit::Seconds, "How long readings, runs of commands and commits took, by file.");
        describe(GROUPS, Unit::Count, "Commands that shared a commit.");
        let handle = recorder.handle();
        Self {
            recorder,
            handle,
            routes: RwLock::default(),
            ended: Ended::default(),
            limited: AtomicU64::default(),
            slowest_us: Arc::default(),
            busy_us: Arc::default(),
            queries: Arc::default(),
            business: Mutex::default(),
        }
    }
}

impl Instruments {
    /// A request that was answered. No route: whatever the stranger asked for is one label.
    pub fn request(&self, route: Option<&MatchedPath>, method: &Method, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, self.ended.0.len()) - 1;
        self.ended.0[class].fetch_add(1, Ordering::Relaxed);
        if status == LIMITED {
            self.limited.fetch_add(1, Ordering::Relaxed);
        }
        let route = route.map_or(UNMATCHED, MatchedPath::as_str);
        let method = if KNOWN.contains(method) { method } else { &Method::TRACE };
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = known.get(route).and_then(|all| of(all, method, status)) {
            return times.record(took);
        }
        drop(known);
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        let all = routes.entry(route.into()).or_default();
        // Somebody else may have made it meanwhile.
        if of(all, method, status).is_none() {
            let name = if KNOWN.contains(method) { method.as_str().to_owned() } else { "OTHER".to_owned() };
            let labels =
                [("method", name), ("route", route.to_owned()), ("status_code", status.to_string())].map(label);
            all.push((method.clone(), status, self.recorder.register_histogram(&key(REQUESTS, labels), &META)));
        }
        if let Some(times) = of(all, method, status) {
            times.record(took);
        }
    }

    /// Times what a file does.
    pub fn meter(&self, file: &str) -> Meter {
        let times = |operation: &str| {
            let labels = [("database", file.to_owned()), ("operation", operation.to_owned())].map(label);
            self.recorder.register_histogram(&key(QUERIES, labels), &META)
        };
        let (read, run, commit) = (times("read"), times("run"), times("commit"));
        let groups = key(GROUPS, [label(("database", file.to_owned()))]);
        let groups = self.recorder.register_histogram(&groups, &META);
        let (began, slowest_us, busy_us) = (Instant::now(), self.slowest_us.clone(), self.busy_us.clone());
        let listener = self.queries.listener(file);
        Meter {
            statement: Box::new(move |sql, took| listener.hear(sql, took)),
            now: Box::new(move || began.elapsed()),
            took: Box::new(move |work, took| {
                let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
                slowest_us.fetch_max(us, Ordering::Relaxed);
                if work != Work::Read {
                    busy_us.fetch_add(us, Ordering::Relaxed);
                }
                match work {
                    Work::Read => read.record(took),
                    Work::Commit => commit.record(took),
                    Work::Run { commands } => {
                        run.record(took);
                        groups.record(u32::try_from(commands).unwrap_or(u32::MAX));
                    }
                }
            }),
        }
    }

    /// What was counted, as Prometheus reads it.
    pub fn text(&self) -> String {
        self.handle.render()
    }

    /// Puts single records into their buckets, so that they do not pile up where nobody collects.
    pub fn gather(&self) {
        self.handle.run_upkeep();
    }
}

/// Of one route, by method and status.
type Times = Vec<(Method, u16, Histogram)>;

/// Methods that have a label of their own.
const KNOWN: [Method; 7] =
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS];

fn of<'a>(all: &'a [(Method, u16, Histogram)], method: &Method, status: u16) -> Option<&'a Histogram> {
    all.iter().find(|(m, s, _)| m == method && *s == status).map(|(_, _, times)| times)
}

fn label((name, value): (&'static str, String)) -> Label {
    Label::new(name, value)
}

fn key<const N: usize>(name: &'static str, labels: [Label; N]) -> Key {
    Key::from_parts(name, labels.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_strangers_ask_for_is_one_route_and_one_method() {
        let instruments = Instruments::default();
        for n in 0..1_000 {
            let method = Method::from_bytes(format!("M{n}").as_bytes()).unwrap();
            instruments.request(None, &method, 404, Duration::from_millis(1));
        }
        let text = instruments.text();
        let series = text.lines().filter(|line| line.starts_with("http_request_duration_seconds_count")).count();
        assert_eq!(series, 1, "{text}");
        assert!(text.contains(r#"method="OTHER",route="unmatched",status_code="404"} 1000"#), "{text}");
    }
}
