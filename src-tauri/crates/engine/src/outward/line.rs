//! The way to one place outside: whether it is worth asking, how often, and how it went.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use failsafe::backoff::{EqualJittered, equal_jittered};
use failsafe::failure_policy::{ConsecutiveFailures, consecutive_failures};
use failsafe::{Instrument, StateMachine};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use serde::Serialize;
use tokio::sync::{Semaphore, SemaphorePermit};
use utoipa::ToSchema;

use super::Reason;
use super::service::Policy;

/// Who finds no place within this is told so.
const PLACE_TIME_MAX: Duration = Duration::from_secs(10);

/// How a breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BreakerState)]
pub enum State {
    /// Everybody may ask.
    Closed,
    /// It failed so often in a row that nobody is to ask for a while.
    Open,
    /// The while is over: the next answer decides.
    HalfOpen,
}

/// What a breaker says of itself; it tells no other way.
#[derive(Clone, Default)]
struct Shown(Arc<AtomicU8>);

impl Shown {
    fn set(&self, state: State) {
        self.0.store(state as u8, Ordering::Relaxed);
    }

    fn state(&self) -> State {
        match self.0.load(Ordering::Relaxed) {
            open if open == State::Open as u8 => State::Open,
            half if half == State::HalfOpen as u8 => State::HalfOpen,
            _ => State::Closed,
        }
    }
}

impl Instrument for Shown {
    fn on_call_rejected(&self) {}
    fn on_open(&self) {
        self.set(State::Open);
    }
    fn on_half_open(&self) {
        self.set(State::HalfOpen);
    }
    fn on_closed(&self) {
        self.set(State::Closed);
    }
}

/// How long each rest is; the last one is remembered, to be shown.
#[derive(Clone)]
struct Rests {
    lengths: EqualJittered,
    last_ms: Arc<AtomicI64>,
}

impl Iterator for Rests {
    type Item = Duration;
    fn next(&mut self) -> Option<Duration> {
        let rest = self.lengths.next()?;
        self.last_ms.store(i64::try_from(rest.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
        Some(rest)
    }
}

/// Since the engine started.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub calls: u64,
    pub failed: u64,
    /// Not made: it rested, or too much went there at once.
    pub held_back: u64,
    pub last_good_ms: Option<i64>,
    pub last_bad: Option<(i64, Reason)>,
    /// Nobody is to ask before.
    pub rests_until_ms: Option<i64>,
}

pub struct Line {
    policy: Policy,
    breaker: StateMachine<ConsecutiveFailures<Rests>, Shown>,
    shown: Shown,
    rest_ms: Arc<AtomicI64>,
    pacer: DefaultDirectRateLimiter,
    places: Semaphore,
    figures: Mutex<Figures>,
}

impl Line {
    pub fn new(policy: Policy) -> Self {
        let (shown, rest_ms) = (Shown::default(), Arc::<AtomicI64>::default());
        let rests = Rests { lengths: equal_jittered(policy.rest.0, policy.rest.1), last_ms: rest_ms.clone() };
        let quota = Quota::per_minute(NonZeroU32::new(policy.a_minute).unwrap_or(NonZeroU32::MIN));
        Self {
            policy,
            breaker: StateMachine::new(consecutive_failures(policy.failures, rests), shown.clone()),
            shown,
            rest_ms,
            pacer: RateLimiter::direct(quota),
            places: Semaphore::new(policy.at_once),
            figures: Mutex::default(),
        }
    }

    fn note(&self, change: impl FnOnce(&mut Figures)) {
        change(&mut self.figures.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A place to ask from. `even_if_it_rests`: of those who find out whether it is well again.
    pub async fn place(&self, even_if_it_rests: bool) -> Result<SemaphorePermit<'_>, Reason> {
        if !self.breaker.is_call_permitted() && !even_if_it_rests {
            self.note(|figures| figures.held_back += 1);
            return Err(Reason::Resting);
        }
        let place = async {
            let place = self.places.acquire().await;
            self.pacer.until_ready().await;
            place
        };
        match tokio::time::timeout(PLACE_TIME_MAX, place).await {
            Ok(Ok(place)) => Ok(place),
            // Nobody closes the places.
            Ok(Err(_)) | Err(_) => {
                self.note(|figures| figures.held_back += 1);
                Err(Reason::Crowded)
            }
        }
    }

    /// How a call ended.
    pub fn ended(&self, failure: Option<Reason>, at_ms: i64) {
        match failure {
            Some(_) => self.breaker.on_error(),
            None => {
                self.breaker.reset();
                self.breaker.on_success();
            }
        }
        let rest_ms = self.rest_ms.load(Ordering::Relaxed);
        let is_open = self.shown.state() == State::Open;
        self.note(|figures| {
            figures.calls += 1;
            match failure {
                Some(reason) => {
                    figures.failed += 1;
                    figures.last_bad = Some((at_ms, reason));
                }
                None => figures.last_good_ms = Some(at_ms),
            }
            // One who asks while it rests makes the rest no longer.
            let until = figures.rests_until_ms.filter(|until| *until > at_ms);
            figures.rests_until_ms = is_open.then(|| until.unwrap_or(at_ms.saturating_add(rest_ms)));
        });
    }

    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// The breaker itself notices that a rest is over with the next call.
    pub fn state(&self, now_ms: i64) -> State {
        match self.shown.state() {
            State::Open if self.figures().rests_until_ms.is_some_and(|until| until <= now_ms) => State::HalfOpen,
            state => state,
        }
    }

    pub fn figures(&self) -> Figures {
        *self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls under way now.
    pub fn under_way(&self) -> usize {
        self.policy.at_once - self.places.available_permits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(failures: u32, rest: Duration) -> Line {
        Line::new(Policy { a_minute: 600, at_once: 1, failures, rest: (rest, rest), tries: 1 })
    }

    #[tokio::test]
    async fn what_fails_again_and_again_is_left_alone_until_one_call_comes_through() {
        let line = line(3, Duration::from_secs(2));
        for at_ms in 0..3 {
            assert_eq!(line.state(at_ms), State::Closed);
            drop(line.place(false).await.unwrap());
            line.ended(Some(Reason::Refused), at_ms);
        }
        assert_eq!((line.state(2), line.state(i64::MAX)), (State::Open, State::HalfOpen));
        assert_eq!(line.place(false).await.err(), Some(Reason::Resting));
        let until = line.figures().rests_until_ms.unwrap();
        assert!((1_002..=2_002).contains(&until), "half of it is left to chance: {until}");
        tokio::time::sleep(Duration::from_millis(2_100)).await;
        drop(line.place(false).await.unwrap());
        assert_eq!(line.state(3), State::HalfOpen);
        line.ended(Some(Reason::Refused), 100);
        assert_eq!(line.place(false).await.err(), Some(Reason::Resting));
        // Who finds out whether it is well goes all the same, and what it finds holds for all.
        drop(line.place(true).await.unwrap());
        line.ended(None, 200);
        assert_eq!((line.state(200), line.figures().rests_until_ms), (State::Closed, None));
        let Figures { calls, failed, held_back, .. } = line.figures();
        assert_eq!((calls, failed, held_back), (5, 4, 2));
    }

    #[tokio::test]
    async fn one_good_answer_between_makes_a_row_of_failures_none() {
        let line = line(2, Duration::from_secs(60));
        for (at_ms, failure) in [Some(Reason::TimedOut), None, Some(Reason::TimedOut), None].into_iter().enumerate() {
            line.ended(failure, at_ms as i64);
        }
        assert_eq!(line.state(4), State::Closed);
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_are_under_way_than_may_be() {
        let line = line(2, Duration::from_secs(60));
        let first = line.place(false).await.unwrap();
        assert_eq!(line.under_way(), 1);
        assert_eq!(line.place(false).await.err(), Some(Reason::Crowded));
        drop(first);
        assert!(line.place(false).await.is_ok());
    }
}
