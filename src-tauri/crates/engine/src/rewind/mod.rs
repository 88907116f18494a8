//! Rewind: any moment of the past, open for reading beside now.
//!
//! A moment is an entry of the journal; it is asked for by its time or its number. `views` makes a file of the
//! restaurant as it was then (in the background, off the writer's path), keeps few of them for a short while and
//! removes them. A request that names an open view in the header `X-Rewind` is answered from it by the routes that
//! answer from now (`front::here`), with the clock of that moment; a write that names one is refused.
//!
//! Invariants: the live file is only read; a view has no door to write through; what is shown was held against the
//! state the journal recorded. `timeline` is what happened on one day, `routes` is HTTP.
//!
//! Deliberately absent: bringing anything back. That is a restore, and belongs to backups.

pub mod routes;
pub mod timeline;
pub mod views;
