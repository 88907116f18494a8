//! `comanda menu`: the menu as a CSV file, out and in. The same rules and words as over HTTP.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use comanda_engine::app::Restaurant;
use comanda_engine::error::ApiError;
use comanda_engine::front::input::Meta;
use comanda_engine::imports::reading::DirtyRow;
use comanda_engine::kernel::ids::AccountId;
use comanda_engine::menu::routes::csv::{self, Counts, MenuPreview};

use super::{DataDir, Failure, Which, at};

#[derive(Subcommand)]
pub enum MenuCommand {
    /// Bring in a file: new things are added, changed ones changed, nothing is taken off the menu
    Import(MenuImportArgs),
    /// Write the menu as CSV, the way import reads it
    Export(MenuExportArgs),
}

#[derive(Args)]
pub struct MenuImportArgs {
    #[command(flatten)]
    data: DataDir,
    #[command(flatten)]
    which: Which,
    /// The file, plain or packed with gzip
    file: PathBuf,
    /// Only look: what is new, what changes, every dirty row with its reason
    #[arg(long)]
    preview: bool,
    /// Leave out rows that cannot be read instead of refusing the file
    #[arg(long)]
    skip_dirty: bool,
}

#[derive(Args)]
pub struct MenuExportArgs {
    #[command(flatten)]
    data: DataDir,
    #[command(flatten)]
    which: Which,
    /// File to write [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(command: &MenuCommand) -> Result<(), Failure> {
    match command {
        MenuCommand::Import(args) => import(args),
        MenuCommand::Export(args) => export(args),
    }
}

fn import(args: &MenuImportArgs) -> Result<(), Failure> {
    let file = std::fs::read(&args.file).map_err(at(&args.file))?;
    let (app, _lock) = args.data.open()?;
    let (restaurant, owner) = args.which.find(&app)?;
    let result = if args.preview {
        csv::look(&restaurant, &file.into()).map(|seen| preview(&seen)).map_err(|error| refused(&error))
    } else {
        bring_in(&restaurant, owner, &Meta::own(app.clock.now_ms()), file, args.skip_dirty)
    };
    app.close();
    result
}

fn bring_in(
    restaurant: &Arc<Restaurant>,
    owner: AccountId,
    meta: &Meta,
    file: Vec<u8>,
    skip_dirty: bool,
) -> Result<(), Failure> {
    let body = file.into();
    // Looked at first, so that the rows are listed that stop it or are left out.
    let seen = csv::look(restaurant, &body).map_err(|error| refused(&error))?;
    list_dirty(&seen.dirty, seen.dirty_count);
    let done = csv::bring_in(restaurant, owner, meta, &body, skip_dirty).map_err(|error| refused(&error))?;
    let brought = done.answer;
    match brought.categories + brought.groups + brought.items {
        0 => println!("the menu is so already"),
        _ => println!("{} categories, {} groups, {} items", brought.categories, brought.groups, brought.items),
    }
    Ok(())
}

fn preview(seen: &MenuPreview) {
    let said = |name: &str, counts: Counts| println!("{name:>10}: {} new, {} changed", counts.new, counts.changed);
    said("categories", seen.categories);
    said("groups", seen.groups);
    said("items", seen.items);
    println!("{:>10}: {}", "so already", seen.same);
    if !seen.ignored_columns.is_empty() {
        println!("passed over: {}", seen.ignored_columns.join(", "));
    }
    list_dirty(&seen.dirty, seen.dirty_count);
}

fn list_dirty(dirty: &[DirtyRow], count: u64) {
    for row in dirty {
        println!("line {}: {}: {}", row.line, row.reason, row.raw);
    }
    match count - dirty.len() as u64 {
        0 => {}
        more => println!("and {more} more"),
    }
}

fn export(args: &MenuExportArgs) -> Result<(), Failure> {
    let (app, _lock) = args.data.open()?;
    let (restaurant, _) = args.which.find(&app)?;
    let file = csv::written(&restaurant).map_err(|error| refused(&error));
    app.close();
    let file = file?;
    match &args.output {
        Some(path) => std::fs::write(path, file).map_err(at(path)),
        None => Ok(std::io::stdout().lock().write_all(&file)?),
    }
}

fn refused(error: &ApiError) -> Failure {
    let refusal = error.refusal();
    Failure(match &refusal.field {
        Some(field) => format!("{field}: {}", refusal.message),
        None => refusal.message.to_string(),
    })
}
