//! Runs: their states, how long a failed one waits, and when a schedule strikes.

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use croner::Cron;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::AccountId;
use crate::kernel::words::words;

/// After the first failed try; each one after it waits four times as long,
const PAUSE_MS: i64 = 60 * 1000;
/// at most this long.
const PAUSE_MS_MAX: i64 = 60 * 60 * 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = JobState)]
pub enum State {
    /// For its time: the first, or the next try.
    Waiting,
    Running,
    Done,
    /// Tried as often as it may be.
    Dead,
    Cancelled,
}

words!(State { Waiting = "waiting", Running = "running", Done = "done", Dead = "dead", Cancelled = "cancelled" });

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = JobWhy)]
pub enum Why {
    Schedule,
    Person,
}

words!(Why { Schedule = "schedule", Person = "person" });

/// One run, with all its tries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = JobRun)]
pub struct Run {
    pub id: i64,
    pub job: String,
    pub state: State,
    pub why: Why,
    pub asked_by: Option<AccountId>,
    /// Not begun before.
    pub due_ms: i64,
    /// Tries begun.
    pub attempts: u32,
    pub begun_ms: Option<i64>,
    pub ended_ms: Option<i64>,
    /// How many rows, files or restaurants it did.
    pub amount: Option<u64>,
    /// Why the last try failed.
    pub trouble: Option<String>,
}

impl Run {
    pub fn begun(self, now_ms: i64) -> Self {
        Self { state: State::Running, attempts: self.attempts + 1, begun_ms: Some(now_ms), ..self }
    }

    /// How a try ended. `jitter` is from 0 to 1, so that what failed together is not tried together.
    pub fn after(self, outcome: Result<u64, String>, tries: u32, now_ms: i64, jitter: f64) -> Self {
        match outcome {
            Ok(amount) => {
                Self { state: State::Done, ended_ms: Some(now_ms), amount: Some(amount), trouble: None, ..self }
            }
            Err(trouble) if self.attempts >= tries => {
                Self { state: State::Dead, ended_ms: Some(now_ms), trouble: Some(trouble), ..self }
            }
            Err(trouble) => {
                let due_ms = now_ms + pause_ms(self.attempts, jitter);
                Self { state: State::Waiting, due_ms, trouble: Some(trouble), ..self }
            }
        }
    }

    pub fn cancelled(self, now_ms: i64) -> Self {
        Self { state: State::Cancelled, ended_ms: Some(now_ms), ..self }
    }
}

/// Between half of the pause and all of it.
fn pause_ms(attempts: u32, jitter: f64) -> i64 {
    let full = PAUSE_MS.saturating_mul(4_i64.saturating_pow(attempts.saturating_sub(1))).min(PAUSE_MS_MAX);
    full / 2 + (full as f64 / 2.0 * jitter.clamp(0.0, 1.0)) as i64
}

/// Five fields: minute, hour, day, month, weekday.
pub fn pattern(text: &str) -> Result<Cron, &'static str> {
    if text.split_whitespace().count() != 5 {
        return Err("A schedule has five fields: minute, hour, day, month, weekday.");
    }
    text.parse()
        .map_err(|_| "Each field is *, a number in its range, a list, a span or a step, as in 30 */6 * * MON-FRI.")
}

/// When it strikes next on the clock of a zone. None: never.
pub fn next_ms(pattern: &Cron, after_ms: i64, zone: Tz) -> Option<i64> {
    let after: DateTime<Tz> = zone.timestamp_millis_opt(after_ms).single()?;
    pattern.find_next_occurrence(&after, false).ok().map(|at| at.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting() -> Run {
        Run {
            id: 1,
            job: "pack_records".into(),
            state: State::Waiting,
            why: Why::Schedule,
            asked_by: None,
            due_ms: 0,
            attempts: 0,
            begun_ms: None,
            ended_ms: None,
            amount: None,
            trouble: None,
        }
    }

    #[test]
    fn a_run_that_fails_waits_longer_each_time_and_is_dead_after_its_last_try() {
        let mut run = waiting();
        let mut pauses = vec![];
        for _ in 0..4 {
            run = run.begun(1_000).after(Err("no".into()), 5, 1_000, 1.0);
            assert_eq!(run.state, State::Waiting);
            pauses.push((run.due_ms - 1_000) / 60_000);
        }
        assert_eq!(pauses, [1, 4, 16, 60]);
        let dead = run.begun(1_000).after(Err("no".into()), 5, 2_000, 0.0);
        assert_eq!((dead.state, dead.ended_ms, dead.attempts), (State::Dead, Some(2_000), 5));
        assert_eq!(dead.trouble.as_deref(), Some("no"));
    }

    #[test]
    fn a_run_that_succeeds_in_the_end_has_no_trouble() {
        let run = waiting().begun(1).after(Err("no".into()), 3, 1, 0.0).begun(2).after(Ok(3), 3, 3, 0.0);
        assert_eq!((run.state, run.trouble, run.amount), (State::Done, None, Some(3)));
    }

    #[test]
    fn a_schedule_strikes_on_the_clock_on_the_wall_over_the_change_of_summer_time() {
        let nightly = pattern("30 4 * * *").unwrap();
        let zone = chrono_tz::Europe::Madrid;
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis();
        // The night of 28 March 2027 has no 02:30 and is an hour shorter.
        assert_eq!(next_ms(&nightly, at("2027-03-27T12:00:00+01:00"), zone), Some(at("2027-03-28T04:30:00+02:00")));
        assert_eq!(next_ms(&nightly, at("2027-03-28T04:30:00+02:00"), zone), Some(at("2027-03-29T04:30:00+02:00")));
        for bad in ["", "* * * *", "61 * * * *", "* * * * * *", "every day at noon please now"] {
            assert!(pattern(bad).is_err(), "{bad}");
        }
    }
}
