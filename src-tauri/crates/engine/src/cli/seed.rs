//! `comanda seed`: a demo's menu, past orders and a day in full swing, in a restaurant that exists.

use clap::Args;
use comanda_engine::app::{App, Restaurant};
use comanda_engine::demo::{self, Wanted};
use comanda_engine::error::{ApiError, Code};
use comanda_engine::installation::commands::WasSetUp;
use comanda_engine::kernel::ids::AccountId;
use indicatif::{ProgressBar, ProgressStyle};

use super::{DataDir, Failure, Which};

#[derive(Args)]
pub struct SeedArgs {
    #[command(flatten)]
    data: DataDir,
    #[command(flatten)]
    which: Which,
    /// How many past orders
    #[arg(long, default_value_t = 2_000, allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=5_000_000))]
    orders: u32,
    /// The same seed makes the same orders
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Past orders only: no open till, nothing under way
    #[arg(long)]
    past_only: bool,
}

pub fn run(args: &SeedArgs) -> Result<(), Failure> {
    let (app, _lock) = args.data.open()?;
    let (restaurant, owner) = args.which.find(&app)?;
    let wanted =
        Wanted { orders: args.orders, seed: args.seed, now_ms: app.clock.now_ms(), with_today: !args.past_only };
    let filled = with_bar(&restaurant, owner, wanted);
    app.close();
    filled.map_err(|error| match error.code() {
        Code::IdempotencyKeyReused => Failure(
            "this demo is in the restaurant already; nothing was added. Another --seed makes other orders".into(),
        ),
        _ => error.into(),
    })?;
    println!("{} past orders", args.orders);
    Ok(())
}

/// The demo of a first run.
pub fn fill(app: &App, made: &WasSetUp, wanted: Wanted) -> Result<(), ApiError> {
    let restaurant = app.restaurant(made.restaurant_id).ok_or_else(|| ApiError::internal("no restaurant"))?;
    with_bar(&restaurant, made.account_id, wanted)
}

fn with_bar(restaurant: &Restaurant, owner: AccountId, wanted: Wanted) -> Result<(), ApiError> {
    let bar = ProgressBar::new(wanted.orders.into());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {human_pos}/{human_len} orders {per_sec} {eta}") {
        bar.set_style(style);
    }
    let filled = demo::fill(restaurant, owner, wanted, |orders| bar.set_position(orders));
    bar.finish_and_clear();
    filled
}
