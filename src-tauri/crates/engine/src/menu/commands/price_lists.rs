//! Price lists.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::{LISTS_MAX, PriceList};
use super::super::store;
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::PriceListId;

#[derive(Debug, Serialize, Deserialize)]
pub struct PriceListDone {
    pub id: PriceListId,
}

/// Puts a list as it is to be, new or not.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PutPriceList {
    pub list: PriceList,
    pub new: bool,
}

impl Write for PutPriceList {
    const NAME: &'static str = "put_price_list";
    const KIND: Kind = Kind::Intent;
    type Answer = PriceListDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<PriceListDone, Stop> {
        let id = self.list.id;
        if !self.new && store::price_list(tx.conn(), id)?.is_none() {
            return Err(Refusal::not_found("The price list").into());
        }
        if self.new && store::price_lists_count(tx.conn())? >= LISTS_MAX {
            return Err(Refusal::rule(format!("A menu has at most {LISTS_MAX} price lists.")).into());
        }
        for (at, listed) in self.list.prices.iter().enumerate() {
            let field = |name: &str| format!("prices[{at}].{name}");
            let item = store::item(tx.conn(), listed.item_id)?
                .ok_or_else(|| Refusal::not_found("The item").at(field("item_id")))?;
            let known = listed.variant_id.is_none_or(|id| item.variants.iter().any(|variant| variant.id == id));
            if !known {
                return Err(Refusal::not_found("The size").at(field("variant_id")).into());
            }
        }
        store::put_price_list(tx, &self.list)?;
        Ok(PriceListDone { id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchivePriceList {
    pub id: PriceListId,
}

impl Write for ArchivePriceList {
    const NAME: &'static str = "archive_price_list";
    const KIND: Kind = Kind::Intent;
    type Answer = PriceListDone;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<PriceListDone, Stop> {
        if store::price_list(tx.conn(), self.id)?.is_none() {
            return Err(Refusal::not_found("The price list").into());
        }
        store::archive_price_list(tx, self.id, cx.at_ms)?;
        Ok(PriceListDone { id: self.id })
    }
}
