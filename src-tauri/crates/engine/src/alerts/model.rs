//! Rules, and the steps of an alert. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::words::words;

/// It is over only when it has been well for so long.
pub const CALM_MS: i64 = 60_000;
/// Looks further apart than this say nothing of the time between them: the computer slept.
pub const GAP_MS: i64 = 60_000;
/// The longest a rule may wait.
pub const FOR_S_MAX: u32 = 24 * 3600;
/// Alerts that are over and kept.
pub const HISTORY_MAX: u32 = 500;
/// Ending needs the value to be better than the limit by a tenth of it.
const BETTER_BY: i64 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertRuleName)]
pub enum RuleName {
    RequestsFailing,
    RequestsVerySlow,
    ConnectionsExhausted,
    WriteQueueFilling,
    DiskFull,
    RestaurantUnreadable,
    BackupsTooOld,
    RequestsErrors,
    RequestsSlow,
    QuerySlow,
    MemoryHigh,
    DiskLow,
    LimitViolations,
    CacheLow,
    BackupsFailing,
    BackupsBehind,
    BackupsUnproven,
    SyncQueueOld,
    OutwardFailing,
    DeploymentDown,
    DeploymentCertificate,
    DeploymentSlow,
}

words!(RuleName {
    RequestsFailing = "requests_failing",
    RequestsVerySlow = "requests_very_slow",
    ConnectionsExhausted = "connections_exhausted",
    WriteQueueFilling = "write_queue_filling",
    DiskFull = "disk_full",
    RestaurantUnreadable = "restaurant_unreadable",
    BackupsTooOld = "backups_too_old",
    RequestsErrors = "requests_errors",
    RequestsSlow = "requests_slow",
    QuerySlow = "query_slow",
    MemoryHigh = "memory_high",
    DiskLow = "disk_low",
    LimitViolations = "limit_violations",
    CacheLow = "cache_low",
    BackupsFailing = "backups_failing",
    BackupsBehind = "backups_behind",
    BackupsUnproven = "backups_unproven",
    SyncQueueOld = "sync_queue_old",
    OutwardFailing = "outward_failing",
    DeploymentDown = "deployment_down",
    DeploymentCertificate = "deployment_certificate",
    DeploymentSlow = "deployment_slow",
});

impl RuleName {
    /// Judged for each of several by itself: a watched deployment, a place for backups.
    pub const fn has_subjects(self) -> bool {
        use RuleName::{BackupsFailing, DeploymentCertificate, DeploymentDown, DeploymentSlow};
        matches!(self, DeploymentDown | DeploymentCertificate | DeploymentSlow | BackupsFailing)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertSeverity)]
pub enum Severity {
    Critical,
    Warning,
}

words!(Severity { Critical = "critical", Warning = "warning" });

/// What a rule's figures are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertUnit)]
pub enum Unit {
    /// Of 10,000.
    Bp,
    Ms,
    S,
    Count,
}

/// Which side of the limit is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AlertBad)]
pub enum Bad {
    Above,
    Below,
}

/// A rule as it comes with the program.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    pub name: RuleName,
    pub severity: Severity,
    pub unit: Unit,
    pub bad: Bad,
    pub threshold: i64,
    pub for_s: u32,
}

const fn rule(name: RuleName, severity: Severity, bad: Bad, (threshold, unit): (i64, Unit), for_s: u32) -> Rule {
    Rule { name, severity, unit, bad, threshold, for_s }
}

/// Shares and times of requests are of the last five minutes, so a rule about them need not wait for five more.
pub const RULES: &[Rule] = &{
    use Bad::{Above, Below};
    use RuleName as N;
    use Severity::{Critical, Warning};
    use Unit::{Bp, Count, Ms, S};
    [
        rule(N::RequestsFailing, Critical, Above, (500, Bp), 0),
        rule(N::RequestsVerySlow, Critical, Above, (500, Ms), 300),
        rule(N::ConnectionsExhausted, Critical, Above, (9_900, Bp), 60),
        rule(N::WriteQueueFilling, Critical, Above, (5_000, Bp), 60),
        rule(N::DiskFull, Critical, Below, (1_000, Bp), 60),
        rule(N::RestaurantUnreadable, Critical, Above, (0, Count), 0),
        rule(N::BackupsTooOld, Critical, Above, (86_400, S), 0),
        rule(N::RequestsErrors, Warning, Above, (100, Bp), 0),
        rule(N::RequestsSlow, Warning, Above, (1_000, Ms), 600),
        rule(N::QuerySlow, Warning, Above, (1_000, Ms), 0),
        rule(N::MemoryHigh, Warning, Above, (8_000, Bp), 300),
        rule(N::DiskLow, Warning, Below, (2_000, Bp), 300),
        rule(N::LimitViolations, Warning, Above, (100, Count), 0),
        rule(N::CacheLow, Warning, Below, (3_000, Bp), 900),
        rule(N::BackupsFailing, Warning, Above, (0, Count), 60),
        rule(N::BackupsBehind, Warning, Above, (900, S), 60),
        rule(N::BackupsUnproven, Warning, Above, (180_000, S), 0),
        rule(N::SyncQueueOld, Warning, Above, (300, S), 0),
        rule(N::OutwardFailing, Warning, Above, (0, Count), 60),
        rule(N::DeploymentDown, Critical, Above, (0, Count), 0),
        rule(N::DeploymentCertificate, Warning, Below, (14 * 86_400, S), 0),
        rule(N::DeploymentSlow, Warning, Above, (2_000, Ms), 60),
    ]
};

/// What a person changed of a rule; None: as it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Change {
    pub off: bool,
    pub threshold: Option<i64>,
    pub for_s: Option<u32>,
}

impl Rule {
    pub fn changed(self, change: Change) -> Self {
        let (threshold, for_s) = (change.threshold.unwrap_or(self.threshold), change.for_s.unwrap_or(self.for_s));
        Self { threshold, for_s, ..self }
    }

    /// The largest limit that means something.
    pub const fn threshold_max(self) -> i64 {
        match self.unit {
            Unit::Bp => 10_000,
            Unit::Ms => 60_000,
            Unit::S => 90 * 86_400,
            Unit::Count => 1_000_000,
        }
    }

    /// What cannot be measured is not bad.
    pub fn is_bad(self, value: Option<i64>) -> bool {
        value.is_some_and(|value| match self.bad {
            Bad::Above => value > self.threshold,
            Bad::Below => value < self.threshold,
        })
    }

    fn is_well(self, value: Option<i64>) -> bool {
        let by = self.threshold / BETTER_BY;
        value.is_none_or(|value| match self.bad {
            Bad::Above => value <= self.threshold - by,
            Bad::Below => value >= self.threshold + by || value >= self.threshold_max(),
        })
    }
}

/// How a rule stands. Times are of the steady clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    #[default]
    Fine,
    /// Bad, not yet for long enough.
    Pending {
        since_ms: i64,
    },
    Firing {
        well_since_ms: Option<i64>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Fired,
    Ended,
}

/// One look at a rule. `gap`: the look before was too long ago to know what was between.
pub fn step(rule: Rule, phase: Phase, value: Option<i64>, now_ms: i64, gap: bool) -> (Phase, Option<Event>) {
    let (bad, for_ms) = (rule.is_bad(value), i64::from(rule.for_s) * 1000);
    match phase {
        Phase::Firing { .. } if !rule.is_well(value) => (Phase::Firing { well_since_ms: None }, None),
        Phase::Firing { well_since_ms } => {
            let since_ms = well_since_ms.filter(|_| !gap).unwrap_or(now_ms);
            if now_ms - since_ms >= CALM_MS {
                return (Phase::Fine, Some(Event::Ended));
            }
            (Phase::Firing { well_since_ms: Some(since_ms) }, None)
        }
        _ if !bad => (Phase::Fine, None),
        Phase::Pending { since_ms } if !gap && now_ms - since_ms >= for_ms => FIRED,
        Phase::Pending { since_ms } if !gap => (Phase::Pending { since_ms }, None),
        Phase::Fine | Phase::Pending { .. } if for_ms == 0 => FIRED,
        Phase::Fine | Phase::Pending { .. } => (Phase::Pending { since_ms: now_ms }, None),
    }
}

const FIRED: (Phase, Option<Event>) = (Phase::Firing { well_since_ms: None }, Some(Event::Fired));

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SLOW: Rule = rule(RuleName::RequestsSlow, Severity::Warning, Bad::Above, (1_000, Unit::Ms), 30);

    /// Looks every fifteen seconds at these values; what was told, by the number of the look.
    fn told(rule: Rule, values: &[Option<i64>]) -> Vec<(usize, Event)> {
        let mut phase = Phase::Fine;
        let mut told = Vec::new();
        for (look, value) in values.iter().enumerate() {
            let (next, event) = step(rule, phase, *value, look as i64 * 15_000, false);
            phase = next;
            told.extend(event.map(|event| (look, event)));
        }
        told
    }

    #[test]
    fn it_fires_once_after_it_was_bad_for_long_enough_and_ends_once() {
        let (bad, well) = (Some(2_000), Some(10));
        assert_eq!(told(SLOW, &[bad, bad]), []);
        assert_eq!(told(SLOW, &[bad, bad, bad, bad, bad]), [(2, Event::Fired)]);
        assert_eq!(told(SLOW, &[bad, bad, well, bad, bad]), [], "waiting begins again");
        let all = [bad, bad, bad, well, well, well, well, well, well, well];
        assert_eq!(told(SLOW, &all), [(2, Event::Fired), (7, Event::Ended)]);
    }

    #[test]
    fn what_swings_about_the_limit_is_one_alert() {
        let mut all = vec![Some(1_100); 3];
        all.extend([Some(950), Some(1_050)].repeat(20));
        assert_eq!(told(SLOW, &all), [(2, Event::Fired)], "950 is not better by a tenth");
        let mut all = vec![Some(1_100); 3];
        all.extend([Some(10), Some(10), Some(1_050)].repeat(20));
        assert_eq!(told(SLOW, &all), [(2, Event::Fired)], "well for half a minute is not well");
    }

    #[test]
    fn sleeping_makes_nothing_fire_and_what_cannot_be_measured_is_not_bad() {
        let pending = Phase::Pending { since_ms: 0 };
        let (phase, event) = step(SLOW, pending, Some(2_000), 8 * 3_600_000, true);
        assert_eq!((phase, event), (Phase::Pending { since_ms: 8 * 3_600_000 }, None));
        assert_eq!(step(SLOW, pending, None, 60_000, false), (Phase::Fine, None));
    }

    #[test]
    fn every_rule_can_fire_and_can_end_and_has_a_limit_that_is_allowed() {
        for rule in RULES {
            let (bad, well) = match rule.bad {
                Bad::Above => (rule.threshold_max() + 1, 0),
                Bad::Below => (0, rule.threshold_max()),
            };
            assert!(rule.is_bad(Some(bad)) && !rule.is_well(Some(bad)), "{rule:?}");
            assert!(!rule.is_bad(Some(well)) && rule.is_well(Some(well)), "{rule:?}");
            assert!((0..=rule.threshold_max()).contains(&rule.threshold) && rule.for_s <= FOR_S_MAX, "{rule:?}");
        }
        let names: std::collections::BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
    }

    proptest! {
        /// Whatever happens: it fires and ends in turn, fires only when bad and ends only when well.
        #[test]
        fn firing_and_ending_take_turns(
            looks in prop::collection::vec((prop::option::of(0i64..3_000), 1i64..200_000), 1..200),
            at in 0usize..RULES.len(),
        ) {
            let (mut now_ms, mut phase, mut fires) = (0, Phase::Fine, false);
            for (value, pause_ms) in looks {
                now_ms += pause_ms;
                let (next, event) = step(RULES[at], phase, value, now_ms, pause_ms > GAP_MS);
                phase = next;
                match event {
                    Some(Event::Fired) => { prop_assert!(!fires && RULES[at].is_bad(value)); fires = true; }
                    Some(Event::Ended) => { prop_assert!(fires && RULES[at].is_well(value)); fires = false; }
                    None => {}
                }
                prop_assert_eq!(fires, matches!(phase, Phase::Firing { .. }));
            }
        }
    }
}
