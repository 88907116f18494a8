//! Practice: a house of its own to learn in. The same people, menu, floor and stations, in another file; what is rung
//! up there is in no sum, no series of numbers and no record of the restaurant, because it is not in its file.
//!
//! Invariants: a session is put into practice by somebody who may, and only a request that says so itself
//! (`x-practice`) is answered from there; one that says so and is not in practice any more is refused, never answered
//! from the restaurant. Nothing in practice is printed, signed, packed or sent anywhere. Who practised from when to
//! when, and how much was rung up meanwhile, is in the restaurant's ledger: practice is no way to hide a sale.
//!
//! Deliberately absent: practice across a restart of the engine; people, menu and settings changed in practice.

pub mod commands;
pub mod model;
pub mod open;
pub mod routes;
mod store;
