//! Wrong tries at a secret, and how long nothing is taken after them.

/// The first wait; each wrong try after it doubles it.
const WAIT_MS: i64 = 30_000;
pub const WAIT_MS_MAX: i64 = 15 * 60_000;
/// A wrong try is forgotten after this long.
pub const FORGOTTEN_MS: i64 = 5 * 60_000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    pub failed: u32,
    pub last_ms: i64,
}

impl Tries {
    /// What still counts now.
    pub fn at(self, now_ms: i64) -> u32 {
        let forgotten = (now_ms - self.last_ms).max(0) / FORGOTTEN_MS;
        self.failed.saturating_sub(u32::try_from(forgotten).unwrap_or(u32::MAX))
    }

    /// How long nothing is taken, in milliseconds, after more than `free` wrong ones.
    pub fn wait_ms(self, free: u32, now_ms: i64) -> i64 {
        let Some(over) = self.at(now_ms).checked_sub(free) else { return 0 };
        let wait = WAIT_MS.saturating_mul(1 << over.min(20)).min(WAIT_MS_MAX);
        (self.last_ms + wait - now_ms).clamp(0, wait)
    }

    pub fn one_more(self, now_ms: i64) -> Self {
        Self { failed: self.at(now_ms) + 1, last_ms: now_ms }
    }

    pub fn one_less(self) -> Self {
        Self { failed: self.failed.saturating_sub(1), ..self }
    }

    /// A clock that was set back makes nobody wait until it has caught up.
    pub fn not_later_than(self, now_ms: i64) -> Self {
        Self { last_ms: self.last_ms.min(now_ms), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_when_the_free_ones_are_gone_and_doubles() {
        let wait = |failed: u32, passed: i64| Tries { failed, last_ms: 1_000 }.wait_ms(5, 1_000 + passed);
        assert_eq!(wait(4, 0), 0);
        assert_eq!((wait(5, 0), wait(5, 29_999), wait(5, 30_000)), (30_000, 1, 0));
        assert_eq!((wait(6, 0), wait(7, 0)), (60_000, 120_000));
        assert_eq!(wait(40, 0), WAIT_MS_MAX);
    }

    #[test]
    fn a_wrong_try_is_forgotten_in_time_and_not_by_trying_again() {
        let tries = Tries { failed: 4, last_ms: 0 };
        assert_eq!((tries.at(0), tries.at(FORGOTTEN_MS), tries.at(9 * FORGOTTEN_MS)), (4, 3, 0));
        assert_eq!(tries.one_more(FORGOTTEN_MS).failed, 4);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nobody_wait() {
        let tries = Tries { failed: 6, last_ms: 9_000_000 };
        assert_eq!(tries.not_later_than(1_000).wait_ms(5, 1_000), 60_000);
        assert_eq!(tries.not_later_than(10_000_000), tries);
    }
}
