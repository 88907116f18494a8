//! The screens, as files: the folder the UI's build makes.
//!
//! Files with a hash in their name never change and are kept for ever; everything else is asked
//! for again each time. An address that is no file gets the start page, whose router knows it.

use std::path::{Path, PathBuf};

use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get_service;
use axum::{Router, middleware};
use tower_http::services::{ServeDir, ServeFile};

use crate::app::App;
use crate::error::{ApiError, Code};

/// Where the build puts hashed files.
const HASHED: &str = "/assets/";

/// The folder to serve: the one asked for, `ui` beside the program, or this source tree's own build.
pub fn folder(asked: Option<PathBuf>) -> Option<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("ui")));
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../ui/dist");
    asked.or(beside.filter(|folder| is_ui(folder))).or_else(|| Some(built).filter(|folder| is_ui(folder)))
}

fn is_ui(folder: &Path) -> bool {
    folder.join("index.html").is_file()
}

/// What answers where no route does.
pub fn fallback(folder: Option<&Path>) -> Router<App> {
    let Some(folder) = folder else { return Router::new().fallback(nothing) };
    let start = ServeFile::new(folder.join("index.html"));
    let files = ServeDir::new(folder).append_index_html_on_directories(true).fallback(start);
    Router::new().fallback_service(get_service(files)).layer(middleware::from_fn(caching))
}

async fn nothing() -> ApiError {
    ApiError::new(Code::NotFound)
}

async fn caching(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/socket.io") {
        return ApiError::new(Code::NotFound).into_response();
    }
    let hashed = path.starts_with(HASHED);
    let mut response = next.run(request).await;
    // A hashed file that is gone must not become the start page, kept for ever.
    let is_start_page =
        response.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if hashed && is_start_page {
        return ApiError::new(Code::NotFound).into_response();
    }
    let kept = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}
