//! `/queries`: the restaurant's file in figures, its indexes, and what it was asked while somebody recorded.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use garde::Validate;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::heard::{Counted, unheard};
use super::plan::{self, Step};
use super::store::{self, Index};
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Here;
use crate::front::input::Input;
use crate::staff::model::needs;

/// Statements that are shown with their plans.
const SHOWN_MAX: usize = 100;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_queries)).routes(routes!(record_queries, end_recording))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Queries {
    pub file: FileFigures,
    /// Seconds a recording still runs. Null: none does.
    pub recording_left_s: Option<u64>,
    /// What was asked while somebody recorded: what took longest in all is first; 100 at most.
    pub statements: Vec<Statement>,
    pub indexes: Vec<IndexView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct FileFigures {
    pub bytes: u64,
    pub page_bytes: u64,
    pub pages: u64,
    /// Pages that are free for what comes.
    pub free_pages: u64,
    /// What is committed and not in the file itself yet.
    pub wal_bytes: u64,
    /// Reading connections: lent out now, open, and how many may be.
    pub readers_lent: usize,
    pub readers_open: usize,
    pub readers_max: usize,
    /// Writes that wait, and how many may.
    pub writes_waiting: usize,
    pub writes_max: usize,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Statement {
    /// With `?` where values are.
    pub sql: String,
    pub runs: u64,
    /// In whole milliseconds each, so what is quick adds up to nothing.
    pub total_ms: u64,
    pub slowest_ms: u64,
    /// How it would be run now. Empty: it is no statement of this file alone.
    pub plan: Vec<PlanStep>,
}

/// A line of a plan, in SQLite's words.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanStep {
    #[schema(example = "SEARCH orders USING INDEX orders_day (business_date=?)")]
    pub text: String,
    /// How far it is inside another.
    pub depth: u8,
    /// A table is read from end to end.
    pub is_scan: bool,
    /// Rows of that table: as they were counted for the planner, else 10,000 at most. Null: of no table.
    pub rows: Option<u64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DatabaseIndex)]
pub struct IndexView {
    pub name: String,
    pub table: String,
    pub columns: Vec<String>,
    pub is_unique: bool,
    /// Over some of the rows alone.
    pub is_partial: bool,
    /// Statements of the recording that go by it.
    pub used_by: usize,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "minutes": 5 }))]
pub struct Recording {
    /// For so long; it ends by itself.
    #[garde(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    pub minutes: u32,
}

/// The file in figures, its indexes, and what it was asked.
#[utoipa::path(get, path = "/restaurants/{rid}/queries", tag = "health", operation_id = "get_queries",
    params(("rid" = uuid::Uuid, Path)), responses((status = 200, body = Queries)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn get_queries(here: Here<needs::HealthRead>) -> Result<Json<Queries>, ApiError> {
    let looked = tokio::task::spawn_blocking(move || unheard(|| look(&here)));
    Ok(Json(looked.await.map_err(ApiError::internal)??))
}

/// Counts every statement for some minutes, from nothing.
#[utoipa::path(post, path = "/restaurants/{rid}/queries/recording", tag = "health", operation_id = "record_queries",
    params(("rid" = uuid::Uuid, Path)), request_body = Recording, responses((status = 204)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn record_queries(here: Here<needs::HealthWrite>, Input { value, .. }: Input<Recording>) -> StatusCode {
    here.app.instruments.queries.record(Duration::from_secs(u64::from(value.minutes) * 60));
    StatusCode::NO_CONTENT
}

/// Ends a recording; what was counted stays.
#[utoipa::path(delete, path = "/restaurants/{rid}/queries/recording", tag = "health", operation_id = "end_recording",
    params(("rid" = uuid::Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn end_recording(here: Here<needs::HealthWrite>) -> StatusCode {
    here.app.instruments.queries.end();
    StatusCode::NO_CONTENT
}

/// Blocking.
fn look(here: &Here<needs::HealthRead>) -> Result<Queries, ApiError> {
    let (restaurant, queries) = (&here.restaurant, &here.app.instruments.queries);
    let heard = queries.of(&restaurant.id.to_string());
    let left_s = queries.left().map(|left| left.as_secs().max(1));
    let (size, statements, indexes) = restaurant.read::<_, ApiError>(|conn| {
        let indexes = store::indexes(conn)?;
        let heard = heard.into_iter().take(SHOWN_MAX);
        let statements = heard.map(|(sql, counted)| statement(conn, sql, counted, &indexes));
        Ok((store::size(conn)?, statements.collect::<Result<Vec<_>, _>>()?, indexes))
    })?;
    let uses = |statement: &&Statement, name: &str| statement.plan.iter().any(|step| step.text.contains(name));
    let indexes = indexes.into_iter().map(|index| IndexView {
        used_by: statements.iter().filter(|statement| uses(statement, &index.name)).count(),
        name: index.name,
        table: index.table,
        columns: index.columns,
        is_unique: index.is_unique,
        is_partial: index.is_partial,
    });
    let load = restaurant.db.load();
    let wal = restaurant.db.path().with_extension("db-wal");
    let file = FileFigures {
        bytes: size.page_bytes * size.pages,
        page_bytes: size.page_bytes,
        pages: size.pages,
        free_pages: size.free,
        wal_bytes: std::fs::metadata(wal).map_or(0, |wal| wal.len()),
        readers_lent: load.lent,
        readers_open: load.open,
        readers_max: load.open_max,
        writes_waiting: load.queued,
        writes_max: load.queue_max,
    };
    Ok(Queries { file, recording_left_s: left_s, indexes: indexes.collect(), statements })
}

fn statement(conn: &Connection, sql: String, counted: Counted, indexes: &[Index]) -> Result<Statement, ApiError> {
    let ms = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    // An index over some of the rows is read from end to end because all of them are wanted.
    let is_partial = |name: &str| indexes.iter().any(|index| index.name == name && index.is_partial);
    let step = |step: Step| {
        let scanned = step.scans().filter(|_| !step.index().is_some_and(is_partial));
        let rows = scanned.map(|name| store::rows(conn, plan::table_of(&sql, name))).transpose()?.flatten();
        Ok::<_, ApiError>(PlanStep { is_scan: scanned.is_some(), rows, depth: step.depth, text: step.text })
    };
    let plan = store::plan(conn, &sql).into_iter().flatten().map(step).collect::<Result<_, _>>()?;
    Ok(Statement { plan, runs: counted.runs, total_ms: ms(counted.total), slowest_ms: ms(counted.slowest), sql })
}
