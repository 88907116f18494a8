//! Does jobs, one after the other, for as long as the engine runs.

use std::sync::PoisonError;
use std::time::Duration;

use comanda_db::WriteError;

use super::list::Kind;
use super::model::{self, Run, State, Why};
use super::{Jobs, Stop, store};
use crate::app::App;
use crate::backups::ship::zone;
use crate::backups::unit::Unit;

/// Looked at least this often for what is due.
const LOOK: Duration = Duration::from_secs(5);
/// What struck while the engine was off waits this long, so that a start is not slow.
pub const SETTLE_MS: i64 = 2 * 60 * 1000;
/// Why a run that the engine did not live to end is tried again.
const CUT_OFF: &str = "the engine ended while it ran";

impl Jobs {
    /// Which jobs there are. Said once, when the engine starts.
    pub fn keep(&self, known: Vec<Kind>) {
        self.known.get_or_init(|| known);
    }

    /// Somebody changed what is to be done.
    pub fn wake(&self) {
        self.changed.notify_one();
    }
}

/// Runs for as long as the engine does; a run that is cut off is found at the next start.
pub async fn work(app: App) {
    if let Err(error) = recover(&app).await {
        tracing::error!(%error, "jobs that were cut off could not be taken up");
    }
    loop {
        match next(&app).await {
            Ok(true) => {}
            Ok(false) => tokio::select! {
                () = app.jobs.changed.notified() => {}
                () = app.wall_clock.pause(LOOK) => {}
            },
            Err(WriteError::Closed) => return,
            Err(error) => {
                tracing::error!(%error, "jobs could not be looked at");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

/// Runs that were cut off are tried again, or were tried too often; what struck meanwhile is made up for soon.
async fn recover(app: &App) -> Result<(), WriteError> {
    let now_ms = app.clock.now_ms();
    let kinds = app.jobs.known().to_vec();
    app.installation
        .local(move |tx| {
            for run in store::all_open(tx.conn())?.into_iter().filter(|run| run.state == State::Running) {
                let tries = kinds.iter().find(|kind| kind.name == run.job).map_or(0, |kind| kind.tries);
                store::put(tx, &run.after(Err(CUT_OFF.to_owned()), tries, now_ms, rand::random()))?;
            }
            for kind in &kinds {
                let mut schedule = store::schedule(tx.conn(), kind.name)?;
                if schedule.next_ms.is_some_and(|next_ms| next_ms < now_ms + SETTLE_MS) {
                    schedule.next_ms = Some(now_ms + SETTLE_MS);
                    store::put_schedule(tx, kind.name, &schedule)?;
                }
            }
            Ok(())
        })
        .await
}

/// Asks for what its schedule says, and does what is due. False: nothing is.
async fn next(app: &App) -> Result<bool, WriteError> {
    let now_ms = app.clock.now_ms();
    for kind in app.jobs.known() {
        strike(app, kind, now_ms).await?;
    }
    let due = app.installation.read(store::all_open).map_err(unread)?;
    let due = due.into_iter().find(|run| run.state == State::Waiting && run.due_ms <= now_ms);
    let Some((run, kind)) = due.and_then(|run| Some((app.jobs.kind(&run.job)?.clone(), run)).map(|(k, r)| (r, k)))
    else {
        return Ok(false);
    };
    perform(app, run, &kind).await?;
    Ok(true)
}

fn unread(error: rusqlite::Error) -> WriteError {
    WriteError::Unavailable(error.to_string())
}

/// When a job strikes next, by what somebody said or as usual.
pub fn next_ms(app: &App, kind: &Kind, schedule: &store::Schedule, now_ms: i64) -> Option<i64> {
    let said = schedule.pattern.as_deref().unwrap_or(kind.pattern);
    let pattern = model::pattern(said).ok().filter(|_| !schedule.paused)?;
    model::next_ms(&pattern, now_ms, zone(app, Unit::Installation))
}

async fn strike(app: &App, kind: &Kind, now_ms: i64) -> Result<(), WriteError> {
    let mut schedule = app.installation.read(|conn| store::schedule(conn, kind.name)).map_err(unread)?;
    let strikes = schedule.next_ms.is_some_and(|at_ms| at_ms <= now_ms) && !schedule.paused;
    let next_ms = next_ms(app, kind, &schedule, now_ms);
    let is_noted = match (schedule.next_ms, next_ms) {
        // Later than noted is what is made up for; sooner: somebody set the clock back.
        (Some(noted_ms), Some(next_ms)) => noted_ms <= next_ms,
        (noted, next) => noted == next,
    };
    if !strikes && is_noted {
        return Ok(());
    }
    schedule.next_ms = next_ms;
    let name = kind.name;
    let put = move |tx: &comanda_db::Tx<'_>| {
        store::put_schedule(tx, name, &schedule)?;
        if strikes {
            store::ask(tx, name, Why::Schedule, None, now_ms)?;
        }
        Ok(())
    };
    app.installation.local(put).await
}

async fn perform(app: &App, run: Run, kind: &Kind) -> Result<(), WriteError> {
    let (id, begun_ms) = (run.id, app.clock.now_ms());
    // Somebody may have cancelled it meanwhile.
    let begun = move |tx: &comanda_db::Tx<'_>| {
        let Some(run) = store::run(tx.conn(), id)?.filter(|run| run.state == State::Waiting) else { return Ok(None) };
        let run = run.begun(begun_ms);
        store::put(tx, &run)?;
        Ok(Some(run))
    };
    let Some(run) = app.installation.local(begun).await? else { return Ok(()) };
    let stop = Stop::default();
    let held = |running| *app.jobs.running.lock().unwrap_or_else(PoisonError::into_inner) = running;
    held(Some((id, stop.clone())));
    let outcome = kind.run(app.clone(), stop.clone()).await;
    held(None);
    let now_ms = app.clock.now_ms();
    if let Err(trouble) = &outcome {
        tracing::warn!(job = kind.name, trouble, attempt = run.attempts, "a job failed");
    }
    let ended = match outcome {
        Err(_) | Ok(_) if stop.is_asked() => run.cancelled(now_ms),
        outcome => run.after(outcome, kind.tries, now_ms, rand::random()),
    };
    tracing::info!(job = kind.name, state = ended.state.as_str(), amount = ended.amount, "a job has ended its turn");
    app.installation.local(move |tx| store::put(tx, &ended)).await
}
