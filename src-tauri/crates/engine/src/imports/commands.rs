//! The write that says an import took place. Its sales are `orders::commands::RecordSales`.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::store;
use crate::command::{Context, Kind, Write};
use crate::kernel::ids::{AccountId, ImportId};
use crate::kernel::money::Minor;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordImport {
    pub id: ImportId,
    /// `csv`, or `demo`: made up by the generator.
    pub kind: String,
    pub name: String,
    pub fingerprint: String,
    pub orders: u64,
    pub lines: u64,
    /// Dirty rows left out.
    pub skipped: u64,
    pub total: Minor,
    pub first: String,
    pub last: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Imported {
    pub id: ImportId,
    /// False: it was here before.
    pub created: bool,
}

impl Write for RecordImport {
    const NAME: &'static str = "record_import";
    const KIND: Kind = Kind::Fact;
    type Answer = Imported;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Imported, Stop> {
        let created = store::insert(tx, self, cx.at_ms, AccountId(cx.actor))?;
        Ok(Imported { id: self.id, created })
    }
}
