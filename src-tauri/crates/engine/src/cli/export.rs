//! `comanda export`: sales as CSV or as a spreadsheet.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufWriter, Write};
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
    /// Write over that file if it is there already
    #[arg(long, requires = "output")]
    force: bool,
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
    if let Some(path) = args.output.as_ref().filter(|path| path.exists() && !args.force) {
        return Err(Failure(format!("{} is there already; --force writes over it", path.display())));
    }
    let (app, _lock) = args.data.open()?;
    let (restaurant, _) = args.which.find(&app)?;
    let bar = ProgressBar::new_spinner();
    bar.enable_steady_tick(Duration::from_millis(100));
    let progress = |day: &str| bar.set_message(format!("written {day}"));
    let days = (from.as_str(), to.as_str());
    let left = Cell::new(false);
    let lines = match &args.output {
        Some(path) if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsx")) => {
            sales::write_sheet(&restaurant, days, BufWriter::new(File::create(path).map_err(at(path))?), progress)
        }
        Some(path) => sales::write(&restaurant, days, BufWriter::new(File::create(path).map_err(at(path))?), progress),
        None => sales::write(&restaurant, days, ToReader { to: io::stdout().lock(), left: &left }, progress),
    };
    bar.finish_and_clear();
    app.close();
    if left.get() {
        return Ok(());
    }
    eprintln!("{} lines", lines?);
    Ok(())
}

/// Standard output, which whoever reads it may close when they have enough (`| head`): no failure, and nothing to say.
struct ToReader<'a, W> {
    to: W,
    left: &'a Cell<bool>,
}

impl<W> ToReader<'_, W> {
    fn noted<T>(&self, done: io::Result<T>) -> io::Result<T> {
        done.inspect_err(|error| self.left.set(self.left.get() || error.kind() == io::ErrorKind::BrokenPipe))
    }
}

impl<W: Write> Write for ToReader<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.to.write(bytes);
        self.noted(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.to.flush();
        self.noted(done)
    }
}
