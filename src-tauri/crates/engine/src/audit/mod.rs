//! The audit: who did what, with before and after; and whether the records are still what they were.
//!
//! Read from the two records, which hold no secret. Newest first, page by page; a page looks at a
//! bounded number of commands and says where to go on, so that it is quick whatever is asked for.
//! The check of the chain runs in the background, one at a time, and its last result is kept on this disk.
//!
//! Deliberately absent: any write to the records.

pub mod chain;
pub mod export;
pub mod routes;
pub mod store;
pub mod view;
