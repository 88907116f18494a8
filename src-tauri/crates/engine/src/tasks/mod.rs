//! Tasks: what somebody should do, once, every business day, or on some days of the week.
//!
//! A repeating task may be for some days of the week only; on others it is not shown to those whose it is.
//!
//! Invariants: that it was done is a fact, kept once for the task (or once for each business day of
//! a repeating one), by whoever was first; a task is archived, never deleted. It is for one person,
//! for a role, or for anybody.
//!
//! Deliberately absent: rhythms longer than a week, reminders.

pub mod commands;
pub mod model;
pub mod routes;
pub mod store;
