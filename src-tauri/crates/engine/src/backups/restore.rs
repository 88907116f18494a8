//! Backing up on demand, and putting a restaurant back in two steps: a moment is made ready and looked at, then it
//! takes the place of the present, which is backed up and set aside first.

use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::hand::Kept;
use super::manifest::{Kind, Verdict};
use super::plan::{self, Wanted};
use super::runs::{Handle, Step, What};
use super::seal::DataKey;
use super::shelf::{self, Shelf, Shelved};
use super::store::BackupFigures;
use super::swap::{self, Safety};
use super::target::Target;
use super::unit::Unit;
use super::{Failure, Work, base, bring, check, mend, settings, ship, verify};
use crate::app::App;
use crate::backups::commands::RecordRestore;
use crate::kernel::ids::{self, AccountId, RestaurantId};

/// Moments that stand ready at once; one more lets the oldest go.
const READY_MAX: usize = 2;

/// Makes a base and puts it into targets; tests it there when it is not the first of a place, whose test follows by
/// itself. One target that fails keeps none of the others from theirs.
pub async fn back_up(
    app: &App,
    unit: Unit,
    targets: &[settings::Target],
    kind: Kind,
    run: Option<Handle>,
) -> Result<Vec<(Shelved, Option<Verdict>)>, Failure> {
    let run = run.unwrap_or_else(|| app.backups.runs.begin(What::Backup, &unit.name(), app.clock.now_ms()));
    let _let_go = run.or_let_go(&app.clock);
    let outcome = alone(app, unit, targets, kind, &run).await;
    run.end(outcome, app.clock.now_ms())
}

async fn alone(
    app: &App,
    unit: Unit,
    targets: &[settings::Target],
    kind: Kind,
    run: &Handle,
) -> Result<Vec<(Shelved, Option<Verdict>)>, Failure> {
    let alone = app.backups.alone.lock().await;
    if targets.is_empty() {
        return Err(Failure::Said("there is no place for backups yet. Add one first.".into()));
    }
    let made = base::make(app, unit, kind, run).await?;
    // On its way to a new place, which may be slow, it is in nobody's way.
    let _alone = (kind != Kind::First).then_some(alone);
    run.is_of(made.manifest.id);
    let (mut done, mut failed) = (Vec::new(), None);
    for target in targets {
        match into(app, unit, target, &made, kind, run).await {
            Ok(one) => done.push(one),
            Err(Failure::Stopped) => return Err(Failure::Stopped),
            Err(failure) if failed.is_none() => {
                run.is_at(&target.name);
                failed = Some(failure);
            }
            Err(_) => {}
        }
    }
    failed.map_or(Ok(done), Err)
}

async fn into(
    app: &App,
    unit: Unit,
    settings: &settings::Target,
    made: &base::Made,
    kind: Kind,
    run: &Handle,
) -> Result<(Shelved, Option<Verdict>), Failure> {
    let (target, _) = ship::reached(app, unit, settings).await?;
    let put = base::put(app, &target, made, run).await?;
    app.backups.shelves.with(unit, settings.id, |place| {
        if let Some(shelf) = &mut place.shelf {
            shelf.bytes += put.manifest.sealed.bytes;
            shelf.bases.push(put.clone());
        }
    });
    let id = put.manifest.id;
    if kind == Kind::First {
        let (app, settings) = (app.clone(), settings.clone());
        drop(tokio::spawn(async move { verify::verify(&app, unit, &settings, id).await.map(drop) }));
        return Ok((put, None));
    }
    let verdict = verify::test(app, unit, settings, id, run).await?;
    match verdict.findings.first() {
        Some(finding) => Err(Failure::Said(finding.clone())),
        None => Ok((put, Some(verdict))),
    }
}

/// A moment that was brought back and checked, or is being.
pub struct Prepared {
    pub id: Uuid,
    pub restaurant: RestaurantId,
    pub wanted: Wanted,
    pub target: Uuid,
    pub run: Uuid,
    pub state: Mutex<State>,
    work: Work,
}

#[derive(Clone)]
pub enum State {
    Making,
    Ready(Box<Ready>),
    Failed(String),
    /// It is taking the place of the present.
    Placing(Box<Ready>),
    /// It is the present now.
    Placed {
        safety: Option<Safety>,
        epoch: u64,
    },
}

#[derive(Debug, Clone)]
pub struct Ready {
    pub base: Uuid,
    /// The one it was in.
    pub epoch: u64,
    /// The moment it is: when the last command in it was asked for.
    pub at_ms: i64,
    pub then: BackupFigures,
    /// None: the present cannot be read.
    pub now: Option<BackupFigures>,
    pub took_ms: u64,
}

impl Prepared {
    pub fn state(&self) -> State {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn become_(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    pub fn file(&self) -> std::path::PathBuf {
        self.work.file("restored.db")
    }
}

#[derive(Default)]
pub struct Restores(Mutex<Vec<Arc<Prepared>>>);

impl Restores {
    pub fn find(&self, restaurant: RestaurantId, id: Uuid) -> Option<Arc<Prepared>> {
        self.all().iter().find(|one| one.id == id && one.restaurant == restaurant).cloned()
    }

    pub fn of(&self, restaurant: RestaurantId) -> Vec<Arc<Prepared>> {
        self.all().iter().filter(|one| one.restaurant == restaurant).cloned().collect()
    }

    pub fn forget(&self, id: Uuid) {
        let gone: Vec<_> = self.all().extract_if(.., |one| one.id == id).collect();
        drop(gone);
    }

    fn add(&self, one: Arc<Prepared>) {
        let mut all = self.all();
        all.push(one);
        let over = all.len().saturating_sub(READY_MAX);
        let gone: Vec<_> = all.drain(..over).collect();
        drop(all);
        drop(gone);
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Prepared>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a moment is brought back from.
#[derive(Clone)]
pub enum Source {
    Target(settings::Target),
    /// A file that somebody brought, and the key that opens it.
    File(Arc<Kept>, Box<(settings::Target, DataKey)>),
}

impl Source {
    fn id(&self) -> Uuid {
        match self {
            Self::Target(target) => target.id,
            Self::File(kept, _) => kept.id,
        }
    }

    async fn reached(&self, app: &App, unit: Unit) -> Result<(Target, Shelf, DataKey), Failure> {
        match self {
            Self::Target(settings) => {
                // What was written up to now is part of what can be gone back to.
                ship::journal(app, unit, settings).await;
                let (target, shelf) = ship::reached(app, unit, settings).await?;
                Ok((target, shelf, app.backups.key()?))
            }
            Self::File(_, file) => {
                let (settings, key) = &**file;
                let failed = |source| Failure::Target { target: settings.name.clone(), source };
                let target = Target::reach(settings).await.map_err(failed)?;
                let shelf = shelf::look(&target, unit, key).await?;
                match shelf.findings.first().filter(|_| shelf.bases.is_empty()) {
                    Some(finding) => Err(Failure::Said(finding.clone())),
                    None => Ok((target, shelf, key.clone())),
                }
            }
        }
    }
}

/// Begins to make a moment ready.
pub fn prepare(app: &App, restaurant: RestaurantId, source: &Source, wanted: Wanted) -> Result<Arc<Prepared>, Failure> {
    let unit = Unit::Restaurant(restaurant);
    let run = app.backups.runs.begin(What::Prepare, &unit.name(), app.clock.now_ms());
    let prepared = Arc::new(Prepared {
        id: Uuid::now_v7(),
        restaurant,
        wanted,
        target: source.id(),
        run: run.id,
        state: Mutex::new(State::Making),
        work: app.backups.work()?,
    });
    app.backups.restores.add(prepared.clone());
    let (app, source, made) = (app.clone(), source.clone(), prepared.clone());
    drop(tokio::spawn(async move {
        let _alone = app.backups.alone.lock().await;
        let outcome = make_ready(&app, unit, &source, &made, &run).await;
        match run.end(outcome, app.clock.now_ms()) {
            Ok(ready) => made.become_(State::Ready(Box::new(ready))),
            Err(failure) => made.become_(State::Failed(failure.to_string())),
        }
    }));
    Ok(prepared)
}

async fn make_ready(
    app: &App,
    unit: Unit,
    source: &Source,
    prepared: &Prepared,
    run: &Handle,
) -> Result<Ready, Failure> {
    let (target, shelf, key) = source.reached(app, unit).await?;
    let way = plan::way(&shelf, prepared.wanted, ship::zone(app, unit)).map_err(|no| Failure::Said(no.to_string()))?;
    let began = std::time::Instant::now();
    let file = prepared.file();
    if let Err(failure) = bring::bring(&target, unit, &key, &shelf, &way, &file, run).await {
        return Err(mend::on_the_way(app, unit, source, &way, failure).await);
    }
    run.at(Step::Check, 0.75)?;
    let checked = tokio::task::spawn_blocking(move || check::check(&file, unit)).await??;
    if let Some(finding) = checked.findings.first() {
        return Err(mend::on_the_way(app, unit, source, &way, Failure::Said(finding.clone())).await);
    }
    let then = checked.figures.ok_or_else(|| Failure::Said("nothing is known of this file".into()))?;
    let now = unit.database(app).and_then(|database| database.read(super::store::figures).ok());
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let at_ms = way.until_ms.or(then.at_ms).unwrap_or(way.base.at_ms);
    Ok(Ready { base: way.base.id, epoch: way.base.epoch, at_ms, then, now, took_ms })
}

/// What stands ready begins to take the place of the present.
pub fn place(app: &App, prepared: &Arc<Prepared>, by: AccountId) -> Result<(), Failure> {
    let ready = {
        let mut state = prepared.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State::Ready(ready) = &*state else {
            return Err(Failure::Said("this moment does not stand ready".into()));
        };
        let ready = ready.clone();
        *state = State::Placing(ready.clone());
        ready
    };
    let (app, prepared) = (app.clone(), prepared.clone());
    drop(tokio::spawn(async move {
        prepared.become_(match put_in_place(&app, &prepared, &ready, by).await {
            Ok((safety, epoch)) => State::Placed { safety, epoch },
            Err(failure) => State::Failed(failure.to_string()),
        });
    }));
    Ok(())
}

async fn put_in_place(
    app: &App,
    prepared: &Prepared,
    ready: &Ready,
    by: AccountId,
) -> Result<(Option<Safety>, u64), Failure> {
    let unit = Unit::Restaurant(prepared.restaurant);
    let run = app.backups.runs.begin(What::Restore, &unit.name(), app.clock.now_ms());
    run.is_of(ready.base);
    let targets = app.backups.settings().targets;
    // The present goes into the backups first. Where it cannot, it is set aside all the same.
    if unit.database(app).is_some() {
        drop(back_up(app, unit, &targets, Kind::BeforeRestore, None).await);
        for target in &targets {
            ship::journal(app, unit, target).await;
        }
    }
    let until_ms = if let Wanted::At(at_ms) = prepared.wanted { Some(at_ms) } else { None };
    let record =
        |epoch, safety| RecordRestore { base: Some(ready.base), entry: ready.then.entry, until_ms, epoch, safety };
    let outcome = exchange(app, prepared.restaurant, (prepared.file(), ready.epoch), by, &run, record).await;
    run.end(outcome, app.clock.now_ms())
}

/// Takes a restore back: what was set aside is the present again, and what there was meanwhile is set aside.
pub async fn roll_back(
    app: &App,
    restaurant: RestaurantId,
    name: &str,
    by: AccountId,
    run: Handle,
) -> Result<(), Failure> {
    let known = swap::safeties(app, restaurant)?.into_iter().find(|safety| safety.name == name);
    let outcome = async {
        let known = known.ok_or_else(|| Failure::Said("there is nothing of this name set aside".into()))?;
        let work = app.backups.work()?;
        let file = work.file("restored.db");
        run.at(Step::Check, 0.2)?;
        let (from, to, unit) = (known.path, file.clone(), Unit::Restaurant(restaurant));
        let checked = tokio::task::spawn_blocking(move || {
            std::fs::copy(from, &to)?;
            check::check(&to, unit)
        });
        let checked = checked.await??;
        if let Some(finding) = checked.findings.first() {
            return Err(Failure::Said(finding.clone()));
        }
        let entry = checked.figures.map_or(0, |figures| figures.entry);
        let record = |epoch, safety| RecordRestore { base: None, entry, until_ms: None, epoch, safety };
        exchange(app, restaurant, (file, 0), by, &run, record).await
    };
    let outcome = outcome.await;
    run.end(outcome, app.clock.now_ms()).map(drop)
}

async fn exchange(
    app: &App,
    restaurant: RestaurantId,
    (ready, was_in): (std::path::PathBuf, u64),
    by: AccountId,
    run: &Handle,
    record: impl FnOnce(u64, Option<String>) -> RecordRestore,
) -> Result<(Option<Safety>, u64), Failure> {
    let _one_at_a_time = app.backups.swapping.lock().await;
    let unit = Unit::Restaurant(restaurant);
    run.at(Step::Swap, 0.9)?;
    let present = unit.database(app).map_or(1, |database| database.epoch());
    let epoch = present.max(was_in).max(app.backups.shelves.epoch_max(unit)) + 1;
    let swapping = app.clone();
    let safety = tokio::task::spawn_blocking(move || swap::swap(&swapping, restaurant, &ready, epoch)).await??;
    app.backups.shelves.forget(unit);
    app.rewinds.close_of(restaurant);
    if let Some(placed) = app.restaurant(restaurant) {
        let (record, writing) = (record(epoch, safety.as_ref().map(|safety| safety.name.clone())), app.clone());
        let written = tokio::task::spawn_blocking(move || {
            writing.write_blocking(&placed.db, by.0, ids::mint(), &record).map(drop)
        });
        if let Err(error) = written.await? {
            tracing::error!(%error, "the restore could not be recorded");
        }
    }
    app.changes.announce_all(restaurant);
    app.backups.wake.notify_one();
    Ok((safety, epoch))
}
