//! Answers to writes: the fresh resource, and whether this is the first time it is told.

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::app::Done;

/// Says that the answer was given before.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// `201` with what was made.
pub fn created<A>(done: &Done<A>, value: impl Serialize) -> Response {
    marked((StatusCode::CREATED, Json(value)).into_response(), done.replayed)
}

/// `200` with what it is now.
pub fn changed<A>(done: &Done<A>, value: impl Serialize) -> Response {
    marked(Json(value).into_response(), done.replayed)
}

/// `204`: it is gone, or there is nothing to show.
pub fn gone<A>(done: &Done<A>) -> Response {
    marked(StatusCode::NO_CONTENT.into_response(), done.replayed)
}

pub(crate) fn marked(mut response: Response, replayed: bool) -> Response {
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    response
}
