//! Pictures of items: kept once by the hash of their bytes, so that an address never changes its content.
//!
//! A page shows them in `<img>`, which sends no token; so `/menu/now` gives a key that is good for the
//! pictures of this restaurant, for an hour or two. The same key is given for an hour, so that browsers
//! keep what they have.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::model::{IMAGE_BYTES_MAX, IMAGE_SIDE_MAX, ImageKind, look};
use super::super::store;
use super::gone;
use crate::app::{App, Restaurant};
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Meta, Path};
use crate::kernel::ids::RestaurantId;
use crate::staff::model::needs;

/// Most pictures of a restaurant.
const IMAGES_MAX: i64 = 5_000;
/// A key is the same for so long, and good for once or twice that.
const KEY_MS: i64 = 60 * 60 * 1000;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(add_image))
        .routes(routes!(get_image))
        .layer(DefaultBodyLimit::max(IMAGE_BYTES_MAX + 1024))
}

/// A picture that was taken in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Image)]
pub struct ImageView {
    /// What an item names as its `image`.
    pub hash: String,
    pub kind: ImageKind,
    pub width: u32,
    pub height: u32,
    pub bytes: usize,
}

/// Takes in a picture: PNG, JPEG or WebP, at most 2 MB and 4096 pixels a side. The same one is kept once.
#[utoipa::path(post, path = "/restaurants/{rid}/menu/images", tag = "menu", operation_id = "add_image",
    params(("rid" = uuid::Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses((status = 201, body = ImageView)),
    extensions(("x-permission" = json!("menu.write"))))]
pub async fn add_image(here: Here<needs::MenuWrite>, meta: Meta) -> Result<Response, ApiError> {
    let view = keep(&here, meta.body().clone()).await?;
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// Kind, width and height of what may be kept.
///
/// # Errors
/// Why it may not.
pub fn checked(bytes: &[u8]) -> Result<(ImageKind, u32, u32), ApiError> {
    if bytes.len() > IMAGE_BYTES_MAX {
        let message = format!("A picture has at most {} MB.", IMAGE_BYTES_MAX / 1024 / 1024);
        return Err(Refusal::new(Code::TooLarge, message).into());
    }
    let found = look(bytes).ok_or_else(|| {
        let message = "Send a picture: PNG, JPEG or WebP.";
        Refusal::new(Code::UnsupportedMediaType, message)
    })?;
    let (_, width, height) = found;
    if width.max(height) > IMAGE_SIDE_MAX {
        let message = format!("A picture has at most {IMAGE_SIDE_MAX} pixels a side; this one is {width} by {height}.");
        return Err(Refusal::new(Code::TooLarge, message).into());
    }
    Ok(found)
}

/// Keeps a picture, if it may be kept.
///
/// # Errors
/// Why it may not.
pub async fn keep(here: &Place, bytes: Bytes) -> Result<ImageView, ApiError> {
    let (kind, width, height) = checked(&bytes)?;
    let hash = blake3::hash(&bytes).to_hex().to_string();
    if !here.read::<_, ApiError>(|conn| Ok(store::has_image(conn, &hash)?))? {
        if here.read::<_, ApiError>(|conn| Ok(store::images_count(conn)?))? >= IMAGES_MAX {
            return Err(Refusal::rule(format!("A restaurant keeps at most {IMAGES_MAX} pictures.")).into());
        }
        let (hash, bytes) = (hash.clone(), bytes.clone());
        here.restaurant.db.local(move |tx| store::keep_image(tx, &hash, kind.media_type(), &bytes)).await?;
    }
    Ok(ImageView { hash, kind, width, height, bytes: bytes.len() })
}

#[derive(Deserialize)]
pub struct ImagePath {
    hash: String,
}

/// Somebody with a key to the pictures, or logged in.
pub struct MaySee(std::sync::Arc<Restaurant>);

impl FromRequestParts<App> for MaySee {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        #[derive(Deserialize)]
        struct Where {
            rid: RestaurantId,
        }
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let key = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "key").map(|(_, key)| key);
        if let Some(key) = key {
            let Path(Where { rid }) = Path::from_request_parts(parts, app).await?;
            let restaurant = app.restaurant(rid).filter(|_| opens(app, rid, &key));
            return restaurant.map(Self).ok_or_else(|| ApiError::new(Code::Unauthenticated));
        }
        let here = Here::<needs::MenuRead>::from_request_parts(parts, app).await?;
        Ok(Self(here.restaurant.clone()))
    }
}

/// A picture. What is at an address never changes, so it may be kept for ever.
#[utoipa::path(get, path = "/restaurants/{rid}/menu/images/{hash}", tag = "menu", operation_id = "get_image",
    params(("rid" = uuid::Uuid, Path), ("hash" = String, Path),
        ("key" = Option<String>, Query, description = "From `/menu/now`, in place of a token")),
    responses((status = 200, body = Vec<u8>, content_type = "image/*")),
    extensions(("x-permission" = json!("menu.read"))))]
pub async fn get_image(MaySee(restaurant): MaySee, Path(path): Path<ImagePath>) -> Result<Response, ApiError> {
    let image = restaurant.read::<_, ApiError>(|conn| Ok(store::image(conn, &path.hash)?))?;
    let image = image.ok_or_else(|| gone("The picture"))?;
    let headers = [
        (CONTENT_TYPE, image.media_type),
        (CACHE_CONTROL, "private, max-age=31536000, immutable".to_owned()),
        (ETAG, format!("\"{}\"", path.hash)),
    ];
    Ok((headers, image.bytes).into_response())
}

/// A key to the pictures of a restaurant: until when, and a proof that this engine said so.
pub fn key(app: &App, restaurant: RestaurantId) -> String {
    let until_ms = (app.clock.now_ms() / KEY_MS + 2) * KEY_MS;
    format!("{until_ms}-{}", proof(app, restaurant, until_ms))
}

fn opens(app: &App, restaurant: RestaurantId, key: &str) -> bool {
    let Some((until, said)) = key.split_once('-') else { return false };
    let Ok(until_ms) = until.parse::<i64>() else { return false };
    // Compared as hashes, so that time tells nothing.
    let same = blake3::hash(said.as_bytes()) == blake3::hash(proof(app, restaurant, until_ms).as_bytes());
    same && app.clock.now_ms() < until_ms
}

fn proof(app: &App, restaurant: RestaurantId, until_ms: i64) -> String {
    let mut hasher = blake3::Hasher::new_keyed(&app.pictures_key);
    hasher.update(restaurant.0.as_bytes());
    hasher.update(&until_ms.to_le_bytes());
    hasher.finalize().to_hex()[..32].to_owned()
}
