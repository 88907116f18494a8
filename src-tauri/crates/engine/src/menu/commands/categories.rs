//! Categories: added, changed, archived with their items.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::CATEGORIES_MAX;
use super::super::store;
use super::{CategoryDone, category};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::CategoryId;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCategory {
    pub id: CategoryId,
    pub name: String,
}

impl Write for AddCategory {
    const NAME: &'static str = "add_category";
    const KIND: Kind = Kind::Intent;
    type Answer = CategoryDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<CategoryDone, Stop> {
        if store::counts(tx.conn())?.0 >= CATEGORIES_MAX {
            return Err(Refusal::rule(format!("A menu has at most {CATEGORIES_MAX} categories.")).into());
        }
        store::insert_category(tx, self.id, &self.name)?;
        Ok(CategoryDone { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeCategory {
    pub id: CategoryId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
}

impl Write for ChangeCategory {
    const NAME: &'static str = "change_category";
    const KIND: Kind = Kind::Intent;
    type Answer = CategoryDone;

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<CategoryDone, Stop> {
        category(tx, self.id, None)?;
        store::change_category(tx, self.id, self.name.as_deref(), self.position)?;
        Ok(CategoryDone { id: self.id })
    }
}

/// Takes a category off the menu, and its items with it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveCategory {
    pub id: CategoryId,
}

impl Write for ArchiveCategory {
    const NAME: &'static str = "archive_category";
    const KIND: Kind = Kind::Intent;
    type Answer = CategoryDone;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<CategoryDone, Stop> {
        category(tx, self.id, None)?;
        store::archive_category(tx, self.id, cx.at_ms)?;
        Ok(CategoryDone { id: self.id })
    }
}
