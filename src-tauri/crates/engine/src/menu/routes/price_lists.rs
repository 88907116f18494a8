//! Price lists.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::commands::{ArchivePriceList, PutPriceList};
use super::super::model::{DAY_MINUTES, Hours, LISTED_MAX, Listed, PRIORITY_MAX, PriceList};
use super::super::store;
use super::gone;
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::front::reply;
use crate::kernel::ids::{ItemId, PriceListId, VariantId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX};
use crate::kernel::text::{self, NAME_MAX};
use crate::kernel::time::parse_date;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_price_lists, add_price_list))
        .routes(routes!(change_price_list, archive_price_list))
}

#[derive(Deserialize)]
pub struct ListPath {
    list_id: PriceListId,
}

/// Other prices at certain times, on the restaurant's wall clock.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = PriceList)]
pub struct PriceListView {
    pub id: PriceListId,
    pub name: String,
    /// 1 Monday to 7 Sunday; empty: every day.
    pub days: Vec<u8>,
    /// Of the day, with `to_minute`; both null: all day.
    pub from_minute: Option<i64>,
    /// Not above `from_minute`: on the day after.
    pub to_minute: Option<i64>,
    /// The first day it begins on.
    pub from_date: Option<String>,
    /// The last day it begins on.
    pub to_date: Option<String>,
    /// Where several lists have a price, the highest one's is taken.
    pub priority: i64,
    pub paused: bool,
    pub prices: Vec<Listed>,
}

impl From<PriceList> for PriceListView {
    fn from(list: PriceList) -> Self {
        let Hours { days, minutes, from_date, to_date } = list.hours;
        let is_on = |day: &u8| days.is_some_and(|days| days & (1 << (day - 1)) != 0);
        PriceListView {
            id: list.id,
            name: list.name,
            days: (1..=7).filter(is_on).collect(),
            from_minute: minutes.map(|minutes| minutes.0),
            to_minute: minutes.map(|minutes| minutes.1),
            from_date: from_date.map(|date| date.to_string()),
            to_date: to_date.map(|date| date.to_string()),
            priority: list.priority,
            paused: list.paused,
            prices: list.prices,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PriceLists {
    pub price_lists: Vec<PriceListView>,
}

fn fresh(place: &Place, id: PriceListId) -> Result<PriceListView, ApiError> {
    place.read(|conn| store::price_list_ever(conn, id)?.map(Into::into).ok_or_else(|| gone("The price list")))
}

/// Every price list, the most urgent first.
#[utoipa::path(get, path = "/restaurants/{rid}/menu/price-lists", tag = "menu", operation_id = "list_price_lists",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 200, body = PriceLists)),
    extensions(("x-permission" = json!("menu.read"))))]
pub async fn list_price_lists(here: Here<needs::MenuRead>) -> Result<Json<PriceLists>, ApiError> {
    let lists = here.read::<_, ApiError>(|conn| Ok(store::price_lists(conn)?))?;
    Ok(Json(PriceLists { price_lists: lists.into_iter().map(Into::into).collect() }))
}

#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedInput {
    #[garde(skip)]
    pub item_id: ItemId,
    /// The size, where the item has sizes.
    #[garde(skip)]
    pub variant_id: Option<VariantId>,
    #[garde(range(min = 0, max = PRICE_MINOR_MAX))]
    #[schema(minimum = 0)]
    pub price_minor: i64,
}

/// A price list as it is to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Happy hour", "days": [1, 2, 3, 4, 5], "from_minute": 1020, "to_minute": 1140,
    "prices": [{"item_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11", "price_minor": 500}]}))]
pub struct PriceListInput {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// 1 Monday to 7 Sunday; left out or empty: every day.
    #[serde(default)]
    #[garde(length(max = 7), inner(range(min = 1, max = 7)))]
    #[schema(max_items = 7)]
    pub days: Vec<u8>,
    /// Minutes of the day; left out with `to_minute`: all day.
    #[garde(range(min = 0, max = DAY_MINUTES - 1))]
    #[schema(minimum = 0, maximum = 1439)]
    pub from_minute: Option<i64>,
    /// Not above `from_minute`: on the day after.
    #[garde(range(min = 0, max = DAY_MINUTES))]
    #[schema(minimum = 0, maximum = 1440)]
    pub to_minute: Option<i64>,
    #[garde(skip)]
    pub from_date: Option<String>,
    #[garde(skip)]
    pub to_date: Option<String>,
    #[garde(range(min = -PRIORITY_MAX, max = PRIORITY_MAX))]
    #[schema(minimum = -100, maximum = 100)]
    pub priority: Option<i64>,
    #[serde(default)]
    #[garde(skip)]
    pub paused: bool,
    #[serde(default)]
    #[garde(length(max = LISTED_MAX), dive)]
    #[schema(max_items = 10_000)]
    pub prices: Vec<ListedInput>,
}

impl PriceListInput {
    fn list(self, id: PriceListId) -> Result<PriceList, Refusal> {
        let minutes = match (self.from_minute, self.to_minute) {
            (Some(from), Some(to)) => Some((from, to)),
            (None, None) => None,
            (Some(_), None) => return Err(Refusal::invalid("to_minute", "Say until when, or leave both out.")),
            (None, Some(_)) => return Err(Refusal::invalid("from_minute", "Say from when, or leave both out.")),
        };
        let date = |field: &str, text: &Option<String>| match text {
            Some(text) => parse_date(field, text).map(Some),
            None => Ok(None),
        };
        let (from_date, to_date) = (date("from_date", &self.from_date)?, date("to_date", &self.to_date)?);
        if from_date.zip(to_date).is_some_and(|(from, to)| to < from) {
            return Err(Refusal::invalid("to_date", "The last day is before the first."));
        }
        let days = self.days.iter().fold(0_u8, |days, day| days | 1 << (day - 1));
        let listed = |listed: ListedInput| Listed {
            item_id: listed.item_id,
            variant_id: listed.variant_id,
            price_minor: Minor(listed.price_minor),
        };
        Ok(PriceList {
            id,
            name: self.name,
            hours: Hours { days: (days != 0 && days != 0x7f).then_some(days), minutes, from_date, to_date },
            priority: self.priority.unwrap_or(0),
            paused: self.paused,
            prices: self.prices.into_iter().map(listed).collect(),
        })
    }
}

/// Adds a price list.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/price-lists", tag = "menu", operation_id = "add_price_list",
    params(("rid" = uuid::Uuid, Path)),
    request_body = PriceListInput, responses((status = 201, body = PriceListView)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn add_price_list(here: Here<needs::MenuWrite>, input: Input<PriceListInput>) -> Result<Response, ApiError> {
    let list = input.value.list(PriceListId::mint())?;
    let done = here.write(&input.meta, Ok(PutPriceList { list, new: true })).await?;
    let list = fresh(&here, done.answer.id)?;
    Ok(reply::created(&done, list))
}

/// Puts a price list as it is to be. What was sold keeps its price.
#[utoipa::path(put, path = "/restaurants/{rid}/menu/price-lists/{list_id}", tag = "menu",
    operation_id = "change_price_list",
    params(("rid" = uuid::Uuid, Path), ("list_id" = uuid::Uuid, Path)),
    request_body = PriceListInput, responses((status = 200, body = PriceListView)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn change_price_list(
    here: Here<needs::MenuWrite>,
    Path(path): Path<ListPath>,
    input: Input<PriceListInput>,
) -> Result<Response, ApiError> {
    let list = input.value.list(path.list_id)?;
    let done = here.write(&input.meta, Ok(PutPriceList { list, new: false })).await?;
    let list = fresh(&here, path.list_id)?;
    Ok(reply::changed(&done, list))
}

/// Takes a price list away. What was sold keeps its price.
#[utoipa::path(delete, path = "/restaurants/{rid}/menu/price-lists/{list_id}", tag = "menu",
    operation_id = "archive_price_list",
    params(("rid" = uuid::Uuid, Path), ("list_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn archive_price_list(
    here: Here<needs::MenuWrite>,
    Path(path): Path<ListPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    Ok(reply::gone(&here.write(&meta, Ok(ArchivePriceList { id: path.list_id })).await?))
}
