//! Bills, receipts and the till's reports on paper: what they say, seen before, printed, or as a PDF.
//!
//! Invariants: every figure is the one the screens show, from the same calculation; nothing is worked
//! out here. A bill says that it is none to pay the tax on; a receipt carries the number of its invoice
//! where one was issued.
//!
//! Deliberately absent: receipts by e-mail, which belong to guests; anything printed in practice.

pub mod check;
pub mod routes;
pub mod routes_logo;
pub mod till;
pub mod words;
