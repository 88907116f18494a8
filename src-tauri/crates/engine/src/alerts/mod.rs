//! Alerts: what is wrong long enough that somebody should know, told once, and over by itself.
//!
//! `model` has the rules as data and the steps from fine to pending to firing and back (pure); `measure` asks what the
//! engine knows anyway (traffic, vitals, files, answers, backups, sync); `watch` looks every fifteen seconds and keeps
//! what happened (`store`, local: alerts are of this computer); `routes` shows, acknowledges and changes rules.
//!
//! Invariants: a rule has one alert at a time; it fires once and ends once, with another limit for ending than for
//! beginning. Time is taken from the steady clock, so a clock that is set fires nothing; after a sleep waiting begins
//! again. What fires when the engine stops is the same alert after the next start.
//!
//! What is wrong with backups is judged here from the same standing that the inbox is told of (`backups::alarm`): the
//! inbox keeps what the house has to answer for, alerts say how this computer is. `notices` tells outside what fires
//! and ends here.

pub mod measure;
pub mod model;
pub mod routes;
pub mod store;
pub mod watch;

pub use watch::{Alerts, Listener};
