//! `/restaurants/{rid}/deployments`: the register, and looking now. What is done on another Comanda is in
//! `routes_remote`. Every restaurant of this computer shows the same register.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{self, DEPLOYMENTS_MAX, EVERY_S, Environment, Kind, Standing, TAGS_MAX};
use super::store::{self, Deployment, Kept};
use super::view::{self, DeploymentDetail, DeploymentView, Deployments};
use super::{drift, routes_remote, tell, trigger, watch};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::kernel::text;
use crate::staff::model::needs;

const ADDRESS_MAX: usize = 1024;
const TOKEN_MAX: usize = 4096;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_deployments, add_deployment))
        .routes(routes!(get_deployment, change_deployment, remove_deployment))
        .routes(routes!(probe_deployment))
        .merge(routes_remote::routes())
        .merge(trigger::routes::routes())
        .merge(drift::routes::routes())
}

#[derive(Deserialize)]
pub struct DeploymentPath {
    pub deployment_id: Uuid,
}

pub fn found(place: &Place, id: Uuid) -> Result<Deployment, ApiError> {
    let found = place.app.installation.read(|conn| store::deployment(conn, id))?;
    found.ok_or_else(|| Refusal::not_found("The deployment").into())
}

fn shown(place: &Place, id: Uuid) -> Result<DeploymentView, ApiError> {
    let (of, now_ms) = (found(place, id)?, place.app.clock.now_ms());
    Ok(place.app.installation.read(|conn| view::of(&place.app, conn, of, now_ms))?)
}

/// Every deployment this computer watches, and how it is.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments", tag = "deployments", operation_id = "list_deployments",
    params(("rid" = Uuid, Path)), responses((status = 200, body = Deployments)),
    extensions(("x-permission" = json!("deployments.read"))))]
pub async fn list_deployments(here: Here<needs::DeploymentsRead>) -> Result<Json<Deployments>, ApiError> {
    let now_ms = here.app.clock.now_ms();
    let items = here.app.installation.read::<_, ApiError>(|conn| {
        let known = store::deployments(conn)?;
        Ok(known.into_iter().map(|of| view::of(&here.app, conn, of, now_ms)).collect::<Result<_, _>>()?)
    })?;
    Ok(Json(Deployments { now_ms, items }))
}

/// A server to watch.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Via Roma", "kind": "comanda", "address": "https://roma.example"}))]
pub struct NewDeployment {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(max_length = 120)]
    pub name: String,
    #[garde(skip)]
    pub kind: Kind,
    /// A Comanda's address; of anything else the health address itself.
    #[garde(length(min = 1, max = ADDRESS_MAX))]
    #[schema(max_length = 1024)]
    pub address: String,
    /// Goes there as `Authorization: Bearer`. Kept on this computer and shown to nobody.
    #[serde(default)]
    #[garde(length(max = TOKEN_MAX), custom(sendable))]
    pub token: Option<String>,
    #[serde(default)]
    #[garde(skip)]
    pub environment: Option<Environment>,
    #[serde(default)]
    #[garde(length(max = TAGS_MAX))]
    pub tags: Vec<String>,
    /// Between two probes; a minute unless it says otherwise.
    #[serde(default)]
    #[garde(range(min = 10, max = 3600))]
    pub every_s: Option<u32>,
}

fn sendable(token: &Option<String>, (): &()) -> garde::Result {
    match token.as_deref().map(str::trim) {
        Some(token) if !token.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err(garde::Error::new("has letters, digits and signs only, no spaces"))
        }
        _ => Ok(()),
    }
}

fn cleaned_tags(tags: &[String]) -> Result<Vec<String>, Refusal> {
    let mut kept: Vec<String> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let tag = text::cleaned(tag);
        if tag.is_empty() || tag.chars().count() > 30 {
            return Err(Refusal::invalid(format!("tags[{at}]"), "A tag has 1 to 30 characters."));
        }
        if !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    Ok(kept)
}

/// The address, and that a token may go there.
fn checked(kind: Kind, typed: &str, token: Option<&str>) -> Result<String, Refusal> {
    let url = model::address(kind, typed).map_err(|why| Refusal::invalid("address", why))?;
    if token.is_some() && !model::may_carry_secrets(&url) {
        let message = "A token would travel there in the open. Use an https address, or leave the token out.";
        return Err(Refusal::invalid("token", message));
    }
    Ok(url.to_string())
}

fn given(token: Option<&str>) -> Option<String> {
    token.map(|token| token.trim().to_owned()).filter(|token| !token.is_empty())
}

fn judged(kept: Kept) -> Result<(), ApiError> {
    match kept {
        Kept::Fine => Ok(()),
        Kept::NameTaken => Err(Refusal::conflict("Another deployment has this name.").at("name").into()),
        Kept::TooMany => Err(Refusal::rule(format!("At most {DEPLOYMENTS_MAX} deployments are watched.")).into()),
        Kept::Unknown => Err(Refusal::not_found("The deployment").into()),
    }
}

pub async fn keep_token(app: &App, id: Uuid, token: Option<String>) -> Result<(), ApiError> {
    let app = app.clone();
    let kept = tokio::task::spawn_blocking(move || app.deployments.tokens.set(id, token));
    kept.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
}

/// Adds a deployment; it is looked at at once.
#[utoipa::path(post, path = "/restaurants/{rid}/deployments", tag = "deployments", operation_id = "add_deployment",
    params(("rid" = Uuid, Path)), request_body = NewDeployment, responses((status = 201, body = DeploymentView)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn add_deployment(
    here: Here<needs::DeploymentsWrite>,
    input: Input<NewDeployment>,
) -> Result<Response, ApiError> {
    let NewDeployment { name, kind, address, token, environment, tags, every_s } = input.value;
    let token = given(token.as_deref());
    let new = Deployment {
        // The same press gives the same one.
        id: input.meta.id(here.caller.account_id.0),
        name,
        kind,
        address: checked(kind, &address, token.as_deref())?,
        environment: environment.unwrap_or(Environment::Production),
        tags: cleaned_tags(&tags)?,
        every_s: every_s.unwrap_or(EVERY_S),
        made_ms: input.meta.at_ms,
        standing: Standing::UNKNOWN,
        version: None,
        expires_ms: None,
    };
    let id = new.id;
    if here.app.installation.read(|conn| store::deployment(conn, id))?.is_none() {
        let kept = here.app.installation.local(move |tx| store::insert(tx, &new)).await?;
        judged(kept)?;
        keep_token(&here.app, id, token).await?;
        here.app.deployments.changed.notify_one();
        tell(&here.app);
    }
    Ok((StatusCode::CREATED, Json(shown(&here, id)?)).into_response())
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// So far back; a day unless it says otherwise.
    #[garde(range(min = 1, max = 90))]
    #[serde(default)]
    pub days: Option<i64>,
}

/// One deployment, with its history and its outages.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments/{deployment_id}", tag = "deployments",
    operation_id = "get_deployment",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), HistoryQuery),
    responses((status = 200, body = DeploymentDetail)),
    extensions(("x-permission" = json!("deployments.read"))))]
pub async fn get_deployment(
    here: Here<needs::DeploymentsRead>,
    Path(path): Path<DeploymentPath>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<DeploymentDetail>, ApiError> {
    let (of, now_ms) = (found(&here, path.deployment_id)?, here.app.clock.now_ms());
    let days = query.days.unwrap_or(1);
    Ok(Json(here.app.installation.read(|conn| view::detail(&here.app, conn, of, days, now_ms))?))
}

/// What is changed; what is left out stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentChange {
    #[serde(default, deserialize_with = "text::clean_some")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// At another server the token is forgotten, unless one comes with it.
    #[serde(default)]
    #[garde(length(min = 1, max = ADDRESS_MAX))]
    #[schema(max_length = 1024)]
    pub address: Option<String>,
    /// Empty: it is forgotten.
    #[serde(default)]
    #[garde(length(max = TOKEN_MAX), custom(sendable))]
    pub token: Option<String>,
    #[serde(default)]
    #[garde(skip)]
    pub environment: Option<Environment>,
    #[serde(default)]
    #[garde(length(max = TAGS_MAX))]
    pub tags: Option<Vec<String>>,
    #[serde(default)]
    #[garde(range(min = 10, max = 3600))]
    pub every_s: Option<u32>,
}

/// Changes a deployment. At another address its history begins again.
#[utoipa::path(patch, path = "/restaurants/{rid}/deployments/{deployment_id}", tag = "deployments",
    operation_id = "change_deployment",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)),
    request_body = DeploymentChange, responses((status = 200, body = DeploymentView)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn change_deployment(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
    input: Input<DeploymentChange>,
) -> Result<Json<DeploymentView>, ApiError> {
    let (change, before) = (input.value, found(&here, path.deployment_id)?);
    let token = change.token.as_deref().map(|token| given(Some(token)));
    let address = change.address.as_deref().unwrap_or(&before.address);
    let address = checked(before.kind, address, token.as_ref().and_then(Option::as_deref))?;
    let moved = model::origin(&address) != model::origin(&before.address);
    let next = Deployment {
        name: change.name.unwrap_or(before.name),
        address,
        environment: change.environment.unwrap_or(before.environment),
        tags: change.tags.as_deref().map(cleaned_tags).transpose()?.unwrap_or(before.tags),
        every_s: change.every_s.unwrap_or(before.every_s),
        ..before
    };
    let id = next.id;
    if moved {
        // Before anybody could ask the new server with it.
        keep_token(&here.app, id, None).await?;
    }
    judged(here.app.installation.local(move |tx| store::update(tx, &next)).await?)?;
    if let Some(token) = token {
        keep_token(&here.app, id, token).await?;
    }
    here.app.deployments.changed.notify_one();
    tell(&here.app);
    Ok(Json(shown(&here, id)?))
}

/// Takes a deployment off the register, with its history and its token. Nothing is done there.
#[utoipa::path(delete, path = "/restaurants/{rid}/deployments/{deployment_id}", tag = "deployments",
    operation_id = "remove_deployment",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn remove_deployment(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let id = path.deployment_id;
    if here.app.installation.local(move |tx| store::delete(tx, id)).await? == 0 {
        return Err(Refusal::not_found("The deployment").into());
    }
    here.app.deployments.runs.stop(id);
    let app = here.app.clone();
    let forgot = tokio::task::spawn_blocking(move || app.deployments.tokens.forget(id));
    forgot.await.map_err(ApiError::internal)?.map_err(ApiError::internal)?;
    here.app.deployments.changed.notify_one();
    tell(&here.app);
    Ok(StatusCode::NO_CONTENT)
}

/// Looks now, and keeps what it found.
#[utoipa::path(post, path = "/restaurants/{rid}/deployments/{deployment_id}/probe", tag = "deployments",
    operation_id = "probe_deployment",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)), responses((status = 200, body = DeploymentView)),
    extensions(("x-permission" = json!("deployments.read"))))]
pub async fn probe_deployment(
    here: Here<needs::DeploymentsRead>,
    Path(path): Path<DeploymentPath>,
    _: Meta,
) -> Result<Json<DeploymentView>, ApiError> {
    let of = found(&here, path.deployment_id)?;
    watch::ask(&here.app, &of).await?;
    drift::ask(&here.app, &of).await?;
    Ok(Json(shown(&here, of.id)?))
}
