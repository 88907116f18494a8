//! Which step was the last one, and what puts it back.

use comanda_db::changes::Change;
use comanda_db::{Outcome, history};
use rusqlite::Connection;
use rusqlite::types::Value;
use uuid::Uuid;

use super::super::commands::{UndoStep, Undone};
use super::existing;
use crate::error::{ApiError, Refusal};
use crate::kernel::ids::{AccountId, DiscountId, LineId, OrderId};
use crate::restaurant::model::Settings;

/// Later, a step is put right by another one.
const UNDO_WITHIN_MS: i64 = 5 * 60_000;

/// The last thing that happened to the order, if the caller did it just now and it can be put back.
pub fn undo(
    conn: &Connection,
    settings: &Settings,
    at_ms: i64,
    order: OrderId,
    caller: AccountId,
) -> Result<UndoStep, ApiError> {
    let now = existing(conn, order)?;
    let last = history::of(conn, order.0.as_bytes(), None, 1)?.into_iter().next();
    let refused = |why: &str| ApiError::from(Refusal::from(now.illegal(why)));
    let Some((changes, ledger)) = last.and_then(|entry| entry.ledger.map(|ledger| (entry.changes, ledger))) else {
        return Err(refused("There is nothing to undo"));
    };
    if ledger.outcome != Outcome::Done || ledger.actor != caller.0 || at_ms - ledger.at_ms > UNDO_WITHIN_MS {
        return Err(refused("The last step was somebody else's, or too long ago"));
    }
    let lines = || changed(&changes, "order_line");
    let step = match ledger.name.as_str() {
        "void_line" => Undone::Void(lines()),
        "fire_lines" => Undone::Fire(lines()),
        "comp_lines" => Undone::Comp(lines()),
        "give_discount" => match changed::<DiscountId>(&changes, "order_discount").first() {
            Some(id) => Undone::Discount(*id),
            None => Undone::LineDiscount(lines()),
        },
        "transfer_order" => Undone::Transfer(table_before(&changes)),
        _ => return Err(refused("The last step cannot be undone")),
    };
    Ok(UndoStep { order, step, date: settings.business_date(at_ms).to_string() })
}

trait OfUuid {
    fn of(id: Uuid) -> Self;
}

impl OfUuid for LineId {
    fn of(id: Uuid) -> Self {
        LineId(id)
    }
}

impl OfUuid for DiscountId {
    fn of(id: Uuid) -> Self {
        DiscountId(id)
    }
}

/// The rows of a table an entry changed, by the last part of their key.
fn changed<T: OfUuid>(changes: &[Change], table: &str) -> Vec<T> {
    let key = |change: &Change| match change.key.last() {
        Some((_, Value::Blob(bytes))) => Uuid::from_slice(bytes).ok().map(T::of),
        _ => None,
    };
    changes.iter().filter(|change| change.table == table).filter_map(key).collect()
}

fn table_before(changes: &[Change]) -> Option<String> {
    let order = changes.iter().find(|change| change.table == "orders")?;
    order.old.iter().find_map(|(name, value)| match value {
        Value::Text(text) if name == "table_name" => Some(text.clone()),
        _ => None,
    })
}
