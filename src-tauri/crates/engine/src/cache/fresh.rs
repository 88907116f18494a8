//! Rows by key, kept until a commit touches their tables.
//!
//! A row that was read while something changed is handed out but not kept.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

use rusqlite::Connection;

use super::versions::{Tables, Versions};
use crate::app::Restaurant;

/// Rows kept at most; one more drops them all.
const ROWS_MAX: usize = 20_000;

pub struct Fresh<K, V> {
    tables: Tables,
    /// Rows, and the version they are of.
    rows: RwLock<(u64, HashMap<K, V>)>,
}

impl<K: Eq + Hash, V: Clone> Fresh<K, V> {
    pub fn of(tables: Tables) -> Self {
        Fresh { tables, rows: RwLock::new((0, HashMap::new())) }
    }

    /// The row as of the last commit; `read` brings it when it is not kept.
    pub fn get(
        &self,
        restaurant: &Restaurant,
        key: K,
        read: impl FnOnce(&Connection) -> rusqlite::Result<Option<V>>,
    ) -> rusqlite::Result<Option<V>> {
        self.kept_or(&restaurant.versions, key, || super::read(&restaurant.db, self.tables, read))
    }

    fn kept_or<E>(
        &self,
        versions: &Versions,
        key: K,
        read: impl FnOnce() -> Result<Option<V>, E>,
    ) -> Result<Option<V>, E> {
        let now = versions.of(self.tables);
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
        if versions.of(self.tables) == now {
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

    use comanda_db::Commit;

    use super::*;

    fn staff() -> Fresh<u8, i32> {
        Fresh::of(Tables::of(&["staff"]))
    }

    fn touch(versions: &Versions, entry: u64) {
        versions.raise(&Commit { entry, tables: vec!["staff".to_owned()] });
    }

    fn get(fresh: &Fresh<u8, i32>, versions: &Versions, value: i32) -> i32 {
        let row = fresh.kept_or(versions, 1, || Ok::<_, Infallible>(Some(value)));
        row.map(Option::unwrap_or_default).unwrap_or_default()
    }

    #[test]
    fn a_row_is_read_once_until_a_commit_touches_its_table() {
        let (fresh, versions) = (staff(), Versions::default());
        assert_eq!((get(&fresh, &versions, 10), get(&fresh, &versions, 20)), (10, 10));
        touch(&versions, 1);
        assert_eq!((get(&fresh, &versions, 30), get(&fresh, &versions, 40)), (30, 30));
    }

    #[test]
    fn a_row_read_while_it_changed_is_not_kept() {
        let (fresh, versions) = (staff(), Versions::default());
        let read = || {
            touch(&versions, 1);
            Ok::<_, Infallible>(Some(10))
        };
        assert_eq!(fresh.kept_or(&versions, 1, read), Ok(Some(10)));
        assert_eq!(get(&fresh, &versions, 20), 20);
    }

    #[test]
    fn what_is_not_there_is_asked_for_again() {
        let (fresh, versions) = (staff(), Versions::default());
        assert_eq!(fresh.kept_or(&versions, 1, || Ok::<_, Infallible>(None)), Ok(None));
        assert_eq!(get(&fresh, &versions, 10), 10);
    }
}
