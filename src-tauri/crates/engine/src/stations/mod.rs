//! Stations: where the kitchen makes things, and which of them makes what.
//!
//! Where a line goes is decided when it is **fired**, not when it is ordered and not when a screen
//! asks. Ordered would be too early, and slower for every order: a line may be held for an hour,
//! and the grill may have closed meanwhile. Asked would be too late: sending pizzas to another oven
//! would take tickets off the screen of the cook who is making them. So firing looks the routes up
//! once and freezes the answer on the line; `NULL` stands for the usual one, and costs nothing.
//!
//! The station is that of the item's own route, else that of its category's, else the one its word
//! on the menu says: bar, or kitchen. What is prepared nowhere (`none`) goes nowhere.
//!
//! Invariants: the kitchen always exists, and what has no other station is made there, also what
//! was fired to a station that is gone since; a station with something still to make stays.
//!
//! Deliberately absent: one line at several stations. A dish two stations make is two lines.

pub mod commands;
pub mod model;
pub mod routes;
pub mod store;
