//! The cart: draft -> open (submitted) | abandoned. It holds what is wished for; prices, number and
//! business date are taken when it is submitted. A draft never touches an order that is there.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::super::store::drafts;
use super::{AddLines, Noted, OpenOrder};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, DraftId, OrderId};

/// Most drafts of one person at a time.
const DRAFTS_MAX: i64 = 50;

/// Keeps what somebody is putting together. The id is the client's, so that saving again is saving the same.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    pub id: DraftId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderId>,
    pub body: String,
}

/// A draft of this person's, still a draft; none: there is no such row. `order` is the one it would add lines to.
fn own(tx: &Tx<'_>, cx: &Context<'_>, id: DraftId, order: Option<OrderId>) -> Result<Option<drafts::Draft>, Stop> {
    let draft = drafts::by_id(tx.conn(), id)?;
    if draft.as_ref().is_some_and(|draft| draft.owner.0 != cx.actor) {
        return Err(Refusal::not_found("The draft").into());
    }
    if draft.as_ref().is_some_and(|draft| draft.abandoned_ms.is_some()) {
        return Err(Refusal::illegal_step("This draft is abandoned.", &[]).into());
    }
    if let Some(number) = drafts::submitted_to(tx.conn(), id, order)? {
        return Err(submitted(&number).into());
    }
    Ok(draft)
}

/// What is said of a draft that another window, or this one a moment ago, has submitted.
pub fn submitted(number: &str) -> Refusal {
    Refusal::illegal_step(format!("This was submitted already: it is on order {number}."), &[])
}

impl Write for SaveDraft {
    const NAME: &'static str = "save_draft";
    const KIND: Kind = Kind::Intent;
    type Answer = DraftId;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<DraftId, Stop> {
        match own(tx, cx, self.id, self.order)? {
            Some(kept) if kept.order != self.order => {
                return Err(Refusal::rule("A draft stays with the order it is for.").at("order_id").into());
            }
            Some(kept) if kept.body == self.body => {}
            Some(_) => drafts::update(tx, self.id, &self.body, cx.at_ms)?,
            None => {
                let owner = AccountId(cx.actor);
                if drafts::count(tx.conn(), owner)? >= DRAFTS_MAX {
                    return Err(Refusal::rule(format!("At most {DRAFTS_MAX} drafts at a time.")).into());
                }
                let (body, saved_ms) = (self.body.clone(), cx.at_ms);
                let draft = drafts::Draft { id: self.id, owner, order: self.order, body, saved_ms, abandoned_ms: None };
                drafts::insert(tx, &draft)?;
            }
        }
        Ok(self.id)
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbandonDraft {
    pub id: DraftId,
}

impl Write for AbandonDraft {
    const NAME: &'static str = "abandon_draft";
    const KIND: Kind = Kind::Intent;
    type Answer = DraftId;

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<DraftId, Stop> {
        let draft = own(tx, cx, self.id, None)?.ok_or_else(|| Refusal::not_found("The draft"))?;
        drafts::abandon(tx, draft.id, cx.at_ms)?;
        Ok(draft.id)
    }
}

/// The draft becomes an order with its id, or lines of the order it was for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubmitDraft {
    pub id: DraftId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<OpenOrder>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add: Option<AddLines>,
}

impl Write for SubmitDraft {
    const NAME: &'static str = "submit_draft";
    const KIND: Kind = Kind::Fact;
    type Answer = Noted;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        own(tx, cx, self.id, self.add.as_ref().map(|add| add.order))?.ok_or_else(|| Refusal::not_found("The draft"))?;
        match (&self.open, &self.add) {
            (Some(open), _) => open.check(tx, cx),
            (None, Some(add)) => add.check(tx, cx),
            (None, None) => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<Noted, Stop> {
        drafts::delete(tx, self.id)?;
        match (&self.open, &self.add) {
            (Some(open), _) => open.run(tx, cx).map(|opened| Noted { id: opened.id }),
            (None, Some(add)) => add.run(tx, cx),
            (None, None) => Err(Stop::Broken("submit_draft opens nothing and adds nothing".to_owned())),
        }
    }
}
