//! One-time codes: what the printed link and the window carry instead of a token.
//!
//! A code is random, works once and for ten minutes, and is kept hashed in memory only: a restart
//! forgets them all. So are the tokens that setting up needs, which a set-up code is exchanged for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::sessions::{Token, hashed};

/// How long a code may wait to be used.
const CODE_LIVES_MS: i64 = 10 * 60 * 1000;
/// How long somebody may take to fill the first-run form.
const SETUP_TOKEN_LIVES_MS: i64 = 12 * 60 * 60 * 1000;
/// Codes that wait, at most; the one that ends first makes room.
const WAITING_MAX: usize = 64;

/// What a code is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To set the installation up.
    Setup,
    /// A session for the owner, for whoever sits at this machine's console.
    Console,
}

#[derive(Default)]
pub struct Codes {
    codes: Mutex<HashMap<[u8; 32], (Purpose, i64)>>,
    setup_tokens: Mutex<HashMap<[u8; 32], i64>>,
}

impl Codes {
    pub fn mint(&self, purpose: Purpose, now_ms: i64) -> Token {
        let code = Token::mint();
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, (_, ends_ms)| *ends_ms > now_ms);
        keep_room(&mut codes, |(_, ends_ms)| *ends_ms);
        codes.insert(code.hash(), (purpose, now_ms + CODE_LIVES_MS));
        code
    }

    /// Uses a code up. None: unknown, used or too old.
    pub fn take(&self, code: &str, now_ms: i64) -> Option<Purpose> {
        let taken = self.codes.lock().unwrap_or_else(PoisonError::into_inner).remove(&hashed(code));
        taken.filter(|(_, ends_ms)| *ends_ms > now_ms).map(|(purpose, _)| purpose)
    }

    pub fn mint_setup_token(&self, now_ms: i64) -> Token {
        let token = Token::mint();
        let mut tokens = self.setup_tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, ends_ms| *ends_ms > now_ms);
        keep_room(&mut tokens, |ends_ms| *ends_ms);
        tokens.insert(token.hash(), now_ms + SETUP_TOKEN_LIVES_MS);
        token
    }

    pub fn is_setup_token(&self, token: &str, now_ms: i64) -> bool {
        let tokens = self.setup_tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(&hashed(token)).is_some_and(|ends_ms| *ends_ms > now_ms)
    }
}

fn keep_room<V>(waiting: &mut HashMap<[u8; 32], V>, ends_ms: impl Fn(&V) -> i64) {
    if waiting.len() < WAITING_MAX {
        return;
    }
    if let Some(first) = waiting.iter().min_by_key(|(_, value)| ends_ms(value)).map(|(hash, _)| *hash) {
        waiting.remove(&first);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once() {
        let codes = Codes::default();
        let code = codes.mint(Purpose::Setup, 0);
        assert_eq!(codes.take(code.as_str(), 1), Some(Purpose::Setup));
        assert_eq!(codes.take(code.as_str(), 2), None);
        assert_eq!(codes.take("guess", 2), None);
    }

    #[test]
    fn a_code_is_too_old_after_ten_minutes() {
        let codes = Codes::default();
        let code = codes.mint(Purpose::Console, 0);
        assert_eq!(codes.take(code.as_str(), CODE_LIVES_MS), None);
    }

    #[test]
    fn codes_that_nobody_uses_do_not_pile_up() {
        let codes = Codes::default();
        let minted: Vec<_> = (0..100).map(|at| codes.mint(Purpose::Setup, at)).collect();
        assert_eq!(codes.codes.lock().unwrap().len(), WAITING_MAX);
        assert_eq!(codes.take(minted[99].as_str(), 100), Some(Purpose::Setup));
        assert_eq!(codes.take(minted[0].as_str(), 100), None);
    }
}
