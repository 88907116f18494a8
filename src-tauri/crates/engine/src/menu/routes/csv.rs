//! The menu as a file, out and in.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::{BringMenu, Brought};
use super::super::csv::plan::{Plan, plan};
use super::super::csv::reading::{self, Reading};
use super::super::csv::writing;
use super::super::store;
use crate::app::{App, Done, Restaurant};
use crate::command::{Write, freeze};
use crate::error::{ApiError, Refusal};
use crate::front::here::Here;
use crate::front::input::{Meta, Query};
use crate::front::reply;
use crate::imports::reading::{DirtyRow, unpack};
use crate::imports::routes::is_csv;
use crate::kernel::ids::{self, AccountId};
use crate::kernel::money::Minor;
use crate::staff::model::needs;

/// Largest body, packed or not.
const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Changes that are shown; all are counted.
const SHOWN_MAX: usize = 200;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview_menu))
        .routes(routes!(import_menu))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .routes(routes!(export_menu))
}

/// What bringing in a file would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct MenuPreview {
    pub rows: u64,
    /// Columns nobody knows; they are passed over.
    pub ignored_columns: Vec<String>,
    /// The first 200.
    pub dirty: Vec<DirtyRow>,
    pub dirty_count: u64,
    pub categories: Counts,
    pub groups: Counts,
    pub items: Counts,
    /// Rows that are so already.
    pub same: usize,
    /// Items that are new or change, the first 200.
    pub changes: Vec<MenuChange>,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Counts {
    pub new: usize,
    pub changed: usize,
}

impl Counts {
    fn of(news: impl Iterator<Item = bool> + Clone) -> Self {
        Self { new: news.clone().filter(|new| *new).count(), changed: news.filter(|new| !*new).count() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MenuChange {
    pub name: String,
    pub price_minor: Minor,
    /// Null: it is new.
    pub price_minor_before: Option<Minor>,
}

/// A file held against the menu as it is. Reading a large one takes a while: for other threads.
fn held(restaurant: &Restaurant, body: &Bytes) -> Result<(Reading, Plan, Vec<MenuChange>), ApiError> {
    let settings = restaurant.settings()?;
    let mut reading = reading::read(&unpack(body)?, settings.currency.exponent)?;
    let menu = restaurant.read::<_, ApiError>(|conn| Ok(store::menu(conn)?))?;
    let plan = plan(&mut reading, &menu, settings.default_tax_rate_bp)?;
    let before: std::collections::HashMap<_, _> =
        menu.categories.iter().flat_map(|category| &category.items).map(|item| (item.id, item.price_minor)).collect();
    let change = |put: &super::super::commands::ItemPut| MenuChange {
        name: put.item.name.clone(),
        price_minor: put.item.price_minor,
        price_minor_before: before.get(&put.item.id).copied(),
    };
    let changes = plan.items.iter().take(SHOWN_MAX).map(change).collect();
    Ok((reading, plan, changes))
}

fn counts(plan: &Plan) -> (Counts, Counts, Counts) {
    (
        Counts::of(plan.categories.iter().map(|put| put.new)),
        Counts::of(plan.groups.iter().map(|put| put.new)),
        Counts::of(plan.items.iter().map(|put| put.new)),
    )
}

/// What bringing in a file would do. The page and the command line both come here. Blocking.
pub fn look(restaurant: &Restaurant, body: &Bytes) -> Result<MenuPreview, ApiError> {
    let (reading, plan, changes) = held(restaurant, body)?;
    let (categories, groups, items) = counts(&plan);
    Ok(MenuPreview {
        rows: reading.rows,
        ignored_columns: reading.ignored,
        dirty: reading.dirty,
        dirty_count: reading.dirty_count,
        categories,
        groups,
        items,
        same: plan.same,
        changes,
    })
}

/// Looks at a file of the menu and changes nothing: what is new, what changes, every dirty row with its reason.
#[utoipa::path(post, path = "/restaurants/{rid}/imports/menu/preview", tag = "imports", operation_id = "preview_menu",
    params(("rid" = uuid::Uuid, Path)),
    request_body(content = String, content_type = "text/csv", description = "The file, plain or packed with gzip"),
    responses((status = 200, body = MenuPreview)),
    extensions(("x-permission" = json!("imports.write"))))]
pub async fn preview_menu(
    here: Here<needs::ImportsWrite>,
    headers: HeaderMap,
    meta: Meta,
) -> Result<Json<MenuPreview>, ApiError> {
    is_csv(&headers)?;
    let (restaurant, body) = (here.restaurant.clone(), meta.body().clone());
    let looked = tokio::task::spawn_blocking(move || look(&restaurant, &body)).await;
    Ok(Json(looked.map_err(ApiError::internal)??))
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[garde(allow_unvalidated)]
pub struct MenuImportQuery {
    /// Leaves out dirty rows instead of refusing the file.
    #[serde(default)]
    pub skip_dirty: bool,
}

/// What was brought in. All zero: it was so already.
#[derive(Debug, Serialize, ToSchema)]
pub struct MenuImported {
    pub categories: usize,
    pub groups: usize,
    pub items: usize,
}

/// Brings in a file of the menu, all or nothing. The same file again changes nothing.
#[utoipa::path(post, path = "/restaurants/{rid}/imports/menu", tag = "imports", operation_id = "import_menu",
    params(("rid" = uuid::Uuid, Path), MenuImportQuery),
    request_body(content = String, content_type = "text/csv", description = "The file, plain or packed with gzip"),
    responses((status = 201, body = MenuImported)),
    extensions(("x-permission" = json!("imports.write"))))]
pub async fn import_menu(
    here: Here<needs::ImportsWrite>,
    Query(query): Query<MenuImportQuery>,
    headers: HeaderMap,
    meta: Meta,
) -> Result<Response, ApiError> {
    is_csv(&headers)?;
    let (restaurant, actor) = (here.restaurant.clone(), here.caller.account_id);
    let work = move || bring_in(&restaurant, actor, &meta, meta.body(), query.skip_dirty);
    let done = tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)??;
    let Brought { categories, groups, items } = done.answer;
    Ok(reply::created(&done, MenuImported { categories, groups, items }))
}

/// The page and the command line both come here. Blocking.
pub fn bring_in(
    restaurant: &Arc<Restaurant>,
    actor: AccountId,
    meta: &Meta,
    body: &Bytes,
    skip_dirty: bool,
) -> Result<Done<Brought>, ApiError> {
    let (id, request) = (meta.id(actor.0), meta.fingerprint(actor.0, BringMenu::NAME));
    let known = if meta.has_key() { restaurant.db.known(id)? } else { None };
    if let Some((row, answer)) = known {
        return if row.request == request { Done::of(answer) } else { Err(comanda_db::WriteError::Reused.into()) };
    }
    let (reading, plan, _) = held(restaurant, body)?;
    if reading.dirty_count > 0 && !skip_dirty {
        let message = format!("{} rows cannot be read. Mend them, or leave them out.", reading.dirty_count);
        let details = serde_json::json!({ "dirty": reading.dirty, "dirty_count": reading.dirty_count });
        return Err(Refusal::rule(message).with_details(details).into());
    }
    if plan.is_nothing() {
        return Ok(Done { answer: Brought { categories: 0, groups: 0, items: 0 }, replayed: false, entry: 0 });
    }
    let mut commands = Vec::new();
    for (at, write) in plan.writes().iter().enumerate() {
        let id = if at == 0 { id } else { ids::derived(&[b"menu file", id.as_bytes(), &at.to_le_bytes()]) };
        let command = freeze(id, actor.0, meta.at_ms, write).map_err(ApiError::internal)?;
        commands.push(comanda_db::Command { request, ..command });
    }
    let mut answers = restaurant.db.execute_together_blocking(commands, None)?;
    if answers.last().is_some_and(|last| last.outcome == comanda_db::Outcome::Refused) {
        answers.drain(..answers.len() - 1);
    }
    let first = answers.into_iter().next().ok_or_else(|| ApiError::internal("an import without an answer"))?;
    Done::of(first)
}

/// The menu as a file. The page and the command line both come here. Blocking.
pub fn written(restaurant: &Restaurant) -> Result<Vec<u8>, ApiError> {
    let settings = restaurant.settings()?;
    let menu = restaurant.read::<_, ApiError>(|conn| Ok(store::menu(conn)?))?;
    let mut file = Vec::new();
    writing::write(&menu, settings.currency.exponent, &mut file)?;
    Ok(file)
}

/// The menu as CSV, the way imports read it.
#[utoipa::path(get, path = "/restaurants/{rid}/export/menu.csv", tag = "export", operation_id = "export_menu",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = String, content_type = "text/csv")),
    extensions(("x-permission" = json!("exports.read"))))]
pub async fn export_menu(here: Here<needs::ExportsRead>) -> Result<Response, ApiError> {
    let restaurant = here.restaurant.clone();
    let file = tokio::task::spawn_blocking(move || written(&restaurant)).await.map_err(ApiError::internal)??;
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8"), (CONTENT_DISPOSITION, "attachment; filename=\"menu.csv\"")];
    Ok((headers, file).into_response())
}
