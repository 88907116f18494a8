//! PINs: 4 to 8 digits that say who is at the till.
//!
//! Invariants: a PIN is kept as argon2id in a secret table of the restaurant's file and reaches
//! neither ledger, journal nor log; a try is counted before it is looked at; a right PIN takes back
//! its own try and no other, so that nobody guesses a colleague's by entering their own in between; a
//! wrong one is a line of the audit.
//!
//! All PINs of a restaurant share one salt, so that a PIN alone names a person and equal ones are
//! noticed. Whoever has the file can try all PINs of that length: they keep colleagues apart, and
//! are no password.

use uuid::Uuid;

use super::commands::NoteWrongPin;
use super::store::{self, Member};
use crate::app::{App, Restaurant};
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::Caller;
use crate::front::input::Meta;
use crate::kernel::ids;

/// Wrong PINs a session may enter before it waits, and an account over all its sessions.
const FREE: [u32; 2] = [5, 20];
/// For garde: 4 to 8 digits.
pub fn well_formed(pin: &str, (): &()) -> garde::Result {
    if (4..=8).contains(&pin.len()) && pin.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(garde::Error::new("a PIN has 4 to 8 digits"))
}

/// The same where it may be left out.
pub fn well_formed_some(pin: &Option<String>, (): &()) -> garde::Result {
    pin.as_deref().map_or(Ok(()), |pin| well_formed(pin, &()))
}

/// What a try is for. Each has a count of its own: somebody whose approvals are wrong keeps nobody from the till.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// To take the session over, or to set a PIN.
    Person,
    /// Somebody else's yes.
    Approval,
}

impl For {
    /// The field of the request a refusal names.
    fn field(self) -> &'static str {
        match self {
            Self::Person => "pin",
            Self::Approval => "approval",
        }
    }

    /// Whose tries are counted together: those of the session, and of the account over all its sessions.
    fn counts(self, caller: &Caller) -> [Uuid; 2] {
        let who = [caller.session_id.0, caller.login_id.0];
        match self {
            Self::Person => who,
            Self::Approval => who.map(|id| ids::derived(&[b"approval", id.as_bytes()])),
        }
    }
}

/// Counts a try as wrong until it is forgiven; says how many are left. Refused while there is a wait.
pub async fn count_try(restaurant: &Restaurant, caller: &Caller, now_ms: i64, what: For) -> Result<u32, ApiError> {
    let who = what.counts(caller);
    let counted = restaurant.db.local(move |tx| {
        let mut left = u32::MAX;
        let mut wait_ms = 0;
        let of = |who| store::tries(tx.conn(), who).map(|tries| tries.unwrap_or_default().not_later_than(now_ms));
        let before = [of(who[0])?, of(who[1])?];
        for (tries, free) in before.iter().zip(FREE) {
            wait_ms = wait_ms.max(tries.wait_ms(free, now_ms));
            left = left.min(free.saturating_sub(tries.at(now_ms) + 1));
        }
        for (who, tries) in who.into_iter().zip(before) {
            store::set_tries(tx, who, if wait_ms == 0 { tries.one_more(now_ms) } else { tries })?;
        }
        Ok((left, wait_ms))
    });
    match counted.await? {
        (left, 0) => Ok(left),
        (_, wait_ms) => {
            let wait_s = (wait_ms + 999) / 1000;
            let message = format!("Too many wrong tries. Wait {wait_s} seconds, or ask a manager.");
            let details = serde_json::json!({ "wait_s": wait_s });
            Err(Refusal::new(Code::TooManyRequests, message).at(what.field()).with_details(details).into())
        }
    }
}

/// Takes back the try that was right.
pub async fn forgive_try(restaurant: &Restaurant, caller: &Caller, what: For) -> Result<(), ApiError> {
    let who = what.counts(caller);
    let forgive = restaurant.db.local(move |tx| {
        for who in who {
            let tries = store::tries(tx.conn(), who)?.unwrap_or_default();
            store::set_tries(tx, who, tries.one_less())?;
        }
        Ok(())
    });
    Ok(forgive.await?)
}

/// A wrong one is on the record, with whoever was at the till; on a locked screen that is nobody.
pub async fn note_wrong(app: &App, restaurant: &Restaurant, caller: &Caller, what: For) -> Result<(), ApiError> {
    tracing::info!(session = %caller.session_id, ?what, "a wrong PIN");
    let actor = if caller.locked { restaurant.id.0 } else { caller.account_id.0 };
    let write = NoteWrongPin { approval: what == For::Approval };
    app.write(&restaurant.db, actor, &Meta::own(app.clock.now_ms()), Ok(write)).await?;
    Ok(())
}

/// Somebody active with this PIN. Takes as long when there is nobody.
pub async fn whose(app: &App, restaurant: &Restaurant, pin: String) -> Result<Option<Member>, ApiError> {
    let hash = hash(app, restaurant, pin).await?;
    Ok(restaurant.read(|conn| store::by_pin(conn, &hash))?)
}

/// What is kept of a PIN in this restaurant.
pub async fn hash(app: &App, restaurant: &Restaurant, pin: String) -> Result<[u8; 32], ApiError> {
    let salt = match restaurant.read(store::pin_salt)? {
        Some(salt) => salt,
        None => {
            let fresh: [u8; 16] = rand::random();
            restaurant.db.local(move |tx| store::keep_pin_salt(tx, fresh)).await?
        }
    };
    app.passwords.hash_pin(pin, salt).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_has_four_to_eight_digits() {
        for (pin, good) in [("1234", true), ("00000000", true), ("123", false), ("123456789", false), ("12a4", false)] {
            assert_eq!(well_formed(pin, &()).is_ok(), good, "{pin}");
        }
        assert!(well_formed("１２３４", &()).is_err(), "digits of another script");
    }
}
