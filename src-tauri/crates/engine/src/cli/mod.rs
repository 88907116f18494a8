//! The command line. Exit codes: 0 done, 1 failed (the sentence is on standard error), 2 not
//! understood (clap's own).

mod check;
mod init;
mod openapi;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use comanda_engine::app::App;
use comanda_engine::kernel::time::Clock;
use comanda_engine::serve::Lock;

/// A restaurant's back office that lives on its own desk.
#[derive(Parser)]
#[command(version, about, long_about = None, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the engine and serve the screens; prints a link to open
    Serve(serve::ServeArgs),
    /// Make a restaurant and its owner
    Init(init::InitArgs),
    /// Check every file: integrity, references, the chain of the records, the hashes
    Check(check::CheckArgs),
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

    /// Opens the files without an engine around them. No other process may have them.
    pub fn open(&self) -> Result<(App, Lock), Failure> {
        let path = self.path()?;
        let lock = comanda_engine::serve::lock(&path)?;
        Ok((App::open(&path, Clock::system(), None)?, lock))
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
        Command::Serve(args) => serve::run(args),
        Command::Init(args) => init::run(args),
        Command::Check(args) => check::run(&args),
        Command::Openapi => openapi::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(text)) => {
            eprintln!("comanda: {text}");
            ExitCode::FAILURE
        }
    }
}
