//! Whether another engine goes on with a restaurant: who asks, and what is believed.
//!
//! An engine that took over answers a device it knows with its epoch and a proof that it is who it says: a hash under
//! what both have had since linking. No key goes to whoever may answer at an address. A sequencer that has a spare asks
//! it when it starts, before it lets anybody in, and every few seconds; a desk whose sequencer is away asks too.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::store::spare as store;
use super::{client, takeover};
use crate::app::App;
use crate::error::{ApiError, Refusal};
use crate::front::input::{Path, Query};
use crate::kernel::ids::{self, RestaurantId};

/// Between two questions to a spare. Whoever asks without a key has a hundred in a quarter of an hour.
const EVERY: Duration = Duration::from_secs(12);
/// An engine that starts waits so long for the spare's word.
const START_TIME_MAX: Duration = Duration::from_secs(2);

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_epoch))
}

/// The epoch an engine goes on in, proven.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EpochProof {
    pub epoch: u64,
    /// Hexadecimal, of 32 bytes.
    pub proof: String,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Who asks: a device's id.
    #[garde(skip)]
    device: Uuid,
    /// Never asked before.
    #[garde(skip)]
    nonce: Uuid,
}

#[derive(Deserialize)]
pub struct RestaurantPath {
    rid: Uuid,
}

fn proof(seal: &[u8; 32], rid: RestaurantId, nonce: Uuid, epoch: u64) -> String {
    let mut hasher = blake3::Hasher::new_keyed(seal);
    hasher.update(b"comanda epoch").update(rid.0.as_bytes()).update(nonce.as_bytes()).update(&epoch.to_le_bytes());
    hasher.finalize().to_hex().to_string()
}

/// Whether this engine is the restaurant's sequencer, and in which epoch; for a device it knows.
#[utoipa::path(get, path = "/sync/{rid}/epoch", tag = "sync", operation_id = "get_epoch", security(()),
    params(("rid" = Uuid, Path), Asked), responses((status = 200, body = EpochProof)))]
pub async fn get_epoch(
    State(app): State<App>,
    Path(path): Path<RestaurantPath>,
    Query(asked): Query<Asked>,
) -> Result<Json<EpochProof>, ApiError> {
    let (id, nobody) = (RestaurantId(path.rid), || Refusal::not_found("The restaurant"));
    let restaurant = app.restaurant(id).filter(|restaurant| !restaurant.is_linked).ok_or_else(nobody)?;
    let seal = app.installation.read(|conn| store::asking(conn, id, asked.device))?.ok_or_else(nobody)?;
    let epoch = restaurant.db.epoch();
    Ok(Json(EpochProof { epoch, proof: proof(&seal, id, asked.nonce, epoch) }))
}

/// In which epoch the engine at an address goes on with the restaurant. None: it does not, or cannot prove it.
pub async fn asked(app: &App, address: &str, id: RestaurantId, device: Uuid, seal: &[u8; 32]) -> Option<u64> {
    let nonce = ids::mint();
    let said = client::epoch(&app.outward, address, id, device, nonce).await.ok()?;
    let proven =
        blake3::Hash::from_hex(&said.proof).ok()? == blake3::Hash::from_hex(proof(seal, id, nonce, said.epoch)).ok()?;
    proven.then_some(said.epoch)
}

/// Asks every spare once. A sequencer whose spare took over steps down.
async fn look(app: &App) {
    for restaurant in app.restaurants().into_iter().filter(|restaurant| !restaurant.is_linked) {
        let (id, device, epoch) = (restaurant.id, restaurant.db.device(), restaurant.db.epoch());
        drop(restaurant);
        // One that was the spare and never heard that it is none any more can have taken over as well.
        let spares = app.installation.read(|conn| store::spares(conn, id)).unwrap_or_default();
        for (spare, address) in spares.iter().filter_map(|spare| Some((spare, spare.address.clone()?))) {
            match asked(app, &address, id, device, &spare.seal).await {
                Some(there) if there > epoch => {
                    if let Err(error) = takeover::step_down(app, id, spare, address, there).await {
                        tracing::error!(restaurant = %id, %error, "fenced, and could not step down");
                    }
                    break;
                }
                Some(there) if there == epoch => {
                    let both = "two engines go on in one epoch: a person has to end one";
                    tracing::error!(restaurant = %id, epoch, address, "{both}");
                }
                _ => {}
            }
        }
    }
}

/// Before anybody is let in.
pub async fn look_first(app: &App) {
    if tokio::time::timeout(START_TIME_MAX, look(app)).await.is_err() {
        tracing::warn!("the spare did not say in time whether it took over; this engine goes on");
    }
}

/// Runs for as long as the engine does.
pub async fn keep_looking(app: App) {
    loop {
        drop(tokio::time::timeout(EVERY, app.desks.suspect.notified()).await);
        look(&app).await;
    }
}
