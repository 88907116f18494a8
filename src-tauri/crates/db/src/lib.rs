//! The SQLite kit: one write door that leaves two records of everything it lets through.
//!
//! - **ledger**: what was asked and answered; **journal**: what changed, hash-chained (`records`).
//! - `database` opens a file and hands out the door (`writer`, `core`, `tx`) and the `readers`.
//! - `capture` sees every change of a synced row; `changes` is its form on disk; `state` its hash.
//! - `rebase` makes room for what a sequencer placed first; `replay` brings a copy to any entry, `past` takes
//!   one back to it, whichever is nearer.
//! - `upstream` keeps the file's turns where other copies of it find them.
//! - `joining` makes a sequencer's copy the file of a device.
//! - `history` is what happened to one thing, `trail` who asked for what.
//! - `shipping` reads the records as pieces that are carried away, and brings a copy forward by them.
//! - `check` finds what was altered; `pack` makes old rows small; `snapshot` copies a live file.
//!
//! Invariants: there is no other way to a writable connection; nothing is answered before its commit;
//! every synced change is in the journal; a journal entry is never rewritten, only packed.
//! Absent on purpose: any word of restaurants, any clock, any network.

pub mod changes;
pub mod check;
pub mod derived;
pub mod following;
pub mod history;
pub mod joining;
pub mod pace;
pub mod rebase;
pub mod records;
pub mod replay;
pub mod schema;
pub mod shipping;
pub mod state;
pub mod trail;
pub mod upstream;

mod apply;
mod capture;
mod command;
mod core;
mod database;
mod homing;
mod keep;
mod meter;
mod migrate;
mod options;
mod pack;
mod past;
mod preupdate;
mod readers;
mod scratch;
mod shape;
mod snapshot;
mod tx;
mod writer;

pub use command::{Answer, Command, Outcome, Rules, Stop, WriteError};
pub use database::Database;
pub use meter::{Load, Meter, Work};
pub use options::{OpenError, Options};
pub use past::Way;
pub use schema::{Class, Migration, Schema, Table};
pub use tx::Tx;
pub use writer::{AnswerOn, Commit, OnCommit, Watch};
