//! The kit on real files, through its public face only.

#![expect(clippy::unwrap_used, reason = "a test unwraps: that is how it fails")]

mod door;
mod homing;
mod pace;
mod packing;
mod past;
mod shipping;
mod support;
mod sync;
mod tamper;
mod trail;
mod traps;
mod upstream;
