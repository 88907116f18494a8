//! What is counted down, while it is sold.
//!
//! Invariants: where an order is accepted no count goes below zero, because it is checked and lowered
//! in one transaction. A sale that runs again elsewhere is never refused: the count stops at zero and
//! the order is flagged. Taking off a line that was not fired gives its portions back.

use std::collections::HashMap;

use comanda_db::{Stop, Tx};

use super::store::countdown;
use crate::error::Refusal;
use crate::kernel::ids::ItemId;

/// A line that takes portions: its place in the request, the item, the quantity in thousandths.
#[derive(Debug, Clone, Copy)]
pub struct Taken<'a> {
    pub place: usize,
    pub item: ItemId,
    pub name: &'a str,
    pub quantity_milli: i64,
}

/// Half a portion leaves none for another guest.
pub fn portions(quantity_milli: i64) -> i64 {
    (quantity_milli + 999) / 1000
}

/// For checks: whether there is enough of everything.
pub fn check<'a>(tx: &Tx<'_>, lines: impl Iterator<Item = Taken<'a>>) -> Result<(), Stop> {
    let mut wanted: HashMap<ItemId, i64> = HashMap::new();
    for line in lines {
        let all = wanted.entry(line.item).or_default();
        *all += portions(line.quantity_milli);
        let Some(left) = countdown::left(tx.conn(), line.item)? else { continue };
        if *all > left {
            let message = match left {
                0 => format!("{} is sold out.", line.name),
                left => format!("Only {left} of {} left.", line.name),
            };
            let details = serde_json::json!({ "left": left });
            return Err(Refusal::rule(message)
                .at(format!("lines[{}].item_id", line.place))
                .with_details(details)
                .into());
        }
    }
    Ok(())
}

/// For runs: takes the portions. False: there were fewer than were sold.
pub fn lower<'a>(tx: &Tx<'_>, lines: impl Iterator<Item = Taken<'a>>) -> Result<bool, Stop> {
    let mut enough = true;
    for line in lines {
        let portions = portions(line.quantity_milli);
        let Some(left) = countdown::left(tx.conn(), line.item)? else { continue };
        enough &= portions <= left;
        countdown::lower(tx, line.item, portions)?;
    }
    Ok(enough)
}

/// For runs: gives back what a line took that was sold at `sold_ms`, if it was counted then.
pub fn raise(tx: &Tx<'_>, item: ItemId, quantity_milli: i64, sold_ms: i64) -> Result<(), Stop> {
    Ok(countdown::raise(tx, item, portions(quantity_milli), sold_ms)?)
}
