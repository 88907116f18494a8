//! Many small segments become few: a busy day ships an object every second, and a month of them is a slow list.
//!
//! What is older than an hour is merged, up to a size. The chain is never without a piece: the merged segment is put,
//! read back and opened under its name first, and only then do those go that it holds. Killed in between, both are
//! there, which is no fault, and the small ones go the next time. Merging takes the links at both ends as they are, so
//! nothing is believed that was not before.

use comanda_db::shipping::Piece;

use super::seal::DataKey;
use super::segment::{self, Segment};
use super::shelf;
use super::target::Target;
use super::unit::Unit;
use super::{Failure, bring, settings, ship};
use crate::app::App;

/// Younger ones stay as they are: they are what a restore after a mishap asks for.
pub const AGE_MIN_MS: i64 = 60 * 60_000;
/// Sealed, as listed: one that is this large is merged no more.
const LARGE_BYTES: u64 = 512 * 1024;
/// Fetched for one merged segment; before sealing they are larger.
const MERGED_BYTES_MAX: u64 = 1024 * 1024;
/// Segments in one.
const MERGED_MAX: usize = 4_000;
/// Fewer are not worth it.
const WORTH: usize = 8;

/// Which segments become one, in their order: neighbours without a gap. Pure.
pub fn groups(sized: &[(Segment, u64)], before_ms: i64) -> Vec<Vec<Segment>> {
    let is_old = |segment: &Segment| segment.times.is_none_or(|(_, to_ms)| to_ms < before_ms);
    let (mut groups, mut group, mut bytes) = (Vec::new(), Vec::<Segment>::new(), 0);
    for (segment, size) in sized {
        let follows = group.last().is_none_or(|last| last.epoch == segment.epoch && last.last + 1 == segment.first);
        let fits = bytes + size <= MERGED_BYTES_MAX && group.len() < MERGED_MAX;
        let small = *size < LARGE_BYTES && is_old(segment);
        if !(follows && fits && small) {
            groups.push(std::mem::take(&mut group));
            bytes = 0;
        }
        if small {
            group.push(segment.clone());
            bytes += size;
        }
    }
    groups.push(group);
    groups.retain(|group| group.len() >= WORTH);
    groups
}

/// Segments another one holds whole, each after the one that holds it: left over from a merging that was cut off. Pure.
pub fn covered(segments: &[Segment]) -> Vec<(Segment, Segment)> {
    let mut sorted: Vec<_> = segments.iter().collect();
    sorted.sort_by_key(|segment| (segment.epoch, segment.first, u64::MAX - segment.last, segment.times));
    let (mut found, mut furthest) = (Vec::new(), None::<&Segment>);
    for segment in sorted {
        match furthest {
            Some(holds) if holds.epoch == segment.epoch && segment.last <= holds.last => {
                found.push((holds.clone(), segment.clone()));
            }
            _ => furthest = Some(segment),
        }
    }
    found
}

/// Merges what is old in one target, as the only long work there is. Returns how many segments went.
pub async fn compact(app: &App, unit: Unit, settings: &settings::Target) -> Result<usize, Failure> {
    let _alone = app.backups.alone.lock().await;
    compact_alone(app, unit, settings).await
}

/// The same, for who is alone already.
pub async fn compact_alone(app: &App, unit: Unit, settings: &settings::Target) -> Result<usize, Failure> {
    let (target, _) = ship::reached(app, unit, settings).await?;
    let (name, key) = (unit.name(), app.backups.key()?);
    let listed = target.list(&format!("{name}/journal")).await.map_err(|source| failed(&target, source))?;
    let mut sized: Vec<_> =
        listed.iter().filter_map(|object| Some((Segment::parse(&object.path)?, object.bytes))).collect();
    sized.sort();
    let mut gone = Vec::new();
    let all: Vec<_> = sized.iter().map(|(segment, _)| segment.clone()).collect();
    let left_over = covered(&all);
    for (large, small) in &left_over {
        // It goes only where the one that holds it opens.
        if bring::fetch(&target, &name, &key, large).await.is_ok() {
            target.delete(&small.path(&name)).await.map_err(|source| failed(&target, source))?;
            gone.push(small.clone());
        }
    }
    sized.retain(|(segment, _)| !left_over.iter().any(|(_, small)| small == segment));
    let mut come = Vec::new();
    for group in groups(&sized, app.clock.now_ms() - AGE_MIN_MS) {
        let merged = merge(&target, &name, &key, &group).await?;
        come.push(merged);
        gone.extend(group);
    }
    app.backups.shelves.with(unit, settings.id, |place| note(place, &come, &gone));
    Ok(gone.len())
}

fn note(place: &mut shelf::Place, come: &[Segment], gone: &[Segment]) {
    if let Some(shelf) = &mut place.shelf {
        shelf.segments.retain(|segment| !gone.contains(segment));
        shelf.segments.extend_from_slice(come);
        shelf.segments.sort();
    }
}

async fn merge(target: &Target, unit: &str, key: &DataKey, group: &[Segment]) -> Result<Segment, Failure> {
    let mut whole: Option<Piece> = None;
    for one in group {
        let piece = bring::fetch(target, unit, key, one).await?;
        whole = Some(match whole {
            None => piece,
            Some(before) => joined(before, piece)?,
        });
    }
    let whole = whole.ok_or_else(|| Failure::Said("there is nothing to merge".into()))?;
    let epoch = group.first().map_or(1, |segment| segment.epoch);
    let merged = Segment::of(epoch, &whole);
    let path = merged.path(unit);
    let sealed = segment::shut(key, &path, &whole)?;
    target.put(&path, sealed).await.map_err(|source| failed(target, source))?;
    // What a place gives back is what counts, not what it was given.
    if bring::fetch(target, unit, key, &merged).await? != whole {
        return Err(Failure::Said(format!("{}: it gives back another segment than it was given", target.name)));
    }
    for one in group.iter().filter(|one| **one != merged) {
        target.delete(&one.path(unit)).await.map_err(|source| failed(target, source))?;
    }
    Ok(merged)
}

fn joined(mut before: Piece, after: Piece) -> Result<Piece, Failure> {
    if before.last + 1 != after.first || before.after != after.before {
        let (last, first) = (before.last, after.first);
        return Err(Failure::Said(format!("the journal does not fit together at entry {last} and {first}")));
    }
    before.rows.extend(after.rows);
    (before.last, before.after) = (after.last, after.after);
    before.times = match (before.times, after.times) {
        (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
        (one, two) => one.or(two),
    };
    Ok(before)
}

fn failed(target: &Target, source: super::target::TargetError) -> Failure {
    Failure::Target { target: target.name.clone(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(first: u64, last: u64, at_ms: i64) -> Segment {
        Segment { epoch: 1, first, last, times: Some((at_ms, at_ms)) }
    }

    fn seconds(count: u64) -> Vec<(Segment, u64)> {
        (0..count).map(|n| (segment(n * 2 + 1, n * 2 + 2, n as i64), 600)).collect()
    }

    fn lengths(sized: &[(Segment, u64)], before_ms: i64) -> Vec<usize> {
        groups(sized, before_ms).iter().map(Vec::len).collect()
    }

    #[test]
    fn neighbours_that_are_old_and_small_become_one() {
        assert_eq!(lengths(&seconds(100), 1_000), [100]);
        assert_eq!(lengths(&seconds(100), 50), [50], "what is young stays");
        assert_eq!(lengths(&seconds(7), 1_000), [0; 0], "a few are not worth it");
        let mut gap = seconds(100);
        gap.remove(40);
        assert_eq!(lengths(&gap, 1_000), [40, 59]);
        let mut large = seconds(100);
        large[40].1 = LARGE_BYTES;
        assert_eq!(lengths(&large, 1_000), [40, 59]);
        let mut other = seconds(100);
        other[60..].iter_mut().for_each(|(segment, _)| segment.epoch = 2);
        assert_eq!(lengths(&other, 1_000), [60, 40]);
        let heavy: Vec<_> = seconds(30).into_iter().map(|(segment, _)| (segment, 100 * 1024)).collect();
        assert_eq!(lengths(&heavy, 1_000), [10, 10, 10]);
    }

    #[test]
    fn what_another_one_holds_is_left_over() {
        let (a, b, both) = (segment(1, 2, 1), segment(3, 4, 2), segment(1, 4, 1));
        let gone = |segments: &[Segment]| covered(segments).into_iter().map(|(_, small)| small).collect::<Vec<_>>();
        assert_eq!(gone(&[a.clone(), b.clone()]), []);
        assert_eq!(gone(&[a.clone(), both.clone(), b.clone()]), [a.clone(), b]);
        let again = segment(1, 2, 7);
        assert_eq!(gone(&[a, again.clone()]), [again]);
        assert_eq!(gone(&[both, segment(4, 5, 3)]), []);
    }
}
