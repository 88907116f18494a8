//! `/restaurants/{rid}/stations`: where things are made, and what is made where.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::{AddStation, ArchiveStation, RenameStation, RouteStation};
use super::model::{self, KITCHEN, ROUTES_MAX};
use super::store;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::{CategoryId, ItemId, StationId};
use crate::kernel::text;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_stations, add_station))
        .routes(routes!(rename_station, archive_station))
        .routes(routes!(route_station))
}

/// Where things are made.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KitchenStation)]
pub struct Station {
    pub id: StationId,
    pub name: String,
    /// What has no other station is made here; it is never archived.
    pub is_default: bool,
    /// What is made here by name. An item's own station goes before its category's.
    pub category_ids: Vec<CategoryId>,
    pub item_ids: Vec<ItemId>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Stations {
    /// Bounded: there are 20 at most.
    pub items: Vec<Station>,
}

fn show(place: &Place, station: model::Station) -> Result<Station, ApiError> {
    place.read(|conn| {
        Ok(Station {
            id: station.id,
            name: station.name,
            is_default: station.id == KITCHEN,
            category_ids: store::categories_of(conn, station.id)?,
            item_ids: store::items_of(conn, station.id)?,
        })
    })
}

fn show_by_id(place: &Place, id: StationId) -> Result<Station, ApiError> {
    let station = place.read(|conn| store::station(conn, id))?;
    show(place, station.ok_or_else(|| Refusal::not_found("This station"))?)
}

/// Every station, with what is made there by name.
#[utoipa::path(get, path = "/restaurants/{rid}/stations", tag = "stations", operation_id = "list_stations",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Stations)),
    extensions(("x-permission" = json!("kitchen.read"))))]
pub async fn list_stations(here: Here<needs::KitchenRead>) -> Result<Json<Stations>, ApiError> {
    let stations = here.read(store::stations)?;
    let items = stations.into_iter().map(|station| show(&here, station)).collect::<Result<_, _>>()?;
    Ok(Json(Stations { items }))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Grill"}))]
pub struct StationInput {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
}

/// A station more. Nothing goes there until it is routed there.
#[utoipa::path(post, path = "/restaurants/{rid}/stations", tag = "stations", operation_id = "add_station",
    params(("rid" = uuid::Uuid, Path)),
    request_body = StationInput, responses((status = 201, body = Station)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn add_station(here: Here<needs::SettingsWrite>, input: Input<StationInput>) -> Result<Response, ApiError> {
    let write = AddStation { id: StationId::mint(), name: input.value.name };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::created(&done, show_by_id(&here, done.answer.id)?))
}

#[derive(Deserialize)]
pub struct StationPath {
    pub station_id: StationId,
}

/// Renames a station.
#[utoipa::path(patch, path = "/restaurants/{rid}/stations/{station_id}", tag = "stations",
    operation_id = "rename_station",
    params(("rid" = uuid::Uuid, Path), ("station_id" = uuid::Uuid, Path)),
    request_body = StationInput, responses((status = 200, body = Station)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn rename_station(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<StationPath>,
    input: Input<StationInput>,
) -> Result<Response, ApiError> {
    let write = RenameStation { id: path.station_id, name: input.value.name };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, show_by_id(&here, path.station_id)?))
}

/// Takes a station out of use. Refused while it has something to make; what was routed to it goes
/// where it would without.
#[utoipa::path(delete, path = "/restaurants/{rid}/stations/{station_id}", tag = "stations",
    operation_id = "archive_station",
    params(("rid" = uuid::Uuid, Path), ("station_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn archive_station(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<StationPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let done = here.write(&meta, Ok(ArchiveStation { id: path.station_id })).await?;
    Ok(reply::gone(&done))
}

/// All that is made at a station by name.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StationRoutes {
    #[garde(length(max = ROUTES_MAX))]
    #[schema(max_items = 500)]
    pub category_ids: Vec<CategoryId>,
    /// Exceptions: these go here whatever their category says.
    #[garde(length(max = ROUTES_MAX))]
    #[schema(max_items = 500)]
    pub item_ids: Vec<ItemId>,
}

/// Says what is made at a station. A category or item that was made elsewhere by name moves here;
/// what was fired already stays where it is.
#[utoipa::path(put, path = "/restaurants/{rid}/stations/{station_id}/routes", tag = "stations",
    operation_id = "route_station",
    params(("rid" = uuid::Uuid, Path), ("station_id" = uuid::Uuid, Path)),
    request_body = StationRoutes, responses((status = 200, body = Station)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn route_station(
    here: Here<needs::SettingsWrite>,
    Path(path): Path<StationPath>,
    input: Input<StationRoutes>,
) -> Result<Response, ApiError> {
    let StationRoutes { category_ids, item_ids } = input.value;
    let write = RouteStation { id: path.station_id, categories: category_ids, items: item_ids };
    let done = here.write(&input.meta, Ok(write)).await?;
    Ok(reply::changed(&done, show_by_id(&here, path.station_id)?))
}
