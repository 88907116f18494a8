//! What is open while the engine runs: `installation.db`, the restaurants, who is logged in.
//!
//! Invariants: the writes of a request go through `write`, which gives a repeated request its
//! first answer even when the request could not be prepared any more (the item is gone, the order
//! closed). What is cached of a file is dropped by the commit that changes it, before anybody is
//! answered. `opened` is one restaurant, `opening` how it comes to be.

mod done;
mod opened;
mod opening;

use std::collections::HashMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use comanda_db::{AnswerOn, Command, Database, OpenError};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::alerts::Alerts;
use crate::backups::Backups;
use crate::cache::Answers;
use crate::cache::disk::line::{self, Record};
use crate::command::{self, Write};
use crate::deployments::Deployments;
use crate::error::ApiError;
use crate::events::line::Lines;
use crate::fiscal::signing::Hook;
use crate::front::input::Meta;
use crate::health::traffic::Traffic;
use crate::health::vitals::Vitals;
use crate::house::House;
use crate::hub::{self, Hub, copies};
use crate::installation;
use crate::installation::codes::Codes;
use crate::installation::files;
use crate::installation::passwords::Passwords;
use crate::installation::sessions::Sessions;
use crate::installation::slot::Slot;
use crate::jobs::Jobs;
use crate::kernel::ids::RestaurantId;
use crate::kernel::time::Clock;
use crate::limits::pace::Limits;
use crate::live::Changes;
use crate::loads::running::Running;
use crate::metrics::instruments::Instruments;
use crate::outward::Outward;
use crate::practice::open::{self as practices, Practices};
use crate::rewind::views::{self, Views};
use crate::settings::shown::Shown;
use crate::sync::{self, Desks};
use crate::wall_clock::watch::Watch;

pub use done::Done;
pub use opened::{Moment, Restaurant};

/// A handle on the engine; cloning it is cheap.
#[derive(Clone)]
pub struct App(Arc<Engine>);

impl Deref for App {
    type Target = Engine;
    fn deref(&self) -> &Engine {
        &self.0
    }
}

pub struct Engine {
    pub data_dir: PathBuf,
    pub clock: Clock,
    pub started_ms: i64,
    pub wall_clock: Watch,
    pub installation: Slot,
    pub sessions: Sessions,
    pub codes: Codes,
    pub passwords: Passwords,
    pub limits: Limits,
    pub changes: Arc<Changes>,
    /// How far those who follow have been told.
    pub followed: Lines,
    /// Wakes the task that prints.
    pub printing: Arc<Notify>,
    pub answers: Answers,
    pub traffic: Arc<Traffic>,
    pub vitals: Vitals,
    pub instruments: Arc<Instruments>,
    /// How the rules stand that say what is wrong.
    pub alerts: Alerts,
    /// Wakes the task that tells outside.
    pub notices: Notify,
    /// The door by which this computer asks others.
    pub outward: Arc<Outward>,
    /// What it runs with; said when the engine starts.
    pub settings: OnceLock<Vec<Shown>>,
    /// Of the collector's own token; said when the engine starts.
    pub metrics_token: OnceLock<blake3::Hash>,
    /// Moments of the past that are open.
    pub rewinds: Views,
    /// Houses people practise in.
    pub practices: Practices,
    pub jobs: Jobs,
    /// The load test that is going on.
    pub loads: Running,
    pub backups: Backups,
    /// What opens the servers this computer watches.
    pub deployments: Deployments,
    /// Links between desks.
    pub desks: Desks,
    /// The door to the restaurant's own network.
    pub house: House,
    /// Restaurants that are known and not open.
    pub unreadable: files::Unreadable,
    /// Proves that this engine, while it runs, let somebody see pictures.
    pub pictures_key: [u8; 32],
    restaurants: RwLock<HashMap<RestaurantId, Arc<Restaurant>>>,
    /// What signs documents here; said when the engine starts.
    pub signing: OnceLock<Hook>,
    answer_early: Option<Duration>,
    /// Files here are copies of what the hub's ledger holds. None: they are what is true.
    pub hub: Option<Arc<Hub>>,
}

impl App {
    /// Opens (or makes) everything in a data directory.
    pub fn open(data_dir: &Path, clock: Clock, answer_early: Option<Duration>) -> Result<Self, OpenError> {
        if hub::is_marked(data_dir) {
            let said = "this folder holds a hub's copies: start it with comanda serve --hub";
            return Err(std::io::Error::other(said).into());
        }
        Self::open_in(data_dir, clock, answer_early, None)
    }

    /// The same, as a process of a hub.
    pub fn open_in(
        data_dir: &Path,
        clock: Clock,
        answer_early: Option<Duration>,
        hub: Option<Arc<Hub>>,
    ) -> Result<Self, OpenError> {
        std::fs::create_dir_all(data_dir.join("restaurants"))?;
        views::clear(data_dir)?;
        practices::clear(data_dir)?;
        sync::join::clear(data_dir)?;
        let sessions = Sessions::default();
        let instruments = Arc::new(Instruments::default());
        let busy_us = instruments.busy_us.clone();
        let path = data_dir.join("installation.db");
        let options = opening::of_installation(data_dir, &sessions, &instruments);
        let installation = match &hub {
            None => opening::installation(&path, options)?,
            Some(hub) => copies::open(&hub.installation(), &path, hub::APART_INSTALLATION, |kept| {
                opening::installation(&path, comanda_db::Options { upstream: Some(kept), ..options })
            })?,
        };
        let outward = Outward::new(clock.clone()).map_err(std::io::Error::other)?;
        let app = Self(Arc::new(Engine {
            data_dir: data_dir.to_owned(),
            started_ms: clock.now_ms(),
            wall_clock: Watch::default(),
            limits: Limits::new(&clock),
            clock,
            installation: Slot::of(installation),
            sessions,
            codes: Codes::default(),
            passwords: Passwords::default(),
            changes: Arc::new(Changes::default()),
            followed: Lines::default(),
            printing: Arc::new(Notify::new()),
            answers: Answers::default(),
            traffic: Arc::default(),
            vitals: Vitals::default(),
            instruments,
            alerts: Alerts::default(),
            notices: Notify::new(),
            outward: Arc::new(outward),
            settings: OnceLock::new(),
            metrics_token: OnceLock::new(),
            rewinds: Views::default(),
            practices: Practices::default(),
            jobs: Jobs::default(),
            loads: Running::default(),
            backups: Backups::open(data_dir, busy_us)?,
            deployments: Deployments::open(data_dir)?,
            desks: Desks::default(),
            house: House::open(data_dir.join("house"))?,
            unreadable: files::Unreadable::default(),
            pictures_key: rand::random(),
            restaurants: RwLock::default(),
            signing: OnceLock::new(),
            answer_early,
            hub,
        }));
        let known = app
            .installation
            .read(installation::store::restaurants)
            .map_err(|source| OpenError::Sqlite { path: app.installation.path().to_owned(), source })?;
        for path in files::set_aside(data_dir, &known)? {
            tracing::warn!(path = %path.display(), "a file that belongs to no restaurant was set aside");
        }
        for id in known {
            app.open_known(id);
        }
        Ok(app)
    }

    pub fn restaurant_path(&self, id: RestaurantId) -> PathBuf {
        self.data_dir.join("restaurants").join(format!("{id}.db"))
    }

    pub fn restaurant(&self, id: RestaurantId) -> Option<Arc<Restaurant>> {
        self.restaurants.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned()
    }

    /// Every open restaurant, in the order they were made.
    pub fn restaurants(&self) -> Vec<Arc<Restaurant>> {
        let restaurants = self.restaurants.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = restaurants.values().cloned().collect();
        all.sort_by_key(|restaurant| restaurant.id);
        all
    }

    /// Takes back an open file that did not become part of the installation.
    pub fn forget_restaurant(&self, id: RestaurantId) {
        let forgotten = self.restaurants.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
        // Whoever waits for news of it looks again.
        if let Some(restaurant) = forgotten {
            restaurant.moved.send_replace(u64::MAX);
        }
        self.sessions.forget_all();
    }

    /// Finishes what is being written and closes every file. Blocking.
    pub fn close(&self) {
        self.loads.stop();
        self.desks.stop();
        self.rewinds.close_all();
        self.practices.close_all();
        for restaurant in self.restaurants() {
            restaurant.db.close();
        }
        self.installation.close();
        self.answers.end(self.restaurants().iter().filter_map(|restaurant| ended(restaurant)).collect());
    }

    /// One request's write. A request that was answered before gets that answer, whatever `prepared` says.
    pub async fn write<W: Write>(
        &self,
        db: &Database,
        actor: Uuid,
        meta: &Meta,
        prepared: Result<W, ApiError>,
    ) -> Result<Done<W::Answer>, ApiError> {
        self.write_with_secret(db, actor, meta, prepared, None).await
    }

    /// The same, with something that reaches the run and is recorded nowhere. A `meta` whose body
    /// holds that secret must be `hiding` it.
    pub async fn write_with_secret<W: Write>(
        &self,
        db: &Database,
        actor: Uuid,
        meta: &Meta,
        prepared: Result<W, ApiError>,
        secret: Option<Vec<u8>>,
    ) -> Result<Done<W::Answer>, ApiError> {
        let write = match prepared {
            Ok(write) => write,
            Err(error) => return answered_before::<W>(db, actor, meta, error),
        };
        Done::of(db.execute(frozen(actor, meta, &write, secret)?).await?)
    }

    /// The same, with what is made of the answer while the disk is still writing. It is handed out when the write is
    /// durable.
    pub async fn write_shaped<W: Write, T>(
        &self,
        db: &Database,
        actor: Uuid,
        meta: &Meta,
        prepared: Result<W, ApiError>,
        shape: impl FnOnce(Done<W::Answer>) -> T,
    ) -> Result<T, ApiError> {
        let write = match prepared {
            Ok(write) => write,
            Err(error) => return answered_before::<W>(db, actor, meta, error).map(shape),
        };
        let command = frozen(actor, meta, &write, None)?;
        db.execute_shaped(command, |answer| Done::of(answer).map(shape)).await?
    }

    /// A write of the engine itself: demo data, the command line. Blocking.
    pub fn write_blocking<W: Write>(
        &self,
        db: &Database,
        actor: Uuid,
        id: Uuid,
        write: &W,
    ) -> Result<Done<W::Answer>, ApiError> {
        let command = command::freeze(id, actor, self.clock.now_ms(), write).map_err(ApiError::internal)?;
        Done::of(db.execute_blocking(command)?)
    }
}

/// What the answers on disk need to be believed after the next start.
fn ended(restaurant: &Restaurant) -> Option<Record> {
    let place = restaurant.place(line::file_stamp(restaurant.db.path())).ok()?;
    Some(Record::of(restaurant.id, place, &restaurant.versions))
}

fn frozen<W: Write>(actor: Uuid, meta: &Meta, write: &W, secret: Option<Vec<u8>>) -> Result<Command, ApiError> {
    let command = command::freeze(meta.id(actor), actor, meta.at_ms, write).map_err(ApiError::internal)?;
    Ok(Command { request: meta.fingerprint(actor, W::NAME), secret, ..command })
}

/// Answers are given by the runtime that waits for them. None: nobody waits on one (the command line).
fn on_this_runtime() -> Option<AnswerOn> {
    let runtime = tokio::runtime::Handle::try_current().ok()?;
    Some(Box::new(move |give| drop(runtime.spawn(async move { give() }))))
}

/// The first answer to this request, or `error` if there is none.
fn answered_before<W: Write>(
    db: &Database,
    actor: Uuid,
    meta: &Meta,
    error: ApiError,
) -> Result<Done<W::Answer>, ApiError> {
    if !meta.has_key() {
        return Err(error);
    }
    match db.known(meta.id(actor))? {
        Some((row, answer)) if row.request == meta.fingerprint(actor, W::NAME) => Done::of(answer),
        Some(_) => Err(comanda_db::WriteError::Reused.into()),
        None => Err(error),
    }
}
