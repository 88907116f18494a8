//! What the restaurant's file is asked, and how it finds the answers: for who wonders why something is slow.
//!
//! `heard` hears every statement: one that is slow goes to the performance log, always; while a recording runs, all
//! are counted by their text, which has `?` where values were. `plan` asks SQLite how it would run one.

pub mod heard;
pub mod plan;
pub mod routes;
pub mod store;
