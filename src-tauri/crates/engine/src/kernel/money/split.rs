//! Splitting an amount by weights: largest remainder on whole minor units.
//!
//! Invariants: the parts add up to the amount, and each weight gets the same part wherever it
//! stands (ties go to the larger weight; equal weights are interchangeable). Ours, because the
//! known crate allocates by order, not by ratio.

use super::Minor;

/// `amount` in parts proportional to `weights`. All-zero weights count as equal ones; no weights, no parts.
pub fn split(amount: Minor, weights: &[u64]) -> Vec<Minor> {
    if weights.iter().all(|&weight| weight == 0) {
        return if weights.is_empty() { Vec::new() } else { split(amount, &vec![1; weights.len()]) };
    }
    if amount < Minor::ZERO {
        return split(-amount, weights).into_iter().map(|part| -part).collect();
    }
    let sum: i128 = weights.iter().copied().map(i128::from).sum();
    let share = |weight: u64| i128::from(amount.0) * i128::from(weight);
    let mut parts: Vec<i64> =
        weights.iter().map(|&weight| i64::try_from(share(weight) / sum).unwrap_or(i64::MAX)).collect();
    let left = amount.0 - parts.iter().sum::<i64>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|&at| (std::cmp::Reverse((share(weights[at]) % sum, weights[at])), at));
    for &at in by_remainder.iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[at] += 1;
    }
    parts.into_iter().map(Minor).collect()
}

/// `amount` in `parts` equal parts; the odd cents go to the first ones.
pub fn split_evenly(amount: Minor, parts: usize) -> Vec<Minor> {
    split(amount, &vec![1; parts])
}

/// Several columns of amounts in `parts` equal rows. Each column adds up to its amount, each row
/// holds every column's share to a unit, and the rows' sums differ by a unit at most: the odd units
/// are dealt out in turn, going on with the next column where the last one stopped.
pub fn share_evenly(columns: &[Minor], parts: usize) -> Vec<Vec<Minor>> {
    let count = i64::try_from(parts).unwrap_or(i64::MAX).max(1);
    let mut turn = 0;
    let mut rows = vec![Vec::with_capacity(columns.len()); parts];
    for &Minor(amount) in columns {
        let (whole, odd) = (amount.div_euclid(count), amount.rem_euclid(count));
        for (at, row) in rows.iter_mut().enumerate() {
            let place = (i64::try_from(at).unwrap_or(0) - turn).rem_euclid(count);
            row.push(Minor(whole + i64::from(place < odd)));
        }
        turn = (turn + odd) % count;
    }
    rows
}
