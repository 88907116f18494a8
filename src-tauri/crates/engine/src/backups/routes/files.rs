//! One file to carry by hand: written, fetched, brought. What was brought is made ready as any moment is
//! (`routes::restores`).

use std::io::{Seek, SeekFrom};
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, CONTENT_RANGE, RANGE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::{accepted, unit};
use crate::app::App;
use crate::backups::hand::{self, Bringing, Kept};
use crate::backups::unit::Unit;
use crate::backups::{Failure, runs};
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::Path;
use crate::front::stream;
use crate::staff::model::needs;

/// Of a file that is brought: a house of many years, with its pictures.
const FILE_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;

/// A file somebody brought, as long as it is needed.
pub type Carried = Arc<Kept>;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(write_backup_file, bring_backup_file))
        .routes(routes!(fetch_backup_file, forget_backup_file))
}

#[derive(Deserialize)]
pub struct FilePath {
    file_id: Uuid,
}

pub fn kept(place: &Place, id: Uuid) -> Result<Arc<Kept>, ApiError> {
    let found = place.app.backups.files.find(unit(place), id);
    found.ok_or_else(|| Refusal::not_found("This file").at("file_id").into())
}

/// Writes the restaurant as it is now into one sealed file, and tries it. Fetch it under the run's id when the run is
/// done.
#[utoipa::path(post, path = "/restaurants/{rid}/backups/files", tag = "backups", operation_id = "write_backup_file",
    params(("rid" = uuid::Uuid, Path)),
    responses((status = 202, body = runs::Run)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn write_backup_file(here: Here<needs::BackupsWrite>) -> Result<Response, ApiError> {
    let id = hand::begin(&here.app, here.restaurant.id)?;
    accepted(&here, id)
}

/// The file that was written. `Range: bytes=N-` gives it from a byte on: a download that broke off goes on.
#[utoipa::path(get, path = "/restaurants/{rid}/backups/files/{file_id}", tag = "backups",
    operation_id = "fetch_backup_file",
    params(("rid" = uuid::Uuid, Path), ("file_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "From the byte on that was asked for.")),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn fetch_backup_file(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<FilePath>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let kept = kept(&here, path.file_id)?;
    if kept.brought.is_some() {
        return Err(Refusal::not_found("This file").at("file_id").into());
    }
    let mut file = std::fs::File::open(kept.file()).map_err(ApiError::internal)?;
    let length = file.metadata().map_err(ApiError::internal)?.len();
    let from = begins_at(&headers).filter(|from| *from < length);
    if let Some(from) = from {
        file.seek(SeekFrom::Start(from)).map_err(ApiError::internal)?;
    }
    let mut response = stream::file("restaurant.comanda", "application/octet-stream", move |mut out| {
        // It stays until its last byte was sent.
        let sent = std::io::copy(&mut file, &mut out).map(drop).map_err(ApiError::internal);
        drop(kept);
        sent
    });
    response.headers_mut().insert(CONTENT_LENGTH, (length - from.unwrap_or(0)).into());
    if let Some(from) = from {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {from}-{}/{length}", length - 1);
        response.headers_mut().insert(CONTENT_RANGE, range.parse().map_err(ApiError::internal)?);
    }
    Ok(response)
}

/// The one form of a range that is understood; any other one gets the whole file, as the standard allows.
fn begins_at(headers: &HeaderMap) -> Option<u64> {
    headers.get(RANGE)?.to_str().ok()?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// What somebody brought.
#[derive(Debug, Serialize, ToSchema)]
pub struct BackupFile {
    pub id: Uuid,
    /// When it was made, and the last thing in it asked for. As it says itself.
    pub made_ms: i64,
    pub at_ms: i64,
    /// This computer has its key: nothing else is needed.
    pub key_here: bool,
    /// It opens with a passphrase too.
    pub passphrase: bool,
}

impl BackupFile {
    pub fn of(kept: &Kept, key_here: bool) -> Result<Self, ApiError> {
        let Some(brought) = &kept.brought else { return Err(ApiError::new(Code::Internal)) };
        let (made_ms, at_ms, passphrase) = (brought.newest.made_ms, brought.newest.at_ms, brought.wrapped);
        Ok(Self { id: kept.id, made_ms, at_ms, key_here, passphrase })
    }
}

/// Brings a file that was written here or on another computer. Nothing is believed of it until it is opened.
#[utoipa::path(put, path = "/restaurants/{rid}/backups/files", tag = "backups", operation_id = "bring_backup_file",
    params(("rid" = uuid::Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses((status = 201, body = BackupFile)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn bring_backup_file(here: Here<needs::BackupsWrite>, body: Body) -> Result<Response, ApiError> {
    let kept = taken(&here.app, body, unit(&here)).await?;
    let key_here = kept.key(&here.app, None, None)?.is_some();
    Ok((StatusCode::CREATED, Json(BackupFile::of(&kept, key_here)?)).into_response())
}

/// A file as it comes in, unpacked.
pub async fn taken(app: &App, body: Body, unit: Unit) -> Result<Arc<Kept>, ApiError> {
    let mut bringing = Bringing::begin(app).await?;
    let (mut pieces, mut bytes) = (body.into_data_stream(), 0);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Refusal::new(Code::InvalidInput, "The file did not arrive whole."))?;
        bytes += piece.len() as u64;
        if bytes > FILE_BYTES_MAX {
            return Err(ApiError::new(Code::TooLarge));
        }
        bringing.take(&piece).await.map_err(Failure::from)?;
    }
    Ok(bringing.end(app, unit).await?)
}

/// Lets a file go.
#[utoipa::path(delete, path = "/restaurants/{rid}/backups/files/{file_id}", tag = "backups",
    operation_id = "forget_backup_file",
    params(("rid" = uuid::Uuid, Path), ("file_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("backups.write"))))]
pub async fn forget_backup_file(
    here: Here<needs::BackupsWrite>,
    Path(path): Path<FilePath>,
) -> Result<StatusCode, ApiError> {
    if here.app.backups.files.forget(unit(&here), path.file_id) {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Refusal::not_found("This file").at("file_id").into())
}
