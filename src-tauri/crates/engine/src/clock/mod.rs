//! The time clock: who came, paused and went, and what a manager corrected.
//!
//! Invariants: coming and going are facts; the accepting engine refuses what overlaps, elsewhere it
//! stands and is flagged. Times are instants, so a shift over midnight or a change of the clocks has
//! the length it had; it belongs to the business day it began on. A correction says why, and what
//! was there before stays in `time_correction` and the journal.
//!
//! Deliberately absent: wages, rotas, rounding to quarters of an hour.

pub mod commands;
pub mod corrections;
pub mod export;
pub mod model;
pub mod routes;
pub mod sheets;
pub mod store;
