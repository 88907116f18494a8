//! What is handed over at linking, sealed under the code: the device's key and letters, and what people need to log
//! in on the other desk. Secrets are in no record (`docs/decisions/0004`), so they come here or not at all; those that
//! change later stay where they were changed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use comanda_db::Tx;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::codes::Code;
use super::store;
use crate::app::{App, Restaurant};
use crate::error::ApiError;
use crate::kernel::ids::{AccountId, RestaurantId, StaffId};
use crate::staff;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    pub restaurant_id: RestaurantId,
    pub name: String,
    pub device_id: Uuid,
    pub letters: String,
    /// The bearer token of the device.
    pub key: String,
    pub people: Vec<Person>,
    pub pins: Vec<(StaffId, Vec<u8>)>,
    pub pin_salt: Option<[u8; 16]>,
    /// PEM: who vouches for this engine where it answers its own house.
    pub authority: Option<String>,
}

/// A log-in.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub id: AccountId,
    pub name: String,
    pub email: String,
    /// argon2id, PHC text.
    pub password: Option<String>,
}

/// Gathers it. The rest is the device's.
pub fn gather(
    app: &App,
    restaurant: &Restaurant,
    device_id: Uuid,
    letters: String,
    key: String,
) -> Result<Handover, ApiError> {
    let (accounts, pins, pin_salt) = restaurant.read::<_, rusqlite::Error>(|conn| {
        Ok((store::staff_accounts(conn)?, store::pins(conn)?, staff::store::pin_salt(conn)?))
    })?;
    let people = app.installation.read::<_, rusqlite::Error>(|conn| {
        accounts.into_iter().filter_map(|account| store::person(conn, account).transpose()).collect()
    })?;
    let name = restaurant.settings()?.name.clone();
    let authority = app.house.authority().map(|authority| authority.pem.clone());
    Ok(Handover { restaurant_id: restaurant.id, name, device_id, letters, key, people, pins, pin_salt, authority })
}

impl Handover {
    pub fn seal(&self, code: &Code) -> Result<String, ApiError> {
        let plain = serde_json::to_vec(self).map_err(ApiError::internal)?;
        Ok(STANDARD.encode(code.seal(&plain).map_err(ApiError::internal)?))
    }

    /// None: it was not sealed under this code.
    pub fn open(sealed: &str, code: &Code) -> Option<Self> {
        let plain = code.open(&STANDARD.decode(sealed).ok()?).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

/// Keeps the PINs in the restaurant's file.
pub fn keep_pins(tx: &Tx<'_>, pins: &[(StaffId, Vec<u8>)], salt: Option<[u8; 16]>) -> rusqlite::Result<()> {
    if let Some(salt) = salt {
        staff::store::keep_pin_salt(tx, salt)?;
    }
    pins.iter().try_for_each(|(id, hash)| staff::store::set_pin(tx, *id, hash))
}
