//! An open restaurant, as it is now or as it was: its file, and what is kept of it between two commits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use comanda_db::Database;
use rusqlite::Connection;
use tokio::sync::watch;
use uuid::Uuid;

use crate::cache::disk::line::{self, FileStamp, Place};
use crate::cache::fresh::Fresh;
use crate::cache::versions::{Tables, Versions};
use crate::kernel::ids::{AccountId, ItemId, RestaurantId, RewindId};
use crate::menu::model::Offer;
use crate::printing::desk::Bell;
use crate::restaurant::model::Settings;
use crate::sync::model::letters;
use crate::{audit, imports, menu, orders, practice, restaurant};

/// A moment of the past: which view of it, and the time it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub id: RewindId,
    pub at_ms: i64,
}

/// An open restaurant, as it is now or as it was.
pub struct Restaurant {
    pub id: RestaurantId,
    pub db: Database,
    /// Raised by every commit.
    pub versions: Arc<Versions>,
    /// Where the file stood when it was opened. None: nothing of an earlier run is believed of it.
    pub place: Option<Place>,
    letters: String,
    /// Its sequencer is another engine.
    pub is_linked: bool,
    /// Moved by every commit: linked desks wait for it, and so does this one to push.
    pub moved: watch::Sender<u64>,
    /// None: now.
    pub moment: Option<Moment>,
    /// Where screens hear of changes, if this is the house people practise in.
    pub practice: Option<RestaurantId>,
    /// What runs in the background for its audit.
    pub audit: audit::chain::Jobs,
    /// Held while documents are signed: one after the other.
    pub signing: Mutex<()>,
    /// Wakes the task that prints.
    pub bell: Arc<Bell>,
    pub imports: imports::running::Running,
    settings: Fresh<(), Arc<Settings>>,
    offers: Fresh<ItemId, Arc<Offer>>,
    countdowns: Fresh<(), Arc<HashMap<ItemId, i64>>>,
    names: Fresh<AccountId, String>,
}

impl Restaurant {
    pub(super) fn of(
        id: RestaurantId,
        db: Database,
        versions: Arc<Versions>,
        bell: Arc<Bell>,
        moment: Option<Moment>,
    ) -> Self {
        Self {
            audit: audit::chain::Jobs::default(),
            signing: Mutex::new(()),
            bell,
            letters: letters(db.epoch()),
            is_linked: false,
            moved: watch::Sender::new(0),
            imports: imports::running::Running::default(),
            id,
            db,
            versions,
            place: None,
            moment,
            practice: None,
            settings: Fresh::of(const { Tables::of(&["restaurant"]) }),
            offers: Fresh::of(const { Tables::of(menu::store::OFFER_TABLES) }),
            countdowns: Fresh::of(const { Tables::of(&["menu_countdown"]) }),
            names: Fresh::of(const { Tables::of(&["staff"]) }),
        }
    }

    /// As it was at a moment; `db` is open for reading alone.
    pub fn at(id: RestaurantId, db: Database, moment: Moment) -> Self {
        // Nothing happens there, so its bell rings for nobody.
        Self::of(id, db, Arc::default(), Arc::new(Bell::new(Arc::default())), Some(moment))
    }

    /// Its part in sync: the letters it prints, whether its sequencer is elsewhere, and who is told of commits.
    pub(super) fn in_step(self, letters: String, is_linked: bool, moved: watch::Sender<u64>) -> Self {
        Self { letters, is_linked, moved, ..self }
    }

    /// Where its file stands, which is where the next opening finds it.
    pub fn place(&self, files: FileStamp) -> rusqlite::Result<Place> {
        line::place(&self.db, files, &format!("{} {}", self.letters, self.is_linked))
    }

    /// As it was opened, before anything is written.
    pub(super) fn standing(mut self, files: FileStamp) -> Self {
        self.place = self.place(files).ok();
        self
    }

    /// The house people practise in, and where its screens hear of changes.
    pub(super) fn practised_in(self, room: RestaurantId) -> Self {
        Self { practice: Some(room), ..self }
    }

    /// The settings as of the last commit.
    pub fn settings(&self) -> Result<Arc<Settings>, rusqlite::Error> {
        let settings = |conn: &Connection| restaurant::store::settings(conn).map(|settings| Some(Arc::new(settings)));
        self.settings.get(self, (), settings)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
    }

    /// An item on the menu with what decides its price, as of the last commit.
    pub fn offer(&self, id: ItemId) -> Result<Option<Arc<Offer>>, rusqlite::Error> {
        self.offers.get(self, id, |conn| Ok(menu::store::offer(conn, id)?.map(Arc::new)))
    }

    /// Portions left of what is counted down, as of the last commit.
    pub fn countdowns(&self) -> Result<Arc<HashMap<ItemId, i64>>, rusqlite::Error> {
        let all = |conn: &Connection| menu::store::countdown::countdowns(conn).map(|all| Some(Arc::new(all)));
        Ok(self.countdowns.get(self, (), all)?.unwrap_or_default())
    }

    /// Somebody's name on the staff, as of the last commit.
    pub fn name_of(&self, account: AccountId) -> Result<Option<String>, rusqlite::Error> {
        self.names.get(self, account, |conn| orders::store::actor_name(conn, account))
    }

    /// Reads on one snapshot; short. Long reads go through `tokio::task::spawn_blocking`.
    pub fn read<T, E: From<rusqlite::Error>>(&self, f: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        self.db.read(f)
    }

    /// For what is kept of more than one of a restaurant's files: which one this is. None: the restaurant as it is.
    pub fn beside(&self) -> Option<Uuid> {
        self.moment.map(|moment| moment.id.0).or(self.practice.map(|room| room.0))
    }

    /// This device's letters on printed numbers.
    pub fn letters(&self) -> &str {
        if self.practice.is_some() { practice::model::LETTERS } else { &self.letters }
    }
}
