//! Several restaurants of one owner in one installation, a desk's or a hub's: another one is added, what all of them
//! sold is seen together, and one menu is sent to the others (`menu/routes/sending.rs`).
//!
//! Invariants: each restaurant stays whole by itself, its file, records, sequencer and staff. What is seen of several
//! is of those alone where the caller may read reports. Money of different currencies is never added.
//!
//! Deliberately absent: guests, stock and people that are of the chain and of no restaurant.

pub mod commands;
pub mod model;
pub mod routes;
