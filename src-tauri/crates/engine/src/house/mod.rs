//! The door of the house: tablets, kitchen screens and other desks of the restaurant's own network come in by it.
//!
//! Shut unless an owner opens it. Open, the same routes answer on a second listener: over TLS with a certificate of the
//! house's own authority, to names and addresses of this computer alone, and to nobody from outside the house. A browser
//! that was paired has a session that shows the PIN pad of one restaurant and nothing else until somebody enters theirs.
//!
//! Invariants: what is for whoever sits at this computer (`front::here::AtDesk`) is refused to those who came by this
//! door; the authority may vouch for the house's names and addresses alone; no name of a restaurant is announced.

pub mod authority;
pub mod contact;
pub mod door;
pub mod keeper;
pub mod model;
pub mod names;
pub mod pairing;
pub mod routes;
pub mod store;
pub mod voice;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use tokio::sync::{mpsc, oneshot};

use self::authority::Authority;
use self::contact::Contacts;
use self::model::Wanted;
use self::names::Names;
use self::pairing::Pairings;
use crate::error::{ApiError, Refusal};

/// How the door stands.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    pub is_open: bool,
    /// Why it is not open though it should be: a sentence.
    pub trouble: Option<String>,
    /// Why this computer is not found by its name: a sentence.
    pub unheard: Option<String>,
    /// Of the certificate that is shown.
    pub certificate_ends_ms: Option<i64>,
}

/// Asks the keeper to open or shut the door; it answers with what came of it.
pub type Ask = (Wanted, oneshot::Sender<Result<(), String>>);

pub struct House {
    folder: PathBuf,
    authority: OnceLock<Arc<Authority>>,
    /// What the door answers to.
    pub names: Arc<Names>,
    pub pairings: Pairings,
    pub contacts: Contacts,
    standing: RwLock<Standing>,
    keeper: OnceLock<mpsc::Sender<Ask>>,
}

impl House {
    pub fn open(folder: PathBuf) -> std::io::Result<Self> {
        let house = Self {
            authority: OnceLock::new(),
            names: Arc::default(),
            pairings: Pairings::default(),
            contacts: Contacts::default(),
            standing: RwLock::default(),
            keeper: OnceLock::new(),
            folder,
        };
        if let Some(authority) = Authority::read(&house.folder)? {
            house.authority.get_or_init(|| Arc::new(authority));
        }
        Ok(house)
    }

    /// None: the door was never opened.
    pub fn authority(&self) -> Option<Arc<Authority>> {
        self.authority.get().cloned()
    }

    /// Makes it the first time.
    fn authority_or_new(&self) -> std::io::Result<Arc<Authority>> {
        if let Some(authority) = self.authority.get() {
            return Ok(authority.clone());
        }
        let made = Arc::new(Authority::make(&self.folder)?);
        Ok(self.authority.get_or_init(|| made).clone())
    }

    pub fn standing(&self) -> Standing {
        self.standing.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn stands(&self, change: impl FnOnce(&mut Standing)) {
        change(&mut self.standing.write().unwrap_or_else(PoisonError::into_inner));
    }

    /// For the keeper, once.
    pub fn asks(&self) -> mpsc::Receiver<Ask> {
        let (sender, receiver) = mpsc::channel(4);
        self.keeper.get_or_init(|| sender);
        receiver
    }

    /// Opens or shuts the door, and waits until that is done. What stands in the way is for a person to read.
    pub async fn set(&self, wanted: Wanted) -> Result<(), ApiError> {
        let gone = || ApiError::internal("nobody keeps the door");
        let (answer, answered) = oneshot::channel();
        self.keeper.get().ok_or_else(gone)?.send((wanted, answer)).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?.map_err(|trouble| Refusal::conflict(trouble).at("port").into())
    }
}
