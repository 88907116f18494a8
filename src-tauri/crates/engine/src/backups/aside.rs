//! Long work of a run: what nobody waits for takes what the till leaves of the processor.
//!
//! The system serves its thread last, which alone changes little: a thread that is ready while the writer sleeps for a
//! moment is on the processor when the writer wakes. So it works in short pieces and rests between them, the longer the
//! busier the writers were. In a quiet hour it does not rest at all, nor while somebody waits for a restore behind it.

use std::time::{Duration, Instant};

use comanda_db::pace::giving_way;
use thread_priority::{ThreadPriority, set_current_thread_priority};
use tokio::sync::oneshot;

use super::Failure;
use super::runs::Handle;

/// Nothing waits longer for a thread that is aside.
const PIECE: Duration = Duration::from_millis(2);
/// It rests so many times as long as it worked where writers are at work all the time, and a quarter of that where they
/// are half of it: what is asked now and then can wait for a piece.
const RESTS: f64 = 20.0;
/// However long a piece was, for its pauses are as frequent as SQLite lets them be.
const REST_MAX: Duration = Duration::from_millis(200);

/// Runs `work` on a thread that may block. Where nobody waits for it (a backup, its test) the system serves that thread
/// last, and it rests while orders come in; it is then a thread of its own, because who was lowered may not rise again.
pub async fn aside<T: Send + 'static>(
    run: &Handle,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    if run.what.is_waited_for() {
        return tokio::task::spawn_blocking(work).await?;
    }
    let (tell, told) = oneshot::channel();
    let run = run.clone();
    std::thread::Builder::new().name("aside".into()).spawn(move || {
        if let Err(error) = set_current_thread_priority(ThreadPriority::Min) {
            tracing::debug!(?error, "a thread keeps its priority");
        }
        let (mut looked, mut worked_since, mut busy) = (Instant::now(), Instant::now(), run.busy());
        let breathe = move || {
            let worked = worked_since.elapsed();
            if worked < PIECE {
                return;
            }
            let busy_now = run.busy();
            if !run.is_in_the_way() {
                std::thread::sleep(rest(worked, busy_now.saturating_sub(busy), looked.elapsed()));
            }
            (looked, busy) = (worked_since + worked, busy_now);
            worked_since = Instant::now();
        };
        drop(tell.send(giving_way(breathe, work)));
    })?;
    told.await.map_err(|_| Failure::Said("it broke".into()))?
}

/// How long to rest after `worked`, where writers were at work for `busy` of the last `passed`.
fn rest(worked: Duration, busy: Duration, passed: Duration) -> Duration {
    let share = (busy.as_secs_f64() / passed.as_secs_f64().max(f64::EPSILON)).min(1.0);
    worked.mul_f64(RESTS * share * share).min(REST_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_rests_in_a_quiet_hour_and_all_the_longer_the_busier_it_is() {
        let ms = Duration::from_millis;
        assert_eq!(rest(ms(2), ms(0), ms(10)), ms(0));
        assert_eq!(rest(ms(2), ms(5), ms(10)), ms(10));
        assert_eq!(rest(ms(2), ms(10), ms(10)), ms(40));
        // Two writers at once are as busy as can be.
        assert_eq!(rest(ms(2), ms(20), ms(10)), ms(40));
        assert_eq!(rest(ms(900), ms(10), ms(10)), REST_MAX);
    }
}
