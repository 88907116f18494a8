//! Requests of the last hour, minute by minute: how many, how they ended, how long they took.
//!
//! Counted on the engine's own steady clock, so that a clock that jumps moves no figure; a minute's
//! place on the wall is worked out when somebody asks.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde::Serialize;
use utoipa::ToSchema;

/// Minutes kept.
const MINUTES: u64 = 60;
/// Minutes that say how it is now.
pub const RECENT: u64 = 5;
const HOUR_US: u64 = 3_600_000_000;
/// Figures are kept to one percent.
const DIGITS: u8 = 2;

pub struct Traffic {
    began: Instant,
    minutes: Mutex<VecDeque<Counted>>,
}

struct Counted {
    minute: u64,
    took_us: Histogram<u32>,
    refused: u64,
    failed: u64,
}

/// One minute of requests, or several. Times in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, ToSchema)]
pub struct Minute {
    /// When it began.
    pub at_ms: i64,
    pub requests: u64,
    /// Answered with 4xx.
    pub refused: u64,
    /// Answered with 5xx.
    pub failed: u64,
    pub p50_us: u64,
    pub p95_us: u64,
    pub p99_us: u64,
    pub max_us: u64,
}

impl Default for Traffic {
    fn default() -> Self {
        Self { began: Instant::now(), minutes: Mutex::default() }
    }
}

impl Traffic {
    pub fn count(&self, status: u16, took: Duration) {
        self.count_in(self.began.elapsed().as_secs() / 60, status, took);
    }

    fn count_in(&self, minute: u64, status: u16, took: Duration) {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.back().is_none_or(|last| last.minute < minute) {
            let Ok(took_us) = Histogram::new(DIGITS) else { return };
            minutes.retain(|one| one.minute + MINUTES > minute);
            minutes.push_back(Counted { minute, took_us, refused: 0, failed: 0 });
        }
        let Some(last) = minutes.back_mut() else { return };
        // No request lasts an hour, and a histogram grows with the largest it is told.
        last.took_us.record(u64::try_from(took.as_micros()).unwrap_or(HOUR_US).min(HOUR_US)).ok();
        match status {
            400..500 => last.refused += 1,
            500.. => last.failed += 1,
            _ => {}
        }
    }

    /// The minutes that had requests, the oldest first; `now_ms` is the time on the wall.
    pub fn minutes(&self, now_ms: i64) -> Vec<Minute> {
        let elapsed = self.began.elapsed();
        let began_ms = now_ms - i64::try_from(elapsed.as_millis()).unwrap_or(0);
        let now = elapsed.as_secs() / 60;
        let minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = minutes.iter().filter(|one| one.minute + MINUTES > now);
        let at_ms = |minute: u64| began_ms + i64::try_from(minute * 60_000).unwrap_or(0);
        kept.map(|one| figures(&one.took_us, at_ms(one.minute), one.refused, one.failed)).collect()
    }

    /// The last five minutes as one.
    pub fn recent(&self, now_ms: i64) -> Minute {
        let now = self.began.elapsed().as_secs() / 60;
        let minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(mut all) = Histogram::<u32>::new(DIGITS) else { return Minute::default() };
        let (mut refused, mut failed) = (0, 0);
        for one in minutes.iter().filter(|one| one.minute + RECENT > now) {
            // Both grow with what they hold.
            all.add(&one.took_us).ok();
            (refused, failed) = (refused + one.refused, failed + one.failed);
        }
        figures(&all, now_ms, refused, failed)
    }
}

fn figures(took: &Histogram<u32>, at_ms: i64, refused: u64, failed: u64) -> Minute {
    let [p50_us, p95_us, p99_us] = [0.5, 0.95, 0.99].map(|quantile| took.value_at_quantile(quantile));
    Minute { at_ms, requests: took.len(), refused, failed, p50_us, p95_us, p99_us, max_us: took.max() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_of_requests_is_kept_and_no_more() {
        let traffic = Traffic::default();
        for minute in 0..200 {
            traffic.count_in(minute, 200, Duration::from_millis(1));
        }
        let minutes = traffic.minutes.lock().unwrap();
        assert_eq!((minutes.len(), minutes[0].minute), (60, 140));
    }

    #[test]
    fn a_minute_says_how_many_how_they_ended_and_how_long_they_took() {
        let traffic = Traffic::default();
        for wait in 1..=100 {
            let status = if wait == 100 {
                503
            } else if wait > 90 {
                404
            } else {
                200
            };
            traffic.count(status, Duration::from_millis(wait));
        }
        let said = traffic.recent(1_000_000);
        assert_eq!((said.requests, said.refused, said.failed), (100, 9, 1));
        let near = |figure: u64, wanted_ms: u64| figure.abs_diff(wanted_ms * 1000) <= wanted_ms * 20;
        assert!(near(said.p50_us, 50) && near(said.p95_us, 95) && near(said.max_us, 100), "{said:?}");
        assert_eq!(traffic.minutes(1_000_000).len(), 1);
    }
}
