//! The endpoints of several restaurants together.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::AddRestaurant;
use super::model::{Branch, BranchDay, CurrencySales, Sales, by_currency};
use crate::app::{App, Restaurant};
use crate::error::ApiError;
use crate::front::here::{AtDesk, Somewhere};
use crate::front::input::{Input, Query};
use crate::front::reply;
use crate::installation::setup::{self, NewRestaurant};
use crate::kernel::ids::RestaurantId;
use crate::reports::model::Range;
use crate::reports::routes::DaysQuery;
use crate::reports::store::{before, by_day};
use crate::staff::model::{Permission, needs};
use crate::today;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(add_restaurant)).routes(routes!(get_chain_sales))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"restaurant": {"name": "Trattoria al Porto", "currency": "EUR", "time_zone": "Europe/Rome",
    "day_cutoff_minute": 240, "tax_mode": "inclusive", "tax_rate_bp": 1000, "locale": "en"}}))]
pub struct AnotherRestaurant {
    #[garde(dive)]
    pub restaurant: NewRestaurant,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RestaurantAdded {
    pub restaurant_id: RestaurantId,
}

/// Adds a restaurant to this installation, empty. Whoever adds it owns it, with the log-in they have.
#[utoipa::path(post, path = "/restaurants", tag = "chain", operation_id = "add_restaurant",
    request_body = AnotherRestaurant, responses((status = 201, body = RestaurantAdded)),
    extensions(("x-permission" = json!("restaurants.write"))))]
pub async fn add_restaurant(
    State(app): State<App>,
    _at_desk: AtDesk,
    by: Somewhere<needs::RestaurantsWrite>,
    input: Input<AnotherRestaurant>,
) -> Result<Response, ApiError> {
    let (owner, meta) = (by.caller.account_id, &input.meta);
    let restaurant_id = RestaurantId::mint();
    let was_asked = meta.has_key() && app.installation.known(meta.id(owner.0))?.is_some();
    if !was_asked {
        setup::make(&app, &input.value.restaurant, restaurant_id, (owner, &by.caller.name)).await?;
    }
    let add = AddRestaurant { restaurant_id, account_id: owner };
    let done = app.write(&app.installation, owner.0, meta, Ok(add)).await;
    if done.as_ref().map_or(true, |done| done.answer != restaurant_id) {
        // Refused, or somebody else was first: the file is of no restaurant, and the next start sets it aside.
        app.forget_restaurant(restaurant_id);
    }
    let done = done?;
    Ok(reply::created(&done, RestaurantAdded { restaurant_id: done.answer }))
}

/// What all restaurants sold.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChainSales {
    /// Those where the caller may read reports, by name.
    pub restaurants: Vec<Branch>,
    /// By currency: money of two is never added.
    pub sums: Vec<CurrencySales>,
}

/// What each of the caller's restaurants sold on the same days, and all of them together. Days that are left out are
/// each restaurant's own business day now.
#[utoipa::path(get, path = "/chain/sales", tag = "chain", operation_id = "get_chain_sales",
    params(DaysQuery), responses((status = 200, body = ChainSales)),
    extensions(("x-permission" = json!("reports.read"))))]
pub async fn get_chain_sales(
    by: Somewhere<needs::ReportsRead>,
    Query(days): Query<DaysQuery>,
) -> Result<Json<ChainSales>, ApiError> {
    let read = move || -> Result<ChainSales, ApiError> {
        let mut restaurants = Vec::new();
        for (id, _, role) in &by.caller.places {
            let Some(restaurant) = by.app.restaurant(*id) else { continue };
            if by.caller.may(*role, Permission::ReportsRead) {
                restaurants.push(branch(&restaurant, &days, by.app.clock.now_ms())?);
            }
        }
        restaurants.sort_by(|a, b| a.name.cmp(&b.name).then(a.restaurant_id.cmp(&b.restaurant_id)));
        Ok(ChainSales { sums: by_currency(&restaurants), restaurants })
    };
    tokio::task::spawn_blocking(read).await.map_err(ApiError::internal)?.map(Json)
}

fn branch(restaurant: &Restaurant, days: &DaysQuery, now_ms: i64) -> Result<Branch, ApiError> {
    let settings = restaurant.settings()?;
    let range = Range::of(days.from.as_deref(), days.to.as_deref(), settings.business_date(now_ms))?;
    let (from, to) = range.words();
    restaurant.read(|conn| {
        let totals = today::store::of_days(conn, &from, &to)?;
        let sales = Sales {
            orders: totals.orders,
            covers: totals.covers,
            gross_minor: totals.gross_minor,
            net_minor: totals.net_minor,
            tax_minor: totals.tax_minor,
            discounts_minor: totals.discounts_minor,
            refunds_minor: totals.refunds.minor,
            tips_minor: totals.tips_minor,
            before_minor: before(conn, &range.before())?.gross_minor,
        };
        let days = by_day(conn, &range)?.into_iter().map(|day| BranchDay {
            business_date: day.business_date,
            orders: day.orders,
            gross_minor: day.gross_minor,
        });
        Ok(Branch {
            restaurant_id: restaurant.id,
            name: settings.name.clone(),
            currency: settings.currency.code,
            exponent: settings.currency.exponent,
            average_minor: Branch::average(&sales),
            sales,
            days: days.collect(),
            from: from.clone(),
            to: to.clone(),
        })
    })
}
