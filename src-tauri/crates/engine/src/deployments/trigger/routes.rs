//! `/restaurants/{rid}/deployments/{deployment_id}/trigger`: how a backup of a service is asked for; asking for one, and
//! what became of it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{
    BODY_MAX, Fault, HEADER_MAX, HEADERS_MAX, Header, Method, NOT_SENDABLE, Poll, Says, State, Trigger, URL_MAX,
    sendable,
};
use super::run::{self, Wish};
use super::store::{self, Run};
use crate::app::App;
use crate::deployments::model::{Kind, origin};
use crate::deployments::routes::{DeploymentPath, found};
use crate::deployments::tell;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::kernel::text;
use crate::staff::model::needs;

/// When nobody says how long it may take.
const LIMIT_S: u32 = 300;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_backup_trigger, set_backup_trigger, remove_backup_trigger))
        .routes(routes!(run_backup_trigger))
        .routes(routes!(stop_backup_trigger_run))
}

/// How a backup of a service is asked for, and those that were.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupTriggerPage {
    pub now_ms: i64,
    /// Null: nobody has said how.
    pub trigger: Option<Trigger>,
    /// Newest first.
    pub runs: Vec<Run>,
}

fn page(place: &Place, id: Uuid) -> Result<BackupTriggerPage, ApiError> {
    let (trigger, runs) = place
        .app
        .installation
        .read::<_, rusqlite::Error>(|conn| Ok((store::trigger(conn, id)?, store::runs(conn, id)?)))?;
    let runs = runs.into_iter().map(|run| shown(place, id, run)).collect();
    Ok(BackupTriggerPage { now_ms: place.app.clock.now_ms(), trigger, runs })
}

/// What is in the file alone is not under way any more.
fn shown(place: &Place, id: Uuid, run: Run) -> Run {
    if run.state != State::Running || place.app.deployments.runs.is_alive(id, run.id) {
        return run;
    }
    Run { state: State::Failed, fault: Some(Fault::Interrupted), ..run }
}

/// How a backup of this service is asked for, and those that were, the newest first.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments/{deployment_id}/trigger", tag = "deployments",
    operation_id = "get_backup_trigger",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)),
    responses((status = 200, body = BackupTriggerPage)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn get_backup_trigger(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
) -> Result<Json<BackupTriggerPage>, ApiError> {
    Ok(Json(page(&here, found(&here, path.deployment_id)?.id)?))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupTriggerHeader {
    #[garde(length(min = 1, max = 100))]
    #[schema(max_length = 100)]
    pub name: String,
    /// Left out of a secret one: what is kept stays.
    #[serde(default)]
    #[garde(length(max = HEADER_MAX))]
    #[schema(max_length = 4096)]
    pub value: Option<String>,
    /// Kept where the token is, and shown to nobody.
    #[serde(default)]
    #[garde(skip)]
    pub secret: bool,
}

/// How a backup is asked for.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"method": "POST", "url": "https://shop.example/api/backups",
    "headers": [{"name": "x-api-key", "value": "k-123", "secret": true}], "statuses": [202],
    "poll": {"pointer": "/href", "every_s": 5, "done": {"pointer": "/state", "equals": "done"}}, "limit_s": 600}))]
pub struct BackupTriggerWish {
    #[garde(skip)]
    pub method: Method,
    #[garde(length(min = 1, max = URL_MAX))]
    #[schema(max_length = 1024)]
    pub url: String,
    /// As JSON, unless a header says what it is.
    #[serde(default)]
    #[garde(length(max = BODY_MAX))]
    #[schema(max_length = 8192)]
    pub body: Option<String>,
    #[serde(default)]
    #[garde(length(max = HEADERS_MAX), dive)]
    pub headers: Vec<BackupTriggerHeader>,
    /// Answers that are good; none: any of 200 to 299.
    #[serde(default)]
    #[garde(length(max = 20), inner(range(min = 100, max = 599)))]
    pub statuses: Vec<u16>,
    #[serde(default)]
    #[garde(dive)]
    pub says: Option<Says>,
    #[serde(default)]
    #[garde(dive)]
    pub poll: Option<Poll>,
    /// Seconds the whole of it may take; five minutes unless it says otherwise.
    #[serde(default)]
    #[garde(range(min = 1, max = 7_200))]
    pub limit_s: Option<u32>,
}

impl BackupTriggerWish {
    /// The trigger; and of its secret headers the values that came with it.
    fn read(self) -> Result<(Trigger, Vec<Option<String>>), Refusal> {
        let mut values = Vec::new();
        let mut headers = Vec::new();
        for (at, header) in self.headers.into_iter().enumerate() {
            let given = header.value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
            let is_fine = given.as_deref().map_or(header.secret, sendable);
            if !is_fine {
                return Err(Refusal::invalid(format!("headers[{at}].value"), NOT_SENDABLE));
            }
            let (kept, value) = if header.secret { (given, None) } else { (None, given) };
            values.push(kept);
            headers.push(Header { name: header.name, value });
        }
        let mut trigger = Trigger {
            method: self.method,
            url: self.url,
            body: self.body.filter(|body| !body.trim().is_empty()),
            headers,
            statuses: self.statuses,
            says: self.says,
            poll: self.poll,
            limit_s: self.limit_s.unwrap_or(LIMIT_S),
        };
        trigger.check().map_err(|(field, why)| Refusal::invalid(field, why))?;
        Ok((trigger, values))
    }
}

async fn keep_headers(app: &App, id: Uuid, headers: Vec<(String, String)>) -> Result<(), ApiError> {
    let app = app.clone();
    let kept = tokio::task::spawn_blocking(move || app.deployments.tokens.set_headers(id, headers));
    kept.await.map_err(ApiError::internal)?.map_err(ApiError::internal)
}

/// Says how a backup of this service is asked for. At another server secret headers are typed again.
#[utoipa::path(put, path = "/restaurants/{rid}/deployments/{deployment_id}/trigger", tag = "deployments",
    operation_id = "set_backup_trigger",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)),
    request_body = BackupTriggerWish, responses((status = 200, body = BackupTriggerPage)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn set_backup_trigger(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
    input: Input<BackupTriggerWish>,
) -> Result<Json<BackupTriggerPage>, ApiError> {
    let of = found(&here, path.deployment_id)?;
    if of.kind == Kind::Comanda {
        return Err(Refusal::rule("A Comanda is backed up by logging in there.").into());
    }
    let (trigger, values) = input.value.read()?;
    let _one = here.app.deployments.trigger.lock().await;
    let before = here.app.installation.read(|conn| store::trigger(conn, of.id))?;
    let stays = before.is_some_and(|before| origin(&before.url) == origin(&trigger.url));
    let known = if stays { here.app.deployments.tokens.headers(of.id) } else { Vec::new() };
    let mut secrets = Vec::new();
    for (at, (header, value)) in trigger.headers.iter().zip(values).enumerate() {
        if header.value.is_some() {
            continue;
        }
        let kept = || known.iter().find(|(name, _)| *name == header.name).map(|(_, value)| value.clone());
        let value = value.or_else(kept).ok_or_else(|| {
            Refusal::invalid(format!("headers[{at}].value"), "Type its value: none is kept for this server.")
        })?;
        secrets.push((header.name.clone(), value));
    }
    keep_headers(&here.app, of.id, secrets).await?;
    let id = of.id;
    if !here.app.installation.local(move |tx| store::set(tx, id, &trigger)).await? {
        return Err(Refusal::not_found("The deployment").into());
    }
    tell(&here.app);
    Ok(Json(page(&here, id)?))
}

/// Forgets how a backup of this service is asked for. Those that were asked for stay listed.
#[utoipa::path(delete, path = "/restaurants/{rid}/deployments/{deployment_id}/trigger", tag = "deployments",
    operation_id = "remove_backup_trigger",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn remove_backup_trigger(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let id = found(&here, path.deployment_id)?.id;
    let _one = here.app.deployments.trigger.lock().await;
    keep_headers(&here.app, id, Vec::new()).await?;
    if here.app.installation.local(move |tx| store::unset(tx, id)).await? == 0 {
        return Err(Refusal::not_found("The trigger").into());
    }
    tell(&here.app);
    Ok(StatusCode::NO_CONTENT)
}

/// Asks this service for a backup, now. The same press gives the same one.
#[utoipa::path(post, path = "/restaurants/{rid}/deployments/{deployment_id}/trigger/runs", tag = "deployments",
    operation_id = "run_backup_trigger",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)), responses((status = 202, body = Run)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn run_backup_trigger(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let (of, id) = (found(&here, path.deployment_id)?, meta.id(here.caller.account_id.0));
    if let Some(known) = here.app.installation.read(|conn| store::run(conn, of.id, id))? {
        return Ok((StatusCode::ACCEPTED, Json(shown(&here, of.id, known))).into_response());
    }
    let wish = wish(&here, of.id).await?;
    let Some(place) = here.app.deployments.runs.take(of.id, id) else {
        return Err(Refusal::conflict("A backup of it is under way already.").into());
    };
    let run = Run {
        id,
        state: State::Running,
        began_ms: meta.at_ms,
        ended_ms: None,
        polls: 0,
        status: None,
        said: None,
        fault: None,
        reason: None,
        by: text::cleaned(&here.caller.name),
    };
    let (begun, deployment) = (run.clone(), of.id);
    here.app.installation.local(move |tx| store::begin(tx, deployment, &begun)).await?;
    tracing::info!(deployment = %of.id, by = %here.caller.account_id.0, "a backup was asked for elsewhere");
    run::start(&here.app, place, wish, run.clone());
    tell(&here.app);
    Ok((StatusCode::ACCEPTED, Json(run)).into_response())
}

/// The trigger with all that is sent.
async fn wish(place: &Place, id: Uuid) -> Result<Wish, ApiError> {
    let _one = place.app.deployments.trigger.lock().await;
    let trigger = place.app.installation.read(|conn| store::trigger(conn, id))?;
    let trigger = trigger.ok_or_else(|| Refusal::rule("Nobody has said yet how a backup of it is asked for."))?;
    let known = place.app.deployments.tokens.headers(id);
    let (mut headers, mut secrets) = (Vec::new(), Vec::new());
    for header in &trigger.headers {
        let value = match &header.value {
            Some(value) => value.clone(),
            None => {
                let kept = known.iter().find(|(name, _)| *name == header.name).map(|(_, value)| value.clone());
                let message = format!("The value of {} is kept here no more. Type it again.", header.name);
                let kept = kept.ok_or_else(|| Refusal::conflict(message))?;
                secrets.push(kept.clone());
                kept
            }
        };
        headers.push((header.name.clone(), value));
    }
    Ok(Wish { deployment: id, trigger, headers, secrets })
}

#[derive(Deserialize)]
pub struct RunPath {
    deployment_id: Uuid,
    run_id: Uuid,
}

/// Waits for a backup no longer. What it does there goes on.
#[utoipa::path(delete, path = "/restaurants/{rid}/deployments/{deployment_id}/trigger/runs/{run_id}",
    tag = "deployments", operation_id = "stop_backup_trigger_run",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path), ("run_id" = Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn stop_backup_trigger_run(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<RunPath>,
    meta: Meta,
) -> Result<StatusCode, ApiError> {
    let (of, id) = (found(&here, path.deployment_id)?, path.run_id);
    if here.app.installation.read(|conn| store::run(conn, of.id, id))?.is_none() {
        return Err(Refusal::not_found("The backup").into());
    }
    if here.app.deployments.runs.is_alive(of.id, id) {
        here.app.deployments.runs.stop(of.id);
        here.app.installation.local(move |tx| store::stop(tx, id, meta.at_ms)).await?;
        tell(&here.app);
    }
    Ok(StatusCode::NO_CONTENT)
}
