//! What holds for any order, however it is divided.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn check_id(at: u128) -> CheckId {
    CheckId(Uuid::from_u128(at))
}

fn any_terms() -> impl Strategy<Value = Terms> {
    let word = |words: &'static [&'static str]| prop::sample::select(words);
    (word(&["inclusive", "exclusive"]), word(&["line", "rate", "check"]), word(&["half_up", "half_even"]))
        .prop_map(|(mode, level, half)| format!("EUR {mode} {level} {half} 5").parse().expect("terms"))
}

type MadeLine = (u128, i64, i64);
type MadeDiscount = (Option<u128>, i64, bool);
type Made = (Vec<MadeLine>, Vec<MadeDiscount>, Option<(i64, i64)>, usize);

/// Lines on up to four checks, discounts on some of them, a service charge, and shares of the first.
fn any_order() -> impl Strategy<Value = Made> {
    (
        prop::collection::vec((0u128..4, 0i64..200_000, prop::sample::select(&[0i64, 400, 1000, 2100][..])), 0..20),
        prop::collection::vec((prop::option::of(0u128..4), 1i64..10_000, any::<bool>()), 0..4),
        prop::option::of((1i64..2_500, prop::sample::select(&[0i64, 1000, 2200][..]))),
        0usize..5,
    )
}

fn charged(terms: &Terms, (lines, discounts, charge, shares): Made) -> (Charged<'_>, Vec<Check>) {
    let mut others: Vec<Check> =
        (1..4).map(|at| Check { id: check_id(at), number: at as i64 + 1, shares: None }).collect();
    others.extend((0..shares).map(|at| Check {
        id: check_id(100 + at as u128),
        number: 5 + at as i64,
        shares: Some(check_id(0)),
    }));
    let off = |rate: bool, n: i64| if rate { Off::Rate(n) } else { Off::Amount(Minor(n)) };
    let charged = Charged {
        terms,
        lines: lines
            .into_iter()
            .map(|(check, amount, rate_bp)| (check_id(check), Taxed { amount: Minor(amount), rate_bp }))
            .collect(),
        discounts: discounts.into_iter().map(|(check, n, rate)| (check.map(check_id), off(rate, n))).collect(),
        service_charge: charge.map(|(rate_bp, tax_rate_bp)| ServiceCharge { rate_bp, tax_rate_bp }),
    };
    (charged, others)
}

fn sum(bills: &[Bill], of: impl Fn(&Bill) -> Minor) -> Minor {
    bills.iter().map(of).sum()
}

proptest! {
    #[test]
    fn checks_add_up_to_the_order_in_price_discount_service_charge_and_tax(
        terms in any_terms(),
        order in any_order(),
    ) {
        let (charged, others) = charged(&terms, order);
        let whole = charged.whole();
        let bills = charged.by_check(check_id(0), &others);
        prop_assert_eq!(bills.len(), 1 + others.len());
        prop_assert_eq!(sum(&bills, |bill| bill.items), whole.items);
        prop_assert_eq!(sum(&bills, |bill| bill.discount), whole.discount);
        prop_assert_eq!(sum(&bills, |bill| bill.service_charge), whole.service_charge);
        prop_assert_eq!(sum(&bills, |bill| bill.totals.gross), whole.totals.gross);
        for tax in &whole.totals.taxes {
            let of = |bill: &Bill| bill.totals.taxes.iter().find(|t| t.rate_bp == tax.rate_bp).copied();
            let base: Minor = bills.iter().filter_map(of).map(|tax| tax.base_minor).sum();
            let parts: Minor = bills.iter().filter_map(of).map(|tax| tax.tax_minor).sum();
            prop_assert_eq!((base, parts), (tax.base_minor, tax.tax_minor));
        }
        for bill in &bills {
            prop_assert_eq!(bill.totals.net + bill.totals.tax, bill.totals.gross);
            prop_assert!(bill.totals.gross >= Minor::ZERO && bill.discount >= Minor::ZERO && bill.discount <= bill.items);
        }
        prop_assert!(whole.totals.gross >= Minor::ZERO);
    }

    #[test]
    fn one_check_is_the_whole_order(terms in any_terms(), order in any_order()) {
        let (lines, discounts, charge, _) = order;
        let lines = lines.into_iter().map(|(_, amount, rate)| (0, amount, rate)).collect();
        let discounts = discounts.into_iter().map(|(_, n, rate)| (None, n, rate)).collect();
        let (charged, _) = charged(&terms, (lines, discounts, charge, 0));
        let (whole, bills) = (charged.whole(), charged.by_check(check_id(0), &[]));
        prop_assert_eq!(whole.totals.gross, bills[0].totals.gross);
        prop_assert_eq!(whole.totals.tax, bills[0].totals.tax);
    }

    #[test]
    fn the_order_of_lines_and_checks_changes_no_sum(terms in any_terms(), order in any_order()) {
        let (charged, others) = charged(&terms, order);
        let bills = charged.by_check(check_id(0), &others);
        let mut turned = others.clone();
        turned.reverse();
        let again = charged.by_check(check_id(0), &turned);
        let gross = |bills: &[Bill]| {
            let mut sums: Vec<Minor> = bills.iter().map(|bill| bill.totals.gross).collect();
            sums.sort_unstable();
            sums
        };
        prop_assert_eq!(gross(&bills), gross(&again));
    }
}

#[test]
fn a_discount_on_the_check_takes_from_every_rate_its_share() {
    let terms: Terms = "EUR exclusive rate half_up 0".parse().expect("terms");
    let line = |amount: i64, rate_bp: i64| (check_id(0), Taxed { amount: Minor(amount), rate_bp });
    let charged = Charged {
        terms: &terms,
        lines: vec![line(4530, 500), line(3345, 1000)],
        discounts: vec![(None, Off::Amount(Minor(1000)))],
        service_charge: None,
    };
    let whole = charged.whole();
    assert_eq!((whole.items, whole.discount, whole.totals.net), (Minor(7875), Minor(1000), Minor(6875)));
    let bases: Vec<i64> = whole.totals.taxes.iter().map(|tax| tax.base_minor.0).collect();
    assert_eq!(bases, [4530 - 575, 3345 - 425]);
}

#[test]
fn a_service_charge_is_rounded_itself_half_up() {
    let terms: Terms = "EUR exclusive rate half_up 0".parse().expect("terms");
    let line = |amount: i64| (check_id(0), Taxed { amount: Minor(amount), rate_bp: 1000 });
    let charged = Charged {
        terms: &terms,
        lines: vec![line(4530), line(3345)],
        discounts: vec![],
        service_charge: Some(ServiceCharge { rate_bp: 1000, tax_rate_bp: 0 }),
    };
    assert_eq!(charged.whole().service_charge, Minor(788), "10 % of 78.75 is 7.875");
}
