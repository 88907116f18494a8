//! Asked before the first request: may this target be tested, and how hard.
//!
//! This machine's own addresses may always be tested. Any other target says so itself, at `PLACE`, with its caps; and
//! a person typed its name.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::arrivals::Arrivals;
use crate::plan::Plan;

/// Where a target that may be tested says so.
pub const PLACE: &str = "/.well-known/load-tests.json";
pub(crate) const TIME_MAX: Duration = Duration::from_secs(5);

/// How hard at most.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    pub rate_max: f64,
    pub users_max: u32,
    pub for_s_max: f64,
}

impl Caps {
    /// On this machine's own addresses.
    pub const HERE: Self = Self { rate_max: 200_000.0, users_max: 10_000, for_s_max: 24.0 * 3600.0 };
    /// What nobody exceeds elsewhere, whatever the target says.
    pub const ELSEWHERE: Self = Self { rate_max: 20_000.0, users_max: 5_000, for_s_max: 12.0 * 3600.0 };

    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            rate_max: self.rate_max.min(other.rate_max),
            users_max: self.users_max.min(other.users_max),
            for_s_max: self.for_s_max.min(other.for_s_max),
        }
    }

    /// Why a plan goes beyond them.
    pub fn allow(&self, plan: &Plan) -> Result<(), String> {
        let arrivals = Arrivals::of(plan);
        let peak = arrivals.peak();
        if plan.is_closed() && peak > f64::from(self.users_max) {
            return Err(format!("The plan has {peak} users; at most {} are allowed here.", self.users_max));
        }
        if !plan.is_closed() && peak > self.rate_max {
            return Err(format!("The plan goes up to {peak}/s; at most {}/s is allowed here.", self.rate_max));
        }
        let listeners = plan.listeners().ceil();
        if listeners > f64::from(self.users_max) {
            return Err(format!(
                "The plan has up to {listeners} listeners at once; at most {} are allowed here.",
                self.users_max
            ));
        }
        if plan.for_s() > self.for_s_max {
            return Err(format!("The plan takes {} s; at most {} s are allowed here.", plan.for_s(), self.for_s_max));
        }
        Ok(())
    }
}

/// What a target says at `PLACE`.
#[derive(Debug, Deserialize)]
pub(crate) struct Said {
    load_tests: String,
    rate_max: f64,
    users_max: u32,
    for_s_max: f64,
}

/// Reads it. None: it does not allow load tests.
pub(crate) fn heard(status: u16, body: &[u8]) -> Option<Caps> {
    let said: Said = serde_json::from_slice(body).ok().filter(|_| status == 200)?;
    (said.load_tests == "allowed").then_some(Caps {
        rate_max: said.rate_max,
        users_max: said.users_max,
        for_s_max: said.for_s_max,
    })
}
