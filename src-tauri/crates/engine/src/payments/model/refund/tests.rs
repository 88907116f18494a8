//! Giving back, on small sales made by hand and on any.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn line(id: u128) -> LineId {
    LineId(Uuid::from_u128(id))
}

fn bought(id: u128, quantity_milli: i64, rate_bp: i64, paid: i64) -> Bought {
    Bought { line: line(id), quantity_milli, rate_bp, paid: Minor(paid), back_milli: 0, back: Minor::ZERO }
}

/// Two pizzas for 19.00 with 10 % in it, three beers for 10.00 with 21 %.
fn sale() -> Sale {
    let tax = |rate_bp, base, tax| RateTax { rate_bp, base_minor: Minor(base), tax_minor: Minor(tax) };
    Sale {
        rounding: Rounding::HalfUp,
        bought: vec![bought(1, 2000, 1000, 1900), bought(2, 3000, 2100, 1000)],
        taxes: vec![tax(1000, 1727, 173), tax(2100, 826, 174)],
        back_taxes: Vec::new(),
        unsold: Minor::ZERO,
    }
}

/// The sale after a refund.
fn after(mut sale: Sale, plan: &Plan) -> Sale {
    sale.unsold -= plan.unsettled;
    for back in &plan.lines {
        let bought = sale.bought.iter_mut().find(|bought| bought.line == back.line).expect("a line that was sold");
        bought.back += back.amount;
        bought.back_milli += back.quantity_milli.unwrap_or(0);
    }
    for tax in &plan.taxes {
        match sale.back_taxes.iter_mut().find(|back| back.rate_bp == tax.rate_bp) {
            Some(back) => {
                back.base_minor += tax.base_minor;
                back.tax_minor += tax.tax_minor;
            }
            None => sale.back_taxes.push(*tax),
        }
    }
    sale
}

fn some(id: u128, quantity_milli: Option<i64>, amount: Option<i64>) -> Wish {
    Wish::Lines(vec![WishLine { line: line(id), quantity_milli, amount: amount.map(Minor) }])
}

#[test]
fn thirds_of_a_line_come_back_to_the_cent() {
    let mut sale = sale();
    let mut amounts = Vec::new();
    for _ in 0..3 {
        let plan = sale.plan(&some(2, Some(1000), None)).expect("one beer back");
        amounts.push(plan.amount.0);
        sale = after(sale, &plan);
    }
    assert_eq!(amounts, [333, 334, 333]);
    assert_eq!(sale.back_taxes, [RateTax { rate_bp: 2100, base_minor: Minor(826), tax_minor: Minor(174) }]);
    assert_eq!(sale.plan(&some(2, Some(1000), None)), Err(NoRefund::LineTooMany { at: 0, left_milli: 0 }));
}

#[test]
fn a_line_never_brings_more_than_was_paid_for_it() {
    let check = |wish: Wish, no: NoRefund| assert_eq!(sale().plan(&wish), Err(no));
    check(some(1, None, Some(1901)), NoRefund::LineTooMuch { at: 0, left: Minor(1900) });
    check(some(1, Some(2001), None), NoRefund::LineTooMany { at: 0, left_milli: 2000 });
    check(some(9, None, None), NoRefund::NoLine { at: 0 });
    check(Wish::Amount(Minor(2901)), NoRefund::TooMuch { left: Minor(2900) });
    let twice = WishLine { line: line(1), quantity_milli: None, amount: None };
    check(Wish::Lines(vec![twice, twice]), NoRefund::NoLine { at: 1 });
    // Money for a complaint first, then the dish: the dish brings what is left of it.
    let plan = sale().plan(&some(1, None, Some(300))).expect("an amount");
    assert_eq!(plan.lines[0].quantity_milli, None);
    let rest = after(sale(), &plan).plan(&some(1, Some(2000), None)).expect("both pizzas");
    assert_eq!(rest.amount, Minor(1600));
}

#[test]
fn what_was_paid_for_nothing_goes_back_first_and_without_tax() {
    let sale = Sale { unsold: Minor(500), ..sale() };
    let plan = sale.plan(&Wish::Amount(Minor(500))).expect("the overpayment");
    assert_eq!((plan.unsettled, plan.lines.len(), plan.taxes.len()), (Minor(500), 0, 0));
    let plan = sale.plan(&Wish::Amount(Minor(3400))).expect("all of it");
    assert_eq!((plan.amount, plan.unsettled), (Minor(3400), Minor(500)));
    assert_eq!(plan.taxes, sale.taxes, "all of the tax, by rate");
    assert_eq!(after(sale, &plan).plan(&Wish::Amount(Minor(1))), Err(NoRefund::Nothing));
}

proptest! {
    #[test]
    fn any_way_of_giving_all_back_gives_exactly_what_was_paid(
        lines in prop::collection::vec((1i64..6, 0i64..5_000, prop::sample::select(vec![0i64, 1000, 2100])), 1..6),
        steps in prop::collection::vec((0usize..6, 1i64..2_000, any::<bool>()), 0..20),
        over in 0i64..500,
    ) {
        let bought: Vec<Bought> = lines.iter().enumerate()
            .map(|(at, (quantity, price, rate))| bought(at as u128 + 1, quantity * 1000, *rate, price * quantity)).collect();
        let mut taxes: Vec<RateTax> = Vec::new();
        for rate_bp in [0, 1000, 2100] {
            let gross: i64 = bought.iter().filter(|line| line.rate_bp == rate_bp).map(|line| line.paid.0).sum();
            let tax = Rounding::HalfUp.divide(i128::from(gross) * i128::from(rate_bp), 10_000 + i128::from(rate_bp));
            if gross > 0 {
                taxes.push(RateTax { rate_bp, base_minor: Minor(gross - tax), tax_minor: Minor(tax) });
            }
        }
        let paid: i64 = bought.iter().map(|line| line.paid.0).sum::<i64>() + over;
        let mut sale = Sale { rounding: Rounding::HalfUp, bought, taxes, back_taxes: Vec::new(), unsold: Minor(over) };
        let mut given = Minor::ZERO;
        let mut go = |sale: &mut Sale, wish: &Wish| if let Ok(plan) = sale.plan(wish) {
            let tax_and_base: Minor = plan.taxes.iter().map(|tax| tax.base_minor + tax.tax_minor).sum();
            assert_eq!(plan.amount, tax_and_base + plan.unsettled, "base and tax are all that comes back for lines");
            given += plan.amount;
            *sale = after(sale.clone(), &plan);
        };
        for (at, much, by_quantity) in steps {
            let wish = match by_quantity {
                true => some(at as u128 + 1, Some(much.min(999) + 1), None),
                false if at == 5 => Wish::Amount(Minor(much)),
                false => some(at as u128 + 1, None, Some(much)),
            };
            go(&mut sale, &wish);
        }
        let rest = sale.left();
        go(&mut sale, &Wish::Amount(rest));
        prop_assert_eq!(given, Minor(paid));
        for tax in &sale.taxes {
            prop_assert!(sale.back_taxes.contains(tax), "{:?} of {:?}", sale.back_taxes, sale.taxes);
        }
    }
}
