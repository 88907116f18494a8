//! The clock of the computer, watched: dates, business days and ages on screen all follow from it, and anybody may
//! set it, or its battery dies.
//!
//! Held against time that nobody can set while the engine runs, and against the newest record when it starts. A jump
//! is a fact in the records (the times beside it are to be read with it in mind) and a flag, until a person says that
//! the clock is right.
//!
//! Invariants: nothing is refused because of it, and no time that was recorded is changed.
//!
//! Deliberately absent: whether a clock that was far ahead at the start had stood still, because a house may be closed
//! for any time; asking a time server, because there may be no network.

pub mod commands;
pub mod model;
pub mod routes;
mod store;
pub mod watch;
