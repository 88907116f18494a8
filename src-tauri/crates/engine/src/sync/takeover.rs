//! A change of sequencer: the spare takes over, the others follow, the former one steps down.
//!
//! A take-over is one transaction on the restaurant's file (a later epoch, what waited is placed, the command that
//! says so) and one on the installation's (the devices, the letters, no link any more). Whoever is killed between the
//! two finishes at the next start. A former sequencer becomes a linked desk, which then is told that it is fenced and
//! begins again from a copy as any other does.

use std::time::Duration;

use comanda_db::{Database, Options};

use super::commands::TakeOver;
use super::store::spare::{self as store, Own, Spare};
use super::store::{self as links, Link};
use super::{client, fence, model, spare};
use crate::app::App;
use crate::backups::check;
use crate::command::{self, Book};
use crate::error::{ApiError, Refusal};
use crate::kernel::ids::{self, AccountId, RestaurantId};
use crate::{commands, tables};

/// Readings get this long to end.
const READ_TIME_MAX: Duration = Duration::from_secs(20);
/// Letters nobody here has heard of that the former sequencer may have leased meanwhile.
const LETTERS_SPARED: u64 = 10;

/// What keeps this engine from taking over.
pub fn may_take_over(app: &App, id: RestaurantId) -> Result<Link, ApiError> {
    let link = app.installation.read(|conn| links::link(conn, id))?;
    let link = link.ok_or_else(|| Refusal::rule("This desk is linked to no other: there is nothing to take over."))?;
    if spare::held(app, id)?.is_none() {
        let message = "This desk is not the spare. Name it as the spare at the desk it is linked to.";
        return Err(Refusal::rule(message).into());
    }
    Ok(link)
}

/// Makes this engine the restaurant's sequencer, and says of which epoch.
pub async fn take_over(app: &App, id: RestaurantId, by: AccountId) -> Result<u64, ApiError> {
    let changing = app.desks.changing.lock().await;
    let link = may_take_over(app, id)?;
    let (taking, taken) = (app.clone(), link.clone());
    let epoch =
        tokio::task::spawn_blocking(move || change(&taking, &taken, by)).await.map_err(ApiError::internal)??;
    drop(changing);
    app.desks.forget(id);
    app.desks.links.notify_one();
    app.rewinds.close_of(id);
    app.sessions.forget_all();
    app.changes.announce_all(id);
    tracing::warn!(restaurant = %id, %by, epoch, former = link.address, "this desk took over");
    // The former sequencer, if it is there, finds out at once.
    let app = app.clone();
    drop(tokio::spawn(async move { drop(client::pull(&app.outward, &link, epoch, 0, 0).await) }));
    Ok(epoch)
}

/// Blocking.
fn change(app: &App, link: &Link, by: AccountId) -> Result<u64, ApiError> {
    let id = link.restaurant_id;
    let restaurant = app.restaurant(id).ok_or_else(|| Refusal::not_found("The restaurant"))?;
    let (epoch, device) = (restaurant.db.epoch() + 1, restaurant.db.device());
    app.exchange(id, busy(), || {
        let (path, at_ms, letters) = (app.restaurant_path(id), app.clock.now_ms(), link.letters.clone());
        let options = Options { sequencer: false, ..Options::default() };
        let db = Database::open(&path, tables::RESTAURANT, Book::new(commands::RESTAURANT), options);
        let db = db.map_err(ApiError::internal)?;
        let write = TakeOver { epoch, position: db.position()?, device, letters };
        let command = command::freeze(ids::mint(), by.0, at_ms, &write).map_err(ApiError::internal)?;
        db.promote(epoch, command).map_err(ApiError::internal)?;
        db.close_wholly(READ_TIME_MAX);
        check::settle(&path).map_err(ApiError::internal)?;
        succeed(app, link, epoch).map(|()| epoch)
    })
}

fn busy() -> ApiError {
    ApiError::internal("somebody reads for too long")
}

/// The devices are this engine's, and its link ends. Blocking.
fn succeed(app: &App, link: &Link, epoch: u64) -> Result<(), ApiError> {
    let (id, device, lease) = (link.restaurant_id, link.device_id, model::number(&link.letters));
    let (mut standing, _) =
        spare::held(app, id)?.ok_or_else(|| ApiError::internal("nothing was handed to this desk"))?;
    let before = app.installation.read(|conn| links::leased(conn, id))?;
    for known in &mut standing.devices {
        if known.id == device || known.lease == lease {
            (known.key_hash, known.seal) = (None, None);
        }
    }
    let highest = standing.devices.iter().map(|known| known.lease).chain(before).max().unwrap_or(0);
    let floor = highest.max(standing.floor).max(lease) + LETTERS_SPARED;
    let own = Own { epoch, lease, floor };
    app.installation.local_blocking(move |tx| store::succeed(tx, id, own, &standing))?;
    Ok(())
}

/// Ends a take-over that was cut off half-way. True: there was one. Blocking.
pub fn finish(app: &App, link: &Link) -> Result<bool, ApiError> {
    let id = link.restaurant_id;
    let Some(restaurant) = app.restaurant(id).filter(|_| matches!(spare::held(app, id), Ok(Some(_)))) else {
        return Ok(false);
    };
    let (epoch, device) = (restaurant.db.epoch(), restaurant.db.device());
    if !restaurant.read(|conn| store::began(conn, epoch, device))? {
        return Ok(false);
    }
    drop(restaurant);
    succeed(app, link, epoch)?;
    app.exchange(id, busy(), || Ok::<_, ApiError>(()))?;
    tracing::warn!(restaurant = %id, epoch, "a take-over was finished");
    Ok(true)
}

/// Follows whoever took over. True: somebody did, and this desk asks there from now on.
pub async fn followed(app: &App, link: &Link) -> bool {
    let id = link.restaurant_id;
    // The address may have come since the link was read.
    let Ok(Some(link)) = app.installation.read(|conn| links::link(conn, id)) else { return false };
    let Some(address) = link.spare.clone() else { return false };
    let Some(here) = app.restaurant(id).map(|restaurant| restaurant.db.epoch()) else { return false };
    match fence::asked(app, &address, id, link.device_id, &link.seal).await {
        Some(there) if there > here => {}
        _ => return false,
    }
    let since_ms = app.clock.now_ms();
    let kept = app.installation.local(move |tx| {
        let now = links::link(tx.conn(), id)?.filter(|now| now.key == link.key && now.address == link.address);
        let Some(now) = now else { return Ok(false) };
        store::delete_standing(tx, id)?;
        let address = address.clone();
        // Who vouched for the former address says nothing of this one.
        let link = Link { address, authority: None, spare: None, own_address: None, since_ms, ..now };
        links::set_link(tx, &link).map(|()| true)
    });
    match kept.await {
        Ok(true) => {}
        Ok(false) => return false,
        Err(error) => {
            tracing::error!(restaurant = %id, %error, "the new sequencer could not be written down");
            return false;
        }
    }
    app.tell_sync(id);
    tracing::warn!(restaurant = %id, "this desk follows a new sequencer");
    true
}

/// A sequencer whose spare took over becomes a linked desk of it. What it placed above the fork goes there.
pub async fn step_down(app: &App, id: RestaurantId, spare: &Spare, to: String, epoch: u64) -> Result<(), ApiError> {
    let changing = app.desks.changing.lock().await;
    let Some(restaurant) = app.restaurant(id).filter(|restaurant| !restaurant.is_linked) else { return Ok(()) };
    let link = Link {
        restaurant_id: id,
        address: to,
        device_id: restaurant.db.device(),
        letters: restaurant.letters().to_owned(),
        key: spare.key.clone(),
        seal: spare.seal,
        since_ms: app.clock.now_ms(),
        authority: None,
        spare: None,
        own_address: None,
    };
    drop(restaurant);
    let stepping = app.clone();
    let stepped = tokio::task::spawn_blocking(move || -> Result<(), ApiError> {
        // Written down first: whoever is killed on the way starts as a linked desk.
        stepping.installation.local_blocking(move |tx| {
            store::forget_spares(tx, id)?;
            links::set_link(tx, &link)
        })?;
        stepping.exchange(id, busy(), || Ok::<_, ApiError>(()))
    });
    stepped.await.map_err(ApiError::internal)??;
    drop(changing);
    app.desks.links.notify_one();
    app.changes.announce_all(id);
    tracing::warn!(restaurant = %id, epoch, "another engine took over: this one is fenced, and follows it");
    Ok(())
}
