//! The log: on standard error for whoever watches, and a file a day in the data directory.
//!
//! `LOG_LEVEL` sets how much (`info` by default; `debug` shows every request). Secrets are never
//! put into an event: tokens, passwords and codes are of types that do not show themselves.

use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// Days of logs kept.
const FILES_MAX: usize = 14;

/// Starts the log. Keep the guard: dropping it writes what waits.
pub fn start(data_dir: &Path) -> Result<WorkerGuard, InitError> {
    let folder = data_dir.join("logs");
    // Made first: the appender looks for old files before it makes the folder, and complains.
    // When it cannot be made, building the appender says why.
    drop(std::fs::create_dir_all(&folder));
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("comanda")
        .filename_suffix("log")
        .max_log_files(FILES_MAX)
        .build(folder)?;
    let (file, guard) = tracing_appender::non_blocking(files);
    let level = EnvFilter::builder().with_env_var("LOG_LEVEL").from_env_lossy();
    let level = if std::env::var_os("LOG_LEVEL").is_some() { level } else { EnvFilter::new("info") };
    let started = tracing_subscriber::registry()
        .with(level)
        .with(fmt::layer().with_writer(std::io::stderr).with_target(false).compact())
        .with(fmt::layer().json().with_writer(file))
        .try_init();
    if started.is_err() {
        tracing::debug!("somebody else keeps the log already");
    }
    Ok(guard)
}
