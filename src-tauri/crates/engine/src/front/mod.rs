//! The front door: what every request passes before and after a feature sees it.
//!
//! `guard` (request id, Host and Origin, errors in one shape, security headers, log), `here` (who
//! asks, where, and whether they may), `limited` (whether they ask too often), `asked` (readings that may be answered from memory), `input`
//! (bodies, queries and paths, checked), `reply`, `stream` (files written while they are sent),
//! `openapi` and `postman` (the contract), `ui` (the screens, as files).

pub mod asked;
pub mod guard;
pub mod here;
pub mod input;
pub mod limited;
pub mod openapi;
pub mod postman;
pub mod reply;
pub mod stream;
pub mod ui;
