//! What several restaurants sold, and what it comes to in each currency. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::ids::RestaurantId;
use crate::kernel::money::Minor;
use crate::reports::model::each;

/// Sums of some business days. Amounts are in minor units of one currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sales {
    pub orders: i64,
    pub covers: i64,
    /// Sold, before refunds.
    pub gross_minor: Minor,
    pub net_minor: Minor,
    pub tax_minor: Minor,
    pub discounts_minor: Minor,
    pub refunds_minor: Minor,
    pub tips_minor: Minor,
    /// Sold on as many days before, weekday beside weekday.
    pub before_minor: Minor,
}

impl Sales {
    fn add(&mut self, other: &Self) {
        self.orders += other.orders;
        self.covers += other.covers;
        self.gross_minor += other.gross_minor;
        self.net_minor += other.net_minor;
        self.tax_minor += other.tax_minor;
        self.discounts_minor += other.discounts_minor;
        self.refunds_minor += other.refunds_minor;
        self.tips_minor += other.tips_minor;
        self.before_minor += other.before_minor;
    }
}

/// One restaurant's part.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Branch {
    pub restaurant_id: RestaurantId,
    pub name: String,
    pub currency: &'static str,
    pub exponent: u8,
    /// Its own business days.
    pub from: String,
    pub to: String,
    #[serde(flatten)]
    pub sales: Sales,
    /// Null: it sold nothing.
    pub average_minor: Option<Minor>,
    /// The days on which it sold anything.
    pub days: Vec<BranchDay>,
}

impl Branch {
    pub fn average(sales: &Sales) -> Option<Minor> {
        each(sales.gross_minor, sales.orders)
    }
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BranchDay {
    pub business_date: String,
    pub orders: i64,
    pub gross_minor: Minor,
}

/// All restaurants that reckon in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CurrencySales {
    pub currency: &'static str,
    pub exponent: u8,
    pub restaurants: usize,
    #[serde(flatten)]
    pub sales: Sales,
    pub average_minor: Option<Minor>,
}

/// By currency, the one of most restaurants first.
pub fn by_currency(branches: &[Branch]) -> Vec<CurrencySales> {
    let mut sums: Vec<CurrencySales> = Vec::new();
    for branch in branches {
        let at = sums.iter().position(|sum| sum.currency == branch.currency).unwrap_or_else(|| {
            let (currency, exponent) = (branch.currency, branch.exponent);
            let sales = Sales::default();
            sums.push(CurrencySales { currency, exponent, restaurants: 0, sales, average_minor: None });
            sums.len() - 1
        });
        sums[at].restaurants += 1;
        sums[at].sales.add(&branch.sales);
    }
    for sum in &mut sums {
        sum.average_minor = Branch::average(&sum.sales);
    }
    sums.sort_by(|a, b| b.restaurants.cmp(&a.restaurants).then(a.currency.cmp(b.currency)));
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    fn branch(currency: &'static str, orders: i64, gross: i64) -> Branch {
        let sales = Sales { orders, gross_minor: Minor(gross), ..Sales::default() };
        Branch {
            restaurant_id: RestaurantId::mint(),
            name: "B".into(),
            currency,
            exponent: 2,
            from: String::new(),
            to: String::new(),
            average_minor: Branch::average(&sales),
            sales,
            days: vec![],
        }
    }

    #[test]
    fn money_of_one_currency_is_added_and_of_two_never() {
        let sums = by_currency(&[branch("USD", 1, 500), branch("EUR", 2, 1_001), branch("EUR", 1, 2_000)]);
        let said: Vec<_> = sums.iter().map(|sum| (sum.currency, sum.restaurants, sum.sales.gross_minor.0)).collect();
        assert_eq!(said, [("EUR", 2, 3_001), ("USD", 1, 500)]);
        // 30.01 of 3 orders.
        assert_eq!(sums[0].average_minor, Some(Minor(1_000)));
        assert_eq!(by_currency(&[]), []);
    }
}
