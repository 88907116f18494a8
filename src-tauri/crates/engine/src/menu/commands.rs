//! The writes of the menu: intents, refused when what they are about is gone.

mod bring;
mod categories;
mod choices;
mod countdown;
mod fill;
mod items;
mod price_lists;

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::Item;
use super::store;
use crate::error::Refusal;
use crate::kernel::ids::{CategoryId, GroupId, ItemId};

pub use bring::{BringMenu, Brought, CategoryPut, GroupPut, ItemPut};
pub use categories::{AddCategory, ArchiveCategory, ArrangeMenu, ChangeCategory};
pub use choices::{AddGroup, ArchiveGroup, ChangeGroup, SetModifierAvailable, SetVariantAvailable};
pub use countdown::SetCountdown;
pub use fill::{FillMenu, Filled, Found};
pub use items::{AddItem, ArchiveItem, ChangeItem, MadeAt, With};
pub use price_lists::{ArchivePriceList, PutPriceList};

#[derive(Debug, Serialize, Deserialize)]
pub struct CategoryDone {
    pub id: CategoryId,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct ItemDone {
    pub id: ItemId,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct GroupDone {
    pub id: GroupId,
}

/// Whether it is on the menu; its items are not looked at.
fn category(tx: &Tx<'_>, id: CategoryId, field: Option<&str>) -> Result<(), Stop> {
    if store::has_category(tx.conn(), id)? {
        return Ok(());
    }
    let refusal = Refusal::not_found("The category");
    Err(field.map_or(refusal.clone(), |field| refusal.at(field)).into())
}

fn item(tx: &Tx<'_>, id: ItemId) -> Result<Item, Stop> {
    store::item(tx.conn(), id)?.ok_or_else(|| Refusal::not_found("The item").into())
}
