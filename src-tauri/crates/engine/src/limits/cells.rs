//! What governor remembers of each key: one number, when its quota is whole again. In bounded memory.
//!
//! A key whose quota is whole again says nothing and is dropped; how many there may be before that is looked at grows
//! and shrinks with how many say something. Beyond `CELLS_MAX` those nearest to being whole go first, so that a crowd of
//! addresses does not free the one that was stopped.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use governor::nanos::Nanos;
use governor::state::StateStore;

use super::model::Who;

/// Keys of one limiter, at most.
pub const CELLS_MAX: usize = 16_384;
/// Parts that are locked apart.
const PARTS: usize = 16;
const PART_MAX: usize = CELLS_MAX / PARTS;
/// A part with fewer is not looked through.
const SWEPT_FROM: usize = 64;

#[derive(Debug)]
struct Part {
    whole_again: HashMap<Who, Nanos>,
    sweep_at: usize,
}

#[derive(Debug)]
pub struct Cells([Mutex<Part>; PARTS]);

impl Default for Cells {
    fn default() -> Self {
        let empty = |_| Mutex::new(Part { whole_again: HashMap::new(), sweep_at: SWEPT_FROM });
        Self(std::array::from_fn(empty))
    }
}

impl Cells {
    fn part(&self, who: Who) -> std::sync::MutexGuard<'_, Part> {
        self.0[usize::from(who.spread()) % PARTS].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes back one request that should not count.
    pub fn give_back(&self, who: Who, each: Nanos) {
        if let Some(cell) = self.part(who).whole_again.get_mut(&who) {
            *cell = Nanos::from(cell.as_u64().saturating_sub(each.as_u64()));
        }
    }

    /// Keys it remembers.
    pub fn count(&self) -> usize {
        let of = |part: &Mutex<Part>| part.lock().unwrap_or_else(PoisonError::into_inner).whole_again.len();
        self.0.iter().map(of).sum()
    }
}

impl StateStore for Cells {
    type Key = Who;

    fn measure_and_replace<T, F, E>(&self, who: &Who, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut part = self.part(*who);
        if let Some(cell) = part.whole_again.get_mut(who) {
            let (given, next) = measure(Some(*cell))?;
            *cell = next;
            return Ok(given);
        }
        let (given, next) = measure(None)?;
        if part.whole_again.len() >= part.sweep_at {
            // A first request is whole again one step from now: so is whoever lacks no more than that.
            part.sweep(next);
        }
        part.whole_again.insert(*who, next);
        Ok(given)
    }
}

impl Part {
    fn sweep(&mut self, whole_by: Nanos) {
        let cells = &mut self.whole_again;
        cells.retain(|_, whole_again| *whole_again > whole_by);
        if cells.len() > PART_MAX / 2 {
            let mut ends: Vec<_> = cells.values().copied().collect();
            let (_, middle, _) = ends.select_nth_unstable(PART_MAX / 2);
            let middle = *middle;
            cells.retain(|_, whole_again| *whole_again > middle);
        }
        self.sweep_at = (cells.len() * 2).clamp(SWEPT_FROM, PART_MAX);
        cells.shrink_to(self.sweep_at);
    }
}
