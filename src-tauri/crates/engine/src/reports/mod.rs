//! Reports: what any days brought, by day, hour, weekday, item, category, person, tender and tax rate.
//!
//! Invariants: read from roll-ups that triggers keep, never from orders, so a report costs by the days
//! and things it shows and not by how much was sold; a sale counts on the day it was completed, money
//! on the day it was taken or given back; a range is bounded; every report can be had as a file.
//!
//! Deliberately absent: sums of single orders (that is the export of sales), and categories as they
//! were: an item counts where the menu has it now.

pub mod file;
pub mod model;
pub mod routes;
pub mod store;
pub mod table;
