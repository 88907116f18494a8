//! The one window. Its size and place are in tauri.conf.json and, from the
//! second start on, what the window-state plugin remembers.

use tauri::{App, AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

use crate::files;

const LABEL: &str = "main";

/// Opens the window on a page: the UI, or the page that says why there is none.
///
/// # Errors
/// The configuration names no window, or the system could not make one.
pub fn open(app: &App, page: WebviewUrl) -> tauri::Result<()> {
    let config = app.config().app.windows.iter().find(|window| window.label == LABEL);
    let mut config = config.cloned().ok_or(tauri::Error::WindowNotFound)?;
    config.url = page;
    let handle = app.handle().clone();
    let window = WebviewWindowBuilder::from_config(app, &config)?;
    window.on_download(move |_, event| files::download(&handle, event)).build()?;
    Ok(())
}

/// A second start shows the window that is already there.
pub fn to_front(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL) {
        let shown = window.unminimize().and_then(|()| window.show()).and_then(|()| window.set_focus());
        if let Err(error) = shown {
            tracing::warn!(%error, "cannot bring the window to the front");
        }
    }
}
