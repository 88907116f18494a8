//! The kitchen: what was fired and is not served, ticket by ticket, and the all-day counts.
//!
//! Invariants: a ticket shows lines of open orders only, oldest first; a line that needs no
//! preparation never shows. The writes on lines are in `orders::commands`.

pub mod routes;
pub mod view;
