//! The demo's day so far: an open till, orders that were served and paid, and some under way. Made
//! by the commands everybody uses, each at the moment it would have happened.

use comanda_db::Command;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use uuid::Uuid;

use super::floor::{TABLES, seats_of};
use super::generator::{A_DAY, HOURS, hour_of, make_lines, pick};
use super::menu::{self, ITEMS};
use super::{Run, TEAM, choices};
use crate::command::Write;
use crate::error::ApiError;
use crate::kernel::ids::{AccountId, LineId, OrderId, PaymentId, StationId, TillSessionId};
use crate::kernel::money::{Taxed, totals};
use crate::orders::commands::{BumpLine, FireLines, OpenOrder, ServeLines, SoldLine};
use crate::orders::model::{LineState, Service, Station, nth_id};
use crate::payments::commands::TakePayment;
use crate::payments::model::Tender;
use crate::restaurant::model::Settings;
use crate::staff::model::Role;
use crate::till;
use crate::till::commands::OpenTill;

const MINUTE_MS: i64 = 60_000;
/// Orders that are finished already, at least.
const FINISHED_MIN: i64 = 11;
/// From opening to payment, and a little.
const STAY_MS: i64 = 45 * MINUTE_MS;
/// Before the house usually opens, the demo has opened so long ago.
const EARLY_MS: i64 = 3 * 60 * MINUTE_MS;
/// Orders under way.
const UNDER_WAY: usize = 9;
/// Most guests at one order.
const COVERS_MAX: i64 = 5;
/// A business day is no longer.
const DAY_MS_MAX: i64 = 25 * 60 * MINUTE_MS;

/// How far an order has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Come {
    Taking,
    Fired,
    Preparing,
    Ready,
    Served,
    Paid,
}

pub fn commands(run: &Run<'_>, settings: &Settings, seed: u64) -> Result<Vec<Command>, ApiError> {
    let mut day = Day {
        run,
        settings,
        rng: ChaCha8Rng::seed_from_u64(seed ^ 0x70_da_11),
        commands: Vec::new(),
        next: 0,
        taken: Vec::new(),
        guests: 0,
        oven: choices::oven(run)?,
    };
    let moments = day.moments();
    let start = (moments[0] - 30 * MINUTE_MS).max(day.start());
    let minted = TillSessionId(day.mint());
    let till = match run.restaurant.read(till::store::open_session)? {
        Some(open) => open.id,
        None => {
            day.push(
                start,
                run.owner,
                &OpenTill { id: minted, float: menu::price(settings, 15_000), counts: Vec::new() },
            )?;
            minted
        }
    };
    for at in moments {
        day.order(at, Come::Paid, till)?;
    }
    let span = run.now_ms - start;
    let stages = [Come::Taking, Come::Fired, Come::Preparing, Come::Ready, Come::Served];
    for at in 0..UNDER_WAY {
        let ago = (day.rng.random_range(2..25) * MINUTE_MS).min(span / 2);
        day.order(run.now_ms - ago, stages[at % stages.len()], till)?;
    }
    // In the order things happened in, so that the records of the demo's day are those of a real one.
    day.commands.sort_by_key(|command| command.at_ms);
    Ok(day.commands)
}

struct Day<'a> {
    run: &'a Run<'a>,
    settings: &'a Settings,
    rng: ChaCha8Rng,
    commands: Vec<Command>,
    next: usize,
    /// Tables somebody sits at now.
    taken: Vec<u32>,
    /// So many lines were chosen.
    guests: usize,
    oven: Option<StationId>,
}

impl Day<'_> {
    /// The first moment of this business day the demo uses: not before the cut-off.
    fn start(&self) -> i64 {
        let (now, date) = (self.run.now_ms, self.settings.business_date(self.run.now_ms));
        let (mut early, mut late) = (now - DAY_MS_MAX, now);
        while late - early > MINUTE_MS {
            let middle = early + (late - early) / 2;
            if self.settings.business_date(middle) == date { late = middle } else { early = middle }
        }
        late
    }

    /// When the orders came that are finished, by the hours a house sells in.
    fn moments(&mut self) -> Vec<i64> {
        let (start, until) = (self.start(), self.run.now_ms - STAY_MS);
        let date = self.settings.business_date(self.run.now_ms);
        let whole: i64 = HOURS.iter().map(|(_, weight)| i64::from(*weight)).sum();
        // Where each hour begins, how much of it is over, and what it weighs.
        let mut over: Vec<((i64, i64), u32)> = Vec::new();
        for &(hour, weight) in HOURS {
            let begins = hour_of(date, hour, self.settings.time_zone).max(start);
            let length = (until - begins).clamp(0, 60 * MINUTE_MS);
            let weight = u32::try_from(i64::from(weight) * length / (60 * MINUTE_MS)).unwrap_or(0);
            if weight > 0 {
                over.push(((begins, length), weight));
            }
        }
        let passed: i64 = over.iter().map(|(_, weight)| i64::from(*weight)).sum();
        let count = i64::from(A_DAY) * passed / whole;
        if count == 0 {
            let begins = (self.run.now_ms - EARLY_MS).max(start);
            over = vec![((begins, (until - begins).max(1)), 1)];
        }
        let mut moments: Vec<i64> = (0..count.max(FINISHED_MIN))
            .map(|_| {
                let (begins, length) = pick(&mut self.rng, &over);
                begins + self.rng.random_range(0..length)
            })
            .collect();
        moments.sort_unstable();
        moments
    }

    fn mint(&mut self) -> Uuid {
        self.next += 1;
        self.run.id("today", self.next)
    }

    /// A id like the product's own: version 7, of that moment.
    fn mint_at(&mut self, at_ms: i64) -> Uuid {
        let mut tail = [0; 10];
        tail.copy_from_slice(&self.mint().as_bytes()[..10]);
        uuid::Builder::from_unix_timestamp_millis(at_ms.max(0).unsigned_abs(), &tail).into_uuid()
    }

    fn push<W: Write>(&mut self, at_ms: i64, actor: AccountId, write: &W) -> Result<(), ApiError> {
        let id = self.mint();
        let at_ms = at_ms.min(self.run.now_ms);
        self.commands.push(self.run.frozen_at(id, actor, at_ms, write)?);
        Ok(())
    }

    fn person(&mut self, role: Role) -> AccountId {
        let of_role: Vec<(usize, u32)> =
            TEAM.iter().enumerate().filter(|(_, person)| person.1 == role).map(|(at, _)| (at, 1)).collect();
        let at = pick(&mut self.rng, &of_role);
        self.run.account(at)
    }

    fn sold_lines(&mut self) -> Vec<SoldLine> {
        let wanted = make_lines(&mut self.rng);
        let from = self.guests;
        self.guests += wanted.len();
        let line = |(nth, (at, milli)): (usize, (usize, i64))| {
            let (_, name, hundredths, _, station) = ITEMS[at];
            let chosen = choices::choice(self.run.house, self.settings, name, hundredths, from + nth);
            SoldLine {
                item: menu::item_id(self.run.house, name),
                variant: chosen.variant.map(|(id, _)| id),
                modifiers: chosen.modifiers,
                counted: false,
                name: chosen.variant.map_or_else(|| name.to_owned(), |(_, size)| format!("{name}, {size}")),
                price: chosen.price,
                rate: self.settings.default_tax_rate_bp,
                qty: (milli != 1000).then_some(milli),
                station: (station != Station::Kitchen).then_some(station),
                note: None,
                seat: None,
                course: None,
            }
        };
        wanted.into_iter().enumerate().map(line).collect()
    }

    /// The lines that go to the oven.
    fn baked(&self, lines: &[SoldLine], ids: &[LineId]) -> Vec<(LineId, StationId)> {
        let Some(oven) = self.oven else { return Vec::new() };
        let is_pizza = |line: &SoldLine| {
            let pizzas = ITEMS.iter().filter(|(category, ..)| *category == choices::OVEN_CATEGORY);
            pizzas.into_iter().any(|(_, name, ..)| menu::item_id(self.run.house, name) == line.item)
        };
        lines.iter().zip(ids).filter(|(line, _)| is_pizza(line)).map(|(_, id)| (*id, oven)).collect()
    }

    /// A table and how many come: who is still there has it alone.
    fn seat(&mut self, come: Come) -> (String, i64) {
        let mut table = self.rng.random_range(1..=TABLES);
        if come != Come::Paid {
            while self.taken.contains(&table) {
                table = table % TABLES + 1;
            }
            self.taken.push(table);
        }
        (table.to_string(), self.rng.random_range(1..=seats_of(table).min(COVERS_MAX)))
    }

    fn order(&mut self, at: i64, come: Come, till: TillSessionId) -> Result<(), ApiError> {
        let lines = self.sold_lines();
        let date = self.settings.business_date(at).to_string();
        let id = OrderId(self.mint_at(at));
        let ids: Vec<LineId> = (0..lines.len()).map(|nth| LineId(nth_id(id.0, nth))).collect();
        let waiter = self.person(Role::Waiter);
        let service = pick(&mut self.rng, &[(Service::DineIn, 8), (Service::Takeaway, 2)]);
        let dine_in = service == Service::DineIn;
        let terms = self.settings.terms();
        let price = |line: &SoldLine| Taxed {
            amount: line.price.times(line.qty.unwrap_or(1000), terms.rounding),
            rate_bp: line.rate,
        };
        let gross = totals(&terms, lines.iter().map(price)).gross;
        let (table, covers) = dine_in.then(|| self.seat(come)).unzip();
        let open = OpenOrder {
            id,
            letters: self.run.restaurant.letters().to_owned(),
            date: date.clone(),
            hour: self.settings.hour(at).into(),
            service,
            table,
            covers,
            note: None,
            terms: terms.to_string(),
            charge: None,
            lines,
        };
        self.push(at, waiter, &open)?;
        if come >= Come::Fired {
            let to = self.baked(&open.lines, &ids);
            self.push(at + MINUTE_MS, waiter, &FireLines { order: id, lines: ids.clone(), to })?;
        }
        let chef = self.person(Role::Chef);
        for (to, after) in [(LineState::Preparing, 3), (LineState::Ready, 10)] {
            let reached = if to == LineState::Preparing { come == Come::Preparing } else { come == Come::Ready };
            for (&line, sold) in ids.iter().zip(&open.lines) {
                if reached && sold.station != Some(Station::None) {
                    let bump = BumpLine { order: id, line, to, date: date.clone() };
                    self.push(at + after * MINUTE_MS, chef, &bump)?;
                }
            }
        }
        if come >= Come::Served {
            self.push(at + 14 * MINUTE_MS, waiter, &ServeLines { order: id, lines: ids, date: date.clone() })?;
        }
        if come == Come::Paid {
            let cashier = self.person(Role::Cashier);
            let tender = pick(&mut self.rng, &[(Tender::Card, 65), (Tender::Cash, 35)]);
            let tip = if self.rng.random_range(0..3) == 0 { menu::price(self.settings, 100).some() } else { None };
            let pay = TakePayment {
                order: id,
                id: PaymentId(self.mint_at(at)),
                tender,
                amount: gross,
                tip,
                tendered: None,
                reference: None,
                cash_back: None,
                check: None,
                date,
                session: Some(till),
            };
            if !gross.is_zero() {
                self.push(at + 40 * MINUTE_MS, cashier, &pay)?;
            }
        }
        Ok(())
    }
}
