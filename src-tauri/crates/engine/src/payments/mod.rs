//! Payments: the money that settles a check.
//!
//! Invariants: a payment is a row that is only added; money that changed hands is never refused after
//! the event, at worst it is flagged; cash is rounded to the smallest coin on the cash part alone, as
//! an amount of its own. `model` and `store` know nothing of orders; `commands`, `prepare` and
//! `routes` do. An order sums what is paid through `model` and `store`.
//!
//! Deliberately absent: refunds.

pub mod commands;
pub mod model;
pub mod prepare;
pub mod routes;
pub mod store;
pub mod view;
