//! What the page shows: the register with how each one is, and one of them with its history.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::latency::Latency;
use super::model::{self, Environment, Kind, State, share_bp};
use super::store::{self, DAY_MS, Deployment, Hour, Outage, Probe};
use crate::app::App;

/// Answers in the small line of each.
const RECENT: u32 = 40;
const OUTAGES: u32 = 50;
const TEN_MINUTES_MS: i64 = 10 * 60 * 1000;

/// One that is watched, and how it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Deployment)]
pub struct DeploymentView {
    pub id: Uuid,
    pub name: String,
    pub kind: Kind,
    pub address: String,
    pub environment: Environment,
    pub tags: Vec<String>,
    /// Between two probes.
    pub every_s: u32,
    /// A token is kept for it. It is shown to nobody.
    pub has_token: bool,
    /// A token or a password may go there: over TLS, or near by.
    pub may_carry_secrets: bool,
    pub state: State,
    pub since_ms: Option<i64>,
    pub last: Option<Probe>,
    /// As it said last.
    pub version: Option<String>,
    /// When its certificate ends. Null: it is not asked over TLS, or has not answered.
    pub expires_ms: Option<i64>,
    /// Of the probes of the last day, week and ninety days the good ones, of 10,000. Null: none.
    pub uptime_day_bp: Option<u32>,
    pub uptime_week_bp: Option<u32>,
    pub uptime_all_bp: Option<u32>,
    /// Of the good answers of the last day, in milliseconds.
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    pub p99_ms: Option<f64>,
    /// The last ones, the oldest first.
    pub recent: Vec<Probe>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Deployments {
    pub now_ms: i64,
    /// By name.
    pub items: Vec<DeploymentView>,
}

/// How it was in a piece of time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeploymentSpan)]
pub struct Span {
    pub from_ms: i64,
    pub probes: u64,
    pub good: u64,
    /// Null: nothing answered.
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    pub p99_ms: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeploymentDetail {
    pub now_ms: i64,
    pub deployment: DeploymentView,
    /// How long a span is: ten minutes, an hour or a day.
    pub step_ms: i64,
    /// The oldest first; those without a probe are left out.
    pub spans: Vec<Span>,
    /// Newest first.
    pub outages: Vec<Outage>,
}

pub fn of(app: &App, conn: &Connection, of: Deployment, now_ms: i64) -> rusqlite::Result<DeploymentView> {
    let mut recent = store::probes(conn, of.id, 0, RECENT)?;
    let last = recent.first().cloned();
    recent.reverse();
    let hours = store::hours(conn, of.id, 0)?;
    let since = |ms: i64| hours.iter().filter(move |hour| hour.hour_ms > now_ms - ms - DAY_MS / 24);
    let uptime = |ms: i64| share_bp(since(ms).map(|hour| hour.good).sum(), since(ms).map(|hour| hour.probes).sum());
    let mut latency = Latency::default();
    since(DAY_MS).for_each(|hour| latency.add(&hour.latency));
    let may_carry_secrets =
        model::address(of.kind, &of.address).is_ok_and(|address| model::may_carry_secrets(&address));
    Ok(DeploymentView {
        has_token: app.deployments.tokens.has(of.id),
        may_carry_secrets,
        state: of.standing.state,
        since_ms: of.standing.since_ms,
        last,
        version: of.version,
        expires_ms: of.expires_ms,
        uptime_day_bp: uptime(DAY_MS),
        uptime_week_bp: uptime(7 * DAY_MS),
        uptime_all_bp: uptime(90 * DAY_MS),
        p50_ms: latency.ms(50.0),
        p95_ms: latency.ms(95.0),
        p99_ms: latency.ms(99.0),
        recent,
        id: of.id,
        name: of.name,
        kind: of.kind,
        address: of.address,
        environment: of.environment,
        tags: of.tags,
        every_s: of.every_s,
    })
}

/// Of the last `days`: one in pieces of ten minutes, a week by the hour, more by the day.
pub fn detail(
    app: &App,
    conn: &Connection,
    found: Deployment,
    days: i64,
    now_ms: i64,
) -> rusqlite::Result<DeploymentDetail> {
    let (id, from_ms) = (found.id, now_ms - days * DAY_MS);
    let (step_ms, spans) = if days <= 1 {
        (TEN_MINUTES_MS, by_probe(&store::probes(conn, id, from_ms, u32::MAX)?))
    } else {
        let step_ms = if days <= 7 { DAY_MS / 24 } else { DAY_MS };
        (step_ms, by_hour(store::hours(conn, id, from_ms)?, step_ms))
    };
    let outages = store::outages(conn, id, OUTAGES)?;
    Ok(DeploymentDetail { now_ms, deployment: of(app, conn, found, now_ms)?, step_ms, spans, outages })
}

#[derive(Default)]
struct Sum {
    probes: u64,
    good: u64,
    latency: Latency,
}

fn by_probe(probes: &[Probe]) -> Vec<Span> {
    let mut sums: BTreeMap<i64, Sum> = BTreeMap::new();
    for probe in probes {
        let sum = sums.entry(probe.at_ms - probe.at_ms.rem_euclid(TEN_MINUTES_MS)).or_default();
        sum.probes += 1;
        if probe.good {
            sum.good += 1;
            sum.latency.record(probe.took_us);
        }
    }
    spans(sums)
}

fn by_hour(hours: Vec<Hour>, step_ms: i64) -> Vec<Span> {
    let mut sums: BTreeMap<i64, Sum> = BTreeMap::new();
    for hour in hours {
        let sum = sums.entry(hour.hour_ms - hour.hour_ms.rem_euclid(step_ms)).or_default();
        sum.probes += hour.probes;
        sum.good += hour.good;
        sum.latency.add(&hour.latency);
    }
    spans(sums)
}

fn spans(sums: BTreeMap<i64, Sum>) -> Vec<Span> {
    let span = |(from_ms, sum): (i64, Sum)| Span {
        from_ms,
        probes: sum.probes,
        good: sum.good,
        p50_ms: sum.latency.ms(50.0),
        p95_ms: sum.latency.ms(95.0),
        p99_ms: sum.latency.ms(99.0),
    };
    sums.into_iter().map(span).collect()
}
