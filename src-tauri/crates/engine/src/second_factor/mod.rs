//! The second factor: six digits from an authenticator (TOTP, RFC 6238) besides the password, when somebody wants it.
//!
//! Invariants: a code works once, also within its half minute; it is on only after a first code proved that the
//! authenticator has the secret; each recovery code works once and is kept hashed; wrong codes count as wrong tries at
//! logging in (`installation::tries`). Who may use this machine can take it away: `comanda password`.
//!
//! Deliberately absent: asking for it again at the till. PINs and approvals are of people who are in the room.

pub mod check;
pub mod model;
pub mod routes;
pub mod store;
