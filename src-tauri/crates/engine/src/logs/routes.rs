//! `/logs/{stream}`: the newest lines, older ones, and what came since.

use std::io;

use axum::Json;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::reading::{self, Level, LogLine, Slice, Spot, Stream, Wish};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::Somewhere;
use crate::front::input::{Path, Query};
use crate::kernel::page;
use crate::staff::model::needs;

/// Lines at once when nobody says, and at most.
const LIMIT_DEFAULT: u16 = 200;
pub const LIMIT_MAX: u16 = 2_000;
/// Nobody looks for more letters.
pub const TEXT_MAX: usize = 200;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_log_lines))
}

#[derive(Deserialize)]
pub struct StreamPath {
    stream: Stream,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogQuery {
    /// Lines, 1 to 2,000.
    #[garde(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 2_000)]
    limit: Option<u16>,
    /// `older` of a reading: the lines before it.
    #[garde(skip)]
    before: Option<String>,
    /// `newer` of a reading: what came since.
    #[garde(skip)]
    after: Option<String>,
    /// Letters anywhere in the line: a request's id, a path.
    #[garde(length(chars, max = TEXT_MAX))]
    #[param(max_length = 200)]
    q: Option<String>,
    /// This level and worse.
    #[garde(skip)]
    level: Option<Level>,
}

/// Lines of a log, the oldest first. Fewer than asked for may come with an `older`: the search is
/// bounded and goes on there.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogLines {
    pub stream: Stream,
    pub items: Vec<LogLine>,
    /// Give it back as `before`; null: nothing is older.
    pub older: Option<String>,
    /// Give it back as `after`; null: there is no log yet.
    pub newer: Option<String>,
    /// What all logs take on the disk.
    pub stored_bytes: u64,
}

/// The newest lines of a log, those before one of them, or those after.
#[utoipa::path(get, path = "/logs/{stream}", tag = "logs", operation_id = "list_log_lines",
    params(("stream" = Stream, Path), LogQuery),
    responses((status = 200, body = LogLines)),
    extensions(("x-permission" = json!("logs.read"))))]
pub async fn list_log_lines(
    who: Somewhere<needs::LogsRead>,
    Path(path): Path<StreamPath>,
    Query(query): Query<LogQuery>,
) -> Result<Json<LogLines>, ApiError> {
    if query.before.is_some() && query.after.is_some() {
        return Err(Refusal::invalid("after", "Ask for what is before a spot or after it, not both.").into());
    }
    let [before, after] = [("before", query.before), ("after", query.after)].map(|(field, spot)| {
        spot.map(|spot| page::decode::<Spot>(&spot).map_err(|refusal| refusal.at(field))).transpose()
    });
    let (before, after) = (before?, after?);
    let limit = usize::from(query.limit.unwrap_or(LIMIT_DEFAULT));
    let wish = Wish { text: query.q.filter(|text| !text.is_empty()), level: query.level };
    let folder = super::folder(&who.app.data_dir);
    let found = tokio::task::spawn_blocking(move || -> io::Result<(Slice, u64)> {
        let slice = match after {
            Some(spot) => reading::after(&folder, path.stream, spot, &wish, limit)?,
            None => reading::before(&folder, path.stream, before, &wish, limit)?,
        };
        Ok((slice, reading::bytes(&folder).unwrap_or(0)))
    });
    let (slice, stored_bytes) = found.await.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
    let text = |spot: Option<Spot>| spot.map(|spot| page::encode(&spot));
    let (older, newer) = (text(slice.older), text(slice.newer));
    Ok(Json(LogLines { stream: path.stream, items: slice.lines, older, newer, stored_bytes }))
}
