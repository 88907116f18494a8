//! The command line. Exit codes: 0 done, 1 failed (the sentence is on standard error), 2 not
//! understood (clap's own); `load` has more.

mod backup;
mod check;
mod export;
mod hub;
mod import;
mod init;
mod link;
mod load;
mod menu;
mod openapi;
mod password;
mod seed;
mod serve;
mod takeover;
mod way_back;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use comanda_engine::app::{App, Restaurant};
use comanda_engine::kernel::ids::{AccountId, RestaurantId};
use comanda_engine::kernel::time::Clock;
use comanda_engine::serve::Lock;
use comanda_engine::staff;

/// A restaurant's back office that lives on its own desk.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the engine and serve the screens; prints a link to open
    Serve(serve::ServeArgs),
    /// The hub of many restaurants, over PostgreSQL
    #[command(subcommand)]
    Hub(hub::HubCommand),
    /// Make a restaurant and its owner
    Init(init::InitArgs),
    /// Join a restaurant that another engine has, with a code from its Sync page
    Link(link::LinkArgs),
    /// Make this desk, the spare, the one that keeps the order of things: the other is gone
    Takeover(takeover::TakeoverArgs),
    /// Bring in past sales from a CSV file
    Import(import::ImportArgs),
    /// Write sales as CSV, or as a spreadsheet
    Export(export::ExportArgs),
    /// The menu as a CSV file, out and in
    #[command(subcommand)]
    Menu(menu::MenuCommand),
    /// Fill a restaurant with a demo
    Seed(seed::SeedArgs),
    /// Check every file: integrity, references, the chain of the records, the hashes, the roll-ups; or the settings
    Check(check::CheckArgs),
    /// Back up, test backups, bring everything back, while no engine runs on the data; while one runs, its page Backups
    /// does the same
    Backup(backup::BackupArgs),
    /// Put back the files that a newer version changed: it is not well, and this one goes on
    WayBack(way_back::WayBackArgs),
    /// Give somebody who lost their password a new one
    Password(password::PasswordArgs),
    /// Ask a server at a planned pace, and say how it bore it
    Load(load::LoadArgs),
    /// Print the HTTP contract (OpenAPI 3.1)
    Openapi,
}

/// Where everything is kept.
#[derive(Args)]
pub struct DataDir {
    /// Data directory [default: comanda in the user's data directory]
    #[arg(long = "data", value_name = "DIR", env = "COMANDA_DATA_DIR")]
    data: Option<PathBuf>,
}

impl DataDir {
    pub fn path(&self) -> Result<PathBuf, Failure> {
        if let Some(data) = &self.data {
            return Ok(data.clone());
        }
        // The XDG base directory specification.
        let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = set("XDG_DATA_HOME").or_else(|| Some(set("HOME")?.join(".local/share")));
        base.map(|base| base.join("comanda")).ok_or_else(|| Failure("Where? Give --data DIR.".into()))
    }

    /// Opens the files without an engine around them. No other process may have them. A folder somebody mistyped stays
    /// as it is.
    pub fn open(&self) -> Result<(App, Lock), Failure> {
        let path = self.path()?;
        if !path.join("installation.db").is_file() {
            let path = path.display();
            return Err(Failure(format!("there is no restaurant in {path} yet: run comanda init first")));
        }
        self.open_or_make()
    }

    /// The same, and makes them where nothing is yet.
    pub fn open_or_make(&self) -> Result<(App, Lock), Failure> {
        let path = self.path()?;
        let lock = comanda_engine::serve::lock(&path)?;
        Ok((App::open(&path, Clock::system(), None)?, lock))
    }
}

fn id(text: &str) -> Result<uuid::Uuid, String> {
    text.parse().map_err(|_| "it is no id, like 0190d2c4-7b1e-7c3a-9a55-3f2b8e6d1c00".to_owned())
}

/// A failure at a file, which names it.
pub fn at(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    move |error| Failure(format!("{}: {error}", path.display()))
}

/// Which restaurant.
#[derive(Args)]
pub struct Which {
    /// Restaurant, by its id [default: the only one there is]
    #[arg(long, value_name = "ID", value_parser = id)]
    restaurant: Option<uuid::Uuid>,
}

impl Which {
    /// The restaurant, and its owner, in whose name the command line works.
    pub fn find(&self, app: &App) -> Result<(Arc<Restaurant>, AccountId), Failure> {
        let mut restaurants = app.restaurants();
        let found = match self.restaurant {
            Some(id) => {
                app.restaurant(RestaurantId(id)).ok_or_else(|| Failure(format!("there is no restaurant {id}")))?
            }
            None if restaurants.len() == 1 => restaurants.remove(0),
            None if restaurants.is_empty() && !app.unreadable.all().is_empty() => {
                let (id, trouble) = app.unreadable.all().remove(0);
                return Err(Failure(format!("restaurant {id}: {}", trouble.sentence())));
            }
            None if restaurants.is_empty() => {
                return Err(Failure("there is no restaurant yet: run comanda init first".into()));
            }
            None => {
                let ids: Vec<String> = restaurants.iter().map(|restaurant| restaurant.id.to_string()).collect();
                return Err(Failure(format!("which restaurant? Give --restaurant with one of {}", ids.join(", "))));
            }
        };
        let owner = found.read(staff::store::owner)?;
        Ok((found, owner.ok_or_else(|| Failure("the restaurant has no owner".into()))?))
    }
}

/// Why a command failed: a sentence for the person who typed it.
#[derive(Debug)]
pub struct Failure(pub String);

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

pub fn run() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Load(args) => return ended(load::run(args)),
        Command::Serve(args) => serve::run(args),
        Command::Hub(command) => hub::run(command),
        Command::Init(args) => init::run(args),
        Command::Link(args) => link::run(args),
        Command::Takeover(args) => takeover::run(args),
        Command::Import(args) => import::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Menu(command) => menu::run(&command),
        Command::Seed(args) => seed::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Backup(args) => backup::run(args),
        Command::WayBack(args) => way_back::run(&args),
        Command::Password(args) => password::run(args),
        Command::Openapi => openapi::run(),
    };
    ended(result.map(|()| ExitCode::SUCCESS))
}

fn ended(result: Result<ExitCode, Failure>) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(Failure(text)) => {
            eprintln!("comanda: {text}");
            ExitCode::FAILURE
        }
    }
}
