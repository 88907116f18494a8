//! `/restaurants/{rid}/audit`: who did what, and whether the records hold.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use comanda_db::trail::{self, Filter};
use comanda_db::{Outcome, history};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::chain::{self, ChainState};
use super::export;
use super::view::{self, AuditEntry};
use crate::app::App;
use crate::commands;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Meta, Query};
use crate::front::stream;
use crate::kernel::ids::StaffId;
use crate::kernel::page::{Page, Wanted};
use crate::staff;
use crate::staff::model::needs;

/// Commands a page looks at before it says where to go on: some tens of milliseconds.
const LOOKED_AT_MAX: u64 = 16 * 1024;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_audit))
        .routes(routes!(list_audit_kinds))
        .routes(routes!(export_audit))
        .routes(routes!(get_chain, check_chain))
}

#[derive(Debug, Clone, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditQuery {
    /// What this person did.
    #[garde(skip)]
    pub person: Option<StaffId>,
    /// What happened to this order, item, person or other thing: its id.
    #[garde(skip)]
    pub thing: Option<Uuid>,
    /// Commands of this name.
    #[garde(length(max = 64))]
    #[param(max_length = 64)]
    pub action: Option<String>,
    /// `done` or `refused`.
    #[garde(skip)]
    #[param(inline)]
    pub outcome: Option<AuditOutcome>,
    /// From this instant on.
    #[garde(skip)]
    pub from_ms: Option<i64>,
    /// Before this instant.
    #[garde(skip)]
    pub to_ms: Option<i64>,
    /// Rows on the page, 1 to 200.
    #[garde(skip)]
    pub limit: Option<u16>,
    /// `next_cursor` of the page before.
    #[garde(skip)]
    pub cursor: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    Done,
    Refused,
}

fn filter(place: &Place, query: &AuditQuery) -> Result<Filter, ApiError> {
    if let Some(action) = &query.action
        && !commands::RESTAURANT.iter().any(|spec| spec.name == action)
    {
        return Err(Refusal::invalid("action", "There is no command of this name.").into());
    }
    if query.from_ms.zip(query.to_ms).is_some_and(|(from, to)| from >= to) {
        return Err(Refusal::invalid("to_ms", "The end is not after the beginning.").into());
    }
    let person = query.person.map(|id| place.read(|conn| staff::store::by_id(conn, id))).transpose()?;
    let actor = match person {
        Some(person) => Some(person.ok_or_else(|| Refusal::not_found("This person").at("person"))?.account_id.0),
        None => None,
    };
    let outcome = query.outcome.map(|outcome| match outcome {
        AuditOutcome::Done => Outcome::Done,
        AuditOutcome::Refused => Outcome::Refused,
    });
    let names = query.action.iter().cloned().collect();
    Ok(Filter { actor, names, outcome, from_ms: query.from_ms, to_ms: query.to_ms })
}

/// Who did what, newest first, with before and after. A page may be short and have a `next_cursor`
/// all the same: it looks at a bounded number of commands.
#[utoipa::path(get, path = "/restaurants/{rid}/audit", tag = "audit", operation_id = "list_audit",
    params(("rid" = uuid::Uuid, Path), AuditQuery),
    responses((status = 200, body = Page<AuditEntry>)),
    extensions(("x-permission" = json!("audit.read"))))]
pub async fn list_audit(
    here: Here<needs::AuditRead>,
    Query(query): Query<AuditQuery>,
) -> Result<Json<Page<AuditEntry>>, ApiError> {
    let wanted = Wanted::<u64>::of(query.limit, query.cursor.as_deref())?;
    let filter = filter(&here, &query)?;
    let place = here.0.clone();
    let read = move || match query.thing {
        Some(thing) => about(&place, thing, &filter, &wanted),
        None => trailing(&place, &filter, &wanted),
    };
    Ok(Json(tokio::task::spawn_blocking(read).await.map_err(ApiError::internal)??))
}

fn trailing(place: &Place, filter: &Filter, wanted: &Wanted<u64>) -> Result<Page<AuditEntry>, ApiError> {
    chain::note_spans(&place.restaurant)?;
    place.read(|conn| {
        let found = trail::find(conn, filter, wanted.after, wanted.limit.into(), LOOKED_AT_MAX)?;
        Ok(Page::ending(view::entries(conn, found.rows)?, found.below))
    })
}

/// What happened to one thing: the history index knows which entries touched it.
fn about(place: &Place, thing: Uuid, filter: &Filter, wanted: &Wanted<u64>) -> Result<Page<AuditEntry>, ApiError> {
    let limit = usize::from(wanted.limit);
    place.read(|conn| {
        let entries = history::of(conn, thing.as_bytes(), wanted.after, limit)?;
        let below = entries.last().filter(|_| entries.len() == limit).map(|last| last.entry);
        let taken = entries
            .into_iter()
            .filter_map(|entry| Some((entry.ledger.filter(|row| filter.takes(row))?, entry.changes)));
        let items = taken.map(|(row, changes)| view::entry(conn, row, changes)).collect::<Result<_, _>>()?;
        Ok(Page::ending(items, below))
    })
}

/// What a person may look for.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditKinds {
    /// Every command there is, by the name the records use.
    pub actions: Vec<&'static str>,
}

/// The commands there are.
#[utoipa::path(get, path = "/restaurants/{rid}/audit/kinds", tag = "audit", operation_id = "list_audit_kinds",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = AuditKinds)),
    extensions(("x-permission" = json!("audit.read"))))]
pub async fn list_audit_kinds(_here: Here<needs::AuditRead>) -> Json<AuditKinds> {
    let mut actions: Vec<_> = commands::RESTAURANT.iter().map(|spec| spec.name).collect();
    actions.dedup();
    Json(AuditKinds { actions })
}

/// The audit as CSV, newest first, the same filters; 100,000 commands at most.
#[utoipa::path(get, path = "/restaurants/{rid}/audit.csv", tag = "audit", operation_id = "export_audit",
    params(("rid" = uuid::Uuid, Path), AuditQuery),
    responses((status = 200, body = String, content_type = "text/csv")),
    extensions(("x-permission" = json!("audit.read"))))]
pub async fn export_audit(here: Here<needs::AuditRead>, Query(query): Query<AuditQuery>) -> Result<Response, ApiError> {
    if query.thing.is_some() {
        return Err(Refusal::invalid("thing", "A file holds everything; leave this out.").into());
    }
    let filter = filter(&here, &query)?;
    let restaurant = here.restaurant.clone();
    Ok(stream::csv("audit.csv", move |out| export::write(&restaurant, &filter, out)))
}

/// How the records stand: their last entry, and how the last check ended.
#[utoipa::path(get, path = "/restaurants/{rid}/audit/chain", tag = "audit", operation_id = "get_chain",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = ChainState)),
    extensions(("x-permission" = json!("audit.read"))))]
pub async fn get_chain(here: Here<needs::AuditRead>) -> Result<Json<ChainState>, ApiError> {
    Ok(Json(chain::state(&here.restaurant)?))
}

/// Starts a check of every record in the background, unless one runs.
#[utoipa::path(post, path = "/restaurants/{rid}/audit/chain", tag = "audit", operation_id = "check_chain",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 202, body = ChainState)),
    extensions(("x-permission" = json!("audit.read"))))]
pub async fn check_chain(here: Here<needs::AuditRead>, _meta: Meta) -> Result<Response, ApiError> {
    chain::check(&here);
    Ok((StatusCode::ACCEPTED, Json(chain::state(&here.restaurant)?)).into_response())
}
