//! Where backups go, when, and how long they stay: `backups/settings.json` in the data directory.
//!
//! In a file of its own, that only its owner may read, because it is needed just when the databases are not there,
//! and because what opens a store must not lie in what is stored there.

use std::path::Path;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::keys::write_own;
use super::retention::Retention;

/// Targets at most.
pub const TARGETS_MAX: usize = 4;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub targets: Vec<Target>,
    pub retention: Retention,
    pub nightly: Nightly,
    /// The key under a passphrase, where one was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wrapped: Option<super::keys::Wrapped>,
}

/// When the base of the night is made, on the restaurant's wall clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BackupNightly)]
pub struct Nightly {
    #[garde(skip)]
    pub on: bool,
    /// Minutes after midnight.
    #[garde(range(max = 1439))]
    #[schema(example = 120, maximum = 1439)]
    pub minute: u16,
}

impl Default for Nightly {
    fn default() -> Self {
        Self { on: true, minute: 120 }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub id: Uuid,
    pub name: String,
    pub place: Place,
}

/// Where a target is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Place {
    /// A folder: another disk, a share that is mounted.
    Folder { path: String },
    /// Any store that speaks S3.
    S3(S3),
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3 {
    /// None: Amazon's.
    pub endpoint: Option<String>,
    pub region: String,
    pub bucket: String,
    pub prefix: String,
    pub access_key: String,
    pub secret_key: String,
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3({:?} {} {})", self.endpoint, self.bucket, self.prefix)
    }
}

pub fn load(path: &Path) -> std::io::Result<Settings> {
    match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text).map_err(std::io::Error::other),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
        Err(error) => Err(error),
    }
}

pub fn save(path: &Path, settings: &Settings) -> std::io::Result<()> {
    write_own(path, &serde_json::to_vec_pretty(settings).map_err(std::io::Error::other)?)
}
