//! Which base and which segments lead to a moment. Pure.
//!
//! A moment is answered by the epoch the restaurant was in then: what was put back later does not hide what was
//! there before.

use chrono_tz::Tz;
use uuid::Uuid;

use super::manifest::Manifest;
use super::segment::{self, Segment};
use super::shelf::Shelf;
use crate::kernel::time;

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
        "the journal has a gap: entry {missing} is missing, from {}, so that this moment cannot be reached. Choose one before it, or a backup as it is", time::between(*from_ms, *to_ms, *zone)
    )]
    Gap { missing: u64, from_ms: i64, to_ms: i64, zone: Tz },
}

/// `zone`: the clock on which a gap is told.
pub fn way(shelf: &Shelf, wanted: Wanted, zone: Tz) -> Result<Way, NoWay> {
    // Where all failed their tests they are all there is, and what is brought back is checked whole either way.
    let all_bad = shelf.sound().next().is_none();
    let bases = || shelf.bases.iter().filter(|base| all_bad || !base.is_bad()).map(|base| &base.manifest);
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
    let mut beyond = of_epoch.iter().filter(|segment| segment.first > reached + 1 && is_wanted(segment));
    if let Some(next) = beyond.next() {
        let from_ms = way.iter().filter_map(|segment| segment.times).map(|(_, to)| to).fold(chosen.at_ms, i64::max);
        let to_ms = next.times.map_or(from_ms, |(from, _)| from);
        return Err(NoWay::Gap { missing: reached + 1, from_ms, to_ms, zone });
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

/// What several places can go back to between them: where one has a gap another may lead over it.
pub fn union(mut windows: Vec<Window>) -> Vec<Window> {
    windows.sort_by_key(|window| (window.epoch, window.from_ms, std::cmp::Reverse(window.to_ms)));
    let mut all: Vec<Window> = Vec::new();
    for window in windows {
        match all.last_mut() {
            Some(last) if last.epoch == window.epoch && window.from_ms <= last.to_ms => {
                if window.to_ms > last.to_ms {
                    (last.to_ms, last.missing) = (window.to_ms, window.missing);
                } else if window.to_ms == last.to_ms && window.missing.is_none() {
                    last.missing = None;
                }
            }
            _ => all.push(window),
        }
    }
    all
}

/// How far a place goes to meet a wish: the epoch, and the last entry. None: it does not.
pub fn reaches(shelf: &Shelf, wanted: Wanted) -> Option<(u64, u64)> {
    let way = way(shelf, wanted, Tz::UTC).ok()?;
    Some((way.base.epoch, way.segments.last().map_or(way.base.entry, |segment| segment.last)))
}

/// The stretches, oldest first: one for each run of bases and segments without a gap.
pub fn windows(shelf: &Shelf) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    let mut bases: Vec<_> = shelf.sound().map(|base| &base.manifest).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn window(epoch: u64, from_ms: i64, to_ms: i64, missing: Option<u64>) -> Window {
        Window { epoch, from_ms, to_ms, missing }
    }

    #[test]
    fn what_one_place_lacks_another_one_has() {
        let old = window(1, 10, 90, None);
        assert_eq!(union(vec![window(1, 50, 90, None), old]), [old], "a second place is younger");
        assert_eq!(union(vec![window(1, 10, 40, Some(7)), window(1, 60, 90, None), old]), [old]);
        assert_eq!(union(vec![window(1, 10, 90, Some(7)), old]), [old]);
        let gap = [window(1, 10, 40, Some(7)), window(1, 60, 90, None)];
        assert_eq!(union(gap.to_vec()), gap);
        assert_eq!(union(vec![window(1, 10, 40, None), window(1, 30, 90, Some(9))]), [window(1, 10, 90, Some(9))]);
        assert_eq!(union(vec![window(2, 20, 30, None), old]), [old, window(2, 20, 30, None)], "each epoch by itself");
        assert_eq!(union(Vec::new()), []);
    }
}
