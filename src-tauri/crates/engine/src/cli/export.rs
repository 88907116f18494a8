//! `comanda export`: sales as CSV.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use comanda_engine::exports::sales;
use comanda_engine::kernel::time::parse_date;
use indicatif::ProgressBar;

use super::{DataDir, Failure, Which};

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
    /// File to write [default: standard output]
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
    let (app, _lock) = args.data.open()?;
    let (restaurant, _) = args.which.find(&app)?;
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    let out: Box<dyn Write> = match &args.output {
        Some(path) => Box::new(BufWriter::new(File::create(path)?)),
        None => Box::new(io::stdout().lock()),
    };
    let lines = sales::write(&restaurant, (&from, &to), out, |day| bar.set_message(format!("written {day}")));
    bar.finish_and_clear();
    app.close();
    eprintln!("{} lines", lines?);
    Ok(())
}
