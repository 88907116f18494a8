//! A load generator: asks a server at a planned pace and says how long it took, so that it can be believed.
//!
//! The map. `plan` is what to do, as data. `arrivals` says when, as a pure function. `run` starts `worker` threads,
//! each with a runtime, connections (`wire`, `lines`; `listen` for those who are told of events) and counters (`tally`) of its own; once a second they hand
//! their counters over to the `book`, and `figures` makes windows and a summary of them. `verdict` holds the summary
//! against the plan's thresholds, `compare` two summaries against each other, `report` writes them, `export` writes the
//! plan for other tools. `consent` is asked before the first request.
//!
//! Invariants: latency counts from the moment a request was *meant* to begin (no coordinated omission); what the
//! generator itself could not keep up with is counted and said; no value of a secret is in anything it writes.
//!
//! Deliberately absent: any knowledge of what is asked, a wall clock, files. Redirects are not followed, cookies not
//! kept, answers not unpacked: a plan says each request.

pub mod arrivals;
mod book;
pub mod compare;
pub mod consent;
pub mod export;
pub mod figures;
mod lines;
mod listen;
pub mod plan;
mod pointer;
pub mod report;
pub mod run;
pub mod script;
mod tally;
mod template;
mod timer;
pub mod verdict;
mod walk;
mod wire;
mod worker;

pub use figures::Summary;
pub use plan::Plan;
