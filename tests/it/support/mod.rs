//! An engine on a temporary folder with its real router on a free port, and people who talk to it.
//!
//! State is built through the public API. Every error that is expected is held against the one
//! shape (`Answer::refused`).

pub mod contract;
pub mod paper;
pub mod postgres;
pub mod redis;
pub mod small;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;
use comanda_engine::kernel::time::Clock;
use comanda_engine::limits::model::{Quota, REQUESTS_MAX, TABLE};
use comanda_engine::limits::pace::Wanted;
use comanda_engine::serve::{self, Options, Purpose, Running};
use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

pub const PASSWORD: &str = "Trattoria-26";
/// A Friday evening in Rome.
pub const EVENING: &str = "2026-06-12T19:00:00+02:00";

/// The engine's clock is the system's until a test stops it.
const RUNS: i64 = 0;

/// An engine that runs until it is stopped or dropped.
pub struct TestApp {
    pub running: Running,
    pub folder: TempDir,
    pub http: reqwest::Client,
    now_ms: Arc<AtomicI64>,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap()).await
    }

    /// On a folder that may hold an installation already.
    pub async fn start_in(folder: TempDir) -> Self {
        Self::start_with(folder, |_| ()).await
    }

    pub async fn start_with(folder: TempDir, adjust: impl FnOnce(&mut Options)) -> Self {
        Self::start_at(RUNS, folder, adjust).await
    }

    async fn start_at(now_ms: i64, folder: TempDir, adjust: impl FnOnce(&mut Options)) -> Self {
        let now_ms = Arc::new(AtomicI64::new(now_ms));
        let shown = now_ms.clone();
        let mut options = Options {
            data_dir: folder.path().to_owned(),
            clock: Clock::from_fn(move || match shown.load(Ordering::SeqCst) {
                RUNS => Clock::system().now_ms(),
                stands => stands,
            }),
            limits: wide(),
            ..Options::default()
        };
        adjust(&mut options);
        let running = serve::start(options).await.unwrap();
        Self { running, folder, http: reqwest::Client::new(), now_ms }
    }

    /// Stops the engine's clock at an instant.
    pub fn at(&self, rfc3339: &str) {
        self.now_ms.store(instant(rfc3339), Ordering::SeqCst);
    }

    pub fn now_ms(&self) -> i64 {
        self.running.app().clock.now_ms()
    }

    /// Lets time pass on a clock that stands.
    pub fn pass_ms(&self, ms: i64) {
        assert_ne!(self.now_ms.fetch_add(ms, Ordering::SeqCst), RUNS, "stop the clock first");
    }

    pub async fn stop_and_keep(self) -> TempDir {
        self.running.stop().await;
        self.folder
    }

    /// The clock goes on as it was.
    pub async fn restart(self) -> Self {
        self.restart_after(|_| ()).await
    }

    /// The same, after something happened to its folder while nobody had it open.
    pub async fn restart_after(self, happens: impl FnOnce(&Path)) -> Self {
        let now_ms = self.now_ms.load(Ordering::SeqCst);
        let folder = self.stop_and_keep().await;
        happens(folder.path());
        Self::start_at(now_ms, folder, |_| ()).await
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.running.address())
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.origin())
    }

    /// Somebody who is not logged in.
    pub fn stranger(&self) -> Person {
        Person { http: self.http.clone(), root: self.url(""), restaurant: String::new(), token: None }
    }

    /// Somebody's session of before a restart.
    pub fn again(&self, person: &Person) -> Person {
        self.person(person.token(), person.restaurant_id())
    }

    pub fn person(&self, token: &str, restaurant: &str) -> Person {
        Person { token: Some(token.to_owned()), restaurant: restaurant.to_owned(), ..self.stranger() }
    }

    /// A token that is good for `POST /setup`.
    pub async fn setup_token(&self) -> String {
        let code = self.running.one_time_code(Purpose::Setup);
        let exchanged = self.stranger().post("/codes/exchange", json!({ "code": code })).await.ok();
        assert_eq!(exchanged["kind"], "setup");
        exchanged["token"].as_str().unwrap().to_owned()
    }

    /// Sets up "Trattoria da Lucia" in Rome; prices hold their tax of 10 %.
    pub async fn set_up(&self) -> Person {
        self.set_up_as(setup_request()).await
    }

    pub async fn set_up_as(&self, request: Value) -> Person {
        let token = self.setup_token().await;
        let made = self.person(&token, "").post("/setup", request).await.created();
        self.person(made["token"].as_str().unwrap(), made["restaurant_id"].as_str().unwrap())
    }

    /// Somebody new on the staff of `owner`'s restaurant, logged in.
    pub async fn staff(&self, owner: &Person, role: &str) -> Person {
        let email = format!("{role}-{}@example.com", uuid::Uuid::now_v7().simple());
        let new = json!({ "name": format!("A {role}"), "email": email, "role": role, "password": PASSWORD });
        owner.post("/staff", new).await.created();
        self.log_in(&email, owner.restaurant_id()).await
    }

    /// Joins a restaurant another engine has; what became of it.
    pub async fn join(&self, origin: &str, code: &str) -> Value {
        let setup = self.person(&self.setup_token().await, "");
        let wanted = json!({ "address": origin, "code": code, "name": "Bar" });
        let answer = setup.post("/setup/join", wanted).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let began = std::time::Instant::now();
        loop {
            let joining = setup.get("/setup/join").await.ok();
            if joining["step"] == "done" || joining["step"] == "failed" {
                return joining;
            }
            assert!(began.elapsed().as_secs() < 30, "joining stays at {joining}");
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    pub async fn log_in(&self, email: &str, restaurant: &str) -> Person {
        let login = json!({ "email": email, "password": PASSWORD });
        let session = self.stranger().post("/sessions", login).await.created();
        self.person(session["token"].as_str().unwrap(), restaurant)
    }
}

/// Limits as in the product, each so wide that a test which is about something else never meets it.
pub fn wide() -> Wanted {
    let quota = Quota { requests: REQUESTS_MAX, window_s: 60 };
    Wanted { quotas: TABLE.iter().map(|rule| (rule.name, quota)).collect(), ..Wanted::default() }
}

pub fn instant(rfc3339: &str) -> i64 {
    DateTime::parse_from_rfc3339(rfc3339).unwrap().timestamp_millis()
}

pub fn setup_request() -> Value {
    json!({
        "restaurant": {
            "name": "Trattoria da Lucia", "currency": "EUR", "time_zone": "Europe/Rome", "day_cutoff_minute": 240,
            "tax_mode": "inclusive", "tax_rate_bp": 1000, "locale": "en",
        },
        "owner": { "name": "Lucia Rossi", "email": "lucia@example.com", "password": PASSWORD },
        "start": "empty",
    })
}

/// Somebody with a browser. Paths are under their restaurant if they have one, else under `/api/v1`;
/// `~/…` is always under `/api/v1`.
#[derive(Clone)]
pub struct Person {
    http: reqwest::Client,
    root: String,
    restaurant: String,
    token: Option<String>,
}

impl Person {
    /// Somebody who is not logged in, at an engine that answers at `http://…/api/v1`.
    pub fn stranger(root: &str) -> Self {
        Self { http: reqwest::Client::new(), root: root.to_owned(), restaurant: String::new(), token: None }
    }

    /// The same by another way: another client, another address.
    pub fn by(&self, http: &reqwest::Client, root: &str) -> Self {
        Self { http: http.clone(), root: root.to_owned(), ..self.clone() }
    }

    /// With a token, at a restaurant.
    pub fn with(&self, token: &str, restaurant: &str) -> Self {
        Self { token: Some(token.to_owned()), restaurant: restaurant.to_owned(), ..self.clone() }
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    pub fn restaurant_id(&self) -> &str {
        &self.restaurant
    }

    /// The same person, asking for another restaurant.
    pub fn at(&self, restaurant: &str) -> Self {
        Self { restaurant: restaurant.to_owned(), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), None).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body), None).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body), None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, None).await
    }

    /// With an idempotency key.
    pub async fn post_keyed(&self, key: &str, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body), Some(key)).await
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<Value>, key: Option<&str>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(body) = body {
            request = request.json(&body);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        Answer::of(request).await
    }

    /// For what is not JSON.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, self.address(path));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    fn address(&self, path: &str) -> String {
        match path.strip_prefix('~') {
            Some(path) => format!("{}{path}", self.root),
            None if self.restaurant.is_empty() => format!("{}{path}", self.root),
            None => format!("{}/restaurants/{}{path}", self.root, self.restaurant),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Self { status, headers, text: response.text().await.unwrap() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()
    }

    #[track_caller]
    pub fn created(self) -> Value {
        assert_eq!(self.status, StatusCode::CREATED, "{}", self.text);
        self.json()
    }

    #[track_caller]
    pub fn gone(self) {
        assert_eq!((self.status, self.text.as_str()), (StatusCode::NO_CONTENT, ""));
    }

    pub fn replayed(&self) -> bool {
        self.header("idempotent-replayed") == "true"
    }

    /// Holds an error against the one shape and gives what is inside.
    #[track_caller]
    pub fn refused(self, code: &str) -> Value {
        let status = match code {
            "invalid_input" => 400,
            "unauthenticated" | "second_factor_needed" => 401,
            "locked" => 423,
            "forbidden" => 403,
            "not_found" => 404,
            "method_not_allowed" => 405,
            "conflict" | "illegal_step" | "restaurant_unreadable" | "fenced" => 409,
            "too_large" => 413,
            "unsupported_media_type" => 415,
            "idempotency_key_reused" | "rule_violated" => 422,
            "too_many_requests" => 429,
            "internal" => 500,
            "overloaded" => 503,
            other => panic!("{other} is no code of ours"),
        };
        assert_eq!(self.status.as_u16(), status, "expected {code}, got {}", self.text);
        assert_eq!(self.header("content-type"), "application/json");
        let body = self.json();
        let error = &body["error"];
        let mut fields: Vec<_> = error.as_object().expect("an error").keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["code", "details", "field", "message", "request_id"]);
        assert_eq!(error["code"], code, "{body}");
        let message = error["message"].as_str().expect("a sentence");
        assert!(message.ends_with('.') && message.len() > 5, "no sentence: {message:?}");
        assert_eq!(error["request_id"], self.header("x-request-id"));
        error.clone()
    }

    /// A field that is not as it must be, named.
    #[track_caller]
    pub fn invalid(self, field: &str) {
        let error = self.refused("invalid_input");
        assert_eq!(error["field"], field, "{error}");
    }
}
