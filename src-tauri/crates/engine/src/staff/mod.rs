//! Staff: who works in a restaurant, and what their role lets them do.
//!
//! A person logs in with an account of the installation; their name and role in a restaurant are a
//! row of that restaurant's file. Nobody is deleted: who leaves becomes inactive and stays the
//! author of what they did.

pub mod commands;
pub mod model;
pub mod routes;
pub mod store;
