//! `comanda link`: this installation joins a restaurant that another engine has.

use clap::Args;
use comanda_engine::sync::join;
use comanda_engine::sync::routes::JoinRequest;
use garde::Validate;

use super::{DataDir, Failure};

#[derive(Args)]
pub struct LinkArgs {
    #[command(flatten)]
    data: DataDir,
    /// Where the other engine answers, like 192.168.1.20:8787 or https://hub.example
    address: String,
    /// The code from its Sync page
    code: String,
    /// How this desk is called where devices are listed
    #[arg(long, default_value = "Desk")]
    name: String,
}

#[tokio::main]
pub async fn run(args: LinkArgs) -> Result<(), Failure> {
    let request = JoinRequest { address: args.address, code: args.code, name: args.name };
    request.validate().map_err(|report| Failure(report.to_string().trim_end().to_owned()))?;
    let wanted = request.wanted().ok_or_else(|| Failure("this is no address".into()))?;
    let (app, _lock) = args.data.open_or_make()?;
    let joined = match join::may_join(&app) {
        Ok(()) => join::join(&app, &wanted).await.map_err(Failure::from),
        Err(error) => Err(Failure::from(error)),
    };
    let closing = app.clone();
    tokio::task::spawn_blocking(move || closing.close()).await?;
    println!("{}", joined?);
    Ok(())
}
