//! Notices: what is told outside the window, to addresses the owner chose: webhooks, and people by mail.
//!
//! Invariants: what an alert says to whom is written with the alert, in one transaction (`alerts::watch`), so none is
//! forgotten by a stop; each address hears everything in order, and one that does not answer holds up no other; a notice
//! is tried for half a day and then given up, and its address says so. It is sent at least once: the id of a notice stays
//! the same, so that whoever gets it twice can tell. Nothing of a restaurant's business is in it.
//!
//! Signed as Standard Webhooks has it (https://www.standardwebhooks.com), with a `text` that chat services show.

pub mod mail;
pub mod model;
pub mod routes;
pub mod routes_mail;
pub mod send;
pub mod store;
