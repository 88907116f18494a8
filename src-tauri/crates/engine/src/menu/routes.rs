//! The menu's endpoints.

use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::{AddCategory, AddItem, ArchiveCategory, ArchiveItem, ChangeCategory, ChangeItem};
use super::model::{Category, Item, Menu};
use super::store;
use crate::app::App;
use crate::cache::policy;
use crate::error::{ApiError, Refusal};
use crate::front::asked::Asked;
use crate::front::here::Here;
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::{CategoryId, ItemId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX, RATE_BP_MAX};
use crate::kernel::text::{self, NAME_MAX};
use crate::orders::model::Station;
use crate::staff::model::{Permission, needs};

/// Positions are counted from 1; gaps do not matter.
const POSITION_MAX: i64 = 1_000_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_menu))
        .routes(routes!(add_category))
        .routes(routes!(change_category, archive_category))
        .routes(routes!(add_item))
        .routes(routes!(change_item, archive_item))
}

#[derive(Deserialize)]
pub struct CategoryPath {
    category_id: CategoryId,
}

#[derive(Deserialize)]
pub struct ItemPath {
    item_id: ItemId,
}

fn gone(what: &str) -> ApiError {
    Refusal::not_found(what).into()
}

/// The whole menu, categories and items in their order.
#[utoipa::path(get, path = "/restaurants/{rid}/menu", tag = "menu", operation_id = "get_menu",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = Menu)),
    extensions(("x-permission" = json!("menu.read"))))]
pub async fn get_menu(asked: Asked<needs::MenuRead>) -> Result<Response, ApiError> {
    asked.answer(&policy::MENU, |view, _| Ok(store::menu(view.conn)?)).await
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Pizza"}))]
pub struct NewCategory {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
}

/// Adds a category at the end of the menu.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/categories", tag = "menu", operation_id = "add_category",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewCategory, responses((status = 201, body = Category)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn add_category(here: Here<needs::MenuWrite>, input: Input<NewCategory>) -> Result<Response, ApiError> {
    let write = AddCategory { id: CategoryId::mint(), name: input.value.name };
    let done = here.write(&input.meta, Ok(write)).await?;
    let id = done.answer.id;
    let category = here.read::<_, ApiError>(|conn| store::category(conn, id)?.ok_or_else(|| gone("The category")))?;
    Ok(reply::created(&done, category))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryChange {
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    #[garde(range(min = 0, max = POSITION_MAX))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub position: Option<i64>,
}

/// Renames or moves a category.
#[utoipa::path(patch, path = "/restaurants/{rid}/menu/categories/{category_id}", tag = "menu",
    operation_id = "change_category",
    params(("rid" = uuid::Uuid, Path), ("category_id" = uuid::Uuid, Path)),
    request_body = CategoryChange, responses((status = 200, body = Category)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn change_category(
    here: Here<needs::MenuWrite>,
    Path(path): Path<CategoryPath>,
    input: Input<CategoryChange>,
) -> Result<Response, ApiError> {
    let CategoryChange { name, position } = input.value;
    let done = here.write(&input.meta, Ok(ChangeCategory { id: path.category_id, name, position })).await?;
    let category =
        here.read::<_, ApiError>(|conn| store::category(conn, path.category_id)?.ok_or_else(|| gone("The category")))?;
    Ok(reply::changed(&done, category))
}

/// Takes a category and its items off the menu. What was sold stays as it was sold.
#[utoipa::path(delete, path = "/restaurants/{rid}/menu/categories/{category_id}", tag = "menu",
    operation_id = "archive_category",
    params(("rid" = uuid::Uuid, Path), ("category_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn archive_category(
    here: Here<needs::MenuWrite>,
    Path(path): Path<CategoryPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    Ok(reply::gone(&here.write(&meta, Ok(ArchiveCategory { id: path.category_id })).await?))
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
}

/// Adds an item at the end of its category.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/items", tag = "menu", operation_id = "add_item",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewItem, responses((status = 201, body = Item)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn add_item(here: Here<needs::MenuWrite>, input: Input<NewItem>) -> Result<Response, ApiError> {
    let NewItem { category_id, name, price_minor, tax_rate_bp, station } = input.value;
    let write = AddItem {
        id: ItemId::mint(),
        category: category_id,
        name,
        price: Minor(price_minor),
        rate: tax_rate_bp.unwrap_or(here.settings()?.default_tax_rate_bp),
        station: station.unwrap_or_default(),
    };
    let done = here.write(&input.meta, Ok(write)).await?;
    let id = done.answer.id;
    let item = here.read::<_, ApiError>(|conn| store::item(conn, id)?.ok_or_else(|| gone("The item")))?;
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
                position: None
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
    let ItemChange { category_id, name, price_minor, tax_rate_bp, station, available, position } = input.value;
    let write = ChangeItem {
        id: path.item_id,
        category: category_id,
        name,
        price: price_minor.map(Minor),
        rate: tax_rate_bp,
        station,
        available,
        position,
    };
    let done = here.write(&input.meta, Ok(write)).await?;
    let item = here.read::<_, ApiError>(|conn| store::item(conn, path.item_id)?.ok_or_else(|| gone("The item")))?;
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
