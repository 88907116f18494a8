//! What was done with backups and is being done: how far, how it ended, how it is stopped.
//!
//! The last ones are kept in `backups/runs.json`, failures too: what goes wrong at night is seen in the morning.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Failure;
use super::keys::write_own;
use crate::kernel::time::Clock;

/// Runs kept.
const RUNS_MAX: usize = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BackupRunKind)]
pub enum What {
    Backup,
    Verify,
    /// Making a moment ready to look at.
    Prepare,
    /// Putting it in the place of the present.
    Restore,
    Prune,
    /// Writing a file to carry by hand.
    Export,
}

impl What {
    /// By a person, before a screen.
    pub fn is_waited_for(self) -> bool {
        matches!(self, Self::Prepare | Self::Restore | Self::Export)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BackupStep)]
pub enum Step {
    Waiting,
    Snapshot,
    Seal,
    Upload,
    Download,
    Journal,
    Check,
    Swap,
    Prune,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BackupRunState)]
pub enum State {
    Running,
    Done,
    Failed,
    Stopped,
}

/// One piece of work.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = BackupRun)]
pub struct Run {
    pub id: Uuid,
    pub what: What,
    /// The restaurant's id, or `installation`.
    pub unit: String,
    pub state: State,
    pub step: Step,
    /// 0 to 1000.
    pub done_permille: u32,
    pub began_ms: i64,
    pub ended_ms: Option<i64>,
    /// Why it failed: a sentence.
    pub failure: Option<String>,
    /// The base it made or tested.
    pub base: Option<Uuid>,
    /// The place it failed in, if it is about one.
    #[serde(default)]
    pub place: Option<String>,
}

#[derive(Debug)]
pub struct Runs {
    file: PathBuf,
    /// How long writers have been at work.
    busy_us: Arc<AtomicU64>,
    all: Mutex<Vec<(Run, bool)>>,
    /// Held while the list is written: who comes later writes the later one.
    keeping: Mutex<()>,
}

/// A run, for whoever does it.
#[derive(Debug, Clone)]
pub struct Handle {
    runs: Arc<Runs>,
    pub id: Uuid,
    pub what: What,
}

impl Runs {
    pub fn open(file: PathBuf, busy_us: Arc<AtomicU64>) -> Arc<Self> {
        let kept: Vec<Run> =
            std::fs::read(&file).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        let cut_off = |mut run: Run| {
            if run.state == State::Running {
                run.state = State::Failed;
                run.failure = Some("Comanda ended before it was done.".to_owned());
            }
            (run, false)
        };
        Arc::new(Self {
            file,
            busy_us,
            all: Mutex::new(kept.into_iter().map(cut_off).collect()),
            keeping: Mutex::default(),
        })
    }

    pub fn begin(self: &Arc<Self>, what: What, unit: &str, now_ms: i64) -> Handle {
        let run = Run {
            id: Uuid::now_v7(),
            what,
            unit: unit.to_owned(),
            state: State::Running,
            step: Step::Waiting,
            done_permille: 0,
            began_ms: now_ms,
            ended_ms: None,
            failure: None,
            base: None,
            place: None,
        };
        let id = run.id;
        let mut all = self.all();
        all.push((run, false));
        let over = all.len().saturating_sub(RUNS_MAX);
        all.drain(..over);
        drop(all);
        self.keep();
        Handle { runs: self.clone(), id, what }
    }

    /// Newest first.
    pub fn of(&self, unit: &str) -> Vec<Run> {
        self.all().iter().rev().map(|(run, _)| run).filter(|run| run.unit == unit).cloned().collect()
    }

    pub fn find(&self, id: Uuid) -> Option<Run> {
        self.all().iter().map(|(run, _)| run).find(|run| run.id == id).cloned()
    }

    /// Asks a run to stop. False: none of this id is on its way.
    pub fn stop(&self, unit: &str, id: Uuid) -> bool {
        let mut all = self.all();
        let meant = all.iter_mut().find(|(run, _)| run.id == id && run.unit == unit && run.state == State::Running);
        meant.map(|(_, stopped)| *stopped = true).is_some()
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<(Run, bool)>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self) {
        let _keeping = self.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let runs: Vec<Run> = self.all().iter().map(|(run, _)| run.clone()).collect();
        let kept =
            serde_json::to_vec(&runs).map_err(std::io::Error::other).and_then(|text| write_own(&self.file, &text));
        if let Err(error) = kept {
            tracing::warn!(%error, "the list of runs could not be kept");
        }
    }
}

/// Ends a run that was let go of on its way, as stopped.
#[derive(Debug)]
pub struct LetGo {
    run: Handle,
    clock: Clock,
}

impl Drop for LetGo {
    fn drop(&mut self) {
        let now_ms = self.clock.now_ms();
        let mut all = self.run.runs.all();
        let mine = all.iter_mut().find(|(run, _)| run.id == self.run.id && run.state == State::Running);
        let Some((run, stopped)) = mine else { return };
        (run.state, run.ended_ms) = (State::Stopped, Some(now_ms));
        // What it does on another thread ends at its next step.
        *stopped = true;
        drop(all);
        self.run.runs.keep();
    }
}

impl Handle {
    /// Held by whoever does the run, for as long as it is done.
    pub fn or_let_go(&self, clock: &Clock) -> LetGo {
        LetGo { run: self.clone(), clock: clock.clone() }
    }

    /// How long writers have been at work, of this process and since it began.
    pub fn busy(&self) -> Duration {
        Duration::from_micros(self.runs.busy_us.load(Ordering::Relaxed))
    }

    /// Whether a run that somebody waits for is to come, which this one may be in the way of.
    pub fn is_in_the_way(&self) -> bool {
        self.runs.all().iter().any(|(run, _)| run.state == State::Running && run.what.is_waited_for())
    }

    fn with<T>(&self, change: impl FnOnce(&mut Run, bool) -> T) -> Option<T> {
        self.runs.all().iter_mut().find(|(run, _)| run.id == self.id).map(|(run, stopped)| change(run, *stopped))
    }

    /// The next step begins, unless somebody asked to stop.
    pub fn at(&self, step: Step, done: f32) -> Result<(), Failure> {
        let stopped = self.with(|run, stopped| {
            run.step = step;
            run.done_permille = (done * 1000.0) as u32;
            stopped
        });
        if stopped.unwrap_or(true) { Err(Failure::Stopped) } else { Ok(()) }
    }

    pub fn done(&self, done: f32) {
        self.with(|run, _| run.done_permille = (done.clamp(0.0, 1.0) * 1000.0) as u32);
    }

    pub fn goes_on(&self) -> Result<(), Failure> {
        if self.with(|_, stopped| stopped).unwrap_or(true) { Err(Failure::Stopped) } else { Ok(()) }
    }

    pub fn is_of(&self, base: Uuid) {
        self.with(|run, _| run.base = Some(base));
    }

    /// The place it is about, by its name.
    pub fn is_at(&self, place: &str) {
        self.with(|run, _| run.place = Some(place.to_owned()));
    }

    /// How it ended; the outcome is handed on.
    pub fn end<T>(&self, outcome: Result<T, Failure>, now_ms: i64) -> Result<T, Failure> {
        self.with(|run, _| {
            run.ended_ms = Some(now_ms);
            match &outcome {
                Ok(_) => (run.state, run.done_permille) = (State::Done, 1000),
                Err(Failure::Stopped) => run.state = State::Stopped,
                Err(failure) => {
                    tracing::error!(%failure, what = ?run.what, unit = run.unit, "a run of the backups failed");
                    (run.state, run.failure) = (State::Failed, Some(failure.to_string()));
                }
            }
        });
        self.runs.keep();
        outcome
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_end_at_once_are_all_on_the_list_that_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("runs.json");
        let runs = Runs::open(file.clone(), Arc::default());
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..5 {
                        let outcome = runs.begin(What::Verify, "house", 1).end(Ok(()), 2);
                        assert!(outcome.is_ok());
                    }
                });
            }
        });
        let kept = Runs::open(file, Arc::default()).of("house");
        assert_eq!((kept.len(), kept.iter().filter(|run| run.state == State::Done).count()), (40, 40));
    }

    #[test]
    fn two_who_write_a_file_at_once_leave_one_of_both_whole() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.json");
        std::thread::scope(|scope| {
            for text in ["one", "another one"] {
                let file = &file;
                scope.spawn(move || (0..200).for_each(|_| write_own(file, text.as_bytes()).unwrap()));
            }
        });
        let left = std::fs::read_to_string(&file).unwrap();
        assert!(left == "one" || left == "another one", "{left}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
