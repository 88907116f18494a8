//! `/restaurants/{rid}/api-keys`: the keys of a restaurant, a new one, one that opens again, and one less.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{self, KEYS_MAX, Tier};
use super::store::{self, Insert, Kept};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::installation::store as accounts;
use crate::kernel::text;
use crate::staff;
use crate::staff::model::{Permission, needs};

const DAYS_MAX: u32 = 3650;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_api_keys, make_api_key))
        .routes(routes!(revoke_api_key))
        .routes(routes!(resume_api_key))
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKey)]
pub struct ApiKeyView {
    pub id: Uuid,
    pub name: String,
    /// How the key begins.
    pub hint: String,
    pub tier: Tier,
    pub scopes: Vec<Permission>,
    /// Who made it; what is done with it is theirs.
    pub made_by: String,
    pub made_ms: i64,
    /// Null: it does not end by itself.
    pub expires_ms: Option<i64>,
    /// To the minute. Null: never.
    pub used_ms: Option<i64>,
    pub standing: KeyStanding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyStanding {
    Works,
    Ended,
    /// It came back from a backup and may have been revoked since: it opens nothing until somebody resumes it.
    Paused,
    /// Whoever made it is not on the staff any more.
    MakerLeft,
}

fn shown(place: &Place, kept: Kept, now_ms: i64) -> Result<ApiKeyView, ApiError> {
    let account = place.app.installation.read(|conn| accounts::account_by_id(conn, kept.account_id))?;
    let on_staff = place.itself().read(|conn| staff::store::place_of(conn, kept.account_id))?.is_some();
    let standing = match kept.expires_ms {
        Some(end) if end <= now_ms => KeyStanding::Ended,
        _ if !on_staff => KeyStanding::MakerLeft,
        _ if kept.paused_ms.is_some() => KeyStanding::Paused,
        _ => KeyStanding::Works,
    };
    let Kept { id, name, hint, tier, scopes, made_ms, expires_ms, used_ms, .. } = kept;
    let made_by = account.map(|account| account.name).unwrap_or_default();
    Ok(ApiKeyView { id, name, hint, tier, scopes, made_by, made_ms, expires_ms, used_ms, standing })
}

/// How often a tier may ask.
#[derive(Debug, Serialize, ToSchema)]
pub struct TierView {
    pub tier: Tier,
    /// Null: as often as it likes.
    pub requests: Option<u32>,
    pub window_s: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ApiKeys {
    pub now_ms: i64,
    /// The newest first.
    pub items: Vec<ApiKeyView>,
    /// What somebody of this role may give to a key.
    pub scopes: Vec<Permission>,
    pub tiers: Vec<TierView>,
}

/// The keys of a restaurant, and what a new one may be given.
#[utoipa::path(get, path = "/restaurants/{rid}/api-keys", tag = "api-keys", operation_id = "list_api_keys",
    params(("rid" = Uuid, Path)), responses((status = 200, body = ApiKeys)),
    extensions(("x-permission" = json!("keys.write"))))]
pub async fn list_api_keys(here: Here<needs::KeysWrite>) -> Result<Json<ApiKeys>, ApiError> {
    let now_ms = here.app.clock.now_ms();
    let all = here.app.installation.read(|conn| store::of_restaurant(conn, here.restaurant.id))?;
    let tier = |tier: Tier| {
        let quota = tier.limiter().map(|name| here.app.limits.figures(name).quota);
        let (requests, window_s) = quota.map(|quota| (quota.requests, quota.window_s)).unzip();
        TierView { tier, requests, window_s }
    };
    Ok(Json(ApiKeys {
        now_ms,
        items: all.into_iter().map(|kept| shown(&here, kept, now_ms)).collect::<Result<_, _>>()?,
        scopes: model::grantable(here.role).collect(),
        tiers: Tier::ALL.map(tier).into(),
    }))
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Accountant", "tier": "premium", "scopes": ["reports.read"], "days": 365}))]
pub struct NewApiKey {
    /// What uses it.
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(max_length = 120)]
    pub name: String,
    #[garde(skip)]
    pub tier: Tier,
    /// What it may do, of what its maker may.
    #[garde(length(max = Permission::ALL.len()))]
    pub scopes: Vec<Permission>,
    /// It ends after so many days. Null: it does not end by itself.
    #[serde(default)]
    #[garde(range(min = 1, max = DAYS_MAX))]
    pub days: Option<u32>,
}

/// A key and what opens with it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeApiKey {
    /// For `Authorization: Bearer …`. Shown this once.
    pub key: String,
    pub api_key: ApiKeyView,
}

/// Makes a key. It acts in the name of whoever makes it and is shown this once; asking again with the same idempotency
/// key makes no second one and does not show it again.
#[utoipa::path(post, path = "/restaurants/{rid}/api-keys", tag = "api-keys", operation_id = "make_api_key",
    params(("rid" = Uuid, Path)), request_body = NewApiKey, responses((status = 201, body = MadeApiKey)),
    extensions(("x-permission" = json!("keys.write"))))]
pub async fn make_api_key(here: Here<needs::KeysWrite>, input: Input<NewApiKey>) -> Result<Response, ApiError> {
    let Input { value: NewApiKey { name, tier, scopes, days }, meta } = input;
    let (made_ms, account_id) = (meta.at_ms, here.caller.account_id);
    let key = model::mint();
    let kept = Kept {
        id: meta.id(account_id.0),
        restaurant_id: here.restaurant.id,
        account_id,
        name,
        hint: model::hint(&key),
        tier,
        scopes: model::scopes(&scopes, here.role)?,
        made_ms,
        expires_ms: days.map(|days| made_ms + i64::from(days) * DAY_MS),
        used_ms: None,
        paused_ms: None,
    };
    let (row, hash) = (kept.clone(), key.hash());
    match here.app.installation.local(move |tx| store::insert(tx, &row, &hash)).await? {
        Insert::Done => {}
        Insert::NameTaken => return Err(Refusal::conflict("Another key has this name.").at("name").into()),
        Insert::TooMany => return Err(Refusal::rule(format!("At most {KEYS_MAX} keys. Revoke one first.")).into()),
        Insert::MadeBefore => {
            let message = "This key was made already and is not shown again. Revoke it and make another one.";
            return Err(Refusal::conflict(message).into());
        }
    }
    tracing::info!(account = %account_id.0, key = %kept.id, tier = tier.as_str(), "an API key was made");
    let api_key = shown(&here, kept, made_ms)?;
    Ok((StatusCode::CREATED, Json(MadeApiKey { key: key.as_str().to_owned(), api_key })).into_response())
}

#[derive(Deserialize)]
pub struct KeyPath {
    key_id: Uuid,
}

/// Revokes a key: it is nobody's from the next request on.
#[utoipa::path(delete, path = "/restaurants/{rid}/api-keys/{key_id}", tag = "api-keys", operation_id = "revoke_api_key",
    params(("rid" = Uuid, Path), ("key_id" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("keys.write"))))]
pub async fn revoke_api_key(
    here: Here<needs::KeysWrite>,
    Path(path): Path<KeyPath>,
    _: Meta,
) -> Result<StatusCode, ApiError> {
    let (restaurant_id, id) = (here.restaurant.id, path.key_id);
    if !here.app.installation.local(move |tx| store::delete(tx, restaurant_id, id)).await? {
        return Err(Refusal::not_found("The key").into());
    }
    here.app.sessions.forget_all();
    tracing::info!(account = %here.caller.account_id.0, key = %id, "an API key was revoked");
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a key open again that was paused because it came back from a backup.
#[utoipa::path(post, path = "/restaurants/{rid}/api-keys/{key_id}/resume", tag = "api-keys",
    operation_id = "resume_api_key",
    params(("rid" = Uuid, Path), ("key_id" = Uuid, Path)), responses((status = 200, body = ApiKeyView)),
    extensions(("x-permission" = json!("keys.write"))))]
pub async fn resume_api_key(
    here: Here<needs::KeysWrite>,
    Path(path): Path<KeyPath>,
    meta: Meta,
) -> Result<Json<ApiKeyView>, ApiError> {
    let (restaurant_id, id) = (here.restaurant.id, path.key_id);
    let resumed = here.app.installation.local(move |tx| store::resume(tx, restaurant_id, id)).await?;
    let kept = resumed.ok_or_else(|| Refusal::not_found("The key"))?;
    here.app.sessions.forget_all();
    tracing::info!(account = %here.caller.account_id.0, key = %id, "an API key opens again");
    shown(&here, kept, meta.at_ms).map(Json)
}
