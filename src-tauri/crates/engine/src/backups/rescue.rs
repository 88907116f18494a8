//! A restaurant whose file cannot be opened comes back out of its backups, and the file is set aside as it is.
//!
//! Who belongs to the restaurant stands in that file. Whoever is signed in may have the newest there is fetched, which
//! changes nothing; who may put it in its place is asked of what was fetched.

use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};

use super::plan::{self, NoWay, Wanted};
use super::restore::{self, Prepared, Source, State};
use super::settings::Target;
use super::shelf::Shelf;
use super::unit::Unit;
use super::{Failure, ship};
use crate::app::App;
use crate::kernel::ids::{AccountId, RestaurantId};
use crate::staff;
use crate::staff::model::Role;

/// What is being fetched, stands ready, or failed last.
pub fn current(app: &App, id: RestaurantId) -> Option<Arc<Prepared>> {
    app.backups.restores.of(id).pop()
}

/// Begins to fetch the newest there is from the place that goes furthest. What goes on already, goes on.
pub async fn begin(app: &App, id: RestaurantId) -> Result<Arc<Prepared>, Failure> {
    if let Some(going) = current(app, id)
        && !matches!(going.state(), State::Failed(_))
    {
        return Ok(going);
    }
    let unit = Unit::Restaurant(id);
    let mut best: Option<(_, Target, Wanted)> = None;
    let mut failed = None;
    for target in app.backups.settings().targets {
        match ship::reached(app, unit, &target).await {
            Ok((_, shelf)) => {
                let Some(wanted) = furthest(&shelf) else { continue };
                let reached = plan::reaches(&shelf, wanted);
                if best.as_ref().is_none_or(|(before, ..)| reached > *before) {
                    best = Some((reached, target, wanted));
                }
            }
            Err(failure) => failed = failed.or(Some(failure)),
        }
    }
    let none = || Failure::Said("none of the places for backups holds this restaurant".into());
    let (_, target, wanted) = best.ok_or_else(|| failed.unwrap_or_else(none))?;
    restore::prepare(app, id, &Source::Target(target), wanted)
}

/// As far as a place goes; up to its gap, where it has one.
fn furthest(shelf: &Shelf) -> Option<Wanted> {
    match plan::way(shelf, Wanted::Latest, chrono_tz::UTC) {
        Ok(_) => Some(Wanted::Latest),
        Err(NoWay::Gap { from_ms, .. }) => Some(Wanted::At(from_ms)),
        Err(_) => None,
    }
}

/// As what somebody is on the staff of the restaurant that was fetched. Blocking.
pub fn role_in(fetched: &Prepared, account: AccountId) -> Result<Option<Role>, Failure> {
    let conn = Connection::open_with_flags(fetched.file(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    Ok(staff::store::place_of(&conn, account)?.map(|(_, role)| role))
}
