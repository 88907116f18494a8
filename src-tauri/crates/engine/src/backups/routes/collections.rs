//! One collection out of a moment that stands ready: what that would do, and doing it.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use rusqlite::Connection;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::restores::{RestorePath, prepared};
use crate::app::App;
use crate::backups::collection::{self, Change, Collection, Preview, PutBack};
use crate::backups::restore::State;
use crate::backups::{Failure, store};
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Path};
use crate::front::reply;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(preview_backup_collection)).routes(routes!(put_back_backup_collection))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"collection": "menu"}))]
pub struct WantedCollection {
    /// `menu`, `floor` or `stations`.
    #[garde(length(max = 40))]
    pub collection: String,
}

/// What differs between a moment that stands ready and now, and when that moment is.
fn compared(
    place: &Place,
    restore: uuid::Uuid,
    collection: Collection,
) -> Result<(Vec<Change>, Preview, i64), ApiError> {
    let known = prepared(place, restore)?;
    let State::Ready(ready) = known.state() else {
        return Err(Refusal::conflict("This moment does not stand ready.").into());
    };
    let all = |conn: &Connection| collection.tables().iter().map(|name| store::table(conn, name)).collect();
    let then: rusqlite::Result<Vec<_>> = Connection::open(known.file()).and_then(|conn| all(&conn));
    let then = then.map_err(Failure::from)?;
    let (now, here) = place.read::<_, ApiError>(|conn| {
        let now: rusqlite::Result<Vec<_>> = all(conn);
        Ok((now?, store::here(conn)?))
    })?;
    let (changes, preview) = collection::compare(collection, &then, &now, &here);
    Ok((changes, preview, ready.at_ms))
}

/// What putting one collection back would do. Changes nothing.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/restores/{restore_id}/collections/preview", tag = "backups",
    operation_id = "preview_backup_collection",
    params(("rid" = uuid::Uuid, Path), ("restore_id" = uuid::Uuid, Path)),
    request_body = WantedCollection, responses((status = 200, body = Preview)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn preview_backup_collection(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<RestorePath>,
    input: Input<WantedCollection>,
) -> Result<Json<Preview>, ApiError> {
    let collection = Collection::parse(&input.value.collection)?;
    let place = here.0.clone();
    let compared = tokio::task::spawn_blocking(move || compared(&place, path.restore_id, collection));
    Ok(Json(compared.await.map_err(ApiError::internal)??.1))
}

/// Puts one collection as it was then. Nothing of orders, payments or people is touched, and Audit shows what changed.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/restores/{restore_id}/collections", tag = "backups",
    operation_id = "put_back_backup_collection",
    params(("rid" = uuid::Uuid, Path), ("restore_id" = uuid::Uuid, Path)),
    request_body = WantedCollection, responses((status = 200, body = Preview)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn put_back_backup_collection(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<RestorePath>,
    input: Input<WantedCollection>,
) -> Result<Response, ApiError> {
    let collection = Collection::parse(&input.value.collection)?;
    let place = here.0.clone();
    let compared = tokio::task::spawn_blocking(move || compared(&place, path.restore_id, collection));
    let (changes, preview, moment_ms) = compared.await.map_err(ApiError::internal)??;
    let done = here.write(&input.meta, Ok(PutBack { collection, moment_ms, changes })).await?;
    Ok(reply::changed(&done, &preview))
}
