//! The machines of the till and the sums of a report. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::TillSessionId;
use crate::kernel::money::{Minor, RateTax, Rounding};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Voids {
    pub count: i64,
    pub minor: Minor,
}

/// What sales come to. Money counts when it is taken, a sale when its order completes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Totals {
    pub orders: i64,
    pub covers: i64,
    pub gross_minor: Minor,
    pub net_minor: Minor,
    pub tax_minor: Minor,
    pub voids: Voids,
    pub tips_minor: Minor,
    /// Taken in cash, with tips and rounding.
    pub cash_minor: Minor,
    /// Taken by card, with tips.
    pub card_minor: Minor,
    pub rounding_minor: Minor,
    /// Check average.
    pub average_minor: Minor,
    pub taxes: Vec<RateTax>,
}

impl Totals {
    /// Fills in what follows from the rest.
    #[must_use]
    pub fn worked_out(mut self) -> Totals {
        self.net_minor = self.gross_minor - self.tax_minor;
        self.average_minor = match self.orders {
            ..=0 => Minor::ZERO,
            orders => Minor(Rounding::HalfUp.divide(self.gross_minor.0.into(), orders.into())),
        };
        self.taxes.retain(|tax| !(tax.base_minor.is_zero() && tax.tax_minor.is_zero()));
        self.taxes.sort_by_key(|tax| tax.rate_bp);
        self
    }

    /// What is left when everything in `counted` is taken away.
    #[must_use]
    pub fn less(mut self, counted: &Totals) -> Totals {
        self.orders -= counted.orders;
        self.covers -= counted.covers;
        self.gross_minor -= counted.gross_minor;
        self.tax_minor -= counted.tax_minor;
        self.voids.count -= counted.voids.count;
        self.voids.minor -= counted.voids.minor;
        self.tips_minor -= counted.tips_minor;
        self.cash_minor -= counted.cash_minor;
        self.card_minor -= counted.card_minor;
        self.rounding_minor -= counted.rounding_minor;
        for tax in &counted.taxes {
            let rate_bp = tax.rate_bp;
            match self.taxes.iter_mut().find(|mine| mine.rate_bp == rate_bp) {
                Some(mine) => {
                    mine.base_minor -= tax.base_minor;
                    mine.tax_minor -= tax.tax_minor;
                }
                None => self.taxes.push(RateTax { rate_bp, base_minor: -tax.base_minor, tax_minor: -tax.tax_minor }),
            }
        }
        self.worked_out()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionState {
    Opened,
    /// The drawer is being counted: on the screen only, nothing is kept of it.
    Counting,
    Closed,
}

/// A drawer from its float to its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: TillSessionId,
    pub opened_ms: i64,
    pub opened_by_name: String,
    pub float: Minor,
    /// Taken in cash since it was opened.
    pub cash: Minor,
    pub closed_ms: Option<i64>,
    pub counted: Option<Minor>,
    /// Frozen when it was closed.
    pub expected: Option<Minor>,
}

impl Session {
    pub fn state(&self) -> SessionState {
        if self.closed_ms.is_some() { SessionState::Closed } else { SessionState::Opened }
    }

    /// What should lie in the drawer.
    pub fn expected(&self) -> Minor {
        self.expected.unwrap_or(self.float + self.cash)
    }

    /// Over (positive) or short (negative), once counted.
    pub fn over_short(&self) -> Option<Minor> {
        self.counted.map(|counted| counted - self.expected())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tax(rate_bp: i64, base: i64, tax: i64) -> RateTax {
        RateTax { rate_bp, base_minor: Minor(base), tax_minor: Minor(tax) }
    }

    #[test]
    fn a_report_counts_what_no_report_before_it_counted() {
        let all = Totals {
            orders: 5,
            gross_minor: Minor(5500),
            tax_minor: Minor(500),
            taxes: vec![tax(1000, 4000, 400), tax(2100, 1000, 100)],
            ..Totals::default()
        };
        let before = Totals {
            orders: 3,
            gross_minor: Minor(3300),
            tax_minor: Minor(300),
            taxes: vec![tax(1000, 3000, 300)],
            ..Totals::default()
        };
        let left = all.clone().less(&before);
        assert_eq!((left.orders, left.gross_minor, left.net_minor), (2, Minor(2200), Minor(2000)));
        assert_eq!(left.average_minor, Minor(1100));
        assert_eq!(left.taxes, [tax(1000, 1000, 100), tax(2100, 1000, 100)]);
        assert_eq!(all.clone().less(&all), Totals::default(), "nothing is left, and no rate of nothing");
    }

    #[test]
    fn the_average_of_no_orders_is_nothing() {
        assert_eq!(Totals::default().worked_out().average_minor, Minor::ZERO);
        let odd = Totals { orders: 3, gross_minor: Minor(1000), ..Totals::default() };
        assert_eq!(odd.worked_out().average_minor, Minor(333));
    }

    #[test]
    fn the_drawer_is_over_or_short_against_float_and_cash() {
        let mut session = Session {
            id: TillSessionId(uuid::Uuid::nil()),
            opened_ms: 0,
            opened_by_name: String::new(),
            float: Minor(10_000),
            cash: Minor(2_350),
            closed_ms: None,
            counted: None,
            expected: None,
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
}
