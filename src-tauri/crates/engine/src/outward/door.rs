//! The door everything goes out by: a client, and for each place a line that knows how it stands.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::redirect::Policy as Redirects;
use reqwest::tls::TlsInfo;
use reqwest::{Certificate, Client, ClientBuilder, Method, RequestBuilder, Response};

use super::line::{Line, State};
use super::names::HouseNames;
use super::service::Service;
use super::{Reason, reason};
use crate::kernel::time::Clock;

const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);
/// Between two tries of one reading: at first, and at most. Up to as much again by chance.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(1);
/// Places that are remembered. Admins name them, so there are few.
const PLACES_MAX: usize = 500;

/// Where a call goes: `https://hooks.example.com`, without path, query or anything secret.
type Place = (Service, String);

pub struct Outward {
    clock: Clock,
    /// Follows no redirect: a token goes where it was given for, and nowhere else. Every request has a connection of
    /// its own, as anybody who comes has: so a certificate that was changed is seen.
    pub client: Client,
    /// The same for who asks again and again: its connections are kept.
    pub keeping: Client,
    /// For the first word to a desk of the house, which proves itself by what it says: takes any certificate.
    pub unproven: Client,
    /// Those that trust one authority alone, by its PEM.
    trusting: Mutex<HashMap<String, Client>>,
    lines: Mutex<HashMap<Place, Arc<Line>>>,
}

/// Of a URL where it leads, and nothing of what may be secret in it.
fn place_of(url: &str) -> String {
    reqwest::Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
}

fn building() -> ClientBuilder {
    Client::builder().connect_timeout(CONNECT_TIME_MAX).redirect(Redirects::none()).dns_resolver(HouseNames)
}

/// A service, since the engine started.
pub struct Standing {
    pub service: Service,
    pub places: u64,
    /// Those of the places that failed again and again, and were not found well since.
    pub failing: u64,
    pub calls: u64,
    pub failed: u64,
    pub held_back: u64,
}

impl Outward {
    pub fn new(clock: Clock) -> reqwest::Result<Self> {
        let client = || building().tls_info(true);
        Ok(Self {
            clock,
            client: client().pool_max_idle_per_host(0).build()?,
            keeping: client().build()?,
            unproven: client().tls_danger_accept_invalid_certs(true).pool_max_idle_per_host(0).build()?,
            trusting: Mutex::default(),
            lines: Mutex::default(),
        })
    }

    /// A client that trusts one authority (PEM) and nobody else. None: whoever this computer trusts.
    pub fn client_of(&self, authority: Option<&str>) -> Client {
        let Some(pem) = authority else { return self.keeping.clone() };
        let mut trusting = self.trusting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = trusting.get(pem) {
            return client.clone();
        }
        // What is no certificate is trusted with nothing.
        let roots = Certificate::from_pem_bundle(pem.as_bytes()).unwrap_or_default();
        match building().tls_certs_only(roots).build() {
            Ok(client) => trusting.entry(pem.to_owned()).or_insert(client).clone(),
            Err(error) => {
                tracing::error!(%error, "an authority cannot be trusted");
                self.keeping.clone()
            }
        }
    }

    /// All places anybody asked, in their order.
    pub fn places(&self) -> Vec<(Place, Arc<Line>)> {
        let lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = lines.iter().map(|(place, line)| (place.clone(), line.clone())).collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all
    }

    /// Of each service, what all its places come to.
    pub fn standings(&self) -> Vec<Standing> {
        let (places, now_ms) = (self.places(), self.clock.now_ms());
        let of = |service| {
            let lines = places.iter().filter(|((of, _), _)| *of == service).map(|(_, line)| line);
            let none = Standing { service, places: 0, failing: 0, calls: 0, failed: 0, held_back: 0 };
            lines.fold(none, |sum, line| {
                let figures = line.figures();
                Standing {
                    service,
                    places: sum.places + 1,
                    failing: sum.failing + u64::from(line.state(now_ms) != State::Closed),
                    calls: sum.calls + figures.calls,
                    failed: sum.failed + figures.failed,
                    held_back: sum.held_back + figures.held_back,
                }
            })
        };
        Service::ALL.map(of).into()
    }

    /// Places that fail again and again. A watched deployment that is down is no fault here, and has a page of its own.
    pub fn failing(&self) -> u64 {
        self.standings().iter().filter(|of| of.service != Service::Deployment).map(|of| of.failing).sum()
    }

    /// The certificate a server shows, whether it is to be trusted or not, as DER. The server is told nothing but where
    /// it is asked, and its line counts no call. None: it shows none.
    pub async fn shown_certificate(&self, url: &str) -> Option<Vec<u8>> {
        let asked = self.unproven.head(place_of(url)).timeout(CONNECT_TIME_MAX).send().await.ok()?;
        asked.extensions().get::<TlsInfo>()?.peer_certificate().map(<[u8]>::to_vec)
    }

    /// Nobody here asks this URL any more. Others who ask there begin anew.
    pub fn forget(&self, service: Service, url: &str) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).remove(&(service, place_of(url)));
    }

    pub fn forget_all(&self, service: Service) {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| *of != service);
    }

    fn line(&self, service: Service, to: &str) -> Arc<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= PLACES_MAX {
            let now_ms = self.clock.now_ms();
            lines.retain(|_, line| Arc::strong_count(line) > 1 || line.state(now_ms) != State::Closed);
        }
        lines.entry((service, to.to_owned())).or_insert_with(|| Arc::new(Line::new(service.policy()))).clone()
    }

    /// Calls what speaks no HTTP and is not resting.
    pub async fn call<T>(
        &self,
        service: Service,
        to: &str,
        call: impl Future<Output = Result<T, Reason>>,
    ) -> Result<T, Reason> {
        self.pass_call(service, to, call, false).await
    }

    /// The same for who waits between tries by itself.
    pub async fn try_call<T>(
        &self,
        service: Service,
        to: &str,
        call: impl Future<Output = Result<T, Reason>>,
    ) -> Result<T, Reason> {
        self.pass_call(service, to, call, true).await
    }

    async fn pass_call<T>(
        &self,
        service: Service,
        to: &str,
        call: impl Future<Output = Result<T, Reason>>,
        resting: bool,
    ) -> Result<T, Reason> {
        let line = self.line(service, to);
        let _place = line.place(resting).await?;
        let outcome = call.await;
        line.ended(outcome.as_ref().err().copied(), self.clock.now_ms());
        outcome
    }

    /// Sends a request to a place that is not resting; a reading is tried again when that may help.
    pub async fn send(&self, service: Service, request: RequestBuilder) -> Result<Response, Reason> {
        self.pass(service, request, false).await
    }

    /// The same for who finds out whether a place is well again, or waits between tries by itself.
    pub async fn try_send(&self, service: Service, request: RequestBuilder) -> Result<Response, Reason> {
        self.pass(service, request, true).await
    }

    async fn pass(&self, service: Service, request: RequestBuilder, resting: bool) -> Result<Response, Reason> {
        let (client, request) = request.build_split();
        let request = request.map_err(|error| reason(&error))?;
        let line = self.line(service, &place_of(request.url().as_str()));
        let is_reading = matches!(*request.method(), Method::GET | Method::HEAD);
        let tries = if is_reading && !resting { line.policy().tries } else { 1 };
        let pauses = ExponentialBuilder::default()
            .with_min_delay(PAUSE_MIN)
            .with_max_delay(PAUSE_MAX)
            .with_max_times(tries - 1)
            .with_jitter();
        let _place = line.place(resting).await?;
        let once = || async {
            // A body that is a stream is sent by nobody here.
            let request = request.try_clone().ok_or(Reason::CutOff)?;
            client.execute(request).await.map_err(|error| reason(&error))
        };
        let outcome = once.retry(pauses).when(|reason| reason.may_pass()).await;
        let failure = match &outcome {
            Ok(answer) => answer.status().is_server_error().then_some(Reason::Status),
            Err(reason) => Some(*reason),
        };
        line.ended(failure, self.clock.now_ms());
        outcome
    }
}
