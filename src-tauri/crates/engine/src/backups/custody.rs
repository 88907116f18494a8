//! Where the installation's key lies: in a file that only its owner may read, or in the key store of the system, when
//! whoever started the engine offers one and the key is written down elsewhere too.
//!
//! Invariants. The key is in its file until the key store has given back what it was given. It leaves the file only
//! when its recovery key was written down or a passphrase was set: a key store that is emptied takes no backup with it. A key
//! that is in a key store that does not answer is never replaced by a new one: backups stand still and say so.

use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use super::keys::{self, Held, KeyError, OnDisk};
use super::seal::{DataKey, hex, unhex};
use super::{Backups, Failure};
use crate::app::App;

/// A key store that did not answer is asked again. Each time it may ask a person for a password.
const AGAIN: Duration = Duration::from_secs(10 * 60);

/// What is asked of a key store; `name` tells installations apart.
#[derive(Debug)]
pub enum Ask<'a> {
    Give { name: &'a str },
    Keep { name: &'a str, secret: &'a str },
}

type Answer = dyn Fn(Ask<'_>) -> Result<Option<String>, String> + Send + Sync;

/// The key store of the system. The usual one is none.
#[derive(Clone, Default)]
pub struct KeyStore(Option<Arc<Answer>>);

impl KeyStore {
    /// May take its time, for it may ask a person. `Err` is a sentence; `None`: there is no such secret.
    pub fn from_fn(answer: impl Fn(Ask<'_>) -> Result<Option<String>, String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(answer)))
    }
}

impl fmt::Debug for KeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "KeyStore" } else { "KeyStore(none)" })
    }
}

/// Where the key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BackupKeyPlace)]
pub enum KeyPlace {
    /// A file beside the data, and no key store took it.
    File,
    /// A file, until the key is written down elsewhere too; then the key store has it.
    FileForNow,
    KeyStore,
    /// A key store that does not give it: nothing is backed up.
    OutOfReach,
}

/// The key as this process knows it.
#[derive(Debug, Default)]
pub struct Custody {
    held: Option<Held>,
    /// The id of the key that is in a key store.
    kept: Option<(String, bool)>,
    /// The key store did not take it.
    refused: bool,
}

impl Custody {
    pub fn of(found: Option<OnDisk>) -> Self {
        match found {
            None => Self::default(),
            Some(OnDisk::Here(held)) => Self { held: Some(held), ..Self::default() },
            Some(OnDisk::Kept { id, seen }) => Self { kept: Some((id, seen)), ..Self::default() },
        }
    }
}

impl Backups {
    pub fn held_key(&self) -> Option<Held> {
        self.custody.lock().unwrap_or_else(PoisonError::into_inner).held.clone()
    }

    /// Which key it is, whether its recovery key was seen, and where it is; `None`: there is none yet.
    pub fn key_place(&self) -> Option<(String, bool, KeyPlace)> {
        let custody = self.custody.lock().unwrap_or_else(PoisonError::into_inner);
        match (&custody.held, &custody.kept) {
            (Some(held), Some(_)) => Some((held.key.id(), held.seen, KeyPlace::KeyStore)),
            (None, Some((id, seen))) => Some((id.clone(), *seen, KeyPlace::OutOfReach)),
            (None, None) => None,
            (Some(held), None) => {
                let offered = self.key_store.get().is_some_and(|store| store.0.is_some());
                let place = if offered && !custody.refused { KeyPlace::FileForNow } else { KeyPlace::File };
                Some((held.key.id(), held.seen, place))
            }
        }
    }

    /// The key, made when it is first needed.
    pub fn key(&self) -> Result<DataKey, KeyError> {
        let mut custody = self.custody.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = &custody.held {
            return Ok(held.key.clone());
        }
        if custody.kept.is_some() {
            return Err(KeyError::OutOfReach);
        }
        let made = Held { key: DataKey::mint(), seen: false };
        keys::hold(&self.folder.join(keys::FILE), &made)?;
        Ok(custody.held.insert(made).key.clone())
    }

    /// Takes a key from outside, where there is none yet or the same one.
    pub fn take_key(&self, key: DataKey) -> Result<(), Failure> {
        let mut custody = self.custody.lock().unwrap_or_else(PoisonError::into_inner);
        let is_other = custody.held.as_ref().is_some_and(|held| held.key != key)
            || custody.kept.as_ref().is_some_and(|(id, _)| *id != key.id());
        if is_other {
            return Err(Failure::Said("this installation has a key of its own already".into()));
        }
        let taken = Held { key, seen: true };
        keys::hold(&self.folder.join(keys::FILE), &taken)?;
        *custody = Custody { held: Some(taken), ..Custody::default() };
        drop(custody);
        self.key_changed.notify_one();
        Ok(())
    }

    /// The recovery key, until somebody proved that it is written down.
    pub fn recovery_key(&self) -> Result<Option<String>, Failure> {
        self.key()?;
        Ok(self.held_key().filter(|held| !held.seen).map(|held| keys::recovery(&held.key)))
    }

    /// It is written down: its last groups were typed back. False: these are others, and nothing changes.
    pub fn confirm_recovery_key(&self, typed: &str) -> Result<bool, Failure> {
        self.key()?;
        let mut custody = self.custody.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(held) = custody.held.as_mut() else { return Err(KeyError::OutOfReach.into()) };
        if !keys::ends_with(&keys::recovery(&held.key), typed) {
            return Ok(false);
        }
        if held.seen {
            return Ok(true);
        }
        let seen = Held { key: held.key.clone(), seen: true };
        let file = self.folder.join(keys::FILE);
        match &custody.kept {
            Some((id, _)) => keys::hold_elsewhere(&file, id, true)?,
            None => keys::hold(&file, &seen)?,
        }
        custody.held = Some(seen);
        if let Some((_, was_seen)) = &mut custody.kept {
            *was_seen = true;
        }
        drop(custody);
        self.key_changed.notify_one();
        Ok(true)
    }

    /// Brings the key to where it should be, or from where it is. Blocking, and slow: a person may be asked. False: it
    /// is worth asking again.
    fn settle(&self, answer: &Answer, name: &str) -> bool {
        let (held, kept) = {
            let custody = self.custody.lock().unwrap_or_else(PoisonError::into_inner);
            (custody.held.clone(), custody.kept.clone())
        };
        match (held, kept) {
            (None, Some((id, seen))) => match fetch(answer, name, &id) {
                Ok(key) => {
                    let mut custody = self.custody.lock().unwrap_or_else(PoisonError::into_inner);
                    custody.held.get_or_insert(Held { key, seen });
                    self.wake.notify_one();
                    true
                }
                Err(why) => {
                    tracing::warn!(why, "the key store did not give the key of the backups");
                    false
                }
            },
            (Some(held), None) if held.seen || self.settings().wrapped.is_some() => {
                let moved = move_over(answer, name, &held.key);
                let mut custody = self.custody.lock().unwrap_or_else(PoisonError::into_inner);
                // Somebody may have been shown it meanwhile.
                let seen = custody.held.as_ref().is_some_and(|held| held.seen);
                let id = held.key.id();
                let file = self.folder.join(keys::FILE);
                match moved.and_then(|()| keys::hold_elsewhere(&file, &id, seen).map_err(|error| error.to_string())) {
                    Ok(()) => custody.kept = Some((id, seen)),
                    Err(why) => {
                        tracing::warn!(why, "the key of the backups stays in its file");
                        custody.refused = true;
                    }
                }
                true
            }
            _ => true,
        }
    }
}

fn fetch(answer: &Answer, name: &str, id: &str) -> Result<DataKey, String> {
    let text = answer(Ask::Give { name })?.ok_or("it has no such key")?;
    let key = unhex(&text).map(DataKey::of).ok_or("what it gave is no key")?;
    if key.id() == id { Ok(key) } else { Err("what it gave is another key".into()) }
}

fn move_over(answer: &Answer, name: &str, key: &DataKey) -> Result<(), String> {
    answer(Ask::Keep { name, secret: &hex(key.bytes()) })?;
    fetch(answer, name, &key.id()).map(drop)
}

/// Runs for as long as the engine does.
pub async fn keep_key(app: App) {
    let Some(store) = app.backups.key_store.get().cloned() else { return };
    let Some(answer) = store.0 else { return };
    // Several installations may be on one desk.
    let name = app.data_dir.display().to_string();
    loop {
        let (app_, answer, name) = (app.clone(), answer.clone(), name.clone());
        let settled = tokio::task::spawn_blocking(move || app_.backups.settle(&*answer, &name)).await;
        let again = if settled.unwrap_or(true) { Duration::MAX } else { AGAIN };
        tokio::select! {
            () = tokio::time::sleep(again) => {}
            () = app.backups.key_changed.notified() => {}
        }
    }
}
