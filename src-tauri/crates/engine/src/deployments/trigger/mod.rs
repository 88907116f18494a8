//! Backups of a service that is no Comanda: an admin says how one is asked for and how one sees that it was made; it is
//! asked for from here, watched, and remembered.
//!
//! Invariants: of a service at most one backup is under way from here; what asks for one is sent once and never again by
//! itself. Values of headers that are secret lie where the deployment's token lies, go to the server of the trigger and
//! to no other, and are in no answer, log or record. Of what a service answers one short value is kept. A run that was
//! under way when the engine stopped is told so, and is over.
//!
//! Deliberately absent: fetching what such a service backed up, and asking by the clock.

pub mod model;
pub mod routes;
mod run;
mod store;

pub use run::Runs;
pub use store::delete;
