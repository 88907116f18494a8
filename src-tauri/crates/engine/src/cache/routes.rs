//! `/cache`: how keeping answers works, and letting go of them. It belongs to the engine, not to a restaurant.
//!
//! Clearing changes no answer: what is asked for next is made anew.

use axum::Json;
use axum::http::StatusCode;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::disk::{self, Disk};
use super::policy::Tag;
use crate::app::App;
use crate::front::here::Somewhere;
use crate::front::input::Query;
use crate::health::model::share_bp;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_cache, clear_cache))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CacheFigures {
    /// Answers in memory.
    pub entries: u64,
    pub bytes: u64,
    pub bytes_max: u64,
    /// Given without being made, since the engine started.
    pub hits: u64,
    pub made: u64,
    /// Of 10,000.
    pub hit_rate_bp: u64,
    pub tags: Vec<CacheTagFigures>,
    /// Null: this engine keeps answers in memory alone.
    pub disk: Option<disk::Figures>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CacheTagFigures {
    pub tag: Tag,
    pub entries: u64,
    pub bytes: u64,
    pub hits: u64,
    pub made: u64,
    pub hit_rate_bp: u64,
}

/// How keeping answers ready works, by what they are about.
#[utoipa::path(get, path = "/cache", tag = "cache", operation_id = "get_cache",
    responses((status = 200, body = CacheFigures)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn get_cache(who: Somewhere<needs::HealthRead>) -> Json<CacheFigures> {
    let answers = &who.app.answers;
    let all = answers.figures();
    let tags = answers.figures_by_tag().into_iter().map(|(tag, one)| CacheTagFigures {
        tag,
        entries: one.entries,
        bytes: one.bytes,
        hits: one.hits,
        made: one.made,
        hit_rate_bp: share_bp(one.hits, one.hits + one.made),
    });
    Json(CacheFigures {
        entries: all.entries,
        bytes: all.bytes,
        bytes_max: super::BYTES_MAX,
        hits: all.hits,
        made: all.made,
        hit_rate_bp: share_bp(all.hits, all.hits + all.made),
        tags: tags.collect(),
        disk: answers.disk().map(Disk::figures),
    })
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClearQuery {
    /// What the answers are about. Left out: all of them.
    #[garde(skip)]
    pub tag: Option<Tag>,
}

/// Lets go of kept answers, in memory and on disk. The next ones are made anew.
#[utoipa::path(delete, path = "/cache", tag = "cache", operation_id = "clear_cache",
    params(ClearQuery),
    responses((status = 204)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn clear_cache(who: Somewhere<needs::HealthWrite>, Query(query): Query<ClearQuery>) -> StatusCode {
    who.app.answers.clear(query.tag);
    tracing::info!(account = %who.caller.account_id.0, tag = ?query.tag, "kept answers were let go of");
    StatusCode::NO_CONTENT
}
