//! How safe a restaurant is now: what would be lost, when it was last proven that a backup comes back, what keeps
//! places from being up to date, what failed. For the page, for health, and for who is told when nobody looks.

use uuid::Uuid;

use super::runs::{Run, State, What};
use super::shelf::Place;
use super::unit::Unit;
use crate::app::{App, Restaurant};

#[derive(Debug, Clone, Default)]
pub struct Standing {
    pub places: usize,
    /// Age of the oldest change that is nowhere yet; none: no place is known to hold anything.
    pub exposure_ms: Option<i64>,
    /// When the newest base was made that was brought back and found right; where none was, the oldest base.
    pub proven_ms: Option<i64>,
    pub behind: Vec<Behind>,
    pub failing: Option<Failing>,
}

/// A place that is not up to date and says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    pub target: Uuid,
    pub name: String,
    pub why: String,
    pub since_ms: i64,
    /// Another computer goes on with what this place holds.
    pub fenced: bool,
}

/// Backups or their tests that fail, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// It is the test that fails.
    pub test: bool,
    pub why: String,
    /// The place it is about, if it is about one.
    pub place: Option<String>,
    /// When the first of them began.
    pub since_ms: i64,
}

/// How a restaurant stands. What is of the whole installation is also its own.
pub fn standing(app: &App, restaurant: &Restaurant) -> rusqlite::Result<Standing> {
    let (settings, now_ms, here) = (app.backups.settings(), app.clock.now_ms(), restaurant.db.entry()?);
    let unit = Unit::Restaurant(restaurant.id);
    let mut standing = Standing { places: settings.targets.len(), ..Standing::default() };
    let (mut proven, mut oldest, mut broken, mut fenced) = (None, None, Vec::new(), false);
    for target in &settings.targets {
        let place = app.backups.shelves.place(unit, target.id);
        fenced |= place.fenced;
        if place.confirmed.is_some() {
            let lag = lag_ms(restaurant, entry(&place), (now_ms, here))?;
            standing.exposure_ms = Some(standing.exposure_ms.map_or(lag, |least| lag.min(least)));
        }
        for base in place.shelf.iter().flat_map(|shelf| &shelf.bases) {
            let made_ms = base.manifest.made_ms;
            oldest = Some(oldest.map_or(made_ms, |least: i64| made_ms.min(least)));
            proven = proven.max(base.is_verified().then_some(made_ms));
        }
        broken.extend(place.broken.map(|broken| {
            let (why, place, since_ms) = (broken.why, Some(target.name.clone()), broken.since_ms);
            Failing { test: true, why, place, since_ms }
        }));
        let troubles = [place.trouble, app.backups.shelves.place(Unit::Installation, target.id).trouble];
        if let Some(trouble) = troubles.into_iter().flatten().min_by_key(|trouble| trouble.since_ms) {
            let (why, since_ms) = (trouble.why, trouble.since_ms);
            let (name, fenced) = (target.name.clone(), place.fenced);
            standing.behind.push(Behind { target: target.id, name, why, since_ms, fenced });
        }
    }
    if fenced {
        // Whatever another place holds, it is not what the restaurant goes on with.
        standing.exposure_ms = None;
    }
    standing.proven_ms = proven.or(oldest);
    let failing = [unit, Unit::Installation].map(|unit| failing(&app.backups.runs.of(&unit.name())));
    standing.failing = failing.into_iter().flatten().chain(broken).min_by_key(|failing| failing.since_ms);
    Ok(standing)
}

/// The last entry a place is known to hold.
pub fn entry(place: &Place) -> u64 {
    let newest = || place.shelf.as_ref()?.sound().last().map(|base| base.manifest.entry);
    place.confirmed.map(|shipped| shipped.entry).or_else(newest).unwrap_or(0)
}

/// Age of the oldest change after an entry.
pub fn lag_ms(restaurant: &Restaurant, entry: u64, (now_ms, here): (i64, u64)) -> rusqlite::Result<i64> {
    let oldest = if entry < here { restaurant.db.first_after(entry)? } else { None };
    Ok(oldest.map_or(0, |at_ms| (now_ms - at_ms).max(0)))
}

/// What failed last, if nothing went well since. Newest first; what is under way or was stopped says nothing.
pub fn failing(runs: &[Run]) -> Option<Failing> {
    let ended = runs.iter().filter(|run| matches!(run.what, What::Backup | What::Verify));
    let mut failing: Option<Failing> = None;
    for run in ended {
        match (run.state, &mut failing) {
            (State::Running | State::Stopped, _) => {}
            (State::Done, _) => break,
            (State::Failed, Some(known)) => known.since_ms = run.began_ms,
            (State::Failed, none) => {
                let why = run.failure.clone().unwrap_or_default();
                let (test, place) = (run.what == What::Verify, run.place.clone());
                *none = Some(Failing { test, why, place, since_ms: run.began_ms });
            }
        }
    }
    failing
}

#[cfg(test)]
mod tests {
    use super::super::runs::Step;
    use super::*;

    fn run(what: What, state: State, began_ms: i64) -> Run {
        let (step, failure) = (Step::Waiting, Some(format!("at {began_ms}")));
        let (id, unit) = (Uuid::now_v7(), String::new());
        Run {
            id,
            what,
            unit,
            state,
            step,
            done_permille: 0,
            began_ms,
            ended_ms: None,
            failure,
            base: None,
            place: None,
        }
    }

    fn check(newest_first: &[(What, State)], expect: Option<(bool, i64)>) {
        let count = newest_first.len() as i64;
        let runs: Vec<_> =
            newest_first.iter().zip(0..).map(|((what, state), n)| run(*what, *state, count - n)).collect();
        assert_eq!(failing(&runs).map(|failing| (failing.test, failing.since_ms)), expect, "{newest_first:?}");
    }

    #[test]
    fn what_fails_is_failing_since_the_first_time_until_something_goes_well() {
        use State::{Done, Failed, Running, Stopped};
        use What::{Backup, Prepare, Verify};
        check(&[], None);
        check(&[(Backup, Done), (Backup, Failed)], None);
        check(&[(Backup, Failed), (Backup, Done)], Some((false, 2)));
        check(&[(Backup, Running), (Verify, Failed), (Backup, Failed), (Backup, Done)], Some((true, 2)));
        check(&[(Backup, Stopped), (Backup, Failed), (Prepare, Done), (Backup, Failed)], Some((false, 1)));
        check(&[(Prepare, Failed), (Backup, Stopped)], None);
    }
}
