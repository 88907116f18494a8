//! Link codes: what a person carries from one desk to the other.
//!
//! A code is 16 letters and digits (80 bits), works once and for ten minutes, and is kept in memory only, or in a hub's ledger. It never
//! travels: the new desk sends a proof that is derived from it, and what it is given back is sealed under a key that
//! is derived from it too. So whoever listens on the way learns neither.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::app::App;
use crate::backups::seal::DataKey;
use crate::error::ApiError;
use crate::kernel::ids::RestaurantId;

/// How long a code may wait to be used.
pub const CODE_LIVES_MS: i64 = 10 * 60 * 1000;
/// Codes that wait, at most; the one that ends first makes room.
const WAITING_MAX: usize = 16;
/// Crockford's: no letter that is read as a digit or another letter.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 16;
/// What is sealed under a code.
const ABOUT: &str = "comanda link";

/// A code as it is meant, however it was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

impl Code {
    pub fn mint() -> Self {
        let bytes: [u8; LENGTH] = rand::random();
        Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect())
    }

    /// None: it is no code.
    pub fn read(typed: &str) -> Option<Self> {
        let letters = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
        let code: String = letters.take(LENGTH + 1).collect();
        let known = |c: char| u8::try_from(c).is_ok_and(|c| ALPHABET.contains(&c));
        (code.len() == LENGTH && code.chars().all(known)).then_some(Self(code))
    }

    /// In groups of four, to be read aloud.
    pub fn shown(&self) -> String {
        self.0.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join("-")
    }

    /// Shows that somebody has the code, and nothing of the code.
    pub fn proof(&self) -> String {
        let proof = blake3::derive_key("comanda link 2026-11 proof", self.0.as_bytes());
        blake3::Hash::from_bytes(proof).to_hex().to_string()
    }

    /// What both have after linking and that never travels.
    pub fn seal_of_link(&self) -> [u8; 32] {
        blake3::derive_key("comanda link 2026-11 standing", self.0.as_bytes())
    }

    fn key(&self) -> DataKey {
        DataKey::of(blake3::derive_key("comanda link 2026-11 seal", self.0.as_bytes()))
    }

    pub fn seal(&self, plain: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut sealed = Vec::new();
        crate::backups::seal::shut(&self.key(), ABOUT, plain, &mut sealed)?;
        Ok(sealed)
    }

    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, crate::backups::seal::SealError> {
        let mut plain = Vec::new();
        crate::backups::seal::open(&self.key(), ABOUT, sealed, &mut plain)?;
        Ok(plain)
    }
}

struct Offer {
    code: Code,
    restaurant: RestaurantId,
    ends_ms: i64,
}

/// Codes that wait to be used, by their proof.
#[derive(Default)]
pub struct Codes(Mutex<HashMap<String, Offer>>);

impl Codes {
    /// A code for a restaurant, and until when it is good.
    pub fn mint(&self, restaurant: RestaurantId, now_ms: i64) -> (Code, i64) {
        let (code, ends_ms) = (Code::mint(), now_ms + CODE_LIVES_MS);
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, offer| offer.ends_ms > now_ms);
        if waiting.len() >= WAITING_MAX
            && let Some(first) = waiting.iter().min_by_key(|(_, offer)| offer.ends_ms).map(|(proof, _)| proof.clone())
        {
            waiting.remove(&first);
        }
        waiting.insert(code.proof(), Offer { code: code.clone(), restaurant, ends_ms });
        (code, ends_ms)
    }

    /// Uses a code up. None: unknown, used or too old.
    pub fn take(&self, proof: &str, now_ms: i64) -> Option<(Code, RestaurantId)> {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(proof)?;
        (taken.ends_ms > now_ms).then_some((taken.code, taken.restaurant))
    }
}

/// A code for a restaurant, and until when it is good. All processes of a hub know it.
pub async fn mint(app: &App, restaurant: RestaurantId) -> Result<(Code, i64), ApiError> {
    let now_ms = app.clock.now_ms();
    let Some(hub) = &app.hub else { return Ok(app.desks.codes.mint(restaurant, now_ms)) };
    let (code, ends_ms) = (Code::mint(), now_ms + CODE_LIVES_MS);
    hub.put_code(&code.proof(), &code.0, restaurant, ends_ms, now_ms).await?;
    Ok((code, ends_ms))
}

/// Uses a code up. None: unknown, used or too old.
pub async fn take(app: &App, proof: &str) -> Result<Option<(Code, RestaurantId)>, ApiError> {
    let now_ms = app.clock.now_ms();
    let Some(hub) = &app.hub else { return Ok(app.desks.codes.take(proof, now_ms)) };
    let taken = hub.take_code(proof).await?.filter(|(_, _, ends_ms)| *ends_ms > now_ms);
    Ok(taken.map(|(code, restaurant, _)| (Code(code), restaurant)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_and_for_ten_minutes() {
        let (codes, house) = (Codes::default(), RestaurantId::mint());
        let (code, ends_ms) = codes.mint(house, 0);
        assert_eq!(codes.take(&Code::mint().proof(), 1), None);
        assert_eq!(codes.take(&code.proof(), 1), Some((code.clone(), house)));
        assert_eq!(codes.take(&code.proof(), 2), None);
        let (late, _) = codes.mint(house, 0);
        assert_eq!(codes.take(&late.proof(), ends_ms), None);
    }

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Code::mint();
        assert_eq!(Code::read(&code.shown()), Some(code.clone()));
        assert_eq!(Code::read(&format!("  {} ", code.shown().to_lowercase().replace('-', " "))), Some(code.clone()));
        assert_eq!(Code::read("0il0-0000-0000-0000"), Code::read("0110 0000 0000 OOOO"));
        for wrong in ["", "ABCD", "UUUU-0000-0000-0000", &format!("{}0", code.shown())] {
            assert_eq!(Code::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_sealed_opens_with_the_code_alone() {
        let code = Code::mint();
        let sealed = code.seal(b"the key").unwrap();
        assert_eq!(code.open(&sealed).unwrap(), b"the key");
        assert!(Code::mint().open(&sealed).is_err());
        assert!(!code.proof().contains(&code.0));
    }
}
