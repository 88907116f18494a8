//! `/restaurants/{rid}/alerts/targets`: who is told outside. Of this computer, as alerts are.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use reqwest::Url;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::mail;
use super::model::{self, Secret, State, TARGETS_MAX};
use super::send;
use super::store::{self, Insert, Target};
use crate::alerts::watch;
use crate::app::App;
use crate::deployments::model::{Kind, address, may_carry_secrets};
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::kernel::{ids, text};
use crate::outward::Reason;
use crate::outward::service::Service;
use crate::staff::model::needs;

const ADDRESS_MAX: usize = 1024;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notice_targets, add_notice_target))
        .routes(routes!(remove_notice_target))
        .routes(routes!(try_notice_target))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeTarget {
    pub id: Uuid,
    pub name: String,
    /// Whom it is written to; of a webhook scheme and host: the rest of a chat's address opens it to whoever reads it.
    pub origin: String,
    pub only_critical: bool,
    pub made_ms: i64,
    pub standing: NoticeStanding,
    /// Notices that wait for it.
    pub waiting: u32,
    /// When it was tried last. Null: never.
    pub tried_ms: Option<i64>,
    /// Why the last one did not arrive. Null: it did.
    pub reason: Option<Reason>,
    /// What it was answered with, if it was.
    pub status: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NoticeStanding {
    /// Nothing was sent yet.
    New,
    Arrives,
    /// The last one did not arrive and is tried again.
    Failing,
    /// The last one was given up after half a day.
    GivenUp,
}

fn shown(place: &Place, target: &Target) -> Result<NoticeTarget, ApiError> {
    let standing = place.app.installation.read(|conn| store::standing(conn, target.id))?;
    let last = standing.last;
    let url = || Url::parse(&target.address).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    Ok(NoticeTarget {
        id: target.id,
        name: target.name.clone(),
        origin: target.mailbox().map_or_else(url, str::to_owned),
        only_critical: target.only_critical,
        made_ms: target.made_ms,
        standing: match last {
            None => NoticeStanding::New,
            Some((State::Sent, ..)) => NoticeStanding::Arrives,
            Some((State::Waiting, ..)) => NoticeStanding::Failing,
            Some((State::GivenUp, ..)) => NoticeStanding::GivenUp,
        },
        waiting: standing.waiting,
        tried_ms: last.map(|(_, at_ms, ..)| at_ms),
        reason: last.and_then(|(_, _, reason, _)| reason),
        status: last.and_then(|(.., status)| status),
    })
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeTargets {
    pub items: Vec<NoticeTarget>,
}

/// Who is told outside, and whether it arrives.
#[utoipa::path(get, path = "/restaurants/{rid}/alerts/targets", tag = "alerts", operation_id = "list_notice_targets",
    params(("rid" = Uuid, Path)), responses((status = 200, body = NoticeTargets)),
    extensions(("x-permission" = json!("health.read"))))]
pub async fn list_notice_targets(here: Here<needs::HealthRead>) -> Result<Json<NoticeTargets>, ApiError> {
    let all = here.app.installation.read(store::targets)?;
    Ok(Json(NoticeTargets { items: all.iter().map(|target| shown(&here, target)).collect::<Result<_, _>>()? }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Team chat", "address": "https://chat.example/hooks/T01", "only_critical": true}))]
pub struct NewNoticeTarget {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(max_length = 120)]
    pub name: String,
    /// Where alerts are posted as JSON, shown to nobody again; or `mailto:` and who is written to.
    #[garde(length(min = 1, max = ADDRESS_MAX))]
    #[schema(max_length = 1024)]
    pub address: String,
    /// Warnings are not told there.
    #[serde(default)]
    #[garde(skip)]
    pub only_critical: bool,
}

/// An address and what proves that a notice is ours.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddedNoticeTarget {
    /// `whsec_…`, as Standard Webhooks has it. Shown this once. Null: mail is not signed.
    pub secret: Option<String>,
    pub target: NoticeTarget,
}

/// Tells an address of alerts from now on. The same idempotency key adds no second one.
#[utoipa::path(post, path = "/restaurants/{rid}/alerts/targets", tag = "alerts", operation_id = "add_notice_target",
    params(("rid" = Uuid, Path)), request_body = NewNoticeTarget,
    responses((status = 201, body = AddedNoticeTarget)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn add_notice_target(
    here: Here<needs::HealthWrite>,
    input: Input<NewNoticeTarget>,
) -> Result<Response, ApiError> {
    let Input { value: NewNoticeTarget { name, address: typed, only_critical }, meta } = input;
    let address = match typed.trim().strip_prefix(mail::SCHEME) {
        Some(to) => written_to(&here, to)?,
        None => posted_to(&typed)?,
    };
    let (id, secret) = (meta.id(here.caller.account_id.0), Secret::mint());
    let signed = secret.shown();
    let target = Target { id, name, address, only_critical, secret, made_ms: meta.at_ms };
    let shown_secret = target.mailbox().is_none().then_some(signed);
    match here.app.installation.local(move |tx| store::insert_target(tx, &target)).await? {
        Insert::Done => {}
        Insert::MadeBefore => {
            return Err(Refusal::conflict("This was added already. Its secret is not shown again.").into());
        }
        Insert::TooMany => {
            return Err(Refusal::rule(format!("At most {TARGETS_MAX} are told. Remove one first.")).into());
        }
    }
    tracing::info!(account = %here.caller.account_id.0, target = %id, "alerts are told to one more");
    let target = shown(&here, &found(&here, id)?)?;
    Ok((StatusCode::CREATED, Json(AddedNoticeTarget { secret: shown_secret, target })).into_response())
}

fn posted_to(typed: &str) -> Result<String, Refusal> {
    let url = address(Kind::Http, typed).map_err(|why| Refusal::invalid("address", why))?;
    if !may_carry_secrets(&url) {
        let message = "What is wrong here would travel there in the open. Use an https address.";
        return Err(Refusal::invalid("address", message));
    }
    Ok(url.to_string())
}

fn written_to(place: &Place, to: &str) -> Result<String, ApiError> {
    let mailbox = mail::mailbox(to).ok_or_else(|| Refusal::invalid("address", "An address, like boss@example.com."))?;
    if place.app.installation.read(store::mail_server)?.is_none() {
        return Err(Refusal::rule("Say first through which server mail goes.").into());
    }
    Ok(format!("{}{}", mail::SCHEME, mailbox.email))
}

fn found(place: &Place, id: Uuid) -> Result<Target, ApiError> {
    let found = place.app.installation.read(|conn| store::target(conn, id))?;
    found.ok_or_else(|| Refusal::not_found("This address").into())
}

#[derive(Deserialize)]
pub struct TargetPath {
    target_id: Uuid,
}

/// Tells it nothing more; what waits for it is dropped.
#[utoipa::path(delete, path = "/restaurants/{rid}/alerts/targets/{target_id}", tag = "alerts",
    operation_id = "remove_notice_target",
    params(("rid" = Uuid, Path), ("target_id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn remove_notice_target(
    here: Here<needs::HealthWrite>,
    Path(path): Path<TargetPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let target = found(&here, path.target_id)?;
    let id = target.id;
    if !here.app.installation.local(move |tx| store::delete_target(tx, id)).await? {
        return Err(Refusal::not_found("This address").into());
    }
    here.app.outward.forget(Service::Webhook, &target.address);
    tracing::info!(account = %here.caller.account_id.0, target = %id, "alerts are told to one less");
    watch::tell(&here.app);
    Ok(StatusCode::NO_CONTENT)
}

/// How a test went.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeTried {
    /// Null: it arrived.
    pub reason: Option<Reason>,
    pub status: Option<u16>,
}

/// Sends a test there now, and says how it went.
#[utoipa::path(post, path = "/restaurants/{rid}/alerts/targets/{target_id}/test", tag = "alerts",
    operation_id = "try_notice_target",
    params(("rid" = Uuid, Path), ("target_id" = Uuid, Path)), responses((status = 200, body = NoticeTried)),
    extensions(("x-permission" = json!("health.write"))))]
pub async fn try_notice_target(
    here: Here<needs::HealthWrite>,
    Path(path): Path<TargetPath>,
    meta: Meta,
) -> Result<Json<NoticeTried>, ApiError> {
    let target = found(&here, path.target_id)?;
    let body = model::test_body(meta.at_ms);
    let (reason, status) = send::send(&here.app, &target, ids::mint(), meta.at_ms, &body).await?;
    Ok(Json(NoticeTried { reason, status }))
}
