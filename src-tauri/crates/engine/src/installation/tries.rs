//! Wrong tries at logging in, of an address of a person: on disk, so that starting anew frees nobody.
//!
//! Invariants: a try is counted before it is looked at; a right one takes back itself and no other; an address that
//! nobody has is counted the same way, so that nobody learns which ones have an account.

use comanda_db::Tx;

use super::sessions::hashed;
use super::store::{self, email_key};
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};

/// Wrong tries at an address before it waits.
const FREE: u32 = 10;
/// Rows older than this say nothing any more.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Whose try it was: the hash of an address, because people type passwords there too.
pub type Whose = [u8; 32];

/// Counts a try at an address as wrong until it is forgiven. Refused while there is a wait.
pub async fn count(app: &App, email: &str) -> Result<Whose, ApiError> {
    let (who, now_ms) = (hashed(&email_key(email)), app.clock.now_ms());
    let counted = move |tx: &Tx<'_>| {
        store::forget_tries(tx, now_ms - KEPT_MS)?;
        let before = store::tries(tx.conn(), &who)?.unwrap_or_default().not_later_than(now_ms);
        let wait_ms = before.wait_ms(FREE, now_ms);
        let after = if wait_ms == 0 { before.one_more(now_ms) } else { before };
        store::set_tries(tx, &who, after)?;
        Ok(wait_ms)
    };
    match app.installation.local(counted).await? {
        0 => Ok(who),
        wait_ms => {
            let wait_s = (wait_ms + 999) / 1000;
            let message = format!("Too many wrong tries at this address. Wait {wait_s} seconds.");
            let details = serde_json::json!({ "wait_s": wait_s });
            Err(Refusal::new(Code::TooManyRequests, message).with_details(details).into())
        }
    }
}

/// Takes back the try that was right.
pub async fn forgive(app: &App, who: Whose) -> Result<(), ApiError> {
    let forgive = move |tx: &Tx<'_>| {
        let tries = store::tries(tx.conn(), &who)?.unwrap_or_default();
        store::set_tries(tx, &who, tries.one_less())
    };
    Ok(app.installation.local(forgive).await?)
}
