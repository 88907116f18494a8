//! `/limits`: how often somebody may ask, who asked too often, and other quotas. Of the engine, not of a restaurant.

use std::net::Ipv6Addr;

use axum::Json;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::model::{CountedBy, Name, Quota, TABLE, Who};
use super::{pace, store};
use crate::api_keys::store as keys;
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Somewhere;
use crate::front::input::{Input, Meta, Path};
use crate::installation::store as accounts;
use crate::kernel::ids::AccountId;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_limits)).routes(routes!(change_limit, reset_limit))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Limits {
    /// False: nobody is limited (`RATE_LIMIT_ENABLED`).
    pub is_on: bool,
    pub now_ms: i64,
    pub limiters: Vec<LimiterView>,
    /// The last ones, the latest first.
    pub refused: Vec<RefusedView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Limiter)]
pub struct LimiterView {
    pub name: Name,
    pub counted_by: CountedBy,
    /// So many at once; they come back evenly over the window.
    pub requests: u32,
    pub window_s: u32,
    pub usual_requests: u32,
    pub usual_window_s: u32,
    /// Since the engine started.
    pub allowed: u64,
    pub refused: u64,
    /// How many are counted now.
    pub keys: u64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LimitRefusal)]
pub struct RefusedView {
    pub limiter: Name,
    pub kind: RefusedKind,
    /// An address or a name; never a token. Null: it is gone since.
    pub who: Option<String>,
    pub times: u64,
    /// The last time.
    pub at_ms: i64,
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefusedKind {
    Person,
    Device,
    Key,
    Restaurant,
    Address,
}

fn limiter(app: &App, name: Name) -> LimiterView {
    let (figures, usual) = (app.limits.figures(name), app.limits.usual(name));
    LimiterView {
        name,
        counted_by: TABLE[name as usize].by,
        requests: figures.quota.requests,
        window_s: figures.quota.window_s,
        usual_requests: usual.requests,
        usual_window_s: usual.window_s,
        allowed: figures.allowed,
        refused: figures.refused,
        keys: figures.keys as u64,
    }
}

fn refused(app: &App, one: pace::Refused) -> Result<RefusedView, ApiError> {
    let (kind, who) = match one.who {
        Who::Address(octets) => {
            let wide = Ipv6Addr::from(octets);
            let text = wide.to_ipv4_mapped().map_or_else(|| format!("{wide}/64"), |v4| v4.to_string());
            (RefusedKind::Address, Some(text))
        }
        Who::Person(id) => {
            let account = app.installation.read(|conn| accounts::account_by_id(conn, AccountId(id)))?;
            (RefusedKind::Person, account.map(|account| account.name))
        }
        Who::Device(_) => (RefusedKind::Device, None),
        Who::Key(id) => (RefusedKind::Key, app.installation.read(|conn| keys::name(conn, id))?),
        Who::Restaurant(id) => {
            let restaurant = app.restaurants().into_iter().find(|restaurant| restaurant.id.0 == id);
            let settings = restaurant.map(|restaurant| restaurant.settings()).transpose()?;
            (RefusedKind::Restaurant, settings.map(|settings| settings.name.clone()))
        }
    };
    Ok(RefusedView { limiter: one.name, kind, who, times: one.times, at_ms: one.at_ms })
}

/// How often somebody may ask, how often that was used up, and who was refused last.
#[utoipa::path(get, path = "/limits", tag = "limits", operation_id = "list_limits",
    responses((status = 200, body = Limits)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn list_limits(who: Somewhere<needs::HealthRead>) -> Result<Json<Limits>, ApiError> {
    let app = &who.app;
    Ok(Json(Limits {
        is_on: app.limits.is_on(),
        now_ms: app.clock.now_ms(),
        limiters: TABLE.iter().map(|rule| limiter(app, rule.name)).collect(),
        refused: app.limits.refused().into_iter().map(|one| refused(app, one)).collect::<Result<_, _>>()?,
    }))
}

#[derive(Deserialize)]
pub struct LimitPath {
    limiter: Name,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"requests": 200, "window_s": 900}))]
pub struct NewQuota {
    /// So many at once.
    #[garde(skip)]
    #[schema(minimum = 1, maximum = 1000000)]
    pub requests: u32,
    /// Over so many seconds they come back.
    #[garde(skip)]
    #[schema(minimum = 1, maximum = 86400)]
    pub window_s: u32,
}

/// Another quota, from the next request on; everybody begins it afresh.
#[utoipa::path(put, path = "/limits/{limiter}", tag = "limits", operation_id = "change_limit",
    params(("limiter" = Name, Path)), request_body = NewQuota,
    responses((status = 200, body = LimiterView)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn change_limit(
    who: Somewhere<needs::HealthWrite>,
    Path(path): Path<LimitPath>,
    input: Input<NewQuota>,
) -> Result<Json<LimiterView>, ApiError> {
    let NewQuota { requests, window_s } = input.value;
    let (name, quota) = (path.limiter, Quota { requests, window_s }.checked()?);
    who.app.installation.local(move |tx| store::choose(tx, name, quota)).await?;
    who.app.limits.set(name, quota);
    tracing::info!(account = %who.caller.account_id.0, limiter = name.as_str(), requests, window_s, "another quota");
    Ok(Json(limiter(&who.app, name)))
}

/// The usual quota again.
#[utoipa::path(delete, path = "/limits/{limiter}", tag = "limits", operation_id = "reset_limit",
    params(("limiter" = Name, Path)),
    responses((status = 200, body = LimiterView)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn reset_limit(
    who: Somewhere<needs::HealthWrite>,
    Path(path): Path<LimitPath>,
    _: Meta,
) -> Result<Json<LimiterView>, ApiError> {
    let name = path.limiter;
    who.app.installation.local(move |tx| store::forget(tx, name)).await?;
    who.app.limits.set(name, who.app.limits.usual(name));
    tracing::info!(account = %who.caller.account_id.0, limiter = name.as_str(), "the usual quota");
    Ok(Json(limiter(&who.app, name)))
}
