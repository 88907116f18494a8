//! The kit on real files, through its public face only.

mod door;
mod packing;
mod past;
mod support;
mod sync;
mod tamper;
mod traps;
