//! The installation's file as the engine holds it: one that can be put in another's place while the engine runs.
//!
//! That happens once in the life of an installation: a backup is brought back on its first screen. Whoever holds on to
//! what was there before finds it closed.

use std::ops::Deref;
use std::sync::OnceLock;

use comanda_db::Database;

pub struct Slot {
    database: Database,
    /// What took its place.
    next: OnceLock<Box<Slot>>,
}

impl Slot {
    pub const fn of(database: Database) -> Self {
        Self { database, next: OnceLock::new() }
    }

    pub fn put(&self, database: Database) {
        match self.next.get() {
            Some(next) => next.put(database),
            None => drop(self.next.set(Box::new(Self::of(database)))),
        }
    }
}

impl Deref for Slot {
    type Target = Database;

    fn deref(&self) -> &Database {
        match self.next.get() {
            Some(next) => next,
            None => &self.database,
        }
    }
}
