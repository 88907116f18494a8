//! Limits: how often somebody may ask, so that nobody's program keeps a restaurant waiting.
//!
//! The limiters are the table in `model`; `pace` counts them, `front::limited` asks it about each request, `routes` shows
//! and changes them. Invariants: people and linked desks have a limiter of their own, which no stranger can use up, also
//! not from the same address; a key is kept for as long as it says something (`cells`), never a token; who asks is the
//! connection's other end, and no header says otherwise.
//!
//! Several processes behind one address count together in Redis (`shared`), when they are given one; while it is away
//! each counts by itself, and an alert says so.

pub mod cells;
pub mod model;
pub mod pace;
pub mod routes;
pub mod shared;
pub mod store;
