//! Who follows the events of a restaurant, and how far everybody has been told.
//!
//! Invariants. Everybody who follows a restaurant has been told of everything up to the same entry, or is catching up
//! and not among them yet; so nobody hears anything twice or misses it. Whoever cannot keep up is sent away, and
//! comes back with the position they have.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use tokio::sync::Mutex;

use super::kinds::{Kind, Kinds};
use super::model::Said;
use super::position::Position;
use super::store::{self, Page};
use crate::app::{App, Restaurant};
use crate::kernel::ids::{RestaurantId, StaffId};

/// Entries looked at in one go.
const PAGE: u64 = 500;
/// Whoever is further behind reads everything anew.
pub const BEHIND_MAX: u64 = 20_000;
/// A line that is full is given this long to empty, so many times, while somebody catches up.
const PATIENCE: Duration = Duration::from_millis(20);
const TRIES: u32 = 250;
/// Sent when somebody has to read anew: between these positions they heard nothing.
const MISSED: &str = "events:missed";

/// What followers of each restaurant have been told. Nobody follows one that is not here.
#[derive(Default)]
pub struct Lines(Mutex<HashMap<RestaurantId, Told>>);

/// Everything up to this entry, in this life of the file.
#[derive(Debug, Clone, Copy)]
struct Told {
    epoch: u64,
    entry: u64,
}

/// Somebody who follows.
#[derive(Debug, Clone, Copy)]
pub struct Follower {
    pub restaurant_id: RestaurantId,
    pub staff_id: StaffId,
    pub hears: Kinds,
}

impl Follower {
    fn hears(&self, said: &Said) -> bool {
        self.hears.has(said.kind) && said.to.is_none_or(|person| person == self.staff_id.0)
    }
}

fn room(restaurant: RestaurantId) -> String {
    format!("events:{restaurant}")
}

/// Tells a new follower what they missed, and lets them join.
pub async fn join(app: &App, io: &SocketIo, socket: &SocketRef, follower: Follower, since: Option<Position>) {
    let Some(restaurant) = app.restaurant(follower.restaurant_id) else { return };
    let (epoch, head) = (restaurant.db.epoch(), restaurant.db.entry().unwrap_or_default());
    let mut from = Position::after(epoch, head);
    if let Some(since) = since {
        if since.epoch == epoch && since.entry <= head && head - since.entry <= BEHIND_MAX {
            from = since;
        } else if !send(socket, MISSED, &json!({ "from": since, "to": from })).await {
            return;
        }
    }
    // Most of it without keeping anybody waiting; the last of it while nothing is told.
    while restaurant.db.entry().unwrap_or_default() > from.entry + PAGE {
        let Some(next) = catch_up(&restaurant, socket, follower, from).await else { return };
        from = next;
    }
    let mut lines = app.followed.0.lock().await;
    dismiss_those_of_another_life(io, &restaurant, &mut lines);
    let told = lines.entry(restaurant.id).or_insert(Told { epoch, entry: from.entry });
    tell_all(io, &restaurant, told).await;
    let told = told.entry;
    while from.entry < told || since == Some(from) {
        let Some(next) = catch_up(&restaurant, socket, follower, from).await else { return };
        from = next;
    }
    socket.extensions.insert(follower);
    socket.join(room(restaurant.id));
}

/// One page for somebody who was away; the position it ends at. None: they left.
async fn catch_up(
    restaurant: &Arc<Restaurant>,
    socket: &SocketRef,
    follower: Follower,
    from: Position,
) -> Option<Position> {
    // The entry they are in the middle of is looked at again.
    let page = read(restaurant.clone(), from.entry.saturating_sub(1)).await?;
    let reached = Position::after(from.epoch, page.reached);
    for (at, at_ms, said) in page.told.iter().filter(|(at, ..)| *at > from) {
        let sent = match said {
            None => send(socket, MISSED, &json!({ "from": from, "to": at })).await,
            Some(said) if follower.hears(said) => send(socket, said.kind.name(), &placed(said, *at, *at_ms)).await,
            Some(_) => true,
        };
        if !sent {
            return None;
        }
    }
    for mark in page.marks.iter().filter(|mark| follower.hears(mark)) {
        if !send(socket, mark.kind.name(), &mark.says).await {
            return None;
        }
    }
    Some(reached)
}

/// After a commit: tells everybody who follows this restaurant.
pub async fn tell(app: &App, io: &SocketIo, restaurant: RestaurantId) {
    let mut lines = app.followed.0.lock().await;
    if !lines.contains_key(&restaurant) {
        return;
    }
    match app.restaurant(restaurant) {
        Some(restaurant) if !io.to(room(restaurant.id)).sockets().is_empty() => {
            dismiss_those_of_another_life(io, &restaurant, &mut lines);
            if let Some(told) = lines.get_mut(&restaurant.id) {
                tell_all(io, &restaurant, told).await;
            }
        }
        _ => drop(lines.remove(&restaurant)),
    }
}

/// The restaurant was put back: what its followers heard is not what happened there. They come back, and are told so.
fn dismiss_those_of_another_life(io: &SocketIo, restaurant: &Restaurant, lines: &mut HashMap<RestaurantId, Told>) {
    if lines.get(&restaurant.id).is_some_and(|told| told.epoch != restaurant.db.epoch()) {
        lines.remove(&restaurant.id);
        for socket in io.to(room(restaurant.id)).sockets() {
            drop(socket.disconnect());
        }
    }
}

/// Something that is in no journal.
pub fn tell_of(io: &SocketIo, restaurant: RestaurantId, kind: Kind, says: &Json) {
    let Json::Object(says) = says else { return };
    let said = Said { kind, says: says.clone(), to: None };
    give_out(io, restaurant, &said, &said.says);
}

async fn tell_all(io: &SocketIo, restaurant: &Arc<Restaurant>, told: &mut Told) {
    while restaurant.db.entry().is_ok_and(|head| head > told.entry) {
        let Some(page) = read(restaurant.clone(), told.entry).await else { return };
        for (at, at_ms, said) in &page.told {
            match said {
                Some(said) => give_out(io, restaurant.id, said, &placed(said, *at, *at_ms)),
                None => {
                    let says = json!({ "from": Position::after(told.epoch, told.entry), "to": at });
                    for socket in io.to(room(restaurant.id)).sockets() {
                        emit_or_dismiss(&socket, MISSED, &says);
                    }
                }
            }
        }
        for mark in &page.marks {
            give_out(io, restaurant.id, mark, &mark.says);
        }
        told.entry = page.reached;
    }
}

fn give_out(io: &SocketIo, restaurant: RestaurantId, said: &Said, says: &Map<String, Json>) {
    for socket in io.to(room(restaurant)).sockets() {
        if socket.extensions.get::<Follower>().is_some_and(|follower| follower.hears(said)) {
            emit_or_dismiss(&socket, said.kind.name(), says);
        }
    }
}

/// Somebody who does not take what is sent would miss it: they are sent away, and come back with their position.
fn emit_or_dismiss(socket: &SocketRef, name: &str, says: &impl serde::Serialize) {
    if let Err(error) = socket.emit(name, says) {
        tracing::debug!(%error, name, "a follower could not keep up");
        drop(socket.clone().disconnect());
    }
}

/// Waits while the line is full. False: they left, or take nothing.
async fn send(socket: &SocketRef, name: &str, says: &impl serde::Serialize) -> bool {
    for _ in 0..TRIES {
        match socket.emit(name, says) {
            Ok(()) => return true,
            Err(_) if !socket.connected() => return false,
            Err(_) => tokio::time::sleep(PATIENCE).await,
        }
    }
    drop(socket.clone().disconnect());
    false
}

fn placed(said: &Said, at: Position, at_ms: i64) -> Map<String, Json> {
    let mut says = said.says.clone();
    says.insert("position".to_owned(), json!(at));
    says.insert("at_ms".to_owned(), json!(at_ms));
    says
}

/// What happened behind an entry. None: it cannot be read now.
async fn read(restaurant: Arc<Restaurant>, after: u64) -> Option<Page> {
    let epoch = restaurant.db.epoch();
    let page = tokio::task::spawn_blocking(move || restaurant.db.read(|conn| store::page(conn, epoch, after, PAGE)));
    match page.await {
        Ok(Ok(page)) => Some(page),
        Ok(Err(error)) => {
            tracing::error!(%error, "events could not be read");
            None
        }
        Err(error) => {
            tracing::error!(%error, "reading events broke");
            None
        }
    }
}
