//! The kitchen: what was fired and is not served, ticket by ticket, and the all-day counts.
//!
//! A line is shown at the station it was fired to (see `stations` for how that is decided); without
//! a station all are shown: the expo's view. What was brought can be called back while its order is open.
//!
//! Invariants: a ticket shows lines of open orders only, oldest first; a line that needs no
//! preparation never shows. The writes on lines are in `orders::commands`.

pub mod routes;
pub mod store;
pub mod view;
