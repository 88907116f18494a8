//! The writes of the till. All are facts: a drawer was opened, counted, the day was closed.

use comanda_db::{Stop, Tx};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::model::{MOVES_MAX, MoveKind};
use super::store::{self, Closing, NewMove, Report};
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, TillMoveId, TillSessionId};
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
    /// Coins and notes with how many of each, where they were counted so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<(Minor, i64)>,
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
        store::insert_session(tx, self.id, (cx.at_ms, AccountId(cx.actor)), self.float, &self.counts)?;
        Ok(SessionDone { id: self.id })
    }
}

/// The drawer was counted. What was expected is frozen beside it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloseTill {
    pub id: TillSessionId,
    pub counted: Minor,
    /// Coins and notes with how many of each, where they were counted so.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<(Minor, i64)>,
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
            let (by, counted) = (AccountId(cx.actor), self.counted);
            let closing = Closing { at_ms: cx.at_ms, by, counted, counts: &self.counts };
            store::close_session(tx, &session, &closing)?;
        }
        Ok(SessionDone { id: self.id })
    }
}

pub fn not_open() -> Refusal {
    Refusal::illegal_step("The till is not open.", &["open", "z"])
}

/// Until somebody says that it is meant. What should lie in the drawer, for who is told.
pub fn too_much(expected: Option<Minor>) -> Refusal {
    let message = match expected {
        Some(_) => "This is more than should be in the drawer. Confirm it if it is meant.",
        None => "This is a large sum for a drawer. Confirm it if it is meant.",
    };
    let details = serde_json::json!({ "confirm": true, "expected_minor": expected });
    Refusal::rule(message).at("amount_minor").with_details(details)
}

/// The drawer was opened for another reason than cash.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenDrawer {
    pub reason: String,
}

impl Write for OpenDrawer {
    const NAME: &'static str = "open_drawer";
    const KIND: Kind = Kind::Fact;
    type Answer = ();

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        Ok(store::insert_opening(tx, cx.id, (cx.at_ms, AccountId(cx.actor)), &self.reason)?)
    }
}

/// Cash was put in or taken out: change from the bank, a crate of lemons, notes to the safe.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoveCash {
    pub session: TillSessionId,
    pub id: TillMoveId,
    pub kind: MoveKind,
    pub amount: Minor,
    pub reason: String,
    pub date: String,
}

impl Write for MoveCash {
    const NAME: &'static str = "move_cash";
    const KIND: Kind = Kind::Fact;
    type Answer = SessionDone;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        match store::session(tx.conn(), self.session)? {
            Some(session) if session.closed_ms.is_none() && session.moves.len() < MOVES_MAX => Ok(()),
            Some(session) if session.closed_ms.is_none() => {
                Err(Refusal::rule(format!("At most {MOVES_MAX} of these in one drawer.")).into())
            }
            _ => Err(not_open().into()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<SessionDone, Stop> {
        let new = NewMove {
            id: self.id,
            kind: self.kind,
            amount: self.amount,
            reason: &self.reason,
            moved_ms: cx.at_ms,
            moved_by: AccountId(cx.actor),
            business_date: &self.date,
        };
        store::insert_move(tx, self.session, &new)?;
        Ok(SessionDone { id: self.session })
    }
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
            Some(_) => return Err(Refusal::illegal_step("Count and close the till first.", &["close"]).into()),
            None if self.is_closed_with_nothing_since(tx.conn())? => {}
            None => return Ok(()),
        }
        Err(Refusal::illegal_step("This day is closed, and nothing was rung up since.", &["open"]).into())
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
    /// A second report of the same date needs something to report.
    fn is_closed_with_nothing_since(&self, conn: &Connection) -> Result<bool, Stop> {
        Ok(store::last_closed_day(conn)?.as_ref() == Some(&self.date)
            && today::store::rung_up(conn)?.less(&store::reported(conn)?).is_nothing()
            && store::over_short_unreported(conn)?.is_zero())
    }

    /// Closing in the morning closes the evening before: the last day with sales, unless that one is closed.
    fn date_closed(&self, tx: &Tx<'_>) -> Result<String, Stop> {
        let sold = today::store::last_day_rung_up(tx.conn(), &self.date)?;
        let closed = store::last_closed_day(tx.conn())?;
        Ok(sold.filter(|sold| closed.as_ref().is_none_or(|closed| sold > closed)).unwrap_or_else(|| self.date.clone()))
    }
}
