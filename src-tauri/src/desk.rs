//! Small favours the page asks of the desktop: starting when somebody logs in, and one page in a browser.

use tauri::{AppHandle, State};
use tauri_plugin_autostart::ManagerExt;

use crate::engine;

/// The engine's own page about its contract: the one address a browser is ever opened on.
const CONTRACT: &str = "/api-docs/";

/// Whether the window opens when this person logs in; with `on`, from now on.
///
/// # Errors
/// Why the system's list could not be read or written.
#[tauri::command]
pub async fn start_at_login(app: AppHandle, on: Option<bool>) -> Result<bool, String> {
    let list = app.autolaunch();
    let changed = match on {
        Some(true) => list.enable(),
        Some(false) => list.disable(),
        None => Ok(()),
    };
    changed.and_then(|()| list.is_enabled()).map_err(|error| {
        tracing::warn!(%error, "starting at login could not be changed");
        error.to_string()
    })
}

/// Opens the contract of the engine in the person's browser. No address comes from the page.
///
/// # Errors
/// There is no browser.
#[tauri::command]
pub async fn open_contract(state: State<'_, engine::Running>) -> Result<(), String> {
    let address = state.url().ok_or("The engine has been stopped.")? + CONTRACT;
    tauri_plugin_opener::open_url(address, None::<&str>).map_err(|error| {
        tracing::warn!(%error, "no browser could be opened");
        error.to_string()
    })
}
