//! The writes of staff: intents, refused by the rules in `model`.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{self, Change, Role};
use super::store::{self, Member};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, StaffId};

#[derive(Debug, Serialize, Deserialize)]
pub struct StaffDone {
    pub id: StaffId,
}

/// The role of whoever asks, as it is now.
fn role_of_actor(tx: &Tx<'_>, cx: &Context<'_>) -> Result<Role, Stop> {
    let place = store::place_of(tx.conn(), AccountId(cx.actor))?;
    place.map(|(_, role)| role).ok_or_else(|| Refusal::forbidden().into())
}

/// Somebody with an account joins, or comes back.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddStaff {
    pub id: StaffId,
    pub account_id: AccountId,
    pub name: String,
    pub role: Role,
}

impl Write for AddStaff {
    const NAME: &'static str = "add_staff";
    const KIND: Kind = Kind::Intent;
    type Answer = StaffDone;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        role_of_actor(tx, cx)?.may_appoint(self.role)?;
        match store::by_account(tx.conn(), self.account_id)? {
            Some(member) if member.active => {
                Err(Refusal::conflict("Somebody with this address is on the staff already.").at("email").into())
            }
            _ => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<StaffDone, Stop> {
        let Self { id, account_id, name, role } = self;
        match store::by_account(tx.conn(), *account_id)? {
            Some(known) => {
                store::update(
                    tx,
                    &Member { name: name.clone(), role: *role, active: true, ..known.clone() },
                    cx.at_ms,
                )?;
                Ok(StaffDone { id: known.id })
            }
            None => {
                store::insert(tx, *id, *account_id, name, *role)?;
                Ok(StaffDone { id: *id })
            }
        }
    }
}

/// What is named changes; the rest stays.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeStaff {
    pub id: StaffId,
    pub name: Option<String>,
    pub role: Option<Role>,
    pub active: Option<bool>,
}

impl ChangeStaff {
    fn member(&self, tx: &Tx<'_>) -> Result<Member, Stop> {
        store::by_id(tx.conn(), self.id)?.ok_or_else(|| Refusal::not_found("This person").into())
    }

    fn after(&self, now: &Member) -> Member {
        Member {
            name: self.name.clone().unwrap_or_else(|| now.name.clone()),
            role: self.role.unwrap_or(now.role),
            active: self.active.unwrap_or(now.active),
            ..*now
        }
    }
}

impl Write for ChangeStaff {
    const NAME: &'static str = "change_staff";
    const KIND: Kind = Kind::Intent;
    type Answer = StaffDone;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        let now = self.member(tx)?;
        let after = self.after(&now);
        let asks = role_of_actor(tx, cx)?;
        asks.may_appoint(now.role)?;
        asks.may_appoint(after.role)?;
        let change = |member: &Member| Change { role: member.role, active: member.active };
        model::keeps_an_owner(change(&now), change(&after), store::active_owners(tx.conn())?)?;
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<StaffDone, Stop> {
        let now = self.member(tx)?;
        store::update(tx, &self.after(&now), cx.at_ms)?;
        Ok(StaffDone { id: self.id })
    }
}
