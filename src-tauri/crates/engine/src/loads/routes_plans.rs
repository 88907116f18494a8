//! The endpoints of plans: kept, looked at, made ready to begin with.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use comanda_load::Plan;
use comanda_load::arrivals::Arrivals;
use comanda_load::consent::Caps;
use comanda_load::plan::{self, Problem};
use garde::Validate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::running;
use super::store::{self, Kept, PLANS_MAX};
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::Here;
use crate::front::input::{Input, Meta, Path};
use crate::staff::model::needs;

/// The plans that come with the program: name in the address, text.
const PRESETS: [(&str, &str); 7] = [
    ("quick", include_str!("../../../../../tests/workloads/quick.json")),
    ("service", include_str!("../../../../../tests/workloads/service.json")),
    ("phases", include_str!("../../../../../tests/workloads/phases.json")),
    ("ordering", include_str!("../../../../../tests/workloads/ordering.json")),
    ("reading", include_str!("../../../../../tests/workloads/reading.json")),
    ("screens", include_str!("../../../../../tests/workloads/screens.json")),
    ("breaking-point", include_str!("../../../../../tests/workloads/breaking-point.json")),
];

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_load_plans, create_load_plan))
        .routes(routes!(update_load_plan, delete_load_plan))
        .routes(routes!(list_load_presets))
        .routes(routes!(check_load_plan))
}

/// A plan from JSON, or its first problem with its place.
pub fn read(value: &Value) -> Result<Plan, Refusal> {
    plan::read(&value.to_string()).map_err(|problems| {
        let first = problems.first().cloned().unwrap_or_else(|| Problem::new("", "This is no plan."));
        let field = if first.place.is_empty() { "plan".into() } else { format!("plan.{}", first.place) };
        Refusal::invalid(field, first.text)
    })
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LoadPlan)]
pub struct PlanView {
    pub id: Uuid,
    pub name: String,
    pub changed_ms: i64,
    #[schema(value_type = Object)]
    pub plan: Value,
}

fn view(kept: Kept) -> Result<PlanView, ApiError> {
    let plan = serde_json::from_str(&kept.body).map_err(ApiError::internal)?;
    Ok(PlanView { id: kept.id, name: kept.name, changed_ms: kept.changed_ms, plan })
}

/// Plans kept here, the last changed first.
#[utoipa::path(get, path = "/restaurants/{rid}/load-plans", tag = "loads", operation_id = "list_load_plans",
    params(("rid" = Uuid, Path)), responses((status = 200, body = Vec<PlanView>)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn list_load_plans(here: Here<needs::LoadsRun>) -> Result<Json<Vec<PlanView>>, ApiError> {
    let kept = here.app.installation.read::<_, ApiError>(|conn| Ok(store::plans(conn, here.restaurant.id)?))?;
    Ok(Json(kept.into_iter().map(view).collect::<Result<_, _>>()?))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadPlanInput {
    #[garde(skip)]
    #[schema(value_type = Object)]
    pub plan: Value,
}

fn to_keep(id: Uuid, input: &LoadPlanInput, now_ms: i64) -> Result<Kept, Refusal> {
    let plan = read(&input.plan)?;
    let body = serde_json::to_string(&plan).unwrap_or_default();
    Ok(Kept { id, name: plan.name, body, changed_ms: now_ms })
}

/// Keeps a plan.
#[utoipa::path(post, path = "/restaurants/{rid}/load-plans", tag = "loads", operation_id = "create_load_plan",
    params(("rid" = Uuid, Path)), request_body = LoadPlanInput, responses((status = 201, body = PlanView)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn create_load_plan(here: Here<needs::LoadsRun>, input: Input<LoadPlanInput>) -> Result<Response, ApiError> {
    let rid = here.restaurant.id;
    // The same press gives the same plan.
    let plan = to_keep(input.meta.id(here.caller.account_id.0), &input.value, input.meta.at_ms)?;
    let id = plan.id;
    if here.app.installation.read::<_, ApiError>(|conn| Ok(store::plan(conn, rid, id)?))?.is_none() {
        let new = plan.clone();
        if !here.app.installation.local(move |tx| store::insert_plan(tx, rid, &new)).await? {
            return Err(Refusal::new(Code::RuleViolated, format!("At most {PLANS_MAX} plans are kept.")).into());
        }
        running::tell(&here.app, rid);
    }
    Ok((StatusCode::CREATED, Json(view(plan)?)).into_response())
}

#[derive(Deserialize)]
pub struct PlanPath {
    load_plan_id: Uuid,
}

/// Another text for a plan.
#[utoipa::path(put, path = "/restaurants/{rid}/load-plans/{load_plan_id}", tag = "loads",
    operation_id = "update_load_plan",
    params(("rid" = Uuid, Path), ("load_plan_id" = Uuid, Path)),
    request_body = LoadPlanInput, responses((status = 200, body = PlanView)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn update_load_plan(
    here: Here<needs::LoadsRun>,
    Path(path): Path<PlanPath>,
    input: Input<LoadPlanInput>,
) -> Result<Json<PlanView>, ApiError> {
    let rid = here.restaurant.id;
    let plan = to_keep(path.load_plan_id, &input.value, input.meta.at_ms)?;
    let new = plan.clone();
    if here.app.installation.local(move |tx| store::update_plan(tx, rid, &new)).await? == 0 {
        return Err(Refusal::not_found("The plan").into());
    }
    running::tell(&here.app, rid);
    Ok(Json(view(plan)?))
}

/// Throws a plan away; its runs stay.
#[utoipa::path(delete, path = "/restaurants/{rid}/load-plans/{load_plan_id}", tag = "loads",
    operation_id = "delete_load_plan",
    params(("rid" = Uuid, Path), ("load_plan_id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn delete_load_plan(
    here: Here<needs::LoadsRun>,
    Path(path): Path<PlanPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let rid = here.restaurant.id;
    if here.app.installation.local(move |tx| store::delete_plan(tx, rid, path.load_plan_id)).await? == 0 {
        return Err(Refusal::not_found("The plan").into());
    }
    running::tell(&here.app, rid);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LoadPreset {
    pub key: String,
    #[schema(value_type = Object)]
    pub plan: Value,
}

/// Plans to begin with, for this restaurant on this machine: copies are changed and kept.
#[utoipa::path(get, path = "/restaurants/{rid}/load-presets", tag = "loads", operation_id = "list_load_presets",
    params(("rid" = Uuid, Path)), responses((status = 200, body = Vec<LoadPreset>)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn list_load_presets(
    here: Here<needs::LoadsRun>,
    headers: axum::http::HeaderMap,
) -> Result<Json<Vec<LoadPreset>>, ApiError> {
    let host = headers.get(axum::http::header::HOST).and_then(|host| host.to_str().ok());
    let mut presets = Vec::new();
    for (key, text) in PRESETS {
        let mut plan: Value = serde_json::from_str(text).map_err(ApiError::internal)?;
        plan["variables"]["restaurant"] = here.restaurant.id.to_string().into();
        if let Some(host) = host {
            plan["target"] = format!("http://{host}").into();
        }
        presets.push(LoadPreset { key: key.to_owned(), plan });
    }
    Ok(Json(presets))
}

/// What a plan is, and everything that is wrong with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoadPlanChecked {
    pub problems: Vec<LoadProblem>,
    /// Seconds and rate (for a closed plan: users).
    pub curve: Vec<(f64, f64)>,
    pub for_s: f64,
    pub arrivals: u64,
    pub peak: f64,
    pub is_closed: bool,
    pub steps: Vec<String>,
    pub secrets: Vec<String>,
    pub host: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct LoadProblem {
    /// `scenarios[0].steps[1].path`
    pub place: String,
    pub text: String,
}

/// Looks at a plan and changes nothing.
#[utoipa::path(post, path = "/restaurants/{rid}/load-plans/check", tag = "loads", operation_id = "check_load_plan",
    params(("rid" = Uuid, Path)), request_body = LoadPlanInput, responses((status = 200, body = LoadPlanChecked)),
    extensions(("x-permission" = json!("loads.run"))))]
pub async fn check_load_plan(_: Here<needs::LoadsRun>, input: Input<LoadPlanInput>) -> Json<LoadPlanChecked> {
    let text = input.value.plan.to_string();
    let (plan, mut problems) = match plan::read(&text) {
        Ok(plan) => (Some(plan), Vec::new()),
        // What can be read of it is shown all the same.
        Err(problems) => (serde_json::from_str::<Plan>(&text).ok(), problems),
    };
    if let (Some(plan), true) = (&plan, problems.is_empty())
        && let Err(text) = Caps::HERE.allow(plan)
    {
        problems.push(Problem::new("phases", text));
    }
    let arrivals = plan.as_ref().map(Arrivals::of);
    let host = plan.as_ref().and_then(|plan| plan.target.parse::<axum::http::Uri>().ok());
    Json(LoadPlanChecked {
        problems: problems.into_iter().map(|Problem { place, text }| LoadProblem { place, text }).collect(),
        curve: arrivals.as_ref().map(Arrivals::curve).unwrap_or_default(),
        for_s: plan.as_ref().map_or(0.0, Plan::for_s),
        arrivals: arrivals.as_ref().map_or(0, Arrivals::count),
        peak: arrivals.as_ref().map_or(0.0, Arrivals::peak),
        is_closed: plan.as_ref().is_some_and(Plan::is_closed),
        steps: plan.as_ref().map(|p| p.step_names().into_iter().map(str::to_owned).collect()).unwrap_or_default(),
        secrets: plan.as_ref().map(|plan| plan.secrets.clone()).unwrap_or_default(),
        host: host.and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default(),
    })
}
