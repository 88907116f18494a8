//! Whether somebody asks too often, before the request is looked at any further.
//!
//! Who asks: a session's person, a program by its key, a linked desk, else the other end of the connection. `X-Forwarded-For` and its like are
//! not believed, because anybody can write them: behind a proxy, all it sends on are one address, and the proxy is where
//! strangers are told apart. The screens' own files, the health checks at the root and the live channel, which asks for a
//! token itself, are not counted.
//!
//! Answers say where the asker stands: `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11).

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::here::{Caller, bearer_of};
use crate::api_keys::model::ApiKey;
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::installation::sessions::hashed;
use crate::limits::model::{self, CountedBy, Name, Who};
use crate::limits::pace::Told;
use crate::sync;

pub const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
pub const STANDING: HeaderName = HeaderName::from_static("ratelimit");

/// Where requests are counted.
const COUNTED: &str = "/api/";
/// What linked devices ask.
const DESKS: &str = "/api/v1/sync/";

/// Goes with the request, so that it is found out once who asks. None: nobody has this token.
#[derive(Clone)]
pub struct Known(pub Option<Arc<Caller>>);

enum Asker {
    Somebody(Who),
    Program(Arc<ApiKey>, Who),
    /// Whoever holds a token for setting up: they sit at the machine.
    Console,
    /// With a token that nobody has, or has no more.
    Unknown,
    Nobody,
}

pub async fn limited(app: &App, mut request: Request, next: Next) -> Response {
    if !app.limits.is_on() || !request.uri().path().starts_with(COUNTED) {
        return next.run(request).await;
    }
    let asker = match asker(app, &mut request) {
        Ok(asker) => asker,
        Err(error) => return error.into_response(),
    };
    let mut asked = Asked { app, told: Vec::new(), tried: None };
    match asked.count(&asker, About::of(&request)).await {
        Ok(()) => {
            let mut response = next.run(request).await;
            if !response.status().is_client_error() || is_half_way(&response) {
                asked.let_in().await;
            }
            tell(response.headers_mut(), &asked.told);
            response
        }
        Err(told) => {
            let message = format!("Too many requests. Try again in {} seconds.", told.wait_s);
            let details = serde_json::json!({ "limiter": told.name, "wait_s": told.wait_s });
            let refusal = Refusal::new(Code::TooManyRequests, message).with_details(details);
            let mut response = ApiError::from(refusal).into_response();
            tell(response.headers_mut(), &[told]);
            response
        }
    }
}

fn asker(app: &App, request: &mut Request) -> Result<Asker, ApiError> {
    let Some(token) = bearer_of(request.headers()) else { return Ok(Asker::Nobody) };
    let caller = app.caller(token)?;
    let asker = match &caller {
        Some(caller) => match (&caller.key, caller.places.first()) {
            (Some(key), Some(place)) => Asker::Program(key.clone(), Who::Restaurant(place.0.0)),
            _ => Asker::Somebody(Who::Person(caller.account_id.0)),
        },
        None if request.uri().path().starts_with(DESKS) => {
            let key = hashed(token);
            let device = app.installation.read(|conn| sync::store::device_by_key(conn, &key))?;
            device.map_or(Asker::Unknown, |device| Asker::Somebody(Who::Device(device.id)))
        }
        None if app.codes.is_setup_token(token, app.clock.now_ms()) => Asker::Console,
        None => Asker::Unknown,
    };
    request.extensions_mut().insert(Known(caller));
    Ok(asker)
}

/// What the limits want to know of a request.
struct About {
    named: Option<Name>,
    is_free: bool,
    address: Who,
}

impl About {
    fn of(request: &Request) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        let route = matched.map_or_else(|| request.uri().path(), MatchedPath::as_str);
        let method = request.method().as_str();
        let (named, is_free) = (model::named(method, route), model::is_free(method, route));
        Self { named, is_free, address: Who::at(address(request)) }
    }
}

struct Asked<'a> {
    app: &'a App,
    told: Vec<Told>,
    /// A try to get in, which counts when it is refused.
    tried: Option<Who>,
}

impl Asked<'_> {
    async fn count(&mut self, asker: &Asker, about: About) -> Result<(), Told> {
        match asker {
            Asker::Somebody(who) => self.take(Name::People, *who).await,
            Asker::Console => Ok(()),
            Asker::Program(key, restaurant) => self.count_program(key, *restaurant, about.named).await,
            Asker::Unknown | Asker::Nobody if about.is_free => Ok(()),
            Asker::Unknown | Asker::Nobody => match about.named {
                Some(Name::Webhook) => self.take(Name::Webhook, about.address).await,
                Some(Name::Auth) => {
                    self.take(Name::General, about.address).await?;
                    self.take(Name::Auth, about.address).await?;
                    self.tried = Some(about.address);
                    Ok(())
                }
                // A screen that was forgotten somewhere goes on asking; it uses up nobody's log-in.
                _ if matches!(asker, Asker::Unknown) => self.take(Name::Api, about.address).await,
                _ => self.take(Name::General, about.address).await,
            },
        }
    }

    /// A program has the quota of its tier, and of what it asks for; one that administers has no end.
    async fn count_program(&mut self, key: &ApiKey, restaurant: Who, named: Option<Name>) -> Result<(), Told> {
        let Some(tier) = key.tier.limiter() else { return Ok(()) };
        self.take(tier, Who::Key(key.id)).await?;
        match named.map(|name| (name, model::TABLE[name as usize].by)) {
            Some((name, CountedBy::Key)) => self.take(name, Who::Key(key.id)).await,
            Some((name, CountedBy::Restaurant)) => self.take(name, restaurant).await,
            _ => Ok(()),
        }
    }

    async fn take(&mut self, name: Name, who: Who) -> Result<(), Told> {
        self.told.push(self.app.limits.take(name, who).await?);
        Ok(())
    }

    /// A try to get in that was not refused counts nothing.
    async fn let_in(&mut self) {
        let Some(who) = self.tried.take() else { return };
        let each_s = self.app.limits.give_back(Name::Auth, who).await;
        if let Some(told) = self.told.iter_mut().find(|told| told.name == Name::Auth) {
            told.left += 1;
            told.wait_s = told.wait_s.saturating_sub(each_s);
        }
    }
}

/// The password was right, and the code comes next.
fn is_half_way(response: &Response) -> bool {
    response.extensions().get::<ApiError>().is_some_and(|error| error.code() == Code::SecondFactorNeeded)
}

fn address(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.0.ip())
}

fn tell(headers: &mut HeaderMap, told: &[Told]) {
    for one in told {
        headers.append(POLICY, one.policy.clone());
        headers.append(STANDING, one.standing());
    }
}
