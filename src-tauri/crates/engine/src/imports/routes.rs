//! The endpoints of imports.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::columns::Mapping;
use super::commands::{Imported, RecordImport};
use super::plan::{self, batch_id};
use super::reading::{self, DirtyRow, Reading, Rules};
use super::store::{self, Batch};
use crate::app::App;
use crate::app::{Done, Restaurant};
use crate::command::Write;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Meta, Query};
use crate::front::reply;
use crate::kernel::ids::{AccountId, ImportId};
use crate::kernel::money::Minor;
use crate::kernel::page::{Page, Wanted};
use crate::kernel::text::{self, NAME_MAX};
use crate::staff::model::needs;

/// Largest body, packed or not.
pub const BODY_BYTES_MAX: usize = 64 * 1024 * 1024;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(preview_import))
        .routes(routes!(list_imports, import_sales))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

/// What an import of the file would bring.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    pub columns: Vec<String>,
    /// The column taken for each thing.
    pub mapping: Mapping,
    pub rows: u64,
    /// The first rows as they stand.
    pub sample: Vec<Vec<String>>,
    pub clean_rows: u64,
    /// The first 200.
    pub dirty: Vec<DirtyRow>,
    pub dirty_count: u64,
    pub orders: usize,
    pub total_minor: Minor,
    pub first_date: Option<String>,
    pub last_date: Option<String>,
    pub already_imported: bool,
    /// Of file and mapping.
    pub fingerprint: String,
}

/// What an import brought.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportDone)]
pub struct ImportView {
    pub id: ImportId,
    pub orders: i64,
    pub lines: i64,
    pub total_minor: Minor,
    pub first_date: String,
    pub last_date: String,
    /// False: this file was here already under this mapping, and nothing was done.
    pub created: bool,
    pub duration_ms: i64,
}

#[derive(Debug, Default, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
#[garde(allow_unvalidated)]
pub struct ImportQuery {
    pub order_id: Option<String>,
    pub date: Option<String>,
    pub time: Option<String>,
    pub item: Option<String>,
    pub variant: Option<String>,
    pub category: Option<String>,
    pub price: Option<String>,
    pub quantity: Option<String>,
    pub tax: Option<String>,
    /// Leaves out dirty rows instead of refusing the file.
    #[serde(default)]
    pub skip_dirty: bool,
    /// The file's name, to know it by.
    #[garde(length(chars, max = NAME_MAX))]
    pub name: Option<String>,
}

impl ImportQuery {
    fn mapping(&self) -> Mapping {
        Mapping {
            order_id: self.order_id.clone(),
            date: self.date.clone(),
            time: self.time.clone(),
            item: self.item.clone(),
            variant: self.variant.clone(),
            category: self.category.clone(),
            price: self.price.clone(),
            quantity: self.quantity.clone(),
            tax: self.tax.clone(),
        }
    }
}

pub fn is_csv(headers: &HeaderMap) -> Result<(), ApiError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "text/csv" | "application/csv" | "application/gzip" | "application/x-gzip" => Ok(()),
        _ => {
            let message = "Send the file itself, as text/csv or application/gzip.";
            Err(Refusal::new(Code::UnsupportedMediaType, message).into())
        }
    }
}

/// Reading a large file takes a while: not on the threads that answer others.
async fn read_file(place: &Place, body: Bytes, mapping: Mapping) -> Result<Reading, ApiError> {
    let settings = place.settings()?;
    let rules = Rules { exponent: settings.currency.exponent, default_rate_bp: settings.default_tax_rate_bp };
    let reading = tokio::task::spawn_blocking(move || {
        let plain = reading::unpack(&body)?;
        reading::read(&plain, &mapping, rules, |_| {})
    });
    Ok(reading.await.map_err(ApiError::internal)??)
}

/// Looks at a file of sales and changes nothing: recognised columns, sums, every dirty row with its reason.
#[utoipa::path(post, path = "/restaurants/{rid}/imports/preview", tag = "imports", operation_id = "preview_import",
    params(("rid" = uuid::Uuid, Path), Mapping),
    request_body(content = String, content_type = "text/csv", description = "The file, plain or packed with gzip"),
    responses((status = 200, body = Preview)),
    extensions(("x-permission" = json!("imports.write"))))]
pub async fn preview_import(
    here: Here<needs::ImportsWrite>,
    Query(mapping): Query<Mapping>,
    headers: HeaderMap,
    meta: Meta,
) -> Result<Json<Preview>, ApiError> {
    is_csv(&headers)?;
    let reading = read_file(&here, meta.body().clone(), mapping).await?;
    let settings = here.settings()?;
    let plan = plan::plan(&reading, &settings, String::new());
    let known = here.read::<_, ApiError>(|conn| Ok(store::batch(conn, plan.batch.id)?))?;
    Ok(Json(Preview {
        clean_rows: reading.rows - reading.dirty_count,
        orders: reading.orders.len(),
        total_minor: plan.batch.total,
        first_date: Some(plan.batch.first).filter(|date| !date.is_empty()),
        last_date: Some(plan.batch.last).filter(|date| !date.is_empty()),
        already_imported: known.is_some(),
        columns: reading.columns,
        mapping: reading.mapping,
        rows: reading.rows,
        sample: reading.sample,
        dirty: reading.dirty,
        dirty_count: reading.dirty_count,
        fingerprint: reading.fingerprint,
    }))
}

/// Brings in a file of past sales, all or nothing. The same file under the same mapping comes in once.
#[utoipa::path(post, path = "/restaurants/{rid}/imports", tag = "imports", operation_id = "import_sales",
    params(("rid" = uuid::Uuid, Path), ImportQuery),
    request_body(content = String, content_type = "text/csv", description = "The file, plain or packed with gzip"),
    responses((status = 201, body = ImportView)),
    extensions(("x-permission" = json!("imports.write"))))]
pub async fn import_sales(
    here: Here<needs::ImportsWrite>,
    Query(query): Query<ImportQuery>,
    headers: HeaderMap,
    meta: Meta,
) -> Result<Response, ApiError> {
    is_csv(&headers)?;
    let reading = read_file(&here, meta.body().clone(), query.mapping()).await?;
    let name = query.name.map(|name| text::cleaned(&name)).filter(|name| !name.is_empty());
    let actor = here.caller.account_id;
    let (restaurant, settings) = (here.restaurant.clone(), here.settings()?);
    let clock = here.app.clock.clone();
    let done = tokio::task::spawn_blocking(move || {
        let import = Import { restaurant: &restaurant, actor, meta: &meta, skip_dirty: query.skip_dirty };
        let done = import.bring_in(&reading, &settings, name.unwrap_or_else(|| "sales.csv".into()));
        done.map(|done| (done, clock.now_ms() - meta.at_ms))
    });
    let (done, duration_ms) = done.await.map_err(ApiError::internal)??;
    let batch = here.read::<_, ApiError>(|conn| Ok(store::batch(conn, done.answer.id)?))?;
    let batch = batch.ok_or_else(|| ApiError::internal("an import without its batch"))?;
    Ok(reply::created(&done, view(&batch, done.answer.created, duration_ms)))
}

pub fn view(batch: &Batch, created: bool, duration_ms: i64) -> ImportView {
    ImportView {
        id: batch.id,
        orders: batch.orders,
        lines: batch.lines,
        total_minor: batch.total_minor,
        first_date: batch.first_date.clone(),
        last_date: batch.last_date.clone(),
        created,
        duration_ms,
    }
}

/// One import on its way in; the page and the command line both come here. Blocking.
pub struct Import<'a> {
    pub restaurant: &'a Arc<Restaurant>,
    pub actor: AccountId,
    pub meta: &'a Meta,
    pub skip_dirty: bool,
}

impl Import<'_> {
    pub fn bring_in(
        &self,
        reading: &Reading,
        settings: &crate::restaurant::model::Settings,
        name: String,
    ) -> Result<Done<Imported>, ApiError> {
        let id = self.meta.id(self.actor.0);
        let request = self.meta.fingerprint(self.actor.0, RecordImport::NAME);
        let db = &self.restaurant.db;
        if self.meta.has_key()
            && let Some((row, answer)) = db.known(id)?
        {
            if row.request != request {
                return Err(comanda_db::WriteError::Reused.into());
            }
            return Done::of(answer);
        }
        let batch = batch_id(&reading.fingerprint);
        if db.read(|conn| store::batch(conn, batch))?.is_some() {
            return Ok(Done { answer: Imported { id: batch, created: false }, replayed: false, entry: 0 });
        }
        if reading.dirty_count > 0 && !self.skip_dirty {
            let message = format!("{} rows cannot be read. Mend them, or leave them out.", reading.dirty_count);
            let details = serde_json::json!({ "dirty": reading.dirty, "dirty_count": reading.dirty_count });
            return Err(Refusal::rule(message).with_details(details).into());
        }
        if reading.orders.is_empty() {
            return Err(Refusal::rule("There is no order in this file.").into());
        }
        let plan = plan::plan(reading, settings, name);
        let commands = plan.commands(id, request, self.actor, self.meta.at_ms)?;
        let mut answers = db.execute_together_blocking(commands)?;
        if answers.last().is_some_and(|last| last.outcome == comanda_db::Outcome::Refused) {
            answers.drain(..answers.len() - 1);
        }
        let first = answers.into_iter().next().ok_or_else(|| ApiError::internal("an import without an answer"))?;
        Done::of(first)
    }
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportsQuery {
    #[garde(skip)]
    pub cursor: Option<String>,
    /// 1 to 200; left out: 50.
    #[garde(skip)]
    pub limit: Option<u16>,
}

/// Past imports, newest first.
#[utoipa::path(get, path = "/restaurants/{rid}/imports", tag = "imports", operation_id = "list_imports",
    params(("rid" = uuid::Uuid, Path), ImportsQuery),
    responses((status = 200, body = Page<Batch>)),
    extensions(("x-permission" = json!("imports.read"))))]
pub async fn list_imports(
    here: Here<needs::ImportsRead>,
    Query(query): Query<ImportsQuery>,
) -> Result<Json<Page<Batch>>, ApiError> {
    let wanted = Wanted::<(i64, ImportId)>::of(query.limit, query.cursor.as_deref())?;
    let batches = here.read::<_, ApiError>(|conn| Ok(store::batches(conn, wanted.after, wanted.fetch())?))?;
    Ok(Json(Page::cut(batches, wanted.limit, |batch| (batch.at_ms, batch.id))))
}
