//! Looking at the clock, and writing down that it jumped.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use comanda_db::trail::{self, Filter};
use tokio::sync;

use super::commands::NoteClockJump;
use super::model::{fell_behind, jumped, slept};
use crate::app::{App, Restaurant};
use crate::error::ApiError;
use crate::kernel::ids::mint;
use crate::kernel::time::Clock;

/// Between two looks: soon enough that the order after the next one is rung up under a banner.
const BETWEEN: Duration = Duration::from_secs(5);
/// Ledger rows looked at for the newest one; the newest is the first.
const LOOKED_AT_MAX: u64 = 1024;

/// The last look, and who waits for the computer to wake up.
#[derive(Default)]
pub struct Watch {
    /// The wall clock and the steady one.
    last: Mutex<Option<(i64, i64)>>,
    woke: sync::watch::Sender<()>,
}

impl Watch {
    /// How far the clock was moved since the last look, if that is a jump. Said once. Whoever waits for the computer to
    /// wake up is told when nobody could look for so long.
    pub fn look(&self, clock: &Clock) -> Option<i64> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // Under the lock, so that of two looks at once the later one is kept.
        let now = (clock.now_ms(), clock.steady_ms());
        let before = last.replace(now)?;
        if let Some(ms) = slept(before.1, now.1) {
            tracing::info!(ms, "the computer slept, or this program was stopped; it goes on");
            self.woke.send_replace(());
        }
        jumped(before, now)
    }

    /// Changes when the computer wakes up.
    pub fn woke(&self) -> sync::watch::Receiver<()> {
        self.woke.subscribe()
    }

    /// Waits so long, or until the computer wakes up: the runtime's own clock stands while it sleeps.
    pub async fn pause(&self, wait: Duration) {
        let mut woke = self.woke();
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = woke.changed() => {}
        }
    }
}

/// Runs for as long as the engine does.
pub async fn keep_watch(app: App) {
    loop {
        look(&app).await;
        tokio::time::sleep(BETWEEN).await;
    }
}

/// Looks now. What is found is on disk when this is done.
pub async fn look(app: &App) {
    let Some(by) = app.wall_clock.look(&app.clock) else { return };
    tracing::warn!(by_ms = by, "the clock of this computer was moved");
    let app = app.clone();
    let noted = tokio::task::spawn_blocking(move || {
        for restaurant in app.restaurants() {
            note(&app, &restaurant, by, false);
        }
    });
    if let Err(error) = noted.await {
        tracing::error!(%error, "noting that the clock jumped broke");
    }
}

/// Before anybody is served: is the clock behind what is recorded? Blocking.
pub fn look_back(app: &App) {
    app.wall_clock.look(&app.clock);
    for restaurant in app.restaurants() {
        match newest_ms(&restaurant) {
            Ok(newest) => {
                if let Some(by) = newest.and_then(|newest| fell_behind(newest, app.clock.now_ms())) {
                    tracing::warn!(by_ms = by, restaurant = %restaurant.id, "the clock is behind the records");
                    note(app, &restaurant, by, true);
                }
            }
            Err(error) => tracing::error!(?error, restaurant = %restaurant.id, "the newest record was not found"),
        }
    }
}

fn newest_ms(restaurant: &Restaurant) -> Result<Option<i64>, ApiError> {
    restaurant.read(|conn| {
        let found = trail::find(conn, &Filter::default(), None, 1, LOOKED_AT_MAX)?;
        Ok(found.rows.first().map(|row| row.at_ms))
    })
}

/// By nobody: the restaurant itself is the author. What cannot be written is in the log.
fn note(app: &App, restaurant: &Restaurant, by: i64, at_start: bool) {
    let write = NoteClockJump { by, at_start };
    if let Err(error) = app.write_blocking(&restaurant.db, restaurant.id.0, mint(), &write) {
        tracing::error!(?error, restaurant = %restaurant.id, "that the clock jumped could not be noted");
    }
}
