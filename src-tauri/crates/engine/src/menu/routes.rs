//! The menu's endpoints: the whole of it and its categories; items and groups below.

mod groups;
mod items;
mod now;

use axum::response::Response;
use garde::Validate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::{AddCategory, ArchiveCategory, ChangeCategory};
use super::model::{Category, Menu};
use super::store;
use crate::app::App;
use crate::cache::policy;
use crate::error::{ApiError, Refusal};
use crate::front::asked::Asked;
use crate::front::here::Here;
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::CategoryId;
use crate::kernel::text::{self, NAME_MAX};
use crate::staff::model::needs;

/// Positions are counted from 1; gaps do not matter.
const POSITION_MAX: i64 = 1_000_000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_menu))
        .routes(routes!(add_category))
        .routes(routes!(change_category, archive_category))
        .merge(items::routes())
        .merge(groups::routes())
        .merge(now::routes())
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
