//! Starting and stopping the engine: for the window, for `comanda serve`, for tests.
//!
//! One process holds a data directory at a time. Stopping takes no new requests, finishes those
//! that run, closes the files; a process that is killed instead loses nothing it answered.

use std::fs::{File, TryLockError};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::serve::ListenerExt;
use axum::{Router, middleware};
use comanda_db::OpenError;
use metrics_exporter_statsd::StatsdError;
use socketioxide::SocketIo;
use socketioxide::layer::SocketIoLayer;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

use crate::app::App;
use crate::backups::custody::{self, KeyStore};
use crate::backups::ship;
use crate::cache::COMPRESS_ABOVE_BYTES;
use crate::cache::disk::Disk;
use crate::fiscal::signing::{Hook, keep_signing};
use crate::front::guard::{self, Door, Gate};
use crate::front::{openapi, ui};
use crate::house::keeper;
use crate::hub::{self, Hub};
pub use crate::installation::codes::Purpose;
use crate::installation::store;
use crate::kernel::time::Clock;
use crate::limits::pace::Wanted;
use crate::limits::shared::Shared;
use crate::metrics::statsd::{self, Statsd};
use crate::rewind::views;
use crate::settings::shown::{self, Shown};
use crate::{alerts, deployments, health, jobs, limits, live, metrics, notices, printing, sync, wall_clock};

/// The port of `comanda serve` when nobody says.
pub const PORT: u16 = 8787;
/// A body that is not an import.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// A collector's token is no word somebody guesses.
pub const METRICS_TOKEN_MIN: usize = 16;
/// Running requests get this long when the engine stops.
const STOP_TIME_MAX: Duration = Duration::from_secs(10);

/// How the engine is started. The defaults suit the window: loopback, any port.
#[derive(Debug, Clone)]
pub struct Options {
    pub data_dir: PathBuf,
    pub listen: SocketAddr,
    /// The built UI. None: `ui` beside the program, or this source tree's own build, if there is one.
    pub ui: Option<PathBuf>,
    /// Answer writes, wait this long, then commit: the control of the kill test. Never in the product.
    pub answer_early: Option<Duration>,
    pub clock: Clock,
    /// Signs invoices and Z reports. The usual one does not.
    pub signing: Hook,
    /// What it does by itself.
    pub jobs: Vec<jobs::list::Kind>,
    /// Host names the engine answers to besides the loopback ones and its own address.
    pub hosts: Vec<String>,
    /// Origins of pages that may talk to it besides its own, like `https://desk.example`.
    pub origins: Vec<String>,
    /// A repeated `Idempotency-Key` is a new request like any other.
    pub ignores_keys: bool,
    /// Parts of addresses that are not answered: what is switched off.
    pub off: Vec<&'static str>,
    /// Opens `/metrics` for a collector that is no person. None: people with the permission alone.
    pub metrics_token: Option<String>,
    /// Where figures are sent besides: a StatsD server, `HOST:PORT`.
    pub statsd: Option<String>,
    /// How often somebody may ask.
    pub limits: Wanted,
    /// What it was started with, as people are told.
    pub settings: Vec<Shown>,
    /// A process of a hub. None: the files here are what is true.
    pub hub: Option<hub::Wanted>,
    /// Who hears of alerts inside this process: the window tells the desktop.
    pub on_alert: alerts::Listener,
    /// The system's key store, for the key of the backups: the window has one.
    pub key_store: KeyStore,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("."),
            listen: (Ipv4Addr::LOCALHOST, 0).into(),
            ui: None,
            answer_early: None,
            clock: Clock::system(),
            signing: Hook::default(),
            jobs: jobs::list::known(),
            hosts: Vec::new(),
            origins: Vec::new(),
            ignores_keys: false,
            off: Vec::new(),
            metrics_token: None,
            statsd: None,
            limits: Wanted::default(),
            settings: shown::usual(),
            hub: None,
            on_alert: alerts::Listener::default(),
            key_store: KeyStore::default(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{0} is in use: another Comanda is running on it")]
    InUse(PathBuf),
    #[error("{path} cannot be used as the data directory: {source}")]
    DataDir { path: PathBuf, source: std::io::Error },
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: std::io::Error },
    #[error("the token for metrics is shorter than {METRICS_TOKEN_MIN} characters")]
    ShortToken,
    #[error("figures cannot be sent to {address}: {source}")]
    Statsd { address: String, source: StatsdError },
    #[error("the address of Redis is none: it is like redis://127.0.0.1:6379")]
    Redis,
    #[error(transparent)]
    Hub(#[from] hub::Trouble),
    #[error("the engine broke while it started: {0}")]
    Broken(String),
}

/// The lock of a data directory; it is free again when this is dropped or the process ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, not read: closing the file frees the lock")] File);

/// Takes a data directory for this process; makes it if need be.
pub fn lock(data_dir: &Path) -> Result<Lock, StartError> {
    let failed = |source| StartError::DataDir { path: data_dir.to_owned(), source };
    std::fs::create_dir_all(data_dir).map_err(failed)?;
    let file = File::create(data_dir.join("lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(StartError::InUse(data_dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

fn named(address: String) -> Result<Statsd, StartError> {
    Statsd::to(&address).map_err(|source| StartError::Statsd { address, source })
}

/// An engine that runs. Dropping it stops nothing; call `stop`.
pub struct Running {
    app: App,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
    teller: JoinHandle<()>,
    upkeep: JoinHandle<()>,
    printing: JoinHandle<()>,
    sweeper: JoinHandle<()>,
    house: JoinHandle<()>,
    io: SocketIo,
    lock: Lock,
}

pub async fn start(options: Options) -> Result<Running, StartError> {
    let token = options.metrics_token.as_deref().filter(|token| !token.is_empty());
    if token.is_some_and(|token| token.len() < METRICS_TOKEN_MIN) {
        return Err(StartError::ShortToken);
    }
    let statsd = options.statsd.clone().filter(|address| !address.is_empty()).map(named);
    let lock = lock(&options.data_dir)?;
    let Options { data_dir, clock, answer_early, .. } = options.clone();
    let hub = match &options.hub {
        Some(wanted) => Some(Hub::open(wanted, &data_dir).await?),
        None => None,
    };
    let app = tokio::task::spawn_blocking(move || {
        let app = match hub {
            Some(hub) => App::open_in(&data_dir, clock, answer_early, Some(hub))?,
            None => App::open(&data_dir, clock, answer_early)?,
        };
        wall_clock::watch::look_back(&app);
        Ok::<_, OpenError>(app)
    });
    let app = app.await.map_err(|error| StartError::Broken(error.to_string()))??;
    app.settings.get_or_init(|| options.settings.clone());
    if let Some(token) = token {
        app.metrics_token.get_or_init(|| blake3::hash(token.as_bytes()));
    }
    let chosen = app.installation.read(limits::store::chosen);
    app.limits.begin(&options.limits, &chosen.map_err(|error| StartError::Broken(error.to_string()))?);
    if let Some(url) = &options.limits.redis {
        let shared = Shared::open(url, app.outward.clone()).map_err(|_| StartError::Redis)?;
        app.limits.share(shared);
    }
    match Disk::start(&options.data_dir) {
        Ok(disk) => app.answers.keep_on_disk(disk),
        Err(error) => tracing::warn!(%error, "answers are kept in memory alone"),
    }
    sync::fence::look_first(&app).await;
    let listen_failed = |source| StartError::Listen { address: options.listen, source };
    let listener = TcpListener::bind(options.listen).await.map_err(listen_failed)?;
    let address = listener.local_addr().map_err(listen_failed)?;
    let gate = Gate::new(address, &options.hosts, &options.origins).without(&options.off, options.ignores_keys);
    let (layer, io) = live::endpoint(&app);
    let screens = ui::folder(options.ui);
    let of_house = {
        let (app, layer, screens, off) = (app.clone(), layer.clone(), screens.clone(), options.off.clone());
        let gate = Gate::of_house(app.house.names.clone()).without(&off, options.ignores_keys);
        move || router(&app, gate.clone(), layer.clone(), screens.as_deref())
    };
    let router = router(&app, gate, layer, screens.as_deref());
    let teller = tokio::spawn(live::tell(app.clone(), io.clone()));
    app.signing.get_or_init(|| options.signing.clone());
    app.backups.key_store.get_or_init(|| options.key_store.clone());
    app.alerts.listener.get_or_init(|| options.on_alert.clone());
    app.jobs.keep(options.jobs.clone());
    let (worked, signed) = (jobs::desk::work(app.clone()), keep_signing(app.clone()));
    let watched = wall_clock::watch::keep_watch(app.clone());
    let guarded = custody::keep_key(app.clone());
    let shipped = ship::keep_shipping(app.clone());
    let followed = sync::follow::keep_in_step(app.clone());
    let looked = hub::news::keep_looking(app.clone());
    let probed = deployments::watch::keep_watch(app.clone());
    let alerted = alerts::watch::keep_watch(app.clone());
    let told = notices::send::keep_sending(app.clone());
    let sent = statsd::keep_sending(app.clone(), statsd.transpose()?);
    let upkeep = tokio::spawn(async move {
        tokio::join!(worked, signed, watched, shipped, followed, looked, probed, sent, alerted, told, guarded);
    });
    let printing = tokio::spawn(printing::desk::print(app.clone()));
    let sweeper = tokio::spawn(views::keep_swept(app.clone()));
    let (stop, mut stopped) = watch::channel(false);
    let house = tokio::spawn(keeper::keep(app.clone(), app.house.asks(), of_house, stopped.clone()));
    let listener = listener.tap_io(|stream| {
        // An answer goes out at once.
        drop(stream.set_nodelay(true));
    });
    let server = tokio::spawn(async move {
        let stopping = async move { drop(stopped.wait_for(|stop| *stop).await) };
        let router = router.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, router).with_graceful_shutdown(stopping).await
    });
    tracing::info!(%address, data_dir = %options.data_dir.display(), "the engine runs");
    Ok(Running { app, address, stop, server, teller, upkeep, printing, sweeper, house, io, lock })
}

impl Running {
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn app(&self) -> &App {
        &self.app
    }

    /// Whether a restaurant has still to be made.
    pub fn needs_setup(&self) -> bool {
        !self.app.installation.read(store::has_restaurant).unwrap_or(false)
    }

    /// For `POST /api/v1/codes/exchange`. Goes into the fragment of a link or through the window's
    /// own channel; never into a log.
    pub fn one_time_code(&self, purpose: Purpose) -> String {
        self.app.codes.mint(purpose, self.app.clock.now_ms()).as_str().to_owned()
    }

    /// Ends when the engine ends by itself, which it does only in trouble.
    pub async fn ended(&mut self) -> String {
        match (&mut self.server).await {
            Ok(Ok(())) => "the listener closed".to_owned(),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        }
    }

    /// Takes no new requests, finishes those that run, closes the files.
    pub async fn stop(self) {
        let Self { app, stop, mut server, teller, upkeep, printing, sweeper, mut house, io, lock, .. } = self;
        stop.send_replace(true);
        app.desks.stop();
        app.deployments.runs.stop_all();
        teller.abort();
        upkeep.abort();
        printing.abort();
        sweeper.abort();
        io.close().await;
        if !server.is_finished() && tokio::time::timeout(STOP_TIME_MAX, &mut server).await.is_err() {
            tracing::warn!("some requests did not end in time");
            server.abort();
        }
        if tokio::time::timeout(STOP_TIME_MAX, &mut house).await.is_err() {
            house.abort();
        }
        if let Err(error) = tokio::task::spawn_blocking(move || app.close()).await {
            tracing::error!(%error, "closing the files broke");
        }
        tracing::info!("the engine has stopped");
        drop(lock);
    }
}

fn router(app: &App, gate: Gate, live: SocketIoLayer, ui_folder: Option<&Path>) -> Router {
    let (api, _) = openapi::split();
    let routes = Router::new()
        .merge(api)
        .route("/health", axum::routing::get(health::routes::get_health))
        .route("/health/live", axum::routing::get(health::routes::get_live))
        .route("/health/ready", axum::routing::get(health::routes::get_ready))
        .route("/metrics", axum::routing::get(metrics::routes::get_metrics))
        .merge(openapi::page())
        .merge(ui::fallback(ui_folder))
        .with_state(app.clone());
    let (traffic, instruments) = (app.traffic.clone(), app.instruments.clone());
    guarded(routes, Door { gate, traffic, instruments, app: Some(app.clone()) }, live)
}

/// The layers every request passes, the outermost first. In one call, because each call of `layer`
/// puts every route into a box more, and all of them are copied for each request.
fn guarded(routes: Router, door: Door, live: SocketIoLayer) -> Router {
    routes.layer((
        middleware::from_fn_with_state(Arc::new(door), guard::guard),
        CompressionLayer::new().compress_when(worth_compressing()),
        live,
        DefaultBodyLimit::max(BODY_BYTES_MAX),
    ))
}

/// Pictures, spreadsheets and sealed files are as small as they get.
fn worth_compressing() -> impl Predicate {
    SizeAbove::new(COMPRESS_ABOVE_BYTES)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("application/vnd."))
        .and(NotForContentType::const_new("application/octet-stream"))
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::response::Response;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    async fn ask(path: &str) -> (u16, Response, serde_json::Value) {
        let routes = Router::new()
            .route("/panic", get(|| async { panic!("the kitchen is on fire") as &'static str }))
            .route("/slow", get(std::future::pending::<&'static str>));
        let address = (Ipv4Addr::LOCALHOST, 1).into();
        let (live, _) = SocketIo::new_layer();
        let (traffic, instruments) = (Arc::default(), Arc::default());
        let door = Door { gate: Gate::new(address, &[], &[]), traffic, instruments, app: None };
        let router = guarded(routes, door, live);
        let request = Request::builder().uri(path).header("host", "localhost").body(Body::empty()).unwrap();
        let mut response = router.oneshot(request).await.unwrap();
        let body = to_bytes(std::mem::take(response.body_mut()), 4096).await.unwrap();
        (response.status().as_u16(), response, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_harms_one_request_and_its_words_stay_inside() {
        let (status, _, body) = ask("/panic").await;
        assert_eq!((status, &body["error"]["code"]), (500, &"internal".into()));
        assert!(!body.to_string().contains("fire"), "{body}");
        assert_eq!(ask("/nothing").await.0, 404);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_takes_too_long_is_told_to_come_back() {
        let (status, response, body) = ask("/slow").await;
        assert_eq!((status, &body["error"]["code"]), (503, &"overloaded".into()));
        assert_eq!(response.headers()["retry-after"], "1");
    }
}
