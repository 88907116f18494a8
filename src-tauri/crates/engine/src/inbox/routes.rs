//! `/restaurants/{rid}/inbox`: what to look at, and having seen it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::commands::ResolveFlag;
use super::store::{self, InboxItem};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::Here;
use crate::front::input::{Input, Path, Query};
use crate::front::reply;
use crate::kernel::ids::FlagId;
use crate::kernel::page::{Page, Wanted};
use crate::kernel::text;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_inbox)).routes(routes!(resolve_inbox_item))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboxQuery {
    /// Rows on the page, 1 to 200.
    #[garde(skip)]
    limit: Option<u16>,
    /// `next_cursor` of the page before.
    #[garde(skip)]
    cursor: Option<String>,
    /// Leave out what somebody has seen.
    #[garde(skip)]
    #[serde(default)]
    open: bool,
}

/// What to look at: first what sync brought back, then flags, newest first.
#[utoipa::path(get, path = "/restaurants/{rid}/inbox", tag = "inbox", operation_id = "list_inbox",
    params(("rid" = Uuid, Path), InboxQuery),
    responses((status = 200, body = Page<InboxItem>)),
    extensions(("x-permission" = json!("inbox.read"))))]
pub async fn list_inbox(
    here: Here<needs::InboxRead>,
    Query(query): Query<InboxQuery>,
) -> Result<Json<Page<InboxItem>>, ApiError> {
    let wanted = Wanted::<(i64, FlagId)>::of(query.limit, query.cursor.as_deref())?;
    let first_page = wanted.after.is_none();
    let (outcomes, flags) = here.read::<_, rusqlite::Error>(|conn| {
        let outcomes = if first_page { store::outcomes(conn)? } else { Vec::new() };
        Ok((outcomes, store::flags(conn, query.open, wanted.after, wanted.fetch())?))
    })?;
    let mut page = Page::cut(flags, wanted.limit, |item| (item.at_ms, item.id));
    page.items.splice(0..0, outcomes);
    Ok(Json(page))
}

#[derive(Deserialize)]
pub struct InboxPath {
    inbox_id: Uuid,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"note": "Gave back 12.00 in cash."}))]
pub struct Resolution {
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = text::NOTE_MAX))]
    #[schema(max_length = 500)]
    pub note: Option<String>,
}

/// Somebody has seen it. Seeing it twice changes nothing.
#[utoipa::path(post, path = "/restaurants/{rid}/inbox/{inbox_id}/resolve", tag = "inbox",
    operation_id = "resolve_inbox_item",
    params(("rid" = Uuid, Path), ("inbox_id" = Uuid, Path)),
    request_body = Resolution, responses((status = 204)),
    extensions(("x-permission" = json!("inbox.write"))))]
pub async fn resolve_inbox_item(
    here: Here<needs::InboxWrite>,
    Path(path): Path<InboxPath>,
    input: Input<Resolution>,
) -> Result<Response, ApiError> {
    if let Some(seq) = store::outcome_of(path.inbox_id) {
        let at_ms = input.meta.at_ms;
        let found = here.restaurant.db.local(move |tx| store::resolve_outcome(tx, seq, at_ms)).await?;
        if !found {
            return Err(Refusal::not_found("This").into());
        }
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let write = ResolveFlag { id: FlagId(path.inbox_id), note: input.value.note };
    Ok(reply::gone(&here.write(&input.meta, Ok(write)).await?))
}
