//! A restaurant that exists joins this installation: link, fetch a copy, take it in, and let its people log in.
//!
//! It goes on in the background while the page shows how far it is. The restaurant becomes part of the installation
//! with the one command `JoinRestaurant`; a run that ends before it leaves a file nobody refers to, which the next
//! start moves aside.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use comanda_db::joining;
use serde::Serialize;
use utoipa::ToSchema;

use super::client::{self, Trouble};
use super::codes::Code;
use super::commands::JoinRestaurant;
use super::handover::{Handover, keep_pins};
use super::store::{self, Link};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::input::Meta;
use crate::kernel::ids::{self, RestaurantId};
use crate::tables;

/// Where copies are while they are made or taken in.
pub const FOLDER: &str = "sync";
/// A copy that breaks off is asked for again so often.
const TRIES: u32 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JoinStep {
    Linking,
    Copying,
    Opening,
    Done,
    Failed,
}

/// How far joining is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Joining {
    pub step: JoinStep,
    /// The restaurant's, once it is known.
    pub name: Option<String>,
    /// Of the copy, as it travels.
    pub bytes: u64,
    /// Of the copy, unpacked.
    pub bytes_max: u64,
    /// Why it failed: a sentence.
    pub failure: Option<String>,
}

impl Joining {
    pub const fn begun() -> Self {
        Self { step: JoinStep::Linking, name: None, bytes: 0, bytes_max: 0, failure: None }
    }
}

/// What a person typed on the new desk.
#[derive(Clone)]
pub struct Wanted {
    pub address: String,
    pub code: Code,
    pub name: String,
}

/// Removes what an engine that was killed left behind.
pub fn clear(data_dir: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(data_dir.join(FOLDER)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A new file for a copy.
pub fn copy_path(app: &App, id: RestaurantId) -> Result<PathBuf, Trouble> {
    let folder = app.data_dir.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(|error| Trouble::Stopped(error.to_string()))?;
    Ok(folder.join(format!("{id}-{}.db", ids::mint())))
}

/// Joins, and says at `Desks::joining` how far it is.
pub async fn join(app: &App, wanted: &Wanted) -> Result<RestaurantId, Trouble> {
    let joined = steps(app, wanted).await;
    app.desks.at_joining(|joining| match &joined {
        Ok(_) => joining.step = JoinStep::Done,
        Err(trouble) => {
            joining.step = JoinStep::Failed;
            joining.failure = Some(trouble.to_string());
        }
    });
    joined
}

async fn steps(app: &App, wanted: &Wanted) -> Result<RestaurantId, Trouble> {
    let (sealed, is_known) = client::link(&app.outward, &wanted.address, &wanted.code.proof(), &wanted.name).await?;
    let handover = Handover::open(&sealed, &wanted.code);
    let handover = handover.ok_or_else(|| Trouble::Stopped("what came back was not made for this code".into()))?;
    let link = Link {
        restaurant_id: handover.restaurant_id,
        address: wanted.address.clone(),
        device_id: handover.device_id,
        letters: handover.letters.clone(),
        key: handover.key.clone(),
        seal: wanted.code.seal_of_link(),
        since_ms: app.clock.now_ms(),
        authority: handover.authority.clone().filter(|_| !is_known),
        spare: None,
        own_address: None,
    };
    if !is_known {
        client::prove(&app.outward, &link).await?;
    }
    app.desks.at_joining(|joining| {
        joining.step = JoinStep::Copying;
        joining.name = Some(handover.name.clone());
    });
    let path = fetched(app, &link).await?;
    app.desks.at_joining(|joining| joining.step = JoinStep::Opening);
    taken_in(app, handover, link, path).await.map_err(|error| Trouble::Stopped(error.to_string()))
}

/// A copy in a file of its own.
pub async fn fetched(app: &App, link: &Link) -> Result<PathBuf, Trouble> {
    let path = copy_path(app, link.restaurant_id)?;
    let told =
        |bytes, bytes_max| app.desks.at_joining(|joining| (joining.bytes, joining.bytes_max) = (bytes, bytes_max));
    let mut tries = 0;
    loop {
        tries += 1;
        match client::copy(&app.outward, link, &path, told).await {
            Ok(_) => return Ok(path),
            Err(Trouble::Away(_)) if tries < TRIES => {
                tokio::time::sleep(std::time::Duration::from_millis(super::model::wait_ms(tries, 1.0))).await;
            }
            Err(trouble) => return Err(trouble),
        }
    }
}

async fn taken_in(app: &App, handover: Handover, link: Link, path: PathBuf) -> Result<RestaurantId, ApiError> {
    let id = link.restaurant_id;
    let (opening, device) = (app.clone(), link.device_id);
    app.installation.local(move |tx| store::set_link(tx, &link)).await?;
    let opened = tokio::task::spawn_blocking(move || -> Result<_, ApiError> {
        joining::settle(&path, device, &tables::RESTAURANT, None)?;
        std::fs::rename(&path, opening.restaurant_path(id)).map_err(ApiError::internal)?;
        opening.open_restaurant(id).map_err(ApiError::internal)
    });
    let restaurant = opened.await.map_err(ApiError::internal)??;
    let Handover { people, pins, pin_salt, .. } = handover;
    restaurant.db.local(move |tx| keep_pins(tx, &pins, pin_salt)).await?;
    let hashes: HashMap<_, _> = people.iter().filter_map(|one| Some((one.id, one.password.clone()?))).collect();
    let secret = serde_json::to_vec(&hashes).map_err(ApiError::internal)?;
    let write = JoinRestaurant {
        restaurant_id: id,
        people: people.into_iter().map(|one| (one.id, one.name, one.email)).collect(),
    };
    let (nobody, meta) = (uuid::Uuid::nil(), Meta::own(app.clock.now_ms()));
    let written = app.write_with_secret(&app.installation, nobody, &meta, Ok(write), Some(secret)).await;
    if let Err(error) = written {
        app.forget_restaurant(id);
        return Err(error);
    }
    app.sessions.forget_all();
    app.desks.links.notify_one();
    tracing::info!(restaurant = %id, "the restaurant was joined");
    Ok(id)
}

/// What keeps an installation from joining.
pub fn may_join(app: &App) -> Result<(), ApiError> {
    if app.hub.is_some() {
        return Err(Refusal::conflict("A hub is linked to nobody: devices link to it.").into());
    }
    if app.installation.read(crate::installation::store::has_restaurant)? {
        return Err(Refusal::conflict("This installation holds a restaurant already. Join with a fresh one.").into());
    }
    Ok(())
}
