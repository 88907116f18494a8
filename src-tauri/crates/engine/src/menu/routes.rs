//! The menu's endpoints: the whole of it and its categories; items and groups below.

pub mod csv;
mod groups;
pub mod images;
mod items;
mod now;
mod price_lists;
mod sending;

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::{AddCategory, ArchiveCategory, ArrangeMenu, ChangeCategory};
use super::model::{CATEGORIES_MAX, Category, Colour, Hit, ITEMS_MAX, Menu};
use super::store;
use crate::app::App;
use crate::cache::policy;
use crate::error::{ApiError, Refusal};
use crate::front::asked::Asked;
use crate::front::here::Here;
use crate::front::input::{Input, Meta, Path, Query};
use crate::front::reply;
use crate::kernel::ids::{CategoryId, ItemId};
use crate::kernel::text::{self, NAME_MAX};
use crate::staff::model::needs;

/// Positions are counted from 1; gaps do not matter.
const POSITION_MAX: i64 = 1_000_000;
/// Items found when nobody says how many.
const SEARCH_LIMIT: u16 = 30;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_menu))
        .routes(routes!(add_category))
        .routes(routes!(change_category, archive_category))
        .merge(items::routes())
        .merge(groups::routes())
        .merge(now::routes())
        .merge(price_lists::routes())
        .merge(images::routes())
        .merge(csv::routes())
        .merge(sending::routes())
        .routes(routes!(arrange_menu))
        .routes(routes!(search_menu))
}

#[derive(Deserialize)]
pub struct CategoryPath {
    category_id: CategoryId,
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
    #[garde(skip)]
    pub colour: Option<Colour>,
}

/// Adds a category at the end of the menu.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/categories", tag = "menu", operation_id = "add_category",
    params(("rid" = uuid::Uuid, Path)),
    request_body = NewCategory, responses((status = 201, body = Category)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn add_category(here: Here<needs::MenuWrite>, input: Input<NewCategory>) -> Result<Response, ApiError> {
    let write = AddCategory { id: CategoryId::mint(), name: input.value.name, colour: input.value.colour };
    let done = here.write(&input.meta, Ok(write)).await?;
    let id = done.answer.id;
    let category =
        here.read::<_, ApiError>(|conn| store::category_ever(conn, id)?.ok_or_else(|| gone("The category")))?;
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
    #[garde(skip)]
    pub colour: Option<Colour>,
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
    let CategoryChange { name, position, colour } = input.value;
    let write = ChangeCategory { id: path.category_id, name, position, colour };
    let done = here.write(&input.meta, Ok(write)).await?;
    let category = here.read::<_, ApiError>(|conn| {
        store::category_ever(conn, path.category_id)?.ok_or_else(|| gone("The category"))
    })?;
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

/// The new order. Of items, those of one category.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Arrangement {
    #[serde(default)]
    #[garde(length(max = CATEGORIES_MAX as usize))]
    #[schema(max_items = 1000)]
    pub category_ids: Vec<CategoryId>,
    #[serde(default)]
    #[garde(length(max = ITEMS_MAX as usize))]
    #[schema(max_items = 100_000)]
    pub item_ids: Vec<ItemId>,
}

/// Puts categories, or the items of a category, in the order they are named in.
#[utoipa::path(put, path = "/restaurants/{rid}/menu/positions", tag = "menu", operation_id = "arrange_menu",
    params(("rid" = uuid::Uuid, Path)),
    request_body = Arrangement, responses((status = 204)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn arrange_menu(here: Here<needs::MenuWrite>, input: Input<Arrangement>) -> Result<Response, ApiError> {
    let Arrangement { category_ids, item_ids } = input.value;
    let write = ArrangeMenu { categories: category_ids, items: item_ids };
    Ok(reply::gone(&here.write(&input.meta, Ok(write)).await?))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Beginnings of words, in any order; accents and case do not matter.
    #[garde(length(chars, max = NAME_MAX))]
    pub q: String,
    /// 1 to 100; left out: 30.
    #[garde(range(min = 1, max = 100))]
    pub limit: Option<u16>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Hits {
    /// Names that begin as asked first, what is sold out last.
    pub items: Vec<Hit>,
}

/// Finds items by the beginnings of words in their name or category.
#[utoipa::path(get, path = "/restaurants/{rid}/menu/search", tag = "menu", operation_id = "search_menu",
    params(("rid" = uuid::Uuid, Path), SearchQuery),
    responses((status = 200, body = Hits)),
    extensions(("x-permission" = json!("menu.read"))))]
pub async fn search_menu(
    here: Here<needs::MenuRead>,
    Query(query): Query<SearchQuery>,
) -> Result<Json<Hits>, ApiError> {
    let limit = usize::from(query.limit.unwrap_or(SEARCH_LIMIT));
    let items = here.read::<_, ApiError>(|conn| Ok(store::search(conn, &query.q, limit)?))?;
    Ok(Json(Hits { items }))
}
