//! The vectors of the trade, and what must hold for any numbers.

use proptest::prelude::*;

use super::*;

fn terms(tax_mode: TaxMode, tax_rounding: TaxRounding, rounding: Rounding) -> Terms {
    let currency = Currency::of("EUR").expect("in the table");
    Terms { currency, tax_mode, tax_rounding, rounding, cash_unit: Minor(5) }
}

/// Lines as (amount, rate) against (tax, total).
#[track_caller]
fn check(mode: TaxMode, level: TaxRounding, lines: &[(i64, i64)], tax: i64, gross: i64) {
    let lines = lines.iter().map(|&(amount, rate_bp)| Taxed { amount: Minor(amount), rate_bp });
    let sums = totals(&terms(mode, level, Rounding::HalfUp), lines);
    assert_eq!((sums.tax, sums.gross), (Minor(tax), Minor(gross)));
    assert_eq!(sums.net + sums.tax, sums.gross);
    assert_eq!(sums.taxes.iter().map(|rate| rate.tax_minor).sum::<Minor>(), sums.tax);
}

use TaxMode::{Exclusive, Inclusive};
use TaxRounding::{Check, Line, Rate};

#[test]
fn tax_is_rounded_where_the_check_says() {
    let four = [(4 * 148, 2100), (152, 2100), (154, 2100), (39, 2100)];
    check(Exclusive, Line, &four, 196, 1133);
    check(Exclusive, Rate, &four, 197, 1134);
    check(Exclusive, Check, &four, 197, 1134);
    let twice = [(124, 1000), (124, 1000)];
    check(Exclusive, Line, &twice, 24, 272);
    check(Exclusive, Check, &twice, 25, 273);
    let two_rates = [(4530, 500), (3345, 1000)];
    check(Exclusive, Rate, &two_rates, 227 + 335, 8437);
    // 2.265 + 3.345 = 5.61 exactly: one rounding instead of two.
    check(Exclusive, Check, &two_rates, 561, 8436);
}

#[test]
fn tax_inside_a_price_leaves_the_price_alone() {
    check(Inclusive, Rate, &[(1210, 2100)], 210, 1210);
    check(Inclusive, Line, &[(999, 1000), (1, 1000)], 91, 1000);
    check(Inclusive, Check, &[(1000, 1000), (1000, 2100), (500, 0)], 264, 2500);
    check(Inclusive, Rate, &[], 0, 0);
}

#[test]
fn a_percentage_off_rounds_what_is_left() {
    #[track_caller]
    fn check(price: i64, off_bp: i64, rounding: Rounding, left: i64) {
        assert_eq!(Minor(price).less(off_bp, rounding), Minor(left));
    }
    check(230, 500, Rounding::HalfUp, 219);
    check(2545, 1000, Rounding::HalfUp, 2291);
    check(2545, 1000, Rounding::HalfEven, 2290);
    check(1000, 10_000, Rounding::HalfUp, 0);
}

#[test]
fn halves_round_away_from_zero_or_to_even() {
    #[track_caller]
    fn check(numerator: i128, denominator: i128, up: i64, even: i64) {
        assert_eq!(Rounding::HalfUp.divide(numerator, denominator), up);
        assert_eq!(Rounding::HalfEven.divide(numerator, denominator), even);
    }
    check(5, 10, 1, 0);
    check(15, 10, 2, 2);
    check(25, 10, 3, 2);
    check(-25, 10, -3, -2);
    check(-24, 10, -2, -2);
    check(26, 10, 3, 3);
    check(0, 7, 0, 0);
}

#[test]
fn cash_rounding_is_on_the_cash_part_only() {
    #[track_caller]
    fn check(total: i64, others: i64, cash: i64, line: i64) {
        let due = cash_due(Minor(total), Minor(others), Minor(5), Rounding::HalfUp);
        assert_eq!((due.cash, due.rounding), (Minor(cash), Minor(line)));
        assert_eq!(others + due.cash.0, total + due.rounding.0, "the check closes balanced");
    }
    check(17499, 7500, 10000, 1); // cash 100 + card 75: the cent of change is the line
    check(1291, 1559, -270, -2); // card 15.59, cash back 2.70
    check(1291, 1291, 0, 0); // card alone is never rounded
    check(1292, 0, 1290, -2);
    check(1293, 0, 1295, 2);
}

#[test]
fn no_smallest_coin_means_exact_cash() {
    assert_eq!(Minor(1291).to_cash(Minor(0), Rounding::HalfUp), Minor(1291));
    assert_eq!(Minor(1291).to_cash(Minor(1), Rounding::HalfUp), Minor(1291));
}

#[test]
fn parts_go_to_the_largest_remainders() {
    #[track_caller]
    fn check(amount: i64, weights: &[u64], parts: &[i64]) {
        assert_eq!(split(Minor(amount), weights), parts.iter().copied().map(Minor).collect::<Vec<_>>());
        assert_eq!(parts.iter().sum::<i64>(), amount);
    }
    check(100, &[1; 3], &[34, 33, 33]);
    check(3000, &[1; 7], &[429, 429, 429, 429, 428, 428, 428]);
    check(35316, &[1; 8], &[4415, 4415, 4415, 4415, 4414, 4414, 4414, 4414]);
    check(613, &[98, 92, 98, 123, 102, 92], &[99, 93, 99, 125, 104, 93]);
    check(613, &[123, 102, 98, 98, 92, 92], &[125, 104, 99, 99, 93, 93]);
    check(-100, &[1; 3], &[-34, -33, -33]);
    check(100, &[80, 15, 5], &[80, 15, 5]);
    check(7, &[0, 0], &[4, 3]);
    check(7, &[0, 1], &[0, 7]);
    check(0, &[], &[]);
}

#[test]
fn equal_shares_add_up_in_every_column_and_differ_by_a_cent_at_most() {
    #[track_caller]
    fn check(columns: &[i64], parts: usize, sums: &[i64]) {
        let columns: Vec<Minor> = columns.iter().copied().map(Minor).collect();
        let rows = share_evenly(&columns, parts);
        let of_rows: Vec<i64> = rows.iter().map(|row| row.iter().copied().sum::<Minor>().0).collect();
        assert_eq!(of_rows, sums);
        for (at, column) in columns.iter().enumerate() {
            assert_eq!(rows.iter().map(|row| row[at]).sum::<Minor>(), *column);
        }
    }
    check(&[100], 3, &[34, 33, 33]);
    check(&[3000], 7, &[429, 429, 429, 429, 428, 428, 428]);
    check(&[35316], 8, &[4415, 4415, 4415, 4415, 4414, 4414, 4414, 4414]);
    // Each column has an odd cent; nobody gets all of them.
    check(&[100, 10, 100, 10], 3, &[74, 73, 73]);
    check(&[1, 1, 1], 3, &[1, 1, 1]);
    check(&[5], 1, &[5]);
}

#[test]
fn every_currency_has_its_exponent() {
    #[track_caller]
    fn check(code: &str, exponent: u8) {
        assert_eq!(Currency::of(code).map(|currency| currency.exponent), Some(exponent));
    }
    check("EUR", 2);
    check("JPY", 0);
    check("KWD", 3);
    assert_eq!(Currency::of("eur"), None);
    assert_eq!(Currency::of("XXX"), None);
    assert!(CURRENCIES.windows(2).all(|pair| pair[0].code < pair[1].code), "sorted for the look-up");
}

#[test]
fn terms_are_read_back_as_written() {
    let terms = terms(Exclusive, Check, Rounding::HalfEven);
    assert_eq!(terms.to_string(), "EUR exclusive check half_even 5");
    assert_eq!(terms.to_string().parse(), Ok(terms));
    for bad in ["", "EUR", "EUR inclusive rate half_up", "EUR inclusive rate half_up 5 6", "EUR inclusive rate up 5"] {
        assert!(bad.parse::<Terms>().is_err(), "{bad}");
    }
}

fn any_terms() -> impl Strategy<Value = Terms> {
    (
        prop_oneof![Just(Inclusive), Just(Exclusive)],
        prop_oneof![Just(Line), Just(Rate), Just(Check)],
        prop_oneof![Just(Rounding::HalfUp), Just(Rounding::HalfEven)],
    )
        .prop_map(|(mode, level, rounding)| terms(mode, level, rounding))
}

proptest! {
    #[test]
    fn parts_add_up_and_do_not_depend_on_the_order(
        amount in -1_000_000_000i64..1_000_000_000,
        weights in prop::collection::vec(0u64..10_000, 1..12),
        turn in 0usize..12,
    ) {
        let parts = split(Minor(amount), &weights);
        prop_assert_eq!(parts.iter().copied().sum::<Minor>(), Minor(amount));
        let mut turned = weights.clone();
        turned.rotate_left(turn % weights.len());
        let pairs = |weights: &[u64], parts: Vec<Minor>| {
            let mut pairs: Vec<(u64, Minor)> = weights.iter().copied().zip(parts).collect();
            pairs.sort();
            pairs
        };
        let turned_parts = split(Minor(amount), &turned);
        prop_assert_eq!(pairs(&weights, parts), pairs(&turned, turned_parts));
    }

    #[test]
    fn equal_shares_add_up_and_are_equal_to_a_unit(
        columns in prop::collection::vec(0i64..10_000_000, 0..8),
        parts in 1usize..40,
    ) {
        let columns: Vec<Minor> = columns.into_iter().map(Minor).collect();
        let rows = share_evenly(&columns, parts);
        prop_assert_eq!(rows.len(), parts);
        for (at, column) in columns.iter().enumerate() {
            prop_assert_eq!(rows.iter().map(|row| row[at]).sum::<Minor>(), *column);
        }
        let sums: Vec<Minor> = rows.iter().map(|row| row.iter().copied().sum()).collect();
        let (least, most) = (sums.iter().min().copied(), sums.iter().max().copied());
        prop_assert!(most.unwrap_or_default() - least.unwrap_or_default() <= Minor(1));
    }

    #[test]
    fn totals_add_up_and_do_not_depend_on_the_order(
        terms in any_terms(),
        lines in prop::collection::vec((0i64..1_000_000, 0i64..3_000), 0..30),
    ) {
        let taxed = |&(amount, rate_bp): &(i64, i64)| Taxed { amount: Minor(amount), rate_bp };
        let sums = totals(&terms, lines.iter().map(taxed));
        prop_assert_eq!(sums.net + sums.tax, sums.gross);
        prop_assert_eq!(sums.taxes.iter().map(|rate| rate.tax_minor).sum::<Minor>(), sums.tax);
        prop_assert_eq!(sums.taxes.iter().map(|rate| rate.base_minor).sum::<Minor>(), sums.net);
        prop_assert_eq!(&totals(&terms, lines.iter().rev().map(taxed)), &sums);
        let priced: i64 = lines.iter().map(|line| line.0).sum();
        match terms.tax_mode {
            Inclusive => prop_assert_eq!(sums.gross, Minor(priced)),
            Exclusive => prop_assert_eq!(sums.net, Minor(priced)),
        }
    }

    #[test]
    fn one_rounding_a_check_is_within_half_a_unit(
        lines in prop::collection::vec((0i64..1_000_000, 0i64..2_500), 1..8),
    ) {
        let terms = terms(Inclusive, Check, Rounding::HalfUp);
        let sums = totals(&terms, lines.iter().map(|&(amount, rate_bp)| Taxed { amount: Minor(amount), rate_bp }));
        let exact: f64 = lines.iter().map(|&(amount, bp)| amount as f64 * bp as f64 / (10_000 + bp) as f64).sum();
        prop_assert!((sums.tax.0 as f64 - exact).abs() <= 0.5 + 1e-6);
    }
}
