//! What a manager writes down after the event: intents, each with its reason; what was there stays.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::commands::TimeDone;
use super::model::{self, Entry, Span};
use super::store::{self, Correction};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, BreakId, CorrectionId, StaffId, TimeEntryId};
use crate::staff;

fn standing(tx: &Tx<'_>, id: TimeEntryId) -> Result<Entry, Stop> {
    let entry = store::entry(tx.conn(), id)?.filter(|entry| !entry.voided);
    entry.ok_or_else(|| Refusal::not_found("This shift").into())
}

/// The person's other shifts leave this time free.
fn free(tx: &Tx<'_>, staff: StaffId, but: TimeEntryId, span: Span) -> Result<(), Stop> {
    match store::overlapping(tx.conn(), staff, but, span.started_ms, Some(span.ended_ms))? {
        Some(other) => {
            let refusal = Refusal::rule("This overlaps with another shift of the same person.").at("started_ms");
            let details = serde_json::json!({ "started_ms": other.started_ms, "ended_ms": other.ended_ms });
            Err(refusal.with_details(details).into())
        }
        None => Ok(()),
    }
}

fn keep(
    tx: &Tx<'_>,
    cx: &Context<'_>,
    (kind, entry, was): (&str, TimeEntryId, Option<&Entry>),
    reason: &str,
) -> Result<(), Stop> {
    let correction = Correction {
        id: CorrectionId(cx.id),
        kind: kind.to_owned(),
        at_ms: cx.at_ms,
        by: AccountId(cx.actor),
        by_name: None,
        reason: reason.to_owned(),
        was_started_ms: was.map(|was| was.started_ms),
        was_ended_ms: was.and_then(|was| was.ended_ms.filter(|_| !was.forgotten)),
    };
    Ok(store::insert_correction(tx, entry, &correction)?)
}

/// A shift the clock does not know.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddTime {
    pub id: TimeEntryId,
    pub staff_id: StaffId,
    pub span: Span,
    pub breaks: Vec<(BreakId, Span)>,
    pub reason: String,
}

impl Write for AddTime {
    const NAME: &'static str = "add_time";
    const KIND: Kind = Kind::Intent;
    type Answer = TimeDone;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        if staff::store::by_id(tx.conn(), self.staff_id)?.is_none() {
            return Err(Refusal::not_found("This person").at("staff_id").into());
        }
        model::possible(self.span, &spans(&self.breaks), cx.at_ms)?;
        free(tx, self.staff_id, self.id, self.span)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TimeDone, Stop> {
        store::insert(tx, self.id, self.staff_id, self.span.started_ms, Some(self.span.ended_ms))?;
        for (id, span) in &self.breaks {
            store::insert_break(tx, self.id, *id, (span.started_ms, Some(span.ended_ms)))?;
        }
        keep(tx, cx, ("add", self.id, None), &self.reason)?;
        Ok(TimeDone { id: self.id })
    }
}

fn spans(breaks: &[(BreakId, Span)]) -> Vec<Span> {
    breaks.iter().map(|(_, span)| *span).collect()
}

/// A shift was another one than the clock says.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectTime {
    pub id: TimeEntryId,
    pub span: Span,
    /// None: as they are.
    pub breaks: Option<Vec<(BreakId, Span)>>,
    pub reason: String,
}

impl Write for CorrectTime {
    const NAME: &'static str = "correct_time";
    const KIND: Kind = Kind::Intent;
    type Answer = TimeDone;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        let entry = standing(tx, self.id)?;
        let breaks = match &self.breaks {
            Some(breaks) => spans(breaks),
            None => {
                let end = |pause: &model::Break| pause.ended_ms.unwrap_or(self.span.ended_ms);
                let span = |pause: &model::Break| Span { started_ms: pause.started_ms, ended_ms: end(pause) };
                // A shift that was cut to nothing because its end was forgotten keeps its breaks.
                entry.breaks.iter().map(span).filter(|span| span.ended_ms > span.started_ms).collect()
            }
        };
        model::possible(self.span, &breaks, cx.at_ms)?;
        free(tx, entry.staff_id, self.id, self.span)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TimeDone, Stop> {
        let was = standing(tx, self.id)?;
        store::correct(tx, self.id, self.span, self.breaks.as_deref())?;
        keep(tx, cx, ("correct", self.id, Some(&was)), &self.reason)?;
        Ok(TimeDone { id: self.id })
    }
}

/// A shift that never was. It stays to be seen, struck out.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VoidTime {
    pub id: TimeEntryId,
    pub reason: String,
}

impl Write for VoidTime {
    const NAME: &'static str = "void_time";
    const KIND: Kind = Kind::Intent;
    type Answer = TimeDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        standing(tx, self.id).map(drop)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TimeDone, Stop> {
        let was = standing(tx, self.id)?;
        store::void(tx, self.id, cx.at_ms)?;
        keep(tx, cx, ("void", self.id, Some(&was)), &self.reason)?;
        Ok(TimeDone { id: self.id })
    }
}
