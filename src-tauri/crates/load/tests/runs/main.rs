//! Runs against real servers, good and bad ones, each started by its test.

#![expect(clippy::unwrap_used, reason = "a test unwraps: that is how it fails")]

mod exports;
mod good;
mod listening;
mod misbehaving;
mod secrets;
mod servers;
mod stall;
mod tls;
