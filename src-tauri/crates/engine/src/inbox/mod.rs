//! The inbox: what a person should look at. Flags that facts raised in the room (a check paid
//! twice), and what sync brought back (an intent refused elsewhere, an outcome that became another).
//!
//! Nothing here stops anybody from working; it waits until somebody says they have seen it.

pub mod commands;
pub mod routes;
pub mod store;
