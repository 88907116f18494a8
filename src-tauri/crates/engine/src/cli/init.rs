//! `comanda init`: first run from the command line.

use std::io::BufRead;

use clap::{Args, ValueEnum};
use comanda_engine::front::input::Meta;
use comanda_engine::installation::setup::{self, DEMO_ORDERS_MAX, NewOwner, NewRestaurant, SetupRequest, Start};
use comanda_engine::kernel::money::TaxMode;
use comanda_engine::kernel::text;
use garde::Validate;

use super::{DataDir, Failure};

#[derive(Args)]
pub struct InitArgs {
    #[command(flatten)]
    data: DataDir,
    /// Name of the restaurant
    #[arg(long)]
    name: String,
    /// Currency, ISO 4217
    #[arg(long, value_name = "CODE")]
    currency: String,
    /// Time zone, IANA name
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
    /// The business day ends this many minutes after midnight
    #[arg(long, value_name = "MINUTES", default_value_t = 240)]
    cutoff: u16,
    /// Whether prices hold their tax
    #[arg(long, value_enum, default_value_t = Tax::Inclusive)]
    tax_mode: Tax,
    /// Tax rate of new items, in basis points (1000 is 10 %)
    #[arg(long, value_name = "BP", default_value_t = 0)]
    tax_rate_bp: i64,
    /// Language of the screens: en or es
    #[arg(long, default_value = "en")]
    locale: String,
    /// Name of the owner
    #[arg(long, value_name = "NAME", default_value = "Owner")]
    owner_name: String,
    /// E-mail address the owner logs in with
    #[arg(long, value_name = "EMAIL")]
    owner_email: String,
    /// Read the owner's password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Begin with a menu and this many made-up past orders
    #[arg(long, value_name = "ORDERS", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(1..=i64::from(DEMO_ORDERS_MAX)))]
    demo: Option<u32>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Tax {
    Inclusive,
    Exclusive,
}

/// What does not fit, by the names it has here: `restaurant.time_zone` was said as `--time-zone`.
fn by_flag(report: &garde::Report) -> Failure {
    let named = |path: String| match path.as_str() {
        "owner.password" => "password".to_owned(),
        "restaurant.day_cutoff_minute" => "--cutoff".to_owned(),
        path => format!("--{}", path.trim_start_matches("restaurant.").replace(['.', '_'], "-")),
    };
    let lines: Vec<_> = report.iter().map(|(path, error)| format!("{}: {error}", named(path.to_string()))).collect();
    Failure(lines.join("\n"))
}

#[tokio::main]
pub async fn run(args: InitArgs) -> Result<(), Failure> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let request = SetupRequest {
        restaurant: NewRestaurant {
            name: text::cleaned(&args.name),
            currency: args.currency,
            time_zone: args.time_zone,
            day_cutoff_minute: args.cutoff,
            tax_mode: match args.tax_mode {
                Tax::Inclusive => TaxMode::Inclusive,
                Tax::Exclusive => TaxMode::Exclusive,
            },
            tax_rate_bp: args.tax_rate_bp,
            locale: args.locale.parse().map_err(|_| {
                Failure(format!("--locale: the screens do not speak {} yet; it is en or es", args.locale))
            })?,
        },
        owner: NewOwner {
            name: text::cleaned(&args.owner_name),
            email: text::cleaned(&args.owner_email),
            password: password.trim_end_matches(['\r', '\n']).to_owned(),
        },
        start: if args.demo.is_some() { Start::Demo } else { Start::Empty },
        demo_orders: args.demo,
    };
    request.validate().map_err(|report| by_flag(&report))?;
    let (app, _lock) = args.data.open_or_make()?;
    let demo = setup::demo_of(&request, app.clock.now_ms());
    let mut result = setup::set_up(&app, &Meta::own(app.clock.now_ms()), request).await;
    if let (Ok(done), Some(wanted)) = (&result, demo) {
        let (filling, made) = (app.clone(), done.answer.clone());
        let filled = tokio::task::spawn_blocking(move || super::seed::fill(&filling, &made, wanted)).await?;
        result = filled.and(result);
    }
    let closing = app.clone();
    tokio::task::spawn_blocking(move || closing.close()).await?;
    println!("{}", result?.answer.restaurant_id);
    Ok(())
}
