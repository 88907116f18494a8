//! Long work on a thread of its own that gives way to whatever else wants the processor: orders first.

use std::io;

use tokio::sync::oneshot;

/// Of a processor that others want too, a tenth is left for it.
#[cfg(target_os = "linux")]
const GIVES_WAY: i32 = 10;

/// Runs it to its end, also when nobody waits any more. Blocking work; an error when it broke.
pub async fn quietly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (told, heard) = oneshot::channel();
    std::thread::Builder::new().name("backup".into()).spawn(move || {
        give_way();
        // Whoever waited may be gone.
        drop(told.send(work()));
    })?;
    heard.await.map_err(|_| io::Error::other("it broke off"))
}

/// On Linux a thread has a priority of its own, and nobody without rights gets back what they gave up: so a thread
/// ends after its work. Elsewhere the whole process would be slowed down, and stays as it is.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, GIVES_WAY) {
        tracing::debug!(%error, "a backup runs as fast as it can");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn it_gives_way_and_nobody_else_does() {
        let priority = || rustix::process::getpriority_process(None).unwrap();
        let before = priority();
        assert_eq!(quietly(priority).await.unwrap(), GIVES_WAY);
        assert_eq!((priority(), before < GIVES_WAY), (before, true));
    }

    #[tokio::test]
    async fn work_that_breaks_is_an_error() {
        let broken = quietly::<()>(|| panic!("on purpose"));
        assert_eq!(broken.await.unwrap_err().to_string(), "it broke off");
    }
}
