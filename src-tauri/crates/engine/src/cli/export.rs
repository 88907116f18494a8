//! `comanda export`: sales as CSV or as a spreadsheet.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use comanda_engine::exports::sales;
use comanda_engine::kernel::time::parse_date;
use indicatif::ProgressBar;

use super::{DataDir, Failure, Which, at};

#[derive(Args)]
pub struct ExportArgs {
    #[command(flatten)]
    data: DataDir,
    #[command(flatten)]
    which: Which,
    /// First business day, like 2026-11-01
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// Last business day
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// File to write; one that ends in .xlsx is a spreadsheet [default: CSV to standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(args: &ExportArgs) -> Result<(), Failure> {
    let date = |name: &str, date: &Option<String>, none: &str| match date {
        None => Ok(none.to_owned()),
        Some(date) => match parse_date(name, date) {
            Ok(date) => Ok(date.to_string()),
            Err(refusal) => Err(Failure(format!("--{name}: {}", refusal.message))),
        },
    };
    let (from, to) = (date("from", &args.from, "0000-01-01")?, date("to", &args.to, "9999-12-31")?);
    if to < from {
        return Err(Failure(format!("--to: {to} is before {from}")));
    }
    let (app, _lock) = args.data.open()?;
    let (restaurant, _) = args.which.find(&app)?;
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    let progress = |day: &str| bar.set_message(format!("written {day}"));
    let days = (from.as_str(), to.as_str());
    let lines = match &args.output {
        Some(path) if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) => {
            sales::write_sheet(&restaurant, days, BufWriter::new(File::create(path).map_err(at(path))?), progress)
        }
        Some(path) => sales::write(&restaurant, days, BufWriter::new(File::create(path).map_err(at(path))?), progress),
        None => sales::write(&restaurant, days, io::stdout().lock(), progress),
    };
    bar.finish_and_clear();
    app.close();
    eprintln!("{} lines", lines?);
    Ok(())
}
