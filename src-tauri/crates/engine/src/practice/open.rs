//! The practice houses that are open: one a restaurant at most, for as long as a session is in it.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use comanda_db::{Class, Commit};

use super::commands::FurnishPractice;
use super::store;
use crate::app::{App, Restaurant};
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::PRACTICE;
use crate::kernel::ids::{self, RestaurantId, SessionId};
use crate::tables;

/// Where the files are, in the data directory.
const FOLDER: &str = "practice";

struct House {
    restaurant: Arc<Restaurant>,
    since_ms: i64,
    sessions: HashSet<SessionId>,
    // Last: closed before its file goes.
    #[expect(dead_code, reason = "held, not read: the file goes when this is dropped")]
    file: File,
}

/// A file that goes with its house.
struct File(PathBuf);

impl Drop for House {
    fn drop(&mut self) {
        self.restaurant.db.close();
    }
}

impl Drop for File {
    fn drop(&mut self) {
        for ending in ["", "-wal", "-shm"] {
            let mut path = self.0.clone().into_os_string();
            path.push(ending);
            if let Err(error) = std::fs::remove_file(&path)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, ?path, "a practice file stays until the next start");
            }
        }
    }
}

/// How many practise, and since when there is something to practise in.
pub struct Practising {
    pub since_ms: i64,
    pub sessions: usize,
    pub is_in: bool,
}

#[derive(Default)]
pub struct Practices {
    open: Mutex<HashMap<RestaurantId, House>>,
    /// One is made at a time.
    making: Mutex<()>,
}

impl Practices {
    /// The house a session practises in.
    pub fn of(&self, restaurant: RestaurantId, session: SessionId) -> Result<Arc<Restaurant>, Refusal> {
        let open = self.all();
        let house = open.get(&restaurant).filter(|house| house.sessions.contains(&session));
        house.map(|house| house.restaurant.clone()).ok_or_else(|| {
            let message = "Practice has ended on this device. Go back to work, or begin again.";
            Refusal::new(Code::NotFound, message).at(PRACTICE.as_str())
        })
    }

    pub fn state(&self, restaurant: RestaurantId, session: SessionId) -> Option<Practising> {
        let open = self.all();
        open.get(&restaurant).map(|house| Practising {
            since_ms: house.since_ms,
            sessions: house.sessions.len(),
            is_in: house.sessions.contains(&session),
        })
    }

    /// Takes a session out. The house goes with its last one. False: it was in none.
    pub fn leave(&self, restaurant: RestaurantId, session: SessionId) -> bool {
        let mut open = self.all();
        let Some(house) = open.get_mut(&restaurant) else { return false };
        let was_in = house.sessions.remove(&session);
        // Closed and removed outside the lock.
        let gone = if house.sessions.is_empty() { open.remove(&restaurant) } else { None };
        drop(open);
        drop(gone);
        was_in
    }

    /// Closes all: the engine stops.
    pub fn close_all(&self) {
        let all = std::mem::take(&mut *self.all());
        drop(all);
    }

    fn all(&self) -> MutexGuard<'_, HashMap<RestaurantId, House>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where screens in practice hear of changes: apart from those at work.
pub fn room(restaurant: RestaurantId) -> RestaurantId {
    RestaurantId(ids::derived(&[b"practice", restaurant.0.as_bytes()]))
}

/// Removes what an engine that was killed left behind.
pub fn clear(data_dir: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(data_dir.join(FOLDER)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Puts a session into practice: into the house there is, or (`afresh`, or there is none) a new one, which everybody in
/// the old one is then in. Blocking.
pub fn enter(app: &App, restaurant: &Restaurant, session: SessionId, afresh: bool) -> Result<(), ApiError> {
    let _alone = app.practices.making.lock().unwrap_or_else(PoisonError::into_inner);
    if !afresh && let Some(house) = app.practices.all().get_mut(&restaurant.id) {
        house.sessions.insert(session);
        return Ok(());
    }
    let mut house = make(app, restaurant)?;
    let mut open = app.practices.all();
    let before = open.remove(&restaurant.id);
    house.sessions.extend(before.iter().flat_map(|before| &before.sessions).copied());
    house.sessions.insert(session);
    open.insert(restaurant.id, house);
    drop(open);
    if before.is_some() {
        // The others look at what is gone.
        let tables = tables::RESTAURANT.tables.iter().filter(|table| table.class == Class::Synced);
        let tables = tables.map(|table| table.name.to_owned()).collect();
        app.changes.announce(room(restaurant.id), &Commit { entry: 0, tables });
    }
    Ok(())
}

fn make(app: &App, restaurant: &Restaurant) -> Result<House, ApiError> {
    let folder = app.data_dir.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(ApiError::internal)?;
    let file = File(folder.join(format!("{}.db", ids::mint())));
    let furniture = restaurant.read(store::furniture)?;
    let practice = app.open_practice(restaurant.id, &file.0).map_err(ApiError::internal)?;
    let house = House { restaurant: Arc::new(practice), since_ms: app.clock.now_ms(), sessions: HashSet::new(), file };
    let write = FurnishPractice { tables: furniture };
    app.write_blocking(&house.restaurant.db, restaurant.id.0, ids::mint(), &write)?;
    Ok(house)
}
