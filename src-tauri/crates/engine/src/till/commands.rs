//! The writes of the till. All are facts: a drawer was opened, counted, the day was closed.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::store::{self, Report};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, TillSessionId};
use crate::kernel::money::Minor;
use crate::{orders, today};

#[derive(Debug, Serialize, Deserialize)]
pub struct SessionDone {
    pub id: TillSessionId,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenTill {
    pub id: TillSessionId,
    pub float: Minor,
}

impl Write for OpenTill {
    const NAME: &'static str = "open_till";
    const KIND: Kind = Kind::Fact;
    type Answer = SessionDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        match store::open_session(tx.conn())? {
            Some(_) => Err(Refusal::illegal_step("The till is open already.", &["close"]).into()),
            None => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<SessionDone, Stop> {
        store::insert_session(tx, self.id, cx.at_ms, AccountId(cx.actor), self.float)?;
        Ok(SessionDone { id: self.id })
    }
}

/// The drawer was counted. What was expected is frozen beside it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseTill {
    pub id: TillSessionId,
    pub counted: Minor,
}

impl Write for CloseTill {
    const NAME: &'static str = "close_till";
    const KIND: Kind = Kind::Fact;
    type Answer = SessionDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        match store::session(tx.conn(), self.id)? {
            Some(session) if session.closed_ms.is_none() => Ok(()),
            _ => Err(not_open().into()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<SessionDone, Stop> {
        if let Some(session) = store::session(tx.conn(), self.id)? {
            store::close_session(tx, &session, cx.at_ms, AccountId(cx.actor), self.counted)?;
        }
        Ok(SessionDone { id: self.id })
    }
}

pub fn not_open() -> Refusal {
    Refusal::illegal_step("The till is not open.", &["open", "z"])
}

/// Closes the business day with a numbered report of everything not reported yet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseDay {
    /// The business date on the wall when it was asked for.
    pub date: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct DayClosed {
    pub number: i64,
}

impl Write for CloseDay {
    const NAME: &'static str = "close_day";
    const KIND: Kind = Kind::Fact;
    type Answer = DayClosed;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        match store::open_session(tx.conn())? {
            Some(_) => Err(Refusal::illegal_step("Count and close the till first.", &["close"]).into()),
            None => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<DayClosed, Stop> {
        let conn = tx.conn();
        let number = store::last_number(conn)? + 1;
        let report = Report {
            number,
            business_date: self.date_closed(tx)?,
            closed_ms: cx.at_ms,
            closed_by_name: String::new(),
            totals: today::store::rung_up(conn)?.less(&store::reported(conn)?),
            handed_over: orders::store::open_counts(conn)?.0,
            over_short: store::over_short_unreported(conn)?,
        };
        store::insert_report(tx, &report, AccountId(cx.actor))?;
        store::mark_reported(tx, number)?;
        Ok(DayClosed { number })
    }
}

impl CloseDay {
    /// Closing in the morning closes the evening before: the last day with sales, unless that one is closed.
    fn date_closed(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        let sold = today::store::last_day_rung_up(tx.conn(), &self.date)?;
        let closed = store::last_closed_day(tx.conn())?;
        Ok(sold.filter(|sold| closed.as_ref().is_none_or(|closed| sold > closed)).unwrap_or_else(|| self.date.clone()))
    }
}
