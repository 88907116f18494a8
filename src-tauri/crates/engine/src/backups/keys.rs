//! The installation's data key: a file beside the data that only its owner may read, the recovery key that is the
//! same key for a drawer, and the same key under a passphrase for who keeps none in a drawer.
//!
//! A key is never replaced while backups exist that need it. The recovery key is shown until it was written down; a passphrase is
//! stretched with argon2id and only wraps the key, in a file that lies in every target and opens nothing by itself.

use std::io::Write;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use super::seal::{self, DataKey, hex, unhex};

/// Without letters that are mistaken for digits.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 52 characters hold 256 bits, four check them.
const KEY_CHARS: usize = 52;
const CHECK_CHARS: usize = 4;
/// Two groups, typed back.
const PROOF_CHARS: usize = 8;
/// OWASP's second choice, as this is done rarely: 46 MiB, one pass, one lane.
const MEMORY_KIB: u32 = 47_104;
pub const PASSPHRASE_MIN: usize = 12;
pub const PASSPHRASE_MAX: usize = 256;

/// The key's file in the folder of the backups.
pub const FILE: &str = "key.json";

#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key of the backups is in the key store of this computer's desktop, which does not give it")]
    OutOfReach,
    #[error("the key of the backups cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("the key file {0} is no key")]
    File(PathBuf),
    #[error("this is no recovery key: it has 56 letters and digits, and a check that does not fit")]
    Recovery,
    #[error("the passphrase does not open this key")]
    Passphrase,
}

/// As it lies beside the data.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// The id of the key that is in the system's key store.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<String>,
    /// Somebody has written the recovery key down, and typed its end back.
    seen: bool,
}

/// The key, and whether its recovery key was written down.
#[derive(Debug, Clone)]
pub struct Held {
    pub key: DataKey,
    pub seen: bool,
}

/// What the key's file says.
#[derive(Debug, Clone)]
pub enum OnDisk {
    Here(Held),
    /// It is in the system's key store.
    Kept {
        id: String,
        seen: bool,
    },
}

/// The key wrapped in a passphrase: lies in the targets.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrapped {
    pub key_id: String,
    memory_kib: u32,
    salt: String,
    /// The key, shut with what the passphrase makes.
    wrapped: String,
}

/// The key of a folder; None: there is none yet.
pub fn on_disk(path: &Path) -> Result<Option<OnDisk>, KeyError> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let no_key = || KeyError::File(path.to_owned());
    let KeyFile { key, kept, seen } = serde_json::from_slice(&text).map_err(|_| no_key())?;
    let found = match (key, kept) {
        (Some(key), None) => OnDisk::Here(Held { key: unhex(&key).map(DataKey::of).ok_or_else(no_key)?, seen }),
        (None, Some(id)) => OnDisk::Kept { id, seen },
        _ => return Err(no_key()),
    };
    Ok(Some(found))
}

/// The key that lies in a file. None: it does not, or not there.
pub fn held(path: &Path) -> Result<Option<Held>, KeyError> {
    Ok(on_disk(path)?.and_then(|found| if let OnDisk::Here(held) = found { Some(held) } else { None }))
}

pub fn hold(path: &Path, held: &Held) -> Result<(), KeyError> {
    write_key(path, &KeyFile { key: Some(hex(held.key.bytes())), kept: None, seen: held.seen })
}

/// Notes that the key is in the system's key store, in the place of the key.
pub fn hold_elsewhere(path: &Path, id: &str, seen: bool) -> Result<(), KeyError> {
    write_key(path, &KeyFile { key: None, kept: Some(id.to_owned()), seen })
}

fn write_key(path: &Path, file: &KeyFile) -> Result<(), KeyError> {
    let text = serde_json::to_vec(file).map_err(std::io::Error::other)?;
    Ok(write_own(path, &text)?)
}

/// Writes a file that only its owner may read, whole or not at all.
pub fn write_own(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // Of its own: two who write at once do not write into each other's.
    let aside = path.with_extension(format!("{}.new", uuid::Uuid::now_v7()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&aside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&aside, path)
    });
    if written.is_err() {
        drop(std::fs::remove_file(&aside));
    }
    written
}

/// The key as people write it down: fourteen groups of four.
pub fn recovery(key: &DataKey) -> String {
    let check = blake3::derive_key("comanda backup 2026-11 recovery check", key.bytes());
    let text: Vec<u8> = letters(key.bytes(), KEY_CHARS).chain(letters(&check, CHECK_CHARS)).collect();
    let groups: Vec<_> = text.chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join("-")
}

/// What somebody typed, as it was meant: without what stands between, and letters for the digits they look like.
fn meant(text: &str) -> Vec<u8> {
    let meant = |letter: u8| match letter.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        other => other,
    };
    text.bytes().filter(u8::is_ascii_alphanumeric).map(meant).collect()
}

/// Whether somebody has a recovery key before them: they typed its last groups, or more of it.
pub fn ends_with(recovery: &str, typed: &str) -> bool {
    let typed = meant(typed);
    typed.len() >= PROOF_CHARS && meant(recovery).ends_with(&typed)
}

pub fn from_recovery(text: &str) -> Result<DataKey, KeyError> {
    let letters = meant(text);
    if letters.len() != KEY_CHARS + CHECK_CHARS {
        return Err(KeyError::Recovery);
    }
    let mut key = [0u8; 32];
    for (at, letter) in letters[..KEY_CHARS].iter().enumerate() {
        let value = ALPHABET.iter().position(|known| known == letter).ok_or(KeyError::Recovery)?;
        for bit in 0..5 {
            let place = at * 5 + bit;
            if place < 256 && value >> (4 - bit) & 1 == 1 {
                key[place / 8] |= 0x80 >> (place % 8);
            }
        }
    }
    let key = DataKey::of(key);
    let said: Vec<u8> = recovery(&key).bytes().filter(u8::is_ascii_alphanumeric).collect();
    if said[KEY_CHARS..] == letters[KEY_CHARS..] { Ok(key) } else { Err(KeyError::Recovery) }
}

fn letters(bytes: &[u8], count: usize) -> impl Iterator<Item = u8> {
    let bit = |place: usize| bytes.get(place / 8).map_or(0, |byte| usize::from(byte >> (7 - place % 8) & 1));
    (0..count).map(move |at| ALPHABET[(0..5).fold(0, |value, n| value << 1 | bit(at * 5 + n))])
}

pub fn wrap(key: &DataKey, passphrase: &str) -> Result<Wrapped, KeyError> {
    let salt: [u8; 16] = rand::random();
    let mut wrapped = Vec::new();
    let stretched = stretch(passphrase, &salt, MEMORY_KIB)?;
    seal::shut(&stretched, &key.id(), key.bytes().as_slice(), &mut wrapped)?;
    Ok(Wrapped { key_id: key.id(), memory_kib: MEMORY_KIB, salt: hex(&salt), wrapped: hex(&wrapped) })
}

pub fn unwrap_with(wrapped: &Wrapped, passphrase: &str) -> Result<DataKey, KeyError> {
    let salt: [u8; 16] = unhex(&wrapped.salt).ok_or(KeyError::Passphrase)?;
    // What a file asks for must not decide how much memory is taken.
    if wrapped.memory_kib > 4 * MEMORY_KIB {
        return Err(KeyError::Passphrase);
    }
    let bytes: Option<Vec<u8>> = (0..wrapped.wrapped.len() / 2)
        .map(|at| u8::from_str_radix(wrapped.wrapped.get(at * 2..at * 2 + 2)?, 16).ok())
        .collect();
    let mut plain = Vec::new();
    let stretched = stretch(passphrase, &salt, wrapped.memory_kib)?;
    seal::open(&stretched, &wrapped.key_id, &*bytes.unwrap_or_default(), &mut plain)
        .map_err(|_| KeyError::Passphrase)?;
    plain.try_into().map(DataKey::of).map_err(|_| KeyError::Passphrase)
}

fn stretch(passphrase: &str, salt: &[u8], memory_kib: u32) -> Result<DataKey, KeyError> {
    let mut key = [0; 32];
    let stretched = Params::new(memory_kib, 1, 1, Some(32)).and_then(|params| {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
            passphrase.as_bytes(),
            salt,
            &mut key,
        )
    });
    stretched.map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(DataKey::of(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recovery_key_read_aloud_is_the_key() {
        // Enough keys that an O for a 0 falls on the letters of the key and on those of its check.
        for number in 0..64 {
            let key = DataKey::of([number; 32]);
            let text = recovery(&key);
            assert_eq!(text.len(), 14 * 4 + 13);
            assert_eq!(from_recovery(&text).unwrap(), key);
            let heard = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
            assert_eq!(from_recovery(&heard).unwrap(), key, "{heard}");
        }
    }

    #[test]
    fn a_mistyped_recovery_key_is_refused() {
        let text = recovery(&DataKey::of([3; 32]));
        for at in 0..text.len() {
            let mut typed = text.clone().into_bytes();
            if typed[at] == b'-' {
                continue;
            }
            typed[at] = if typed[at] == b'7' { b'8' } else { b'7' };
            assert!(from_recovery(&String::from_utf8(typed).unwrap()).is_err(), "letter {at}");
        }
        assert!(from_recovery("").is_err());
        assert!(from_recovery(&text[5..]).is_err());
    }

    #[test]
    fn a_key_is_proved_by_its_last_two_groups_or_all_of_it() {
        let text = recovery(&DataKey::of([3; 32]));
        let end = &text[text.len() - 9..];
        for typed in [&text, end, &end.to_lowercase(), &end.replace('-', ""), &format!(" {end} ")] {
            assert!(ends_with(&text, typed), "{typed}");
        }
        for typed in ["", "-", &end[1..], &end[5..], &text[..9], &text[..text.len() - 1], "0000-0000"] {
            assert!(!ends_with(&text, typed), "{typed}");
        }
    }

    #[test]
    fn a_passphrase_opens_its_own_key_only() {
        let key = DataKey::mint();
        let wrapped = wrap(&key, "four blue plates of soup").unwrap();
        assert_eq!(unwrap_with(&wrapped, "four blue plates of soup").unwrap(), key);
        assert!(unwrap_with(&wrapped, "four blue plates of soap").is_err());
        let other = Wrapped { key_id: DataKey::mint().id(), ..wrapped };
        assert!(unwrap_with(&other, "four blue plates of soup").is_err());
    }
}
