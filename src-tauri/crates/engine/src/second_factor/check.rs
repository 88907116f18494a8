//! Whether a code is right, and taking it so that it is right once.

use super::model::{self, Typed};
use super::store::{self, Factor};
use crate::app::App;
use crate::error::ApiError;
use crate::kernel::ids::AccountId;

/// What a code came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Checked {
    /// This person has no second factor.
    NotAsked,
    Missing,
    Wrong,
    Right,
}

/// Of somebody whose password was right.
pub async fn check(app: &App, id: AccountId, code: Option<&str>) -> Result<Checked, ApiError> {
    let factor = app.installation.read(|conn| store::of(conn, id))?;
    let Some(factor) = factor.filter(|factor| factor.since_ms.is_some()) else { return Ok(Checked::NotAsked) };
    let Some(code) = code else { return Ok(Checked::Missing) };
    let right = match model::typed(code) {
        Typed::Digits(digits) => uses_digits(app, id, &factor, &digits).await?,
        Typed::Recovery(hash) => app.installation.local(move |tx| store::use_recovery(tx, id, &hash)).await?,
        Typed::Neither => false,
    };
    Ok(if right { Checked::Right } else { Checked::Wrong })
}

/// Whether the authenticator shows these digits now; they are used up by that.
pub async fn uses_digits(app: &App, id: AccountId, factor: &Factor, digits: &str) -> Result<bool, ApiError> {
    let totp = model::totp(&factor.secret, "").map_err(ApiError::internal)?;
    let now_s = u64::try_from(app.clock.now_ms() / 1000).unwrap_or(0);
    match totp.check(digits, now_s) {
        Some(step) => Ok(app.installation.local(move |tx| store::use_step(tx, id, step)).await?),
        None => Ok(false),
    }
}
