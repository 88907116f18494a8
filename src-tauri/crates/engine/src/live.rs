//! Live updates: what changed is told to the screens of a restaurant, and they refetch it.
//!
//! After a commit its tables become features (`tables::features_of`) and are gathered here; a task
//! sends what has gathered. Nothing grows while a restaurant is busy: there is one mark for each
//! restaurant and feature, and a screen never needs more than "refetch orders". A few things are told by their own
//! name too, for what a person is to notice on any page: an event.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use comanda_db::Commit;
use serde::{Deserialize, Serialize};
use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, State, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::layer::SocketIoLayer;
use tokio::sync::Notify;

use crate::app::{App, Restaurant};
use crate::events::kinds::{Kind, Kinds};
use crate::events::line::{self, Follower};
use crate::events::position::Position;
use crate::front::here::Caller;
use crate::kernel::ids::RestaurantId;
use crate::tables;

/// Screens are told at most this often; what happens in between is told together.
const PAUSE: Duration = Duration::from_millis(50);
/// Largest message a screen may send: it only ever says who it is.
const MESSAGE_BYTES_MAX: u64 = 4 * 1024;

/// Messages that wait for one listener, at most.
const WAITING_MAX: usize = 512;

/// What gathered since it was last sent.
#[derive(Default)]
pub struct Changes {
    waiting: Mutex<HashMap<RestaurantId, Change>>,
    events: Mutex<Vec<Event>>,
    some: Notify,
}

/// Something people are told of by its own name, besides what changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub name: &'static str,
    pub says: serde_json::Value,
    room: RestaurantId,
}

/// Events kept until they are sent. More come only when nothing is sent any more; what changed says the same.
const EVENTS_MAX: usize = 1_000;

/// Features as bits in the order of `tables::FEATURES`, and the last journal entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Change {
    bits: u32,
    pub entry: u64,
}

impl Change {
    fn of(commit: &Commit) -> Self {
        let mut bits = 0;
        for table in &commit.tables {
            for feature in tables::features_of(table) {
                bits |= tables::FEATURES.iter().position(|known| known == feature).map_or(0, |at| 1 << at);
            }
        }
        Self { bits, entry: commit.entry }
    }

    pub fn features(self) -> Vec<&'static str> {
        tables::FEATURES.iter().enumerate().filter(|(at, _)| self.bits & (1 << at) != 0).map(|(_, f)| *f).collect()
    }
}

impl Changes {
    /// Called on the writer's thread.
    pub fn announce(&self, restaurant: RestaurantId, commit: &Commit) {
        let change = Change::of(commit);
        if change.bits == 0 {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let gathered = waiting.entry(restaurant).or_default();
        gathered.bits |= change.bits;
        gathered.entry = gathered.entry.max(change.entry);
        drop(waiting);
        self.some.notify_one();
    }

    /// Tells the screens of a restaurant, or those that practise there, of something by its name. After its commit.
    pub fn tell(&self, restaurant: &Restaurant, name: &'static str, says: serde_json::Value) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        if events.len() < EVENTS_MAX {
            events.push(Event { name, says, room: restaurant.practice.unwrap_or(restaurant.id) });
        }
        drop(events);
        self.some.notify_one();
    }

    /// Something of this feature changed that is in no commit; `entry` is the last one.
    pub fn touch(&self, restaurant: RestaurantId, feature: &'static str, entry: u64) {
        let Some(at) = tables::FEATURES.iter().position(|known| *known == feature) else { return };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let gathered = waiting.entry(restaurant).or_default();
        gathered.bits |= 1 << at;
        gathered.entry = gathered.entry.max(entry);
        drop(waiting);
        self.some.notify_one();
    }

    /// Everything of a restaurant is another: it was put back.
    pub fn announce_all(&self, restaurant: RestaurantId) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.entry(restaurant).or_default().bits = u32::MAX;
        drop(waiting);
        self.some.notify_one();
    }

    /// Waits until there is something, and takes it.
    pub async fn next(&self) -> (Vec<(RestaurantId, Change)>, Vec<Event>) {
        loop {
            let taken = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            let events = std::mem::take(&mut *self.events.lock().unwrap_or_else(PoisonError::into_inner));
            if !taken.is_empty() || !events.is_empty() {
                return (taken.into_iter().collect(), events);
            }
            self.some.notified().await;
        }
    }
}

/// What a screen says when it connects.
#[derive(Deserialize)]
struct Auth {
    token: String,
    restaurant_id: RestaurantId,
    /// It looks at the house its session practises in.
    #[serde(default)]
    practice: bool,
    /// It follows what happens by name, instead of being told what to fetch again.
    #[serde(default)]
    events: bool,
    /// What it heard last.
    since: Option<Position>,
}

/// Whose connection it is, to see later whether they may still listen.
#[derive(Clone)]
struct Listener {
    token: String,
    restaurant_id: RestaurantId,
    /// The house it practises in: its room, and how far it was when they came.
    practice: Option<(RestaurantId, u64)>,
    /// It follows, and since when.
    follows: Option<(Follower, Option<Position>)>,
}

#[derive(Serialize)]
struct Hello {
    entry: u64,
}

#[derive(Serialize)]
struct Changed {
    features: Vec<&'static str>,
    entry: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("unauthenticated")]
struct NotAllowed;

/// The Socket.IO endpoint, as a layer around the router.
pub fn endpoint(app: &App) -> (SocketIoLayer, SocketIo) {
    let (layer, io) = SocketIo::builder()
        .with_state(app.clone())
        .max_payload(MESSAGE_BYTES_MAX)
        .max_buffer_size(WAITING_MAX)
        .build_layer();
    io.ns("/", greet.with(admit));
    (layer, io)
}

/// The features' event task; ends with the runtime or when it is aborted.
pub async fn tell(app: App, io: SocketIo) {
    let epoch = app.sessions.epoch();
    let mut seen = epoch.load(Ordering::SeqCst);
    loop {
        let (changes, events) = app.changes.next().await;
        let now = epoch.load(Ordering::SeqCst);
        if now != seen {
            seen = now;
            dismiss(&app, &io);
        }
        for (restaurant, change) in changes {
            let changed = Changed { features: change.features(), entry: change.entry };
            if let Err(error) = io.to(room(restaurant)).emit("changed", &changed).await {
                tracing::debug!(%error, "a screen was not told");
            }
            line::tell(&app, &io, restaurant).await;
        }
        for event in events {
            if let Err(error) = io.to(room(event.room)).emit(event.name, &event.says).await {
                tracing::debug!(%error, event.name, "a screen was not told");
            }
            // What is in the journal is read off it.
            if event.name == Kind::KitchenAlert.name() {
                line::tell_of(&io, event.room, Kind::KitchenAlert, &event.says);
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

fn room(restaurant: RestaurantId) -> String {
    format!("restaurant:{restaurant}")
}

fn may_listen(app: &App, listener: &Listener) -> bool {
    let Some(caller) = app.caller(&listener.token).ok().flatten() else { return false };
    match &listener.follows {
        // Another role hears other things.
        Some((follower, _)) => {
            follower_of(&caller, follower.restaurant_id).is_some_and(|now| now.hears == follower.hears)
        }
        None => caller.is_home(listener.restaurant_id),
    }
}

fn follower_of(caller: &Caller, restaurant_id: RestaurantId) -> Option<Follower> {
    // A paired device has no role: who stands before it has one.
    let home = if caller.device { &caller.places } else { &caller.home };
    let home = home.iter().find(|place| place.0 == restaurant_id);
    let hears = |role| Kinds::of(|permission| caller.may(role, permission));
    home.map(|&(_, staff_id, role)| Follower { restaurant_id, staff_id, hears: hears(role) })
}

async fn admit(socket: SocketRef, TryData(auth): TryData<Auth>, State(app): State<App>) -> Result<(), NotAllowed> {
    let Auth { token, restaurant_id, practice, events, since } = auth.map_err(|_| NotAllowed)?;
    let caller = app.caller(&token).ok().flatten().ok_or(NotAllowed)?;
    let mut listener = Listener { token, restaurant_id, practice: None, follows: None };
    if !caller.is_home(restaurant_id) {
        return Err(NotAllowed);
    }
    match (events, practice) {
        (true, true) => return Err(NotAllowed),
        // Screens are for people; a program follows what its key has a scope for.
        (false, _) if caller.key.is_some() => return Err(NotAllowed),
        (true, false) => listener.follows = Some((follower_of(&caller, restaurant_id).ok_or(NotAllowed)?, since)),
        (false, true) => {
            let house = app.practices.of(restaurant_id, caller.session_id).map_err(|_| NotAllowed)?;
            listener.practice = house.practice.zip(house.db.entry().ok());
        }
        (false, false) => {}
    }
    socket.extensions.insert(listener);
    Ok(())
}

async fn greet(socket: SocketRef, io: SocketIo, State(app): State<App>) {
    let Some(listener) = socket.extensions.get::<Listener>() else { return };
    if let Some((follower, since)) = listener.follows {
        return line::join(&app, &io, &socket, follower, since).await;
    }
    // Joined first, so that nothing falls between the greeting and the first change.
    socket.join(room(listener.practice.map_or(listener.restaurant_id, |(house, _)| house)));
    let at_work = || app.restaurant(listener.restaurant_id).and_then(|restaurant| restaurant.db.entry().ok());
    let entry = listener.practice.map(|(_, entry)| entry).or_else(at_work);
    if let Err(error) = socket.emit("hello", &Hello { entry: entry.unwrap_or_default() }) {
        tracing::debug!(%error, "a screen left before it was greeted");
    }
}

/// Closes the connections of those who logged out or left the staff.
fn dismiss(app: &App, io: &SocketIo) {
    for socket in io.sockets() {
        let listener = socket.extensions.get::<Listener>();
        if !listener.is_some_and(|listener| may_listen(app, &listener)) {
            drop(socket.disconnect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn commits_gather_into_one_change() {
        let changes = Changes::default();
        let id = RestaurantId::mint();
        let commit = |entry, table: &str| Commit { entry, tables: vec![table.to_owned()] };
        changes.announce(id, &commit(1, "menu_item"));
        changes.announce(id, &commit(3, "staff"));
        changes.announce(id, &commit(2, "number_counter"));
        let (told, _) = changes.next().await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            (told[0].0, told[0].1.features(), told[0].1.entry),
            (id, vec!["menu", "menu_now", "staff", "floor"], 3)
        );
    }
}
