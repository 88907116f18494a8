//! A backup is brought back on the first screen of an installation that has no restaurant yet: made ready and looked at
//! while the engine runs, then put in its place, with who works there.
//!
//! Invariants: it is for an installation without a restaurant, which is looked at once more while nobody can write; what
//! stands ready was checked whole; the key is here before the first file is, and the place goes on to be backed up to.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use uuid::Uuid;

use super::elsewhere::{self, Ready};
use super::plan::Wanted;
use super::seal::DataKey;
use super::target::Target;
use super::unit::Unit;
use super::{Failure, check, hand, settings, shelf};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::installation::store;
use crate::kernel::ids::RestaurantId;
use crate::restaurant::model::Settings;
use crate::{house, limits, restaurant, sync, wall_clock};

/// Where it comes from, opened.
pub struct Source {
    pub from: settings::Target,
    pub target: Target,
    pub units: Vec<Unit>,
    pub key: DataKey,
    /// It was brought in a file, which is no place to back up to.
    pub file: Option<Arc<hand::Kept>>,
}

/// A restaurant of those that stand ready.
#[derive(Debug, Clone)]
pub struct Found {
    pub id: RestaurantId,
    pub settings: Arc<Settings>,
    pub figures: super::store::BackupFigures,
    /// The moment it is.
    pub at_ms: i64,
    /// From when to when its backups lead.
    pub reach_ms: Option<(i64, i64)>,
}

#[derive(Debug, Clone)]
pub enum State {
    Making { run: Option<Uuid>, nth: usize },
    Ready(Arc<Ready>, Vec<Found>),
    Placing(Vec<Found>),
    Placed(Vec<Found>),
    Failed(String),
}

/// One backup on its way.
pub struct Arrival {
    pub source: Source,
    state: Mutex<State>,
}

impl Arrival {
    pub fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn become_(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// The one that is on its way; another one takes its place.
#[derive(Default)]
pub struct Arrivals(Mutex<Option<Arc<Arrival>>>);

impl Arrivals {
    pub fn now(&self) -> Option<Arc<Arrival>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What keeps a backup from being brought back here.
pub fn may_arrive(app: &App) -> Result<(), ApiError> {
    if app.hub.is_some() {
        return Err(Refusal::conflict("A hub has backups of its own: PostgreSQL's.").into());
    }
    if app.installation.read(store::has_restaurant)? {
        let message = "There is a restaurant here already. A backup is brought back on the page Backups then.";
        return Err(Refusal::conflict(message).into());
    }
    Ok(())
}

/// Reaches a place and opens what it holds with the key.
pub async fn open(
    from: settings::Target,
    key: DataKey,
    file: Option<Arc<hand::Kept>>,
) -> Result<Option<Source>, Failure> {
    let (target, units) = elsewhere::reached(&from).await?;
    let whole = units.contains(&Unit::Installation) && units.len() > 1;
    if !whole {
        return Err(Failure::Said("it does not hold a whole restaurant: who works there is missing".into()));
    }
    let shelf = shelf::look(&target, Unit::Installation, &key).await?;
    // Where there are bases and none is vouched for with this key, it is another one's.
    let is_other = shelf.bases.is_empty() && !shelf.findings.is_empty();
    Ok((!is_other).then_some(Source { from, target, units, key, file }))
}

/// Begins to make everything ready. What was made ready before is let go.
pub fn begin(app: &App, source: Source, wanted: Wanted) -> Result<Arc<Arrival>, ApiError> {
    let mut now = app.backups.arrivals.0.lock().unwrap_or_else(PoisonError::into_inner);
    match now.as_ref().map(|before| before.state()) {
        Some(State::Placing(_) | State::Placed(_)) => {
            return Err(Refusal::conflict("A backup is being brought back already.").into());
        }
        Some(State::Making { run: Some(run), .. }) => {
            let running = app.backups.runs.find(run);
            running.inspect(|running| _ = app.backups.runs.stop(&running.unit, run));
        }
        _ => {}
    }
    let arrival = Arc::new(Arrival { source, state: Mutex::new(State::Making { run: None, nth: 0 }) });
    *now = Some(arrival.clone());
    drop(now);
    let (app, made) = (app.clone(), arrival.clone());
    drop(tokio::spawn(async move {
        let _alone = app.backups.alone.lock().await;
        made.become_(match make_ready(&app, &made, wanted).await {
            Ok((ready, found)) => State::Ready(Arc::new(ready), found),
            Err(failure) => State::Failed(failure.to_string()),
        });
    }));
    Ok(arrival)
}

async fn make_ready(app: &App, arrival: &Arrival, wanted: Wanted) -> Result<(Ready, Vec<Found>), Failure> {
    let Source { target, units, key, .. } = &arrival.source;
    let restaurants: Vec<_> = units.iter().copied().filter(|unit| *unit != Unit::Installation).collect();
    elsewhere::no_file_of(&app.data_dir, &restaurants)?;
    let mut nth = 0;
    let begun = |run| {
        arrival.become_(State::Making { run: Some(run), nth });
        nth += 1;
    };
    let ready = elsewhere::prepare(&app.backups, target, units, key, (wanted, app.clock.now_ms()), begun).await?;
    let looked = tokio::task::spawn_blocking(move || found(&ready).map(|found| (ready, found)));
    looked.await?
}

fn found(ready: &Ready) -> Result<Vec<Found>, Failure> {
    let mut all = Vec::new();
    for one in &ready.all {
        let (Unit::Restaurant(id), Some(figures)) = (one.unit, one.figures.clone()) else { continue };
        let settings = Connection::open(&one.file).and_then(|conn| restaurant::store::settings(&conn))?;
        check::settle(&one.file)?;
        let from_ms = one.windows.iter().map(|window| window.from_ms).min();
        let to_ms = one.windows.iter().map(|window| window.to_ms).max();
        let reach_ms = from_ms.zip(to_ms);
        all.push(Found { id, settings: Arc::new(settings), figures, at_ms: one.at_ms, reach_ms });
    }
    Ok(all)
}

/// What stands ready begins to take its place.
pub fn place(app: &App, arrival: &Arc<Arrival>) -> Result<(), ApiError> {
    let ready = {
        let mut state = arrival.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State::Ready(ready, found) = &*state else {
            return Err(Refusal::conflict("This backup does not stand ready.").into());
        };
        let (ready, found) = (ready.clone(), found.clone());
        *state = State::Placing(found.clone());
        (ready, found)
    };
    let (app, arrival) = (app.clone(), arrival.clone());
    drop(tokio::spawn(async move {
        let (ready, found) = ready;
        arrival.become_(match put_in_place(&app, &arrival.source, ready).await {
            Ok(()) => State::Placed(found),
            Err(failure) => {
                tracing::error!(%failure, "a backup could not be put in its place");
                State::Failed(failure.to_string())
            }
        });
    }));
    Ok(())
}

async fn put_in_place(app: &App, source: &Source, ready: Arc<Ready>) -> Result<(), Failure> {
    let _one_at_a_time = app.backups.swapping.lock().await;
    app.backups.take_key(source.key.clone())?;
    let placing = app.clone();
    let placed = tokio::task::spawn_blocking(move || {
        let busy = Failure::Said("somebody reads for too long; nothing was changed. Try again.".into());
        placing.exchange_installation(busy, || {
            let present = placing.installation.path();
            let taken = Connection::open(present).and_then(|conn| store::has_restaurant(&conn))?;
            check::settle(present)?;
            if taken {
                return Err(Failure::Said("somebody set up a restaurant here meanwhile; nothing was changed".into()));
            }
            elsewhere::put_in_place(&placing.data_dir, &ready)
        })
    });
    for back in placed.await?? {
        tracing::info!(unit = back.unit, entry = back.entry, "brought back");
    }
    if source.file.is_none() {
        let kept = app.backups.change(|settings| {
            settings.targets = vec![source.from.clone()];
            Ok(())
        });
        if let Err(error) = kept {
            tracing::error!(?error, "the place it came from is not backed up to");
        }
    }
    as_at_start(app).await;
    Ok(())
}

/// What an engine looks at in its installation when it starts.
async fn as_at_start(app: &App) {
    let looking = app.clone();
    drop(tokio::task::spawn_blocking(move || wall_clock::watch::look_back(&looking)).await);
    for (name, quota) in app.installation.read(limits::store::chosen).unwrap_or_default() {
        app.limits.set(name, quota);
    }
    if let Ok(Some(wanted)) = app.installation.read(house::store::wanted)
        && let Err(error) = app.house.set(wanted).await
    {
        tracing::warn!(?error, "the door of the house stays shut");
    }
    sync::fence::look_first(app).await;
    app.desks.links.notify_one();
    app.backups.wake.notify_one();
}
