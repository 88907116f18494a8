//! The menu: categories and the items in them, with price, tax rate and station; their sizes
//! (variants) and what is chosen with them (groups of modifiers).
//!
//! Invariants: an order line carries what it sold, so changing the menu never changes a check.
//! Nothing is deleted: what is taken off the menu is archived, a category together with its items.
//! Sold out ("86") is not off the menu: the item stays in its place and cannot be ordered.
//!
//! What is sold (`selling`) is looked up while a request is prepared and frozen on the line.
//!
//! Deliberately absent: prices that differ by size within a modifier, and menus that differ by table.

pub mod commands;
pub mod counting;
pub mod csv;
pub mod model;
pub mod routes;
pub mod selling;
pub mod store;
