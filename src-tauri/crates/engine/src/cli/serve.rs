//! `comanda serve`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use comanda_engine::logs;
use comanda_engine::serve::{self, Options, Purpose, Running};
use comanda_engine::settings::read::{self, Layers, read};

use super::{DataDir, Failure};

/// What is left out here is as the environment says, then `comanda.toml`.
#[derive(Args)]
pub struct ServeArgs {
    #[command(flatten)]
    data: DataDir,
    /// Settings to read instead of the data directory's own
    #[arg(long, value_name = "FILE", env = "COMANDA_CONFIG")]
    config: Option<PathBuf>,
    /// Address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "ADDR")]
    listen: Option<IpAddr>,
    /// Port to listen on; 0 takes a free one [default: 8787]
    #[arg(long)]
    port: Option<u16>,
    /// Folder of the built screens [default: ui beside the program]
    #[arg(long, value_name = "DIR")]
    ui: Option<String>,
    /// Another host name to answer to; may be repeated
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// Another page that may talk to the engine, like https://desk.example; may be repeated
    #[arg(long = "origin", value_name = "ORIGIN")]
    origins: Vec<String>,
    /// StatsD server to send figures to as well
    #[arg(long, value_name = "HOST:PORT")]
    statsd: Option<String>,
    /// Whether somebody who asks too often is told to wait [default: true]
    #[arg(long = "rate-limit", value_name = "BOOL")]
    limits: Option<String>,
    /// Run as a process of a hub of many restaurants: the files here are copies, the ledger holds what is true
    #[arg(long)]
    hub: bool,
    /// PostgreSQL of the hub, postgres://USER:PASSWORD@HOST/DATABASE; better in COMANDA_LEDGER, which no list of
    /// processes shows
    #[arg(long, value_name = "URL")]
    ledger: Option<String>,
    /// Redis that several processes share, redis://HOST:PORT
    #[arg(long, value_name = "URL")]
    redis: Option<String>,
    /// Keep a snapshot in the ledger every so many turns. For tests
    #[arg(long, value_name = "N", hide = true)]
    snapshot_every: Option<u64>,
    /// Answer writes this many milliseconds before they are committed. For the kill test's control only
    #[arg(long, value_name = "MS", hide = true)]
    answer_early_ms: Option<u64>,
}

impl ServeArgs {
    fn flags(&self) -> Vec<(&'static str, String)> {
        let words = |words: &[String]| (!words.is_empty()).then(|| words.join(","));
        let flags = [
            ("server.listen", self.listen.map(|address| address.to_string())),
            ("server.port", self.port.map(|port| port.to_string())),
            ("server.ui", self.ui.clone()),
            ("server.hosts", words(&self.hosts)),
            ("server.origins", words(&self.origins)),
            ("metrics.statsd", self.statsd.clone()),
            ("limits.enabled", self.limits.clone()),
            ("limits.redis", self.redis.clone()),
            ("hub.enabled", self.hub.then(|| "true".to_owned())),
            ("hub.ledger", self.ledger.clone()),
        ];
        flags.into_iter().filter_map(|(key, said)| Some((key, said?))).collect()
    }
}

#[tokio::main]
pub async fn run(args: ServeArgs) -> Result<(), Failure> {
    let data_dir = args.data.path()?;
    let file = args.config.clone().or_else(|| read::file_in(&data_dir));
    let read = read(&Layers { flags: args.flags(), ..Layers::of_process(file.as_deref()) })?;
    let _log = logs::start(&data_dir, &read.settings.log.level, read.settings.tracker())?;
    let answer_early = args.answer_early_ms.map(Duration::from_millis);
    let mut options = Options { answer_early, ..read.options(data_dir) };
    if let (Some(hub), Some(every)) = (&mut options.hub, args.snapshot_every) {
        hub.snapshot_every = every.max(1);
    }
    let mut running = serve::start(options).await?;
    println!("{}", link(&running));
    let failed = tokio::select! {
        reason = running.ended() => Some(reason),
        result = asked_to_stop() => result.err().map(|error| error.to_string()),
    };
    running.stop().await;
    failed.map_or(Ok(()), |reason| Err(Failure(reason)))
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
