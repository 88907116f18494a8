//! The engine inside the window's process: started once, asked for by the page,
//! stopped when the program ends.
//!
//! Deliberately absent: a code that signs somebody in. Whoever restarts the
//! window would be the owner; the page keeps its own session, and after signing
//! out it asks for a password.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use comanda_engine::app::App;
use comanda_engine::backups::manifest::Kind;
use comanda_engine::backups::{restore, unit};
use comanda_engine::settings::read::{self, Layers, read};
use comanda_engine::{alerts, logs, serve};
use serde::Serialize;
use tauri::{AppHandle, Manager, State};

use crate::{keystore, notify};

/// Says where the data lies, for the tests and for a second restaurant on one desk.
const DATA_DIR_VARIABLE: &str = "COMANDA_DATA_DIR";
/// Below the system's folder for data; `comanda` looks in the same place.
const DATA_DIR: &str = "comanda";

/// The page was loaded, and asked where the engine is.
static PAGE_ASKED: AtomicBool = AtomicBool::new(false);

/// Whether the page got as far as asking for the engine.
pub fn page_asked() -> bool {
    PAGE_ASKED.load(Ordering::Relaxed)
}

/// Taken out when the engine is stopped.
pub struct Running(Mutex<Option<serve::Running>>);

impl Running {
    /// Where the engine listens; `None` once it has been stopped.
    pub fn url(&self) -> Option<String> {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.as_ref().map(|running| format!("http://{}", running.address()))
    }
}

/// The engine itself, while it runs.
pub fn app(app: &AppHandle) -> Option<App> {
    let state = app.try_state::<Running>()?;
    let running = state.0.lock().unwrap_or_else(PoisonError::into_inner);
    running.as_ref().map(|running| running.app().clone())
}

/// Backs everything up to every place, and tries out what came of it.
///
/// # Errors
/// A sentence for the person at the screen.
pub async fn back_up(app: &AppHandle) -> Result<(), String> {
    let engine = self::app(app).ok_or("The engine has been stopped.")?;
    let targets = engine.backups.settings().targets;
    for unit in unit::all(&engine) {
        restore::back_up(&engine, unit, &targets, Kind::Manual, None).await.map_err(|failure| failure.to_string())?;
    }
    Ok(())
}

/// What the page needs to speak to the engine.
#[derive(Serialize)]
pub struct Engine {
    url: String,
    /// Fresh for every question; `None` once the restaurant is open.
    code: Option<String>,
}

/// Opens the data and listens on a free port of the loopback.
///
/// # Errors
/// A sentence for the person at the screen.
pub fn start(app: &AppHandle) -> Result<(), String> {
    let data_dir = data_dir(app)?;
    let file = read::file_in(&data_dir);
    let read = read(&Layers::of_process(file.as_deref())).map_err(|found| found.to_string())?;
    match logs::start(&data_dir, &read.settings.log.level, read.settings.tracker()) {
        // Dropping the guard would end the log.
        Ok(guard) => _ = app.manage(guard),
        Err(error) => eprintln!("Comanda runs without its log: {error}."),
    }
    // Where the window's own engine listens is nobody's to choose: on this machine alone, on a port that is free.
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let teller = app.clone();
    let on_alert = alerts::Listener::from_fn(move |event, alert| notify::alert(&teller, event, alert));
    let mut options =
        serve::Options { listen, on_alert, key_store: keystore::of_the_system(), ..read.options(data_dir) };
    options.settings.retain(|one| !matches!(one.key.as_str(), "server.listen" | "server.port"));
    let running = tauri::async_runtime::block_on(serve::start(options)).map_err(|error| error.to_string())?;
    app.manage(Running(Mutex::new(Some(running))));
    Ok(())
}

/// Where everything is kept.
pub fn data_dir(app: &AppHandle) -> Result<PathBuf, String> {
    match std::env::var_os(DATA_DIR_VARIABLE) {
        Some(folder) if !folder.is_empty() => Ok(PathBuf::from(folder)),
        _ => app.path().data_dir().map(|data| data.join(DATA_DIR)).map_err(|error| error.to_string()),
    }
}

/// Where the engine listens and, while there is no restaurant, the code that lets this page open one.
///
/// # Errors
/// The engine has been stopped: the program is about to end.
#[tauri::command]
pub fn engine(state: State<'_, Running>) -> Result<Engine, String> {
    PAGE_ASKED.store(true, Ordering::Relaxed);
    let running = state.0.lock().unwrap_or_else(PoisonError::into_inner);
    let running = running.as_ref().ok_or("The engine has been stopped.")?;
    Ok(Engine {
        url: format!("http://{}", running.address()),
        code: running.needs_setup().then(|| running.one_time_code(serve::Purpose::Setup)),
    })
}

/// Stops the engine: what was accepted is written, the files are closed.
pub fn stop(app: &AppHandle) {
    let Some(state) = app.try_state::<Running>() else { return };
    let running = state.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(running) = running {
        tauri::async_runtime::block_on(running.stop());
    }
}
