//! A demo restaurant: a menu with sizes and choices, a team, a floor, past orders, and a day in full swing.
//!
//! Invariants: the same seed and settings make the same past to the cent; past sales come in like an
//! import, so they are in no Z report; today's orders are made by the commands everybody uses.

mod choices;
mod floor;
mod generator;
mod menu;
mod today;

use chrono::{Days, NaiveDate};
use comanda_db::Command;
use uuid::Uuid;

use crate::app::Restaurant;
use crate::command::{Write, freeze};
use crate::error::ApiError;
use crate::imports::commands::RecordImport;
use crate::kernel::ids::{self, AccountId, ImportId, StaffId};
use crate::kernel::money::Minor;
use crate::menu::commands::FillMenu;
use crate::orders::commands::{RecordSales, SALES_MAX};
use crate::restaurant::model::Settings;
use crate::staff;
use crate::staff::model::Role;

pub use generator::{Generator, PastSale};

/// Orders one command records; a commit of the demo.
const CHUNK: usize = SALES_MAX;
const TEAM: &[(&str, Role)] = &[
    ("Ana Torres", Role::Manager),
    ("Ben Okafor", Role::Cashier),
    ("Carla Rossi", Role::Waiter),
    ("Daniel Novak", Role::Waiter),
    ("Emi Sato", Role::Chef),
];

/// What a demo is made of.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Past orders.
    pub orders: u32,
    pub seed: u64,
    pub now_ms: i64,
    /// Whether a till is open and orders are under way now.
    pub with_today: bool,
}

/// Fills a restaurant. Run again with the same seed, it adds nothing. Blocking; `progress` hears of
/// the past orders that are in.
pub fn fill(
    restaurant: &Restaurant,
    owner: AccountId,
    wanted: Wanted,
    mut progress: impl FnMut(u64),
) -> Result<(), ApiError> {
    let settings = restaurant.settings()?;
    let batch = batch(&settings, wanted);
    let house = ids::derived(&[b"demo", settings.id.0.as_bytes()]);
    let run = Run { restaurant, owner, batch, house, now_ms: wanted.now_ms };
    run.together(team(&run)?)?;
    let menu = menu::found(&settings, house);
    run.together(vec![run.frozen("menu", 0, &FillMenu { found: menu })?])?;
    run.together(choices::commands(&run, &settings)?)?;
    run.together(floor::commands(&run)?)?;
    past(&run, &settings, wanted, &mut progress)?;
    if wanted.with_today {
        run.together(today::commands(&run, &settings, wanted.seed)?)?;
        run.together(floor::call(&run)?)?;
    }
    Ok(())
}

fn batch(settings: &Settings, wanted: Wanted) -> ImportId {
    let parts =
        [b"demo".as_slice(), settings.id.0.as_bytes(), &wanted.seed.to_le_bytes(), &wanted.orders.to_le_bytes()];
    ImportId(ids::derived(&parts))
}

/// Who makes the demo, and under which ids.
pub(crate) struct Run<'a> {
    restaurant: &'a Restaurant,
    owner: AccountId,
    batch: ImportId,
    /// Seed of the ids every demo of this restaurant shares: people and menu.
    house: Uuid,
    now_ms: i64,
}

impl Run<'_> {
    fn id(&self, what: &str, at: usize) -> Uuid {
        ids::derived(&[self.batch.0.as_bytes(), what.as_bytes(), &at.to_le_bytes()])
    }

    fn frozen<W: Write>(&self, what: &str, at: usize, write: &W) -> Result<Command, ApiError> {
        self.frozen_at(self.id(what, at), self.owner, self.now_ms, write)
    }

    fn frozen_at<W: Write>(&self, id: Uuid, actor: AccountId, at_ms: i64, write: &W) -> Result<Command, ApiError> {
        freeze(id, actor.0, at_ms, write).map_err(ApiError::internal)
    }

    fn together(&self, commands: Vec<Command>) -> Result<(), ApiError> {
        if commands.is_empty() {
            return Ok(());
        }
        let answers = self.restaurant.db.execute_together_blocking(commands, None)?;
        match answers.last() {
            Some(last) if last.outcome == comanda_db::Outcome::Refused => {
                Err(ApiError::internal(String::from_utf8_lossy(&last.body)))
            }
            _ => Ok(()),
        }
    }

    fn account(&self, at: usize) -> AccountId {
        AccountId(ids::derived(&[self.house.as_bytes(), b"account", &at.to_le_bytes()]))
    }
}

/// Names for what the demo's people do. Nobody can log in with them; who is there already stays.
fn team(run: &Run<'_>) -> Result<Vec<Command>, ApiError> {
    let join = |(at, (name, role)): (usize, &(&str, Role))| {
        let write = staff::commands::AddStaff {
            id: StaffId(run.id("staff", at)),
            account_id: run.account(at),
            name: (*name).to_owned(),
            role: *role,
            with_pin: false,
        };
        run.frozen("join", at, &write)
    };
    let known = |at: usize| run.restaurant.read(|conn| staff::store::by_account(conn, run.account(at)));
    let mut missing = Vec::new();
    for (at, person) in TEAM.iter().enumerate() {
        if known(at)?.is_none() {
            missing.push(join((at, person))?);
        }
    }
    Ok(missing)
}

fn past(run: &Run<'_>, settings: &Settings, wanted: Wanted, progress: &mut impl FnMut(u64)) -> Result<(), ApiError> {
    let today = settings.business_date(wanted.now_ms);
    let mut generator = Generator::new(wanted.seed, wanted.orders, today, settings);
    let dishes = menu::dishes(settings);
    let (mut orders, mut lines, mut total) = (0_u64, 0_u64, Minor::ZERO);
    let (mut first, mut last): (Option<NaiveDate>, Option<NaiveDate>) = (None, None);
    let terms = settings.terms();
    for at in 0.. {
        let sales: Vec<PastSale> = generator.by_ref().take(CHUNK).collect();
        if sales.is_empty() {
            break;
        }
        first = first.or(sales.first().map(|sale| sale.date));
        last = sales.last().map(|sale| sale.date).or(last);
        let place = at * CHUNK;
        let sales: Vec<_> =
            sales.into_iter().enumerate().map(|(next, sale)| sale.into_sale(run.batch, place + next)).collect();
        orders += sales.len() as u64;
        lines += sales.iter().map(|sale| sale.lines.len() as u64).sum::<u64>();
        total += sales
            .iter()
            .flat_map(|sale| &sale.lines)
            .map(|&(dish, milli)| dishes[dish].1.times(milli, terms.rounding))
            .sum();
        let write = RecordSales { batch: run.batch, terms: terms.to_string(), dishes: dishes.clone(), sales };
        run.together(vec![run.frozen("past", at, &write)?])?;
        progress(orders);
    }
    let yesterday = today.checked_sub_days(Days::new(1)).unwrap_or(today);
    let record = RecordImport {
        id: run.batch,
        kind: "demo".into(),
        name: "Demo".into(),
        fingerprint: run.batch.to_string(),
        orders,
        lines,
        skipped: 0,
        total,
        first: first.unwrap_or(yesterday).to_string(),
        last: last.unwrap_or(yesterday).to_string(),
    };
    run.together(vec![run.frozen("batch", 0, &record)?])
}
