//! Staff: who works in a restaurant, and what their role lets them do.
//!
//! A person logs in with an account of the installation; their name and role in a restaurant are a
//! row of that restaurant's file. Who needs no log-in has a PIN only, and takes over at a device
//! somebody else logged in on (`installation::at_till`). Nobody is deleted: who leaves becomes inactive and stays the
//! author of what they did.

pub mod access;
pub mod commands;
pub mod model;
pub mod pins;
pub mod routes;
pub mod store;
