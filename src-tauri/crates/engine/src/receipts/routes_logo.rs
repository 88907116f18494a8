//! The logo above bills and receipts: taken in here, named in the settings, looked at like any picture.

use axum::Json;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::{ApiError, Code, Refusal};
use crate::front::here::Here;
use crate::front::input::Meta;
use crate::menu::model::{IMAGE_BYTES_MAX, ImageKind, look};
use crate::menu::routes::images::{self, ImageView};
use crate::printing::logo;
use crate::staff::model::needs;

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(add_receipt_logo)).layer(DefaultBodyLimit::max(IMAGE_BYTES_MAX + 1024))
}

/// Takes in a logo: PNG or JPEG, at most 2 MB and 4096 pixels a side. What is kept is grey and as wide as paper; it is
/// printed once the settings name its hash as `receipt.logo`.
#[utoipa::path(post, path = "/restaurants/{rid}/receipt-logo", tag = "receipts", operation_id = "add_receipt_logo",
    params(("rid" = uuid::Uuid, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses((status = 201, body = ImageView)),
    extensions(("x-permission" = json!("settings.write"))))]
pub async fn add_receipt_logo(here: Here<needs::SettingsWrite>, meta: Meta) -> Result<Response, ApiError> {
    let unreadable = || Refusal::new(Code::UnsupportedMediaType, "Send a picture: PNG or JPEG.");
    let sent = meta.body().clone();
    if !matches!(look(&sent), Some((ImageKind::Png | ImageKind::Jpeg, ..))) {
        return Err(unreadable().into());
    }
    images::checked(&sent)?;
    let taken_in = tokio::task::spawn_blocking(move || logo::taken_in(&sent)).await.map_err(ApiError::internal)?;
    let view = images::keep(&here, taken_in.map_err(|_| unreadable())?.into()).await?;
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
