//! `/restaurants/{rid}/floor`: the floor as it is now, arranging it, serving on it.

mod arranging;
mod serving;

use axum::response::Response;
use rusqlite::Connection;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::store;
use super::view::{FloorView, TableView};
use crate::app::App;
use crate::cache::policy;
use crate::error::{ApiError, Refusal};
use crate::front::asked::{Asked, Nothing};
use crate::front::here::Place;
use crate::kernel::ids::TableId;
use crate::orders;
use crate::orders::model::OrderState;
use crate::orders::store::List;
use crate::staff::model::needs;

/// Open orders looked at, the newest ones.
const OPEN_MAX: i64 = 1_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_floor)).merge(arranging::routes()).merge(serving::routes())
}

#[derive(Deserialize)]
pub struct TablePath {
    table_id: TableId,
}

fn floor(conn: &Connection) -> Result<FloorView, ApiError> {
    let open = List { state: Some(OrderState::Open), limit: OPEN_MAX, ..List::default() };
    let open = orders::store::list(conn, &open)?;
    Ok(FloorView::of(store::areas(conn)?, store::standing(conn)?, &open))
}

/// The floor as it is now, after a write.
fn fresh(place: &Place) -> Result<FloorView, ApiError> {
    place.read(floor)
}

fn fresh_table(place: &Place, id: TableId) -> Result<TableView, ApiError> {
    let table = fresh(place)?.tables.into_iter().find(|table| table.id == id);
    table.ok_or_else(|| Refusal::not_found("The table").into())
}

/// Areas and tables, and what each table is doing.
#[utoipa::path(get, path = "/restaurants/{rid}/floor", tag = "floor", operation_id = "get_floor",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = FloorView)),
    extensions(("x-permission" = json!("floor.read"))))]
pub async fn get_floor(asked: Asked<needs::FloorRead>) -> Result<Response, ApiError> {
    asked.answer(&policy::FLOOR, |view, Nothing| floor(view.conn)).await
}
