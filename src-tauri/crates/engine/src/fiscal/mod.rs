//! What the law and the accountant ask for: numbered invoices, their signature, the day's entries.
//!
//! Invariants: a series has no gap and gives no number twice, because its next number is taken in
//! the transaction that writes the invoice, by the restaurant's one sequencer; an invoice is never
//! changed, a refund is answered by a credit note in a series of its own; each carries the hash of
//! the one before it in its series. Signing comes after the commit: its failure is flagged and tried
//! again, and blocks nothing. In a day's entries debits equal credits.
//!
//! Deliberately absent: the buyer's name, which comes with customers; any country's own rules, which
//! are a `Hook`.

pub mod commands;
pub mod entries;
pub mod model;
pub mod routes;
pub mod signing;
pub mod store;
