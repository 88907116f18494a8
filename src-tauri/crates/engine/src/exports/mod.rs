//! Exports: sales as CSV, one row a line sold, the way imports read them; and the same as a spreadsheet.
//!
//! Invariants: completed orders only, without voided lines; read day by day, so that neither
//! memory nor a snapshot is held for long; text that a spreadsheet would run as a formula is quoted.

pub mod cells;
pub mod fields;
pub mod routes;
pub mod sales;
pub mod store;
