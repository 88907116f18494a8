//! Files that are written while they are sent: neither memory nor a snapshot is held for their length.

use std::io::{self, Write};

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::stream;
use tokio::sync::mpsc;

use crate::error::ApiError;

/// Pieces that wait for a slow reader; writing waits then too.
const WAITING_MAX: usize = 4;

/// Hands pieces of the file to the answer; ends when nobody reads any more.
pub struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(piece)));
        sent.map(|()| piece.len()).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A CSV file to keep under that name.
pub fn csv(name: &str, write: impl FnOnce(Pieces) -> Result<(), ApiError> + Send + 'static) -> Response {
    file(name, "text/csv; charset=utf-8", write)
}

/// A file to keep under that name.
pub fn file(
    name: &str,
    media_type: &str,
    write: impl FnOnce(Pieces) -> Result<(), ApiError> + Send + 'static,
) -> Response {
    let kept = name.to_owned();
    let (pieces, mut ready) = mpsc::channel(WAITING_MAX);
    drop(tokio::task::spawn_blocking(move || {
        if let Err(error) = write(Pieces(pieces.clone())) {
            tracing::warn!(%error, file = kept, "a file ended early");
            // Who reads it is to see that it is no whole file.
            drop(pieces.blocking_send(Err(io::Error::other("the file ended early"))));
        }
    }));
    // Compression asks once more after the end, which `unfold` does not bear.
    let body = stream::poll_fn(move |context| ready.poll_recv(context));
    let headers =
        [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    (headers, Body::from_stream(body)).into_response()
}
