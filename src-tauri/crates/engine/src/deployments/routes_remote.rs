//! On another Comanda: logging in there, who one is there, and its health. The engine here asks the engine there; the
//! page never gets the token. Its backups are in `routes_backups`, its logs in `routes_logs`.

use axum::Json;
use axum::http::StatusCode;
use garde::Validate;
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{self, Kind};
use super::remote::{Remote, Trouble};
use super::routes::{DeploymentPath, found, keep_token};
use super::{drift, routes_backups, routes_logs, tell};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::Here;
use crate::front::input::{Input, Meta, Path};
use crate::kernel::text;
use crate::outward::Reason;
use crate::staff::model::needs;

/// Restaurants there that are asked for their alerts, until one shows them.
const PLACES_ASKED_MAX: usize = 3;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(log_in_at_deployment, log_out_at_deployment))
        .routes(routes!(get_deployment_inside))
        .merge(routes_backups::routes())
        .merge(routes_logs::routes())
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeploymentLogIn {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(min = 1, max = text::EMAIL_MAX))]
    #[schema(max_length = 255)]
    pub email: String,
    #[garde(length(min = 1, max = 256))]
    #[schema(max_length = 256)]
    pub password: String,
}

/// Logs in at a Comanda. The password goes there and is kept nowhere; the session's token stays on this computer.
#[utoipa::path(post, path = "/restaurants/{rid}/deployments/{deployment_id}/session", tag = "deployments",
    operation_id = "log_in_at_deployment",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)),
    request_body = DeploymentLogIn, responses((status = 204)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn log_in_at_deployment(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
    input: Input<DeploymentLogIn>,
) -> Result<StatusCode, ApiError> {
    let of = found(&here, path.deployment_id)?;
    let url = model::address(of.kind, &of.address).map_err(Refusal::rule)?;
    let remote = Remote::open(&here.app, &of)?;
    if !model::may_carry_secrets(&url) {
        let message = "A password would travel there in the open. Register its https address.";
        return Err(Refusal::rule(message).into());
    }
    let login = json!({ "email": input.value.email, "password": input.value.password });
    let answer = match remote.ask(Method::POST, "/sessions", Some(&login)).await {
        Ok(answer) => answer,
        Err(Trouble::Ended) => {
            return Err(Refusal::invalid("password", "The address or the password is wrong there.").into());
        }
        Err(trouble) => return Err(remote.told(trouble)),
    };
    let token = answer["token"].as_str().filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()));
    let token = token.ok_or_else(|| remote.told(Trouble::Away(Reason::NotComanda)))?.to_owned();
    if found(&here, of.id)?.address != of.address {
        return Err(Refusal::conflict("Its address was changed meanwhile.").into());
    }
    let before = here.app.deployments.tokens.of(of.id);
    keep_token(&here.app, of.id, Some(token)).await?;
    if let Some(before) = before {
        leave(remote.with(before)).await;
    }
    drift::ask(&here.app, &of).await?;
    tell(&here.app);
    Ok(StatusCode::NO_CONTENT)
}

/// Ends a session there. One that cannot be reached ends by itself.
async fn leave(remote: Remote) {
    drop(remote.ask(Method::DELETE, "/sessions/current", None).await);
}

/// Logs out there, and forgets the token here whatever it answers.
#[utoipa::path(delete, path = "/restaurants/{rid}/deployments/{deployment_id}/session", tag = "deployments",
    operation_id = "log_out_at_deployment",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn log_out_at_deployment(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let of = found(&here, path.deployment_id)?;
    let remote = Remote::logged_in(&here.app, &of);
    keep_token(&here.app, of.id, None).await?;
    if let Ok(remote) = remote {
        leave(remote).await;
    }
    tell(&here.app);
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentSession {
    /// Nobody has logged in from here.
    None,
    Good,
    Ended,
    /// It does not answer; nobody knows.
    Away,
}

/// A restaurant there.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeploymentRestaurant {
    pub id: Uuid,
    pub name: String,
    pub role: String,
}

/// What a Comanda says to who is logged in there.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeploymentInside {
    pub session: DeploymentSession,
    /// Why it does not answer.
    pub reason: Option<Reason>,
    pub who: Option<String>,
    pub restaurants: Vec<DeploymentRestaurant>,
    /// Its health, part by part, as its own `/health/detailed` says. Null: the role there does not see it.
    #[schema(value_type = Option<Object>)]
    pub health: Option<Value>,
    /// What is wrong there, as its own alerts say. Null: the role there does not see it.
    #[schema(value_type = Option<Vec<Object>>)]
    pub alerts: Option<Vec<Value>>,
}

/// Who is logged in at a Comanda from here, where they may work, and how its parts are.
#[utoipa::path(get, path = "/restaurants/{rid}/deployments/{deployment_id}/inside", tag = "deployments",
    operation_id = "get_deployment_inside",
    params(("rid" = Uuid, Path), ("deployment_id" = Uuid, Path)),
    responses((status = 200, body = DeploymentInside)),
    extensions(("x-permission" = json!("deployments.write"))))]
pub async fn get_deployment_inside(
    here: Here<needs::DeploymentsWrite>,
    Path(path): Path<DeploymentPath>,
) -> Result<Json<DeploymentInside>, ApiError> {
    let of = found(&here, path.deployment_id)?;
    let mut inside = DeploymentInside {
        session: DeploymentSession::None,
        reason: None,
        who: None,
        restaurants: Vec::new(),
        health: None,
        alerts: None,
    };
    if of.kind != Kind::Comanda || !here.app.deployments.tokens.has(of.id) {
        return Ok(Json(inside));
    }
    let remote = Remote::logged_in(&here.app, &of)?;
    let (me, health) =
        tokio::join!(remote.ask(Method::GET, "/me", None), remote.ask(Method::GET, "/health/detailed", None));
    match me {
        Ok(me) => {
            inside.session = DeploymentSession::Good;
            inside.who = me["name"].as_str().map(text::cleaned);
            let places = me["restaurants"].as_array().map(Vec::as_slice).unwrap_or_default();
            inside.restaurants = places.iter().filter_map(restaurant).collect();
            inside.health = health.ok();
            inside.alerts = alerts(&remote, &inside.restaurants).await;
        }
        Err(Trouble::Ended) => inside.session = DeploymentSession::Ended,
        Err(Trouble::Away(reason)) => (inside.session, inside.reason) = (DeploymentSession::Away, Some(reason)),
        Err(Trouble::Said { .. }) => {
            (inside.session, inside.reason) = (DeploymentSession::Away, Some(Reason::NotComanda));
        }
    }
    Ok(Json(inside))
}

/// Alerts are of the computer: any restaurant there that shows them shows all.
async fn alerts(remote: &Remote, restaurants: &[DeploymentRestaurant]) -> Option<Vec<Value>> {
    for restaurant in restaurants.iter().take(PLACES_ASKED_MAX) {
        if let Ok(mut all) = remote.ask(Method::GET, &format!("/restaurants/{}/alerts", restaurant.id), None).await {
            return serde_json::from_value(all["active"].take()).ok();
        }
    }
    None
}

fn restaurant(place: &Value) -> Option<DeploymentRestaurant> {
    let (name, role) = (place["name"].as_str()?, place["role"].as_str()?);
    let id = place["id"].as_str()?.parse().ok()?;
    Some(DeploymentRestaurant { id, name: text::cleaned(name), role: text::cleaned(role) })
}
