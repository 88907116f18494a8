//! Devices that want to be paired: a code that the host shows, a device that gives it, a person at the host who confirms.
//!
//! Invariants: a code works once and for ten minutes; who gave it has nothing until somebody at this computer confirmed
//! the same number the device shows; what is confirmed is collected once, by whoever gave the code. All of it is kept
//! in memory alone: a restart forgets it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::model::shown_number;
use super::store::{self, Device};
use crate::app::App;
use crate::error::ApiError;
use crate::installation;
use crate::installation::sessions::{Token, hashed};
use crate::kernel::ids::{self, AccountId, RestaurantId, SessionId};
use crate::sync::codes::Code;

/// How long a code may wait to be used, and a device to be confirmed.
const LIVES_MS: i64 = 10 * 60 * 1000;
/// Codes and devices that wait, at most; the one that ends first makes room.
const WAITING_MAX: usize = 32;
/// A paired device is to be paired again after so long.
const DEVICE_LIVES_MS: i64 = 400 * 24 * 60 * 60 * 1000;
/// What the list of sessions says it is.
const AGENT: &str = "house";

type Hash = [u8; 32];

/// A device that gave a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub id: Uuid,
    pub restaurant: RestaurantId,
    /// As it was typed there.
    pub name: String,
    /// What it shows.
    pub number: String,
    pub from: Option<IpAddr>,
    pub asked_ms: i64,
    pub ends_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Confirmed(AccountId),
    Refused,
}

/// How it is with a device that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    Waits(Waiting),
    Refused,
    /// Collected with this answer.
    Confirmed(Waiting, AccountId),
}

#[derive(Default)]
struct Kept {
    codes: HashMap<Hash, (RestaurantId, i64)>,
    waiting: HashMap<Hash, (Waiting, Option<Verdict>)>,
}

#[derive(Default)]
pub struct Pairings(Mutex<Kept>);

impl Pairings {
    fn kept(&self, now_ms: i64) -> MutexGuard<'_, Kept> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.codes.retain(|_, (_, ends_ms)| *ends_ms > now_ms);
        kept.waiting.retain(|_, (one, _)| one.ends_ms > now_ms);
        kept
    }

    /// A code for a device of a restaurant, and until when it is good.
    pub fn mint(&self, restaurant: RestaurantId, now_ms: i64) -> (String, i64) {
        let (code, ends_ms) = (Code::mint().shown().replace('-', ""), now_ms + LIVES_MS);
        let codes = &mut self.kept(now_ms).codes;
        let first = codes.iter().min_by_key(|(_, (_, ends_ms))| *ends_ms).map(|(hash, _)| *hash);
        if let Some(first) = first.filter(|_| codes.len() >= WAITING_MAX) {
            codes.remove(&first);
        }
        codes.insert(hashed(&code), (restaurant, ends_ms));
        (code, ends_ms)
    }

    /// Uses a code up; the token is the device's alone. None: the code is unknown, used or too old.
    pub fn ask(&self, code: &str, name: &str, from: Option<IpAddr>, now_ms: i64) -> Option<(Waiting, Token)> {
        let code = Code::read(code)?.shown().replace('-', "");
        let kept = &mut *self.kept(now_ms);
        let (restaurant, _) = kept.codes.remove(&hashed(&code))?;
        let first = kept.waiting.iter().min_by_key(|(_, (one, _))| one.ends_ms).map(|(hash, _)| *hash);
        if let Some(first) = first.filter(|_| kept.waiting.len() >= WAITING_MAX) {
            kept.waiting.remove(&first);
        }
        let taken = |number: &String| kept.waiting.values().any(|(one, _)| one.number == *number);
        let number = std::iter::repeat_with(|| shown_number(rand::random_range(0..10_000)))
            .find(|number| !taken(number))
            .unwrap_or_default();
        let waiting = Waiting {
            id: ids::mint(),
            restaurant,
            name: name.to_owned(),
            number,
            from,
            asked_ms: now_ms,
            ends_ms: now_ms + LIVES_MS,
        };
        let token = Token::mint();
        kept.waiting.insert(token.hash(), (waiting.clone(), None));
        Some((waiting, token))
    }

    /// Those nobody has answered, in the order they came.
    pub fn waiting(&self, of: RestaurantId, now_ms: i64) -> Vec<Waiting> {
        let kept = self.kept(now_ms);
        let open = kept.waiting.values().filter(|(one, verdict)| one.restaurant == of && verdict.is_none());
        let mut all: Vec<_> = open.map(|(one, _)| one.clone()).collect();
        all.sort_by_key(|one| one.id);
        all
    }

    fn judge(&self, of: RestaurantId, id: Uuid, verdict: Verdict, now_ms: i64) -> bool {
        let mut kept = self.kept(now_ms);
        let mut open = kept.waiting.values_mut().filter(|(one, before)| one.restaurant == of && before.is_none());
        let found = open.find(|(one, _)| one.id == id);
        found.map(|(_, before)| *before = Some(verdict)).is_some()
    }

    /// False: nobody waits so.
    pub fn confirm(&self, of: RestaurantId, id: Uuid, by: AccountId, now_ms: i64) -> bool {
        self.judge(of, id, Verdict::Confirmed(by), now_ms)
    }

    /// False: nobody waits so.
    pub fn refuse(&self, of: RestaurantId, id: Uuid, now_ms: i64) -> bool {
        self.judge(of, id, Verdict::Refused, now_ms)
    }

    /// None: nobody with this token waits, or has waited too long.
    pub fn look(&self, token: &str, now_ms: i64) -> Option<Looked> {
        let (hash, mut kept) = (hashed(token), self.kept(now_ms));
        let (one, verdict) = kept.waiting.get(&hash)?.clone();
        Some(match verdict {
            None => Looked::Waits(one),
            Some(verdict) => {
                kept.waiting.remove(&hash);
                match verdict {
                    Verdict::Refused => Looked::Refused,
                    Verdict::Confirmed(by) => Looked::Confirmed(one, by),
                }
            }
        })
    }
}

impl App {
    /// Makes the session of a device that was confirmed: nobody is there until a PIN is entered.
    pub async fn pair(&self, waiting: Waiting, by: AccountId) -> Result<Token, ApiError> {
        let (token, id, now_ms) = (Token::mint(), SessionId::mint(), self.clock.now_ms());
        let (hash, of) = (token.hash(), waiting.restaurant);
        let device =
            Device { id, restaurant_id: of, name: waiting.name, made_ms: now_ms, made_by: by, contact_ms: now_ms };
        self.installation
            .local(move |tx| {
                let times = (now_ms, now_ms + DEVICE_LIVES_MS);
                // No person: `Login::Device` says whose it is.
                installation::store::insert_session(tx, &hash, id, AccountId(of.0), times, AGENT)?;
                installation::store::lock_session(tx, id)?;
                store::insert_device(tx, &device)
            })
            .await?;
        tracing::info!(session = %id, restaurant = %of, by = %by, "a device was paired");
        Ok(token)
    }

    /// Ends a device's session at once. False: there is no such device.
    pub async fn shut_out(&self, of: RestaurantId, id: SessionId) -> Result<bool, ApiError> {
        let ended = self.installation.local(move |tx| {
            let found = store::delete_device(tx, of, id)?;
            if found {
                installation::store::delete_session(tx, id)?;
            }
            Ok(found)
        });
        let found = ended.await?;
        self.sessions.forget_all();
        self.house.contacts.forget(id);
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(all: &Pairings, of: RestaurantId) -> (Waiting, Token) {
        let (code, _) = all.mint(of, 0);
        all.ask(&code, "Bar", None, 1).unwrap()
    }

    #[test]
    fn a_code_works_once_and_for_ten_minutes() {
        let (all, of) = (Pairings::default(), RestaurantId::mint());
        let (code, ends_ms) = all.mint(of, 0);
        assert!(all.ask("guess", "Bar", None, 1).is_none());
        assert!(all.ask(&code.to_lowercase(), "Bar", None, 1).is_some());
        assert!(all.ask(&code, "Bar", None, 1).is_none());
        let (late, _) = all.mint(of, 0);
        assert!(all.ask(&late, "Bar", None, ends_ms).is_none());
    }

    #[test]
    fn what_nobody_confirmed_is_nothing_and_what_was_is_collected_once() {
        let (all, of, by) = (Pairings::default(), RestaurantId::mint(), AccountId::mint());
        let (waiting, token) = asked(&all, of);
        assert_eq!(all.look(token.as_str(), 2), Some(Looked::Waits(waiting.clone())));
        assert!(!all.confirm(RestaurantId::mint(), waiting.id, by, 2), "another restaurant's");
        assert!(all.confirm(of, waiting.id, by, 2));
        assert!(!all.refuse(of, waiting.id, 2) && all.waiting(of, 2).is_empty());
        assert_eq!(all.look("guess", 3), None);
        assert_eq!(all.look(token.as_str(), 3), Some(Looked::Confirmed(waiting, by)));
        assert_eq!(all.look(token.as_str(), 3), None);
    }

    #[test]
    fn who_is_refused_or_waits_too_long_gets_nothing() {
        let (all, of) = (Pairings::default(), RestaurantId::mint());
        let (waiting, token) = asked(&all, of);
        assert!(all.refuse(of, waiting.id, 2));
        assert_eq!((all.look(token.as_str(), 3), all.look(token.as_str(), 3)), (Some(Looked::Refused), None));
        let (waiting, token) = asked(&all, of);
        assert!(!all.confirm(of, waiting.id, AccountId::mint(), waiting.ends_ms));
        assert_eq!(all.look(token.as_str(), waiting.ends_ms), None);
    }

    #[test]
    fn devices_that_wait_at_the_same_time_show_different_numbers_and_do_not_pile_up() {
        let (all, of) = (Pairings::default(), RestaurantId::mint());
        for _ in 0..100 {
            asked(&all, of);
        }
        let numbers: std::collections::HashSet<_> = all.waiting(of, 2).into_iter().map(|one| one.number).collect();
        assert_eq!(numbers.len(), WAITING_MAX);
    }
}
