//! What opens deployments: `deployments/tokens.json`, a file that only its owner may read. A deployment's token lies under
//! its id, a secret header of its trigger under `id/header-name`.
//!
//! Apart from the register, so that no backup of `installation.db` opens a server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::backups::keys::write_own;

pub struct Tokens {
    path: PathBuf,
    kept: Mutex<BTreeMap<String, String>>,
}

impl Tokens {
    pub fn open(path: PathBuf) -> std::io::Result<Self> {
        let kept = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map_err(std::io::Error::other)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        Ok(Self { path, kept: Mutex::new(kept) })
    }

    pub fn has(&self, id: Uuid) -> bool {
        self.kept().contains_key(&id.to_string())
    }

    pub fn of(&self, id: Uuid) -> Option<String> {
        self.kept().get(&id.to_string()).cloned()
    }

    /// None: forgets it.
    pub fn set(&self, id: Uuid, token: Option<String>) -> std::io::Result<()> {
        self.change(|kept| match token {
            Some(token) => drop(kept.insert(id.to_string(), token)),
            None => drop(kept.remove(&id.to_string())),
        })
    }

    /// Names and values of the secret headers of a trigger.
    pub fn headers(&self, id: Uuid) -> Vec<(String, String)> {
        let before = header(id, "");
        let kept = self.kept();
        let found = kept.iter().filter_map(|(key, value)| Some((key.strip_prefix(&before)?, value)));
        found.map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// In the place of all that were there.
    pub fn set_headers(&self, id: Uuid, headers: Vec<(String, String)>) -> std::io::Result<()> {
        let before = header(id, "");
        self.change(|kept| {
            kept.retain(|key, _| !key.starts_with(&before));
            kept.extend(headers.into_iter().map(|(name, value)| (header(id, &name), value)));
        })
    }

    /// All that opens it.
    pub fn forget(&self, id: Uuid) -> std::io::Result<()> {
        let before = id.to_string();
        self.change(|kept| kept.retain(|key, _| !key.starts_with(&before)))
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, String>)) -> std::io::Result<()> {
        let mut kept = self.kept();
        let mut next = kept.clone();
        change(&mut next);
        if next == *kept {
            return Ok(());
        }
        write_own(&self.path, &serde_json::to_vec(&next).map_err(std::io::Error::other)?)?;
        *kept = next;
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn header(id: Uuid, name: &str) -> String {
    format!("{id}/{name}")
}
