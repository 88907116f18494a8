//! Around every request: its id, where it may come from, one shape of error, headers, the log.
//!
//! A browser shows any page it likes at an address that resolves to this machine, so the name in
//! `Host` and the page in `Origin` must be ones we know, also when a WebSocket is opened.
//!
//! Tokens, passwords and codes travel in headers and bodies; the log has neither.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, CorsLayer};
use uuid::Uuid;

use super::{here, limited, reply};
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::health::traffic::Traffic;
use crate::house::names::Names;
use crate::kernel::ids;
use crate::logs::{self, tracker};
use crate::metrics::instruments::{Instruments, UNMATCHED};

/// A request that takes longer is written to the log as slow.
const SLOW: Duration = Duration::from_secs(1);
/// Pages that look again every few seconds.
const WATCHING: &[&str] = &["/api/v1/logs/", "/api/v1/health"];
/// Where linked devices wait for news: how long that takes says nothing.
const NEWS: (&str, &str) = ("/api/v1/sync/", "/effects");
/// A request that takes longer is given up. What it has sent to the write door is done all the same.
const REQUEST_TIME_MAX: Duration = Duration::from_secs(60);
/// What a caller who is told to come back should wait, when nobody knows better.
const RETRY_AFTER_S: HeaderValue = HeaderValue::from_static("1");

/// What makes a write repeatable.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Pages of ours that are not served by this engine: the window, and the UI's development server.
const OWN_PAGES: &[&str] = &["tauri://localhost", "http://tauri.localhost"];
const DEVELOPMENT_PAGE: &str = "http://localhost:5173";

/// Names this engine answers to, and pages that may talk to it and read its answers.
#[derive(Debug, Clone)]
pub struct Gate {
    hosts: Vec<String>,
    origins: Vec<HeaderValue>,
    cors: CorsLayer,
    /// Parts of addresses that are switched off.
    off: Vec<&'static str>,
    ignores_keys: bool,
    /// The door of the house: its names, which change, and no other page than its own.
    house: Option<Arc<Names>>,
}

impl Gate {
    /// Of the house's door. Pages come over TLS, from this door itself.
    pub fn of_house(names: Arc<Names>) -> Self {
        let (hosts, origins, cors) = (Vec::new(), Vec::new(), CorsLayer::new());
        Self { hosts, origins, cors, off: Vec::new(), ignores_keys: false, house: Some(names) }
    }

    fn answers_to(&self, name: &str) -> bool {
        match &self.house {
            Some(names) => names.answers_to(name),
            None => self.hosts.iter().any(|known| known.eq_ignore_ascii_case(name)),
        }
    }

    /// `hosts` and `origins` come on top of the loopback names and our own pages.
    pub fn new(address: SocketAddr, hosts: &[String], origins: &[String]) -> Self {
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).to_vec();
        match address.ip() {
            ip if ip.is_unspecified() => {}
            IpAddr::V4(ip) => names.push(ip.to_string()),
            IpAddr::V6(ip) => names.push(format!("[{ip}]")),
        }
        names.extend(hosts.iter().map(|host| host.to_ascii_lowercase()));
        let development = cfg!(debug_assertions).then_some(DEVELOPMENT_PAGE);
        let pages = OWN_PAGES.iter().copied().chain(development).chain(origins.iter().map(String::as_str));
        let origins: Vec<_> = pages.filter_map(|page| HeaderValue::from_str(page).ok()).collect();
        let cors = CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins.clone()))
            .allow_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, KEY, here::REWIND, here::PRACTICE])
            .expose_headers([REQUEST_ID, reply::REPLAYED, header::RETRY_AFTER, limited::POLICY, limited::STANDING])
            .max_age(Duration::from_secs(600));
        Self { hosts: names, origins, cors, off: Vec::new(), ignores_keys: false, house: None }
    }

    /// Without what is switched off.
    pub fn without(self, off: &[&'static str], ignores_keys: bool) -> Self {
        Self { off: off.to_vec(), ignores_keys, ..self }
    }

    fn admit(&self, request: &mut Request) -> Result<(), Refusal> {
        if self.ignores_keys {
            request.headers_mut().remove(KEY);
        }
        if self.off.iter().any(|part| request.uri().path().contains(part)) {
            return Err(Refusal::new(Code::NotFound, "This is switched off here."));
        }
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or_default();
        let name = without_port(host);
        if !self.answers_to(name) {
            return Err(Refusal::new(Code::Forbidden, "The engine does not answer to this host name."));
        }
        let Some(origin) = request.headers().get(header::ORIGIN) else { return Ok(()) };
        let scheme = if self.house.is_some() { "https://" } else { "http://" };
        let same = origin.to_str().ok().and_then(|o| o.strip_prefix(scheme)).is_some_and(|page| page == host);
        if same || self.origins.contains(origin) {
            return Ok(());
        }
        Err(Refusal::new(Code::Forbidden, "Pages from this origin may not talk to the engine."))
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// What the outermost layer works with.
pub struct Door {
    pub gate: Gate,
    pub traffic: Arc<Traffic>,
    pub instruments: Arc<Instruments>,
    /// None: nobody is counted.
    pub app: Option<App>,
}

/// The outermost layer.
pub async fn guard(State(door): State<Arc<Door>>, mut request: Request, next: Next) -> Response {
    let Door { gate, traffic, instruments, app } = &*door;
    let begun = Instant::now();
    let id = request_id(&request);
    let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
    let id: &str = id.as_hyphenated().encode_lower(&mut text);
    let (method, uri) = (request.method().clone(), request.uri().clone());
    // The Socket.IO protocol has error answers of its own, and waits on purpose.
    let is_live = uri.path().starts_with("/socket.io");
    let waits = uri.path().starts_with(NEWS.0) && uri.path().ends_with(NEWS.1);
    let route = request.extensions().get::<MatchedPath>().cloned();
    if gate.house.is_some() {
        request.extensions_mut().insert(here::ThroughHouse);
    }
    let mut response = match gate.admit(&mut request) {
        Ok(()) => run(gate, app.as_ref(), request, next, is_live).await,
        Err(refusal) => ApiError::from(refusal).into_response(),
    };
    if !is_live {
        let took = begun.elapsed();
        if !waits {
            traffic.count(response.status().as_u16(), took);
            instruments.request(route.as_ref(), &method, response.status().as_u16(), took);
        }
        if !waits || response.status().as_u16() >= 400 {
            log(&method, &uri, &response, took, id);
            if let Some(app) = app {
                let route = route.as_ref().map_or(UNMATCHED, MatchedPath::as_str);
                tracker::request(method.as_str(), route, response.status().as_u16(), &app.clock, took);
            }
        }
    }
    if response.status().as_u16() >= 400 && !is_live {
        response = in_our_shape(response, id);
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_XSS_PROTECTION, HeaderValue::from_static("0"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy(uri.path()));
    if uri.path().starts_with("/api/") {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    response
}

/// What the routes answer, within the time a request has. A panic harms this request alone.
async fn run(gate: &Gate, app: Option<&App>, request: Request, next: Next, may_wait: bool) -> Response {
    let answer = async move {
        // Only a page says where it is from, and only it is told that it may read the answer.
        if request.headers().contains_key(header::ORIGIN) {
            let counted = tower::service_fn(|request| {
                let next = next.clone();
                async move { Ok::<_, Infallible>(counted(app, request, next).await) }
            });
            let Ok(answer) = gate.cors.layer(counted).call(request).await;
            answer
        } else {
            counted(app, request, next).await
        }
    };
    let answer = AssertUnwindSafe(answer).catch_unwind();
    let answer = if may_wait {
        answer.await
    } else {
        // Looks at the answer before the clock: one that is there at once sets no alarm.
        match tokio::time::timeout(REQUEST_TIME_MAX, answer).await {
            Ok(answer) => answer,
            Err(_) => return ApiError::new(Code::Overloaded).into_response(),
        }
    };
    answer.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words");
        ApiError::internal(text).into_response()
    })
}

async fn counted(app: Option<&App>, request: Request, next: Next) -> Response {
    match app {
        Some(app) => limited::limited(app, request, next).await,
        None => next.run(request).await,
    }
}

/// The client's own, if it is a UUID: one id from end to end.
fn request_id(request: &Request) -> Uuid {
    let given = request.headers().get(REQUEST_ID).and_then(|id| Uuid::try_parse_ascii(id.as_bytes()).ok());
    given.unwrap_or_else(ids::mint)
}

fn log(method: &Method, uri: &Uri, response: &Response, took: Duration, request_id: &str) {
    let (status, path) = (response.status().as_u16(), uri.path());
    let took_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    // Whoever watches does not fill what they look at.
    if status >= 400 || !WATCHING.iter().any(|watched| path.starts_with(watched)) {
        tracing::info!(target: logs::REQUESTS, %method, path, status, took_us, request_id, "request");
    }
    if status >= 500 {
        let cause = response.extensions().get::<ApiError>().and_then(ApiError::cause);
        tracing::error!(%method, path, status, took_us, request_id, cause, "request failed");
    }
    if took > SLOW {
        tracing::warn!(target: logs::PERFORMANCE, %method, path, status, took_us, request_id, "slow request");
    }
}

/// Writes the body of an error, also of one that axum or a layer made (405, 413, a time-out).
fn in_our_shape(mut response: Response, request_id: &str) -> Response {
    let error = response
        .extensions_mut()
        .remove::<ApiError>()
        .unwrap_or_else(|| ApiError::new(Code::of_status(response.status())));
    *response.status_mut() = error.code().status();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if matches!(error.code(), Code::Overloaded | Code::TooManyRequests) {
        let wait_s = error.refusal().details.as_ref().and_then(|details| details["wait_s"].as_u64());
        headers.entry(header::RETRY_AFTER).or_insert_with(|| wait_s.map_or(RETRY_AFTER_S, HeaderValue::from));
    }
    if error.code() == Code::Unauthenticated {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    *response.body_mut() = Body::from(error.body(request_id));
    reply::marked(response, error.is_replayed())
}

fn policy(path: &str) -> HeaderValue {
    // The screens' component library sets styles from scripts; scripts come as files only.
    HeaderValue::from_static(if path.starts_with("/api/") {
        "default-src 'none'; frame-ancestors 'none'"
    } else {
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
         font-src 'self'; connect-src 'self'; object-src 'none'; frame-src 'none'; frame-ancestors 'none'; \
         base-uri 'self'; form-action 'self'"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, origin: Option<&str>, admitted: bool) {
        let gate = Gate::new(([127, 0, 0, 1], 8787).into(), &["till.example".into()], &["https://desk.example".into()]);
        let mut request = Request::builder().uri("/").header(header::HOST, host);
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        let mut request = request.body(Body::empty()).unwrap();
        assert_eq!(gate.admit(&mut request).is_ok(), admitted, "{host} {origin:?}");
    }

    #[test]
    fn only_known_names_and_pages_are_admitted() {
        check("127.0.0.1:8787", None, true);
        check("localhost:1", None, true);
        check("[::1]:8787", None, true);
        check("till.example", None, true);
        check("TILL.example:443", None, true);
        check("evil.example", None, false);
        check("127.0.0.1.evil.example:8787", None, false);
        check("", None, false);
        check("127.0.0.1:8787", Some("http://127.0.0.1:8787"), true);
        check("127.0.0.1:8787", Some("http://127.0.0.1:9999"), false);
        check("127.0.0.1:8787", Some("tauri://localhost"), true);
        check("127.0.0.1:8787", Some("https://desk.example"), true);
        check("127.0.0.1:8787", Some("https://evil.example"), false);
        check("127.0.0.1:8787", Some("null"), false);
    }
}
