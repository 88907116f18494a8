//! The made-up past against the curves it is fitted to.

use std::collections::HashMap;

use super::*;
use crate::kernel::ids::RestaurantId;
use crate::kernel::money::Currency;

fn settings() -> Settings {
    Settings {
        id: RestaurantId(uuid::Uuid::nil()),
        name: "Demo".into(),
        currency: Currency::of("EUR").expect("in the table"),
        time_zone: chrono_tz::Europe::Rome,
        locale: Default::default(),
        day_cutoff_minute: 240,
        tax_mode: Default::default(),
        tax_rounding: Default::default(),
        rounding: Default::default(),
        cash_rounding_minor: Minor::ZERO,
        service_charges: Default::default(),
        discount_caps: Default::default(),
        kitchen_times: Default::default(),
        series: Default::default(),
        accounts: Default::default(),
        receipt: Default::default(),
        default_tax_rate_bp: 1000,
        lock_after_minutes: None,
    }
}

fn made(seed: u64, orders: u32) -> Vec<PastSale> {
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date");
    Generator::new(seed, orders, today, &settings()).collect()
}

#[test]
fn a_seed_makes_the_same_past_again() {
    assert_eq!(made(7, 500), made(7, 500));
    assert_ne!(made(7, 500), made(8, 500));
}

#[test]
fn any_number_of_orders_is_made_in_the_order_of_time_before_today() {
    for orders in [1, 59, 60, 61, 5_000] {
        let made = made(1, orders);
        assert_eq!(made.len(), orders as usize);
        assert!(made.is_sorted_by_key(|sale| sale.at_ms));
        assert!(made.iter().all(|sale| sale.date.to_string().as_str() < "2026-11-21"));
    }
}

#[test]
fn the_curves_are_those_of_a_real_year() {
    let made = made(42, 20_000);
    let share = |count: usize| count as f64 / made.len() as f64;
    let mut hours: HashMap<u32, usize> = HashMap::new();
    for sale in &made {
        *hours.entry(sale.hour).or_default() += 1;
    }
    for (hour, weight) in HOURS {
        let expect = f64::from(*weight) / 21_313.0;
        assert!((share(hours[hour]) - expect).abs() < 0.01, "hour {hour}");
    }
    for (lines, expect) in [(1, 0.38), (2, 0.29), (3, 0.15), (4, 0.15)] {
        let count = made.iter().filter(|sale| sale.lines.len() == lines).count();
        assert!((share(count) - expect).abs() < 0.015, "{lines} lines");
    }
    let on = |weekday: chrono::Weekday| made.iter().filter(|sale| sale.date.weekday() == weekday).count();
    let all: Vec<usize> = (0..7).map(|day| on(chrono::Weekday::try_from(day).expect("a weekday"))).collect();
    assert_eq!(all.iter().max(), Some(&on(chrono::Weekday::Fri)));
    assert_eq!(all.iter().min(), Some(&on(chrono::Weekday::Sun)));
}
