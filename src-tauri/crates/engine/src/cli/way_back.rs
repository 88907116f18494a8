//! `comanda way-back`: back to this version's data, after a newer one was not well. No engine may run meanwhile.

use std::path::Path;

use clap::Args;
use comanda_engine::app::App;
use comanda_engine::kernel::time::Clock;
use comanda_engine::serve;
use comanda_engine::way_back::{self, Newer, PutBack, Report, Since};

use super::{DataDir, Failure};

#[derive(Args)]
pub struct WayBackArgs {
    #[command(flatten)]
    data: DataDir,
    /// Do it. Without this it is only said what would be put back, and which orders would be set aside
    #[arg(long)]
    yes: bool,
}

pub fn run(args: &WayBackArgs) -> Result<(), Failure> {
    let data_dir = args.data.path()?;
    if !data_dir.join("installation.db").is_file() {
        return Err(Failure(format!("there is no installation in {}", data_dir.display())));
    }
    let lock = serve::lock(&data_dir)?;
    let found = way_back::look(&data_dir)?;
    if found.is_empty() {
        println!("no file here was changed by a newer version than {}: nothing to put back", env!("CARGO_PKG_VERSION"));
        return Ok(());
    }
    if !args.yes {
        found.iter().for_each(would);
        println!("Nothing was changed. Do it: comanda way-back --yes");
        return Ok(());
    }
    let clock = Clock::system();
    let report = way_back::go_back(&data_dir, clock.now_ms())?;
    let app = App::open(&data_dir, clock, None)?;
    let recorded = way_back::record(&app, &report);
    app.close();
    drop(lock);
    tell(&report);
    recorded.map_err(|error| Failure(format!("that it was put back could not be recorded: {error:?}")))?;
    Ok(way_back::seen(&data_dir)?)
}

fn would(newer: &Newer) {
    let what = newer.name.clone().unwrap_or_else(|| newer.unit.name());
    match &newer.copy {
        _ if newer.is_linked => println!("{what}: another desk orders it. It stays; link this desk again"),
        None => println!("{what}: no copy of before the update is there. Restore a backup"),
        Some(copy) => {
            println!("{what}: would be put back from {}", copy.display());
            came_since(newer.since.as_ref());
        }
    }
}

fn tell(report: &Report) {
    for PutBack { unit, name, safety, since, .. } in &report.put_back {
        let what = name.as_ref().unwrap_or(unit);
        println!("{what}: put back. What the newer version wrote is set aside in {}", shown(safety));
        came_since(since.as_ref());
    }
    for name in &report.linked {
        println!("{name}: another desk orders it. It stays as it is; link this desk again");
    }
    if report.logs_everybody_out() {
        println!("Everybody logs in again.");
    }
}

fn came_since(since: Option<&Since>) {
    let Some(since) = since else {
        println!("  what came since cannot be read by this version");
        return;
    };
    println!("  {} entries came since, and these orders were rung up or changed:", since.entries);
    if since.orders.is_empty() {
        println!("  none");
    }
    for order in &since.orders {
        println!("  {} of {}", order.number, order.business_date);
    }
    if since.orders_more > 0 {
        println!("  and {} more", since.orders_more);
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
