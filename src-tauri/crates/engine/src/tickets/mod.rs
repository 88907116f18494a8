//! Kitchen tickets: what was fired goes to its station's printer.
//!
//! Whichever device has a station's printer prints what is fired there, whoever fired it. The task
//! that prints (`printing::desk`) asks here for what was fired and is on no ticket; it finds it again
//! after a crash, because the lines themselves are looked at.
//!
//! Invariants: a firing of a line is on one ticket, for ever, also when the line is cut or brought to
//! another order; what was fired before a station had a printer is not printed.
//!
//! Deliberately absent: slips for voids.

pub mod slip;
pub mod store;
