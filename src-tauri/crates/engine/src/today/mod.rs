//! Today: what the day has brought so far, beside the same day last week.
//!
//! Invariants: read from roll-ups that triggers keep, so it costs the same with a hundred orders
//! and with a million; sums are of completed orders, by the business date they were completed on.

pub mod routes;
pub mod store;
