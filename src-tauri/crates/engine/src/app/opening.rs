//! A restaurant's file is opened, and what hears of its commits.

use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use comanda_db::{Database, OpenError};
use tokio::sync::watch;

use super::{App, Restaurant, on_this_runtime};
use crate::cache::disk::line;
use crate::cache::versions::Versions;
use crate::command::Book;
use crate::hub::{self, copies};
use crate::installation::sessions::Sessions;
use crate::installation::{files, store};
use crate::kernel::ids::RestaurantId;
use crate::metrics::instruments::Instruments;
use crate::practice::open as practices;
use crate::printing::desk::Bell;
use crate::{backups, commands, sync, tables};

/// Readings get this long to end.
const READ_TIME_MAX: Duration = Duration::from_secs(20);

/// What hears of commits to the installation's file, and where it is copied to before an update changes it.
pub(super) fn of_installation(data_dir: &Path, sessions: &Sessions, instruments: &Instruments) -> comanda_db::Options {
    let people = sessions.epoch();
    comanda_db::Options {
        meter: Some(instruments.meter("installation")),
        on_commit: Some(Box::new(move |_| {
            people.fetch_add(1, Ordering::SeqCst);
        })),
        copies: Some(backups::before_update(data_dir)),
        ..comanda_db::Options::default()
    }
}

pub(super) fn installation(path: &Path, options: comanda_db::Options) -> Result<Database, OpenError> {
    Database::open(path, tables::INSTALLATION, Book::new(commands::INSTALLATION), options)
}

impl App {
    /// Opens a restaurant of this installation; one that does not open is noted, and the others go on.
    pub(super) fn open_known(&self, id: RestaurantId) {
        let path = self.restaurant_path(id);
        let opened = match files::look(&path).filter(|_| self.hub.is_none()) {
            Some(trouble) => Err((trouble, trouble.sentence().to_owned())),
            None => self.open_restaurant(id).map_err(|error| (files::Trouble::of(&error), error.to_string())),
        };
        let read = opened.and_then(|restaurant| {
            restaurant.settings().map(drop).map_err(|error| (files::Trouble::Damaged, error.to_string()))
        });
        if let Err((trouble, why)) = read {
            tracing::error!(restaurant = %id, path = %path.display(), ?trouble, why, "a restaurant stays closed");
            self.forget_restaurant(id);
            self.unreadable.note(id, trouble);
        }
    }

    /// Opens (or makes) a restaurant's file and keeps it open. Blocking.
    pub fn open_restaurant(&self, id: RestaurantId) -> Result<Arc<Restaurant>, OpenError> {
        let versions = Arc::new(Versions::default());
        let (raised, people, changes) = (versions.clone(), self.sessions.epoch(), self.changes.clone());
        let bell = Arc::new(Bell::new(self.printing.clone()));
        let rung = bell.clone();
        let trouble = |source| OpenError::Sqlite { path: self.installation.path().to_owned(), source };
        let links = |conn: &rusqlite::Connection| {
            Ok((sync::store::link(conn, id)?, sync::store::leased(conn, id)?, sync::store::spare::own(conn, id)?))
        };
        let (link, leased, kept) = self.installation.read::<_, rusqlite::Error>(links).map_err(trouble)?;
        let moved = watch::Sender::new(0);
        let told = moved.clone();
        let options = comanda_db::Options {
            meter: Some(self.instruments.meter(&id.to_string())),
            answer_on: on_this_runtime(),
            answer_early: self.answer_early,
            sequencer: link.is_none(),
            on_commit: Some(Box::new(move |commit| {
                raised.raise(commit);
                told.send_replace(commit.entry);
                if commit.tables.iter().any(|table| table == "restaurant" || table == "staff") {
                    people.fetch_add(1, Ordering::SeqCst);
                }
                changes.announce(id, commit);
                rung.hear(commit);
            })),
            copies: Some(backups::before_update(&self.data_dir)),
            ..comanda_db::Options::default()
        };
        let path = self.restaurant_path(id);
        let files = line::file_stamp(&path);
        let book = Book::new(commands::RESTAURANT);
        let db = match &self.hub {
            None => Database::open(&path, tables::RESTAURANT, book, options)?,
            Some(hub) => copies::open(&hub.line(id), &path, hub::APART_RESTAURANT, |kept| {
                Database::open(&path, tables::RESTAURANT, book, comanda_db::Options { upstream: Some(kept), ..options })
            })?,
        };
        // Who took over keeps its letters, until the restaurant is put back.
        let kept = kept.filter(|own| own.epoch == db.epoch());
        let number = || kept.map_or_else(|| sync::model::own_number(db.epoch(), &leased), |own| own.lease);
        let own = || sync::model::letters(number());
        let letters = link.as_ref().map_or_else(own, |link| link.letters.clone());
        let restaurant = Restaurant::of(id, db, versions, bell, None).in_step(letters, link.is_some(), moved);
        let restaurant = Arc::new(restaurant.standing(files));
        let before = self.restaurants.write().unwrap_or_else(PoisonError::into_inner).insert(id, restaurant.clone());
        // Whoever waits for news of it looks again.
        if let Some(before) = before {
            before.moved.send_replace(u64::MAX);
        }
        self.sessions.forget_all();
        Ok(restaurant)
    }

    /// Closes a restaurant's file for as long as `place` puts another one there. Whoever asks meanwhile is told to come
    /// again in a moment. `busy`: somebody reads for too long, and nothing was done. Blocking.
    pub fn exchange<T, E: From<OpenError>>(
        &self,
        id: RestaurantId,
        busy: E,
        place: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(restaurant) = self.restaurant(id)
            && !restaurant.db.close_wholly(READ_TIME_MAX)
        {
            self.open_restaurant(id)?;
            return Err(busy);
        }
        let placed = place();
        // Whatever happened, what is there now is opened.
        if let Err(error) = self.open_restaurant(id) {
            self.forget_restaurant(id);
            return Err(error.into());
        }
        placed
    }

    /// Closes the installation's file for as long as `place` puts another one there, and opens what is there then with
    /// all its restaurants. `busy`: somebody reads for too long, and nothing was done. Blocking.
    pub fn exchange_installation<T, E: From<OpenError>>(
        &self,
        busy: E,
        place: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let path = self.installation.path().to_owned();
        let placed = if self.installation.close_wholly(READ_TIME_MAX) { place() } else { Err(busy) };
        let options = of_installation(&self.data_dir, &self.sessions, &self.instruments);
        self.installation.put(installation(&path, options)?);
        let known = self.installation.read(store::restaurants);
        for id in known.map_err(|source| OpenError::Sqlite { path, source })? {
            self.open_known(id);
        }
        self.sessions.forget_all();
        placed
    }

    /// Makes the file people practise in. It is in no list: nothing that goes through the restaurants finds it. Blocking.
    pub fn open_practice(&self, id: RestaurantId, path: &Path) -> Result<Restaurant, OpenError> {
        let (versions, room) = (Arc::new(Versions::default()), practices::room(id));
        let (raised, changes) = (versions.clone(), self.changes.clone());
        let options = comanda_db::Options {
            answer_on: on_this_runtime(),
            on_commit: Some(Box::new(move |commit| {
                raised.raise(commit);
                changes.announce(room, commit);
            })),
            ..comanda_db::Options::default()
        };
        let db = Database::open(path, tables::RESTAURANT, Book::new(commands::RESTAURANT), options)?;
        // Its bell rings for nobody: paper is not for practice.
        let bell = Arc::new(Bell::new(Arc::default()));
        Ok(Restaurant::of(id, db, versions, bell, None).practised_in(room))
    }
}
