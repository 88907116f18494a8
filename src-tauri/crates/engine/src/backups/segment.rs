//! Names of what lies in a target, and a segment of the journal in its sealed form.
//!
//! `<unit>/bases/<id>/{base,manifest.json,verdict.json}`, `<unit>/journal/<epoch>/<first>-<last>-<from>-<to>`,
//! `<unit>/images/<hash>`. A segment's name says which entries and which times it holds, so that the time line and
//! the cursor come from a list; what it says is believed only when the segment opens under that very name.

use std::io::{self, Read};

use comanda_db::shipping::Piece;
use uuid::Uuid;

use super::seal::{self, DataKey, SealError};
use crate::kernel::time;

/// The key under a passphrase, where one was chosen.
pub const WRAPPED_KEY: &str = "key.json";

/// A segment by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Segment {
    pub epoch: u64,
    pub first: u64,
    pub last: u64,
    /// Times of the commands in it.
    pub times: Option<(i64, i64)>,
}

impl Segment {
    pub fn of(epoch: u64, piece: &Piece) -> Self {
        Self { epoch, first: piece.first, last: piece.last, times: piece.times }
    }

    pub fn path(&self, unit: &str) -> String {
        let (from, to) = self.times.unwrap_or((0, 0));
        format!("{unit}/journal/{:06}/{:012}-{:012}-{from}-{to}", self.epoch, self.first, self.last)
    }

    /// For people: which entries and when.
    pub fn called(&self, zone: chrono_tz::Tz) -> String {
        let Self { first, last, .. } = self;
        let when = self.times.map(|(from, to)| time::between(from, to, zone));
        format!("the journal from entry {first} to {last}{}", when.map(|when| format!(" ({when})")).unwrap_or_default())
    }

    /// None: no name of ours.
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.rsplit('/');
        let mut numbers = parts.next()?.split('-');
        let epoch = parts.next()?.parse().ok()?;
        let (first, last) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
        let (from, to) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
        let whole = numbers.next().is_none() && first <= last && parts.next() == Some("journal");
        whole.then_some(Self { epoch, first, last, times: Some((from, to)).filter(|times| *times != (0, 0)) })
    }
}

/// Which segments lead on from `entry`, in order; of two that hold the same, the longer.
pub fn way_from(entry: u64, segments: &[Segment]) -> Vec<Segment> {
    let mut sorted: Vec<_> = segments.iter().filter(|segment| segment.last > entry).collect();
    sorted.sort_by_key(|segment| (segment.first, u64::MAX - segment.last));
    let (mut way, mut reached) = (Vec::<Segment>::new(), entry);
    for segment in sorted {
        if segment.first <= reached + 1 && segment.last > reached {
            reached = segment.last;
            way.push(segment.clone());
        }
    }
    way
}

/// Where that way ends.
pub fn reached_from(entry: u64, segments: &[Segment]) -> u64 {
    way_from(entry, segments).last().map_or(entry, |segment| segment.last)
}

pub fn shut(key: &DataKey, path: &str, piece: &Piece) -> io::Result<Vec<u8>> {
    let links: &[u8] = &[piece.before, piece.after].concat();
    let mut out = Vec::new();
    seal::shut(key, path, links.chain(&*piece.rows), &mut out)?;
    Ok(out)
}

pub fn open(key: &DataKey, path: &str, segment: &Segment, sealed: &[u8]) -> Result<Piece, SealError> {
    let mut plain = Vec::new();
    seal::open(key, path, sealed, &mut plain)?;
    if plain.len() < 64 {
        return Err(SealError::Cut);
    }
    let rows = plain.split_off(64);
    let link = |at: usize| plain[at..at + 32].try_into().map_err(|_| SealError::Cut);
    let Segment { first, last, times, .. } = *segment;
    Ok(Piece { first, last, before: link(0)?, after: link(32)?, times, rows })
}

/// Where a segment lies that leads nowhere.
pub fn damaged_path(unit: &str, segment: &Segment) -> String {
    let path = segment.path(unit);
    path.replacen("/journal/", "/damaged/", 1)
}

pub fn base_path(unit: &str, id: Uuid) -> String {
    format!("{unit}/bases/{id}/base")
}

pub fn manifest_path(unit: &str, id: Uuid) -> String {
    format!("{unit}/bases/{id}/manifest.json")
}

pub fn verdict_path(unit: &str, id: Uuid) -> String {
    format!("{unit}/bases/{id}/verdict.json")
}

pub fn image_path(unit: &str, hash: &str) -> String {
    format!("{unit}/images/{hash}")
}

/// Which base a path belongs to.
pub fn base_of(path: &str) -> Option<Uuid> {
    let mut parts = path.rsplit('/');
    parts.next()?;
    let id = parts.next()?.parse().ok()?;
    (parts.next() == Some("bases")).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(first: u64, last: u64) -> Segment {
        Segment { epoch: 1, first, last, times: Some((first as i64, last as i64)) }
    }

    fn check(entry: u64, segments: &[(u64, u64)], expect: u64) {
        let segments: Vec<_> = segments.iter().map(|(first, last)| segment(*first, *last)).collect();
        assert_eq!(reached_from(entry, &segments), expect, "{segments:?}");
    }

    #[test]
    fn a_way_goes_on_as_far_as_there_is_no_gap() {
        check(10, &[], 10);
        check(10, &[(11, 12), (13, 20)], 20);
        check(10, &[(13, 20), (11, 12)], 20);
        check(10, &[(11, 12), (14, 20)], 12);
        check(10, &[(12, 20)], 10);
        // Shipped twice, after an interruption.
        check(10, &[(11, 12), (11, 15), (13, 14), (16, 16)], 16);
        check(10, &[(1, 10), (5, 12)], 12);
    }

    #[test]
    fn a_name_reads_back() {
        for segment in [segment(1, 9), Segment { times: None, ..segment(2, 2) }] {
            assert_eq!(Segment::parse(&segment.path("u")), Some(segment));
        }
        for foreign in
            ["", "u/journal/1/x", "u/journal/000001/1-2-3", "u/other/000001/1-2-3-4", "u/journal/000001/5-2-3-4"]
        {
            assert_eq!(Segment::parse(foreign), None, "{foreign}");
        }
    }
}
