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

/// Equal PINs are refused without a word on whose it is. The hash comes as the command's secret.
fn pin_is_free(tx: &Tx<'_>, cx: &Context<'_>, id: StaffId) -> Result<(), Stop> {
    let Some(hash) = cx.secret else { return Ok(()) };
    match store::by_pin(tx.conn(), hash)? {
        Some(member) if member.id != id => {
            Err(Refusal::rule("This PIN cannot be used here. Choose another one.").at("pin").into())
        }
        _ => Ok(()),
    }
}

/// Nothing where the command runs again: a PIN stays on the disk it was typed on.
fn keep_pin(tx: &Tx<'_>, cx: &Context<'_>, id: StaffId) -> Result<(), Stop> {
    Ok(cx.secret.map_or(Ok(()), |hash| store::set_pin(tx, id, hash))?)
}

/// Somebody joins, or comes back. Without an account of the installation they work with a PIN only.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddStaff {
    pub id: StaffId,
    pub account_id: AccountId,
    pub name: String,
    pub role: Role,
    /// Comes with a PIN, whose hash is the command's secret.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_pin: bool,
}

impl Write for AddStaff {
    const NAME: &'static str = "add_staff";
    const KIND: Kind = Kind::Intent;
    type Answer = StaffDone;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        role_of_actor(tx, cx)?.may_appoint(self.role)?;
        pin_is_free(tx, cx, self.id)?;
        match store::by_account(tx.conn(), self.account_id)? {
            Some(member) if member.active => {
                Err(Refusal::conflict("Somebody with this address is on the staff already.").at("email").into())
            }
            _ => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<StaffDone, Stop> {
        let Self { id, account_id, name, role, with_pin } = self;
        let pin_set_ms = with_pin.then_some(cx.at_ms);
        match store::by_account(tx.conn(), *account_id)? {
            Some(known) => {
                store::update(
                    tx,
                    &Member { name: name.clone(), role: *role, active: true, pin_set_ms, ..known.clone() },
                    cx.at_ms,
                )?;
                keep_pin(tx, cx, known.id)?;
                Ok(StaffDone { id: known.id })
            }
            None => {
                store::insert(tx, *id, *account_id, name, *role, pin_set_ms)?;
                keep_pin(tx, cx, *id)?;
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
            pin_set_ms: now.pin_set_ms.filter(|_| self.active != Some(false)),
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
        if self.active == Some(false) {
            store::delete_pin(tx, self.id)?;
        }
        Ok(StaffDone { id: self.id })
    }
}

/// A PIN is set (its hash is the command's secret) or taken away: by the person, or by who may appoint them.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPin {
    pub id: StaffId,
    /// False: takes it away.
    pub set: bool,
}

impl Write for SetPin {
    const NAME: &'static str = "set_pin";
    const KIND: Kind = Kind::Intent;
    type Answer = StaffDone;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        let member = store::by_id(tx.conn(), self.id)?.filter(|member| member.active);
        let member = member.ok_or_else(|| Refusal::not_found("This person"))?;
        if member.account_id.0 != cx.actor {
            role_of_actor(tx, cx)?.may_appoint(member.role)?;
        }
        pin_is_free(tx, cx, self.id)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<StaffDone, Stop> {
        if let Some(member) = store::by_id(tx.conn(), self.id)? {
            store::update_pin(tx, member.id, self.set.then_some(cx.at_ms))?;
            store::delete_pin(tx, member.id)?;
            keep_pin(tx, cx, member.id)?;
        }
        Ok(StaffDone { id: self.id })
    }
}

/// Somebody typed a PIN, or an approval's password, that was nobody's: a line of the audit and nothing else.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteWrongPin {
    /// For somebody else's yes, not to take over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub approval: bool,
}

impl Write for NoteWrongPin {
    const NAME: &'static str = "wrong_pin";
    const KIND: Kind = Kind::Fact;
    type Answer = ();

    fn run(&self, _: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        Ok(())
    }
}
