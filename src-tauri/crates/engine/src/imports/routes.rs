//! The endpoints of imports.

use axum::Json;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::bringing::Import;
use super::columns::Mapping;
use super::plan;
use super::reading::{self, DirtyRow, Reading, Rules};
use super::running::RunView;
use super::store::{self, Batch};
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Meta, Path, Query};
use crate::front::reply;
use crate::kernel::ids::ImportId;
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
        .routes(routes!(list_import_runs))
        .routes(routes!(stop_import))
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
    let rules = Rules::of(&*place.settings()?);
    let reading = tokio::task::spawn_blocking(move || {
        let plain = reading::unpack(&body)?;
        reading::read(&plain, &mapping, rules, |_| {})
    });
    Ok(reading.await.map_err(ApiError::internal)??)
}

/// Looks at a file of sales and changes nothing: recognised columns, sums, every dirty row with its reason.
#[utoipa::path(post, path = "/restaurants/{rid}/imports/preview", tag = "imports", operation_id = "preview_import",
    params(("rid" = Uuid, Path), Mapping),
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
    params(("rid" = Uuid, Path), ImportQuery),
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
    let name = query.name.as_deref().map(text::cleaned).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| "sales.csv".into());
    let (restaurant, actor, clock) = (here.restaurant.clone(), here.caller.account_id, here.app.clock.clone());
    let done = tokio::task::spawn_blocking(move || {
        let import = Import { restaurant: &restaurant, actor, meta: &meta, name, skip_dirty: query.skip_dirty };
        let done = import.read_and_bring_in(&import.begin(), meta.body(), &query.mapping());
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

/// Imports on their way in at this moment, oldest first.
#[utoipa::path(get, path = "/restaurants/{rid}/imports/running", tag = "imports", operation_id = "list_import_runs",
    params(("rid" = Uuid, Path)),
    responses((status = 200, body = Vec<RunView>)),
    extensions(("x-permission" = json!("imports.read"))))]
pub async fn list_import_runs(here: Here<needs::ImportsRead>) -> Json<Vec<RunView>> {
    Json(here.restaurant.imports.list())
}

#[derive(Deserialize)]
pub struct RunPath {
    import_run_id: Uuid,
}

/// Stops an import on its way in: it brings in nothing.
#[utoipa::path(delete, path = "/restaurants/{rid}/imports/running/{import_run_id}", tag = "imports",
    operation_id = "stop_import",
    params(("rid" = Uuid, Path), ("import_run_id" = Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("imports.write"))))]
pub async fn stop_import(here: Here<needs::ImportsWrite>, Path(path): Path<RunPath>) -> Result<StatusCode, ApiError> {
    match here.restaurant.imports.stop(path.import_run_id) {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Refusal::not_found("An import on its way").into()),
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
    params(("rid" = Uuid, Path), ImportsQuery),
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
