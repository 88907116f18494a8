//! The menu: categories and the items in them, with price, tax rate and station.
//!
//! Invariants: an order line carries what it sold, so changing the menu never changes a check.
//! Nothing is deleted: what is taken off the menu is archived, a category together with its items.
//! Sold out ("86") is not off the menu: the item stays in its place and cannot be ordered.
//!
//! Deliberately absent: variants, modifiers, price lists by time, images.

pub mod commands;
pub mod model;
pub mod routes;
pub mod store;
