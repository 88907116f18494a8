//! The endpoints of drafts. A person sees and changes their own only.

use axum::Json;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::{AbandonDraft, SaveDraft, submitted};
use super::super::prepare::{self, DraftBody};
use super::super::store::drafts::{self, Draft};
use super::super::view::OrderView;
use super::fresh;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::DraftId;
use crate::staff::model::needs;

/// Drafts shown at most; a person has no more.
const SHOWN_MAX: i64 = 50;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_drafts))
        .routes(routes!(save_draft))
        .routes(routes!(submit_draft))
        .routes(routes!(abandon_draft))
}

#[derive(Deserialize)]
pub struct DraftPath {
    draft_id: DraftId,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Draft)]
pub struct DraftView {
    pub id: DraftId,
    pub saved_at_ms: i64,
    #[serde(flatten)]
    pub body: DraftBody,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Drafts {
    /// Oldest first.
    pub items: Vec<DraftView>,
}

fn view(draft: &Draft) -> Result<DraftView, ApiError> {
    Ok(DraftView { id: draft.id, saved_at_ms: draft.saved_ms, body: DraftBody::of(draft)? })
}

fn own(place: &Place, id: DraftId) -> Result<Draft, ApiError> {
    let draft = place.read(|conn| drafts::by_id(conn, id))?;
    if let Some(draft) = draft.filter(|draft| draft.owner == place.caller.account_id) {
        return Ok(draft);
    }
    let number = place.read(|conn| drafts::submitted_to(conn, id, None))?;
    Err(number.map_or_else(|| Refusal::not_found("The draft"), |number| submitted(&number)).into())
}

/// What one is putting together.
#[utoipa::path(get, path = "/restaurants/{rid}/order-drafts", tag = "orders", operation_id = "list_drafts",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Drafts)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn list_drafts(here: Here<needs::OrdersWrite>) -> Result<Json<Drafts>, ApiError> {
    let drafts = here.read(|conn| drafts::of(conn, here.caller.account_id, SHOWN_MAX))?;
    Ok(Json(Drafts { items: drafts.iter().map(view).collect::<Result<_, _>>()? }))
}

/// Keeps an order that is being put together. It has no number and is in no list or sum; the id is the
/// client's, a UUID. Other systems call this a pending cart.
#[utoipa::path(put, path = "/restaurants/{rid}/order-drafts/{draft_id}", tag = "orders", operation_id = "save_draft",
    params(("rid" = uuid::Uuid, Path), ("draft_id" = uuid::Uuid, Path)),
    request_body = DraftBody, responses((status = 200, body = DraftView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn save_draft(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<DraftPath>,
    input: Input<DraftBody>,
) -> Result<Response, ApiError> {
    let body = serde_json::to_string(&input.value).map_err(ApiError::internal)?;
    let write = SaveDraft { id: path.draft_id, order: input.value.order_id, body };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, view(&own(&here, path.draft_id)?)?))
}

/// Makes the draft an order with the draft's id, or lines of the order it is for. Number, business date and
/// prices are of now. Other systems call this submitting a cart.
#[utoipa::path(post, path = "/restaurants/{rid}/order-drafts/{draft_id}/submit", tag = "orders",
    operation_id = "submit_draft",
    params(("rid" = uuid::Uuid, Path), ("draft_id" = uuid::Uuid, Path)),
    responses((status = 201, body = OrderView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn submit_draft(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<DraftPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let settings = here.settings()?;
    let prepared =
        own(&here, path.draft_id).and_then(|draft| prepare::submit(&here.restaurant, &settings, meta.at_ms, &draft));
    let done = here.write(&meta, prepared).await?;
    Ok(reply::created(&done, fresh(&here, done.answer.id)?))
}

/// Gives a draft up.
#[utoipa::path(post, path = "/restaurants/{rid}/order-drafts/{draft_id}/abandon", tag = "orders",
    operation_id = "abandon_draft",
    params(("rid" = uuid::Uuid, Path), ("draft_id" = uuid::Uuid, Path)),
    responses((status = 200, body = DraftView)),
    extensions(("x-permission" = json!("orders.write"))))]
pub async fn abandon_draft(
    here: Here<needs::OrdersWrite>,
    Path(path): Path<DraftPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let done = here.write(&meta, Ok(AbandonDraft { id: path.draft_id })).await?;
    Ok(reply::changed(&done, view(&own(&here, path.draft_id)?)?))
}
