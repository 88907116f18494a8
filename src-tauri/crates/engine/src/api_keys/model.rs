//! What a key is good for: its tier, which says how often, and its scopes, which say what.

use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Refusal;
use crate::installation::sessions::Token;
use crate::kernel::words::words;
use crate::limits::model::Name;
use crate::staff::model::{Permission, Role};

/// Keys of a restaurant, at most.
pub const KEYS_MAX: u64 = 100;
/// Every key begins so: whoever finds one in a file knows what it is, and so does the engine.
const PREFIX: &str = "ck_";
/// Letters of a key that are kept, so that people tell keys apart: 24 of its 256 bits.
const HINT_LETTERS: usize = PREFIX.len() + 4;
/// A key that is used all the time notes it this often.
const USE_NOTED_MS: i64 = 60_000;

/// How often a program may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    Free,
    Premium,
    Creator,
    /// As often as it likes.
    Admin,
}

words!(Tier { Free = "free", Premium = "premium", Creator = "creator", Admin = "admin" });

impl Tier {
    pub const ALL: [Self; 4] = [Self::Free, Self::Premium, Self::Creator, Self::Admin];

    /// Who counts its requests. None: nobody.
    pub const fn limiter(self) -> Option<Name> {
        match self {
            Self::Free => Some(Name::Free),
            Self::Premium => Some(Name::Premium),
            Self::Creator => Some(Name::Creator),
            Self::Admin => None,
        }
    }
}

/// People are let in by people.
pub const NOT_FOR_PROGRAMS: [Permission; 2] = [Permission::KeysWrite, Permission::StaffWrite];

/// What somebody of this role may give to a program.
pub fn grantable(role: Role) -> impl Iterator<Item = Permission> {
    role.permissions().iter().copied().filter(|permission| !NOT_FOR_PROGRAMS.contains(permission))
}

/// The scopes as they are kept: each once, in the order of the table.
pub fn scopes(wanted: &[Permission], role: Role) -> Result<Vec<Permission>, Refusal> {
    let refused = wanted.iter().find(|wanted| !grantable(role).any(|granted| granted == **wanted));
    if let Some(refused) = refused {
        let message = format!("{} cannot be given to a key.", refused.as_str());
        return Err(Refusal::invalid("scopes", message));
    }
    if wanted.is_empty() {
        return Err(Refusal::invalid("scopes", "Choose what the key is for."));
    }
    Ok(grantable(role).filter(|granted| wanted.contains(granted)).collect())
}

/// A new key. Its text leaves the engine once.
pub fn mint() -> Token {
    Token::prefixed(PREFIX)
}

pub fn is_key(token: &str) -> bool {
    token.starts_with(PREFIX)
}

pub fn hint(key: &Token) -> String {
    key.as_str().chars().take(HINT_LETTERS).collect()
}

/// The key a program asks with.
#[derive(Debug)]
pub struct ApiKey {
    pub id: Uuid,
    pub tier: Tier,
    pub scopes: Vec<Permission>,
    used_ms: AtomicI64,
}

impl ApiKey {
    pub fn new(id: Uuid, tier: Tier, scopes: Vec<Permission>, used_ms: Option<i64>) -> Self {
        Self { id, tier, scopes, used_ms: AtomicI64::new(used_ms.unwrap_or(i64::MIN)) }
    }

    /// Whether this use has to be noted; true for one of those who ask at once.
    pub fn notes_use(&self, now_ms: i64) -> bool {
        let last = self.used_ms.load(Ordering::Relaxed);
        now_ms.saturating_sub(last) >= USE_NOTED_MS
            && self.used_ms.compare_exchange(last, now_ms, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_for_no_more_than_its_maker_may_and_lets_nobody_in() {
        let wanted = [Permission::ReportsRead, Permission::OrdersRead, Permission::ReportsRead];
        assert_eq!(scopes(&wanted, Role::Owner).unwrap(), [Permission::OrdersRead, Permission::ReportsRead]);
        let refused = |wanted: &[Permission], role| scopes(wanted, role).unwrap_err().field;
        for permission in NOT_FOR_PROGRAMS {
            assert_eq!(refused(&[permission], Role::Owner).as_deref(), Some("scopes"));
        }
        assert_eq!(refused(&[Permission::BackupsWrite], Role::Manager).as_deref(), Some("scopes"));
        assert_eq!(refused(&[], Role::Owner).as_deref(), Some("scopes"));
    }

    #[test]
    fn a_key_is_known_as_one_and_shows_little_of_itself() {
        let key = mint();
        assert!(is_key(key.as_str()) && !is_key(Token::mint().as_str()));
        assert_eq!(hint(&key).len(), 7);
        assert!(key.as_str().len() > 40, "{}", key.as_str().len());
    }

    #[test]
    fn a_use_is_noted_once_a_minute() {
        let key = ApiKey::new(Uuid::nil(), Tier::Free, Vec::new(), None);
        assert_eq!(
            [0, 1, 59_999, 60_000, 60_001].map(|now_ms| key.notes_use(now_ms)),
            [true, false, false, true, false]
        );
    }
}
