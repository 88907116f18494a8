//! What counts as a jump.

/// Corrections below this are the computer keeping time: network time steps by seconds, a drifting quartz by less than
/// one a day. No age on a ticket, hour of a report or business day is wrong by a guest's notice within it.
pub const JUMP_MS: i64 = 2 * 60 * 1000;

/// How far the clock was moved between two looks, if that is a jump. Each look gives the wall clock and the steady one.
pub fn jumped(before: (i64, i64), now: (i64, i64)) -> Option<i64> {
    let by = now.0.saturating_sub(before.0).saturating_sub(now.1.saturating_sub(before.1));
    (by.saturating_abs() > JUMP_MS).then_some(by)
}

/// Nobody looked for so long: the computer slept. Looks are seconds apart.
pub const SLEPT_MS: i64 = 20 * 1000;

/// How long the computer slept between two looks, by the steady clock, if it did.
pub fn slept(before: i64, now: i64) -> Option<i64> {
    let between = now.saturating_sub(before);
    (between > SLEPT_MS).then_some(between)
}

/// The same at the start, when all that is known is when the newest record was made.
pub fn fell_behind(newest_ms: i64, now_ms: i64) -> Option<i64> {
    let by = now_ms.saturating_sub(newest_ms);
    (by < -JUMP_MS).then_some(by)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * 60 * 1000;

    fn check(wall: i64, steady: i64, expect: Option<i64>) {
        assert_eq!(jumped((1_000, 5), (1_000 + wall, 5 + steady)), expect, "{wall} on the wall, {steady} passed");
    }

    #[test]
    fn time_that_passes_is_no_jump_and_a_clock_that_is_set_is() {
        check(5_000, 5_000, None);
        // Asleep for a night.
        check(9 * HOUR_MS, 9 * HOUR_MS, None);
        check(5_000 + JUMP_MS, 5_000, None);
        check(5_001 + JUMP_MS, 5_000, Some(JUMP_MS + 1));
        check(-HOUR_MS, 5_000, Some(-HOUR_MS - 5_000));
        check(-JUMP_MS, 0, None);
    }

    #[test]
    fn at_the_start_only_a_clock_behind_the_records_is_known_to_be_wrong() {
        assert_eq!(fell_behind(10 * HOUR_MS, 9 * HOUR_MS), Some(-HOUR_MS));
        assert_eq!(fell_behind(10 * HOUR_MS, 10 * HOUR_MS - JUMP_MS), None);
        assert_eq!(fell_behind(10 * HOUR_MS, 10_000 * HOUR_MS), None);
        assert_eq!(fell_behind(i64::MAX, i64::MIN), Some(i64::MIN));
    }
}
