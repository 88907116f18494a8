//! The spare: one linked desk that holds what it needs to take over.
//!
//! A standing is that: the devices of the restaurant with the hash of each key, the letters that were leased, the
//! sequencer itself as a device of the spare, and what people need to log in. It comes sealed under what both have had
//! since linking and that never travels. The spare keeps it as it came and opens none of it to devices before a person
//! takes over.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::client::{self, Pulled, Trouble};
use super::commands::TakeInPeople;
use super::handover::{self, Person};
use super::model;
use super::store::spare::{self as store, Spare};
use super::store::{self as links, Link};
use crate::app::{App, Restaurant};
use crate::backups::seal::{self, DataKey};
use crate::error::ApiError;
use crate::front::input::Meta;
use crate::installation::sessions::hashed;
use crate::kernel::ids::{AccountId, RestaurantId, StaffId};

/// What is sealed.
const ABOUT: &str = "comanda standing";
/// A spare asks again so soon: how far it is behind is never older.
pub const WAIT_MS: u64 = 2_000;
/// From then on without a word it is behind, and not merely between two questions.
pub const SILENT_MS: i64 = 5_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    pub devices: Vec<Known>,
    /// Letters up to this number may be in use.
    pub floor: u64,
    pub people: Vec<Person>,
    pub pins: Vec<(StaffId, Vec<u8>)>,
    pub pin_salt: Option<[u8; 16]>,
}

/// A device, as a sequencer knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    pub id: Uuid,
    pub lease: u64,
    pub name: String,
    pub key_hash: Option<[u8; 32]>,
    pub seal: Option<[u8; 32]>,
    pub made_ms: i64,
    pub revoked_ms: Option<i64>,
}

/// Sequencer: what the spare needs, as JSON.
pub fn gather(app: &App, restaurant: &Restaurant, spare: &Spare) -> Result<Vec<u8>, ApiError> {
    let whole = handover::gather(app, restaurant, Uuid::nil(), String::new(), String::new())?;
    let (mut devices, own) = app.installation.read::<_, rusqlite::Error>(|conn| {
        Ok((store::known(conn, restaurant.id)?, store::own(conn, restaurant.id)?))
    })?;
    let itself = Known {
        id: restaurant.db.device(),
        lease: model::number(restaurant.letters()),
        name: restaurant.letters().to_owned(),
        key_hash: Some(hashed(&spare.key)),
        seal: Some(spare.seal),
        made_ms: spare.since_ms,
        revoked_ms: None,
    };
    devices.retain(|known| known.id != itself.id && known.lease != itself.lease);
    devices.push(itself);
    let floor = own.map_or(0, |own| own.floor);
    let handover::Handover { people, pins, pin_salt, .. } = whole;
    serde_json::to_vec(&Standing { devices, floor, people, pins, pin_salt }).map_err(ApiError::internal)
}

/// Says whether two have the same, and nothing of what.
pub fn stamp(seal: &[u8; 32], body: &[u8]) -> String {
    blake3::keyed_hash(seal, body).to_hex().to_string()
}

/// The stamp of what the spare should hold. None: it has nothing in common with this engine.
pub fn stamp_for(app: &App, restaurant: &Restaurant, spare: &Spare) -> Result<Option<String>, ApiError> {
    let seal = app.installation.read(|conn| store::seal(conn, restaurant.id, spare.device_id))?;
    seal.map(|seal| Ok(stamp(&seal, &gather(app, restaurant, spare)?))).transpose()
}

pub fn shut(seal: &[u8; 32], body: &[u8]) -> std::io::Result<String> {
    let mut sealed = Vec::new();
    seal::shut(&DataKey::of(*seal), ABOUT, body, &mut sealed)?;
    Ok(STANDARD.encode(sealed))
}

fn opened(seal: &[u8; 32], sealed: &str) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    seal::open(&DataKey::of(*seal), ABOUT, &STANDARD.decode(sealed).ok()?[..], &mut body).ok()?;
    Some(body)
}

/// Spare: what it holds, if it is one.
pub fn held(app: &App, id: RestaurantId) -> Result<Option<(Standing, i64)>, ApiError> {
    let kept = app.installation.read(|conn| store::standing(conn, id))?;
    let read = |(body, taken_ms): (Vec<u8>, i64)| Ok((serde_json::from_slice(&body)?, taken_ms));
    kept.map(read).transpose().map_err(|error: serde_json::Error| ApiError::internal(error))
}

/// What a pull says besides commands: how far the sequencer is, where to ask if it is away, and whether this desk is
/// the spare and holds what it should. `said`: the address that was told last.
pub async fn hear(app: &App, link: &Link, pulled: &Pulled, said: &mut Option<String>) -> Result<(), Trouble> {
    let id = link.restaurant_id;
    let trouble = |error: ApiError| Trouble::Away(error.to_string());
    let (link, kept) = app
        .installation
        .read::<_, rusqlite::Error>(|conn| Ok((links::link(conn, id)?, store::standing(conn, id)?)))
        .map_err(|error| trouble(error.into()))?;
    let Some(link) = link else { return Ok(()) };
    let mut news = false;
    if link.spare != pulled.spare {
        let address = pulled.spare.clone();
        let kept = app.installation.local(move |tx| store::set_link_spare(tx, id, address.as_deref())).await;
        kept.map_err(|error| trouble(error.into()))?;
        news = true;
    }
    match &pulled.standing {
        None if kept.is_some() => {
            let gone = app.installation.local(move |tx| store::delete_standing(tx, id)).await;
            gone.map_err(|error| trouble(error.into()))?;
            news = true;
        }
        None => {}
        Some(stamped) => {
            let same = kept.is_some_and(|(body, _)| stamp(&link.seal, &body) == *stamped);
            if !same || *said != link.own_address {
                let sealed = client::standing(&app.outward, &link, link.own_address.as_deref()).await?;
                let body = opened(&link.seal, &sealed)
                    .ok_or_else(|| Trouble::Away("what the spare needs came sealed for somebody else".into()))?;
                take_in(app, id, body).await.map_err(trouble)?;
                said.clone_from(&link.own_address);
                news = true;
            }
        }
    }
    if news {
        app.tell_sync(id);
    }
    Ok(())
}

/// Keeps a standing, and lets people log in as the sequencer does.
async fn take_in(app: &App, id: RestaurantId, body: Vec<u8>) -> Result<(), ApiError> {
    let standing: Standing = serde_json::from_slice(&body).map_err(ApiError::internal)?;
    let before = held(app, id)?.map(|(before, _)| before);
    let now_ms = app.clock.now_ms();
    let Standing { people, pins, pin_salt, .. } = standing;
    let known: Vec<AccountId> = people.iter().map(|person| person.id).collect();
    let strangers = app.installation.read(|conn| store::strangers(conn, &known))?;
    if !strangers.is_empty() {
        let new = || people.iter().filter(|person| strangers.contains(&person.id));
        let hashes: HashMap<_, _> = new().filter_map(|one| Some((one.id, one.password.clone()?))).collect();
        let secret = serde_json::to_vec(&hashes).map_err(ApiError::internal)?;
        let write = TakeInPeople { people: new().map(|one| (one.id, one.name.clone(), one.email.clone())).collect() };
        app.write_with_secret(&app.installation, Uuid::nil(), &Meta::own(now_ms), Ok(write), Some(secret)).await?;
    }
    // What did not change at the sequencer stays as somebody changed it here.
    let former = |of: AccountId| before.as_ref()?.people.iter().find(|person| person.id == of);
    let changed: Vec<Person> = people
        .into_iter()
        .filter(|person| former(person.id).is_none_or(|former| former.password != person.password))
        .collect();
    let same_pins = before.as_ref().is_some_and(|before| before.pins == pins && before.pin_salt == pin_salt);
    if let (false, Some(restaurant)) = (same_pins, app.restaurant(id)) {
        restaurant.db.local(move |tx| store::keep_pins(tx, &pins, pin_salt)).await?;
    }
    let keep = move |tx: &comanda_db::Tx<'_>| {
        changed.iter().try_for_each(|person| store::keep_password(tx, person))?;
        store::set_standing(tx, id, &body, now_ms)
    };
    app.installation.local(keep).await?;
    app.sessions.forget_all();
    Ok(())
}
