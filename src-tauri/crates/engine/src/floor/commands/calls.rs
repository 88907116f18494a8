//! A table calls, and somebody comes. Two devices apart may both hear it: all of it is kept, and the
//! last call is what the table wants.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::model::Wants;
use super::super::store;
use super::{Noted, standing};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, CallId, TableId};

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallWaiter {
    pub id: CallId,
    pub table: TableId,
    /// Left out: a waiter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wants: Option<Wants>,
}

impl Write for CallWaiter {
    const NAME: &'static str = "call_waiter";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted<TableId>;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let table = standing(tx, self.table)?;
        // Who waits for a waiter may still ask for the bill.
        match store::waiting(tx.conn(), self.table)? {
            Some(waits) if waits == Wants::Bill || self.wants.unwrap_or_default() == Wants::Waiter => {
                Err(Refusal::illegal_step(format!("Table {} is calling already.", table.name), &["answer"]).into())
            }
            _ => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted<TableId>, Stop> {
        store::insert_call(tx, self.table, self.id, self.wants.unwrap_or_default(), cx.at_ms, AccountId(cx.actor))?;
        Ok(Noted { id: self.table })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerCall {
    pub table: TableId,
}

impl Write for AnswerCall {
    const NAME: &'static str = "answer_call";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted<TableId>;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        let table = standing(tx, self.table)?;
        match store::waiting(tx.conn(), self.table)? {
            Some(_) => Ok(()),
            None => Err(Refusal::illegal_step(format!("Table {} does not call.", table.name), &["call"]).into()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted<TableId>, Stop> {
        store::answer_calls(tx, self.table, cx.at_ms, AccountId(cx.actor))?;
        Ok(Noted { id: self.table })
    }
}
