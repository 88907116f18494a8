//! Events by name, for programs that follow a restaurant: another screen, a loyalty system, a sign in the window.
//!
//! An event is read off the journal, so that it says what is on disk, has a position, and can be told again: whoever
//! comes back with the last position they heard gets what they missed, in order, and nothing twice. Each role hears
//! what it may read. Screens of ours do not need them: they are told what to fetch again (`live`).
//!
//! `kinds` (the list), `model` (what a change means), `store` (reading it off the journal), `line` (who follows, and
//! how far they are).
//! Deliberately absent: imports row by row, and practice. A follower too far behind is told to read anew.

pub mod kinds;
pub mod line;
pub mod model;
pub mod position;
pub mod routes;
mod row;
mod store;
