//! Items and their sizes.

use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::{AddItem, ArchiveItem, ChangeItem, MadeAt, SetVariantAvailable, With};
use super::super::model::{
    ALLERGEN_CHARS_MAX, ALLERGENS_MAX, ITEM_GROUPS_MAX, Item, VARIANTS_MAX, Variant, allergens_in_order,
};
use super::super::store;
use super::{POSITION_MAX, gone};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::{CategoryId, GroupId, ItemId, StationId, VariantId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX, RATE_BP_MAX};
use crate::kernel::text::{self, NAME_MAX};
use crate::orders::model::Station;
use crate::staff::model::{Permission, needs};

/// Longest description, in characters.
const DESCRIPTION_MAX: usize = 2_000;
/// A hash in hexadecimal.
const IMAGE_CHARS_MAX: usize = 64;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(add_item))
        .routes(routes!(change_item, archive_item))
        .routes(routes!(set_variant_available))
}

#[derive(Deserialize)]
pub struct ItemPath {
    pub item_id: ItemId,
}

#[derive(Deserialize)]
pub struct VariantPath {
    item_id: ItemId,
    variant_id: VariantId,
}

/// A size as it is to be.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantInput {
    /// Of one that is there already; left out: a new one.
    #[garde(skip)]
    pub id: Option<VariantId>,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub price_minor: i64,
    #[garde(skip)]
    pub available: Option<bool>,
}

fn variants(wanted: Option<Vec<VariantInput>>) -> Option<Vec<Variant>> {
    let variant = |wanted: VariantInput| Variant {
        id: wanted.id.unwrap_or_else(VariantId::mint),
        name: wanted.name,
        price_minor: Minor(wanted.price_minor),
        available: wanted.available.unwrap_or(true),
    };
    wanted.map(|wanted| wanted.into_iter().map(variant).collect())
}

/// A station that goes before the one its category says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnStation {
    /// Null: none, it is made where its category says.
    pub station_id: Option<StationId>,
}

/// A picture that is named has to be here.
fn known_image(place: &Place, image: Option<&str>) -> Result<(), ApiError> {
    let Some(hash) = image.filter(|hash| !hash.is_empty()) else { return Ok(()) };
    if place.read::<_, ApiError>(|conn| Ok(store::has_image(conn, hash)?))? {
        return Ok(());
    }
    Err(Refusal::invalid("image", "There is no such picture. Send it to /menu/images first.").into())
}

fn fresh(place: &Place, id: ItemId) -> Result<Item, ApiError> {
    place.read(|conn| store::item_ever(conn, id)?.ok_or_else(|| gone("The item")))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"category_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11", "name": "Margherita",
    "price_minor": 950, "station": "kitchen"}))]
pub struct NewItem {
    #[garde(skip)]
    pub category_id: CategoryId,
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub price_minor: i64,
    /// Left out: the restaurant's default.
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub tax_rate_bp: Option<i64>,
    /// Left out: kitchen.
    #[garde(skip)]
    pub station: Option<Station>,
    /// Sizes, all there are to be.
    #[garde(length(max = VARIANTS_MAX), dive)]
    #[schema(max_items = 50)]
    pub variants: Option<Vec<VariantInput>>,
    /// Groups of modifiers, in the order they are asked for.
    #[garde(length(max = ITEM_GROUPS_MAX))]
    #[schema(max_items = 20)]
    pub group_ids: Option<Vec<GroupId>>,
    /// Empty takes it away.
    #[serde(default, deserialize_with = "text::clean_some")]
    #[garde(length(chars, max = DESCRIPTION_MAX))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// Codes of the EU's fourteen, or other words.
    #[garde(length(max = ALLERGENS_MAX), inner(inner(length(chars, min = 1, max = ALLERGEN_CHARS_MAX))))]
    #[schema(max_items = 30)]
    pub allergens: Option<Vec<String>>,
    /// The hash `POST /menu/images` gave; empty takes it away.
    #[garde(length(max = IMAGE_CHARS_MAX))]
    #[schema(max_length = 64)]
    pub image: Option<String>,
    #[garde(skip)]
    pub stock_tracked: Option<bool>,
    #[garde(skip)]
    pub made_at: Option<OwnStation>,
}

/// Adds an item at the end of its category.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/items", tag = "menu", operation_id = "add_item",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewItem, responses((status = 201, body = Item)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn add_item(here: Here<needs::MenuWrite>, input: Input<NewItem>) -> Result<Response, ApiError> {
    let new = input.value;
    let known = known_image(&here, new.image.as_deref());
    let write = AddItem {
        id: ItemId::mint(),
        category: new.category_id,
        name: new.name,
        price: Minor(new.price_minor),
        rate: new.tax_rate_bp.unwrap_or(here.settings()?.default_tax_rate_bp),
        station: new.station.unwrap_or_default(),
        with: With {
            variants: variants(new.variants),
            groups: new.group_ids,
            description: new.description,
            allergens: new.allergens.map(allergens_in_order),
            image: new.image,
            stock_tracked: new.stock_tracked,
            made_at: new.made_at.map(|own| MadeAt { station: own.station_id }),
        },
    };
    let done = here.write(&input.meta, known.map(|()| write)).await?;
    let item = fresh(&here, done.answer.id)?;
    Ok(reply::created(&done, item))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemChange {
    #[garde(skip)]
    pub category_id: Option<CategoryId>,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub price_minor: Option<i64>,
    #[garde(range(min = 0, max = RATE_BP_MAX))]
    #[schema(minimum = 0, maximum = 10_000)]
    pub tax_rate_bp: Option<i64>,
    #[garde(skip)]
    pub station: Option<Station>,
    /// False: sold out ("86"). Whoever may only mark items sold out sends this field alone.
    #[garde(skip)]
    pub available: Option<bool>,
    #[garde(range(min = 0, max = POSITION_MAX))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i64>,
    /// Sizes, all there are to be.
    #[garde(length(max = VARIANTS_MAX), dive)]
    #[schema(max_items = 50)]
    pub variants: Option<Vec<VariantInput>>,
    /// Groups of modifiers, in the order they are asked for.
    #[garde(length(max = ITEM_GROUPS_MAX))]
    #[schema(max_items = 20)]
    pub group_ids: Option<Vec<GroupId>>,
    /// Empty takes it away.
    #[serde(default, deserialize_with = "text::clean_some")]
    #[garde(length(chars, max = DESCRIPTION_MAX))]
    #[schema(max_length = 2000)]
    pub description: Option<String>,
    /// Codes of the EU's fourteen, or other words.
    #[garde(length(max = ALLERGENS_MAX), inner(inner(length(chars, min = 1, max = ALLERGEN_CHARS_MAX))))]
    #[schema(max_items = 30)]
    pub allergens: Option<Vec<String>>,
    /// The hash `POST /menu/images` gave; empty takes it away.
    #[garde(length(max = IMAGE_CHARS_MAX))]
    #[schema(max_length = 64)]
    pub image: Option<String>,
    #[garde(skip)]
    pub stock_tracked: Option<bool>,
    #[garde(skip)]
    pub made_at: Option<OwnStation>,
}

impl ItemChange {
    fn is_availability_alone(&self) -> bool {
        matches!(
            self,
            Self {
                category_id: None,
                name: None,
                price_minor: None,
                tax_rate_bp: None,
                station: None,
                available: Some(_),
                position: None,
                variants: None,
                group_ids: None,
                description: None,
                allergens: None,
                image: None,
                stock_tracked: None,
                made_at: None,
            }
        )
    }
}

/// Changes an item. Orders that have it already keep its old name and price.
#[utoipa::path(patch, path = "/restaurants/{rid}/menu/items/{item_id}", tag = "menu", operation_id = "change_item",
    params(("rid" = uuid::Uuid, Path), ("item_id" = uuid::Uuid, Path)),
    request_body = ItemChange, responses((status = 200, body = Item)),
    extensions(("x-permission" = json!("menu.read"))))]
pub async fn change_item(
    here: Here<needs::MenuRead>,
    Path(path): Path<ItemPath>,
    input: Input<ItemChange>,
) -> Result<Response, ApiError> {
    let needed = if input.value.is_availability_alone() { Permission::MenuAvailable } else { Permission::MenuWrite };
    here.may(needed)?;
    let new = input.value;
    let known = known_image(&here, new.image.as_deref());
    let write = ChangeItem {
        id: path.item_id,
        category: new.category_id,
        name: new.name,
        price: new.price_minor.map(Minor),
        rate: new.tax_rate_bp,
        station: new.station,
        available: new.available,
        position: new.position,
        with: With {
            variants: variants(new.variants),
            groups: new.group_ids,
            description: new.description,
            allergens: new.allergens.map(allergens_in_order),
            image: new.image,
            stock_tracked: new.stock_tracked,
            made_at: new.made_at.map(|own| MadeAt { station: own.station_id }),
        },
    };
    let done = here.write(&input.meta, known.map(|()| write)).await?;
    let item = fresh(&here, path.item_id)?;
    Ok(reply::changed(&done, item))
}

/// Takes an item off the menu. What was sold stays as it was sold.
#[utoipa::path(delete, path = "/restaurants/{rid}/menu/items/{item_id}", tag = "menu", operation_id = "archive_item",
    params(("rid" = uuid::Uuid, Path), ("item_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn archive_item(
    here: Here<needs::MenuWrite>,
    Path(path): Path<ItemPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    Ok(reply::gone(&here.write(&meta, Ok(ArchiveItem { id: path.item_id })).await?))
}

/// Whether a size or a modifier can be had.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// False: sold out ("86").
    #[garde(skip)]
    pub available: bool,
}

/// A size is sold out ("86"), or there again.
#[utoipa::path(patch, path = "/restaurants/{rid}/menu/items/{item_id}/variants/{variant_id}", tag = "menu",
    operation_id = "set_variant_available",
    params(("rid" = uuid::Uuid, Path), ("item_id" = uuid::Uuid, Path), ("variant_id" = uuid::Uuid, Path)),
    request_body = Availability, responses((status = 200, body = Item)),
    extensions(("x-permission" = json!("menu.available"))))]
pub async fn set_variant_available(
    here: Here<needs::MenuAvailable>,
    Path(path): Path<VariantPath>,
    input: Input<Availability>,
) -> Result<Response, ApiError> {
    let VariantPath { item_id, variant_id } = path;
    let write = SetVariantAvailable { item: item_id, variant: variant_id, available: input.value.available };
    let done = here.write(&input.meta, Ok(write)).await?;
    let item = fresh(&here, item_id)?;
    Ok(reply::changed(&done, item))
}
