//! API keys: what opens the engine to a program.
//!
//! Invariants: a key acts in the name of whoever made it, at one restaurant, and may what that person may and its scopes
//! say, never more; it is shown once and kept hashed; it lets no people in (`model::NOT_FOR_PROGRAMS`) and, with a scope
//! that reads, changes nothing (`front::here`). Revoked, it is nobody's from the next request on.

pub mod model;
pub mod routes;
pub mod seat;
pub mod store;
