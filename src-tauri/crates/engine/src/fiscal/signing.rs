//! The hook for what a country asks to be signed: called with the canonical bytes of an invoice or a
//! Z report, after they are on disk.
//!
//! Invariant: nobody waits for it and nothing fails with it. What it cannot sign is flagged once in
//! the inbox and asked for again with the next document and every few minutes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::commands::{FlagUnsigned, RecordSignature};
use super::store;
use crate::app::{App, Restaurant};
use crate::error::ApiError;
use crate::kernel::ids::mint;
use crate::till;

/// Documents signed in one go.
const AT_ONCE: i64 = 100;
const AGAIN: Duration = Duration::from_secs(5 * 60);
/// Longest words of a hook that are kept.
const WORDS_MAX: usize = 200;

type Sign = dyn Fn(&[u8]) -> Result<String, String> + Send + Sync;

/// What signs documents. The usual one is none: invoices carry their hash chain, and nothing else.
#[derive(Clone, Default)]
pub struct Hook(Option<Arc<Sign>>);

impl Hook {
    /// Answers with the signature, or with why there is none. May take its time and may fail.
    pub fn from_fn(sign: impl Fn(&[u8]) -> Result<String, String> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(sign)))
    }
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Hook" } else { "Hook(none)" })
    }
}

fn hook(app: &App) -> &Hook {
    app.signing.get_or_init(Hook::default)
}

/// Signs what waits, beside the request that made it.
pub fn sign_soon(app: &App, restaurant: &Arc<Restaurant>) {
    if hook(app).0.is_none() || restaurant.practice.is_some() {
        return;
    }
    let (app, restaurant) = (app.clone(), restaurant.clone());
    drop(tokio::task::spawn_blocking(move || sign_waiting(&app, &restaurant)));
}

/// Asks again for what the hook could not sign, for as long as the engine runs.
pub async fn keep_signing(app: App) {
    if hook(&app).0.is_none() {
        return;
    }
    loop {
        tokio::time::sleep(AGAIN).await;
        for restaurant in app.restaurants() {
            sign_soon(&app, &restaurant);
        }
    }
}

/// Blocking.
fn sign_waiting(app: &App, restaurant: &Restaurant) {
    if let Err(error) = try_to_sign(app, restaurant) {
        tracing::warn!(error = ?error, "signing stopped");
    }
}

fn try_to_sign(app: &App, restaurant: &Restaurant) -> Result<(), ApiError> {
    let Some(sign) = &hook(app).0 else { return Ok(()) };
    let _one_at_a_time = restaurant.signing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for (series, number, document) in waiting(restaurant)? {
        let signed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sign(document.as_bytes())))
            .unwrap_or_else(|_| Err("The signing hook broke.".to_owned()));
        let actor = restaurant.id.0;
        match signed {
            Ok(value) => {
                let write = RecordSignature { series, number, value };
                app.write_blocking(&restaurant.db, actor, mint(), &write)?;
            }
            Err(why) => {
                let why: String = why.chars().take(WORDS_MAX).collect();
                let write = FlagUnsigned { series, number, why };
                app.write_blocking(&restaurant.db, actor, mint(), &write)?;
                // The others would fail the same way; in their order, later.
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Series, number and canonical bytes of what is not signed.
fn waiting(restaurant: &Restaurant) -> Result<Vec<(String, i64, String)>, ApiError> {
    restaurant.read(|conn| {
        let invoices = store::unsigned_invoices(conn, AT_ONCE)?;
        let mut documents: Vec<_> =
            invoices.into_iter().map(|one| (one.series.clone(), one.number, one.canonical())).collect();
        for number in store::unsigned_reports(conn, AT_ONCE)? {
            if let Some(report) = till::store::report(conn, number)? {
                documents.push(("Z".to_owned(), number, report.canonical()));
            }
        }
        Ok(documents)
    })
}
