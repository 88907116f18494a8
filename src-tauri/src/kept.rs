//! Packages that are kept for the way back: the one of the version that runs, and of the one on trial.
//!
//! They are what the updater downloaded, with the manifest that has their signature. Nothing here is believed: whoever
//! installs one proves the signature again, for that very version.

use std::fs;
use std::io;
use std::path::PathBuf;

use comanda_engine::way_back;
use tauri::AppHandle;
use tauri_plugin_updater::Update;

use crate::engine;
use crate::updates::{self, Trouble};

fn place(app: &AppHandle, version: &str, kind: &str) -> io::Result<PathBuf> {
    let data_dir = engine::data_dir(app).map_err(io::Error::other)?;
    Ok(way_back::folder(&data_dir).join(format!("{version}.{kind}")))
}

/// Where the package of a version is, if it is kept.
pub fn package(app: &AppHandle, version: &str) -> Option<PathBuf> {
    place(app, version, "package").ok().filter(|path| path.is_file())
}

/// Keeps a package that was downloaded.
pub fn keep(app: &AppHandle, update: &Update, bytes: &[u8]) -> io::Result<()> {
    let package = place(app, &update.version, "package")?;
    if let Some(folder) = package.parent() {
        fs::create_dir_all(folder)?;
    }
    way_back::write(&place(app, &update.version, "manifest")?, &serde_json::to_vec(&update.raw_json)?)?;
    way_back::write(&package, bytes)
}

/// Sees that the package of the version that runs is kept; fetches it from where this version was published. Whatever
/// goes wrong is in the log: without it a person brings the package.
pub async fn keep_own(app: &AppHandle) {
    let own = app.package_info().version.to_string();
    if of(app, &own).is_ok() {
        return;
    }
    let fetched = async {
        let updater = updates::updater_to(app, &own)?.ok_or(Trouble::NotLooked)?;
        let update = updater.check().await.map_err(|error| updates::trouble(&error))?.ok_or(Trouble::Unreadable)?;
        let bytes = update.download(|_, _| (), || ()).await.map_err(|error| updates::trouble(&error))?;
        keep(app, &update, &bytes).map_err(|_| Trouble::NotInstalled)
    };
    if let Err(trouble) = fetched.await {
        tracing::warn!(?trouble, version = own, "no package of the version that runs: there is no way back by itself");
    }
}

/// A kept package and its bytes, with its signature proven.
fn of(app: &AppHandle, version: &str) -> Result<(Update, Vec<u8>), Trouble> {
    let read = |kind| place(app, version, kind).and_then(fs::read).map_err(|_| Trouble::NotLooked);
    let (manifest, bytes) = (read("manifest")?, read("package")?);
    let manifest = serde_json::from_slice(&manifest).map_err(|_| Trouble::Unreadable)?;
    let updater = updates::updater_to(app, version)?.ok_or(Trouble::NotLooked)?;
    let update = updater.restore_update(manifest).map_err(|error| updates::trouble(&error))?;
    let update = update.ok_or(Trouble::Unreadable)?;
    update.verify(&bytes).map_err(|error| updates::trouble(&error))?;
    Ok((update, bytes))
}

/// Installs a kept package.
///
/// # Errors
/// Why this version stays.
pub async fn install(app: &AppHandle, version: &str) -> Result<(), Trouble> {
    let (update, bytes) = of(app, version)?;
    updates::install(update, bytes).await
}

/// Lets go of every package but that of `version`.
pub fn keep_only(app: &AppHandle, version: &str) -> io::Result<()> {
    let own = place(app, version, "package")?;
    let Some(folder) = own.parent().filter(|folder| folder.is_dir()) else { return Ok(()) };
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let is_other = path.file_stem() != own.file_stem();
        let ending = path.extension().unwrap_or_default();
        if is_other && ["package", "manifest", "part"].iter().any(|kind| ending == *kind) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
