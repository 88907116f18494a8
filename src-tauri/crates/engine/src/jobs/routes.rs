//! `/jobs`: what the engine does by itself. It belongs to the engine, not to a restaurant.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::list::Kind;
use super::model::{self, Run, State, Why};
use super::{desk, store};
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::Somewhere;
use crate::front::input::{Input, Path, Query};
use crate::kernel::page::{Page, Wanted};
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(list_job_runs))
        .routes(routes!(run_job))
        .routes(routes!(schedule_job))
        .routes(routes!(cancel_job_run))
        .routes(routes!(repeat_job_run))
}

#[derive(Serialize, ToSchema)]
pub struct Jobs {
    pub now_ms: i64,
    pub items: Vec<Job>,
}

#[derive(Serialize, ToSchema)]
pub struct Job {
    pub name: &'static str,
    /// Minute, hour, day, month, weekday, on the clock of the first restaurant.
    pub pattern: String,
    pub usual_pattern: &'static str,
    pub paused: bool,
    /// Null: never, it is paused.
    pub next_ms: Option<i64>,
    pub tries: u32,
    /// The run that waits or runs.
    pub open: Option<Run>,
    /// The last one that ended.
    pub last: Option<Run>,
}

fn job(app: &App, kind: &Kind) -> Result<Job, ApiError> {
    let read = |conn: &rusqlite::Connection| {
        Ok::<_, rusqlite::Error>((
            store::schedule(conn, kind.name)?,
            store::open(conn, kind.name)?,
            store::last(conn, kind.name)?,
        ))
    };
    let (schedule, open, last) = app.installation.read(read)?;
    let next_ms = schedule.next_ms.or_else(|| desk::next_ms(app, kind, &schedule, app.clock.now_ms()));
    Ok(Job {
        name: kind.name,
        next_ms: next_ms.filter(|_| !schedule.paused),
        pattern: schedule.pattern.unwrap_or_else(|| kind.pattern.to_owned()),
        usual_pattern: kind.pattern,
        paused: schedule.paused,
        tries: kind.tries,
        open,
        last,
    })
}

/// Every job, when it runs next, and how it went.
#[utoipa::path(get, path = "/jobs", tag = "jobs", operation_id = "list_jobs",
    responses((status = 200, body = Jobs)), extensions(("x-permission" = json!("health.read"))))]
pub async fn list_jobs(who: Somewhere<needs::HealthRead>) -> Result<Json<Jobs>, ApiError> {
    let items = who.app.jobs.known().iter().map(|kind| job(&who.app, kind)).collect::<Result<_, _>>()?;
    Ok(Json(Jobs { now_ms: who.app.clock.now_ms(), items }))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RunsQuery {
    #[garde(length(max = 60))]
    pub job: Option<String>,
    #[garde(skip)]
    pub limit: Option<u16>,
    #[garde(length(max = 512))]
    pub cursor: Option<String>,
}

/// Runs, newest first.
#[utoipa::path(get, path = "/jobs/runs", tag = "jobs", operation_id = "list_job_runs", params(RunsQuery),
    responses((status = 200, body = Page<Run>)), extensions(("x-permission" = json!("health.read"))))]
pub async fn list_job_runs(
    who: Somewhere<needs::HealthRead>,
    Query(query): Query<RunsQuery>,
) -> Result<Json<Page<Run>>, ApiError> {
    let wanted = Wanted::<i64>::of(query.limit, query.cursor.as_deref())?;
    let below = wanted.after.unwrap_or(i64::MAX);
    let runs = who.app.installation.read(|conn| store::runs(conn, query.job.as_deref(), below, wanted.fetch()))?;
    Ok(Json(Page::cut(runs, wanted.limit, |run| run.id)))
}

#[derive(Deserialize)]
pub struct JobPath {
    name: String,
}

fn known<'a>(app: &'a App, name: &str) -> Result<&'a Kind, ApiError> {
    let kind = app.jobs.known().iter().find(|kind| kind.name == name);
    kind.ok_or_else(|| Refusal::new(Code::NotFound, "There is no such job.").into())
}

/// Runs a job now. One that waits for its next try is tried now; one that runs goes on.
#[utoipa::path(post, path = "/jobs/{name}/run", tag = "jobs", operation_id = "run_job",
    params(("name" = String, Path)),
    responses((status = 201, body = Run)), extensions(("x-permission" = json!("health.write"))))]
pub async fn run_job(who: Somewhere<needs::HealthWrite>, Path(path): Path<JobPath>) -> Result<Response, ApiError> {
    let kind = known(&who.app, &path.name)?;
    ask(&who, kind.name).await
}

async fn ask(who: &Somewhere<needs::HealthWrite>, name: &'static str) -> Result<Response, ApiError> {
    let (now_ms, by) = (who.app.clock.now_ms(), who.caller.account_id);
    let run = who.app.installation.local(move |tx| store::ask(tx, name, Why::Person, Some(by), now_ms)).await?;
    who.app.jobs.wake();
    Ok((StatusCode::CREATED, Json(run)).into_response())
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"pattern": "30 4 * * *", "paused": false}))]
pub struct JobSchedule {
    /// Minute, hour, day, month, weekday. Null: as usual.
    #[garde(length(max = 100))]
    #[schema(max_length = 100)]
    pub pattern: Option<String>,
    #[garde(skip)]
    pub paused: bool,
}

/// When a job runs by itself.
#[utoipa::path(put, path = "/jobs/{name}/schedule", tag = "jobs", operation_id = "schedule_job",
    params(("name" = String, Path)), request_body = JobSchedule,
    responses((status = 200, body = Job)), extensions(("x-permission" = json!("health.write"))))]
pub async fn schedule_job(
    who: Somewhere<needs::HealthWrite>,
    Path(path): Path<JobPath>,
    input: Input<JobSchedule>,
) -> Result<Json<Job>, ApiError> {
    let kind = known(&who.app, &path.name)?.clone();
    let JobSchedule { pattern, paused } = input.value;
    let now_ms = who.app.clock.now_ms();
    let mut schedule = store::Schedule { pattern, paused, next_ms: None };
    if let Some(said) = &schedule.pattern {
        model::pattern(said).map_err(|why| Refusal::invalid("pattern", why))?;
        schedule.next_ms = desk::next_ms(&who.app, &kind, &schedule, now_ms);
        if schedule.next_ms.is_none() && !paused {
            return Err(Refusal::invalid("pattern", "This never comes.").into());
        }
    }
    schedule.next_ms = desk::next_ms(&who.app, &kind, &schedule, now_ms);
    let name = kind.name;
    who.app.installation.local(move |tx| store::put_schedule(tx, name, &schedule)).await?;
    who.app.jobs.wake();
    Ok(Json(job(&who.app, &kind)?))
}

#[derive(Deserialize)]
pub struct RunPath {
    id: i64,
}

fn run(app: &App, id: i64) -> Result<Run, ApiError> {
    let found = app.installation.read(|conn| store::run(conn, id))?;
    found.ok_or_else(|| Refusal::new(Code::NotFound, "There is no such run.").into())
}

/// Cancels a run: one that waits at once, one that runs at its next step.
#[utoipa::path(post, path = "/jobs/runs/{id}/cancel", tag = "jobs", operation_id = "cancel_job_run",
    params(("id" = i64, Path)),
    responses((status = 200, body = Run)), extensions(("x-permission" = json!("health.write"))))]
pub async fn cancel_job_run(
    who: Somewhere<needs::HealthWrite>,
    Path(path): Path<RunPath>,
) -> Result<Json<Run>, ApiError> {
    let (id, now_ms) = (path.id, who.app.clock.now_ms());
    if !who.app.jobs.stop(id) {
        let cancel =
            move |tx: &comanda_db::Tx<'_>| match store::run(tx.conn(), id)?.filter(|run| run.state == State::Waiting) {
                Some(run) => store::put(tx, &run.cancelled(now_ms)),
                None => Ok(()),
            };
        who.app.installation.local(cancel).await?;
    }
    Ok(Json(run(&who.app, id)?))
}

/// Tries a run again that was given up or cancelled.
#[utoipa::path(post, path = "/jobs/runs/{id}/repeat", tag = "jobs", operation_id = "repeat_job_run",
    params(("id" = i64, Path)),
    responses((status = 201, body = Run)), extensions(("x-permission" = json!("health.write"))))]
pub async fn repeat_job_run(
    who: Somewhere<needs::HealthWrite>,
    Path(path): Path<RunPath>,
) -> Result<Response, ApiError> {
    let was = run(&who.app, path.id)?;
    if !matches!(was.state, State::Dead | State::Cancelled) {
        return Err(Refusal::rule("Only a run that was given up or cancelled is repeated.").into());
    }
    let name = known(&who.app, &was.job)?.name;
    ask(&who, name).await
}
