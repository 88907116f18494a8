//! `comanda hub`: what a hub of many restaurants needs besides `comanda serve --hub`.

use clap::{Args, Subcommand};
use comanda_engine::hub::connect;

use super::Failure;

#[derive(Subcommand)]
pub enum HubCommand {
    /// Make the ledger's tables in PostgreSQL, or bring them up to date
    Migrate(Ledger),
}

#[derive(Args)]
pub struct Ledger {
    /// PostgreSQL, postgres://USER:PASSWORD@HOST/DATABASE
    #[arg(long, value_name = "URL", env = "COMANDA_LEDGER", hide_env_values = true)]
    ledger: String,
}

#[tokio::main]
pub async fn run(command: HubCommand) -> Result<(), Failure> {
    let HubCommand::Migrate(Ledger { ledger }) = command;
    match connect::migrate(&ledger).await? {
        (there, now) if there == now => println!("The ledger is of version {now} already."),
        (0, now) => println!("The ledger's tables are made; they are of version {now}."),
        (there, now) => println!("The ledger was of version {there} and is of version {now}."),
    }
    Ok(())
}
