//! `comanda serve`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use comanda_engine::limits::pace::{self, Wanted};
use comanda_engine::logs;
use comanda_engine::serve::{self, Options, PORT, Purpose, Running};

use super::{DataDir, Failure};

#[derive(Args)]
pub struct ServeArgs {
    #[command(flatten)]
    data: DataDir,
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST), env = "COMANDA_LISTEN")]
    listen: IpAddr,
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = PORT, env = "COMANDA_PORT")]
    port: u16,
    /// Folder of the built screens [default: ui beside the program]
    #[arg(long, value_name = "DIR", env = "COMANDA_UI")]
    ui: Option<PathBuf>,
    /// Another host name to answer to; may be repeated
    #[arg(long = "host", value_name = "NAME", env = "COMANDA_HOSTS", value_delimiter = ',')]
    hosts: Vec<String>,
    /// Another page that may talk to the engine, like https://desk.example; may be repeated
    #[arg(long = "origin", value_name = "ORIGIN", env = "COMANDA_ORIGINS", value_delimiter = ',')]
    origins: Vec<String>,
    /// Token for a collector of metrics that is no person (16 characters or more)
    #[arg(long, value_name = "TOKEN", env = "COMANDA_METRICS_TOKEN", hide_env_values = true)]
    metrics_token: Option<String>,
    /// StatsD server to send figures to as well
    #[arg(long, value_name = "HOST:PORT", env = "COMANDA_STATSD")]
    statsd: Option<String>,
    /// Whether somebody who asks too often is told to wait
    #[arg(long = "rate-limit", value_name = "BOOL", env = "RATE_LIMIT_ENABLED", default_value = "true", value_parser = switch)]
    limits: bool,
    /// Answer writes this many milliseconds before they are committed. For the kill test's control only
    #[arg(long, value_name = "MS", hide = true)]
    answer_early_ms: Option<u64>,
}

#[tokio::main]
pub async fn run(args: ServeArgs) -> Result<(), Failure> {
    let data_dir = args.data.path()?;
    let _log = logs::start(&data_dir)?;
    let mut running = serve::start(Options {
        data_dir,
        listen: SocketAddr::new(args.listen, args.port),
        ui: args.ui,
        answer_early: args.answer_early_ms.map(Duration::from_millis),
        hosts: args.hosts,
        origins: args.origins,
        metrics_token: args.metrics_token,
        statsd: args.statsd,
        limits: Wanted { is_on: args.limits, ..Wanted::default() },
        ..Options::default()
    })
    .await?;
    println!("{}", link(&running));
    let failed = tokio::select! {
        reason = running.ended() => Some(reason),
        result = asked_to_stop() => result.err().map(|error| error.to_string()),
    };
    running.stop().await;
    failed.map_or(Ok(()), |reason| Err(Failure(reason)))
}

fn switch(text: &str) -> Result<bool, String> {
    pace::switch(text).ok_or_else(|| "true or false".to_owned())
}

/// The link carries a code that works once, in the fragment: it reaches no log and no other server.
fn link(running: &Running) -> String {
    let purpose = if running.needs_setup() { Purpose::Setup } else { Purpose::Console };
    let mut address = running.address();
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    format!("http://{address}/#code={}", running.one_time_code(purpose))
}

async fn asked_to_stop() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        tokio::select! {
            result = tokio::signal::ctrl_c() => result,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}
