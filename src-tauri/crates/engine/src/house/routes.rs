//! `/house`: the door, its authority, who is near. `/restaurants/{rid}/house`: pairing devices, and those that are paired.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{NAME_MAX, PORT_MIN, Wanted};
use super::pairing::{Looked, Waiting};
use super::{store, voice};
use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::{AtDesk, Here, Place, Somewhere, bearer};
use crate::front::input::{Input, Path};
use crate::installation::routes::{Session, SetupToken, session_with};
use crate::kernel::ids::SessionId;
use crate::kernel::text;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_house, change_house))
        .routes(routes!(get_authority))
        .routes(routes!(list_nearby))
        .routes(routes!(ask_to_pair))
        .routes(routes!(look_at_pairing))
        .routes(routes!(list_house_devices))
        .routes(routes!(make_pairing_code))
        .routes(routes!(confirm_pairing, refuse_pairing))
        .routes(routes!(shut_out_house_device))
}

/// The door of the house.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = House)]
pub struct HouseView {
    /// What an owner chose.
    pub wanted: bool,
    pub port: u16,
    /// Whether it is so now.
    pub is_open: bool,
    /// Why it is not open though it should be: a sentence.
    pub trouble: Option<String>,
    /// Why this computer may not be found by its name: a sentence.
    pub unheard: Option<String>,
    /// Where it is reached, the name first. Empty: shut.
    #[schema(example = json!(["https://comanda-7k2m.local:8788", "https://192.168.1.20:8788"]))]
    pub addresses: Vec<String>,
    /// SHA-256 of the authority's certificate, in pairs. Null: it was never open.
    pub fingerprint: Option<String>,
    /// Of the certificate that is shown; another one is made before.
    pub certificate_ends_ms: Option<i64>,
}

fn view(app: &App) -> Result<HouseView, ApiError> {
    let Wanted { is_open: wanted, port } = app.installation.read(store::wanted)?.unwrap_or_default();
    let standing = app.house.standing();
    let called = app.house.names.called();
    let names = std::iter::once(called.name.clone()).chain(called.reachable().map(|ip| ip.to_string()));
    let addresses = names.map(|name| format!("https://{name}:{port}"));
    Ok(HouseView {
        wanted,
        port,
        is_open: standing.is_open,
        trouble: standing.trouble,
        unheard: standing.unheard,
        addresses: if standing.is_open { addresses.collect() } else { Vec::new() },
        fingerprint: app.house.authority().map(|authority| authority.fingerprint()),
        certificate_ends_ms: standing.certificate_ends_ms,
    })
}

/// Whether this computer is open to its house, and what it is called there.
#[utoipa::path(get, path = "/house", tag = "house", operation_id = "get_house",
    responses((status = 200, body = HouseView)), extensions(("x-permission" = json!("sync.read"))))]
pub async fn get_house(who: Somewhere<needs::SyncRead>) -> Result<Json<HouseView>, ApiError> {
    Ok(Json(view(&who.app)?))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"is_open": false, "port": 8788}))]
pub struct HouseChange {
    #[garde(skip)]
    pub is_open: bool,
    #[garde(range(min = PORT_MIN))]
    #[schema(minimum = 1024, maximum = 65535)]
    pub port: u16,
}

/// Opens or shuts the door, at once. Only at this computer itself.
#[utoipa::path(put, path = "/house", tag = "house", operation_id = "change_house", request_body = HouseChange,
    responses((status = 200, body = HouseView)), extensions(("x-permission" = json!("sync.write"))))]
pub async fn change_house(
    who: Somewhere<needs::SyncWrite>,
    _: AtDesk,
    input: Input<HouseChange>,
) -> Result<Json<HouseView>, ApiError> {
    if who.app.hub.is_some() {
        return Err(Refusal::conflict("A hub is in no house: its own listener serves everybody.").into());
    }
    let HouseChange { is_open, port } = input.value;
    who.app.house.set(Wanted { is_open, port }).await?;
    tracing::info!(by = %who.caller.account_id, is_open, port, "the door of the house");
    Ok(Json(view(&who.app)?))
}

/// The certificate of the house's authority, for devices that are to trust it. Holds no secret.
#[utoipa::path(get, path = "/house/authority", tag = "house", operation_id = "get_authority", security(()),
    responses((status = 200, content_type = "application/x-x509-ca-cert", body = String)))]
pub async fn get_authority(State(app): State<App>) -> Result<Response, ApiError> {
    let authority = app.house.authority().ok_or_else(|| Refusal::not_found("The authority"))?;
    let named = format!("attachment; filename=\"{}.crt\"", authority.name);
    let headers = [(CONTENT_TYPE, "application/x-x509-ca-cert".to_owned()), (CONTENT_DISPOSITION, named)];
    Ok((headers, authority.pem.clone()).into_response())
}

/// Another desk in this house that is open to it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Nearby {
    /// `comanda-7k2m`: no restaurant's name is announced.
    pub name: String,
    /// Where it answers, the name first.
    pub addresses: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct NearbyList {
    pub items: Vec<Nearby>,
    /// Why nobody can be heard here: a sentence.
    pub unheard: Option<String>,
}

/// Desks that are heard in this house, for one that wants to join. Takes some seconds.
#[utoipa::path(get, path = "/house/nearby", tag = "house", operation_id = "list_nearby",
    responses((status = 200, body = NearbyList)))]
pub async fn list_nearby(State(app): State<App>, _may: SetupToken) -> Json<NearbyList> {
    let own = app.house.names.called().name;
    let shown = |one: voice::Heard| Nearby {
        addresses: std::iter::once(one.name.clone())
            .chain(one.addresses.iter().map(ToString::to_string))
            .map(|host| format!("https://{host}:{}", one.port))
            .collect(),
        name: one.name.trim_end_matches(".local").to_owned(),
    };
    Json(match voice::listen(&own).await {
        Ok(heard) => NearbyList { items: heard.into_iter().map(shown).collect(), unheard: None },
        Err(error) => {
            tracing::warn!(%error, "others in this house cannot be heard");
            NearbyList { items: Vec::new(), unheard: Some("No multicast on this computer.".to_owned()) }
        }
    })
}

/// A code a device is paired with.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairingCode {
    /// 16 letters and digits, without spaces. Shown this once.
    pub code: String,
    /// Good until then, once.
    pub ends_ms: i64,
    /// What a device opens, the name first.
    pub links: Vec<String>,
}

/// A code for a tablet or a kitchen screen. Only at this computer itself.
#[utoipa::path(post, path = "/restaurants/{rid}/house/codes", tag = "house", operation_id = "make_pairing_code",
    params(("rid" = Uuid, Path)), responses((status = 201, body = PairingCode)),
    extensions(("x-permission" = json!("sync.write"))))]
pub async fn make_pairing_code(here: Here<needs::SyncWrite>, _: AtDesk) -> Result<Response, ApiError> {
    let HouseView { addresses, is_open, .. } = view(&here.app)?;
    if !is_open {
        return Err(Refusal::rule("This computer is not open to its house. Open it first.").into());
    }
    let (code, ends_ms) = here.app.house.pairings.mint(here.restaurant.id, here.app.clock.now_ms());
    let links = addresses.iter().map(|address| format!("{address}/#pair={code}")).collect();
    tracing::info!(by = %here.caller.account_id, "a code for a device was made");
    Ok((StatusCode::CREATED, Json(PairingCode { code, ends_ms, links })).into_response())
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"code": "7K2MQ9XA4TBN0WCD", "name": "Terrace"}))]
pub struct PairingRequest {
    /// From the link the host shows.
    #[garde(length(chars, min = 1, max = 40))]
    #[schema(max_length = 40)]
    pub code: String,
    /// How this device is called where devices are listed.
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(max_length = 40)]
    pub name: String,
}

/// What a device shows while it waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct PairingAsked {
    /// For asking how it is. Shown this once.
    pub token: String,
    /// Shown here and at the host: it is the same.
    #[schema(example = "47 12")]
    pub number: String,
    pub ends_ms: i64,
}

/// A device gives its code, and waits for somebody at the host to confirm it.
#[utoipa::path(post, path = "/house/pairings", tag = "house", operation_id = "ask_to_pair", security(()),
    request_body = PairingRequest, responses((status = 201, body = PairingAsked)))]
pub async fn ask_to_pair(
    State(app): State<App>,
    parts: Peer,
    input: Input<PairingRequest>,
) -> Result<Response, ApiError> {
    let PairingRequest { code, name } = input.value;
    let asked = app.house.pairings.ask(&code, &name, parts.0, app.clock.now_ms());
    let (waiting, token) = asked.ok_or_else(|| {
        tracing::info!("a code for a device was refused");
        Refusal::new(Code::Unauthenticated, "This code is unknown, used or too old. Ask for a new one at the host.")
    })?;
    let Waiting { number, ends_ms, .. } = waiting;
    Ok((StatusCode::CREATED, Json(PairingAsked { token: token.as_str().to_owned(), number, ends_ms })).into_response())
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PairingState {
    Waiting,
    Refused,
    Paired,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PairingLook {
    pub state: PairingState,
    /// Of the device, once it is paired. Shown this once.
    pub session: Option<Session>,
}

/// How it is with a device that waits. Takes the token of `ask_to_pair`; what was confirmed is collected with this.
#[utoipa::path(post, path = "/house/pairings/look", tag = "house", operation_id = "look_at_pairing",
    responses((status = 200, body = PairingLook)))]
pub async fn look_at_pairing(State(app): State<App>, token: PairingToken) -> Result<Json<PairingLook>, ApiError> {
    let over = || Refusal::new(Code::Unauthenticated, "This took too long. Ask for a new code at the host.");
    Ok(Json(match app.house.pairings.look(&token.0, app.clock.now_ms()).ok_or_else(over)? {
        Looked::Waits(_) => PairingLook { state: PairingState::Waiting, session: None },
        Looked::Refused => PairingLook { state: PairingState::Refused, session: None },
        Looked::Confirmed(waiting, by) => {
            let session = session_with(&app, &app.pair(waiting, by).await?)?;
            PairingLook { state: PairingState::Paired, session: Some(session) }
        }
    }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HouseDevices {
    pub waiting: Vec<WaitingDevice>,
    pub devices: Vec<HouseDevice>,
}

/// A device that gave a code.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingDevice {
    pub id: Uuid,
    /// As it was typed there.
    pub name: String,
    /// What it shows.
    pub number: String,
    pub from: Option<String>,
    pub asked_ms: i64,
    pub ends_ms: i64,
}

/// A paired device.
#[derive(Debug, Serialize, ToSchema)]
pub struct HouseDevice {
    pub id: SessionId,
    pub name: String,
    pub paired_ms: i64,
    /// Who confirmed it. Null: gone since.
    pub paired_by: Option<String>,
    pub last_contact_ms: i64,
}

fn devices(place: &Place) -> Result<HouseDevices, ApiError> {
    let (app, of, now_ms) = (&place.app, place.restaurant.id, place.app.clock.now_ms());
    let waiting = app.house.pairings.waiting(of, now_ms).into_iter().map(|one| WaitingDevice {
        id: one.id,
        name: one.name,
        number: one.number,
        from: one.from.map(|from| from.to_canonical().to_string()),
        asked_ms: one.asked_ms,
        ends_ms: one.ends_ms,
    });
    let kept = app.installation.read(|conn| store::devices(conn, of, now_ms))?;
    let shown = |kept: store::Device| {
        Ok(HouseDevice {
            id: kept.id,
            name: kept.name,
            paired_ms: kept.made_ms,
            paired_by: place.itself().name_of(kept.made_by)?,
            last_contact_ms: app.house.contacts.last_ms(kept.id).unwrap_or(kept.contact_ms),
        })
    };
    let devices = kept.into_iter().map(shown).collect::<Result<_, rusqlite::Error>>()?;
    Ok(HouseDevices { waiting: waiting.collect(), devices })
}

/// Devices that wait to be confirmed, and those that are paired.
#[utoipa::path(get, path = "/restaurants/{rid}/house/devices", tag = "house", operation_id = "list_house_devices",
    params(("rid" = Uuid, Path)), responses((status = 200, body = HouseDevices)),
    extensions(("x-permission" = json!("sync.read"))))]
pub async fn list_house_devices(here: Here<needs::SyncRead>) -> Result<Json<HouseDevices>, ApiError> {
    Ok(Json(devices(&here)?))
}

#[derive(Deserialize)]
pub struct WaitingPath {
    waiting_id: Uuid,
}

/// Confirms a device whose number is the one that is shown here. Only at this computer itself.
#[utoipa::path(post, path = "/restaurants/{rid}/house/waiting/{waiting_id}", tag = "house",
    operation_id = "confirm_pairing", params(("rid" = Uuid, Path), ("waiting_id" = Uuid, Path)),
    responses((status = 204)), extensions(("x-permission" = json!("sync.write"))))]
pub async fn confirm_pairing(
    here: Here<needs::SyncWrite>,
    _: AtDesk,
    Path(path): Path<WaitingPath>,
) -> Result<StatusCode, ApiError> {
    let (of, by, now_ms) = (here.restaurant.id, here.caller.account_id, here.app.clock.now_ms());
    let found = here.app.house.pairings.confirm(of, path.waiting_id, by, now_ms);
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::not_found("The device").into()) }
}

/// Sends a device away that waits.
#[utoipa::path(delete, path = "/restaurants/{rid}/house/waiting/{waiting_id}", tag = "house",
    operation_id = "refuse_pairing", params(("rid" = Uuid, Path), ("waiting_id" = Uuid, Path)),
    responses((status = 204)), extensions(("x-permission" = json!("sync.write"))))]
pub async fn refuse_pairing(
    here: Here<needs::SyncWrite>,
    Path(path): Path<WaitingPath>,
) -> Result<StatusCode, ApiError> {
    let found = here.app.house.pairings.refuse(here.restaurant.id, path.waiting_id, here.app.clock.now_ms());
    if found { Ok(StatusCode::NO_CONTENT) } else { Err(Refusal::not_found("The device").into()) }
}

#[derive(Deserialize)]
pub struct HouseDevicePath {
    device_id: Uuid,
}

/// Shuts a paired device out: its session ends at once.
#[utoipa::path(delete, path = "/restaurants/{rid}/house/devices/{device_id}", tag = "house",
    operation_id = "shut_out_house_device", params(("rid" = Uuid, Path), ("device_id" = Uuid, Path)),
    responses((status = 204)), extensions(("x-permission" = json!("sync.write"))))]
pub async fn shut_out_house_device(
    here: Here<needs::SyncWrite>,
    Path(path): Path<HouseDevicePath>,
) -> Result<StatusCode, ApiError> {
    if !here.app.shut_out(here.restaurant.id, SessionId(path.device_id)).await? {
        return Err(Refusal::not_found("The device").into());
    }
    tracing::info!(by = %here.caller.account_id, device = %path.device_id, "a paired device was shut out");
    Ok(StatusCode::NO_CONTENT)
}

/// Extractor: the other end of the connection.
pub struct Peer(Option<IpAddr>);

impl axum::extract::FromRequestParts<App> for Peer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip())))
    }
}

/// Extractor: the token of a device that waits. Whose it is, `Pairings` knows.
pub struct PairingToken(String);

impl axum::extract::FromRequestParts<App> for PairingToken {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let token = bearer(parts).ok_or_else(|| ApiError::new(Code::Unauthenticated))?;
        Ok(Self(token.to_owned()))
    }
}
