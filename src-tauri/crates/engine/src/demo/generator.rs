//! Past orders made up from a seed, fitted to a year of a real pizza place's curves: when people
//! come, how many lines an order has, which weekdays are busy. Pure: no clock, no database.

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::floor::TABLES;
use super::menu::ITEMS;
use crate::imports::plan::{instant, order_id};
use crate::kernel::ids::ImportId;
use crate::kernel::money::Minor;
use crate::orders::commands::{Paid, Sale};
use crate::orders::model::Service;
use crate::payments::model::Tender;
use crate::restaurant::model::Settings;

/// Orders an hour over a year: hour of the wall clock and weight.
pub const HOURS: &[(u32, u32)] = &[
    (11, 1231),
    (12, 2520),
    (13, 2455),
    (14, 1472),
    (15, 1468),
    (16, 1920),
    (17, 2336),
    (18, 2399),
    (19, 2009),
    (20, 1642),
    (21, 1198),
    (22, 663),
];
/// Lines an order, in tenths of a per cent; five and more share the rest.
const LINES: &[(usize, u32)] =
    &[(1, 380), (2, 288), (3, 150), (4, 146), (5, 7), (6, 4), (7, 3), (8, 4), (9, 3), (10, 3), (12, 5), (14, 7)];
/// Monday to Sunday: Friday busiest, Sunday quietest.
const WEEKDAYS: [u32; 7] = [2794, 2973, 3024, 3239, 3538, 3158, 2624];
/// Orders a usual day has, as long as the days suffice.
pub const A_DAY: u32 = 60;
/// A demo reaches back this far at most; more orders make busier days.
const DAYS_MAX: u32 = 730;

/// One made-up order.
#[derive(Debug, Clone, PartialEq)]
pub struct PastSale {
    pub date: NaiveDate,
    pub at_ms: i64,
    pub hour: u32,
    pub service: Service,
    pub table: Option<u32>,
    pub covers: Option<u32>,
    /// Place in the menu, and how many.
    pub lines: Vec<(usize, i64)>,
    pub tender: Tender,
    pub tip: Minor,
}

/// Orders in the order of time, up to the day before `today`.
pub struct Generator {
    rng: ChaCha8Rng,
    zone: Tz,
    coin: i64,
    /// Days still to make, and how many orders each has.
    days: std::vec::IntoIter<(NaiveDate, u32)>,
    day: std::vec::IntoIter<PastSale>,
}

impl Generator {
    pub fn new(seed: u64, orders: u32, today: NaiveDate, settings: &Settings) -> Self {
        Generator {
            rng: ChaCha8Rng::seed_from_u64(seed),
            zone: settings.time_zone,
            coin: if settings.currency.exponent == 3 { 500 } else { 50 },
            days: calendar(orders, today).into_iter(),
            day: Vec::new().into_iter(),
        }
    }

    fn make_day(&mut self, date: NaiveDate, orders: u32) -> Vec<PastSale> {
        let mut day: Vec<PastSale> = (0..orders).map(|_| self.make_sale(date)).collect();
        day.sort_by_key(|sale| sale.at_ms);
        day
    }

    fn make_sale(&mut self, date: NaiveDate) -> PastSale {
        let rng = &mut self.rng;
        let hour = pick(rng, HOURS);
        let minute = rng.random_range(0..60);
        let second = rng.random_range(0..60);
        let clock = NaiveTime::from_hms_opt(hour, minute, second).unwrap_or_default();
        let service = pick(rng, &[(Service::DineIn, 70), (Service::Takeaway, 22), (Service::Delivery, 8)]);
        let lines = make_lines(rng);
        let dine_in = service == Service::DineIn;
        let tender = pick(rng, &[(Tender::Card, 68), (Tender::Cash, 32)]);
        let tips = dine_in && rng.random_range(0..100) < 35;
        PastSale {
            date,
            at_ms: instant(date.and_time(clock), self.zone),
            hour,
            service,
            table: dine_in.then(|| rng.random_range(1..=TABLES)),
            covers: dine_in.then(|| rng.random_range(1..=2) + u32::try_from(lines.len() / 2).unwrap_or(0)),
            lines,
            tender,
            tip: if tips { Minor(rng.random_range(1..=8) * self.coin) } else { Minor::ZERO },
        }
    }
}

impl Iterator for Generator {
    type Item = PastSale;

    fn next(&mut self) -> Option<PastSale> {
        loop {
            if let Some(sale) = self.day.next() {
                return Some(sale);
            }
            let (date, orders) = self.days.next()?;
            self.day = self.make_day(date, orders).into_iter();
        }
    }
}

/// Lines of one order: places in the menu, by how often each is chosen.
pub fn make_lines(rng: &mut ChaCha8Rng) -> Vec<(usize, i64)> {
    let weights: Vec<(usize, u32)> = ITEMS.iter().enumerate().map(|(at, item)| (at, item.3)).collect();
    let quantities = [(1000, 88), (2000, 10), (3000, 2)];
    (0..pick(rng, LINES)).map(|_| (pick(rng, &weights), pick(rng, &quantities))).collect()
}

/// When an hour of a day begins.
pub fn hour_of(date: NaiveDate, hour: u32, zone: Tz) -> i64 {
    instant(date.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()), zone)
}

/// One of them, by weight.
pub fn pick<T: Copy>(rng: &mut ChaCha8Rng, weighted: &[(T, u32)]) -> T {
    let mut left = rng.random_range(0..weighted.iter().map(|one| one.1).sum());
    for (value, weight) in weighted {
        if left < *weight {
            return *value;
        }
        left -= weight;
    }
    weighted[0].0
}

/// How many orders each day has: by weekday, adding up to `orders`.
fn calendar(orders: u32, today: NaiveDate) -> Vec<(NaiveDate, u32)> {
    let days = orders.div_ceil(A_DAY).clamp(1, DAYS_MAX);
    let dates: Vec<NaiveDate> =
        (1..=days).rev().filter_map(|ago| today.checked_sub_days(Days::new(ago.into()))).collect();
    let weight = |date: &NaiveDate| u64::from(WEEKDAYS[date.weekday().num_days_from_monday() as usize]);
    let weights: Vec<u64> = dates.iter().map(weight).collect();
    let counts = crate::kernel::money::split(Minor(orders.into()), &weights);
    dates.into_iter().zip(counts).map(|(date, count)| (date, u32::try_from(count.0).unwrap_or(0))).collect()
}

impl PastSale {
    pub fn into_sale(self, batch: ImportId, place: usize) -> Sale {
        Sale {
            id: order_id(batch, self.at_ms, place),
            no: format!("D-{:04}", place + 1),
            date: self.date.to_string(),
            at: self.at_ms,
            hour: self.hour.into(),
            service: (self.service != Service::DineIn).then_some(self.service),
            table: self.table.map(|table| table.to_string()),
            covers: self.covers.map(i64::from),
            lines: self.lines,
            paid: Some(Paid { tender: self.tender, tip: self.tip.some() }),
        }
    }
}

#[cfg(test)]
mod tests;
