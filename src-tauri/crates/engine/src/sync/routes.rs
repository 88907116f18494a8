//! `/restaurants/{rid}/sync`: how this desk stands to the others, link codes, shutting a device out, leaving. And joining
//! a restaurant that exists, in the first run.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::afresh;
use super::client;
use super::codes::{self, Code as LinkCode};
use super::commands::LeaveRestaurant;
use super::join::{self, JoinStep, Joining, Wanted};
use super::model::{self, LinkState, NAME_MAX};
use super::routes_spare::{Readiness, SpareView, readiness, spare_view};
use super::store;
use crate::app::{App, Restaurant};
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path};
use crate::installation::routes::SetupToken;
use crate::kernel::ids::AccountId;
use crate::kernel::text;
use crate::staff;
use crate::staff::model::needs;

/// An address, in characters.
pub const ADDRESS_MAX: usize = 200;
/// A code as people type it.
const CODE_MAX: usize = 40;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_sync, leave_link))
        .routes(routes!(get_sync_state))
        .routes(routes!(make_link_code))
        .routes(routes!(shut_out_device))
        .routes(routes!(begin_joining, get_joining))
}

/// How this desk stands to the others.
#[derive(Debug, Serialize, ToSchema)]
pub struct SyncOverview {
    /// This desk's letters on printed numbers.
    pub letters: String,
    pub epoch: u64,
    /// The last position known here.
    pub position: u64,
    /// Null: this engine is the restaurant's sequencer.
    pub link: Option<LinkView>,
    /// The linked desk that would take over from this one.
    pub spare: Option<SpareView>,
    /// Null: this desk is not the spare.
    pub readiness: Option<Readiness>,
    /// Those that are linked to this engine, and those that were shut out.
    pub devices: Vec<DeviceView>,
}

/// This engine's link to the sequencer.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkView {
    pub address: String,
    pub since_ms: i64,
    pub state: LinkState,
    /// Since the engine runs.
    pub last_contact_ms: Option<i64>,
    /// What goes wrong, while it does: a sentence.
    pub error: Option<String>,
    /// Where this desk asks if the other is away: the spare.
    pub spare: Option<String>,
    /// Commands of this desk that are not placed yet.
    pub waiting: u64,
    /// When the oldest of them was asked for.
    pub oldest_ms: Option<i64>,
}

/// A linked device.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceView {
    pub id: Uuid,
    pub name: String,
    pub letters: String,
    pub linked_ms: i64,
    pub last_contact_ms: i64,
    /// Shut out since then.
    pub revoked_ms: Option<i64>,
}

fn link_view(app: &App, restaurant: &Restaurant) -> Result<Option<LinkView>, ApiError> {
    let Some(link) = app.installation.read(|conn| store::link(conn, restaurant.id))? else { return Ok(None) };
    let status = app.desks.status(restaurant.id);
    let (waiting, oldest_ms) = restaurant.read(store::queue)?;
    Ok(Some(LinkView {
        address: link.address,
        since_ms: link.since_ms,
        state: status.state,
        last_contact_ms: status.last_contact_ms,
        error: status.error,
        spare: link.spare,
        waiting,
        oldest_ms,
    }))
}

pub fn overview(place: &Place) -> Result<SyncOverview, ApiError> {
    let (app, restaurant) = (&place.app, place.itself());
    let devices = app.installation.read(|conn| store::devices(conn, restaurant.id))?;
    let view = |device: store::Device| DeviceView {
        id: device.id,
        letters: model::letters(device.lease),
        linked_ms: device.made_ms,
        last_contact_ms: app.desks.heard_ms(device.id).unwrap_or(device.contact_ms).max(device.contact_ms),
        revoked_ms: device.revoked_ms,
        name: device.name,
    };
    Ok(SyncOverview {
        letters: restaurant.letters().to_owned(),
        epoch: restaurant.db.epoch(),
        position: restaurant.read(store::position)?,
        link: link_view(app, &restaurant)?,
        spare: spare_view(place)?,
        readiness: readiness(place)?,
        devices: devices.into_iter().map(view).collect(),
    })
}

/// Devices, the queue, and how the link is.
#[utoipa::path(get, path = "/restaurants/{rid}/sync", tag = "sync", operation_id = "get_sync",
    params(("rid" = Uuid, Path)), responses((status = 200, body = SyncOverview)),
    extensions(("x-permission" = json!("sync.read"))))]
pub async fn get_sync(here: Here<needs::SyncRead>) -> Result<Json<SyncOverview>, ApiError> {
    Ok(Json(overview(&here)?))
}

/// What everybody at the till may know.
#[derive(Debug, Serialize, ToSchema)]
pub struct SyncState {
    /// Null: this desk waits for no other.
    pub link: Option<LinkState>,
    pub waiting: u64,
    /// Since when nobody was heard, if nobody was.
    pub last_contact_ms: Option<i64>,
    /// Where a screen may go on if this engine is away: the spare's address.
    pub spare: Option<String>,
}

/// Whether what is done here is everywhere. For the bar at the top.
#[utoipa::path(get, path = "/restaurants/{rid}/sync/state", tag = "sync", operation_id = "get_sync_state",
    params(("rid" = Uuid, Path)), responses((status = 200, body = SyncState)),
    extensions(("x-permission" = json!("clock.own"))))]
pub async fn get_sync_state(here: Here<needs::ClockOwn>) -> Result<Json<SyncState>, ApiError> {
    let link = link_view(&here.app, &here.itself())?;
    Ok(Json(match link {
        Some(link) => SyncState {
            link: Some(link.state),
            waiting: link.waiting,
            last_contact_ms: link.last_contact_ms,
            spare: link.spare,
        },
        None => {
            let spare = spare_view(&here)?.and_then(|spare| spare.address);
            SyncState { link: None, waiting: 0, last_contact_ms: None, spare }
        }
    }))
}

/// A code for another desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewLinkCode {
    /// 16 letters and digits. Shown this once.
    pub code: String,
    /// Good until then, once.
    pub ends_ms: i64,
}

/// A code to link another desk with: it works once, for ten minutes.
#[utoipa::path(post, path = "/restaurants/{rid}/sync/codes", tag = "sync", operation_id = "make_link_code",
    params(("rid" = Uuid, Path)), responses((status = 201, body = NewLinkCode)),
    extensions(("x-permission" = json!("sync.write"))))]
pub async fn make_link_code(here: Here<needs::SyncWrite>) -> Result<Response, ApiError> {
    if here.itself().is_linked {
        let message = "This desk is linked to another. Make the code at the desk it is linked to.";
        return Err(Refusal::rule(message).into());
    }
    let (code, ends_ms) = codes::mint(&here.app, here.restaurant.id).await?;
    tracing::info!(by = %here.caller.account_id, "a link code was made");
    Ok((StatusCode::CREATED, Json(NewLinkCode { code: code.shown(), ends_ms })).into_response())
}

#[derive(Deserialize)]
pub struct DevicePath {
    device_id: Uuid,
}

/// Shuts a device out: it is not answered any more. What it has placed stays.
#[utoipa::path(delete, path = "/restaurants/{rid}/sync/devices/{device_id}", tag = "sync",
    operation_id = "shut_out_device", params(("rid" = Uuid, Path), ("device_id" = Uuid, Path)),
    responses((status = 204)), extensions(("x-permission" = json!("sync.write"))))]
pub async fn shut_out_device(
    here: Here<needs::SyncWrite>,
    Path(path): Path<DevicePath>,
) -> Result<StatusCode, ApiError> {
    let (rid, now_ms) = (here.restaurant.id, here.app.clock.now_ms());
    let found = here.app.installation.local(move |tx| store::revoke_device(tx, rid, path.device_id, now_ms)).await?;
    if !found {
        return Err(Refusal::not_found("The device").into());
    }
    tracing::info!(by = %here.caller.account_id, device = %path.device_id, "a device was shut out");
    here.app.tell_sync(rid);
    Ok(StatusCode::NO_CONTENT)
}

/// Leaves the sequencer: the restaurant goes from this desk, its file is set aside. Refused while something waits.
#[utoipa::path(delete, path = "/restaurants/{rid}/sync", tag = "sync", operation_id = "leave_link",
    params(("rid" = Uuid, Path)), responses((status = 204)),
    extensions(("x-permission" = json!("sync.write"))))]
pub async fn leave_link(here: Here<needs::SyncWrite>, meta: Meta) -> Result<StatusCode, ApiError> {
    let (app, restaurant) = (here.app.clone(), here.itself());
    let link = app.installation.read(|conn| store::link(conn, restaurant.id))?;
    let link = link.ok_or_else(|| Refusal::rule("This desk is linked to no other."))?;
    let (waiting, _) = restaurant.read(store::queue)?;
    if waiting > 0 {
        let message = "Something done at this desk has not arrived at the other yet. Leave when it has.";
        return Err(Refusal::rule(message).with_details(serde_json::json!({ "waiting": waiting })).into());
    }
    // Who is shut out, or cannot reach it, leaves all the same.
    if let Err(error) = client::leave(&app.outward, &link).await {
        tracing::warn!(%error, "the sequencer was not told that this desk leaves");
    }
    let people = goes_with(&app, &restaurant)?;
    let write = LeaveRestaurant { restaurant_id: restaurant.id, people };
    app.write(&app.installation, here.caller.account_id.0, &meta, Ok(write)).await?;
    let id = restaurant.id;
    app.installation.local(move |tx| store::delete_link(tx, id)).await?;
    app.desks.forget(id);
    app.desks.links.notify_one();
    app.forget_restaurant(id);
    let closing = app.clone();
    drop(restaurant);
    let closed = tokio::task::spawn_blocking(move || {
        here.restaurant.db.close_wholly(std::time::Duration::from_secs(5));
        afresh::set_aside(&closing, &closing.restaurant_path(id))
    });
    let aside = closed.await.map_err(ApiError::internal)??;
    tracing::info!(restaurant = %id, path = %aside.display(), "this desk left; its file was set aside");
    Ok(StatusCode::NO_CONTENT)
}

/// Who is on the staff of this restaurant and of no other here.
fn goes_with(app: &App, restaurant: &Restaurant) -> Result<Vec<AccountId>, ApiError> {
    let mut people = restaurant.read(store::staff_accounts)?;
    for other in app.restaurants().iter().filter(|other| other.id != restaurant.id) {
        let mut kept = Vec::new();
        for account in people {
            if other.read(|conn| staff::store::by_account(conn, account))?.is_none() {
                kept.push(account);
            }
        }
        people = kept;
    }
    Ok(people)
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"address": "192.168.1.20:8787", "code": "7K2M-Q9XA-4TBN-0WCD", "name": "Bar"}))]
pub struct JoinRequest {
    /// Where the other desk's engine answers.
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = ADDRESS_MAX), custom(an_address))]
    #[schema(max_length = 200)]
    pub address: String,
    /// From that desk's Sync page.
    #[garde(length(chars, min = 1, max = CODE_MAX), custom(a_code))]
    #[schema(max_length = 40)]
    pub code: String,
    /// How this desk is called where devices are listed.
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(max_length = 60)]
    pub name: String,
}

pub fn an_address(typed: &str, (): &()) -> garde::Result {
    let read = client::address(typed).map(drop);
    read.ok_or_else(|| garde::Error::new("is not an address, like 192.168.1.20:8787 or https://hub.example"))
}

fn a_code(typed: &str, (): &()) -> garde::Result {
    LinkCode::read(typed).map(drop).ok_or_else(|| garde::Error::new("a code has 16 letters and digits"))
}

impl JoinRequest {
    pub fn wanted(self) -> Option<Wanted> {
        let address = client::address(&self.address)?.to_string();
        Some(Wanted { address, code: LinkCode::read(&self.code)?, name: self.name })
    }
}

/// First run: this desk joins a restaurant that exists. It goes on in the background.
#[utoipa::path(post, path = "/setup/join", tag = "sync", operation_id = "begin_joining",
    request_body = JoinRequest, responses((status = 202, body = Joining)))]
pub async fn begin_joining(
    State(app): State<App>,
    _may: SetupToken,
    input: Input<JoinRequest>,
) -> Result<Response, ApiError> {
    join::may_join(&app)?;
    let busy = |joining: Joining| !matches!(joining.step, JoinStep::Done | JoinStep::Failed);
    if app.desks.joining().is_some_and(busy) {
        return Err(Refusal::conflict("This desk is joining already.").into());
    }
    let wanted = input.value.wanted().ok_or_else(|| Refusal::invalid("address", "This is no address."))?;
    app.desks.set_joining(Some(Joining::begun()));
    drop(tokio::spawn(async move {
        if let Err(error) = join::join(&app, &wanted).await {
            tracing::warn!(%error, address = wanted.address, "joining failed");
        }
    }));
    Ok((StatusCode::ACCEPTED, Json(Joining::begun())).into_response())
}

/// How far joining is.
#[utoipa::path(get, path = "/setup/join", tag = "sync", operation_id = "get_joining",
    responses((status = 200, body = Joining)))]
pub async fn get_joining(State(app): State<App>, _may: SetupToken) -> Result<Json<Joining>, ApiError> {
    app.desks.joining().map(Json).ok_or_else(|| Refusal::not_found("Joining").into())
}
