//! SIGTERM and Ctrl C end the program the way closing the window does, so that
//! the engine is stopped in order and not cut off.

use tauri::AppHandle;

/// Watches for the two for as long as the program runs.
pub fn quit_on_request(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        match requested().await {
            Ok(()) => app.exit(0),
            // Without the watch the system's own handling stays: the process
            // ends at once and the journal is recovered at the next start.
            Err(error) => tracing::warn!(%error, "cannot watch for a request to end"),
        }
    });
}

#[cfg(unix)]
async fn requested() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed,
    }
}

#[cfg(not(unix))]
async fn requested() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
