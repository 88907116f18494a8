//! Rows by key, kept until a commit touches their table.
//!
//! Never stale: `changed` is called by the commit before anybody is told of it, and a row that was
//! read while something changed is handed out but not kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

/// Rows kept at most; one more drops them all.
const ROWS_MAX: usize = 20_000;

pub struct Fresh<K, V> {
    version: AtomicU64,
    /// Rows, and the version they are of.
    rows: RwLock<(u64, HashMap<K, V>)>,
}

impl<K, V> Default for Fresh<K, V> {
    fn default() -> Self {
        Fresh { version: AtomicU64::new(0), rows: RwLock::new((0, HashMap::new())) }
    }
}

impl<K: Eq + Hash, V: Clone> Fresh<K, V> {
    /// A commit touched the table.
    pub fn changed(&self) {
        self.version.fetch_add(1, Ordering::SeqCst);
    }

    /// The row as of the last commit; `read` brings it when it is not kept.
    pub fn get<E>(&self, key: K, read: impl FnOnce() -> Result<Option<V>, E>) -> Result<Option<V>, E> {
        let now = self.version.load(Ordering::SeqCst);
        {
            let kept = self.rows.read().unwrap_or_else(PoisonError::into_inner);
            if kept.0 == now
                && let Some(row) = kept.1.get(&key)
            {
                return Ok(Some(row.clone()));
            }
        }
        let Some(row) = read()? else { return Ok(None) };
        let mut kept = self.rows.write().unwrap_or_else(PoisonError::into_inner);
        if self.version.load(Ordering::SeqCst) == now {
            if kept.0 != now || kept.1.len() >= ROWS_MAX {
                *kept = (now, HashMap::new());
            }
            kept.1.insert(key, row.clone());
        }
        Ok(Some(row))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn get(fresh: &Fresh<u8, i32>, value: i32) -> i32 {
        fresh.get(1, || Ok::<_, Infallible>(Some(value))).map(Option::unwrap_or_default).unwrap_or_default()
    }

    #[test]
    fn a_row_is_read_once_until_a_commit_touches_its_table() {
        let fresh = Fresh::default();
        assert_eq!((get(&fresh, 10), get(&fresh, 20)), (10, 10));
        fresh.changed();
        assert_eq!((get(&fresh, 30), get(&fresh, 40)), (30, 30));
    }

    #[test]
    fn a_row_read_while_it_changed_is_not_kept() {
        let fresh = Fresh::default();
        let read = || {
            fresh.changed();
            Ok::<_, Infallible>(Some(10))
        };
        assert_eq!(fresh.get(1, read), Ok(Some(10)));
        assert_eq!(get(&fresh, 20), 20);
    }

    #[test]
    fn what_is_not_there_is_asked_for_again() {
        let fresh = Fresh::<u8, i32>::default();
        assert_eq!(fresh.get(1, || Ok::<_, Infallible>(None)), Ok(None));
        assert_eq!(get(&fresh, 10), 10);
    }
}
