//! Arranging the floor: areas, tables and where they stand.

use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::{
    ArchiveArea, ArchiveTable, ArrangeTables, LaidArea, LaidTable, LayOutFloor, SaveArea, SaveTable,
};
use super::super::model::{AREA_CM_MAX, AREA_CM_MIN, SEATS_MAX, Shape, TABLE_NAME_MAX, TABLES_MAX};
use super::super::store;
use super::super::view::{AreaView, FloorView, SpotView, TableView};
use super::{TablePath, fresh, fresh_table};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::{AreaId, TableId};
use crate::kernel::text;
use crate::staff::model::needs;

/// Areas of a floor that is laid out at once, and tables of each of them, at most.
const LAID_AREAS_MAX: usize = 3;
const LAID_MAX: usize = 100;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(lay_out_floor))
        .routes(routes!(add_area))
        .routes(routes!(change_area, archive_area))
        .routes(routes!(add_table))
        .routes(routes!(change_table, archive_table))
        .routes(routes!(arrange_tables))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Terrace", "width_cm": 900, "height_cm": 600}))]
pub struct AreaInput {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = TABLE_NAME_MAX))]
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    #[garde(range(min = AREA_CM_MIN, max = AREA_CM_MAX))]
    #[schema(minimum = 200, maximum = 10_000)]
    pub width_cm: i64,
    #[garde(range(min = AREA_CM_MIN, max = AREA_CM_MAX))]
    #[schema(minimum = 200, maximum = 10_000)]
    pub height_cm: i64,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FloorTableInput, example = json!({"area_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11", "name": "7",
    "shape": "round", "seats": 4, "spot": {"x_cm": 120, "y_cm": 80, "width_cm": 100, "height_cm": 100}}))]
pub struct TableInput {
    #[garde(skip)]
    pub area_id: AreaId,
    /// Of no other table, whatever the capitals.
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = TABLE_NAME_MAX))]
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    #[garde(skip)]
    pub shape: Shape,
    #[garde(range(min = 1, max = SEATS_MAX))]
    #[schema(minimum = 1, maximum = 60)]
    pub seats: i64,
    #[garde(dive)]
    pub spot: SpotView,
}

/// Where one table goes.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FloorPlacing)]
pub struct Placing {
    #[garde(skip)]
    pub table_id: TableId,
    #[garde(dive)]
    pub spot: SpotView,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FloorArrangement)]
pub struct Arrangement {
    #[garde(length(min = 1, max = TABLES_MAX), dive)]
    #[schema(min_items = 1, max_items = 300)]
    pub tables: Vec<Placing>,
}

/// A table of a floor that is laid out at once.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFloorTable)]
pub struct NewTable {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = TABLE_NAME_MAX))]
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    #[garde(skip)]
    pub shape: Shape,
    #[garde(range(min = 1, max = SEATS_MAX))]
    #[schema(minimum = 1, maximum = 60)]
    pub seats: i64,
    #[garde(dive)]
    pub spot: SpotView,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFloorArea)]
pub struct NewArea {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = TABLE_NAME_MAX))]
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    #[garde(range(min = AREA_CM_MIN, max = AREA_CM_MAX))]
    #[schema(minimum = 200, maximum = 10_000)]
    pub width_cm: i64,
    #[garde(range(min = AREA_CM_MIN, max = AREA_CM_MAX))]
    #[schema(minimum = 200, maximum = 10_000)]
    pub height_cm: i64,
    #[garde(length(max = LAID_MAX), dive)]
    #[schema(max_items = 100)]
    pub tables: Vec<NewTable>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFloor)]
pub struct NewFloor {
    #[garde(length(min = 1, max = LAID_AREAS_MAX), dive)]
    #[schema(min_items = 1, max_items = 3)]
    pub areas: Vec<NewArea>,
}

/// Lays a whole floor out, where there is none yet.
#[utoipa::path(post, path = "/restaurants/{rid}/floor", tag = "floor", operation_id = "lay_out_floor",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewFloor, responses((status = 201, body = FloorView)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn lay_out_floor(here: Here<needs::FloorWrite>, input: Input<NewFloor>) -> Result<Response, ApiError> {
    let table = |new: NewTable| LaidTable(TableId::mint(), new.name, new.shape, new.seats, new.spot.into());
    let area = |new: NewArea| LaidArea {
        id: AreaId::mint(),
        name: new.name,
        w: new.width_cm,
        h: new.height_cm,
        tables: new.tables.into_iter().map(table).collect(),
    };
    let write = LayOutFloor { areas: input.value.areas.into_iter().map(area).collect() };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::created(&done, fresh(&here)?))
}

#[derive(Deserialize)]
pub struct AreaPath {
    area_id: AreaId,
}

fn fresh_area(place: &Place, id: AreaId) -> Result<AreaView, ApiError> {
    let area = place.read(|conn| store::area(conn, id))?.ok_or_else(|| Refusal::not_found("The area"))?;
    Ok(AreaView::from(area))
}

fn save_area(id: AreaId, change: bool, input: AreaInput) -> SaveArea {
    SaveArea { id, change, name: input.name, w: input.width_cm, h: input.height_cm }
}

/// Adds an area: a room, a terrace.
#[utoipa::path(post, path = "/restaurants/{rid}/floor/areas", tag = "floor", operation_id = "add_area",
    params(("rid" = uuid::Uuid, Path)),
    request_body = AreaInput, responses((status = 201, body = AreaView)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn add_area(here: Here<needs::FloorWrite>, input: Input<AreaInput>) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(save_area(AreaId::mint(), false, input.value))).await?;
    Ok(reply::created(&done, fresh_area(&here, done.answer.id)?))
}

/// Changes an area; all of it is given.
#[utoipa::path(put, path = "/restaurants/{rid}/floor/areas/{area_id}", tag = "floor", operation_id = "change_area",
    params(("rid" = uuid::Uuid, Path), ("area_id" = uuid::Uuid, Path)),
    request_body = AreaInput, responses((status = 200, body = AreaView)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn change_area(
    here: Here<needs::FloorWrite>,
    Path(path): Path<AreaPath>,
    input: Input<AreaInput>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(save_area(path.area_id, true, input.value))).await?;
    Ok(reply::changed(&done, fresh_area(&here, path.area_id)?))
}

/// Takes an area without tables off the floor.
#[utoipa::path(delete, path = "/restaurants/{rid}/floor/areas/{area_id}", tag = "floor",
    operation_id = "archive_area",
    params(("rid" = uuid::Uuid, Path), ("area_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn archive_area(
    here: Here<needs::FloorWrite>,
    Path(path): Path<AreaPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let done = here.write(&meta, Ok(ArchiveArea { id: path.area_id })).await?;
    Ok(reply::gone(&done))
}

fn save_table(id: TableId, change: bool, input: TableInput) -> SaveTable {
    let TableInput { area_id, name, shape, seats, spot } = input;
    SaveTable { id, change, area: area_id, name, shape, seats, spot: spot.into() }
}

/// Adds a table.
#[utoipa::path(post, path = "/restaurants/{rid}/floor/tables", tag = "floor", operation_id = "add_table",
    params(("rid" = uuid::Uuid, Path)),
    request_body = TableInput, responses((status = 201, body = TableView)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn add_table(here: Here<needs::FloorWrite>, input: Input<TableInput>) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(save_table(TableId::mint(), false, input.value))).await?;
    Ok(reply::created(&done, fresh_table(&here, done.answer.id)?))
}

/// Changes a table; all of it is given. It keeps its name while a party is at it.
#[utoipa::path(put, path = "/restaurants/{rid}/floor/tables/{table_id}", tag = "floor",
    operation_id = "change_table",
    params(("rid" = uuid::Uuid, Path), ("table_id" = uuid::Uuid, Path)),
    request_body = TableInput, responses((status = 200, body = TableView)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn change_table(
    here: Here<needs::FloorWrite>,
    Path(path): Path<TablePath>,
    input: Input<TableInput>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(save_table(path.table_id, true, input.value))).await?;
    Ok(reply::changed(&done, fresh_table(&here, path.table_id)?))
}

/// Takes a table nobody is at off the floor.
#[utoipa::path(delete, path = "/restaurants/{rid}/floor/tables/{table_id}", tag = "floor",
    operation_id = "archive_table",
    params(("rid" = uuid::Uuid, Path), ("table_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn archive_table(
    here: Here<needs::FloorWrite>,
    Path(path): Path<TablePath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let done = here.write(&meta, Ok(ArchiveTable { id: path.table_id })).await?;
    Ok(reply::gone(&done))
}

/// Moves, turns and sizes tables within their areas: all of them or none.
#[utoipa::path(post, path = "/restaurants/{rid}/floor/arrange", tag = "floor", operation_id = "arrange_tables",
    params(("rid" = uuid::Uuid, Path)),
    request_body = Arrangement, responses((status = 200, body = FloorView)),
    extensions(("x-permission" = json!("floor.write"))))]
pub async fn arrange_tables(here: Here<needs::FloorWrite>, input: Input<Arrangement>) -> Result<Response, ApiError> {
    let spots = input.value.tables.into_iter().map(|placing| (placing.table_id, placing.spot.into())).collect();
    let done = here.write(&input.meta, Ok(ArrangeTables { spots })).await?;
    Ok(reply::changed(&done, fresh(&here)?))
}
