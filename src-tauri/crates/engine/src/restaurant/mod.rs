//! The restaurant itself: its name, money rules, time zone and cut-off.
//!
//! Set when it is made; what later sums depend on (currency, tax mode) does not change afterwards.

pub mod commands;
pub mod model;
pub mod routes;
pub mod store;
