//! Imports: past sales from a CSV file, looked at first, then brought in whole or not at all.
//!
//! Invariants: the file says what was charged, so its prices are taken with tax inside; every row
//! that cannot be read is listed with its line and reason; one file under one mapping is brought in
//! once, however often it is sent. The reading (`columns`, `values`, `reading`) is pure.
//!
//! Deliberately absent: payments (a file of sales rarely has them), spreadsheets, undoing an import.

pub mod bringing;
pub mod columns;
pub mod commands;
pub mod plan;
pub mod reading;
pub mod routes;
pub mod running;
pub mod store;
pub mod values;
