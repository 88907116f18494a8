//! Where somebody is logged in, and ending that from elsewhere.

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::LoggedIn;
use crate::front::input::Path;
use crate::kernel::ids::SessionId;
use crate::kernel::text;

/// Characters of what a browser says of itself that are kept.
const AGENT_MAX: usize = 200;

/// Extractor: what the other end says it is.
pub struct Agent(pub String);

impl FromRequestParts<App> for Agent {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        let said = parts.headers.get(USER_AGENT).and_then(|said| said.to_str().ok()).unwrap_or_default();
        Ok(Self(text::cleaned(said).chars().take(AGENT_MAX).collect()))
    }
}

/// One of somebody's sessions.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnSession)]
pub struct OwnSession {
    pub id: SessionId,
    pub made_ms: i64,
    pub expires_ms: i64,
    /// What the browser or program said of itself; empty: nothing.
    pub agent: String,
    /// The one that asks.
    pub current: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OwnSessions {
    /// The newest first.
    pub items: Vec<OwnSession>,
}

/// Where one is logged in.
#[utoipa::path(get, path = "/me/sessions", tag = "installation", operation_id = "list_own_sessions",
    responses((status = 200, body = OwnSessions)))]
pub async fn list_own_sessions(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
) -> Result<Json<OwnSessions>, ApiError> {
    let now_ms = app.clock.now_ms();
    let all = app.installation.read(|conn| store::sessions_of(conn, caller.account_id, now_ms))?;
    let shown = |kept: store::OwnSession| {
        let store::OwnSession { id, made_ms, expires_ms, agent } = kept;
        OwnSession { id, made_ms, expires_ms, agent, current: id == caller.session_id }
    };
    Ok(Json(OwnSessions { items: all.into_iter().map(shown).collect() }))
}

#[derive(Deserialize)]
pub struct OwnSessionPath {
    session_id: SessionId,
}

/// Ends one of one's own sessions: its token is nobody's from the next request on.
#[utoipa::path(delete, path = "/me/sessions/{session_id}", tag = "installation", operation_id = "end_own_session",
    params(("session_id" = uuid::Uuid, Path)), responses((status = 204)))]
pub async fn end_own_session(
    State(app): State<App>,
    LoggedIn(caller): LoggedIn,
    Path(path): Path<OwnSessionPath>,
) -> Result<StatusCode, ApiError> {
    let (id, of) = (path.session_id, caller.account_id);
    if !app.installation.local(move |tx| store::delete_session_of(tx, of, id)).await? {
        return Err(Refusal::not_found("The session").into());
    }
    app.sessions.forget_all();
    Ok(StatusCode::NO_CONTENT)
}

/// Ends every session of one's own but this one.
#[utoipa::path(delete, path = "/me/sessions", tag = "installation", operation_id = "end_other_sessions",
    responses((status = 204)))]
pub async fn end_other_sessions(State(app): State<App>, LoggedIn(caller): LoggedIn) -> Result<StatusCode, ApiError> {
    let (kept, of) = (caller.session_id, caller.account_id);
    app.installation.local(move |tx| store::delete_other_sessions_of(tx, of, Some(kept))).await?;
    app.sessions.forget_all();
    Ok(StatusCode::NO_CONTENT)
}
