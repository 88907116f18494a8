//! Sessions: bearer tokens, who holds them, and looking them up at the cost of one hash.
//!
//! A token is 32 random bytes; only its blake3 is kept. Who it belongs to, and what they are in
//! which restaurant, is read once and remembered until the epoch moves: every change to accounts,
//! staff or sessions moves it, so a revoked session or a changed role holds from the next request on.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::store::{self, Login};
use crate::api_keys::model::is_key;
use crate::app::App;
use crate::error::{ApiError, Code};
use crate::front::here::Caller;
use crate::kernel::ids::{AccountId, RestaurantId, SessionId, StaffId};
use crate::staff;
use crate::staff::model::Role;

/// A session ends this long after logging in.
const SESSION_LIVES_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// Remembered callers, at most; beyond it all are read again.
const REMEMBERED_MAX: usize = 10_000;

/// A secret text for the wire. Shows itself to nobody but `as_str`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    pub fn mint() -> Self {
        let bytes: [u8; 32] = rand::random();
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// One that begins so.
    pub fn prefixed(prefix: &str) -> Self {
        Self(format!("{prefix}{}", Self::mint().0))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn hash(&self) -> [u8; 32] {
        hashed(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

pub fn hashed(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

struct Remembered {
    epoch: u64,
    caller: Arc<Caller>,
}

/// Callers by the hash of their token, each with the epoch it was read in.
#[derive(Default)]
pub struct Sessions {
    epoch: Arc<AtomicU64>,
    remembered: RwLock<HashMap<[u8; 32], Remembered>>,
}

impl Sessions {
    /// For those who change what a caller is.
    pub fn epoch(&self) -> Arc<AtomicU64> {
        self.epoch.clone()
    }

    /// Everybody is read again at their next request.
    pub fn forget_all(&self) {
        self.epoch.fetch_add(1, Ordering::SeqCst);
    }

    fn recall(&self, hash: &[u8; 32], epoch: u64) -> Option<Arc<Caller>> {
        let remembered = self.remembered.read().unwrap_or_else(PoisonError::into_inner);
        remembered.get(hash).filter(|known| known.epoch == epoch).map(|known| known.caller.clone())
    }

    fn remember(&self, hash: [u8; 32], epoch: u64, caller: Arc<Caller>) {
        let mut remembered = self.remembered.write().unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        remembered.insert(hash, Remembered { epoch, caller });
    }
}

impl App {
    /// Who holds this token. None: nobody, or not any more.
    pub fn caller(&self, token: &str) -> Result<Option<Arc<Caller>>, ApiError> {
        let hash = hashed(token);
        // Taken before reading: what changes meanwhile makes the next request read again.
        let epoch = self.sessions.epoch.load(Ordering::SeqCst);
        let caller = match self.sessions.recall(&hash, epoch) {
            Some(caller) => caller,
            None => {
                let read = if is_key(token) { self.read_program(&hash)? } else { self.read_caller(&hash)? };
                let Some(caller) = read else { return Ok(None) };
                let caller = Arc::new(caller);
                self.sessions.remember(hash, epoch, caller.clone());
                caller
            }
        };
        Ok((caller.expires_ms > self.clock.now_ms()).then_some(caller))
    }

    fn read_caller(&self, hash: &[u8; 32]) -> Result<Option<Caller>, ApiError> {
        let Some(session) = self.installation.read(|conn| store::session(conn, hash))? else { return Ok(None) };
        self.seat(session).map(Some)
    }

    /// Who sits in a session now.
    fn seat(&self, session: store::Session) -> Result<Caller, ApiError> {
        let account = match session.login {
            Login::Person(account) => account,
            Login::Device { of, ref name } => return self.seat_device(&session, of, name.clone()),
        };
        let mut home = Vec::new();
        for restaurant in self.restaurants() {
            let found = restaurant.read(|conn| staff::store::place_of(conn, account.id))?;
            home.extend(found.map(|(staff_id, role)| (restaurant.id, staff_id, role)));
        }
        let mut caller = Caller {
            account_id: account.id,
            session_id: session.id,
            login_id: account.id,
            name: account.name,
            email: Some(account.email),
            expires_ms: session.expires_ms,
            places: Vec::new(),
            home,
            locked: session.locked,
            key: None,
            device: false,
        };
        match session.person {
            _ if caller.locked => {}
            None => caller.places.clone_from(&caller.home),
            Some((place, person)) => self.seat_person(&mut caller, place, person)?,
        }
        Ok(caller)
    }

    /// A paired browser: nobody, until somebody of its restaurant enters a PIN. Wrong ones are counted for it and for
    /// all of the restaurant's devices together.
    fn seat_device(&self, session: &store::Session, of: RestaurantId, name: String) -> Result<Caller, ApiError> {
        let nobody = AccountId(of.0);
        let mut caller = Caller {
            account_id: nobody,
            session_id: session.id,
            login_id: nobody,
            name,
            email: None,
            expires_ms: session.expires_ms,
            places: Vec::new(),
            // Of nobody on the staff; the role says nothing, because nobody is in it.
            home: vec![(of, StaffId(Uuid::nil()), Role::Waiter)],
            locked: session.locked || session.person.is_none(),
            key: None,
            device: true,
        };
        if let Some((place, person)) = session.person.filter(|_| !caller.locked) {
            self.seat_person(&mut caller, place, person)?;
        }
        Ok(caller)
    }

    /// Puts whoever entered a PIN in the place of whoever logged in. Who left the staff since leaves
    /// a locked screen behind.
    fn seat_person(&self, caller: &mut Caller, place: RestaurantId, person: AccountId) -> Result<(), ApiError> {
        let restaurant = self.restaurant(place).filter(|_| caller.is_home(place));
        let member = match restaurant {
            Some(restaurant) => restaurant.read(|conn| staff::store::by_account(conn, person))?,
            None => None,
        };
        let Some(member) = member.filter(|member| member.active) else {
            caller.locked = true;
            return Ok(());
        };
        let account = self.installation.read(|conn| store::account_by_id(conn, person))?;
        caller.account_id = person;
        caller.name = member.name;
        caller.email = account.map(|account| account.email);
        caller.places = vec![(place, member.id, member.role)];
        Ok(())
    }

    /// Somebody entered their PIN here: the session is theirs until the next one does.
    pub async fn take_over(&self, caller: &Caller, place: RestaurantId, person: AccountId) -> Result<Caller, ApiError> {
        let (id, login_id) = (caller.session_id, caller.login_id);
        // Who logged in needs no PIN to be who they are.
        let person = (person != login_id).then_some((place, person));
        self.installation.local(move |tx| store::set_person(tx, id, person)).await?;
        self.sessions.forget_all();
        let session = self.installation.read(|conn| store::session_by_id(conn, id))?;
        self.seat(session.ok_or_else(|| ApiError::new(Code::Unauthenticated))?)
    }

    /// Nobody is there until a PIN is entered.
    pub async fn lock(&self, id: SessionId) -> Result<(), ApiError> {
        self.installation.local(move |tx| store::lock_session(tx, id)).await?;
        self.sessions.forget_all();
        Ok(())
    }

    /// Starts a session.
    pub async fn log_in(&self, account_id: AccountId, agent: String) -> Result<Token, ApiError> {
        let token = Token::mint();
        let (hash, id, now_ms) = (token.hash(), SessionId::mint(), self.clock.now_ms());
        self.installation
            .local(move |tx| {
                store::insert_session(tx, &hash, id, account_id, (now_ms, now_ms + SESSION_LIVES_MS), &agent)
            })
            .await?;
        Ok(token)
    }

    /// Ends a session; its token is nobody's from the next request on.
    pub async fn log_out(&self, id: SessionId) -> Result<(), ApiError> {
        self.installation.local(move |tx| store::delete_session(tx, id)).await?;
        self.sessions.forget_all();
        Ok(())
    }

    /// Ends every session of somebody.
    pub async fn log_out_everywhere(&self, account_id: AccountId) -> Result<(), ApiError> {
        self.installation.local(move |tx| store::delete_sessions_of(tx, account_id)).await?;
        self.sessions.forget_all();
        Ok(())
    }
}
