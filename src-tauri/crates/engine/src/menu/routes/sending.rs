//! One restaurant's menu sent to others of the same owner: each takes it in as it would take in the file.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::store;
use super::csv::{self, Counts};
use crate::app::{App, Restaurant};
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta};
use crate::kernel::ids::{AccountId, RestaurantId};
use crate::staff::model::{Permission, needs};

/// Restaurants one menu is sent to at a time.
const TO_MAX: usize = 200;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview_menu_sending)).routes(routes!(send_menu))
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": ["01990000-0000-7000-8000-000000000000"]}))]
pub struct MenuSending {
    /// Restaurants of this installation where the caller may bring in a menu.
    #[garde(length(min = 1, max = TO_MAX))]
    #[schema(min_items = 1, max_items = 200)]
    pub to: Vec<RestaurantId>,
}

/// What a restaurant would take in.
#[derive(Debug, Serialize, ToSchema)]
pub struct WouldTake {
    pub restaurant_id: RestaurantId,
    pub name: String,
    pub categories: Counts,
    pub groups: Counts,
    pub items: Counts,
    /// Rows that are so already.
    pub same: usize,
}

/// What a restaurant made of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TookMenu {
    pub restaurant_id: RestaurantId,
    pub name: String,
    /// New or changed.
    pub categories: usize,
    pub groups: usize,
    pub items: usize,
}

/// The restaurants that are meant, each once. Nobody learns of one where they are not on the staff.
fn meant(here: &Place, sending: &MenuSending) -> Result<Vec<Arc<Restaurant>>, ApiError> {
    let own = here.settings()?;
    let mut to = sending.to.clone();
    to.sort_unstable();
    to.dedup();
    let mut meant = Vec::with_capacity(to.len());
    for id in to {
        let found = here.caller.role_at(id).and_then(|role| Some((role, here.app.restaurant(id)?)));
        let (role, restaurant) = found.ok_or_else(|| Refusal::not_found("The restaurant").at("to"))?;
        let settings = restaurant.settings()?;
        let refused = if id == here.restaurant.id {
            Some("A menu is sent to another restaurant than its own.".to_owned())
        } else if !here.caller.may(role, Permission::ImportsWrite) {
            Some(format!("You may not change the menu of {}.", settings.name))
        } else if settings.currency.code != own.currency.code {
            let (there, here) = (settings.currency.code, own.currency.code);
            Some(format!("{} sells in {there}, and these prices are in {here}.", settings.name))
        } else {
            None
        };
        match refused {
            Some(message) => return Err(Refusal::invalid("to", message).into()),
            None => meant.push(restaurant),
        }
    }
    Ok(meant)
}

/// Looks at what sending this menu would do in each restaurant, and changes nothing.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/sending/preview", tag = "menu", operation_id = "preview_menu_sending",
    params(("rid" = uuid::Uuid, Path)), request_body = MenuSending,
    responses((status = 200, body = Vec<WouldTake>)),
    extensions(("x-permission" = json!("imports.write"))))]
pub async fn preview_menu_sending(
    here: Here<needs::ImportsWrite>,
    input: Input<MenuSending>,
) -> Result<Json<Vec<WouldTake>>, ApiError> {
    let (to, from) = (meant(&here, &input.value)?, here.restaurant.clone());
    let look = move || -> Result<Vec<WouldTake>, ApiError> {
        let file = Bytes::from(csv::written(&from)?);
        let would = |restaurant: Arc<Restaurant>| -> Result<WouldTake, ApiError> {
            let seen = csv::look(&restaurant, &file)?;
            Ok(WouldTake {
                restaurant_id: restaurant.id,
                name: restaurant.settings()?.name.clone(),
                categories: seen.categories,
                groups: seen.groups,
                items: seen.items,
                same: seen.same,
            })
        };
        to.into_iter().map(would).collect()
    };
    tokio::task::spawn_blocking(look).await.map_err(ApiError::internal)?.map(Json)
}

/// Sends this menu to other restaurants, with its pictures. Each takes in all of it or nothing, things known by their
/// names; what it has besides stays. The same menu again changes nothing, so a sending that broke off is repeated.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/sending", tag = "menu", operation_id = "send_menu",
    params(("rid" = uuid::Uuid, Path)), request_body = MenuSending,
    responses((status = 200, body = Vec<TookMenu>)),
    extensions(("x-permission" = json!("imports.write"))))]
pub async fn send_menu(
    here: Here<needs::ImportsWrite>,
    input: Input<MenuSending>,
) -> Result<Json<Vec<TookMenu>>, ApiError> {
    let to = meant(&here, &input.value)?;
    let (from, actor, meta) = (here.restaurant.clone(), here.caller.account_id, input.meta);
    let send = move || -> Result<Vec<TookMenu>, ApiError> {
        let file = Bytes::from(csv::written(&from)?);
        let menu = from.read::<_, ApiError>(|conn| Ok(store::menu(conn)?))?;
        let items = menu.categories.into_iter().flat_map(|category| category.items);
        let pictures: BTreeSet<String> = items.filter_map(|item| item.image).collect();
        let take = |restaurant: &Arc<Restaurant>| -> Result<TookMenu, ApiError> {
            // First, so that no item names a picture that is not there.
            take_pictures(&from, restaurant, &pictures)?;
            take(restaurant, actor, &meta, &file)
        };
        to.iter().map(take).collect()
    };
    tokio::task::spawn_blocking(send).await.map_err(ApiError::internal)?.map(Json)
}

/// Pictures one restaurant has not got come over from another. Blocking.
fn take_pictures(from: &Restaurant, to: &Restaurant, hashes: &BTreeSet<String>) -> Result<(), ApiError> {
    for hash in hashes {
        if to.read::<_, ApiError>(|conn| Ok(store::has_image(conn, hash)?))? {
            continue;
        }
        if let Some(image) = from.read::<_, ApiError>(|conn| Ok(store::image(conn, hash)?))? {
            let hash = hash.clone();
            to.db.local_blocking(move |tx| store::keep_image(tx, &hash, &image.media_type, &image.bytes))?;
        }
    }
    Ok(())
}

/// One restaurant takes the menu in. Blocking.
fn take(to: &Arc<Restaurant>, actor: AccountId, meta: &Meta, file: &Bytes) -> Result<TookMenu, ApiError> {
    let brought = csv::bring_in(to, actor, meta, file, false)?.answer;
    Ok(TookMenu {
        restaurant_id: to.id,
        name: to.settings()?.name.clone(),
        categories: brought.categories,
        groups: brought.groups,
        items: brought.items,
    })
}
