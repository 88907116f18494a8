//! Counting: each limiter with its quota in force, who was let through and who was not.
//!
//! Time is the engine's own that nobody sets. Another quota begins anew: nobody is held to what they did under the old
//! one.

use std::collections::VecDeque;
use std::fmt;
use std::io::Write;
use std::num::NonZeroU32;
use std::ops::Add;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use axum::http::HeaderValue;
use governor::RateLimiter;
use governor::clock::{self, Reference};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;

use super::cells::Cells;
use super::model::{Name, Quota, TABLE, Who};
use super::shared::{Counted, Shared};
use crate::kernel::time::Clock;

/// Refusals that are remembered one by one.
const REMEMBERED_MAX: usize = 20;
const LIMITERS: usize = TABLE.len();

/// How an engine is started: whether anybody is limited, and other quotas than the usual ones.
#[derive(Clone, PartialEq, Eq)]
pub struct Wanted {
    pub is_on: bool,
    pub quotas: Vec<(Name, Quota)>,
    /// Where several processes count together; it may hold a password.
    pub redis: Option<String>,
}

impl fmt::Debug for Wanted {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Wanted");
        shown.field("is_on", &self.is_on).field("quotas", &self.quotas).finish_non_exhaustive()
    }
}

impl Default for Wanted {
    fn default() -> Self {
        Self { is_on: true, quotas: Vec::new(), redis: None }
    }
}

/// Reads the switch `RATE_LIMIT_ENABLED`. None: it is neither.
pub fn switch(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// The engine's steady clock for governor.
#[derive(Debug)]
struct Steady(Clock);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At(u64);

impl Add<Nanos> for At {
    type Output = Self;
    fn add(self, more: Nanos) -> Self {
        Self(self.0.saturating_add(more.as_u64()))
    }
}

impl Reference for At {
    fn duration_since(&self, earlier: Self) -> Nanos {
        self.0.saturating_sub(earlier.0).into()
    }

    fn saturating_sub(&self, less: Nanos) -> Self {
        Self(self.0.checked_sub(less.as_u64()).unwrap_or(self.0))
    }
}

impl clock::Clock for Steady {
    type Instant = At;
    fn now(&self) -> At {
        At(u64::try_from(self.0.steady_ms()).unwrap_or(0).saturating_mul(1_000_000))
    }
}

struct Limiter {
    quota: Quota,
    each: Duration,
    cells: Arc<Cells>,
    pacer: RateLimiter<Who, SharedCells, Steady, StateInformationMiddleware>,
    /// `"general";q=100;w=900`
    policy: HeaderValue,
}

/// Governor keeps its store to itself; this one is also given back to.
struct SharedCells(Arc<Cells>);

impl governor::state::StateStore for SharedCells {
    type Key = Who;

    fn measure_and_replace<T, F, E>(&self, who: &Who, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.measure_and_replace(who, measure)
    }
}

impl Limiter {
    fn new(name: Name, quota: Quota, clock: &Clock) -> Self {
        let each = Duration::from_secs(quota.window_s.into()) / quota.requests.max(1);
        let burst = NonZeroU32::new(quota.requests).unwrap_or(NonZeroU32::MIN);
        let paced = governor::Quota::with_period(each).unwrap_or(governor::Quota::per_second(burst)).allow_burst(burst);
        let cells = Arc::new(Cells::default());
        let policy = format!("\"{}\";q={};w={}", name.as_str(), quota.requests, quota.window_s);
        Self {
            quota,
            each,
            pacer: RateLimiter::new(paced, SharedCells(cells.clone()), Steady(clock.clone())),
            cells,
            // Words and digits.
            policy: HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("")),
        }
    }

    /// Counts a request in this process alone.
    fn count(&self, who: Who, clock: &Clock) -> Counted {
        match self.pacer.check_key(&who) {
            Ok(state) => Counted::Through(state.remaining_burst_capacity()),
            Err(late) => Counted::TooMany(late.wait_time_from(clock::Clock::now(&Steady(clock.clone())))),
        }
    }
}

/// What a request is told of a limiter it passed, or did not.
pub struct Told {
    pub name: Name,
    pub policy: HeaderValue,
    pub left: u32,
    /// Until the quota is whole again; of a refusal, until there is something of it.
    pub wait_s: u64,
}

impl Told {
    /// `"general";r=99;t=9`
    pub fn standing(&self) -> HeaderValue {
        let mut text = [0; 64];
        let room = text.len();
        let mut rest = &mut text[..];
        // It fits: a short word and two numbers.
        _ = write!(rest, "\"{}\";r={};t={}", self.name.as_str(), self.left, self.wait_s);
        let length = room - rest.len();
        HeaderValue::from_bytes(&text[..length]).unwrap_or(HeaderValue::from_static(""))
    }
}

#[derive(Default)]
struct Tally {
    allowed: AtomicU64,
    refused: AtomicU64,
}

/// Somebody who was refused, and how often in a row.
#[derive(Debug, Clone)]
pub struct Refused {
    pub name: Name,
    pub who: Who,
    pub times: u64,
    pub at_ms: i64,
}

/// One limiter, for the screen.
pub struct Figures {
    pub quota: Quota,
    pub allowed: u64,
    pub refused: u64,
    pub keys: usize,
}

pub struct Limits {
    clock: Clock,
    is_on: AtomicBool,
    limiters: [RwLock<Arc<Limiter>>; LIMITERS],
    tallies: [Tally; LIMITERS],
    refused: Mutex<VecDeque<Refused>>,
    /// What this engine was started with.
    own: RwLock<[Quota; LIMITERS]>,
    shared: OnceLock<Shared>,
}

impl Limits {
    /// Limits nobody until it is told to.
    pub fn new(clock: &Clock) -> Self {
        let limiter = |at: usize| RwLock::new(Arc::new(Limiter::new(TABLE[at].name, TABLE[at].usual, clock)));
        Self {
            clock: clock.clone(),
            is_on: AtomicBool::new(false),
            limiters: std::array::from_fn(limiter),
            tallies: std::array::from_fn(|_| Tally::default()),
            refused: Mutex::default(),
            own: RwLock::new(std::array::from_fn(|at| TABLE[at].usual)),
            shared: OnceLock::new(),
        }
    }

    /// As the engine was started, and over that what its owner chose.
    pub fn begin(&self, wanted: &Wanted, chosen: &[(Name, Quota)]) {
        for (name, quota) in &wanted.quotas {
            self.own.write().unwrap_or_else(PoisonError::into_inner)[*name as usize] = *quota;
        }
        for (name, quota) in wanted.quotas.iter().chain(chosen) {
            self.set(*name, *quota);
        }
        self.is_on.store(wanted.is_on, Ordering::Relaxed);
    }

    pub fn is_on(&self) -> bool {
        self.is_on.load(Ordering::Relaxed)
    }

    /// What a limiter allows when nobody chose otherwise.
    pub fn usual(&self, name: Name) -> Quota {
        self.own.read().unwrap_or_else(PoisonError::into_inner)[name as usize]
    }

    /// Another quota, from the next request on.
    pub fn set(&self, name: Name, quota: Quota) {
        let fresh = Arc::new(Limiter::new(name, quota, &self.clock));
        *self.limiters[name as usize].write().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    fn limiter(&self, name: Name) -> Arc<Limiter> {
        self.limiters[name as usize].read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Counts with other processes from now on.
    pub fn share(&self, shared: Shared) {
        // It is said once, when the engine starts.
        drop(self.shared.set(shared));
    }

    /// Counts a request. Err: it is one too many.
    pub async fn take(&self, name: Name, who: Who) -> Result<Told, Told> {
        let limiter = self.limiter(name);
        let together = match self.shared.get() {
            Some(shared) => shared.take(name, who, limiter.each, limiter.quota.requests).await,
            None => None,
        };
        let counted = together.unwrap_or_else(|| limiter.count(who, &self.clock));
        let told = |left, wait: Duration| {
            let wait_s = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Told { name, policy: limiter.policy.clone(), left, wait_s }
        };
        match counted {
            Counted::Through(left) => {
                self.tallies[name as usize].allowed.fetch_add(1, Ordering::Relaxed);
                Ok(told(left, limiter.each * limiter.quota.requests.saturating_sub(left)))
            }
            Counted::TooMany(wait) => {
                self.tallies[name as usize].refused.fetch_add(1, Ordering::Relaxed);
                self.remember(name, who);
                Err(told(0, wait.max(Duration::from_secs(1))))
            }
        }
    }

    /// A request that should not count after all; how many seconds sooner the quota is whole.
    pub async fn give_back(&self, name: Name, who: Who) -> u64 {
        let limiter = self.limiter(name);
        limiter.cells.give_back(who, limiter.each.into());
        if let Some(shared) = self.shared.get() {
            shared.give_back(name, who, limiter.each).await;
        }
        limiter.each.as_secs()
    }

    fn remember(&self, name: Name, who: Who) {
        let at_ms = self.clock.now_ms();
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let before = refused.iter().position(|one| one.name == name && one.who == who);
        let times = before.and_then(|at| refused.remove(at)).map_or(0, |one| one.times);
        refused.truncate(REMEMBERED_MAX - 1);
        refused.push_front(Refused { name, who, times: times + 1, at_ms });
    }

    /// Who was refused, the last first.
    pub fn refused(&self) -> Vec<Refused> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    pub fn figures(&self, name: Name) -> Figures {
        let (limiter, tally) = (self.limiter(name), &self.tallies[name as usize]);
        Figures {
            quota: limiter.quota,
            allowed: tally.allowed.load(Ordering::Relaxed),
            refused: tally.refused.load(Ordering::Relaxed),
            keys: limiter.cells.count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::atomic::AtomicI64;

    use super::*;
    use crate::limits::cells::CELLS_MAX;

    fn on_a_clock() -> (Limits, Arc<AtomicI64>) {
        let now = Arc::new(AtomicI64::new(1_000_000));
        let shown = now.clone();
        (Limits::new(&Clock::from_fn(move || shown.load(Ordering::SeqCst))), now)
    }

    fn address(at: u32) -> Who {
        Who::at(IpAddr::V4(Ipv4Addr::from_bits(0x0a00_0000 + at)))
    }

    #[tokio::test]
    async fn a_hundred_thousand_addresses_take_bounded_memory_and_free_nobody_who_was_stopped() {
        let (limits, now) = on_a_clock();
        let stopped = Who::at("203.0.113.9".parse().unwrap());
        while limits.take(Name::General, stopped).await.is_ok() {}
        for at in 0..100_000 {
            assert!(limits.take(Name::General, address(at)).await.is_ok());
        }
        let keys = limits.figures(Name::General).keys;
        assert!(keys <= CELLS_MAX, "{keys}");
        assert!(limits.take(Name::General, stopped).await.is_err());
        now.fetch_add(15 * 60_000, Ordering::SeqCst);
        for at in 0..4_000 {
            assert!(limits.take(Name::General, address(at)).await.is_ok());
        }
        let keys = limits.figures(Name::General).keys;
        assert!(keys <= 5_000, "strangers of before are still kept: {keys}");
    }

    #[tokio::test]
    async fn a_quota_comes_back_evenly_and_the_wait_told_is_the_wait_there_is() {
        let (limits, now) = on_a_clock();
        for left in (0..5).rev() {
            let told = limits.take(Name::Auth, address(1)).await.ok().unwrap();
            assert_eq!(told.left, left);
            assert_eq!(told.wait_s, u64::from(5 - left) * 180);
        }
        now.fetch_add(30_500, Ordering::SeqCst);
        let told = limits.take(Name::Auth, address(1)).await.err().unwrap();
        assert_eq!((told.left, told.wait_s), (0, 150));
        assert_eq!(told.standing(), "\"auth\";r=0;t=150");
        assert_eq!(told.policy, "\"auth\";q=5;w=900");
        now.fetch_add(149_000, Ordering::SeqCst);
        assert!(limits.take(Name::Auth, address(1)).await.is_err());
        now.fetch_add(1_000, Ordering::SeqCst);
        assert!(limits.take(Name::Auth, address(1)).await.is_ok());
    }

    #[tokio::test]
    async fn what_is_given_back_was_never_taken() {
        let (limits, _) = on_a_clock();
        for _ in 0..50 {
            assert!(limits.take(Name::Auth, address(1)).await.is_ok());
            limits.give_back(Name::Auth, address(1)).await;
        }
        for _ in 0..5 {
            assert!(limits.take(Name::Auth, address(1)).await.is_ok());
        }
        assert!(limits.take(Name::Auth, address(1)).await.is_err());
    }

    #[tokio::test]
    async fn who_was_refused_is_remembered_once_and_in_order() {
        let (limits, _) = on_a_clock();
        for at in 0..30 {
            for _ in 0..8 {
                drop(limits.take(Name::Auth, address(at)).await);
            }
        }
        let refused = limits.refused();
        assert_eq!(refused.len(), REMEMBERED_MAX);
        assert_eq!((refused[0].who, refused[0].times), (address(29), 3));
    }

    #[test]
    fn the_switch_is_read_as_people_write_it() {
        assert_eq!(
            [switch("true"), switch("0"), switch("OFF"), switch("maybe")],
            [Some(true), Some(false), Some(false), None]
        );
    }
}
