//! The installation: first run, accounts, logging in, and which restaurants this machine holds.
//!
//! Invariants: passwords are kept as argon2id and reach neither ledger nor journal; bearer tokens
//! and one-time codes are kept hashed; setting up happens once.

pub mod at_till;
pub mod codes;
pub mod commands;
pub mod files;
pub mod own_password;
pub mod own_sessions;
pub mod passwords;
pub mod routes;
pub mod sessions;
pub mod setup;
pub mod slot;
pub mod store;
pub mod tries;
