//! Errors told to a tracker of the owner's choice that speaks Sentry's protocol. Nobody is told anything unless a DSN
//! is given.
//!
//! An error of the log becomes an event, with the lines before it as breadcrumbs; one request in ten a trace. Told are
//! the line, the version and the kind of machine: no name of it, no address of anybody, no body and no header; and
//! what a line holds is what the log may hold, which is no secret.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use sentry::integrations::tracing::{BreadcrumbLayer, ErrorLayer};
use sentry::protocol::{Event, SpanStatus};
use sentry::types::Dsn;
use sentry::{ClientInitGuard, ClientOptions, TransactionContext};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::kernel::time::Clock;

/// Events that were not sent yet when the program ends get so long.
const END_MAX: Duration = Duration::from_secs(2);

static IS_ON: AtomicBool = AtomicBool::new(false);

/// Whom errors are told to, as the settings say.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub dsn: Dsn,
    /// Where this is: `production`, say.
    pub environment: Option<String>,
    /// Requests in 1 that are traced.
    pub traces: f32,
}

/// Tells until it is dropped; then what waits is sent.
pub struct Tracker(#[expect(dead_code, reason = "held, not read: dropping it sends what waits")] ClientInitGuard);

pub fn start(wanted: Wanted) -> Tracker {
    let mut options = ClientOptions::new()
        .traces_sample_rate(wanted.traces.clamp(0.0, 1.0))
        .shutdown_timeout(END_MAX)
        .before_send(|event| Some(without_names(event)));
    options.dsn = Some(wanted.dsn);
    options.release = Some(concat!("comanda@", env!("CARGO_PKG_VERSION")).into());
    options.environment = wanted.environment.map(Into::into);
    options.send_default_pii = false;
    let guard = sentry::init(options);
    IS_ON.store(guard.is_enabled(), Ordering::Relaxed);
    Tracker(guard)
}

/// Hears the log for the tracker.
pub fn layers<S>() -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    BreadcrumbLayer::new()
        .with_filter(LevelFilter::INFO)
        .and_then(ErrorLayer::new().with_filter(LevelFilter::ERROR))
        .boxed()
}

/// A request that ended now, if it is one that is traced.
pub fn request(method: &str, route: &str, status: u16, clock: &Clock, took: Duration) {
    if !IS_ON.load(Ordering::Relaxed) {
        return;
    }
    let context = TransactionContext::new(&format!("{method} {route}"), "http.server");
    let ended = SystemTime::UNIX_EPOCH + Duration::from_millis(u64::try_from(clock.now_ms()).unwrap_or(0));
    let trace = sentry::start_transaction_with_timestamp(context, ended.checked_sub(took).unwrap_or(ended));
    trace.set_status(match status {
        500.. => SpanStatus::InternalError,
        429 => SpanStatus::ResourceExhausted,
        400.. => SpanStatus::InvalidArgument,
        _ => SpanStatus::Ok,
    });
    trace.finish_with_timestamp(ended);
}

fn without_names(mut event: Event<'static>) -> Event<'static> {
    event.server_name = None;
    event.user = None;
    event.request = None;
    event
}
