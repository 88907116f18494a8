//! A linked desk begins again from a copy: its rows were found to be others than the sequencer's, or the restaurant was
//! put back, or another desk took over. It gets another id and other letters; what it had not placed goes on under the
//! same ids.

use std::path::{Path, PathBuf};
use std::time::Duration;

use comanda_db::rebase::Unplaced;
use comanda_db::{Database, Options, joining};
use uuid::Uuid;

use super::client::{self, Trouble};
use super::model::LinkState;
use super::store::{self, Link};
use super::{join, wire};
use crate::app::App;
use crate::backups::check;
use crate::command::Book;
use crate::error::ApiError;
use crate::{commands, tables};

/// Readings get this long to end.
const READ_TIME_MAX: Duration = Duration::from_secs(20);
/// Where former files are set aside.
const ASIDE: &str = "set-aside";
/// All of them, for SQLite.
const EVERYTHING: usize = i64::MAX as usize;

/// Fetches a copy and puts it in the place of the file. Says how many commands were resubmitted.
pub async fn begin_again(app: &App, before: &Link) -> Result<usize, Trouble> {
    app.desks.note(before.restaurant_id, |status| status.state = LinkState::Copying);
    let leased = client::lease(&app.outward, before).await?;
    let link = Link { device_id: leased.device_id, letters: leased.letters, ..before.clone() };
    // Written down first: whoever is killed on the way has a file of another device, and begins again.
    let kept = link.clone();
    let stopped = |error: ApiError| Trouble::Stopped(error.to_string());
    let written = app.installation.local(move |tx| match store::link(tx.conn(), kept.restaurant_id)? {
        Some(now) if (&now.key, &now.address) == (&kept.key, &kept.address) => {
            let (device_id, letters) = (kept.device_id, kept.letters.clone());
            store::set_link(tx, &Link { device_id, letters, ..now }).map(|()| true)
        }
        _ => Ok(false),
    });
    if !written.await.map_err(|error| stopped(error.into()))? {
        return Err(otherwise());
    }
    let path = join::fetched(app, &link).await?;
    let changing = app.desks.changing.lock().await;
    let now = app.installation.read(|conn| store::link(conn, link.restaurant_id));
    if now.map_err(|error| stopped(error.into()))?.map(|now| now.device_id) != Some(link.device_id) {
        return Err(otherwise());
    }
    let (placing, swapped) = (app.clone(), link.clone());
    let placed = tokio::task::spawn_blocking(move || place(&placing, &swapped, &path)).await;
    let resubmitted = placed.map_err(|error| Trouble::Stopped(error.to_string()))?.map_err(stopped)?;
    drop(changing);
    app.rewinds.close_of(link.restaurant_id);
    app.sessions.forget_all();
    app.changes.announce_all(link.restaurant_id);
    Ok(resubmitted)
}

fn otherwise() -> Trouble {
    Trouble::Away("who this desk is linked to has just changed".into())
}

/// The file is closed, what it had not placed and what is its own goes into the copy, and the copy takes its name.
/// Blocking.
fn place(app: &App, link: &Link, copy: &Path) -> Result<usize, ApiError> {
    let id = link.restaurant_id;
    let live = app.restaurant_path(id);
    let resubmitted = app.exchange(id, ApiError::internal("somebody reads for too long"), || {
        let former = live.exists().then_some(live.as_path());
        let waiting = former.map(|live| waiting(live, copy)).transpose()?;
        joining::settle(copy, link.device_id, &tables::RESTAURANT, former)?;
        let resubmitted = waiting.map_or(Ok(0), |(own, unplaced)| resubmit(copy, own, &unplaced))?;
        if former.is_some() {
            keep_aside(app, &live)?;
        }
        // In one step: whoever is killed finds the former file or this one, and what was not placed in it.
        std::fs::rename(copy, &live).map_err(ApiError::internal)?;
        Ok::<_, ApiError>(resubmitted)
    })?;
    app.unreadable.clear(id);
    Ok(resubmitted)
}

/// What goes from a file into a copy: where the sequencer changed, everything above the fork, whoever did it, because
/// the one who did may never come; then what waits. And whose file it is.
fn waiting(file: &Path, copy: &Path) -> Result<(Uuid, Vec<Unplaced>), ApiError> {
    let db = Database::open_to_read(file, tables::RESTAURANT, 1).map_err(ApiError::internal)?;
    let new = Database::open_to_read(copy, tables::RESTAURANT, 1).map_err(ApiError::internal)?;
    let fork = new.read(|conn| store::spare::fork_since(conn, db.epoch()))?;
    new.close_wholly(READ_TIME_MAX);
    let mut unplaced = fork.map_or(Ok(Vec::new()), |fork| db.above(fork))?;
    unplaced.extend(db.unplaced(EVERYTHING)?);
    let own = db.device();
    db.close_wholly(READ_TIME_MAX);
    Ok((own, unplaced))
}

fn resubmit(file: &Path, own: Uuid, unplaced: &[Unplaced]) -> Result<usize, ApiError> {
    let options = Options { sequencer: false, ..Options::default() };
    let db = Database::open(file, tables::RESTAURANT, Book::new(commands::RESTAURANT), options);
    let db = db.map_err(ApiError::internal)?;
    let mut resubmitted = 0;
    for some in unplaced.chunks(wire::COMMANDS_MAX) {
        resubmitted += db.resubmit(own, some.to_vec()).map_err(ApiError::internal)?;
    }
    db.close_wholly(READ_TIME_MAX);
    check::settle(file).map_err(ApiError::internal)?;
    Ok(resubmitted)
}

/// Nothing is thrown away: a closed file is kept under another name.
pub fn set_aside(app: &App, live: &Path) -> Result<PathBuf, ApiError> {
    let kept = keep_aside(app, live)?;
    std::fs::remove_file(live).map_err(ApiError::internal)?;
    Ok(kept)
}

fn keep_aside(app: &App, live: &Path) -> Result<PathBuf, ApiError> {
    let folder = app.data_dir.join(ASIDE);
    std::fs::create_dir_all(&folder).map_err(ApiError::internal)?;
    let name = live.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
    let to = folder.join(format!("{name}-{}.db", app.clock.now_ms()));
    check::settle(live).map_err(ApiError::internal)?;
    // Not every file system has links.
    std::fs::hard_link(live, &to).or_else(|_| std::fs::copy(live, &to).map(drop)).map_err(ApiError::internal)?;
    Ok(to)
}
