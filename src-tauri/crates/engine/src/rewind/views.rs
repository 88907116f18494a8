//! The open moments: few, for a short while, each a file of its own under `rewind/`.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use comanda_db::Database;
use comanda_db::replay::ReplayError;

use crate::app::{App, Moment, Restaurant};
use crate::error::{ApiError, Code, Refusal};
use crate::kernel::ids::{AccountId, RestaurantId, RewindId};
use crate::tables;

/// Moments open at once in this installation; one more closes the one nobody has looked at for longest.
pub const VIEWS_MAX: usize = 4;
/// A moment nobody looks at is closed after this.
pub const IDLE_MAX_MS: i64 = 30 * 60 * 1000;
/// Between two looks at which are idle.
const SWEEP: Duration = Duration::from_secs(60);
/// Connections that read one moment.
const READERS: usize = 4;
/// Where the files are, in the data directory.
const FOLDER: &str = "rewind";

/// How far a moment is.
#[derive(Clone)]
pub enum State {
    Making,
    Ready(Arc<Restaurant>),
    /// A sentence for people.
    Failed(&'static str),
}

pub struct View {
    pub id: RewindId,
    pub restaurant_id: RestaurantId,
    /// The last entry of the journal that has happened then.
    pub entry: u64,
    pub at_ms: i64,
    pub opened_by: AccountId,
    state: Mutex<State>,
    done_permille: AtomicU32,
    used_ms: AtomicI64,
    stopped: AtomicBool,
    // Last: the connections are closed before the file goes.
    file: Scratch,
}

impl View {
    pub fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn become_(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// 0 to 1000.
    pub fn done_permille(&self) -> u32 {
        self.done_permille.load(Ordering::Relaxed)
    }

    pub fn is_used(&self, now_ms: i64) {
        self.used_ms.fetch_max(now_ms, Ordering::Relaxed);
    }

    pub fn closes_ms(&self) -> i64 {
        self.used_ms.load(Ordering::Relaxed) + IDLE_MAX_MS
    }
}

/// A file that goes with its last user.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, path = %self.0.display(), "a moment's file stays until the next start");
        }
    }
}

#[derive(Default)]
pub struct Views {
    open: Mutex<Vec<Arc<View>>>,
    /// One is made at a time: each reads the whole file.
    making: Mutex<()>,
}

impl Views {
    pub fn of(&self, restaurant: RestaurantId) -> Vec<Arc<View>> {
        self.all().iter().filter(|view| view.restaurant_id == restaurant).cloned().collect()
    }

    pub fn find(&self, restaurant: RestaurantId, id: RewindId) -> Option<Arc<View>> {
        self.all().iter().find(|view| view.id == id && view.restaurant_id == restaurant).cloned()
    }

    /// The restaurant as it was, for a request that names an open moment.
    pub fn past(&self, restaurant: RestaurantId, id: RewindId, now_ms: i64) -> Result<Arc<Restaurant>, Refusal> {
        let view = self.find(restaurant, id).ok_or_else(closed)?;
        view.is_used(now_ms);
        match view.state() {
            State::Ready(past) => Ok(past),
            State::Making => Err(Refusal::conflict("This moment is still being made.")),
            State::Failed(why) => Err(Refusal::conflict(why)),
        }
    }

    pub fn close(&self, view: &View) {
        self.close_where(|open| open.id == view.id);
    }

    fn close_where(&self, is_meant: impl Fn(&View) -> bool) {
        // What is closed is let go of outside the lock: its file goes with it.
        let closed: Vec<_> = self.all().extract_if(.., |view| is_meant(view)).collect();
        for view in &closed {
            view.stopped.store(true, Ordering::SeqCst);
        }
    }

    /// Closes those of a restaurant: it was put back, and they are of another history.
    pub fn close_of(&self, restaurant: RestaurantId) {
        self.close_where(|view| view.restaurant_id == restaurant);
    }

    /// Closes what nobody looks at.
    pub fn sweep(&self, now_ms: i64) {
        self.close_where(|view| view.closes_ms() <= now_ms);
    }

    /// Closes all: the engine stops.
    pub fn close_all(&self) {
        self.close_where(|_| true);
        // Whoever makes one notices and ends.
        drop(self.making.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Arc<View>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds one, and closes the one that was idle for longest when there are too many.
    fn add(&self, view: Arc<View>) {
        let mut open = self.all();
        open.push(view);
        while open.len() > VIEWS_MAX {
            let oldest = open.iter().enumerate().min_by_key(|(_, view)| view.closes_ms()).map_or(0, |(at, _)| at);
            open.remove(oldest).stopped.store(true, Ordering::SeqCst);
        }
    }
}

pub fn closed() -> Refusal {
    Refusal::new(Code::NotFound, "This moment of the past is closed. Open it again.")
}

/// Removes what an engine that was killed left behind.
pub fn clear(data_dir: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(data_dir.join(FOLDER)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Runs for as long as the engine does.
pub async fn keep_swept(app: App) {
    loop {
        tokio::time::sleep(SWEEP).await;
        app.rewinds.sweep(app.clock.now_ms());
    }
}

/// Opens a moment: the one that is open already, or a new one, which is then made in the background.
pub fn open(app: &App, restaurant: &Arc<Restaurant>, moment: (u64, i64), by: AccountId) -> Result<Arc<View>, ApiError> {
    let (entry, at_ms) = moment;
    let now_ms = app.clock.now_ms();
    app.rewinds.sweep(now_ms);
    let known = app.rewinds.of(restaurant.id).into_iter().find(|view| (view.entry, view.at_ms) == moment);
    if let Some(known) = known.filter(|view| !matches!(view.state(), State::Failed(_))) {
        known.is_used(now_ms);
        return Ok(known);
    }
    let folder = app.data_dir.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(ApiError::internal)?;
    let id = RewindId::mint();
    let view = Arc::new(View {
        id,
        restaurant_id: restaurant.id,
        entry,
        at_ms,
        opened_by: by,
        state: Mutex::new(State::Making),
        done_permille: AtomicU32::new(0),
        used_ms: AtomicI64::new(now_ms),
        stopped: AtomicBool::new(false),
        file: Scratch(folder.join(format!("{id}.db"))),
    });
    app.rewinds.add(view.clone());
    let (app, restaurant, made) = (app.clone(), restaurant.clone(), view.clone());
    drop(tokio::task::spawn_blocking(move || make(&app, &restaurant, &made)));
    Ok(view)
}

/// Opens a moment that stands ready as a file, for whoever looks at what a backup holds. Blocking.
pub fn show(
    app: &App,
    restaurant: RestaurantId,
    ready: &Path,
    (entry, at_ms): (u64, i64),
    by: AccountId,
) -> Result<Arc<View>, ApiError> {
    let now_ms = app.clock.now_ms();
    app.rewinds.sweep(now_ms);
    let folder = app.data_dir.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(ApiError::internal)?;
    let id = RewindId::mint();
    let file = Scratch(folder.join(format!("{id}.db")));
    std::fs::copy(ready, &file.0).map_err(ApiError::internal)?;
    let db = Database::open_to_read(&file.0, tables::RESTAURANT, READERS).map_err(ApiError::internal)?;
    let past = Restaurant::at(restaurant, db, Moment { id, at_ms });
    let view = Arc::new(View {
        id,
        restaurant_id: restaurant,
        entry,
        at_ms,
        opened_by: by,
        state: Mutex::new(State::Ready(Arc::new(past))),
        done_permille: AtomicU32::new(1000),
        used_ms: AtomicI64::new(now_ms),
        stopped: AtomicBool::new(false),
        file,
    });
    app.rewinds.add(view.clone());
    Ok(view)
}

fn make(app: &App, restaurant: &Restaurant, view: &View) {
    let _alone = app.rewinds.making.lock().unwrap_or_else(PoisonError::into_inner);
    let goes_on = || !view.stopped.load(Ordering::SeqCst);
    if !goes_on() {
        return;
    }
    let began = std::time::Instant::now();
    let made = restaurant.db.past_into(&view.file.0, view.entry, |done| {
        view.done_permille.store((done * 1000.0) as u32, Ordering::Relaxed);
        goes_on()
    });
    let opened = made.and_then(|way| {
        let db = Database::open_to_read(&view.file.0, tables::RESTAURANT, READERS);
        let db = db.map_err(|error| ReplayError::Misfit { entry: view.entry, why: error.to_string() })?;
        Ok((way, db))
    });
    match opened {
        Ok((way, db)) => {
            let moment = Moment { id: view.id, at_ms: view.at_ms };
            view.become_(State::Ready(Arc::new(Restaurant::at(restaurant.id, db, moment))));
            view.is_used(app.clock.now_ms());
            tracing::info!(entry = view.entry, ?way, took = ?began.elapsed(), "a moment of the past is open");
        }
        Err(ReplayError::Stopped) => {}
        Err(error) => {
            tracing::error!(%error, entry = view.entry, "a moment of the past could not be made");
            view.become_(State::Failed(sentence(&error)));
        }
    }
}

const fn sentence(error: &ReplayError) -> &'static str {
    match error {
        ReplayError::Sql(_) => "The moment could not be written to the disk. See to its space and try again.",
        _ => "The records do not lead to this moment. Check them on the audit page.",
    }
}
