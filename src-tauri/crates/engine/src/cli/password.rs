//! `comanda password`: a new password for somebody who lost theirs. Who may use this machine may do this.

use std::io::BufRead;

use clap::Args;
use comanda_engine::front::input::Meta;
use comanda_engine::installation::commands::ChangePassword;
use comanda_engine::installation::{passwords, store};
use comanda_engine::second_factor;

use super::{DataDir, Failure};

#[derive(Args)]
pub struct PasswordArgs {
    #[command(flatten)]
    data: DataDir,
    /// E-mail address they log in with
    #[arg(long, value_name = "EMAIL")]
    email: String,
    /// Read the new password from the first line of standard input
    #[arg(long, required = true)]
    password_stdin: bool,
    /// Take their second factor away too: the authenticator is lost
    #[arg(long)]
    without_second_factor: bool,
}

#[tokio::main]
pub async fn run(args: PasswordArgs) -> Result<(), Failure> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    passwords::good(&password, &()).map_err(|error| Failure(format!("the password {}", error.message())))?;
    let (app, _lock) = args.data.open()?;
    let account = app.installation.read(|conn| store::account_by_email(conn, &args.email))?;
    let account = account.ok_or_else(|| Failure(format!("nobody logs in with {}", args.email)))?;
    let hash = app.passwords.hash(password).await?.into_bytes();
    let write = ChangePassword { account_id: account.id, kept: None };
    let meta = Meta::own(app.clock.now_ms());
    let done = app.write_with_secret(&app.installation, account.id.0, &meta, Ok(write), Some(hash)).await;
    let id = account.id;
    let forgotten = match (&done, args.without_second_factor) {
        (Ok(_), true) => app.installation.local(move |tx| second_factor::store::forget(tx, id)).await,
        _ => Ok(false),
    };
    let closing = app.clone();
    tokio::task::spawn_blocking(move || closing.close()).await?;
    done?;
    let second = if forgotten? { ", no second factor any more" } else { "" };
    println!("{} has a new password{second} and is logged out everywhere", account.name);
    Ok(())
}
