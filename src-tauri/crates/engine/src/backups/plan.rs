//! Which base and which segments lead to a moment. Pure.
//!
//! A moment is answered by the epoch the restaurant was in then: what was put back later does not hide what was
//! there before.

use uuid::Uuid;

use super::manifest::Manifest;
use super::segment::{self, Segment};
use super::shelf::Shelf;

/// Which moment is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// As far as it goes.
    Latest,
    /// Unix milliseconds: what was asked for until then.
    At(i64),
    /// A base as it is, without what came after.
    Base(Uuid),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub base: Manifest,
    pub segments: Vec<Segment>,
    /// Of the last segment, only what was asked for until then.
    pub until_ms: Option<i64>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    #[error("there is no backup here yet")]
    Empty,
    #[error("there is no backup {0} here")]
    Unknown(Uuid),
    #[error("the backups begin later than this moment")]
    TooEarly,
    #[error(
        "the journal has a gap: entry {missing} is missing, so that this moment cannot be reached. Choose one before it, or a backup as it is"
    )]
    Gap { missing: u64 },
}

pub fn way(shelf: &Shelf, wanted: Wanted) -> Result<Way, NoWay> {
    let bases = || shelf.bases.iter().map(|base| &base.manifest);
    let chosen = match wanted {
        Wanted::Base(id) => {
            let base = shelf.base(id).ok_or(NoWay::Unknown(id))?.manifest.clone();
            return Ok(Way { base, segments: Vec::new(), until_ms: None });
        }
        Wanted::Latest => bases().max_by_key(|base| (base.epoch, base.entry)).ok_or(NoWay::Empty)?,
        Wanted::At(at_ms) => {
            bases().next().ok_or(NoWay::Empty)?;
            let before = bases().filter(|base| base.at_ms <= at_ms);
            before.max_by_key(|base| (base.epoch, base.entry)).ok_or(NoWay::TooEarly)?
        }
    };
    let of_epoch = shelf.of_epoch(chosen.epoch);
    let mut way = segment::way_from(chosen.entry, &of_epoch);
    let reached = way.last().map_or(chosen.entry, |segment| segment.last);
    let is_wanted = |segment: &Segment| match wanted {
        Wanted::At(at_ms) => segment.times.is_some_and(|(from, _)| from <= at_ms),
        _ => true,
    };
    if of_epoch.iter().any(|segment| segment.first > reached + 1 && is_wanted(segment)) {
        return Err(NoWay::Gap { missing: reached + 1 });
    }
    let until = way.iter().rposition(is_wanted).map_or(0, |at| at + 1);
    way.truncate(until);
    let until_ms = if let Wanted::At(at_ms) = wanted { Some(at_ms) } else { None };
    Ok(Way { base: chosen.clone(), segments: way, until_ms })
}

/// A stretch of time that can be gone back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub epoch: u64,
    pub from_ms: i64,
    pub to_ms: i64,
    /// The entry that is missing where it ends before its time.
    pub missing: Option<u64>,
}

/// The stretches, oldest first: one for each run of bases and segments without a gap.
pub fn windows(shelf: &Shelf) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    let mut bases: Vec<_> = shelf.bases.iter().map(|base| &base.manifest).collect();
    bases.sort_by_key(|base| (base.epoch, base.entry));
    let mut reached = (0, 0);
    for base in bases {
        if reached.0 == base.epoch && base.entry <= reached.1 {
            continue;
        }
        let of_epoch = shelf.of_epoch(base.epoch);
        let way = segment::way_from(base.entry, &of_epoch);
        let end = way.last().map_or(base.entry, |segment| segment.last);
        let to_ms = way.iter().filter_map(|segment| segment.times).map(|(_, to)| to).fold(base.at_ms, i64::max);
        let missing = of_epoch.iter().any(|segment| segment.first > end + 1).then_some(end + 1);
        windows.push(Window { epoch: base.epoch, from_ms: base.at_ms, to_ms, missing });
        reached = (base.epoch, end);
    }
    windows
}
