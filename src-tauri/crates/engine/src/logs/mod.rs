//! The log: on standard error for whoever watches, and files a day in the data directory.
//!
//! Four files, JSON lines each: `requests` (every request), `performance` (what was slow), `errors`
//! (warnings and errors, wherever they come from), `comanda` (the rest). `log.level` of the settings
//! says how much (`debug` shows the requests on standard error too). What cannot be written
//! fast enough is left out, so a slow disk slows no request. Secrets are never put into an event:
//! tokens, passwords and codes are of types that do not show themselves.
//!
//! `tracker` tells errors to somebody outside, if that is wanted; `reading` finds lines again, `routes` gives them to people.

pub mod reading;
pub mod routes;
pub mod tracker;

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use self::reading::Stream;
use self::tracker::Tracker;

/// Target of the line each request leaves.
pub const REQUESTS: &str = "requests";
/// Target of what took too long.
pub const PERFORMANCE: &str = "performance";

/// Days of each log kept.
const FILES_MAX: usize = 14;
/// Lines that wait for the disk.
const WAITING_MAX: usize = 8_192;
/// Lines that came meanwhile are written at once, as far as this goes: a busy engine asks the disk once for many.
const WRITE_BYTES_MAX: usize = 64 * 1024;

pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("logs")
}

/// A log that is kept; dropping it writes and sends what waits.
pub struct Kept {
    _files: Vec<WorkerGuard>,
    _tracker: Option<Tracker>,
}

/// Starts the log.
pub fn start(data_dir: &Path, level: &str, told: Option<tracker::Wanted>) -> Result<Kept, InitError> {
    let folder = folder(data_dir);
    // Made first: the appender looks for old files before it makes the folder, and complains.
    // When it cannot be made, building the appender says why.
    drop(std::fs::create_dir_all(&folder));
    let mut guards = Vec::new();
    let mut file = |stream| lines(&folder, stream, &mut guards);
    let files = Stream::ALL.iter().map(|stream| file(*stream)).collect::<Result<Vec<_>, _>>()?;
    let level = EnvFilter::new(level);
    let shows_requests = level.max_level_hint().is_some_and(|level| level >= LevelFilter::DEBUG);
    let screen = fmt::layer().with_writer(std::io::stderr).with_target(false).compact();
    let screen = screen.with_filter(filter_fn(move |about| shows_requests || about.target() != REQUESTS));
    let tracker = told.map(tracker::start);
    let outside = tracker.as_ref().map(|_| tracker::layers());
    let started = tracing_subscriber::registry().with(files).with(screen).with(outside).with(level).try_init();
    if started.is_err() {
        tracing::debug!("somebody else keeps the log already");
    }
    Ok(Kept { _files: guards, _tracker: tracker })
}

/// The layer that writes one of the files.
fn lines<S>(
    folder: &Path,
    stream: Stream,
    guards: &mut Vec<WorkerGuard>,
) -> Result<Box<dyn Layer<S> + Send + Sync>, InitError>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(stream.as_str())
        .filename_suffix("log")
        .max_log_files(FILES_MAX)
        .build(folder)?;
    let file = BufWriter::with_capacity(WRITE_BYTES_MAX, file);
    let (file, guard) = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_MAX).finish(file);
    guards.push(guard);
    Ok(fmt::layer().json().with_writer(file).with_filter(filter_fn(move |about| is_for(stream, about))).boxed())
}

fn is_for(stream: Stream, about: &Metadata<'_>) -> bool {
    match stream {
        Stream::Requests => about.target() == REQUESTS,
        Stream::Performance => about.target() == PERFORMANCE,
        Stream::Errors => *about.level() <= Level::WARN && about.target() != PERFORMANCE,
        Stream::Comanda => *about.level() > Level::WARN && ![REQUESTS, PERFORMANCE].contains(&about.target()),
    }
}
