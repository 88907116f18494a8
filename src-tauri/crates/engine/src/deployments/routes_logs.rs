//! The logs of another Comanda: the newest lines, older ones and what came since, as it says them itself.

use axum::Json;
use garde::Validate;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::remote::Remote;
use super::routes::found;
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Here;
use crate::front::input::{Path, Query};
use crate::logs::reading::{Level, Stream};
use crate::logs::routes::{LIMIT_MAX, TEXT_MAX};
use crate::staff::model::needs;

/// A spot there is short.
const SPOT_MAX: usize = 200;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_remote_log_lines))
}

#[derive(Deserialize)]
pub struct RemoteLogPath {
    deployment_id: Uuid,
    stream: Stream,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RemoteLogQuery {
    /// Lines, 1 to 2,000.
    #[garde(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 2_000)]
    limit: Option<u16>,
    /// `older` of a reading: the lines before it.
    #[garde(length(max = SPOT_MAX))]
    #[param(max_length = 200)]
    before: Option<String>,
    /// `newer` of a reading: what came since.
    #[garde(length(max = SPOT_MAX))]
    #[param(max_length = 200)]
    after: Option<String>,
    /// Letters anywhere in the line: a request's id, a path.
    #[garde(length(chars, max = TEXT_MAX))]
    #[param(max_length = 200)]
    q: Option<String>,
    /// This level and worse.
    #[garde(skip)]
    level: Option<Level>,
}

impl RemoteLogQuery {
    fn written(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if let Some(limit) = self.limit {
            query.append_pair("limit", &limit.to_string());
        }
        let texts = [("before", &self.before), ("after", &self.after), ("q", &self.q)];
        for (name, value) in texts.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))) {
            query.append_pair(name, value);
        }
        if let Some(level) = self.level {
            query.append_pair("level", level.as_str());
        }
        query.finish()
    }
}

/// Lines of a log of a Comanda elsewhere, as it says them to who logged in there: see `list_log_lines`.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments/{deployment_id}/logs/{stream}", tag = "deployments",
    operation_id = "list_remote_log_lines",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("stream" = Stream, Path), RemoteLogQuery),
    responses((status = 200, body = Object)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn list_remote_log_lines(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RemoteLogPath>,
    Query(query): Query<RemoteLogQuery>,
) -> Result<Json<Value>, ApiError> {
    let remote = Remote::logged_in(&here.app, &found(&here, path.deployment_id)?)?;
    let asked = format!("/logs/{}?{}", path.stream.as_str(), query.written());
    Ok(Json(remote.asked(Method::GET, &asked, None).await?))
}
