//! What is true of the menu at this moment: portions left of what is counted down.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::SetCountdown;
use super::super::store;
use super::items::ItemPath;
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Here;
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::ItemId;
use crate::staff::model::needs;

/// Most portions one can count down from.
const LEFT_MAX: i64 = 100_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_menu_now)).routes(routes!(set_countdown, stop_countdown))
}

/// What changes by itself, and by selling.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MenuNow {
    pub countdowns: Vec<Countdown>,
}

/// Portions of an item that are left. At zero it is sold out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Countdown {
    pub item_id: ItemId,
    pub left: i64,
}

/// What is true at this moment: portions left.
#[utoipa::path(get, path = "/restaurants/{rid}/menu/now", tag = "menu", operation_id = "get_menu_now",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = MenuNow)),
    extensions(("x-permission" = json!("menu.read"))))]
pub async fn get_menu_now(here: Here<needs::MenuRead>) -> Result<Json<MenuNow>, ApiError> {
    let countdowns = here.restaurant.countdowns()?;
    let mut countdowns: Vec<_> =
        countdowns.iter().map(|(item_id, left)| Countdown { item_id: *item_id, left: *left }).collect();
    countdowns.sort_by_key(|countdown| countdown.item_id);
    Ok(Json(MenuNow { countdowns }))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Portions {
    #[garde(range(min = 0, max = LEFT_MAX))]
    #[schema(minimum = 0, maximum = 100_000)]
    pub left: i64,
}

/// Counts an item down from so many portions. At zero it is sold out by itself.
#[utoipa::path(put, path = "/restaurants/{rid}/menu/items/{item_id}/countdown", tag = "menu",
    operation_id = "set_countdown",
    params(("rid" = uuid::Uuid, Path), ("item_id" = uuid::Uuid, Path)),
    request_body = Portions, responses((status = 200, body = Countdown)),
    extensions(("x-permission" = json!("menu.available"))))]
pub async fn set_countdown(
    here: Here<needs::MenuAvailable>,
    Path(path): Path<ItemPath>,
    input: Input<Portions>,
) -> Result<Response, ApiError> {
    let write = SetCountdown { item: path.item_id, left: Some(input.value.left) };
    let done = here.write(&input.meta, Ok(write)).await?;
    let left = here.read(|conn| store::countdown::left(conn, path.item_id))?.unwrap_or(input.value.left);
    Ok(reply::changed(&done, Countdown { item_id: path.item_id, left }))
}

/// Stops counting an item down: it is there as its switch says.
#[utoipa::path(delete, path = "/restaurants/{rid}/menu/items/{item_id}/countdown", tag = "menu",
    operation_id = "stop_countdown",
    params(("rid" = uuid::Uuid, Path), ("item_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("menu.available"))))]
pub async fn stop_countdown(
    here: Here<needs::MenuAvailable>,
    Path(path): Path<ItemPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    Ok(reply::gone(&here.write(&meta, Ok(SetCountdown { item: path.item_id, left: None })).await?))
}
