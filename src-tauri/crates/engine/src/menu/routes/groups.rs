//! Groups of modifiers.

use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::{AddGroup, ArchiveGroup, ChangeGroup, SetModifierAvailable};
use super::super::model::{COUNT_MAX, MODIFIERS_MAX, Modifier, ModifierGroup};
use super::super::store;
use super::items::Availability;
use super::{POSITION_MAX, gone};
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::{GroupId, ModifierId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX};
use crate::kernel::text::{self, NAME_MAX};
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(add_modifier_group))
        .routes(routes!(change_modifier_group, archive_modifier_group))
        .routes(routes!(set_modifier_available))
}

#[derive(Deserialize)]
pub struct GroupPath {
    group_id: GroupId,
}

#[derive(Deserialize)]
pub struct ModifierPath {
    group_id: GroupId,
    modifier_id: ModifierId,
}

fn fresh(place: &Place, id: GroupId) -> Result<ModifierGroup, ApiError> {
    place.read(|conn| store::group_ever(conn, id)?.ok_or_else(|| gone("The group")))
}

/// A modifier as it is to be.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModifierInput {
    /// Of one that is there already; left out: a new one.
    #[garde(skip)]
    pub id: Option<ModifierId>,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Added to the item's price; left out: nothing.
    #[garde(range(min = -PRICE_MINOR_MAX, max = PRICE_MINOR_MAX))]
    pub price_minor: Option<i64>,
    #[garde(skip)]
    pub opens_group_id: Option<GroupId>,
    #[garde(skip)]
    pub available: Option<bool>,
}

fn modifiers(wanted: Vec<ModifierInput>) -> Vec<Modifier> {
    let modifier = |wanted: ModifierInput| Modifier {
        id: wanted.id.unwrap_or_else(ModifierId::mint),
        name: wanted.name,
        price_minor: Minor(wanted.price_minor.unwrap_or(0)),
        opens_group_id: wanted.opens_group_id,
        available: wanted.available.unwrap_or(true),
    };
    wanted.into_iter().map(modifier).collect()
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Crust", "min": 1, "max": 1, "modifiers": [
    {"name": "Thin"}, {"name": "Cheese-filled", "price_minor": 250}]}))]
pub struct NewModifierGroup {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// At least so many; left out: none is required.
    #[garde(range(min = 0, max = COUNT_MAX))]
    #[schema(minimum = 0, maximum = 99)]
    pub min: Option<i64>,
    /// At most so many; left out: any number.
    #[garde(range(min = 1, max = COUNT_MAX))]
    #[schema(minimum = 1, maximum = 99)]
    pub max: Option<i64>,
    #[garde(length(max = MODIFIERS_MAX), dive)]
    #[schema(max_items = 100)]
    pub modifiers: Vec<ModifierInput>,
}

/// Adds a group of modifiers. Items name it to ask for it.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/modifier-groups", tag = "menu",
    operation_id = "add_modifier_group",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewModifierGroup, responses((status = 201, body = ModifierGroup)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn add_modifier_group(
    here: Here<needs::MenuWrite>,
    input: Input<NewModifierGroup>,
) -> Result<Response, ApiError> {
    let NewModifierGroup { name, min, max, modifiers: wanted } = input.value;
    let write = AddGroup { id: GroupId::mint(), name, min: min.unwrap_or(0), max, modifiers: modifiers(wanted) };
    let done = here.write(&input.meta, Ok(write)).await?;
    let group = fresh(&here, done.answer.id)?;
    Ok(reply::created(&done, group))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModifierGroupChange {
    #[serde(default, deserialize_with = "text::clean_some")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    #[garde(range(min = 0, max = COUNT_MAX))]
    #[schema(minimum = 0, maximum = 99)]
    pub min: Option<i64>,
    /// Zero: any number.
    #[garde(range(min = 0, max = COUNT_MAX))]
    #[schema(minimum = 0, maximum = 99)]
    pub max: Option<i64>,
    #[garde(range(min = 0, max = POSITION_MAX))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i64>,
    /// All there are to be.
    #[garde(length(max = MODIFIERS_MAX), dive)]
    #[schema(max_items = 100)]
    pub modifiers: Option<Vec<ModifierInput>>,
}

/// Changes a group of modifiers. Orders that chose from it keep what they chose.
#[utoipa::path(patch, path = "/restaurants/{rid}/menu/modifier-groups/{group_id}", tag = "menu",
    operation_id = "change_modifier_group",
    params(("rid" = uuid::Uuid, Path), ("group_id" = uuid::Uuid, Path)),
    request_body = ModifierGroupChange, responses((status = 200, body = ModifierGroup)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn change_modifier_group(
    here: Here<needs::MenuWrite>,
    Path(path): Path<GroupPath>,
    input: Input<ModifierGroupChange>,
) -> Result<Response, ApiError> {
    let ModifierGroupChange { name, min, max, position, modifiers: wanted } = input.value;
    let write = ChangeGroup { id: path.group_id, name, min, max, position, modifiers: wanted.map(modifiers) };
    let done = here.write(&input.meta, Ok(write)).await?;
    let group = fresh(&here, path.group_id)?;
    Ok(reply::changed(&done, group))
}

/// Takes a group off the menu. Items that had it ask for it no more.
#[utoipa::path(delete, path = "/restaurants/{rid}/menu/modifier-groups/{group_id}", tag = "menu",
    operation_id = "archive_modifier_group",
    params(("rid" = uuid::Uuid, Path), ("group_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn archive_modifier_group(
    here: Here<needs::MenuWrite>,
    Path(path): Path<GroupPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    Ok(reply::gone(&here.write(&meta, Ok(ArchiveGroup { id: path.group_id })).await?))
}

/// A modifier is sold out ("86"), or there again.
#[utoipa::path(patch, path = "/restaurants/{rid}/menu/modifier-groups/{group_id}/modifiers/{modifier_id}",
    tag = "menu", operation_id = "set_modifier_available",
    params(("rid" = uuid::Uuid, Path), ("group_id" = uuid::Uuid, Path), ("modifier_id" = uuid::Uuid, Path)),
    request_body = Availability, responses((status = 200, body = ModifierGroup)),
    extensions(("x-permission" = json!("menu.available"))))]
pub async fn set_modifier_available(
    here: Here<needs::MenuAvailable>,
    Path(path): Path<ModifierPath>,
    input: Input<Availability>,
) -> Result<Response, ApiError> {
    let ModifierPath { group_id, modifier_id } = path;
    let write = SetModifierAvailable { group: group_id, modifier: modifier_id, available: input.value.available };
    let done = here.write(&input.meta, Ok(write)).await?;
    let group = fresh(&here, group_id)?;
    Ok(reply::changed(&done, group))
}
