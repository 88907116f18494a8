//! Readings that may be answered from memory.
//!
//! `Asked<needs::X, A>`: somebody who may do X asks for something that `A` (path, query) says.
//! The handler gives a policy and a function that makes the answer; the function sees the role and
//! nothing else of who asks, because its answer is given to others in that role.
//!
//! Browsers keep the answer too but ask each time whether it still holds (`no-cache`): the ETag is
//! made of the versions, so that `304` costs a look-up.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use serde::Serialize;

use super::here::Here;
use crate::app::App;
use crate::cache::policy::Policy;
use crate::cache::{Kept, Key, View};
use crate::error::ApiError;
use crate::staff::model::needs::Need;

/// Room for the headers of an answer, those of the guard too.
const HEADERS: usize = 16;

/// Extractor: the request of somebody who may do `N`, before `A` is read from it.
pub struct Asked<N, A = Nothing> {
    here: Here<N>,
    parts: Parts,
    asks: std::marker::PhantomData<fn() -> A>,
}

impl<N: Need, A> FromRequest<App> for Asked<N, A> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (mut parts, _) = request.into_parts();
        let here = Here::from_request_parts(&mut parts, app).await?;
        Ok(Self { here, parts, asks: std::marker::PhantomData })
    }
}

impl<N: Need, A: FromRequestParts<App, Rejection = ApiError>> Asked<N, A> {
    /// The answer: kept, or made now.
    pub async fn answer<T: Serialize>(
        self,
        policy: &Policy,
        make: impl FnOnce(&View<'_>, A) -> Result<T, ApiError>,
    ) -> Result<Response, ApiError> {
        let Self { here, mut parts, .. } = self;
        let (answers, restaurant, now_ms) = (&here.app.answers, &here.restaurant, here.now_ms());
        let address = parts.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
        let key = Key { address, role: here.role, beside: here.restaurant.beside() };
        if let Some(kept) = answers.find(&key, policy, restaurant, now_ms)? {
            return Ok(answer_with(&kept, &parts.headers));
        }
        let asks = A::from_request_parts(&mut parts, &here.app).await?;
        let make = |view: &View<'_>| serde_json::to_vec(&make(view, asks)?).map_err(ApiError::internal);
        let kept = answers.make(&key, policy, restaurant, now_ms, make)?;
        Ok(answer_with(&kept, &parts.headers))
    }
}

/// Nothing but the address is asked.
pub struct Nothing;

impl FromRequestParts<App> for Nothing {
    type Rejection = ApiError;

    async fn from_request_parts(_: &mut Parts, _: &App) -> Result<Self, ApiError> {
        Ok(Self)
    }
}

fn answer_with(kept: &Kept, asked: &HeaderMap) -> Response {
    let known = has(asked, header::IF_NONE_MATCH, |tag| {
        tag == "*" || tag.trim_start_matches("W/") == kept.etag.to_str().unwrap_or_default().trim_start_matches("W/")
    });
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(header::ETAG, kept.etag.clone());
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers
        .insert(header::VARY, HeaderValue::from_static("authorization, origin, accept-encoding, x-rewind, x-practice"));
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let zipped = takes_gzip(asked).then(|| kept.zipped()).flatten();
    if zipped.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let bytes: Bytes = zipped.unwrap_or_else(|| kept.bytes.clone());
    *response.body_mut() = Body::from(bytes);
    response
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    has(headers, header::ACCEPT_ENCODING, |coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Whether one of the values in the list of that header is meant.
fn has(headers: &HeaderMap, name: HeaderName, is: impl Fn(&str) -> bool) -> bool {
    let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|value| is(value.trim()))
}
