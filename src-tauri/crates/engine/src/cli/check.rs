//! `comanda check`: every file of a data directory.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use comanda_db::derived::Late;
use comanda_db::{Database, Options, Schema};
use comanda_engine::command::{Book, Spec};
use comanda_engine::installation::store;
use comanda_engine::settings::list::QUOTAS;
use comanda_engine::settings::read::{Layers, Read, file_in, read};
use comanda_engine::{commands, serve, tables};
use indicatif::ProgressBar;

use super::{DataDir, Failure};

#[derive(Args)]
pub struct CheckArgs {
    #[command(flatten)]
    data: DataDir,
    /// Check the settings instead, and say of each what it is and where from [default file: that of the data directory]
    #[arg(long, value_name = "FILE")]
    config: Option<Option<PathBuf>>,
}

pub fn run(args: &CheckArgs) -> Result<(), Failure> {
    let data_dir = args.data.path()?;
    if let Some(named) = &args.config {
        return check_settings(named.clone().or_else(|| file_in(&data_dir)).as_deref());
    }
    if !data_dir.join("installation.db").is_file() {
        return Err(Failure(format!("there is no installation in {}", data_dir.display())));
    }
    let _lock = serve::lock(&data_dir)?;
    let mut paths = restaurant_files(&data_dir)?;
    let installation = data_dir.join("installation.db");
    let mut findings = check_file(&installation, tables::INSTALLATION, commands::INSTALLATION, &[], |db| {
        let known = db.read(store::restaurants)?.into_iter();
        paths.extend(known.map(|id| data_dir.join("restaurants").join(format!("{id}.db"))));
        Ok(())
    });
    for path in paths {
        findings += if path.is_file() {
            check_file(&path, tables::RESTAURANT, commands::RESTAURANT, tables::LATE, |_| Ok(()))
        } else {
            println!("{}: this restaurant's file is not there", path.display());
            1
        };
    }
    match findings {
        0 => Ok(()),
        1 => Err(Failure("1 finding".into())),
        many => Err(Failure(format!("{many} findings"))),
    }
}

fn check_settings(file: Option<&Path>) -> Result<(), Failure> {
    let Read { told, settings } = read(&Layers::of_process(file))?;
    for (setting, value, source) in told {
        let variables = setting.variables.join(", ");
        println!("{} = {value}  ({source})\n    {} {variables}", setting.key, setting.about);
    }
    for (name, quota) in &settings.limits.quotas {
        println!("{QUOTAS}.{} = {} in {} s", name.as_str(), quota.requests, quota.window_s);
    }
    Ok(())
}

fn restaurant_files(data_dir: &Path) -> std::io::Result<BTreeSet<std::path::PathBuf>> {
    let folder = data_dir.join("restaurants");
    if !folder.is_dir() {
        return Ok(BTreeSet::new());
    }
    let paths = std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    paths.filter(|path| path.as_ref().map_or(true, |path| path.extension().is_some_and(|kind| kind == "db"))).collect()
}

/// Prints what it finds and says how much that is. `also` has the file while it is open.
fn check_file(
    path: &Path,
    schema: Schema,
    specs: &[Spec],
    late: &[Late],
    also: impl FnOnce(&Database) -> rusqlite::Result<()>,
) -> u64 {
    let bar = ProgressBar::new_spinner().with_message(format!("checking {}", path.display()));
    bar.enable_steady_tick(Duration::from_millis(100));
    let checked = Database::open(path, schema, Book::new(specs), Options::default())
        .map_err(|error| error.to_string())
        .and_then(|db| {
            let report = db.check().and_then(|mut report| {
                // What cannot be read is no base for anything that derives from it.
                if report.is_clean() {
                    let derived = db.check_derived(late)?;
                    report.findings_total += derived.len() as u64;
                    report.findings.extend(derived);
                }
                also(&db)?;
                Ok(report)
            });
            let report = report.map_err(|error| format!("{}: {error}", path.display()))?;
            db.close();
            Ok(report)
        });
    bar.finish_and_clear();
    match checked {
        Ok(report) => {
            for finding in &report.findings {
                println!("{}: {finding}", path.display());
            }
            let word = if report.is_clean() { "clean" } else { "NOT CLEAN" };
            println!(
                "{}: {word}, {} commands, {} journal entries, {} rows",
                path.display(),
                report.commands,
                report.entries,
                report.rows
            );
            report.findings_total
        }
        Err(error) => {
            println!("{error}");
            1
        }
    }
}
