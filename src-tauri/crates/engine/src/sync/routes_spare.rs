//! `/restaurants/{rid}/sync`: naming a spare, saying where it would be reached, taking over. And what the spare fetches
//! from its sequencer.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::routes::{ADDRESS_MAX, SyncOverview, an_address, overview};
use super::sequencer::{Linked, POSITION, SPARE, STANDING};
use super::store::spare::{self as store, Spare};
use super::store::{self as links};
use super::{client, spare, takeover};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::Input;
use crate::installation::sessions::Token;
use crate::kernel::text;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(name_spare, end_spare))
        .routes(routes!(set_spare_address))
        .routes(routes!(take_over_sequencer))
        .routes(routes!(hand_over_standing))
}

/// The spare, at the sequencer.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpareView {
    pub device_id: Uuid,
    pub name: String,
    /// Where it would be reached, as it says. Null: it has not said yet.
    pub address: Option<String>,
    pub since_ms: i64,
}

/// How ready the spare is, at the spare.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// Where other desks would reach this one. Null: nobody said.
    pub own_address: Option<String>,
    /// When what it needs to take over came last.
    pub taken_ms: i64,
    /// Desks it would serve.
    pub desks: u64,
    /// 0: in step. Null: not in step yet since the engine runs.
    pub behind_ms: Option<i64>,
    /// Commands it knows to be missing here. Null: unknown.
    pub behind_commands: Option<u64>,
    /// When it had everything last.
    pub in_step_ms: Option<i64>,
}

pub fn spare_view(place: &Place) -> Result<Option<SpareView>, ApiError> {
    let id = place.restaurant.id;
    let read =
        |conn: &rusqlite::Connection| Ok::<_, rusqlite::Error>((store::spare(conn, id)?, links::devices(conn, id)?));
    let (spare, devices) = place.app.installation.read(read)?;
    let Some(spare) = spare else { return Ok(None) };
    let name = devices.into_iter().find(|device| device.id == spare.device_id).map(|device| device.name);
    Ok(Some(SpareView {
        device_id: spare.device_id,
        name: name.unwrap_or_default(),
        address: spare.address,
        since_ms: spare.since_ms,
    }))
}

pub fn readiness(place: &Place) -> Result<Option<Readiness>, ApiError> {
    let (app, restaurant) = (&place.app, place.itself());
    let Some(link) = app.installation.read(|conn| links::link(conn, restaurant.id))? else { return Ok(None) };
    let Some((standing, taken_ms)) = spare::held(app, restaurant.id)? else { return Ok(None) };
    let (status, here) = (app.desks.status(restaurant.id), restaurant.db.position()?);
    let silent = status.in_step_ms.map(|in_step_ms| (app.clock.now_ms() - in_step_ms).max(0));
    let others = standing
        .devices
        .iter()
        .filter(|known| known.key_hash.is_some() && known.revoked_ms.is_none() && known.id != link.device_id);
    Ok(Some(Readiness {
        own_address: link.own_address,
        taken_ms,
        desks: others.count() as u64,
        behind_ms: silent.map(|silent| if silent <= spare::SILENT_MS { 0 } else { silent }),
        behind_commands: status.there.map(|there| there.saturating_sub(here)),
        in_step_ms: status.in_step_ms,
    }))
}

fn sequences(place: &Place) -> Result<(), ApiError> {
    if place.app.hub.is_some() {
        return Err(Refusal::rule("A hub has no spare: any of its processes serves.").into());
    }
    if place.itself().is_linked {
        let message = "This desk is linked to another. Name the spare at the desk it is linked to.";
        return Err(Refusal::rule(message).into());
    }
    Ok(())
}

/// Which linked device.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSpare {
    #[garde(skip)]
    pub device_id: Uuid,
}

/// Names one linked desk as the spare: it gets what it needs to take over, and is kept current.
#[utoipa::path(put, path = "/restaurants/{rid}/sync/spare", tag = "sync", operation_id = "name_spare",
    params(("rid" = Uuid, Path)), request_body = NewSpare, responses((status = 200, body = SyncOverview)),
    extensions(("x-permission" = json!("sync.write"))))]
pub async fn name_spare(here: Here<needs::SyncWrite>, input: Input<NewSpare>) -> Result<Json<SyncOverview>, ApiError> {
    sequences(&here)?;
    let (id, device, now_ms) = (here.restaurant.id, input.value.device_id, here.app.clock.now_ms());
    let known = here.app.installation.read(|conn| store::asking(conn, id, device))?;
    known.ok_or_else(|| Refusal::not_found("The device").at("device_id"))?;
    let new = Spare {
        restaurant_id: id,
        device_id: device,
        address: None,
        key: Token::mint().as_str().to_owned(),
        seal: rand::random(),
        since_ms: now_ms,
        ended: false,
    };
    let named = here.app.installation.local(move |tx| {
        if store::spare(tx.conn(), id)?.is_none_or(|spare| spare.device_id != device) {
            store::set_spare(tx, &new)?;
        }
        Ok(())
    });
    named.await?;
    tracing::info!(by = %here.caller.account_id, %device, "a spare was named");
    here.app.tell_sync(id);
    Ok(Json(overview(&here)?))
}

/// There is no spare any more.
#[utoipa::path(delete, path = "/restaurants/{rid}/sync/spare", tag = "sync", operation_id = "end_spare",
    params(("rid" = Uuid, Path)), responses((status = 200, body = SyncOverview)),
    extensions(("x-permission" = json!("sync.write"))))]
pub async fn end_spare(here: Here<needs::SyncWrite>) -> Result<Json<SyncOverview>, ApiError> {
    sequences(&here)?;
    let id = here.restaurant.id;
    here.app.installation.local(move |tx| store::end_spare(tx, id)).await?;
    tracing::info!(by = %here.caller.account_id, "there is no spare any more");
    here.app.tell_sync(id);
    Ok(Json(overview(&here)?))
}

/// Where an engine is reached.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"address": "192.168.1.21:8787"}))]
pub struct Address {
    /// Null: nowhere.
    #[garde(inner(length(chars, min = 1, max = ADDRESS_MAX), custom(an_address)))]
    #[schema(max_length = 200)]
    pub address: Option<String>,
}

impl Address {
    fn read(self) -> Option<String> {
        client::address(&self.address?).map(|url| url.to_string())
    }
}

/// At the spare: where other desks would reach it. They hear of it with what they fetch anyway.
#[utoipa::path(put, path = "/restaurants/{rid}/sync/address", tag = "sync", operation_id = "set_spare_address",
    params(("rid" = Uuid, Path)), request_body = Address, responses((status = 200, body = SyncOverview)),
    extensions(("x-permission" = json!("sync.write"))))]
pub async fn set_spare_address(
    here: Here<needs::SyncWrite>,
    input: Input<Address>,
) -> Result<Json<SyncOverview>, ApiError> {
    let id = here.restaurant.id;
    if readiness(&here)?.is_none() {
        return Err(Refusal::rule("This desk is not the spare.").into());
    }
    let address = input.value.read();
    here.app.installation.local(move |tx| store::set_own_address(tx, id, address.as_deref())).await?;
    // Wakes the link, which says it.
    here.itself().moved.send_modify(|_| {});
    here.app.tell_sync(id);
    Ok(Json(overview(&here)?))
}

/// The restaurant's name, typed: nobody takes over by mistake.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Trattoria da Lucia"}))]
pub struct TakeOverConfirmation {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, max = 200))]
    pub name: String,
}

/// At the spare: this desk is the restaurant's sequencer from now on. What was not brought here by then comes from
/// whoever has it, under the same ids.
#[utoipa::path(post, path = "/restaurants/{rid}/sync/take-over", tag = "sync", operation_id = "take_over_sequencer",
    params(("rid" = Uuid, Path)), request_body = TakeOverConfirmation,
    responses((status = 200, body = TakenOver)),
    extensions(("x-permission" = json!("sync.write"))))]
pub async fn take_over_sequencer(
    here: Here<needs::SyncWrite>,
    input: Input<TakeOverConfirmation>,
) -> Result<Json<TakenOver>, ApiError> {
    takeover::may_take_over(&here.app, here.restaurant.id)?;
    if input.value.name != here.settings()?.name {
        return Err(Refusal::invalid("name", "This is not the restaurant's name.").into());
    }
    let (app, id, by) = (here.app.clone(), here.restaurant.id, here.caller.account_id);
    drop(here);
    // It goes on when whoever asked does not wait.
    let taken = tokio::spawn(async move { takeover::take_over(&app, id, by).await });
    Ok(Json(TakenOver { epoch: taken.await.map_err(ApiError::internal)?? }))
}

/// This engine is the sequencer.
#[derive(Debug, Serialize, ToSchema)]
pub struct TakenOver {
    pub epoch: u64,
}

/// What only the spare opens.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SealedStanding {
    /// Base64.
    pub sealed: String,
}

/// The spare says where it would be reached, and gets what it needs to take over, sealed.
#[utoipa::path(post, path = "/sync/{rid}/standing", tag = "sync", operation_id = "hand_over_standing",
    params(("rid" = Uuid, Path)), request_body = Address, responses((status = 200, body = SealedStanding)))]
pub async fn hand_over_standing(linked: Linked, input: Input<Address>) -> Result<Json<SealedStanding>, ApiError> {
    let Linked { app, restaurant, device } = linked;
    let id = restaurant.id;
    let read = |conn: &rusqlite::Connection| {
        Ok::<_, rusqlite::Error>((store::spare(conn, id)?, store::seal(conn, id, device.id)?))
    };
    let (spare, seal) = app.installation.read(read)?;
    let nobodys = || Refusal::rule("This device is not the spare.");
    let spare = spare.filter(|spare| spare.device_id == device.id).ok_or_else(nobodys)?;
    let seal = seal.ok_or_else(nobodys)?;
    let address = input.value.read();
    if address != spare.address {
        let device = device.id;
        app.installation.local(move |tx| store::set_spare_address(tx, id, device, address.as_deref())).await?;
        app.tell_sync(id);
    }
    let body = spare::gather(&app, &restaurant, &spare)?;
    Ok(Json(SealedStanding { sealed: spare::shut(&seal, &body).map_err(ApiError::internal)? }))
}

/// What a page does not say: how far this engine is, where to ask if it is away, and to the spare, what it should hold.
pub fn say_besides(linked: &Linked, headers: &mut HeaderMap) -> Result<(), ApiError> {
    let Linked { app, restaurant, device } = linked;
    headers.insert(POSITION, restaurant.db.position()?.into());
    let Some(spare) = app.installation.read(|conn| store::spare(conn, restaurant.id))? else { return Ok(()) };
    if spare.device_id == device.id {
        let stamp = spare::stamp_for(app, restaurant, &spare)?;
        headers.extend(stamp.and_then(|stamp| Some((STANDING, HeaderValue::from_str(&stamp).ok()?))));
    } else if let Some(address) = spare.address {
        headers.extend(HeaderValue::from_str(&address).ok().map(|address| (SPARE, address)));
    }
    Ok(())
}
