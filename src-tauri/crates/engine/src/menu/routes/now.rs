//! What is true of the menu at this moment: portions left of what is counted down, prices of lists
//! that hold, and the key to the pictures.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::SetCountdown;
use super::super::model::{Hours, Listed, holding, next_change};
use super::super::store;
use super::images;
use super::items::ItemPath;
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Here;
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::imports::plan::instant;
use crate::kernel::ids::{ItemId, PriceListId, VariantId};
use crate::kernel::money::Minor;
use crate::kernel::time;
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
    /// Prices of lists that hold now; of everything else the usual ones do.
    pub prices: Vec<PriceNow>,
    /// When a list may begin or end to hold; null: no list does by itself.
    pub until_ms: Option<i64>,
    /// Opens `/menu/images/{hash}?key=` without a token, for an hour at least.
    pub image_key: String,
}

/// What an item, or a size of it, costs now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct PriceNow {
    pub item_id: ItemId,
    pub variant_id: Option<VariantId>,
    pub price_minor: Minor,
    pub price_list_id: PriceListId,
}

/// Portions of an item that are left. At zero it is sold out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Countdown {
    pub item_id: ItemId,
    pub left: i64,
}

/// What is true at this moment: portions left, prices of the lists that hold.
#[utoipa::path(get, path = "/restaurants/{rid}/menu/now", tag = "menu", operation_id = "get_menu_now",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = MenuNow)),
    extensions(("x-permission" = json!("menu.read"))))]
pub async fn get_menu_now(here: Here<needs::MenuRead>) -> Result<Json<MenuNow>, ApiError> {
    let countdowns = here.restaurant.countdowns()?;
    let mut countdowns: Vec<_> =
        countdowns.iter().map(|(item_id, left)| Countdown { item_id: *item_id, left: *left }).collect();
    countdowns.sort_by_key(|countdown| countdown.item_id);
    let lists = here.read::<_, ApiError>(|conn| Ok(store::price_lists(conn)?))?;
    let (settings, now_ms) = (here.settings()?, here.now_ms());
    let at = time::local(now_ms, settings.time_zone);
    let price = |(price_list_id, listed): (PriceListId, Listed)| PriceNow {
        item_id: listed.item_id,
        variant_id: listed.variant_id,
        price_minor: listed.price_minor,
        price_list_id,
    };
    let hours: Vec<Hours> = lists.iter().filter(|list| !list.paused).map(|list| list.hours).collect();
    let until_ms = next_change(&hours, at).map(|next| instant(next, settings.time_zone));
    let prices = holding(&lists, at).into_iter().map(price).collect();
    let image_key = images::key(&here.app, here.restaurant.id);
    Ok(Json(MenuNow { countdowns, prices, until_ms, image_key }))
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
