//! Files the page gives to the person: the system's own dialog asks where, and the file is there whole or not at all.
//!
//! The page asks for a place first and then starts the download; one without a place that somebody chose is refused,
//! so nothing lands anywhere unasked. No byte goes through IPC.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tauri::ipc::Channel;
use tauri::webview::DownloadEvent;
use tauri::{AppHandle, Manager, State, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

/// The place for the next download, and those that run, by address.
#[derive(Default)]
pub struct Places {
    next: Mutex<Option<Place>>,
    running: Mutex<HashMap<String, Place>>,
}

struct Place {
    /// Where the person wants it.
    to: PathBuf,
    /// Beside it, until it is whole.
    aside: PathBuf,
    ended: Channel<bool>,
}

/// Asks where to save a file; `None`: nowhere. `ended` hears whether the download that follows is there.
#[tauri::command]
pub async fn choose_place(
    app: AppHandle,
    window: WebviewWindow,
    places: State<'_, Places>,
    name: String,
    ended: Channel<bool>,
) -> Result<Option<String>, String> {
    // A name, and never a way out of the folder.
    let name = Path::new(&name).file_name().unwrap_or("comanda".as_ref()).to_string_lossy().into_owned();
    let mut dialog = app.dialog().file().set_parent(&window).set_file_name(name);
    if let Ok(folder) = app.path().download_dir().or_else(|_| app.path().home_dir()) {
        dialog = dialog.set_directory(folder);
    }
    let (chose, chosen) = oneshot::channel();
    dialog.save_file(move |place| drop(chose.send(place)));
    let Some(chosen) = chosen.await.ok().flatten() else { return Ok(None) };
    let to = chosen.into_path().map_err(|error| error.to_string())?;
    let name = to.file_name().unwrap_or_default().to_string_lossy();
    let aside = to.with_file_name(format!(".{name}.part"));
    let says = to.display().to_string();
    *places.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(Place { to, aside, ended });
    Ok(Some(says))
}

/// Leads a download to the place that was chosen for it. False: it is refused.
pub fn download(app: &AppHandle, event: DownloadEvent<'_>) -> bool {
    let places = app.state::<Places>();
    match event {
        DownloadEvent::Requested { url, destination } => {
            let Some(place) = places.next.lock().unwrap_or_else(PoisonError::into_inner).take() else { return false };
            destination.clone_from(&place.aside);
            places.running.lock().unwrap_or_else(PoisonError::into_inner).insert(url.to_string(), place);
            true
        }
        DownloadEvent::Finished { url, success, .. } => {
            let place = places.running.lock().unwrap_or_else(PoisonError::into_inner).remove(url.as_str());
            if let Some(place) = place {
                // The page that asked may be gone.
                _ = place.ended.send(put(&place, success));
            }
            true
        }
        _ => true,
    }
}

fn put(place: &Place, success: bool) -> bool {
    let put = if success { std::fs::rename(&place.aside, &place.to) } else { Err(std::io::ErrorKind::Other.into()) };
    if let Err(error) = &put {
        tracing::warn!(%error, to = %place.to.display(), "a file could not be saved");
        drop(std::fs::remove_file(&place.aside));
    }
    put.is_ok()
}
