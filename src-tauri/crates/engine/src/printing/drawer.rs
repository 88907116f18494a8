//! The cash drawer: it hangs on a printer and springs open when that printer is told to.
//!
//! Going through the printer's queue, it opens before the receipt that is asked for after it. It opens within seconds or
//! not at all: a drawer that springs open when nobody stands before it is worse than one that is opened with its key.

use super::model::{Job, Kind, Printer};
use super::routes::enqueue;
use super::store;
use crate::error::{ApiError, Refusal};
use crate::front::here::Place;
use crate::front::input::Meta;

/// After this long it stays shut.
pub const LATE_MS: i64 = 8_000;

/// The printer of this computer that a drawer hangs on: the one for guests, where it has one.
pub fn printer(place: &Place) -> Result<Option<Printer>, ApiError> {
    let printers = place.read(store::printers)?;
    let with: Vec<Printer> = printers.into_iter().filter(|printer| printer.drawer).collect();
    Ok(with.iter().find(|printer| printer.guests).or(with.first()).cloned())
}

/// Opens it because somebody said so.
///
/// # Errors
/// There is none on this computer.
pub async fn open(place: &Place, printer: Printer, meta: &Meta) -> Result<(), ApiError> {
    // The request is its subject: asked again, it does not open again.
    let subject = Some(format!("drawer {}", meta.id(place.caller.account_id.0)));
    let job = Job::new(Kind::Drawer, printer.name.clone(), printer.id, Vec::new(), meta.at_ms);
    enqueue(place, Job { subject, until_ms: meta.at_ms + LATE_MS, ..job }, meta).await.map(drop)
}

/// Opens it, where there is one, because cash changes hands. The payment is taken whatever becomes of this.
pub async fn open_for_cash(place: &Place, meta: &Meta) {
    let opened = match printer(place) {
        Ok(Some(printer)) => open(place, printer, meta).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = opened {
        tracing::warn!(?error, "the drawer stays shut");
    }
}

/// What somebody is told who wants it open where there is none.
pub fn none() -> Refusal {
    Refusal::rule("No printer of this computer has a drawer.")
}
