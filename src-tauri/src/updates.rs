//! New versions of this program: looked for where the build was told to look, taken only with our signature.
//!
//! Invariants. What is installed was signed with our key for the very version that was announced
//! (`requireSignedVersion`), and is newer than what runs; until then nothing on disk is touched. The engine is stopped
//! in order before the new version starts (`RunEvent::Exit`), and keeps a copy of the data before it migrates it.
//!
//! Deliberately absent: an address or a key in the sources. They are given to the build (`make release`); a build
//! without them says that it cannot look. Debug builds also take them from the environment, for the tests.

use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tauri::{AppHandle, State, ipc};
use tauri_plugin_updater::{Error, Update, Updater, UpdaterBuilder, UpdaterExt};

use crate::{kept, trial};

/// Where the manifests lie: `<address>/stable.json` and `<address>/beta.json`.
const ADDRESS: &str = "COMANDA_UPDATES";
/// The public half of the signing key, as `tauri signer generate` writes it.
const KEY: &str = "COMANDA_UPDATES_KEY";

/// A server that takes longer than this to begin or to go on is called unreachable.
const SILENCE_MAX: Duration = Duration::from_secs(15);

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Stable,
    Beta,
}

/// What looking for a new version found.
#[derive(Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Look {
    /// This build was not told where to look.
    Nowhere,
    Newest {
        current: String,
    },
    Found {
        current: String,
        version: String,
        notes: Option<String>,
        /// Unix milliseconds.
        published_ms: Option<i64>,
    },
}

/// Why there is no new version; the page has the words.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Nobody answers, or the line broke off.
    Unreachable,
    /// What is published there cannot be read.
    Unreadable,
    /// There is a new version, and none for this system.
    NotForThisSystem,
    /// Not signed by us, or for another version than was announced.
    NotTrusted,
    /// The system's own question for an administrator was not answered with yes.
    NotAllowed,
    /// Nothing on this system asks for an administrator.
    NobodyAsks,
    /// The package could not be put in its place; this version stays.
    NotInstalled,
    /// Installing was asked for before looking.
    NotLooked,
}

/// How far a download is, in bytes.
#[derive(Clone, Serialize)]
pub struct Progress {
    done: u64,
    total: Option<u64>,
}

/// What was found last and is not installed.
#[derive(Default)]
pub struct Found(Mutex<Option<Update>>);

impl Found {
    fn replace(&self, update: Option<Update>) -> Option<Update> {
        std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), update)
    }
}

/// Given to the build; in debug builds the environment may say otherwise.
fn given(name: &str) -> Option<String> {
    let built_in = match name {
        ADDRESS => option_env!("COMANDA_UPDATES"),
        _ => option_env!("COMANDA_UPDATES_KEY"),
    };
    let said = if cfg!(debug_assertions) { std::env::var(name).ok() } else { None };
    said.or_else(|| built_in.map(str::to_owned)).filter(|value| !value.is_empty())
}

fn updater(app: &AppHandle, channel: Channel) -> Result<Option<Updater>, Trouble> {
    let name = match channel {
        Channel::Stable => "stable",
        Channel::Beta => "beta",
    };
    build(app.updater_builder(), name)
}

/// One that takes this version alone, whichever runs: what the way back is made of.
pub fn updater_to(app: &AppHandle, version: &str) -> Result<Option<Updater>, Trouble> {
    let wanted = version.to_owned();
    let builder = app.updater_builder().version_comparator(move |_, release| release.version.to_string() == wanted);
    build(builder, version)
}

fn build(builder: UpdaterBuilder, name: &str) -> Result<Option<Updater>, Trouble> {
    let (Some(address), Some(key)) = (given(ADDRESS), given(KEY)) else { return Ok(None) };
    let manifest = format!("{}/{name}.json", address.trim_end_matches('/'));
    let manifest = manifest.parse().map_err(|_| Trouble::Unreachable)?;
    let built = builder
        .pubkey(key)
        .configure_client(|client| client.connect_timeout(SILENCE_MAX).read_timeout(SILENCE_MAX))
        .endpoints(vec![manifest])
        .and_then(UpdaterBuilder::build);
    built.map(Some).map_err(|error| trouble(&error))
}

/// Asks whether there is a newer version in this channel.
///
/// # Errors
/// Why nobody can say.
#[tauri::command]
pub async fn look_for_update(app: AppHandle, found: State<'_, Found>, channel: Channel) -> Result<Look, Trouble> {
    let Some(updater) = updater(&app, channel)? else { return Ok(Look::Nowhere) };
    let update = updater.check().await.map_err(|error| trouble(&error))?;
    let current = app.package_info().version.to_string();
    let look = update.as_ref().map_or(Look::Newest { current: current.clone() }, |update| Look::Found {
        current,
        version: update.version.clone(),
        notes: update.body.clone(),
        published_ms: update.date.map(|date| date.unix_timestamp() * 1_000),
    });
    found.replace(update);
    Ok(look)
}

/// Downloads what was found, proves its signature, puts it in place and starts it.
///
/// # Errors
/// Why the version that runs goes on running.
#[tauri::command]
pub async fn install_update(
    app: AppHandle,
    found: State<'_, Found>,
    on_progress: ipc::Channel<Progress>,
) -> Result<(), Trouble> {
    let update = found.replace(None).ok_or(Trouble::NotLooked)?;
    if let Err(trouble) = download_and_install(&app, &update, &on_progress).await {
        trial::end(&app);
        found.replace(Some(update));
        return Err(trouble);
    }
    tracing::info!(version = update.version, "a new version is installed; starting it");
    app.request_restart();
    Ok(())
}

async fn download_and_install(
    app: &AppHandle,
    update: &Update,
    on_progress: &ipc::Channel<Progress>,
) -> Result<(), Trouble> {
    let mut done = 0;
    let tell = |bytes: usize, total: Option<u64>| {
        done += bytes as u64;
        // The page that asked may be gone; the update goes on.
        _ = on_progress.send(Progress { done, total });
    };
    let bytes = update.download(tell, || ()).await.map_err(|error| trouble(&error))?;
    // The way back is laid before anything changes; a version that has none says so when it is asked for.
    kept::keep_own(app).await;
    kept::keep(app, update, &bytes).and_then(|()| trial::begin(app, &update.version)).map_err(|error| {
        tracing::warn!(%error, "the way back could not be laid");
        Trouble::NotInstalled
    })?;
    install(update.clone(), bytes).await
}

/// Puts a package in its place. The system may ask for an administrator's password meanwhile.
pub async fn install(update: Update, bytes: Vec<u8>) -> Result<(), Trouble> {
    let install = tauri::async_runtime::spawn_blocking(move || update.install(bytes));
    let installed = install.await.map_err(Error::Tauri).and_then(|installed| installed);
    installed.map_err(|error| trouble(&error))
}

pub fn trouble(error: &Error) -> Trouble {
    tracing::warn!(%error, "no new version");
    match error {
        // A line that breaks off is a decoding error to reqwest too.
        Error::Reqwest(error) if error.source().is_some_and(|cause| cause.is::<serde_json::Error>()) => {
            Trouble::Unreadable
        }
        Error::Reqwest(_) | Error::Network(_) | Error::ReleaseNotFound => Trouble::Unreachable,
        Error::TargetNotFound(_) | Error::TargetsNotFound(_) => Trouble::NotForThisSystem,
        Error::Serialization(_) | Error::Semver(_) | Error::UrlParse(_) => Trouble::Unreadable,
        Error::Minisign(_)
        | Error::Base64(_)
        | Error::SignatureUtf8(_)
        | Error::MissingSignedVersion
        | Error::SignedVersionMismatch { .. } => Trouble::NotTrusted,
        Error::AuthenticationFailed => Trouble::NotAllowed,
        // A deb or rpm: after pkexec the plugin tries sudo, and what it says last is that there is none.
        Error::Io(error) if cfg!(target_os = "linux") && error.kind() == ErrorKind::NotFound => match has("pkexec") {
            true => Trouble::NotAllowed,
            false => Trouble::NobodyAsks,
        },
        _ => Trouble::NotInstalled,
    }
}

/// Whether a program of that name can be started.
fn has(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}
