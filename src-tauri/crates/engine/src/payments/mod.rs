//! Payments: the money that settles a check.
//!
//! Invariants: a payment is a row that is only added; money that changed hands is never refused after
//! the event, at worst it is flagged; cash is rounded to the smallest coin on the cash part alone, as
//! an amount of its own. `model` and `store` know nothing of orders; `commands`, `prepare` and
//! `routes` do. An order sums what is paid through `model` and `store`.
//!
//! A refund belongs to the day it is given on, and never brings more of a line than was paid for it.
//!
//! Deliberately absent: card terminals; a card payment is a record of what the terminal did.

pub mod attempting;
pub mod commands;
pub mod model;
pub mod prepare;
pub mod refunding;
pub mod routes;
pub mod store;
pub mod view;
