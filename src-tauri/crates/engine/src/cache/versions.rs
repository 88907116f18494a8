//! How far each table of a restaurant's file is: the last journal entry that changed its rows.
//!
//! Raised by the commit hook, after the commit and before anybody is answered. Who reads takes the
//! version *before* the snapshot: what is kept is then at least as new as it says, and a request
//! that comes after an answered write finds a newer version and reads again.

use std::sync::atomic::{AtomicU64, Ordering};

use comanda_db::{Class, Commit};

use crate::tables::{RESTAURANT, sources_of};

/// Tables of a restaurant's file, as bits in the order of `tables::RESTAURANT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tables(u128);

impl Tables {
    /// A roll-up stands for the tables it follows from. A name that is no such table, or one whose
    /// changes no commit tells (local, secret), does not compile.
    pub const fn of(names: &[&str]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < names.len() {
            let position = position(names[at]);
            bits |= 1 << position;
            match RESTAURANT.tables[position].class {
                Class::Synced => {}
                Class::Derived => bits |= Self::of(sources_of(names[at])).0,
                Class::Local | Class::Secret => panic!("no commit tells when this table changes"),
            }
            at += 1;
        }
        Self(bits)
    }

    /// The last version among these tables, each told by its place in the list.
    pub fn last_of(self, version: impl Fn(usize) -> u64) -> u64 {
        let (mut bits, mut last) = (self.0, 0);
        while bits != 0 {
            last = last.max(version(bits.trailing_zeros() as usize));
            bits &= bits - 1;
        }
        last
    }

    pub fn contain(self, name: &str) -> bool {
        let at = RESTAURANT.tables.iter().position(|table| table.name == name);
        at.is_some_and(|at| self.0 & (1 << at) != 0)
    }
}

const fn position(name: &str) -> usize {
    let mut at = 0;
    while at < RESTAURANT.tables.len() {
        if same(RESTAURANT.tables[at].name, name) {
            return at;
        }
        at += 1;
    }
    panic!("no such table")
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// The versions of one open file.
pub struct Versions {
    /// No two openings of a file have the same: a file may have been put back to an earlier state.
    pub opening: u64,
    tables: [AtomicU64; RESTAURANT.tables.len()],
}

impl Default for Versions {
    fn default() -> Self {
        Self { opening: rand::random(), tables: [const { AtomicU64::new(0) }; RESTAURANT.tables.len()] }
    }
}

impl Versions {
    /// Called on the writer's thread.
    pub fn raise(&self, commit: &Commit) {
        for (table, version) in RESTAURANT.tables.iter().zip(&self.tables) {
            if commit.tables.iter().any(|touched| touched == table.name) {
                version.store(commit.entry, Ordering::SeqCst);
            }
        }
    }

    /// The last entry that changed any of them.
    pub fn of(&self, tables: Tables) -> u64 {
        tables.last_of(|at| self.tables[at].load(Ordering::SeqCst))
    }

    /// Every table's, in the order of `tables::RESTAURANT`.
    pub fn all(&self) -> Vec<u64> {
        self.tables.iter().map(|version| version.load(Ordering::SeqCst)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_raises_what_it_touched_and_what_follows_from_it() {
        let versions = Versions::default();
        versions.raise(&Commit { entry: 7, tables: vec!["orders".to_owned()] });
        let at = |names: &[&str]| versions.of(Tables::of(names));
        assert_eq!((at(&["orders"]), at(&["orders", "menu_item"]), at(&["day_total"])), (7, 7, 7));
        assert_eq!((at(&["menu_item"]), at(&["till_total"])), (0, 0));
    }
}
