//! Telling somebody: what fails at night stands in the inbox in the morning.
//!
//! One flag of a kind at a time, from when it began. When it is well again the flag is answered by itself; one that a
//! person answered is not raised again for the same trouble. Deliberately absent: mail and messages, which need
//! somewhere to send them.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::commands::{TellOfBackups, Told};
use super::standing::{self, Standing};
use super::store;
use crate::app::{App, Restaurant};
use crate::error::ApiError;
use crate::kernel::ids::{RestaurantId, mint};

/// A place may be behind this long before anybody is told: a disk that is changed, a line that is down for a while.
pub const BEHIND_MAX_MS: i64 = 15 * 60_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// Backing up failed.
    Failed,
    /// A backup did not come back in its test.
    Unproven,
    /// A place has not been reached for long.
    Behind,
}

impl Alarm {
    pub const ALL: [Self; 3] = [Self::Failed, Self::Unproven, Self::Behind];

    /// The kind of its flag.
    pub const fn flag(self) -> &'static str {
        match self {
            Self::Failed => "backup_failed",
            Self::Unproven => "backup_unproven",
            Self::Behind => "backup_behind",
        }
    }
}

/// What is to be told now. Pure.
pub fn judge(standing: &Standing, now_ms: i64) -> BTreeMap<Alarm, Told> {
    let mut all = BTreeMap::new();
    if let Some(failing) = &standing.failing {
        let alarm = if failing.test { Alarm::Unproven } else { Alarm::Failed };
        let (since_ms, why, place) = (failing.since_ms, failing.why.clone(), failing.place.clone());
        all.insert(alarm, Told { alarm, since_ms, why, place });
    }
    let late = standing.behind.iter().filter(|behind| behind.fenced || now_ms - behind.since_ms > BEHIND_MAX_MS);
    if let Some(behind) = late.min_by_key(|behind| behind.since_ms) {
        let (since_ms, why, place) = (behind.since_ms, behind.why.clone(), Some(behind.name.clone()));
        all.insert(Alarm::Behind, Told { alarm: Alarm::Behind, since_ms, why, place });
    }
    all
}

/// What each restaurant was told since the engine started.
#[derive(Default)]
pub struct Alarms(HashMap<RestaurantId, Vec<(Alarm, i64)>>);

impl Alarms {
    /// Looks at every restaurant. Blocking.
    pub fn watch(&mut self, app: &App) {
        for restaurant in app.restaurants() {
            if let Err(error) = self.tell(app, &restaurant) {
                tracing::warn!(?error, restaurant = %restaurant.id, "what is wrong with the backups could not be told");
            }
        }
    }

    fn tell(&mut self, app: &App, restaurant: &Restaurant) -> Result<(), ApiError> {
        let now = judge(&standing::standing(app, restaurant)?, app.clock.now_ms());
        let known: Vec<_> = now.values().map(|told| (told.alarm, told.since_ms)).collect();
        if self.0.get(&restaurant.id) == Some(&known) {
            return Ok(());
        }
        let open = restaurant.db.read(store::open_alarms)?;
        let is_open = |alarm: &Alarm| open.iter().any(|kind| kind == alarm.flag());
        let settle: Vec<_> =
            Alarm::ALL.into_iter().filter(|alarm| is_open(alarm) && !now.contains_key(alarm)).collect();
        let raise: Vec<_> = now.into_values().filter(|told| !is_open(&told.alarm)).collect();
        if !raise.is_empty() || !settle.is_empty() {
            // By nobody: the restaurant itself is the author.
            app.write_blocking(&restaurant.db, restaurant.id.0, mint(), &TellOfBackups { raise, settle })?;
        }
        self.0.insert(restaurant.id, known);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::standing::{Behind, Failing};
    use super::*;

    fn behind(since_ms: i64) -> Behind {
        Behind {
            target: uuid::Uuid::nil(),
            name: "Pantry".into(),
            why: "it is not there".into(),
            since_ms,
            fenced: false,
        }
    }

    #[test]
    fn a_place_is_told_of_when_it_was_behind_for_long_and_what_fails_at_once() {
        let kinds = |standing: &Standing, now_ms| judge(standing, now_ms).into_keys().collect::<Vec<_>>();
        let mut standing = Standing { behind: vec![behind(1_000)], ..Standing::default() };
        assert_eq!(kinds(&standing, 1_000 + BEHIND_MAX_MS), []);
        assert_eq!(kinds(&standing, 1_001 + BEHIND_MAX_MS), [Alarm::Behind]);
        // Of a computer that goes on in its place somebody is told at once.
        standing.behind[0].fenced = true;
        assert_eq!(kinds(&standing, 1_001), [Alarm::Behind]);
        standing.behind[0].fenced = false;
        standing.failing = Some(Failing { test: false, why: "no".into(), place: None, since_ms: 5 });
        assert_eq!(kinds(&standing, 6), [Alarm::Failed]);
        standing.failing = Some(Failing { test: true, why: "no".into(), place: None, since_ms: 5 });
        assert_eq!(kinds(&standing, 6), [Alarm::Unproven]);
    }
}
