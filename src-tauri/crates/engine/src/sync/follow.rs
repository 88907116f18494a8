//! A linked desk stays in step: it pushes what waits, then waits for news, for ever.
//!
//! One task a link. It sleeps in a pull that the sequencer answers as soon as something is placed; a commit here wakes
//! it to push. Pages are bounded and each is one transaction, so the till never waits for a long one. What fails is
//! tried again after a wait that grows; what cannot work is said and tried seldom.

use std::collections::HashMap;
use std::time::Duration;

use comanda_db::rebase::SyncError;
use comanda_db::{Database, WriteError};
use tokio::task::{AbortHandle, JoinSet};

use super::client::{self, Trouble};
use super::model::{self, LinkState};
use super::sequencer::WAIT_MS_MAX;
use super::store::{self, Link};
use super::{afresh, fence, spare, takeover, wire};
use crate::app::{App, Restaurant};
use crate::kernel::ids::RestaurantId;

/// What a person has to mend is looked at again this often.
const STOPPED: Duration = Duration::from_secs(30);
/// A link that lost its task gets another one.
const LOOK: Duration = Duration::from_secs(30);
/// From so many in one batch on, a desk is said to catch up.
const MANY: usize = 20;
/// What a batch weighs before no more is added to it.
const BATCH_BYTES: usize = 1024 * 1024;

/// Runs for as long as the engine does.
pub async fn keep_in_step(app: App) {
    tokio::join!(fence::keep_looking(app.clone()), follow_all(app));
}

async fn follow_all(app: App) {
    let mut tasks = JoinSet::new();
    let mut running: HashMap<RestaurantId, AbortHandle> = HashMap::new();
    loop {
        let finishing = app.clone();
        let links = tokio::task::spawn_blocking(move || open_links(&finishing)).await.unwrap_or_default();
        running.retain(|id, task| {
            let goes_on = !task.is_finished() && links.iter().any(|link| link.restaurant_id == *id);
            if !goes_on {
                task.abort();
            }
            goes_on
        });
        for link in links {
            let (app, id) = (app.clone(), link.restaurant_id);
            running.entry(id).or_insert_with(|| tasks.spawn(async move { follow(&app, id).await }));
        }
        while tasks.try_join_next().is_some() {}
        tokio::select! {
            () = app.desks.links.notified() => {}
            () = app.wall_clock.pause(LOOK) => {}
        }
    }
}

/// Those that are followed. A take-over that was cut off half-way is finished first. Blocking.
fn open_links(app: &App) -> Vec<Link> {
    let links = app.installation.read(store::links).unwrap_or_default();
    let goes_on = |link: &Link| match takeover::finish(app, link) {
        Ok(finished) => !finished,
        Err(error) => {
            tracing::error!(restaurant = %link.restaurant_id, %error, "a take-over could not be finished");
            true
        }
    };
    links.into_iter().filter(goes_on).collect()
}

async fn follow(app: &App, id: RestaurantId) {
    let (mut failed, mut copies) = (0, 0);
    loop {
        let Ok(Some(link)) = app.installation.read(|conn| store::link(conn, id)) else { return };
        let trouble = match turn(app, &link, &mut failed).await {
            Ok(()) => continue,
            Err(trouble) => trouble,
        };
        if failed == 0 {
            copies = 0;
        }
        // Before it waits for one that may never come back, or begins again from one that is fenced itself.
        if takeover::followed(app, &link).await {
            (failed, copies) = (0, 0);
            continue;
        }
        let wait = match &trouble {
            Trouble::Away(_) => Duration::from_millis(model::wait_ms(failed, rand::random())),
            Trouble::Afresh(_) if copies == 0 => Duration::ZERO,
            Trouble::Afresh(_) | Trouble::Stopped(_) => STOPPED,
        };
        failed += 1;
        let state = match &trouble {
            Trouble::Away(_) => LinkState::Away,
            Trouble::Afresh(_) => LinkState::Copying,
            Trouble::Stopped(_) => LinkState::Stopped,
        };
        if say(app, id, state, Some(trouble.to_string())) {
            tracing::warn!(restaurant = %id, error = %trouble, ?state, "out of step");
        }
        app.wall_clock.pause(wait).await;
        if let Trouble::Afresh(why) = trouble {
            copies += 1;
            match afresh::begin_again(app, &link).await {
                Ok(resubmitted) => {
                    tracing::warn!(restaurant = %id, why, resubmitted, "this desk began again from a copy")
                }
                Err(error) => {
                    tracing::error!(restaurant = %id, %error, "no fresh copy");
                    say(app, id, LinkState::Away, Some(error.to_string()));
                    app.wall_clock.pause(Duration::from_millis(model::wait_ms(failed, rand::random()))).await;
                }
            }
        }
    }
}

/// Says how the link is; screens hear of it when that is news.
fn say(app: &App, id: RestaurantId, state: LinkState, error: Option<String>) -> bool {
    let now_ms = app.clock.now_ms();
    let news = app.desks.note(id, |status| {
        status.state = state;
        status.error = error;
        if matches!(state, LinkState::InStep | LinkState::CatchingUp) {
            status.last_contact_ms = Some(now_ms);
        }
    });
    if news {
        let entry = app.restaurant(id).and_then(|restaurant| restaurant.db.entry().ok());
        app.changes.touch(id, "sync", entry.unwrap_or_default());
    }
    news
}

/// Pushes, pulls and waits until something fails.
async fn turn(app: &App, link: &Link, failed: &mut u32) -> Result<(), Trouble> {
    let id = link.restaurant_id;
    let Some(restaurant) = app.restaurant(id) else {
        return Err(Trouble::Away("the restaurant's file is closed here".into()));
    };
    let db = restaurant.db.clone();
    if db.device() != link.device_id {
        return Err(Trouble::Afresh("this file is another device's".into()));
    }
    let mut moved = restaurant.moved.subscribe();
    let mut seen = db.read(store::outcomes).unwrap_or(0);
    // The first pull waits for nothing: it says whether there is something to catch up with.
    let (mut wait_ms, mut said) = (0, None);
    loop {
        moved.borrow_and_update();
        let pushed = push(app, link, &db).await?;
        let after = read(db.cursor())?;
        // What was pushed is there: a till that is busy does not keep it from coming down.
        let wait_ms_now = if pushed { 0 } else { wait_ms };
        let pulled = tokio::select! {
            biased;
            _ = moved.changed(), if wait_ms_now > 0 => continue,
            pulled = client::pull(&app.outward, link, db.epoch(), after, wait_ms_now) => pulled?,
        };
        spare::hear(app, link, &pulled, &mut said).await?;
        let (there, is_spare, page) = (pulled.position, pulled.standing.is_some(), pulled.page);
        let (news, more) = (page.next > after, page.more);
        if pushed && !news {
            return Err(Trouble::Afresh("what was placed does not come down".into()));
        }
        if news {
            if more {
                say(app, id, LinkState::CatchingUp, None);
            }
            let taking = db.clone();
            let taken = tokio::task::spawn_blocking(move || taking.rebase(page)).await;
            taken.map_err(|error| Trouble::Away(error.to_string()))?.map_err(misfit)?;
            tell_of_outcomes(app, &restaurant, &mut seen);
        }
        wait_ms = match (more, is_spare) {
            (true, _) => 0,
            (false, true) => spare::WAIT_MS,
            (false, false) => WAIT_MS_MAX,
        };
        let now_ms = app.clock.now_ms();
        app.desks.note(id, |status| {
            status.there = there;
            if !more {
                status.in_step_ms = Some(now_ms);
            }
        });
        if !more && read(db.pending(1))?.is_empty() {
            *failed = 0;
            say(app, id, LinkState::InStep, None);
        }
    }
}

/// A batch of what waits. False: nothing does.
async fn push(app: &App, link: &Link, db: &Database) -> Result<bool, Trouble> {
    let mut waiting = read(db.pending(wire::COMMANDS_MAX))?;
    if waiting.is_empty() {
        return Ok(false);
    }
    let mut bytes = 0;
    let fitting = waiting.iter().take_while(|command| {
        let before = bytes;
        bytes += command.args.len();
        before < BATCH_BYTES
    });
    let count = fitting.count();
    waiting.truncate(count);
    // A few at a time is how a desk works; it is not news.
    if count >= MANY {
        say(app, link.restaurant_id, LinkState::CatchingUp, None);
    }
    let placed = client::push(&app.outward, link, db.epoch(), waiting).await?;
    if placed.len() == count { Ok(true) } else { Err(Trouble::Away("not all that was pushed was answered".into())) }
}

fn tell_of_outcomes(app: &App, restaurant: &Restaurant, seen: &mut u64) {
    let now = restaurant.read(store::outcomes).unwrap_or(*seen);
    if now != *seen {
        *seen = now;
        app.changes.touch(restaurant.id, "inbox", restaurant.db.entry().unwrap_or_default());
    }
}

fn read<T>(result: rusqlite::Result<T>) -> Result<T, Trouble> {
    result.map_err(|error| Trouble::Away(error.to_string()))
}

fn misfit(error: SyncError) -> Trouble {
    match error {
        SyncError::Diverged { .. } | SyncError::Misfit(_) | SyncError::Missed { .. } | SyncError::Gap { .. } => {
            tracing::error!(%error, "the rows here are not the sequencer's");
            Trouble::Afresh(error.to_string())
        }
        SyncError::Write(WriteError::Broken(why)) => Trouble::Afresh(why),
        SyncError::Write(error) => Trouble::Away(error.to_string()),
    }
}
