//! Whom the program asks outside, and how patiently. Pure.

use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use super::Reason;

/// Why somebody outside is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = OutwardService)]
pub enum Service {
    /// Alerts to an address that takes JSON.
    Webhook,
    /// Alerts by mail.
    Mail,
    /// A server this computer watches.
    Deployment,
    /// The desk or hub a restaurant is linked to.
    Desk,
    /// What several processes count limits in.
    Redis,
}

impl Service {
    pub const ALL: [Self; 5] = [Self::Webhook, Self::Mail, Self::Deployment, Self::Desk, Self::Redis];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Mail => "mail",
            Self::Deployment => "deployment",
            Self::Desk => "desk",
            Self::Redis => "redis",
        }
    }
}

/// How patiently one place is asked.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Calls in a minute: so many at once, then evenly.
    pub a_minute: u32,
    /// Calls under way at the same time.
    pub at_once: usize,
    /// Failures in a row after which nobody asks for a while.
    pub failures: u32,
    /// How long: at first, and at most, being longer each time.
    pub rest: (Duration, Duration),
    /// How often a reading is tried in all. What changes something is never sent twice by itself.
    pub tries: usize,
}

impl Service {
    pub const fn policy(self) -> Policy {
        let rest = (Duration::from_secs(2), Duration::from_secs(if matches!(self, Self::Redis) { 5 } else { 60 }));
        let (a_minute, at_once, failures, tries) = match self {
            // What is sent again, and when, is written in the queue.
            Self::Webhook => (60, 5, 5, 1),
            Self::Mail => (30, 2, 5, 1),
            Self::Deployment => (600, 10, 5, 3),
            // A linked restaurant holds one call open all the time, and comes back by itself.
            Self::Desk => (6_000, 100, 5, 1),
            // Every request asks it.
            Self::Redis => (u32::MAX, 1_000, 3, 1),
        };
        Policy { a_minute, at_once, failures, rest, tries }
    }
}

impl Reason {
    /// It may be gone in a moment.
    pub const fn may_pass(self) -> bool {
        matches!(self, Self::Refused | Self::Unreachable | Self::TimedOut | Self::CutOff)
    }
}
