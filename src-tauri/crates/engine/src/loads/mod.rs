//! Load tests from the window: plans that are kept, runs that go on in the background, what they said.
//!
//! Invariants: one run at a time on this machine; a run goes on when the page is left and ends with the engine; the
//! values of a plan's secrets are given when it begins and are written nowhere. Who may run one is an owner or admin.
//! Plans and runs are of this machine and of one restaurant: local, in no record.
//!
//! Deliberately absent: testing another host without its own word (`comanda_load::consent`), schedules.

pub mod routes;
mod routes_plans;
pub mod running;
pub mod store;
