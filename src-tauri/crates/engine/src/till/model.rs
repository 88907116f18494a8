//! The machines of the till and the sums of a report. Pure.

mod totals;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{TillMoveId, TillSessionId};
use crate::kernel::money::{Minor, Rounding};
use crate::kernel::words::words;
use crate::staff::model::{Permission, Role};
pub use totals::{PersonTips, Refunds, Totals, Voids};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    Opened,
    /// The drawer is being counted: on the screen only, nothing is kept of it.
    Counting,
    Closed,
}

/// Cash that goes in or out for another reason than a guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    PayIn,
    PayOut,
    /// Notes brought to the safe while the till is open.
    Drop,
}

words!(MoveKind { PayIn = "pay_in", PayOut = "pay_out", Drop = "drop" });

/// Taking out more than this is asked about where what lies in the drawer is not to be told.
pub const MUCH: Minor = Minor(100_000);
/// Most moves of one drawer.
pub const MOVES_MAX: usize = 500;
/// Most kinds of coins and notes in one count.
pub const KINDS_MAX: usize = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    pub id: TillMoveId,
    pub kind: MoveKind,
    pub amount: Minor,
    pub reason: String,
    pub moved_ms: i64,
    pub moved_by_name: String,
}

impl Move {
    /// What it does to the drawer.
    pub fn flow(&self) -> Minor {
        match self.kind {
            MoveKind::PayIn => self.amount,
            MoveKind::PayOut | MoveKind::Drop => -self.amount,
        }
    }
}

/// So many pieces of one coin or note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pieces {
    pub value: Minor,
    pub count: i64,
}

/// What a count by coins and notes comes to.
pub fn counted(pieces: &[Pieces]) -> Minor {
    pieces.iter().map(|pieces| pieces.value.times(pieces.count.saturating_mul(1000), Rounding::HalfUp)).sum()
}

/// Whoever reads no reports is not told what should lie in a drawer before it is counted. By role alone, so that an
/// answer that is kept for a role holds.
pub fn counts_blind(role: Role) -> bool {
    !role.may(Permission::ReportsRead)
}

/// A drawer from its float to its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: TillSessionId,
    pub opened_ms: i64,
    pub opened_by_name: String,
    pub float: Minor,
    /// In cash since it was opened: taken, given back, paid in and out.
    pub cash: Minor,
    pub moves: Vec<Move>,
    pub closed_ms: Option<i64>,
    pub counted: Option<Minor>,
    /// Frozen when it was closed.
    pub expected: Option<Minor>,
    /// By coins and notes, where it was counted so.
    pub counts: Vec<Pieces>,
    /// Of the float, likewise.
    pub float_counts: Vec<Pieces>,
}

impl Session {
    pub fn state(&self) -> SessionState {
        if self.closed_ms.is_some() { SessionState::Closed } else { SessionState::Opened }
    }

    /// Whether somebody in that role is told what should lie in it.
    pub fn is_told_to(&self, role: Role) -> bool {
        self.state() == SessionState::Closed || !counts_blind(role)
    }

    /// What guests brought, less what they were given back.
    pub fn taken(&self) -> Minor {
        self.cash - self.moves.iter().map(Move::flow).sum()
    }

    /// What should lie in the drawer.
    pub fn expected(&self) -> Minor {
        self.expected.unwrap_or(self.float + self.cash)
    }

    /// How much somebody in that role takes out without being asked whether they mean it: what should lie in it. To
    /// whom that is not told, the answer depends on nothing but what they see.
    pub fn unasked(&self, role: Role) -> Minor {
        if self.is_told_to(role) {
            return self.expected();
        }
        (self.float + self.moves.iter().map(Move::flow).sum()).max(MUCH)
    }

    /// Over (positive) or short (negative), once counted.
    pub fn over_short(&self) -> Option<Minor> {
        self.counted.map(|counted| counted - self.expected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawer_is_over_or_short_against_float_and_cash() {
        let mut session = Session {
            id: TillSessionId(uuid::Uuid::nil()),
            opened_ms: 0,
            opened_by_name: String::new(),
            float: Minor(10_000),
            cash: Minor(2_350),
            moves: Vec::new(),
            closed_ms: None,
            counted: None,
            expected: None,
            counts: Vec::new(),
            float_counts: Vec::new(),
        };
        assert_eq!(
            (session.state(), session.expected(), session.over_short()),
            (SessionState::Opened, Minor(12_350), None)
        );
        session.counted = Some(Minor(12_300));
        session.closed_ms = Some(1);
        assert_eq!((session.state(), session.over_short()), (SessionState::Closed, Some(Minor(-50))));
        // Cash that arrives later does not change what was counted against.
        session.expected = Some(Minor(12_350));
        session.cash = Minor(9_999);
        assert_eq!(session.over_short(), Some(Minor(-50)));
    }

    #[test]
    fn who_counts_blind_is_asked_by_what_they_see_alone() {
        let session = |float, cash| Session {
            id: TillSessionId(uuid::Uuid::nil()),
            opened_ms: 0,
            opened_by_name: String::new(),
            float: Minor(float),
            cash: Minor(cash),
            moves: Vec::new(),
            closed_ms: None,
            counted: None,
            expected: None,
            counts: Vec::new(),
            float_counts: Vec::new(),
        };
        assert_eq!(session(20_000, 33_000).unasked(Role::Manager), Minor(53_000));
        for taken in [0, 33_000, 900_000] {
            assert_eq!(session(20_000, taken).unasked(Role::Cashier), MUCH, "{taken} taken");
            assert_eq!(session(250_000, taken).unasked(Role::Cashier), Minor(250_000), "{taken} taken");
        }
    }

    #[test]
    fn coins_and_notes_add_up() {
        let pieces = |value, count| Pieces { value: Minor(value), count };
        assert_eq!(counted(&[pieces(5000, 2), pieces(200, 7), pieces(1, 3)]), Minor(11_403));
        assert_eq!(counted(&[]), Minor::ZERO);
    }
}
