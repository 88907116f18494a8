//! Figures for those who watch many engines: Prometheus text at `/metrics`, and StatsD where it is asked for.
//!
//! `instruments` holds what must be counted when it happens: how long requests and the files' work took. Everything else
//! is asked when somebody collects (`collect`), from what the engine knows anyway; figures of the business come from the
//! roll-ups (`store`) and are kept for ten seconds. `routes` answers a collector, `statsd` sends to one.
//!
//! Invariants: a label is a route's template, a file, a word of ours or a restaurant's id, never what a stranger sent; so
//! the number of series is bounded. Nobody without `health.read` or the collector's own token reads any of it.
//!
//! Deliberately absent: times by table (a statement's table is known only by tracing every statement: work is timed by
//! file and kind instead), a listener of its own, names of people, guests or items.

pub mod collect;
pub mod instruments;
pub mod routes;
pub mod statsd;
pub mod store;
