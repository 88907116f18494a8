//! Passwords: what a good one is, and hashing them without starving the engine.
//!
//! argon2id takes about 19 MB and some tens of milliseconds on purpose. So few run at a time, few
//! wait, and the rest are told to come back.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::error::{ApiError, Code};

/// Characters a password has at least.
pub const LENGTH_MIN: usize = 8;
/// Bytes it has at most: hashing is not a way to keep the engine busy.
pub const BYTES_MAX: usize = 256;
/// Hashes at a time.
const RUNNING_MAX: usize = 2;
/// Hashes running or waiting.
const WAITING_MAX: usize = 32;

/// Says what is missing, for garde: 8+ characters, upper, lower, digit, special.
pub fn good(password: &str, (): &()) -> garde::Result {
    let missing = [
        (password.chars().count() >= LENGTH_MIN, "at least 8 characters"),
        (password.len() <= BYTES_MAX, "at most 256 bytes"),
        (password.chars().any(char::is_lowercase), "a lower-case letter"),
        (password.chars().any(char::is_uppercase), "an upper-case letter"),
        (password.chars().any(char::is_numeric), "a digit"),
        (password.chars().any(|c| !c.is_alphanumeric()), "a special character"),
    ];
    let missing: Vec<_> = missing.iter().filter(|(has, _)| !has).map(|(_, what)| *what).collect();
    if missing.is_empty() { Ok(()) } else { Err(garde::Error::new(format!("needs {}", missing.join(", ")))) }
}

/// The same where it may be left out.
pub fn good_some(password: &Option<String>, (): &()) -> garde::Result {
    password.as_deref().map_or(Ok(()), |password| good(password, &()))
}

pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { running: Arc::new(Semaphore::new(RUNNING_MAX)), waiting: Arc::new(Semaphore::new(WAITING_MAX)) }
    }
}

impl Passwords {
    /// The PHC text to keep.
    pub async fn hash(&self, password: String) -> Result<String, ApiError> {
        self.run(move || hash(&password)).await?.map_err(ApiError::internal)
    }

    /// Whether it is the password. Without a hash it takes as long and says no, so that nobody
    /// learns from the time an answer takes which addresses have an account.
    pub async fn verify(&self, password: String, kept: Option<String>) -> Result<bool, ApiError> {
        self.run(move || match kept {
            Some(kept) => verify(&password, &kept),
            None => {
                drop(hash(&password));
                false
            }
        })
        .await
    }

    /// A PIN's hash under its restaurant's salt: the same PIN has the same hash there, so that it alone
    /// says who somebody is.
    pub async fn hash_pin(&self, pin: String, salt: [u8; 16]) -> Result<[u8; 32], ApiError> {
        let hash = move || -> Result<[u8; 32], argon2::Error> {
            let mut hash = [0; 32];
            argon2()?.hash_password_into(pin.as_bytes(), &salt, &mut hash)?;
            Ok(hash)
        };
        self.run(hash).await?.map_err(ApiError::internal)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let place = self.waiting.clone().try_acquire_owned().map_err(|_| ApiError::new(Code::Overloaded))?;
        let turn = self.running.clone().acquire_owned().await.map_err(ApiError::internal)?;
        tokio::task::spawn_blocking(move || {
            let result = work();
            drop((turn, place));
            result
        })
        .await
        .map_err(ApiError::internal)
    }
}

/// OWASP's first choice: 19 MiB, two passes, one lane. (Debug builds optimise argon2 all the same,
/// see the workspace's profiles.)
fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None)?))
}

/// The PHC text to keep. Blocking, and slow on purpose.
pub fn hash(password: &str) -> Result<String, String> {
    let argon2 = argon2().map_err(|error| error.to_string())?;
    argon2.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|error| error.to_string())
}

fn verify(password: &str, kept: &str) -> bool {
    let (Ok(argon2), Ok(kept)) = (argon2(), PasswordHash::new(kept)) else { return false };
    argon2.verify_password(password.as_bytes(), &kept).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_told_everything_it_lacks() {
        let check = |password: &str, expect: &str| {
            let told = good(password, &()).err().map_or_else(String::new, |error| error.message().to_owned());
            assert_eq!(told, expect, "{password}");
        };
        check("Trattoria-26", "");
        check("trattoria-26", "needs an upper-case letter");
        check("Aa1-", "needs at least 8 characters");
        check("password", "needs an upper-case letter, a digit, a special character");
        check("Ñandú-2026", "");
    }

    #[test]
    fn a_hash_fits_its_password_only() {
        let kept = hash("Trattoria-26").unwrap();
        assert!(kept.starts_with("$argon2id$"), "{kept}");
        assert!(verify("Trattoria-26", &kept));
        assert!(!verify("trattoria-26", &kept));
        assert!(!verify("Trattoria-26", "no hash"));
    }
}
