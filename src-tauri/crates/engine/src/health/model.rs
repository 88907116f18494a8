//! What well means. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::words::words;

/// A disk with less than this share free is a warning, then no longer well. Of 10,000.
const DISK_FREE_WARN_BP: u64 = 2_000;
const DISK_FREE_DOWN_BP: u64 = 1_000;
/// A machine that uses more than this share of its memory is a warning. Of 10,000.
const MEMORY_USED_WARN_BP: u64 = 8_000;
/// A reading from the file that takes longer is a warning.
const READING_WARN_US: u64 = 100_000;
/// Of the requests of the last five minutes, the share that failed here. Of 10,000.
const FAILED_WARN_BP: u64 = 100;
const FAILED_DOWN_BP: u64 = 500;
/// What would be lost if the computer died now is a warning after a quarter of an hour, and no longer well after a day.
const EXPOSED_WARN_MS: i64 = 15 * 60 * 1000;
const EXPOSED_DOWN_MS: i64 = 24 * 60 * 60 * 1000;
/// Two nights without a backup that was brought back and found right.
const UNPROVEN_WARN_MS: i64 = 50 * 60 * 60 * 1000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Ok,
    /// It works, and somebody should look.
    Warn,
    Down,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HealthTrouble)]
pub enum Trouble {
    DatabaseUnreadable,
    RestaurantUnreadable,
    DatabaseSlow,
    DiskFull,
    DiskNearlyFull,
    MemoryNearlyFull,
    RequestsFail,
    TicketsStuck,
    /// Guests have paid, and nothing of it is anywhere else.
    BackupsNone,
    BackupsFail,
    BackupsBehind,
    BackupsUnproven,
    /// A place outside fails again and again.
    OutwardFails,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartName {
    Database,
    Cache,
    Disk,
    Memory,
    Requests,
    Printers,
    Backups,
    Outward,
}

impl PartName {
    pub const ALL: &'static [Self] = &[
        Self::Database,
        Self::Cache,
        Self::Disk,
        Self::Memory,
        Self::Requests,
        Self::Printers,
        Self::Backups,
        Self::Outward,
    ];
}

words!(PartName {
    Database = "database",
    Cache = "cache",
    Disk = "disk",
    Memory = "memory",
    Requests = "requests",
    Printers = "printers",
    Backups = "backups",
    Outward = "outward",
});

/// One figure of a part; its name says the unit: `_bytes`, `_us`, `_ms`, `_bp` (of 10,000), else a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figure {
    pub name: &'static str,
    pub value: u64,
}

/// What a part says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Part {
    pub name: PartName,
    pub status: Status,
    /// How long asking it took.
    pub took_us: u64,
    pub at_ms: i64,
    /// Null: nothing is wrong.
    pub error: Option<Trouble>,
    pub figures: Vec<Figure>,
}

/// What was found before it is timed.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    pub status: Status,
    pub error: Option<Trouble>,
    pub figures: Vec<Figure>,
}

impl Finding {
    pub fn of(verdict: Option<(Status, Trouble)>, figures: &[(&'static str, u64)]) -> Self {
        let (status, error) = verdict.map_or((Status::Ok, None), |(status, error)| (status, Some(error)));
        Self { status, error, figures: figures.iter().map(|&(name, value)| Figure { name, value }).collect() }
    }
}

/// All of it is as well as its worst part.
pub fn overall(parts: &[Part]) -> Status {
    parts.iter().map(|part| part.status).max().unwrap_or(Status::Ok)
}

/// A share in 10,000ths; of nothing it is 0.
pub fn share_bp(part: u64, whole: u64) -> u64 {
    (u128::from(part) * 10_000).checked_div(u128::from(whole)).and_then(|bp| u64::try_from(bp).ok()).unwrap_or(0)
}

pub fn judge_disk(free: u64, total: u64) -> Option<(Status, Trouble)> {
    match share_bp(free, total) {
        _ if total == 0 => None,
        bp if bp < DISK_FREE_DOWN_BP => Some((Status::Down, Trouble::DiskFull)),
        bp if bp < DISK_FREE_WARN_BP => Some((Status::Warn, Trouble::DiskNearlyFull)),
        _ => None,
    }
}

pub fn judge_memory(available: u64, total: u64) -> Option<(Status, Trouble)> {
    let used = share_bp(total.saturating_sub(available), total);
    (used > MEMORY_USED_WARN_BP).then_some((Status::Warn, Trouble::MemoryNearlyFull))
}

pub fn judge_reading(took_us: u64) -> Option<(Status, Trouble)> {
    (took_us > READING_WARN_US).then_some((Status::Warn, Trouble::DatabaseSlow))
}

pub fn judge_requests(failed: u64, all: u64) -> Option<(Status, Trouble)> {
    match share_bp(failed, all) {
        bp if bp > FAILED_DOWN_BP => Some((Status::Down, Trouble::RequestsFail)),
        bp if bp > FAILED_WARN_BP => Some((Status::Warn, Trouble::RequestsFail)),
        _ => None,
    }
}

/// Backups of a house that has a place for them. `exposed_ms`: what is nowhere yet; `proven_ms`: since a backup was
/// last proven to come back.
pub fn judge_backups(failing: bool, exposed_ms: i64, proven_ms: Option<i64>) -> Option<(Status, Trouble)> {
    match exposed_ms {
        ms if ms > EXPOSED_DOWN_MS => Some((Status::Down, Trouble::BackupsBehind)),
        _ if failing => Some((Status::Warn, Trouble::BackupsFail)),
        ms if ms > EXPOSED_WARN_MS => Some((Status::Warn, Trouble::BackupsBehind)),
        _ if proven_ms.is_some_and(|ms| ms > UNPROVEN_WARN_MS) => Some((Status::Warn, Trouble::BackupsUnproven)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(verdict: Option<(Status, Trouble)>) -> Status {
        verdict.map_or(Status::Ok, |(status, _)| status)
    }

    #[test]
    fn a_disk_is_well_warned_of_and_full() {
        assert_eq!(word(judge_disk(20, 100)), Status::Ok);
        assert_eq!(word(judge_disk(19, 100)), Status::Warn);
        assert_eq!(word(judge_disk(9, 100)), Status::Down);
        assert_eq!(word(judge_disk(0, 0)), Status::Ok, "nobody said how large it is");
    }

    #[test]
    fn memory_and_failed_requests_have_their_limits() {
        assert_eq!(word(judge_memory(20, 100)), Status::Ok);
        assert_eq!(word(judge_memory(19, 100)), Status::Warn);
        assert_eq!(word(judge_requests(0, 0)), Status::Ok);
        assert_eq!(word(judge_requests(1, 100)), Status::Ok);
        assert_eq!(word(judge_requests(2, 100)), Status::Warn);
        assert_eq!(word(judge_requests(6, 100)), Status::Down);
    }

    #[test]
    fn backups_are_well_when_little_would_be_lost_and_it_was_tried() {
        const HOUR_MS: i64 = 3_600_000;
        assert_eq!(judge_backups(false, 1_000, Some(26 * HOUR_MS)), None);
        assert_eq!(judge_backups(false, 0, None), None, "the first one is being made");
        assert_eq!(judge_backups(false, HOUR_MS, None), Some((Status::Warn, Trouble::BackupsBehind)));
        assert_eq!(judge_backups(true, 25 * HOUR_MS, None), Some((Status::Down, Trouble::BackupsBehind)));
        assert_eq!(judge_backups(true, 0, Some(0)), Some((Status::Warn, Trouble::BackupsFail)));
        assert_eq!(judge_backups(false, 0, Some(51 * HOUR_MS)), Some((Status::Warn, Trouble::BackupsUnproven)));
    }

    #[test]
    fn all_of_it_is_as_well_as_its_worst_part() {
        let part =
            |status| Part { name: PartName::Disk, status, took_us: 1, at_ms: 0, error: None, figures: Vec::new() };
        assert_eq!(overall(&[]), Status::Ok);
        assert_eq!(overall(&[part(Status::Ok), part(Status::Down), part(Status::Warn)]), Status::Down);
    }
}
