//! `/sync`: what linked devices ask of their restaurant's sequencer. Bodies are `wire`'s; a device says who it is with
//! its key, and reaches the restaurant it was linked to alone.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequestParts, RawPathParams, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use comanda_db::rebase::SyncError;
use comanda_db::{WriteError, joining};
use garde::Validate;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::model::{self, DEVICES_MAX, NAME_MAX};
use super::routes_spare::say_besides;
use super::store::{self, Device};
use super::wire::{self, BODY_BYTES_MAX, COMMANDS_MAX};
use super::{codes, handover};
use crate::app::{App, Restaurant};
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::bearer;
use crate::front::input::{Input, Meta, Query};
use crate::front::stream;
use crate::installation::sessions::{Token, hashed};
use crate::kernel::ids::{self, RestaurantId};
use crate::kernel::text;
use crate::{hub, tables};

/// A device that has everything waits so long for more, at most. Below the time a request has.
pub const WAIT_MS_MAX: u64 = 25_000;
/// How many bytes a copy has when it is unpacked.
pub const COPY_BYTES: HeaderName = HeaderName::from_static("comanda-bytes");
/// With every page: this engine's last position, where to ask if it is away, and a stamp of what the spare should hold.
pub const POSITION: HeaderName = HeaderName::from_static("comanda-position");
pub const SPARE: HeaderName = HeaderName::from_static("comanda-spare");
pub const STANDING: HeaderName = HeaderName::from_static("comanda-standing");
/// Local tables that go along in a copy: pictures are the same everywhere.
const KEPT: &[&str] = &["image"];
const BODY: &str = "application/octet-stream";

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(link_device))
        .routes(routes!(lease_letters))
        .routes(routes!(get_copy))
        .routes(routes!(pull_effects))
        .routes(routes!(leave_sequencer))
        .merge(OpenApiRouter::new().routes(routes!(push_commands)).layer(DefaultBodyLimit::max(BODY_BYTES_MAX)))
}

/// The schema a restaurant's file has here.
pub const fn schema() -> u64 {
    tables::RESTAURANT.migrations.len() as u64
}

/// Extractor: a linked device, at the restaurant in the path, which this engine sequences.
pub struct Linked {
    pub app: App,
    pub restaurant: Arc<Restaurant>,
    pub device: Device,
}

impl FromRequestParts<App> for Linked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let nobody = || Refusal::new(Code::Unauthenticated, "No device has this key. Link it again.");
        let key = hashed(bearer(parts).ok_or_else(nobody)?);
        let device = by_key(app, &key).await?.ok_or_else(nobody)?;
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(ApiError::internal)?;
        let rid = params.iter().find(|(name, _)| *name == "rid").map(|(_, value)| value);
        let id = rid.and_then(|rid| rid.parse().ok().map(RestaurantId)).filter(|id| *id == device.restaurant_id);
        let id = id.ok_or_else(|| Refusal::not_found("The restaurant"))?;
        if device.revoked_ms.is_some() {
            let refusal = Refusal::new(Code::Forbidden, "This device was shut out of the restaurant.");
            return Err(refusal.with_details(serde_json::json!({ "reason": "revoked" })).into());
        }
        let closed = || app.unreadable.refusal(id).unwrap_or_else(|| Refusal::not_found("The restaurant").into());
        let restaurant = app.restaurant(id).ok_or_else(closed)?;
        if restaurant.is_linked {
            return Err(
                Refusal::conflict("This engine is not the restaurant's sequencer; it is linked to another.").into()
            );
        }
        let now_ms = app.clock.now_ms();
        if app.desks.hear(device.id, now_ms) {
            let device = device.id;
            app.installation.local(move |tx| store::set_contact(tx, id, device, now_ms)).await?;
        }
        Ok(Self { app: app.clone(), restaurant, device })
    }
}

/// A device of a hub may have been linked at another process a moment ago.
async fn by_key(app: &App, key: &[u8; 32]) -> Result<Option<Device>, ApiError> {
    let known = |app: &App| app.installation.read(|conn| store::device_by_key(conn, key));
    let found = known(app)?;
    if found.is_some() || app.hub.is_none() {
        return Ok(found);
    }
    hub::news::take_in_installation(app).await;
    Ok(known(app)?)
}

impl Linked {
    /// A device of an earlier epoch holds what was rolled back; one of a later schema holds what is not known here.
    fn in_step(&self, epoch: u64, schema: u64) -> Result<(), ApiError> {
        let here = self.restaurant.db.epoch();
        if epoch < here {
            let refusal =
                Refusal::new(Code::Fenced, "The restaurant was put back since. Begin again from a fresh copy.");
            return Err(refusal.with_details(serde_json::json!({ "epoch": here })).into());
        }
        if epoch > here {
            self.app.desks.suspect.notify_one();
            let refusal = Refusal::conflict("This engine holds an earlier epoch of the restaurant than the device.");
            return Err(refusal.at("epoch").with_details(serde_json::json!({ "epoch": here })).into());
        }
        if schema != self::schema() {
            let message = "Device and sequencer run different versions of Comanda. Update the older one.";
            let refusal = Refusal::conflict(message).at("schema");
            return Err(refusal.with_details(serde_json::json!({ "schema": self::schema() })).into());
        }
        Ok(())
    }
}

/// A new desk with a link code.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// Derived from the code, which itself does not travel.
    #[garde(length(equal = 64), ascii)]
    #[schema(min_length = 64, max_length = 64)]
    pub proof: String,
    /// How the desk is called where devices are listed.
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = NAME_MAX))]
    #[schema(example = "Bar", max_length = 60)]
    pub name: String,
}

/// What only the code opens.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct LinkedDevice {
    /// Base64.
    pub sealed: String,
}

/// Links a device: what it gets is sealed under its code. A code works once.
#[utoipa::path(post, path = "/sync/link", tag = "sync", operation_id = "link_device", security(()),
    request_body = NewDevice, responses((status = 201, body = LinkedDevice)))]
pub async fn link_device(State(app): State<App>, input: Input<NewDevice>) -> Result<Response, ApiError> {
    let NewDevice { proof, name } = input.value;
    let unknown =
        || Refusal::new(Code::NotFound, "This code is unknown, used or too old. Ask for a new one.").at("proof");
    let (code, restaurant) = codes::take(&app, &proof).await?.ok_or_else(unknown)?;
    let restaurant = app.restaurant(restaurant).filter(|restaurant| !restaurant.is_linked).ok_or_else(unknown)?;
    let key = Token::mint();
    let device = register(&app, &restaurant, name, key.hash(), Origin::Code(code.seal_of_link())).await?;
    let letters = model::letters(device.lease);
    let sealed = handover::gather(&app, &restaurant, device.id, letters, key.as_str().to_owned())?.seal(&code)?;
    tracing::info!(restaurant = %restaurant.id, device = %device.id, name = device.name, "a device was linked");
    app.changes.touch(restaurant.id, "sync", restaurant.db.entry()?);
    Ok((StatusCode::CREATED, Json(LinkedDevice { sealed })).into_response())
}

/// Where a device comes from.
#[derive(Clone, Copy)]
enum Origin {
    /// It was linked just now, and has this in common with the sequencer.
    Code([u8; 32]),
    /// It was another one before.
    Device(Uuid),
}

/// Writes a device down under a new id with new letters.
async fn register(
    app: &App,
    restaurant: &Restaurant,
    name: String,
    key: [u8; 32],
    origin: Origin,
) -> Result<Device, ApiError> {
    let (rid, epoch, now_ms) = (restaurant.id, restaurant.db.epoch(), app.clock.now_ms());
    let written = app.installation.local(move |tx| {
        let leased = store::leased(tx.conn(), rid)?;
        if store::device_count(tx.conn(), rid)? >= DEVICES_MAX {
            return Ok(None);
        }
        let lease = model::next_lease(epoch, &leased);
        let device = Device {
            restaurant_id: rid,
            id: ids::mint(),
            lease,
            name: name.clone(),
            made_ms: now_ms,
            contact_ms: now_ms,
            revoked_ms: None,
        };
        match origin {
            Origin::Code(seal) => store::spare::set_seal(tx, rid, device.id, &seal)?,
            Origin::Device(before) => {
                store::retire_device(tx, rid, before)?;
                store::spare::follow_device(tx, rid, before, device.id)?;
            }
        }
        store::insert_device(tx, &device, &key)?;
        Ok(Some(device))
    });
    let full = || Refusal::rule(format!("A restaurant has at most {DEVICES_MAX} devices over the years.")).into();
    written.await?.ok_or_else(full)
}

/// Another id and other letters, for a device that begins again.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Leased {
    pub device_id: Uuid,
    pub letters: String,
    /// The restaurant's.
    pub epoch: u64,
}

/// A new id and letters that were never used, for a device that begins again from a copy.
#[utoipa::path(post, path = "/sync/{rid}/lease", tag = "sync", operation_id = "lease_letters",
    params(("rid" = Uuid, Path)), responses((status = 201, body = Leased)))]
pub async fn lease_letters(linked: Linked, parts: Key) -> Result<Response, ApiError> {
    let Linked { app, restaurant, device } = linked;
    let leased = register(&app, &restaurant, device.name, parts.0, Origin::Device(device.id)).await?;
    let body = Leased { device_id: leased.id, letters: model::letters(leased.lease), epoch: restaurant.db.epoch() };
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Extractor: the hash of the key a request came with.
pub struct Key([u8; 32]);

impl FromRequestParts<App> for Key {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, ApiError> {
        let key = bearer(parts).ok_or_else(|| ApiError::new(Code::Unauthenticated))?;
        Ok(Self(hashed(key)))
    }
}

/// The restaurant as it is now, without what is this engine's own: a SQLite file, zstd.
#[utoipa::path(get, path = "/sync/{rid}/copy", tag = "sync", operation_id = "get_copy",
    params(("rid" = Uuid, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub async fn get_copy(linked: Linked) -> Result<Response, ApiError> {
    let Linked { app, restaurant, .. } = linked;
    // One at a time; the next is told to come back rather than fill the disk.
    let turn = app.desks.copying.acquire().await.map_err(ApiError::internal)?;
    let folder = app.data_dir.join(super::join::FOLDER);
    let path = folder.join(format!("{}.copy", ids::mint()));
    let (db, to) = (restaurant.db.clone(), path.clone());
    let made = tokio::task::spawn_blocking(move || -> Result<std::fs::File, ApiError> {
        std::fs::create_dir_all(&folder).map_err(ApiError::internal)?;
        let made = db.snapshot(&to).and_then(|()| joining::strip(&to, &tables::RESTAURANT, KEPT));
        let file = made.map_err(ApiError::internal).and_then(|()| std::fs::File::open(&to).map_err(ApiError::internal));
        // It stays as long as it is read, and is gone when the engine is.
        if let Err(error) = std::fs::remove_file(&to) {
            tracing::warn!(%error, "a copy stays until the next start");
        }
        file
    });
    let file = made.await.map_err(ApiError::internal)??;
    drop(turn);
    let bytes = file.metadata().map_err(ApiError::internal)?.len();
    let mut response = stream::file("restaurant.db.zst", BODY, move |pieces| {
        zstd::stream::copy_encode(std::io::BufReader::new(file), pieces, 3).map_err(ApiError::internal)
    });
    response.headers_mut().insert(COPY_BYTES, bytes.into());
    Ok(response)
}

/// Commands up: they run in their order, a known one is answered again, a refused one is consumed.
#[utoipa::path(post, path = "/sync/{rid}/commands", tag = "sync", operation_id = "push_commands",
    params(("rid" = Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "A batch: CBOR, zstd"),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub async fn push_commands(linked: Linked, meta: Meta) -> Result<Response, ApiError> {
    let body = meta.body().clone();
    let batch = tokio::task::spawn_blocking(move || wire::read_batch(&body)).await.map_err(ApiError::internal)?;
    let batch = batch.map_err(|error| Refusal::invalid("body", format!("This is no batch: {error}.")))?;
    linked.in_step(batch.epoch, batch.schema)?;
    if batch.commands.iter().any(|command| command.device != linked.device.id) {
        return Err(Refusal::invalid("commands[].device", "A device pushes its own commands.").into());
    }
    let db = linked.restaurant.db.clone();
    let placed = tokio::task::spawn_blocking(move || db.place(batch.commands)).await.map_err(ApiError::internal)?;
    let placed = placed.map_err(refused)?;
    Ok(bytes(wire::placements(&placed).map_err(ApiError::internal)?))
}

fn refused(error: SyncError) -> ApiError {
    match error {
        SyncError::Gap { expected, got } => {
            let message = format!("The device's next number is {expected}, and {got} came.");
            let details = serde_json::json!({ "expected": expected, "got": got });
            Refusal::conflict(message).at("commands[].device_seq").with_details(details).into()
        }
        // Nothing was placed; the device comes again.
        SyncError::Write(WriteError::Broken(cause)) => ApiError::from(WriteError::Unavailable(cause)),
        SyncError::Write(error) => error.into(),
        other => ApiError::internal(other),
    }
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Pull {
    /// `next` of the page before; 0: from the beginning.
    #[garde(skip)]
    after: u64,
    /// The device's epoch.
    #[garde(skip)]
    epoch: u64,
    /// The schema of the device's file.
    #[garde(skip)]
    schema: u64,
    /// How long to wait where there is nothing yet.
    #[serde(default)]
    #[garde(range(max = WAIT_MS_MAX))]
    wait_ms: u64,
}

/// Effects down: what was placed after a cursor, in pages. Where there is nothing, it waits a while for something.
#[utoipa::path(get, path = "/sync/{rid}/effects", tag = "sync", operation_id = "pull_effects",
    params(("rid" = Uuid, Path), Pull),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub async fn pull_effects(linked: Linked, Query(pull): Query<Pull>) -> Result<Response, ApiError> {
    linked.in_step(pull.epoch, pull.schema)?;
    let mut stopping = linked.app.desks.stopping();
    let mut moved = linked.restaurant.moved.subscribe();
    let mut told = linked.app.desks.told.subscribe();
    let until = Instant::now() + Duration::from_millis(pull.wait_ms);
    let db = linked.restaurant.db.clone();
    // What was pushed at another process of a hub a moment ago is there for whoever asks here.
    let mut looked = linked.app.hub.is_none();
    loop {
        let reading = db.clone();
        let page = tokio::task::spawn_blocking(move || reading.placed_after(pull.after, COMMANDS_MAX));
        let page = page.await.map_err(ApiError::internal)??;
        let is_over = *stopping.borrow() || told.has_changed().unwrap_or(true) || (looked && Instant::now() >= until);
        if page.next > pull.after || is_over {
            let mut response = bytes(wire::page(db.epoch(), &page).map_err(ApiError::internal)?);
            say_besides(&linked, response.headers_mut())?;
            return Ok(response);
        }
        if !looked {
            looked = true;
            let behind = db.clone();
            if tokio::task::spawn_blocking(move || behind.catch_up()).await.map_err(ApiError::internal)?? {
                continue;
            }
        }
        tokio::select! {
            changed = moved.changed() => changed.map_err(ApiError::internal)?,
            _ = stopping.changed() => {}
            _ = told.changed() => told.mark_changed(),
            () = tokio::time::sleep_until(until) => {}
        }
    }
}

/// A device leaves: its key is good for nothing any more.
#[utoipa::path(delete, path = "/sync/{rid}/link", tag = "sync", operation_id = "leave_sequencer",
    params(("rid" = Uuid, Path)), responses((status = 204)))]
pub async fn leave_sequencer(linked: Linked) -> Result<StatusCode, ApiError> {
    let Linked { app, restaurant, device } = linked;
    let (rid, id, now_ms) = (restaurant.id, device.id, app.clock.now_ms());
    app.installation.local(move |tx| store::revoke_device(tx, rid, id, now_ms)).await?;
    app.changes.touch(rid, "sync", restaurant.db.entry()?);
    Ok(StatusCode::NO_CONTENT)
}

fn bytes(body: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, BODY)], Body::from(body)).into_response()
}
