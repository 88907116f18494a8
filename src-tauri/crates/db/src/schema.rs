//! What a database file is made of: tables with their class, and the migrations that made them.
//!
//! Every table of a file is in exactly one class, named in one list by whoever opens it.
//! The kit's own tables (`ledger`, `journal`, …) are in `KIT_TABLES`.

/// What the records do with the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Captured in the journal, hashed into the state, shipped by sync.
    Synced,
    /// Roll-ups and full-text: kept by persistent triggers or rebuilt; never captured.
    Derived,
    /// True of this disk only: outbox, cursors, sessions, jobs.
    Local,
    /// Password, PIN and key material: never in ledger or journal.
    Secret,
}

/// One table and its class.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    pub class: Class,
}

/// One step of the schema, numbered from 1. A released migration is never edited.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    pub name: &'static str,
    pub sql: &'static str,
}

impl Migration {
    /// What a released one is held against, so that nobody edits it.
    pub fn fingerprint(&self) -> String {
        blake3::hash(self.sql.as_bytes()).to_hex().to_string()
    }
}

/// The whole shape of a file.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    pub tables: &'static [Table],
    pub migrations: &'static [Migration],
}

impl Schema {
    pub fn synced(&self) -> impl Iterator<Item = &'static str> {
        self.tables.iter().filter(|t| t.class == Class::Synced).map(|t| t.name)
    }

    pub fn class_of(&self, table: &str) -> Option<Class> {
        KIT_TABLES.iter().chain(self.tables).find(|t| t.name == table).map(|t| t.class)
    }
}

const fn local(name: &'static str) -> Table {
    Table { name, class: Class::Local }
}

/// The kit's own tables: the records themselves and what is kept about them.
pub const KIT_TABLES: &[Table] = &[
    local("ledger"),
    local("ledger_id"),
    local("journal"),
    local("block"),
    local("touched"),
    local("span"),
    local("state"),
    local("head"),
    local("meta"),
    local("outbox"),
    local("inbox"),
    local("device"),
];

/// The kit's schema, made before the first migration of the file's owner.
pub(crate) const KIT_SQL: &str = include_str!("kit.sql");
