//! The endpoints of load tests: beginning, watching and stopping a run, what was run, two runs compared.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use comanda_load::run::Given;
use comanda_load::{Summary, compare, report};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::routes_plans;
use super::running::{self, Going};
use super::store::{self, Run};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_load_runs, begin_load_run))
        .routes(routes!(get_load_run, delete_load_run))
        .routes(routes!(stop_load_run))
        .routes(routes!(compare_load_runs))
        .routes(routes!(get_load_report))
        .merge(routes_plans::routes())
}

/// A run that is going on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LoadGoing)]
pub struct GoingView {
    pub id: Uuid,
    pub plan: String,
    pub target: String,
    pub began_ms: i64,
    pub by_name: String,
    pub for_s: f64,
    pub is_closed: bool,
    /// False: it looks at the target, or does its setup.
    pub begun: bool,
    /// It was asked to stop.
    pub stopping: bool,
    /// The corners of what is asked: seconds and rate (for a closed plan: users).
    pub curve: Vec<(f64, f64)>,
    /// The seconds from the one asked for.
    #[schema(value_type = Vec<Object>)]
    pub windows: Value,
}

impl GoingView {
    fn of(going: &Going, from: u64) -> Result<Self, ApiError> {
        let arrivals = comanda_load::arrivals::Arrivals::of(&going.plan);
        Ok(Self {
            id: going.id,
            plan: going.plan.name.clone(),
            target: going.plan.target.clone(),
            began_ms: going.began_ms,
            by_name: going.by_name.clone(),
            for_s: going.plan.for_s(),
            is_closed: going.plan.is_closed(),
            begun: going.has_begun(),
            stopping: going.stop.is_stopped(),
            curve: arrivals.curve(),
            windows: serde_json::to_value(going.windows_from(from)).map_err(ApiError::internal)?,
        })
    }
}

/// What goes on and what went on.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoadRuns {
    pub going: Option<GoingView>,
    /// Somebody tests from another restaurant of this machine: wait for its end.
    pub busy_elsewhere: bool,
    /// Newest first, at most 200.
    pub past: Vec<Run>,
}

fn going_here(place: &Place) -> Option<std::sync::Arc<Going>> {
    place.app.loads.current().filter(|going| going.restaurant == place.restaurant.id)
}

/// Load tests of this restaurant on this machine.
#[utoipa::path(get, path = "/restaurants/{rid}/load-runs", tag = "loads", operation_id = "list_load_runs",
    params(("rid" = Uuid, Path)), responses((status = 200, body = LoadRuns)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn list_load_runs(here: Here<needs::LoadsRun>) -> Result<Json<LoadRuns>, ApiError> {
    let going = going_here(&here);
    let busy_elsewhere = going.is_none() && here.app.loads.current().is_some();
    let going = going.map(|going| GoingView::of(&going, u64::MAX)).transpose()?;
    let past = here.app.installation.read::<_, ApiError>(|conn| Ok(store::runs(conn, here.restaurant.id)?))?;
    Ok(Json(LoadRuns { going, busy_elsewhere, past }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLoadRun {
    /// The plan itself.
    #[garde(skip)]
    #[schema(value_type = Object)]
    pub plan: Value,
    /// Values of its secrets, by name. Written nowhere.
    #[serde(default)]
    #[garde(length(max = 20))]
    pub secrets: BTreeMap<String, String>,
    /// The target's host, typed by the person who agrees that it is tested.
    #[garde(length(chars, max = 255))]
    pub agreed_host: String,
}

/// Begins a run. This machine may be tested when its name is typed; another host must also say so itself, at
/// `/.well-known/load-tests.json`.
#[utoipa::path(post, path = "/restaurants/{rid}/load-runs", tag = "loads", operation_id = "begin_load_run",
    params(("rid" = Uuid, Path)), request_body = NewLoadRun, responses((status = 202, body = GoingView)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn begin_load_run(here: Here<needs::LoadsRun>, input: Input<NewLoadRun>) -> Result<Response, ApiError> {
    let NewLoadRun { plan, secrets, agreed_host } = input.value;
    let plan = routes_plans::read(&plan)?;
    let target = plan.target.parse::<axum::http::Uri>().ok();
    let host = target.as_ref().and_then(|uri| uri.host()).unwrap_or_default();
    if !agreed_host.trim().eq_ignore_ascii_case(host) {
        let text = format!("Type {host} to say that it may be tested.");
        return Err(Refusal::invalid("agreed_host", text).into());
    }
    for name in &plan.secrets {
        if secrets.get(name).is_none_or(String::is_empty) {
            return Err(Refusal::invalid(format!("secrets.{name}"), "The plan needs this value.").into());
        }
    }
    let given = Given {
        secrets,
        agreed_host: Some(agreed_host.trim().trim_matches(['[', ']']).to_owned()),
        began_ms: here.app.clock.now_ms(),
        ..Given::default()
    };
    let id = input.meta.id(here.caller.account_id.0);
    let going = running::begin(&here.app, here.restaurant.id, plan, given, id, here.caller.name.clone())?;
    Ok((StatusCode::ACCEPTED, Json(GoingView::of(&going, 0)?)).into_response())
}

#[derive(Deserialize)]
pub struct RunPath {
    load_run_id: Uuid,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RunQuery {
    /// Of a run that is going on: only the seconds from this one.
    #[garde(skip)]
    #[serde(default)]
    pub from: u64,
}

/// A run: while it goes its seconds so far, afterwards what it said.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoadRunView {
    pub going: Option<GoingView>,
    pub run: Option<Run>,
    /// Figures, verdicts and seconds. Null: it goes on, or never began.
    #[schema(value_type = Option<Object>)]
    pub summary: Option<Value>,
}

/// One run. While it goes: its seconds from the one asked for.
#[utoipa::path(get, path = "/restaurants/{rid}/load-runs/{load_run_id}", tag = "loads", operation_id = "get_load_run",
    params(("rid" = Uuid, Path), ("load_run_id" = Uuid, Path), RunQuery),
    responses((status = 200, body = LoadRunView)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn get_load_run(
    here: Here<needs::LoadsRun>,
    Path(path): Path<RunPath>,
    Query(query): Query<RunQuery>,
) -> Result<Json<LoadRunView>, ApiError> {
    if let Some(going) = going_here(&here).filter(|going| going.id == path.load_run_id) {
        let going = Some(GoingView::of(&going, query.from)?);
        return Ok(Json(LoadRunView { going, run: None, summary: None }));
    }
    let (run, summary) = here.app.installation.read::<_, ApiError>(|conn| {
        let run = store::run(conn, here.restaurant.id, path.load_run_id)?;
        Ok((run, store::summary(conn, here.restaurant.id, path.load_run_id)?))
    })?;
    let run = run.ok_or_else(|| Refusal::not_found("The load test"))?;
    let summary = summary.map(|text| serde_json::from_str(&text)).transpose().map_err(ApiError::internal)?;
    Ok(Json(LoadRunView { going: None, run: Some(run), summary }))
}

/// Takes a run that is over off the list.
#[utoipa::path(delete, path = "/restaurants/{rid}/load-runs/{load_run_id}", tag = "loads",
    operation_id = "delete_load_run",
    params(("rid" = Uuid, Path), ("load_run_id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn delete_load_run(
    here: Here<needs::LoadsRun>,
    Path(path): Path<RunPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let rid = here.restaurant.id;
    match here.app.installation.local(move |tx| store::delete_run(tx, rid, path.load_run_id)).await? {
        0 => Err(Refusal::not_found("The load test").into()),
        _ => {
            running::tell(&here.app, rid);
            Ok(StatusCode::NO_CONTENT)
        }
    }
}

/// Ends the traffic of a run at once; what it measured so far is kept.
#[utoipa::path(post, path = "/restaurants/{rid}/load-runs/{load_run_id}/stop", tag = "loads",
    operation_id = "stop_load_run",
    params(("rid" = Uuid, Path), ("load_run_id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn stop_load_run(
    here: Here<needs::LoadsRun>,
    Path(path): Path<RunPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let going = going_here(&here).filter(|going| going.id == path.load_run_id);
    going.ok_or_else(|| Refusal::not_found("A load test going on"))?.stop.stop();
    Ok(StatusCode::NO_CONTENT)
}

fn kept(place: &Place, id: Uuid, field: &str) -> Result<Summary, ApiError> {
    let text = place.app.installation.read::<_, ApiError>(|conn| Ok(store::summary(conn, place.restaurant.id, id)?))?;
    let text = text.ok_or_else(|| Refusal::not_found("The load test").at(field))?;
    serde_json::from_str(&text).map_err(ApiError::internal)
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CompareQuery {
    /// The run that came first.
    #[garde(skip)]
    pub before: Uuid,
    #[garde(skip)]
    pub after: Uuid,
}

/// Two runs against each other, with a verdict that knows noise.
#[utoipa::path(get, path = "/restaurants/{rid}/load-comparison", tag = "loads", operation_id = "compare_load_runs",
    params(("rid" = Uuid, Path), CompareQuery),
    responses((status = 200, body = Object)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn compare_load_runs(
    here: Here<needs::LoadsRun>,
    Query(query): Query<CompareQuery>,
) -> Result<Response, ApiError> {
    let (before, after) = (kept(&here, query.before, "before")?, kept(&here, query.after, "after")?);
    Ok(Json(compare::compare(&before, &after)).into_response())
}

#[derive(Deserialize)]
pub struct ReportPath {
    load_run_id: Uuid,
    form: String,
}

/// A run as a file: `html`, `json`, `csv` or `junit`.
#[utoipa::path(get, path = "/restaurants/{rid}/load-runs/{load_run_id}/report/{form}", tag = "loads",
    operation_id = "get_load_report",
    params(("rid" = Uuid, Path), ("load_run_id" = Uuid, Path), ("form" = String, Path)),
    responses((status = 200, body = String, content_type = "text/plain")),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn get_load_report(here: Here<needs::LoadsRun>, Path(path): Path<ReportPath>) -> Result<Response, ApiError> {
    let (kind, ending, write): (_, _, fn(&Summary) -> String) = match path.form.as_str() {
        "html" => ("text/html; charset=utf-8", "html", report::html),
        "json" => ("application/json", "json", report::json),
        "csv" => ("text/csv; charset=utf-8", "csv", report::csv),
        "junit" => ("application/xml", "xml", report::junit),
        _ => return Err(Refusal::not_found("A report of this form").into()),
    };
    let summary = kept(&here, path.load_run_id, "load_run_id")?;
    let name = format!("attachment; filename=\"load-test-{}.{ending}\"", path.load_run_id);
    let headers = [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, write(&summary)).into_response())
}
