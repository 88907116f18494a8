//! That a session practises is a fact of the restaurant; furnishing the practice house is the first command of its file.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::store::{self, Furnishing};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::money::Minor;

/// Stands in the ledger alone: it changes nothing.
macro_rules! noted {
    ($fact:ty, $name:literal) => {
        impl Write for $fact {
            const NAME: &'static str = $name;
            const KIND: Kind = Kind::Fact;
            type Answer = ();

            fn run(&self, _: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
                Ok(())
            }
        }
    };
}

/// A device was put into practice.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginPractice {
    /// All that was rung up in practice before is gone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub afresh: bool,
}

noted!(BeginPractice, "begin_practice");

/// A device is back at work. What was completed in practice by then stands here and nowhere else.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndPractice {
    pub orders: i64,
    pub gross: Minor,
}

noted!(EndPractice, "end_practice");

/// Puts what a house needs into an empty file: rows as they stand in the restaurant's.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FurnishPractice {
    pub tables: Vec<Furnishing>,
}

impl Write for FurnishPractice {
    const NAME: &'static str = "furnish_practice";
    const KIND: Kind = Kind::Intent;
    type Answer = ();

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        if store::is_empty(tx.conn())? {
            return Ok(());
        }
        Err(Refusal::rule("This is a restaurant already.").into())
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        for table in &self.tables {
            store::furnish(tx, table)?;
        }
        Ok(())
    }
}
