//! A new version is on trial until it has run well for a minute; until then there is a way back to the former one.
//!
//! Invariants: the trial is on the disk before the new version is put in its place; a start is counted before the data
//! is opened, and taken off again when the program ends in order. Going back installs the former package first, which
//! may be refused, and nothing has changed then; the former version puts the data back when it starts, because it is
//! the one that knows what its data looks like (`way_back`).
//!
//! Deliberately absent: going back without a person. Orders taken since leave the restaurant's file with it.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use comanda_engine::health::checkup;
use comanda_engine::health::model::{PartName, Status};
use comanda_engine::kernel::time::Clock;
use comanda_engine::serve;
use comanda_engine::way_back::{self, Known};
use serde::{Deserialize, Serialize};
use tauri::{AppHandle, Manager};

use crate::sheet::{self, Sheet};
use crate::{engine, kept};

/// How long a new version has to be well.
const MINUTE: Duration = Duration::from_secs(60);
/// After that it is looked at so often, until it is well.
const AGAIN: Duration = Duration::from_secs(10);
/// Starts that did not end in order before the data stays closed.
const STARTS_MAX: u32 = 2;
/// Milliseconds instead of a minute, for the tests. Debug builds alone listen to it.
const MINUTE_VARIABLE: &str = "COMANDA_TRIAL_MS";

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Trial {
    pub from: String,
    pub to: String,
    /// What the former version knows of the data.
    pub known: Known,
    /// That did not end in order.
    #[serde(default)]
    pub starts: u32,
    /// What was not well before.
    #[serde(default)]
    pub down: Vec<PartName>,
    /// A person said so, and the former package is in its place.
    #[serde(default)]
    pub going_back: bool,
}

/// The trial of this run, while it lasts.
#[derive(Default)]
struct Going(Mutex<Option<Trial>>);

fn place(data_dir: &Path) -> PathBuf {
    way_back::folder(data_dir).join("trial.json")
}

fn read(data_dir: &Path) -> Option<Trial> {
    serde_json::from_slice(&std::fs::read(place(data_dir)).ok()?).ok()
}

fn write(data_dir: &Path, trial: &Trial) -> std::io::Result<()> {
    std::fs::create_dir_all(way_back::folder(data_dir))?;
    way_back::write(&place(data_dir), &serde_json::to_vec_pretty(trial)?)
}

fn data_dir(app: &AppHandle) -> std::io::Result<PathBuf> {
    engine::data_dir(app).map_err(std::io::Error::other)
}

fn own(app: &AppHandle) -> String {
    app.package_info().version.to_string()
}

/// Before a new version is put in its place.
pub fn begin(app: &AppHandle, to: &str) -> std::io::Result<()> {
    let down = engine::app(app).map(|engine| not_well(&engine, &[])).unwrap_or_default();
    let trial = Trial { from: own(app), to: to.to_owned(), known: Known::OURS, starts: 0, down, going_back: false };
    write(&data_dir(app)?, &trial)
}

/// Nothing is on trial any more: it is well, it was not installed, or a person stays with it.
pub fn end(app: &AppHandle) {
    if let Some(going) = app.try_state::<Going>() {
        going.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
    let ended = data_dir(app).and_then(|data_dir| match std::fs::remove_file(place(&data_dir)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => kept::keep_only(app, &own(app)),
    });
    if let Err(error) = ended {
        tracing::warn!(%error, "the end of a trial could not be written");
    }
}

/// Opens the data, if this version may; with what a person is to see instead, if it may not.
///
/// # Errors
/// The sheet that says why, and what can be done.
pub fn start(app: &AppHandle) -> Result<(), Sheet> {
    let said = |why: String| Sheet::Start { why, trial: None };
    let data_dir = engine::data_dir(app).map_err(said)?;
    let mut trial = read(&data_dir);
    if trial.as_ref().is_some_and(|trial| trial.going_back) {
        let lock = serve::lock(&data_dir).map_err(|error| said(error.to_string()))?;
        way_back::go_back(&data_dir, Clock::system().now_ms()).map_err(|failure| said(failure.to_string()))?;
        drop(lock);
        end(app);
        trial = None;
    }
    let newer = way_back::look(&data_dir).unwrap_or_default();
    if newer.iter().any(|newer| newer.copy.is_some() && !newer.is_linked) {
        return Err(Sheet::Newer(newer));
    }
    if trial.as_ref().is_some_and(|trial| trial.to != own(app)) {
        // What was to be installed is not what runs.
        end(app);
        trial = None;
    }
    if let Some(trial) = &mut trial {
        // Data that somebody else has open says nothing of this version.
        drop(serve::lock(&data_dir).map_err(|error| said(error.to_string()))?);
        if trial.starts >= STARTS_MAX {
            return Err(Sheet::Unwell(trial.clone()));
        }
        trial.starts += 1;
        write(&data_dir, trial).map_err(|error| said(error.to_string()))?;
    }
    engine::start(app).map_err(|why| Sheet::Start { why, trial: trial.clone() })?;
    app.manage(Going(Mutex::new(trial)));
    if let (Some(report), Some(engine)) = (way_back::report(&data_dir), engine::app(app))
        && let Err(error) = way_back::record(&engine, &report)
    {
        tracing::error!(?error, "that the data was put back could not be recorded");
    }
    Ok(())
}

/// The program ends because somebody wants it to, and nobody knows yet whether it is well: this start does not count.
pub fn ended_in_order(app: &AppHandle) {
    let Some(going) = app.try_state::<Going>() else { return };
    let Some(trial) = going.0.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    let Ok(data_dir) = data_dir(app) else { return };
    // Going back has written its own.
    if read(&data_dir).is_some_and(|written| !written.going_back) {
        let starts = trial.starts.saturating_sub(1);
        if let Err(error) = write(&data_dir, &Trial { starts, ..trial }) {
            tracing::warn!(%error, "that this start ended in order could not be written");
        }
    }
}

/// Judges this version when its minute is over, and says what was put back. Called once the engine runs.
pub fn watch(app: &AppHandle) {
    if let Some(report) = data_dir(app).ok().and_then(|data_dir| way_back::report(&data_dir)) {
        sheet::open(app, Sheet::Back(report));
    }
    let Some(trial) = going(app) else { return };
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut is_told = false;
        tokio::time::sleep(minute()).await;
        while going(&app).is_some() {
            let Some(engine) = engine::app(&app) else { return };
            let known = trial.down.clone();
            let looked = tauri::async_runtime::spawn_blocking(move || not_well(&engine, &known)).await;
            let down = looked.unwrap_or_default();
            let page = engine::page_asked();
            if down.is_empty() && page {
                tracing::info!(version = trial.to, "the new version is well");
                end(&app);
                sheet::close(&app);
                return;
            }
            if !is_told {
                tracing::error!(version = trial.to, ?down, page, "the new version is not well");
                sheet::open(&app, Sheet::Red { trial: trial.clone(), down, page });
                is_told = true;
            }
            tokio::time::sleep(AGAIN.min(minute())).await;
        }
    });
}

fn going(app: &AppHandle) -> Option<Trial> {
    let going = app.try_state::<Going>()?;
    let trial = going.0.lock().unwrap_or_else(PoisonError::into_inner);
    trial.clone()
}

fn minute() -> Duration {
    let said = std::env::var(MINUTE_VARIABLE).ok().filter(|_| cfg!(debug_assertions));
    said.and_then(|ms| ms.parse().ok()).map_or(MINUTE, Duration::from_millis)
}

/// Parts that are down, and were not before. Blocking.
fn not_well(engine: &comanda_engine::app::App, known: &[PartName]) -> Vec<PartName> {
    let parts = checkup::all(engine).into_iter().filter(|part| part.status == Status::Down);
    parts.map(|part| part.name).filter(|name| !known.contains(name)).collect()
}

/// A person wants back. The former package is put in its place, and starts.
pub fn go_back(app: &AppHandle, trial: Trial) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match kept::install(&app, &trial.from).await {
            Ok(()) => restart(&app, Trial { going_back: true, ..trial }),
            Err(trouble) => {
                let package = kept::package(&app, &trial.from);
                sheet::show(&app, Sheet::NotBack { trial, trouble, package });
            }
        }
    });
}

/// A person wants the data back that this version had before a newer one changed it.
pub fn put_back(app: &AppHandle) {
    let own = own(app);
    restart(app, Trial { from: own.clone(), to: own, known: Known::OURS, starts: 0, down: vec![], going_back: true });
}

/// A person tries the new version once more.
pub fn try_again(app: &AppHandle, trial: Trial) {
    restart(app, Trial { starts: 0, ..trial });
}

fn restart(app: &AppHandle, trial: Trial) {
    match data_dir(app).and_then(|data_dir| write(&data_dir, &trial)) {
        Ok(()) => app.request_restart(),
        Err(error) => sheet::show(app, Sheet::Start { why: error.to_string(), trial: None }),
    }
}
