//! Orders: what a party owes, the lines the kitchen makes. What settles it is in `payments`.
//!
//! Invariants: lines are rows that are only added, so two people at one table both get theirs; a
//! line is fired once; nothing leaves without a trace; a completed order's sums are frozen and stand
//! in the roll-ups. The rules are in `model`, the writes in `commands`, what callers see in `view`.
//!
//! An order has one check, or several that add up to it. What is being put together is a draft,
//! apart from orders: it has no number and is in no list or sum.
//!
//! Deliberately absent: payments and refunds, which are a slice of their own.

pub mod approval;
pub mod commands;
pub mod history;
pub mod model;
pub mod prepare;
pub mod routes;
pub mod store;
pub mod view;
