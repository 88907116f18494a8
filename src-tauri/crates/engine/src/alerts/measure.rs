//! What the engine knows anyway, as one figure a rule. Blocking.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;

use super::model::RuleName;
use super::store::Subject;
use crate::app::App;
use crate::backups::{settings, standing};
use crate::deployments;
use crate::deployments::model::State;
use crate::health::model::share_bp;
use crate::health::vitals;
use crate::sync;

/// Fewer requests or answers say nothing of a share.
const REQUESTS_MIN: u64 = 20;
const ANSWERS_MIN: u64 = 100;
/// Of a deployment's answers so many are looked at, and fewer than so many say nothing.
const DEPLOYMENT_ANSWERS: u32 = 20;
const DEPLOYMENT_ANSWERS_MIN: usize = 5;
/// Counters are held against what they were so long ago.
const WINDOW_MS: i64 = 5 * 60_000;

/// Counters as they were at earlier looks, the oldest first. Their times are of the steady clock.
#[derive(Default)]
pub struct Earlier(VecDeque<(i64, Counters)>);

#[derive(Debug, Clone, Copy, Default)]
struct Counters {
    hits: u64,
    made: u64,
    limited: u64,
}

impl Earlier {
    /// What was added in the last five minutes, or since the first look.
    fn added(&mut self, now_ms: i64, now: Counters) -> Counters {
        self.0.push_back((now_ms, now));
        while self.0.get(1).is_some_and(|(at_ms, _)| now_ms - at_ms >= WINDOW_MS) {
            self.0.pop_front();
        }
        let before = self.0.front().map_or(now, |(_, counters)| *counters);
        Counters {
            hits: now.hits.saturating_sub(before.hits),
            made: now.made.saturating_sub(before.made),
            limited: now.limited.saturating_sub(before.limited),
        }
    }
}

/// One figure a rule; what is not known now is left out.
pub fn all(app: &App, earlier: &mut Earlier) -> Vec<(RuleName, i64)> {
    let mut found = Vec::new();
    requests(app, &mut found);
    machine(app, &mut found);
    files(app, &mut found);
    counted(app, earlier, &mut found);
    restaurants(app, &mut found);
    found.push((RuleName::OutwardFailing, whole(app.outward.failing())));
    found
}

type Found = Vec<(RuleName, i64)>;

fn whole(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn requests(app: &App, found: &mut Found) {
    let recent = app.traffic.recent(app.clock.now_ms());
    if recent.requests < REQUESTS_MIN {
        return;
    }
    let failed = whole(share_bp(recent.failed, recent.requests));
    found.extend([(RuleName::RequestsFailing, failed), (RuleName::RequestsErrors, failed)]);
    found.push((RuleName::RequestsVerySlow, whole(recent.p99_us / 1000)));
    found.push((RuleName::RequestsSlow, whole(recent.p95_us / 1000)));
}

fn machine(app: &App, found: &mut Found) {
    if let Some(disk) = vitals::disk(&app.data_dir).filter(|disk| disk.total > 0) {
        let free = whole(share_bp(disk.free, disk.total));
        found.extend([(RuleName::DiskFull, free), (RuleName::DiskLow, free)]);
    }
    let memory = app.vitals.memory();
    if memory.total > 0 {
        let used = memory.total.saturating_sub(memory.available);
        found.push((RuleName::MemoryHigh, whole(share_bp(used, memory.total))));
    }
}

/// The busiest file speaks for all.
fn files(app: &App, found: &mut Found) {
    let restaurants = app.restaurants();
    let loads = restaurants.iter().map(|restaurant| restaurant.db.load()).chain([app.installation.load()]);
    let (mut lent, mut queued) = (0, 0);
    for load in loads {
        lent = lent.max(share_bp(load.lent as u64, load.open_max as u64));
        queued = queued.max(share_bp(load.queued as u64, load.queue_max as u64));
    }
    found.extend([(RuleName::ConnectionsExhausted, whole(lent)), (RuleName::WriteQueueFilling, whole(queued))]);
    found.push((RuleName::RestaurantUnreadable, whole(app.unreadable.all().len() as u64)));
    let slowest_us = app.instruments.slowest_us.swap(0, Ordering::Relaxed);
    found.push((RuleName::QuerySlow, whole(slowest_us / 1000)));
}

fn counted(app: &App, earlier: &mut Earlier, found: &mut Found) {
    let answers = app.answers.figures();
    let limited = app.instruments.limited.load(Ordering::Relaxed);
    let now = Counters { hits: answers.hits, made: answers.made, limited };
    let added = earlier.added(app.clock.steady_ms(), now);
    if added.hits + added.made >= ANSWERS_MIN {
        found.push((RuleName::CacheLow, whole(share_bp(added.hits, added.hits + added.made))));
    }
    found.push((RuleName::LimitViolations, whole(added.limited)));
}

/// The restaurant that is worst off speaks for all.
fn restaurants(app: &App, found: &mut Found) {
    let now_ms = app.clock.now_ms();
    let (mut failing, mut exposed_ms, mut proven_ms, mut waiting_ms) = (0, None, None, None);
    for restaurant in app.restaurants() {
        if let Ok(standing) = standing::standing(app, &restaurant) {
            let silent_ms = standing.behind.iter().map(|behind| now_ms - behind.since_ms).min();
            // What is about a place is judged of it: see `places`.
            failing += i64::from(standing.failing.is_some_and(|failing| failing.place.is_none()));
            exposed_ms = exposed_ms.max(standing.exposure_ms.or(silent_ms));
            proven_ms = proven_ms.max(standing.proven_ms.map(|made_ms| now_ms - made_ms));
        }
        if restaurant.is_linked
            && let Ok((_, oldest_ms)) = restaurant.read(sync::store::queue)
        {
            waiting_ms = waiting_ms.max(Some(oldest_ms.map_or(0, |at_ms| now_ms - at_ms)));
        }
    }
    found.push((RuleName::BackupsFailing, failing));
    let nightly = app.backups.settings().nightly.on;
    let ages = [
        (RuleName::BackupsTooOld, exposed_ms),
        (RuleName::BackupsBehind, exposed_ms),
        (RuleName::BackupsUnproven, proven_ms.filter(|_| nightly)),
        (RuleName::SyncQueueOld, waiting_ms),
    ];
    found.extend(ages.into_iter().filter_map(|(name, ms)| Some((name, ms?.max(0) / 1000))));
}

/// Of how many restaurants backing up to a place, or testing what lies there, fails.
pub fn places(app: &App) -> Vec<(RuleName, Subject, i64)> {
    let standings = app.restaurants().into_iter().filter_map(|restaurant| standing::standing(app, &restaurant).ok());
    let failing: Vec<_> = standings.filter_map(|standing| standing.failing?.place).collect();
    let of = |target: settings::Target| {
        let count = failing.iter().filter(|place| **place == target.name).count();
        (RuleName::BackupsFailing, Subject { id: target.id, name: target.name }, count as i64)
    };
    app.backups.settings().targets.into_iter().map(of).collect()
}

/// One figure of each deployment a rule; what is not known now is left out.
pub fn deployments(app: &App) -> rusqlite::Result<Vec<(RuleName, Subject, i64)>> {
    let now_ms = app.clock.now_ms();
    let mut found = Vec::new();
    app.installation.read::<_, rusqlite::Error>(|conn| {
        for of in deployments::store::deployments(conn)? {
            let subject = Subject { id: of.id, name: of.name };
            let is_down = match of.standing.state {
                State::Unknown => continue,
                State::Up => 0,
                State::Down => 1,
            };
            found.push((RuleName::DeploymentDown, subject.clone(), is_down));
            if let Some(ends_ms) = of.expires_ms {
                let left_s = (ends_ms - now_ms).max(0) / 1000;
                found.push((RuleName::DeploymentCertificate, subject.clone(), left_s));
            }
            let answers = deployments::store::probes(conn, subject.id, 0, DEPLOYMENT_ANSWERS)?;
            let mut took_us: Vec<_> = answers.iter().filter(|probe| probe.good).map(|probe| probe.took_us).collect();
            took_us.sort_unstable();
            if is_down == 0 && took_us.len() >= DEPLOYMENT_ANSWERS_MIN {
                let p95 = took_us[(took_us.len() * 95).div_ceil(100) - 1];
                found.push((RuleName::DeploymentSlow, subject, whole(p95 / 1000)));
            }
        }
        Ok(())
    })?;
    Ok(found)
}
