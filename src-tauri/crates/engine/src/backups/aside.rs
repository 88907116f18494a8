//! Long work of a run: what nobody waits for takes what the till leaves of the processor.

use thread_priority::{ThreadPriority, set_current_thread_priority};
use tokio::sync::oneshot;

use super::Failure;
use super::runs::{Handle, What};

/// Runs `work` on a thread that may block. Where nobody waits for it (a backup, its test) the system serves that thread
/// last; it is then a thread of its own, because who was lowered may not rise again.
pub async fn aside<T: Send + 'static>(
    run: &Handle,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    if !matches!(run.what, What::Backup | What::Verify) {
        return tokio::task::spawn_blocking(work).await?;
    }
    let (tell, told) = oneshot::channel();
    std::thread::Builder::new().name("aside".into()).spawn(move || {
        if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
            tracing::debug!(?error, "a thread keeps its priority");
        }
        drop(tell.send(work()));
    })?;
    told.await.map_err(|_| Failure::Said("it broke".into()))?
}
