//! The till: the drawer's session with its float and count, the X report, the Z report that closes
//! the business day.
//!
//! Invariants: a Z counts everything rung up here that no Z before it counted, whatever the date, so
//! nothing is left out or counted twice; numbers have no gap; a report is never changed. Closing is
//! one transaction and always possible: open orders are handed over and counted in the report.
//!
//! Deliberately absent: several drawers at once.

pub mod commands;
pub mod model;
pub mod routes;
pub mod store;
