//! Tasks: what somebody should do, once or every business day.
//!
//! Invariants: that it was done is a fact, kept once for the task (or once for each business day of
//! a repeating one), by whoever was first; a task is archived, never deleted. It is for one person,
//! for a role, or for anybody.
//!
//! Deliberately absent: other rhythms than the business day, reminders.

pub mod commands;
pub mod model;
pub mod routes;
pub mod store;
