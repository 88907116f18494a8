//! Tickets on paper: what was fired goes to its station's printer, and a printer that fails says so.
//!
//! A printer belongs to a station **on this device**: its address and the queue are local tables,
//! not records. Whichever device has a station's printer prints what is fired there, whoever fired
//! it. Nothing of this is on the way of a request: a task (`desk`) finds what was fired and has no
//! ticket, and sends it; it finds it again after a crash, because it looks at the lines themselves.
//!
//! Invariants: a firing of a line is on one ticket, for ever, also when the line is cut or brought
//! to another order; that a ticket goes out is written down before its first byte does; what may
//! have been printed is sent again only because a person says so, and then it says COPY.
//!
//! A ticket that surely did not go out is tried again by itself for a while (`GIVE_UP_MS`), no
//! longer: old tickets that come out at once when somebody mends the printer are cooked again.
//!
//! Deliberately absent: printers' own languages, slips for voids, receipts. `port::send` is the seam:
//! another kind of printer is another function with the same three outcomes.

pub mod desk;
pub mod model;
pub mod port;
pub mod routes;
pub mod slip;
pub mod store;
