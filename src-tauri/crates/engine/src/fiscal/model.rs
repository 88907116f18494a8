//! Series, numbers and what of an invoice is hashed and signed; the accounts of the day's entries. Pure.

use std::collections::BTreeMap;

use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{AccountId, CheckId, OrderId, RefundId};
use crate::kernel::money::{Minor, RateTax};
use crate::kernel::words::words;

/// Longest beginning of a series.
pub const PREFIX_MAX: usize = 12;
/// Longest code of an account.
pub const ACCOUNT_MAX: usize = 20;

/// How the series of invoices and of credit notes begin, and whether they begin anew each year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InvoiceSeries)]
pub struct Series {
    /// Letters, digits, `-` and `/`.
    #[garde(custom(prefix))]
    #[schema(min_length = 1, max_length = 12)]
    pub invoices: String,
    #[garde(custom(prefix))]
    #[schema(min_length = 1, max_length = 12)]
    pub credit_notes: String,
    #[garde(skip)]
    pub yearly: bool,
}

fn prefix(text: &str, (): &()) -> garde::Result {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'/';
    if (1..=PREFIX_MAX).contains(&text.len()) && text.bytes().all(good) && text != "Z" {
        return Ok(());
    }
    Err(garde::Error::new(format!("must be 1 to {PREFIX_MAX} letters, digits, - or /, and not Z alone")))
}

/// For garde: codes of accounts, where some are named.
pub fn account_codes(accounts: &Option<Accounts>, (): &()) -> garde::Result {
    let good = |code: &String| (1..=ACCOUNT_MAX).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_graphic());
    if accounts.iter().flat_map(BTreeMap::values).all(good) {
        return Ok(());
    }
    Err(garde::Error::new(format!("a code has 1 to {ACCOUNT_MAX} visible ASCII letters and digits")))
}

impl Default for Series {
    fn default() -> Self {
        Self { invoices: "F".to_owned(), credit_notes: "C".to_owned(), yearly: true }
    }
}

impl Series {
    /// The series of a document of this business day.
    pub fn of(&self, is_credit: bool, business_date: &str) -> String {
        let prefix = if is_credit { &self.credit_notes } else { &self.invoices };
        let year = business_date.get(..4).filter(|_| self.yearly).unwrap_or_default();
        format!("{prefix}{year}")
    }
}

/// `F2026-000012`.
pub fn printed(series: &str, number: i64) -> String {
    format!("{series}-{number:06}")
}

/// An invoice, or the credit note of a refund, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    pub series: String,
    pub number: i64,
    pub order: OrderId,
    /// None: the order's first check.
    pub check: Option<CheckId>,
    /// A credit note of this.
    pub refund: Option<RefundId>,
    /// The printed number of the invoice it corrects.
    pub corrects: Option<String>,
    pub issued_ms: i64,
    pub issued_by: AccountId,
    pub business_date: String,
    pub total: Minor,
    pub taxes: Vec<RateTax>,
    /// Of the canonical bytes and the hash before it in its series.
    pub hash: [u8; 32],
}

impl Invoice {
    /// The bytes that are hashed and signed: the same from the same row, for ever.
    pub fn canonical(&self) -> String {
        let taxes: Vec<(i64, i64, i64)> =
            self.taxes.iter().map(|tax| (tax.rate_bp, tax.base_minor.0, tax.tax_minor.0)).collect();
        let fields = (
            "comanda invoice 1",
            &self.series,
            self.number,
            (self.order.0, self.check.map(|check| check.0), self.refund.map(|refund| refund.0)),
            &self.corrects,
            (self.issued_ms, self.issued_by.0, &self.business_date),
            self.total.0,
            taxes,
        );
        serde_json::to_string(&fields).unwrap_or_default()
    }

    pub fn chained(&self, before: Option<[u8; 32]>) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&before.unwrap_or_default());
        hasher.update(self.canonical().as_bytes());
        hasher.finalize().into()
    }
}

/// What the day's entries are booked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    Cash,
    Card,
    Voucher,
    Sales,
    Tax,
    ServiceCharge,
    Tips,
    Rounding,
    OverShort,
    PayIns,
    PayOuts,
    Safe,
    /// Paid and not yet sold, or sold and not yet paid.
    OpenBills,
}

words!(Account {
    Cash = "cash",
    Card = "card",
    Voucher = "voucher",
    Sales = "sales",
    Tax = "tax",
    ServiceCharge = "service_charge",
    Tips = "tips",
    Rounding = "rounding",
    OverShort = "over_short",
    PayIns = "pay_ins",
    PayOuts = "pay_outs",
    Safe = "safe",
    OpenBills = "open_bills",
});

impl Account {
    pub const ALL: &'static [Self] = &[
        Self::Cash,
        Self::Card,
        Self::Voucher,
        Self::Sales,
        Self::Tax,
        Self::ServiceCharge,
        Self::Tips,
        Self::Rounding,
        Self::OverShort,
        Self::PayIns,
        Self::PayOuts,
        Self::Safe,
        Self::OpenBills,
    ];

    /// Its code where the settings name none.
    pub const fn usual(self) -> &'static str {
        match self {
            Self::Cash => "1000",
            Self::Card => "1100",
            Self::Voucher => "1150",
            Self::Safe => "1010",
            Self::OpenBills => "1200",
            Self::Tax => "2200",
            Self::Tips => "2300",
            Self::Sales => "4000",
            Self::ServiceCharge => "4100",
            Self::Rounding => "4900",
            Self::OverShort => "4910",
            Self::PayIns => "1900",
            Self::PayOuts => "6000",
        }
    }
}

/// Codes of accounts that are not the usual ones.
pub type Accounts = BTreeMap<Account, String>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_begins_anew_each_year_or_never() {
        let yearly = Series::default();
        assert_eq!((yearly.of(false, "2026-12-31"), yearly.of(true, "2027-01-01")), ("F2026".into(), "C2027".into()));
        let one = Series { yearly: false, invoices: "INV".into(), ..yearly };
        assert_eq!(one.of(false, "2026-12-31"), "INV");
        assert_eq!(printed("F2026", 12), "F2026-000012");
    }

    #[test]
    fn every_account_has_a_code_of_its_own() {
        let mut codes: Vec<_> = Account::ALL.iter().map(|account| account.usual()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Account::ALL.len());
    }
}
