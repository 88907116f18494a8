//! What a base says of itself, and what is said of it after a test restore.
//!
//! The manifest is written last, so a base without one is no base; it stands open, so that a list needs no key, and
//! is vouched for with the key, so that nothing in it is believed that was altered.

use comanda_db::shipping::Mark;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::seal::{DataKey, hex};

/// The format this program writes; it reads no later one.
pub const FORMAT: u32 = 1;

/// Why a base was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BackupKind)]
pub enum Kind {
    /// The first one in a place, or after the restaurant was put back: segments need one to stand on.
    First,
    Nightly,
    /// Somebody asked for it.
    Manual,
    BeforeRestore,
    /// For a file that is carried by hand.
    Carried,
}

/// Bytes and their hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    pub bytes: u64,
    /// Hexadecimal.
    pub blake3: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    pub id: Uuid,
    /// Which file it is of: a restaurant's id, or `installation`.
    pub unit: String,
    pub kind: Kind,
    /// When it was made. Unix milliseconds.
    pub made_ms: i64,
    /// When the last command in it was asked for.
    pub at_ms: i64,
    /// Version of the program that made it.
    pub build: String,
    /// Migrations the file has behind it.
    pub schema: u64,
    pub epoch: u64,
    /// The last entry of the journal in it, the chain's link and the rows' state after it, in hexadecimal.
    pub entry: u64,
    pub link: String,
    pub state: String,
    /// Commands in the ledger, and the sequencer's position.
    pub seq: u64,
    pub position: u64,
    pub key_id: String,
    /// The file, and as it lies in the store.
    pub plain: Sum,
    pub sealed: Sum,
}

impl Manifest {
    /// Whether a file is the one this manifest is of.
    pub fn is_of(&self, mark: &Mark) -> bool {
        self.entry == mark.entry
            && self.link == hex(&mark.link)
            && self.state == hex(&mark.state)
            && self.epoch == mark.epoch
            && self.schema == mark.schema as u64
    }
}

/// How a test restore of a base ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    pub base: Uuid,
    pub at_ms: i64,
    pub took_ms: u64,
    /// The journal was followed so far.
    pub entry: u64,
    /// Sentences; none: everything is as it must be.
    pub findings: Vec<String>,
}

impl Verdict {
    pub const fn is_good(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Something that stands open, with the voucher for it.
#[derive(Serialize)]
struct Vouched<'a, T> {
    #[serde(flatten)]
    what: &'a T,
    voucher: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Unbelievable {
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    #[error("a newer version of Comanda made it. Update first.")]
    Newer,
    #[error("another key made it")]
    OtherKey,
    #[error("it was altered")]
    Altered,
}

/// As it is written to the store.
pub fn write<T: Serialize>(key: &DataKey, about: &str, what: &T) -> Result<Vec<u8>, serde_json::Error> {
    let voucher = key.vouch(about, &serde_json::to_vec(what)?);
    serde_json::to_vec_pretty(&Vouched { what, voucher })
}

/// What a manifest says of itself, before anybody has the key it is believed with.
pub fn told(bytes: &[u8]) -> Option<Manifest> {
    let mut value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    value.as_object_mut()?.remove("voucher");
    serde_json::from_value(value).ok()
}

/// Reads and believes it, if its voucher is right.
pub fn read<T: Serialize + DeserializeOwned>(key: &DataKey, about: &str, bytes: &[u8]) -> Result<T, Unbelievable> {
    let unreadable = |error: serde_json::Error| Unbelievable::Unreadable(error.to_string());
    let mut value: serde_json::Value = serde_json::from_slice(bytes).map_err(unreadable)?;
    if value["format"].as_u64().is_some_and(|format| format > u64::from(FORMAT)) {
        return Err(Unbelievable::Newer);
    }
    if value["key_id"].as_str().is_some_and(|id| id != key.id()) {
        return Err(Unbelievable::OtherKey);
    }
    let voucher = value.as_object_mut().and_then(|fields| fields.remove("voucher"));
    let what: T = serde_json::from_value(value).map_err(unreadable)?;
    let right = key.vouch(about, &serde_json::to_vec(&what).map_err(unreadable)?);
    if voucher.as_ref().and_then(serde_json::Value::as_str) == Some(&*right) {
        Ok(what)
    } else {
        Err(Unbelievable::Altered)
    }
}
