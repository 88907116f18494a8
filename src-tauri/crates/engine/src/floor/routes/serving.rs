//! What happens on the floor while guests are there: who serves which tables, who calls, who comes.

use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::{AnswerCall, AssignTables, CallWaiter};
use super::super::model::{TABLES_MAX, Wants};
use super::super::view::{FloorView, TableView};
use super::{TablePath, fresh, fresh_table};
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::{CallId, StaffId, TableId};
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(assign_tables))
        .routes(routes!(take_tables))
        .routes(routes!(release_tables))
        .routes(routes!(call_waiter))
        .routes(routes!(answer_call))
}

/// Several tables at once: a section.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhichTables {
    #[garde(length(min = 1, max = TABLES_MAX))]
    #[schema(min_items = 1, max_items = 300)]
    pub table_ids: Vec<TableId>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    #[garde(length(min = 1, max = TABLES_MAX))]
    #[schema(min_items = 1, max_items = 300)]
    pub table_ids: Vec<TableId>,
    #[garde(skip)]
    pub staff_id: StaffId,
}

async fn assign(
    place: &Place,
    meta: &Meta,
    tables: Vec<TableId>,
    staff: Option<StaffId>,
) -> Result<Response, ApiError> {
    let done = place.write(meta, Ok(AssignTables { tables, staff })).await?;
    Ok(reply::changed(&done, fresh(place)?))
}

/// Gives tables to somebody, whoever had them.
#[utoipa::path(post, path = "/restaurants/{rid}/floor/assign", tag = "floor", operation_id = "assign_tables",
    params(("rid" = uuid::Uuid, Path)),
    request_body = Section, responses((status = 200, body = FloorView)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn assign_tables(here: Here<needs::FloorWrite>, input: Input<Section>) -> Result<Response, ApiError> {
    assign(&here, &input.meta, input.value.table_ids, Some(input.value.staff_id)).await
}

/// The caller serves these tables from now on.
#[utoipa::path(post, path = "/restaurants/{rid}/floor/take", tag = "floor", operation_id = "take_tables",
    params(("rid" = uuid::Uuid, Path)),
    request_body = WhichTables, responses((status = 200, body = FloorView)),
    extensions(("x-permission" = json!("floor.serve"))))]
pub async fn take_tables(here: Here<needs::FloorServe>, input: Input<WhichTables>) -> Result<Response, ApiError> {
    let me = here.staff_id()?;
    assign(&here, &input.meta, input.value.table_ids, Some(me)).await
}

/// Nobody serves these tables from now on.
#[utoipa::path(post, path = "/restaurants/{rid}/floor/release", tag = "floor", operation_id = "release_tables",
    params(("rid" = uuid::Uuid, Path)),
    request_body = WhichTables, responses((status = 200, body = FloorView)),
    extensions(("x-permission" = json!("floor.serve"))))]
pub async fn release_tables(here: Here<needs::FloorServe>, input: Input<WhichTables>) -> Result<Response, ApiError> {
    assign(&here, &input.meta, input.value.table_ids, None).await
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"wants": "bill"}))]
pub struct NewCall {
    /// Left out: a waiter.
    #[garde(skip)]
    #[serde(default)]
    pub wants: Wants,
}

/// A table calls; shown until somebody answers. Screens are told by the event `table:call_waiter`
/// (`table_id`, `table`, `wants`).
#[utoipa::path(post, path = "/restaurants/{rid}/floor/tables/{table_id}/call", tag = "floor",
    operation_id = "call_waiter",
    params(("rid" = uuid::Uuid, Path), ("table_id" = uuid::Uuid, Path)),
    request_body = NewCall, responses((status = 200, body = TableView)),
    extensions(("x-permission" = json!("floor.serve"))))]
pub async fn call_waiter(
    here: Here<needs::FloorServe>,
    Path(path): Path<TablePath>,
    input: Input<NewCall>,
) -> Result<Response, ApiError> {
    let wants = (input.value.wants != Wants::Waiter).then_some(input.value.wants);
    let write = CallWaiter { id: CallId::mint(), table: path.table_id, wants };
    let done = here.write(&input.meta, Ok(write)).await?;
    let table = fresh_table(&here, path.table_id)?;
    if !done.replayed {
        let says = serde_json::json!({ "table_id": path.table_id, "table": table.name, "wants": input.value.wants });
        here.app.changes.tell(&here.restaurant, "table:call_waiter", says);
    }
    Ok(reply::changed(&done, table))
}

/// Somebody is there: the caller.
#[utoipa::path(post, path = "/restaurants/{rid}/floor/tables/{table_id}/answer", tag = "floor",
    operation_id = "answer_call",
    params(("rid" = uuid::Uuid, Path), ("table_id" = uuid::Uuid, Path)),
    responses((status = 200, body = TableView)),
    extensions(("x-permission" = json!("floor.serve"))))]
pub async fn answer_call(
    here: Here<needs::FloorServe>,
    Path(path): Path<TablePath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let done = here.write(&meta, Ok(AnswerCall { table: path.table_id })).await?;
    Ok(reply::changed(&done, fresh_table(&here, path.table_id)?))
}
