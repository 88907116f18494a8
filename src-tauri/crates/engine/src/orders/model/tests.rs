//! The rules of an order, on small orders made by hand.

use super::*;
use crate::kernel::ids::PaymentId;
use crate::payments::model::Tender;

fn line(id: u128, price: i64) -> Line {
    Line {
        id: LineId(Uuid::from_u128(id)),
        item_id: None,
        variant_id: None,
        modifiers: Vec::new(),
        name: format!("Dish {id}"),
        quantity_milli: 1000,
        unit_price: Minor(price),
        total: Minor(price),
        tax_rate_bp: 1000,
        station: Station::Kitchen,
        seat: None,
        course: None,
        check: None,
        note: None,
        added_ms: 0,
        added_by_name: String::new(),
        fired_ms: None,
        started_ms: None,
        ready_ms: None,
        served_ms: None,
        voided_ms: None,
        void_reason: None,
        discount: Minor::ZERO,
        discount_reason: None,
        comped_ms: None,
        comp: Minor::ZERO,
        comp_reason: None,
        station_id: None,
    }
}

fn order(lines: Vec<Line>) -> Order {
    Order {
        id: OrderId(Uuid::nil()),
        number: "A-0001".into(),
        business_date: "2026-11-21".into(),
        service: Service::DineIn,
        table: None,
        covers: Some(2),
        note: None,
        terms: "EUR inclusive rate half_up 5".parse().expect("terms"),
        opened_ms: 0,
        opened_by_name: String::new(),
        imported: false,
        closed_ms: None,
        cancel_reason: None,
        service_charge: None,
        divided: false,
        attempted: false,
        service_reason: None,
        merged_into: None,
        lines,
        checks: Vec::new(),
        discounts: Vec::new(),
        payments: Vec::new(),
        attempts: Vec::new(),
    }
}

fn paid(mut order: Order, tender: Tender, amount: i64) -> Order {
    let settled = order.owed(None).settle(tender, Minor(amount));
    order.payments.push(Payment {
        id: PaymentId(Uuid::nil()),
        check: None,
        tender,
        amount: settled.amount,
        rounding: settled.rounding,
        tip: Minor::ZERO,
        tendered: None,
        reference: None,
        taken_ms: 0,
        taken_by_name: String::new(),
        flag: None,
        refunded: Minor::ZERO,
        unsettled: Minor::ZERO,
        session: None,
        business_date: String::new(),
        voids: None,
        voided: false,
    });
    order
}

fn served(mut line: Line) -> Line {
    line.fired_ms = Some(1);
    line.served_ms = Some(2);
    line
}

#[test]
fn a_line_takes_only_the_steps_of_its_state() {
    use LineState::*;
    #[track_caller]
    fn check(set: fn(&mut Line), state: LineState, allowed: &[&str]) {
        let mut line = line(1, 100);
        set(&mut line);
        assert_eq!(line.state(), state);
        for to in [Held, Fired, Preparing, Ready, Served, Voided] {
            match line.step(to) {
                Ok(()) => assert!(allowed.contains(&to.as_str()), "{state:?} to {to:?}"),
                Err(illegal) => {
                    assert!(!allowed.contains(&to.as_str()), "{state:?} to {to:?}");
                    assert_eq!(illegal.allowed, allowed);
                }
            }
        }
    }
    check(|_| {}, Held, &["fired", "voided"]);
    check(|line| line.fired_ms = Some(1), Fired, &["preparing", "ready", "served", "voided"]);
    check(
        |line| (line.fired_ms, line.started_ms) = (Some(1), Some(2)),
        Preparing,
        &["fired", "ready", "served", "voided"],
    );
    check(|line| (line.fired_ms, line.ready_ms) = (Some(1), Some(2)), Ready, &["fired", "served", "voided"]);
    check(|line| (line.fired_ms, line.served_ms) = (Some(1), Some(2)), Served, &["fired"]);
    check(|line| line.voided_ms = Some(2), Voided, &[]);
}

#[test]
fn the_stage_says_what_is_to_do_next() {
    #[track_caller]
    fn check(order: Order, stage: Stage, finished: bool) {
        assert_eq!((order.stage(), order.is_finished()), (stage, finished));
    }
    let fired = |id| Line { fired_ms: Some(1), ..line(id, 500) };
    check(order(vec![]), Stage::Taking, false);
    check(order(vec![line(1, 500)]), Stage::Taking, false);
    check(order(vec![line(1, 500), fired(2)]), Stage::Kitchen, false);
    check(order(vec![served(line(1, 500)), line(2, 500)]), Stage::Taking, false);
    check(order(vec![served(line(1, 500))]), Stage::ToPay, false);
    check(paid(order(vec![line(1, 500)]), Tender::Card, 500), Stage::Kitchen, false);
    check(paid(order(vec![fired(1)]), Tender::Card, 500), Stage::Kitchen, false);
    check(paid(order(vec![served(line(1, 500))]), Tender::Card, 200), Stage::ToPay, false);
    assert!(paid(order(vec![served(line(1, 500))]), Tender::Card, 500).is_finished());
    let voided = Line { voided_ms: Some(3), ..line(2, 700) };
    assert!(paid(order(vec![served(line(1, 500)), voided]), Tender::Card, 500).is_finished());
    let closed = Order { closed_ms: Some(9), ..order(vec![served(line(1, 500))]) };
    check(closed, Stage::Done, false);
}

#[test]
fn a_paid_order_takes_no_second_payment() {
    let order = paid(order(vec![line(1, 500)]), Tender::Card, 500);
    let illegal = order.may_be_paid(None).expect_err("a second payment must be refused");
    assert_eq!(illegal.message, "Order A-0001 is paid");
    assert_eq!(illegal.allowed, ["lines", "fire", "transfer", "split"]);
    // After the event it is taken all the same, and flagged.
    assert_eq!(order.owed(None).settle(Tender::Cash, Minor(500)).overpaid, Minor(500));
}

#[test]
fn what_is_paid_is_not_voided() {
    let part = paid(order(vec![line(1, 500), line(2, 300)]), Tender::Card, 500);
    assert!(part.may_void(&part.lines[1]).is_ok());
    assert_eq!(part.may_void(&part.lines[0]).map_err(|illegal| illegal.message), Err("Dish 1 is already paid".into()));
    let done = order(vec![served(line(1, 500))]);
    assert!(done.may_void(&done.lines[0]).is_err(), "served: no longer a void");
}

#[test]
fn an_order_names_its_allowed_steps() {
    #[track_caller]
    fn check(order: Order, allowed: &[&str]) {
        assert_eq!(order.allowed(), allowed);
    }
    check(order(vec![]), &["lines", "transfer", "merge", "cancel"]);
    check(
        order(vec![line(1, 500)]),
        &["lines", "fire", "payments", "transfer", "merge", "split", "discounts", "cancel"],
    );
    check(
        paid(order(vec![Line { fired_ms: Some(1), ..line(1, 500) }]), Tender::Card, 100),
        &["lines", "serve", "payments", "transfer", "split", "discounts"],
    );
    check(Order { closed_ms: Some(1), ..order(vec![]) }, &[]);
}

#[test]
fn line_ids_follow_from_the_first() {
    let first = Uuid::from_u128(0x0190_0000_0000_7000_bfff_ffff_ffff_ffff);
    let ids: Vec<Uuid> = (0..4).map(|at| nth_id(first, at)).collect();
    assert_eq!(ids[0], first);
    assert!((1..4).all(|at| !ids[..at].contains(&ids[at])), "no id twice, even past the end");
    assert!(ids.iter().all(|id| id.get_version_num() == 7));
}
