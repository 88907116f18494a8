//! Waiting until a moment, to some tens of microseconds.
//!
//! The runtime's own timer counts whole milliseconds: a request meant for now would begin up to one later, and count
//! it as the target's. On Linux the kernel's timer is waited for instead.

use std::time::{Duration, Instant};

#[cfg(target_os = "linux")]
pub struct Timer(Option<tokio::io::unix::AsyncFd<std::os::fd::OwnedFd>>);

#[cfg(target_os = "linux")]
impl Timer {
    /// Inside a runtime.
    pub fn new() -> Self {
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let made = timerfd_create(TimerfdClockId::Monotonic, flags).ok();
        #[expect(deprecated, reason = "an OwnedFd is its own file for as long as it lives; the other way in is unsafe")]
        Self(made.and_then(|timer| tokio::io::unix::AsyncFd::new(timer).ok()))
    }

    pub async fn until(&self, moment: Instant) {
        let wait = moment.saturating_duration_since(Instant::now());
        if wait.is_zero() {
            return;
        }
        let Some(timer) = &self.0 else { return tokio::time::sleep(wait).await };
        if !set(timer.get_ref(), wait) {
            return tokio::time::sleep(wait).await;
        }
        while Instant::now() < moment {
            let Ok(mut ready) = timer.readable().await else { return };
            let mut fired = [0; 8];
            drop(ready.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut fired)?)));
        }
    }
}

#[cfg(target_os = "linux")]
fn set(timer: &std::os::fd::OwnedFd, wait: Duration) -> bool {
    use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
    let (Ok(tv_sec), tv_nsec) = (i64::try_from(wait.as_secs()), i64::from(wait.subsec_nanos())) else { return false };
    let once = Itimerspec {
        it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
        it_value: Timespec { tv_sec, tv_nsec: tv_nsec as _ },
    };
    timerfd_settime(timer, TimerfdTimerFlags::empty(), &once).is_ok()
}

#[cfg(not(target_os = "linux"))]
pub struct Timer;

#[cfg(not(target_os = "linux"))]
impl Timer {
    pub fn new() -> Self {
        Self
    }

    pub async fn until(&self, moment: Instant) {
        tokio::time::sleep(moment.saturating_duration_since(Instant::now())).await;
    }
}

/// Processor time of this thread so far. None: this system does not say.
pub fn thread_cpu() -> Option<Duration> {
    // First number: nanoseconds on a processor (kernel documentation, sched-stats).
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
