//! What opens deployments: `deployments/tokens.json`, a file that only its owner may read.
//!
//! Apart from the register, so that no backup of `installation.db` opens a server.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::backups::keys::write_own;

pub struct Tokens {
    path: PathBuf,
    kept: Mutex<BTreeMap<Uuid, String>>,
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
        self.kept().contains_key(&id)
    }

    pub fn of(&self, id: Uuid) -> Option<String> {
        self.kept().get(&id).cloned()
    }

    /// None: forgets it.
    pub fn set(&self, id: Uuid, token: Option<String>) -> std::io::Result<()> {
        let mut kept = self.kept();
        let mut next = kept.clone();
        match token {
            Some(token) => drop(next.insert(id, token)),
            None if next.remove(&id).is_none() => return Ok(()),
            None => {}
        }
        write_own(&self.path, &serde_json::to_vec(&next).map_err(std::io::Error::other)?)?;
        *kept = next;
        Ok(())
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<Uuid, String>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
