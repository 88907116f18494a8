//! Printing: the printers of this device, and what is on its way to paper.
//!
//! A document is blocks (`paper`), laid out for the width of the printer it comes out on, so that it
//! can be sent to another. Its rows become a printer's bytes (`escpos`), a page (`pdf`) or a preview:
//! what is seen is what is printed. Kitchen tickets are made by `tickets`, what guests and the till
//! get by `receipts`.
//!
//! Printers and the queue are local tables, not records: another device has other printers. Nothing
//! of this is on the way of a request: a task (`desk`) sends what is due, one document at a time for
//! each printer.
//!
//! Invariants: that a document goes out is written down before its first byte does; what may have
//! been printed is sent again only because a person says so, and then it says COPY n.
//!
//! What surely did not go out is tried again by itself for a while (`GIVE_UP_MS`), no longer: old
//! tickets that come out at once when somebody mends the printer are cooked again.
//!
//! The logo of the restaurant stands in a document as the hash of its picture, so that the queue stays small; it
//! becomes dots (`logo`) when the document is sent, and is left out where the picture is not.
//!
//! Deliberately absent: asking a printer whether it has paper (`port` knows only how sending ended).
//! Copies are counted by this device.

pub mod desk;
pub mod drawer;
pub mod escpos;
pub mod logo;
pub mod model;
pub mod paper;
pub mod pdf;
pub mod port;
pub mod routes;
pub mod routes_printers;
pub mod store;
