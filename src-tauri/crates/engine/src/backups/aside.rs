//! Long work that may wait: a till never waits for it.

use thread_priority::{ThreadPriority, set_current_thread_priority};
use tokio::sync::oneshot;

use super::Failure;

/// Runs `work` on a thread that the system serves last. It is a thread of its own, because who was lowered may not rise
/// again.
pub async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let (tell, told) = oneshot::channel();
    std::thread::Builder::new().name("aside".into()).spawn(move || {
        if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
            tracing::debug!(?error, "a thread keeps its priority");
        }
        drop(tell.send(work()));
    })?;
    told.await.map_err(|_| Failure::Said("it broke".into()))?
}
